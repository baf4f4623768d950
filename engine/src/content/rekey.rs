//! Names of an event's parts.
//!
//! JSCalendar names alerts, locations, links and participants by ids that mean nothing, and not
//! every protocol has them. Here a part is named by what it says, so that equal parts are equal.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::model::Hash;

/// The parts that are renamed, each with the first letter of its names.
const RENAMED: [(&str, char); 5] = [
    ("alerts", 'a'),
    ("links", 'k'),
    ("locations", 'l'),
    ("participants", 'p'),
    ("virtualLocations", 'v'),
];
/// Members of a part that do not make it another one: references to parts, and what a user did
/// with an alert.
const NOT_NAMING: [&str; 5] = ["acknowledged", "invitedBy", "linkIds", "locationId", "relatedTo"];
const DIGITS: usize = 12;

/// Old names and new ones, by kind of part.
#[derive(Debug, Default)]
pub(super) struct Renamed(BTreeMap<(&'static str, String), String>);

impl Renamed {
    /// The new name of a part; a name that stands for nothing stays.
    pub(super) fn of<'a>(&'a self, kind: &'static str, id: &'a str) -> &'a str {
        self.0.get(&(kind, id.to_owned())).map_or(id, String::as_str)
    }
}

/// Renames all parts of an event, and the references to them.
pub(super) fn parts(members: &mut Map<String, Value>) -> Renamed {
    let mut renamed = Renamed::default();
    for (kind, letter) in RENAMED {
        let Some(Value::Object(parts)) = members.get_mut(kind) else { continue };
        let mut named = Map::new();
        for (id, part) in std::mem::take(parts) {
            // A location or a link that says nothing is none.
            if part.as_object().is_none_or(Map::is_empty) {
                continue;
            }
            let name = name(kind, letter, &part);
            renamed.0.insert((kind, id), name.clone());
            match named.get_mut(&name) {
                Some(twin) => unite(twin, part),
                None => {
                    named.insert(name, part);
                }
            }
        }
        *parts = named;
    }
    for (kind, _) in RENAMED {
        let Some(Value::Object(parts)) = members.get_mut(kind) else { continue };
        for part in parts.values_mut().filter_map(Value::as_object_mut) {
            references(part, kind, &renamed);
        }
    }
    renamed
}

fn name(kind: &str, letter: char, part: &Value) -> String {
    let address = part.get("calendarAddress").filter(|_| kind == "participants");
    let content = match (address, part) {
        (Some(address), _) => address.clone(),
        (None, Value::Object(part)) => {
            let says = part.iter().filter(|(name, _)| !NOT_NAMING.contains(&name.as_str()));
            Value::Object(says.map(|(name, value)| (name.clone(), value.clone())).collect())
        }
        (None, other) => other.clone(),
    };
    let bytes = serde_jcs::to_vec(&content).expect("JSON has a canonical text");
    let hash = Hash::of(&bytes);
    format!("{letter}{}", &hash.as_str()[..DIGITS])
}

/// Two parts of one name are one. Which of two values of a member stays does not depend on their
/// order; sets are united.
fn unite(twin: &mut Value, other: Value) {
    let (Some(twin), Value::Object(other)) = (twin.as_object_mut(), other) else { return };
    let text = |value: &Value| value.to_string();
    for (name, value) in other {
        match (twin.get_mut(&name), value) {
            (None, value) => {
                twin.insert(name, value);
            }
            (Some(Value::Object(mine)), Value::Object(theirs)) => mine.extend(theirs),
            (Some(mine), theirs) if text(&theirs) > text(mine) => *mine = theirs,
            _ => {}
        }
    }
}

fn references(part: &mut Map<String, Value>, kind: &'static str, renamed: &Renamed) {
    for (member, kind) in [("locationId", "locations"), ("invitedBy", "participants")] {
        if let Some(Value::String(id)) = part.get_mut(member) {
            *id = renamed.of(kind, id).to_owned();
        }
    }
    let maps = [("linkIds", "links")].into_iter().chain(
        // Alerts that a snooze made point to the alert that it put off.
        (kind == "alerts").then_some(("relatedTo", "alerts")),
    );
    for (member, kind) in maps {
        if let Some(Value::Object(ids)) = part.get_mut(member) {
            let moved = std::mem::take(ids).into_iter();
            *ids = moved.map(|(id, value)| (renamed.of(kind, &id).to_owned(), value)).collect();
        }
    }
}
