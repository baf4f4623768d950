//! Whether an object is a valid card; if not, every property that is to blame.

use serde_json::{Map, Value};

use super::shapes::CARD;
use crate::jmap::check::{Strangers, Wrong, below};
use crate::jmap::errors::SetError;
use crate::jmap::event::differences;
use crate::jmap::patch;

/// Versions that are registered: RFC 9553 and RFC 9982.
const VERSIONS: [&str; 2] = ["1.0", "2.0"];

/// Checks the JSContact properties of a card.
pub(super) fn card(card: &Map<String, Value>) -> Result<(), SetError> {
    let mut wrong = Wrong::new(Strangers::Kept);
    wrong.object(card, &CARD, "");
    let version = card.get("version").and_then(Value::as_str);
    if version.is_some_and(|version| !VERSIONS.contains(&version)) {
        wrong.blame("version");
    }
    // A reserved name (RFC 9553 section 1.9.2).
    if card.contains_key("extra") {
        wrong.blame("extra");
    }
    if card.get("uid").and_then(Value::as_str).is_some_and(str::is_empty) {
        wrong.blame("uid");
    }
    members(&mut wrong, card);
    ordered(&mut wrong, card.get("name"), "name");
    for (id, address) in objects(card, "addresses") {
        ordered(&mut wrong, Some(address), &below("addresses", id));
    }
    localizations(&mut wrong, card);
    if wrong.properties.is_empty() {
        return Ok(());
    }
    Err(SetError::invalid_properties(wrong.properties, "the card is not valid"))
}

/// Checks a card that was stored before: only what changed can be to blame.
pub(super) fn change(
    before: &Map<String, Value>,
    after: &Map<String, Value>,
) -> Result<(), SetError> {
    card(after).or_else(|mut error| {
        let mut changed = differences(before, after);
        if changed.contains("kind") {
            changed.insert("members".to_owned());
        }
        let changed =
            |property: &String| property.split('/').next().is_some_and(|top| changed.contains(top));
        error.properties.retain(changed);
        if error.properties.is_empty() { Ok(()) } else { Err(error) }
    })
}

/// Only a group has members (section 2.1.6).
fn members(wrong: &mut Wrong, card: &Map<String, Value>) {
    let is_group = card.get("kind").and_then(Value::as_str) == Some("group");
    if card.contains_key("members") && !is_group {
        wrong.blame("members");
    }
}

/// Separators mean something between parts that have an order, and a name without parts is written
/// out (sections 2.2.1 and 2.5.1).
fn ordered(wrong: &mut Wrong, value: Option<&Value>, path: &str) {
    let Some(Value::Object(value)) = value else { return };
    let is_ordered = value.get("isOrdered") == Some(&Value::Bool(true));
    let parts = value.get("components").and_then(Value::as_array);
    let separates = |part: &Value| part.get("kind").and_then(Value::as_str) == Some("separator");
    if !is_ordered && parts.is_some_and(|parts| parts.iter().any(separates)) {
        wrong.blame(&below(path, "components"));
    }
    if !is_ordered && value.contains_key("defaultSeparator") {
        wrong.blame(&below(path, "defaultSeparator"));
    }
    if path == "name" && parts.is_none() && !value.contains_key("full") {
        wrong.blame(path);
    }
}

/// Languages of one card: each is tried on a copy of it.
const LANGUAGES_MAX: usize = 100;

/// Each is a patch of the card, and not of localizations (section 2.7.1).
fn localizations(wrong: &mut Wrong, card: &Map<String, Value>) {
    let Some(value) = card.get("localizations") else { return };
    let Value::Object(all) = value else { return wrong.blame("localizations") };
    if all.len() > LANGUAGES_MAX {
        return wrong.blame("localizations");
    }
    let mut base = card.clone();
    base.remove("localizations");
    for (language, changes) in all {
        let path = below("localizations", language);
        let Value::Object(changes) = changes else {
            wrong.blame(&path);
            continue;
        };
        let reaches_itself = |pointer: &&String| pointer.split('/').next() == Some("localizations");
        if let Some(pointer) = changes.keys().find(reaches_itself) {
            wrong.blame(&below(&path, pointer));
        }
        if let Err(invalid) = patch::apply(&mut base.clone(), changes) {
            wrong.blame(&below(&path, &invalid.pointer));
        }
    }
}

/// The members of a map in a card.
pub(super) fn objects<'a>(
    card: &'a Map<String, Value>,
    name: &str,
) -> impl Iterator<Item = (&'a String, &'a Value)> {
    card.get(name).and_then(Value::as_object).into_iter().flatten()
}
