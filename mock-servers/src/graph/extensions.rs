//! Open extensions of events and contacts: named bags of members that an app stores with an item
//! ("openTypeExtension resource type").
//!
//! On Outlook's resources the id is the name with the type before it, and either finds it.

use std::sync::Arc;

use http::{Method, StatusCode};
use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::call::{self, Call};
use super::failure::Failure;
use super::ids::Named;
use super::recurrence::Series;
use super::route::Owner;
use super::{contacts, moment};
use crate::account::Item;
use crate::native::Reply;
use crate::operation::Target;
use crate::turn::{Turn, Verdict};

/// The stored property that holds them.
pub(crate) const PROPERTY: &str = "extensions";

/// How many an item has at most. Each takes one of the mailbox's named properties, "a finite resource
/// in a user's mailbox" ("openTypeExtension resource type"); the number is an assumption.
const MAX: usize = 100;

/// What stands before the name in an id, as it is answered and as others write it.
const PREFIXES: [&str; 2] =
    ["Microsoft.OutlookServices.OpenTypeExtension.", "microsoft.graph.openTypeExtension."];

/// The item that extensions are part of; of a series also the instance.
struct Holder {
    item: Arc<Item>,
    instance: Option<Timestamp>,
}

impl Holder {
    fn find(turn: &Turn<'_>, owner: &Owner) -> Result<Self, Failure> {
        match owner {
            Owner::Event(which, id) => {
                let (item, named) = call::item(turn, which.as_ref(), id)?;
                let instance = match named {
                    Named::Item(_) => None,
                    Named::Instance { original, .. } => {
                        let known =
                            Series::of(&item).and_then(|it| it.instance(original).map(drop));
                        known.ok_or_else(Failure::not_found)?;
                        Some(original)
                    }
                };
                Ok(Self { item, instance })
            }
            Owner::Contact(path, id) => {
                Ok(Self { item: contacts::find(turn, path.as_deref(), id)?, instance: None })
            }
        }
    }

    fn list(&self) -> Vec<Value> {
        let body = match self.instance {
            None => Some(&self.item.body),
            Some(original) => self.item.exceptions.get(&moment::key(original)),
        };
        list(body)
    }

    /// Puts these in the place of those that are there. Nobody is told of them.
    fn store(&self, turn: &mut Turn<'_>, extensions: Vec<Value>) {
        turn.tell(Vec::new());
        let extensions = Value::Array(extensions);
        turn.update(&self.item.id, crate::scheduling::Marker::Never, |stored| {
            let body = match self.instance {
                None => &mut stored.body,
                Some(original) => stored.exceptions.entry(moment::key(original)).or_default(),
            };
            body.insert(PROPERTY.to_owned(), extensions);
        });
    }
}

/// `GET` and `POST .../extensions`.
pub(crate) fn collection(
    call: &Call,
    turn: &mut Turn<'_>,
    owner: &Owner,
) -> Result<Reply, Failure> {
    let context = context(owner);
    if call.method() == Method::GET {
        let holder = Holder::find(turn, owner)?;
        read_fault(call, turn, &holder)?;
        return Ok(call.collection(&context, holder.list().into_iter().collect(), None));
    }
    if call.method() != Method::POST {
        return Err(call.no_method());
    }
    let target = call.target();
    call.write(turn, &target, |turn, _| {
        let holder = Holder::find(turn, owner)?;
        let made = extension(call.members()?)?;
        let mut list = holder.list();
        if list.iter().any(|known| name_of(known) == name_of(&made)) {
            return Err(
                Failure::of("Conflict").saying("An extension already exists with given id.")
            );
        }
        list.push(made.clone());
        few(&list)?;
        holder.store(turn, list);
        Ok(answer(call, StatusCode::CREATED, &context, made))
    })
}

/// `GET`, `PATCH` and `DELETE .../extensions/{name}`.
pub(crate) fn one(
    call: &Call,
    turn: &mut Turn<'_>,
    owner: &Owner,
    name: &str,
) -> Result<Reply, Failure> {
    let context = context(owner);
    if call.method() == Method::GET {
        let holder = Holder::find(turn, owner)?;
        read_fault(call, turn, &holder)?;
        let found = holder.list().into_iter().find(|known| is_named(known, name));
        let found = found.ok_or_else(Failure::not_found)?;
        return Ok(answer(call, StatusCode::OK, &context, found));
    }
    if call.method() != Method::PATCH && call.method() != Method::DELETE {
        return Err(call.no_method());
    }
    let target = call.target();
    call.write(turn, &target, |turn, _| {
        let holder = Holder::find(turn, owner)?;
        let mut list = holder.list();
        let at = list.iter().position(|known| is_named(known, name));
        let at = at.ok_or_else(Failure::not_found)?;
        if call.method() == Method::DELETE {
            list.remove(at);
            holder.store(turn, list);
            return Ok(call.names.nothing());
        }
        let mut given = call.members()?.clone();
        given.insert("extensionName".to_owned(), json!(name_of(&list[at])));
        list[at] = extension(&given)?;
        let changed = list[at].clone();
        holder.store(turn, list);
        Ok(answer(call, StatusCode::OK, &context, changed))
    })
}

fn read_fault(call: &Call, turn: &mut Turn<'_>, holder: &Holder) -> Result<(), Failure> {
    let target = Target { id: holder.item.id.clone(), ..Target::default() };
    match turn.fault_item(call.op(), &target) {
        Verdict::Error(error) => Err(Failure::armed(&error)),
        _ => Ok(()),
    }
}

/// The extensions among stored properties.
pub(crate) fn list(body: Option<&Map<String, Value>>) -> Vec<Value> {
    let stored = body.and_then(|body| body.get(PROPERTY)).and_then(Value::as_array);
    stored.cloned().unwrap_or_default()
}

/// Puts extensions of a request body into what is stored: equal names are replaced.
pub(crate) fn merge(stored: Option<&Value>, given: &Value) -> Result<Value, Failure> {
    let mut list = stored.and_then(Value::as_array).cloned().unwrap_or_default();
    for one in given.as_array().into_iter().flatten() {
        let made = extension(one.as_object().ok_or_else(unnamed)?)?;
        list.retain(|known| name_of(known) != name_of(&made));
        list.push(made);
        few(&list)?;
    }
    Ok(Value::Array(list))
}

fn few(list: &[Value]) -> Result<(), Failure> {
    if list.len() <= MAX {
        return Ok(());
    }
    let text = "The quota of named properties of the mailbox is exhausted.";
    Err(Failure::of("ErrorQuotaExceeded").saying(text))
}

/// Whether an extension is meant by a name or an id.
pub(crate) fn is_named(extension: &Value, name: &str) -> bool {
    let bare = PREFIXES.iter().find_map(|prefix| {
        let head = name.get(..prefix.len())?;
        head.eq_ignore_ascii_case(prefix).then(|| &name[prefix.len()..])
    });
    name_of(extension) == bare.unwrap_or(name)
}

fn name_of(extension: &Value) -> &str {
    extension["extensionName"].as_str().unwrap_or_default()
}

/// "The data in the JSON payload can be primitive types, or arrays of primitive types."
fn extension(given: &Map<String, Value>) -> Result<Value, Failure> {
    let name = given.get("extensionName").and_then(Value::as_str).unwrap_or_default();
    if name.is_empty() {
        return Err(unnamed());
    }
    let primitive = |value: &Value| !value.is_object() && !value.is_array();
    let mut made = Map::new();
    made.insert("@odata.type".to_owned(), json!("#microsoft.graph.openTypeExtension"));
    made.insert("id".to_owned(), json!(format!("{}{name}", PREFIXES[0])));
    for (member, value) in given.iter().filter(|(member, _)| !member.contains('@')) {
        let fits = primitive(value)
            || value.as_array().is_some_and(|elements| elements.iter().all(primitive));
        if !fits {
            return Err(Failure::body(format!(
                "The property '{member}' of an open extension is neither of a primitive type nor a \
                 collection of such."
            )));
        }
        if member != "id" && !value.is_null() {
            made.insert(member.clone(), value.clone());
        }
    }
    Ok(Value::Object(made))
}

fn unnamed() -> Failure {
    Failure::invalid("The property 'extensionName' of an open extension is required.")
}

fn context(owner: &Owner) -> String {
    match owner {
        Owner::Event(_, id) => format!("me/events('{id}')/extensions"),
        Owner::Contact(_, id) => format!("me/contacts('{id}')/extensions"),
    }
}

fn answer(call: &Call, status: StatusCode, context: &str, extension: Value) -> Reply {
    let members = match extension {
        Value::Object(members) => members,
        _ => Map::new(),
    };
    call.entity(status, context, members)
}
