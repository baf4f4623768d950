//! Conditions of `ContactCard/query` (RFC 9610 section 3.3.1).

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::validate::objects;
use crate::account::Item;
use crate::jmap::errors::MethodError;
use crate::jmap::filter::words;
use crate::jmap::query::Tree;
use crate::jmap::times;

/// A filter.
pub(super) type Filter = Tree<Condition>;

/// One property of a FilterCondition.
#[derive(Debug)]
pub(super) enum Condition {
    InAddressBook(String),
    Uid(String),
    HasMember(String),
    Kind(String),
    /// A time of the card lies before an instant.
    Before(&'static str, Timestamp),
    /// A time of the card is an instant or lies after it.
    After(&'static str, Timestamp),
    /// Words of a text in some fields.
    Words(Field, Vec<String>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Field {
    Text,
    Name,
    /// Components of the name of one kind.
    Component(&'static str),
    Nickname,
    Organization,
    Email,
    Phone,
    OnlineService,
    Address,
    Note,
}

/// Fields by the names of their conditions.
const FIELDS: [(&str, Field); 12] = [
    ("text", Field::Text),
    ("name", Field::Name),
    ("name/given", Field::Component("given")),
    ("name/surname", Field::Component("surname")),
    ("name/surname2", Field::Component("surname2")),
    ("nickname", Field::Nickname),
    ("organization", Field::Organization),
    ("email", Field::Email),
    ("phone", Field::Phone),
    ("onlineService", Field::OnlineService),
    ("address", Field::Address),
    ("note", Field::Note),
];

/// Reads a filter.
pub(super) fn parse(value: Option<&Value>) -> Result<Filter, MethodError> {
    Tree::parse(value, &condition)
}

fn condition(name: &str, value: &Value) -> Result<Condition, MethodError> {
    let wrong = |what: &str| MethodError::invalid_arguments(format!("`{name}` is {what}"));
    let text = || value.as_str().ok_or_else(|| wrong("not a string"));
    let instant = || times::utc(text()?).ok_or_else(|| wrong("no UTC date-time"));
    if let Some((_, field)) = FIELDS.iter().find(|(known, _)| *known == name) {
        return Ok(Condition::Words(*field, words(text()?)));
    }
    Ok(match name {
        "inAddressBook" => Condition::InAddressBook(text()?.to_owned()),
        "uid" => Condition::Uid(text()?.to_owned()),
        "hasMember" => Condition::HasMember(text()?.to_owned()),
        "kind" => Condition::Kind(text()?.to_owned()),
        "createdBefore" => Condition::Before("created", instant()?),
        "createdAfter" => Condition::After("created", instant()?),
        "updatedBefore" => Condition::Before("updated", instant()?),
        "updatedAfter" => Condition::After("updated", instant()?),
        // A name that is none is no condition, of whatever type its value is.
        _ => {
            let text = format!("no condition `{name}`");
            return Err(MethodError::because("unsupportedFilter", text));
        }
    })
}

impl Condition {
    /// Whether it holds for a card.
    pub(super) fn holds(&self, item: &Item) -> bool {
        let card = &item.body;
        let instant = |name: &str| card.get(name).and_then(Value::as_str).and_then(times::utc);
        match self {
            Self::InAddressBook(id) => item.calendars.contains(id),
            Self::Uid(uid) => item.uid == *uid,
            Self::HasMember(uid) => card.get("members").is_some_and(|all| all.get(uid).is_some()),
            Self::Kind(kind) => {
                card.get("kind").and_then(Value::as_str).unwrap_or("individual") == kind
            }
            Self::Before(name, than) => instant(name).is_some_and(|time| time < *than),
            Self::After(name, than) => instant(name).is_some_and(|time| time >= *than),
            Self::Words(field, words) => {
                let texts = texts(card, *field).join("\n").to_lowercase();
                words.iter().all(|word| texts.contains(word.as_str()))
            }
        }
    }
}

/// Every text of a field.
fn texts(card: &Map<String, Value>, field: Field) -> Vec<&str> {
    let of = |map: &str, members: &[&str]| -> Vec<&str> {
        let found = objects(card, map)
            .flat_map(|(_, object)| members.iter().filter_map(|name| object.get(*name)?.as_str()));
        // The borrow of `members` must not reach the answer.
        found.collect()
    };
    match field {
        Field::Text => every_text(card),
        Field::Name => {
            let name = card.get("name");
            let full = name.and_then(|name| name.get("full")?.as_str());
            full.into_iter().chain(components(name, None)).collect()
        }
        Field::Component(kind) => components(card.get("name"), Some(kind)).collect(),
        Field::Nickname => of("nicknames", &["name"]),
        Field::Organization => of("organizations", &["name"]),
        Field::Email => of("emails", &["address", "label"]),
        Field::Phone => of("phones", &["number", "label"]),
        Field::OnlineService => of("onlineServices", &["service", "uri", "user", "label"]),
        Field::Address => {
            let mut found = of("addresses", &["full"]);
            let parts = objects(card, "addresses");
            found.extend(parts.flat_map(|(_, address)| components(Some(address), None)));
            found
        }
        Field::Note => of("notes", &["note"]),
    }
}

/// Values of the components of a name or an address.
pub(super) fn components<'a>(
    value: Option<&'a Value>,
    kind: Option<&str>,
) -> impl Iterator<Item = &'a str> {
    let parts = value.and_then(|value| value.get("components")?.as_array());
    let fits = move |part: &&Value| {
        kind.is_none_or(|kind| part.get("kind").and_then(Value::as_str) == Some(kind))
    };
    let found: Vec<&Value> = parts.into_iter().flatten().filter(fits).collect();
    found.into_iter().filter_map(|part| part.get("value")?.as_str())
}

/// The texts that a person reads in a card.
fn every_text(card: &Map<String, Value>) -> Vec<&str> {
    let unread = ["@type", "version", "uid", "created", "updated", "media", "vCardProps"];
    let mut found = Vec::new();
    let mut left: Vec<&Value> =
        card.iter().filter(|(name, _)| !unread.contains(&name.as_str())).map(|(_, v)| v).collect();
    while let Some(value) = left.pop() {
        match value {
            Value::String(text) => found.push(text.as_str()),
            Value::Array(elements) => left.extend(elements),
            Value::Object(members) => left.extend(members.values()),
            _ => {}
        }
    }
    found.extend(
        card.get("keywords")
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
            .map(|(k, _)| k.as_str()),
    );
    found
}
