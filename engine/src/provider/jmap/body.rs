//! Between a CalendarEvent on the wire and an event.

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use crate::content::{Event, Malformed, unwrap_goid};
use crate::model::{ContainerId, Hash, Item, ItemId, Revision, Uid};

/// Members that a server sets or counts, and the account's own: a change of these alone is none.
const SERVER_SET: [&str; 11] = [
    "baseEventId",
    "calendarIds",
    "created",
    "iCalendar",
    "id",
    "isDraft",
    "isOrigin",
    "prodId",
    "sequence",
    "updated",
    "utcStart",
];

/// The types of parts, by the member that holds them in a map.
const PARTS: [(&str, &str); 6] = [
    ("alerts", "Alert"),
    ("links", "Link"),
    ("locations", "Location"),
    ("participants", "Participant"),
    ("relatedTo", "Relation"),
    ("virtualLocations", "VirtualLocation"),
];

/// What a JMAP server gives back of an event: all of it.
pub(super) fn projection(event: &Event) -> Event {
    event.clone()
}

/// Whether an object on the wire is in a container.
pub(super) fn is_in(raw: &Map<String, Value>, container: &ContainerId) -> bool {
    let calendars = raw.get("calendarIds").and_then(Value::as_object);
    calendars.is_some_and(|all| all.get(container.as_str()) == Some(&Value::Bool(true)))
}

/// An item out of a `CalendarEvent/get` answer.
pub(super) fn item(
    id: ItemId,
    container: &ContainerId,
    raw: Map<String, Value>,
) -> Result<Item, Malformed> {
    let missing = Malformed { property: "uid".to_owned(), problem: "is missing" };
    let uid = raw.get("uid").and_then(Value::as_str).ok_or(missing)?;
    let uid = Uid(unwrap_goid(uid));
    let own = raw.get("isOrigin") != Some(&Value::Bool(false));
    let updated = raw.get("updated").and_then(Value::as_str);
    let updated = updated.and_then(|text| text.parse::<Timestamp>().ok());
    let hash = raw_hash(&raw);
    let event = Event::canonical(raw)?;
    // `updated` counts in seconds, and only the event's origin must set it: what an item says is
    // the one thing that surely changes with every change.
    let revision = Revision(hash.0.clone());
    Ok(Item { id, container: container.clone(), uid, revision, raw: hash, event, own, updated })
}

/// A hash of what the server returned, without what it sets by itself.
fn raw_hash(raw: &Map<String, Value>) -> Hash {
    let content: Map<String, Value> = raw
        .iter()
        .filter(|(name, _)| !SERVER_SET.contains(&name.as_str()))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    Hash::of(&serde_jcs::to_vec(&content).expect("a JSON object has a canonical text"))
}

/// A member as the wire wants it: objects name their types.
pub(super) fn wire(name: &str, value: &Value) -> Value {
    let part = PARTS.iter().find(|(member, _)| *member == name);
    match (value, part) {
        (Value::Object(parts), Some((_, kind))) => {
            let typed = parts.iter().map(|(id, part)| (id.clone(), object(kind, part)));
            Value::Object(typed.collect())
        }
        (Value::Object(_), None) if name == "recurrenceRule" => object("RecurrenceRule", value),
        (Value::Object(overrides), None) if name == "recurrenceOverrides" => {
            let typed = overrides.iter().map(|(at, patch)| (at.clone(), patch_wire(patch)));
            Value::Object(typed.collect())
        }
        _ => value.clone(),
    }
}

/// The override of one occurrence as the wire wants it.
pub(super) fn patch_wire(patch: &Value) -> Value {
    match patch {
        Value::Object(members) => {
            let typed = members.iter().map(|(name, value)| (name.clone(), wire(name, value)));
            Value::Object(typed.collect())
        }
        other => other.clone(),
    }
}

fn object(kind: &str, value: &Value) -> Value {
    let Value::Object(members) = value else { return value.clone() };
    let mut typed = Map::new();
    if !members.contains_key("@type") {
        typed.insert("@type".to_owned(), Value::from(kind));
    }
    for (name, value) in members {
        let value = match name.as_str() {
            "trigger" if value.get("when").is_some() => object("AbsoluteTrigger", value),
            "trigger" if value.get("offset").is_some() => object("OffsetTrigger", value),
            "byDay" => match value {
                Value::Array(days) => days.iter().map(|day| object("NDay", day)).collect(),
                other => other.clone(),
            },
            other => wire(other, value),
        };
        typed.insert(name.clone(), value);
    }
    Value::Object(typed)
}

/// The body of a create.
pub(super) fn creation(container: &ContainerId, uid: &Uid, event: &Event) -> Map<String, Value> {
    let mut body = Map::new();
    body.insert("@type".to_owned(), json!("Event"));
    body.insert("uid".to_owned(), json!(uid.as_str()));
    body.insert("calendarIds".to_owned(), json!({container.as_str(): true}));
    for (name, value) in event.members() {
        body.insert(name.clone(), wire(name, value));
    }
    body
}
