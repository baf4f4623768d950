//! What all `/copy` methods have in common (RFC 8620 section 5.4).
//!
//! Copying needs two accounts that one user may look into.

use serde_json::{Map, Value, json};

use super::arguments::Arguments;
use super::dispatch::{Run, account_id};
use super::errors::{MethodError, SetError};
use super::request::Call;
use super::set::{self, Object, Part, Settable};
use crate::directory::{Focus, UserId};
use crate::operation::Target;

/// A type of object that can be copied.
pub(super) struct Source {
    /// Its name.
    pub(super) name: &'static str,
    /// The object in another account, as a client would send it.
    pub(super) show: fn(&mut Run<'_, '_>, UserId, &str) -> Option<Object>,
    /// Arguments of the type's own.
    pub(super) more: &'static [&'static str],
}

/// The other account of a copy.
pub(super) fn from_account(
    run: &Run<'_, '_>,
    arguments: &Arguments,
) -> Result<(UserId, String), MethodError> {
    let given = arguments.text("fromAccountId")?.to_owned();
    let from = run.user_of(&given).ok_or_else(|| MethodError::new("fromAccountNotFound"))?;
    if from == run.turn.focus().user {
        let text = "`fromAccountId` is the account itself";
        return Err(MethodError::invalid_arguments(text));
    }
    Ok((from, given))
}

/// Answers a `/copy`. `settable` makes of the arguments what carries out the creates.
pub(super) fn run<S: Settable>(
    run: &mut Run<'_, '_>,
    arguments: Map<String, Value>,
    source: &Source,
    settable: impl FnOnce(&Arguments) -> Result<S, MethodError>,
) -> Result<Map<String, Value>, MethodError> {
    let known = [
        &[
            "fromAccountId",
            "ifFromInState",
            "ifInState",
            "create",
            "onSuccessDestroyOriginal",
            "destroyFromIfInState",
        ],
        source.more,
    ]
    .concat();
    let arguments = Arguments::new(arguments, &known)?;
    let (from, from_id) = from_account(run, &arguments)?;
    let kind = settable(&arguments)?;
    let creates = arguments.objects("create")?;
    if creates.len() > run.limits().max_objects_in_set {
        return Err(MethodError::new("requestTooLarge"));
    }
    let destroys = arguments.flag("onSuccessDestroyOriginal")?;
    check_states(run, &arguments, &kind, from)?;
    let old_state = kind.state(run);
    let mut parts = Vec::new();
    let mut originals: Vec<(String, String)> = Vec::new();
    let mut refused = Map::new();
    for (creation, mut object) in creates {
        match whole(run, source, from, &mut object) {
            Ok(id) => {
                originals.push((creation.clone(), id));
                parts.push(Part::Create(creation, object));
            }
            Err(error) => {
                let target = Target { id: creation.clone(), ..Target::default() };
                run.refuse(kind.ops()[0], &target, &error);
                refused.insert(creation, error.value());
            }
        }
    }
    let outcome = set::carry_out(run, parts, &kind)?;
    let copied = originals.iter().filter(|(creation, _)| outcome.created.contains_key(creation));
    let copied: Vec<String> = copied.map(|(_, id)| id.clone()).collect();
    if destroys && !copied.is_empty() {
        run.follow_up = Some(Call {
            name: format!("{}/set", source.name),
            arguments: destroy(&from_id, &copied, &arguments),
            id: String::new(),
        });
    }
    let mut answer = outcome.arguments(&old_state, &kind.state(run));
    let mut not_created = answer.remove("notCreated").unwrap_or_default();
    if let Value::Object(errors) = &mut not_created {
        errors.values_mut().for_each(already_exists);
    }
    if !refused.is_empty() {
        let mut all = not_created.as_object().cloned().unwrap_or_default();
        all.extend(refused);
        not_created = Value::Object(all);
    }
    answer.retain(|name, _| ["oldState", "newState", "created"].contains(&name.as_str()));
    answer.insert("notCreated".to_owned(), not_created);
    answer.insert("fromAccountId".to_owned(), json!(from_id));
    Ok(answer)
}

fn check_states(
    run: &mut Run<'_, '_>,
    arguments: &Arguments,
    kind: &impl Settable,
    from: UserId,
) -> Result<(), MethodError> {
    let here = run.turn.focus();
    run.turn.turn_to(Focus { user: from, ..here });
    let theirs = kind.state(run);
    run.turn.turn_to(here);
    let differs = |name: &str, state: String| {
        Ok(arguments.optional_text(name)?.is_some_and(|wanted| wanted != state))
    };
    if differs("ifFromInState", theirs)? || differs("ifInState", kind.state(run))? {
        return Err(MethodError::new("stateMismatch"));
    }
    Ok(())
}

/// Completes an object with what the original has; returns the original's id.
fn whole(
    run: &mut Run<'_, '_>,
    source: &Source,
    from: UserId,
    object: &mut Object,
) -> Result<String, SetError> {
    let Some(Value::String(id)) = object.remove("id") else {
        return Err(SetError::invalid_properties(["id".to_owned()], "it names no original"));
    };
    let mut original = (source.show)(run, from, &id).ok_or_else(SetError::not_found)?;
    original.remove("id");
    original.append(object);
    *object = original;
    Ok(id)
}

fn destroy(from: &str, ids: &[String], arguments: &Arguments) -> Object {
    let state = arguments.value("destroyFromIfInState").cloned();
    let mut call =
        Map::from_iter([("accountId".to_owned(), json!(from)), ("destroy".to_owned(), json!(ids))]);
    call.extend(state.map(|state| ("ifInState".to_owned(), state)));
    call
}

/// What a create blames on the uid, a copy calls by its own name.
fn already_exists(error: &mut Value) {
    if let Value::Object(members) = error
        && members.contains_key("existingId")
    {
        members.insert("type".to_owned(), json!("alreadyExists"));
        members.remove("properties");
    }
}

/// The id of the account of a user.
pub(super) fn id_of(run: &Run<'_, '_>, user: UserId) -> String {
    account_id(run.turn.directory().host(user))
}
