//! The bytes of one change: the part of a `CalendarEvent/set` that is its own.
//!
//! An envelope puts several parts together; what it adds (state, suppression) is no part of the
//! stored bytes, since it belongs to the moment of sending.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::content::Event;
use crate::model::{Change, Payload};

use super::body;

/// Members whose parts have names. Overrides on the server may point to parts by names that ours
/// replace, so that both are written together.
const NAMED: [&str; 5] = ["alerts", "links", "locations", "participants", "virtualLocations"];
const OVERRIDES: &str = "recurrenceOverrides";

/// The part of a change.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum Part {
    /// The object to create.
    Create(Map<String, Value>),
    /// The PatchObject of an update.
    Update(Map<String, Value>),
    /// Nothing but the id, which the change holds.
    Destroy,
}

/// The bytes of a change.
pub(super) fn payload(change: &Change) -> Payload {
    let part = match change {
        Change::Create { container, uid, event, .. } => {
            Part::Create(body::creation(container, uid, event))
        }
        Change::Update { before, after, .. } => Part::Update(patch(before, after)),
        Change::Delete { .. } => Part::Destroy,
    };
    Payload(serde_json::to_vec(&part).expect("JSON values have a text"))
}

/// What turns one event into the other: changed members whole, overrides one by one.
pub(super) fn patch(before: &Event, after: &Event) -> Map<String, Value> {
    let (from, to) = (before.members(), after.members());
    let mut patch = Map::new();
    for name in from.keys().filter(|name| !to.contains_key(*name)) {
        patch.insert(name.clone(), Value::Null);
    }
    for (name, value) in to.iter().filter(|(name, value)| from.get(*name) != Some(value)) {
        patch.insert(name.clone(), body::wire(name, value));
    }
    let (old, new) = (before.overrides(), after.overrides());
    if let (Some(old), Some(new)) = (old, new) {
        if NAMED.iter().any(|name| patch.contains_key(*name)) {
            patch.insert(OVERRIDES.to_owned(), body::wire(OVERRIDES, &Value::Object(new.clone())));
        } else {
            patch.remove(OVERRIDES);
            patch.extend(one_by_one(old, new));
        }
    }
    patch
}

/// Overrides that differ. An override that sets a member to null can only be written whole.
fn one_by_one(old: &Map<String, Value>, new: &Map<String, Value>) -> Map<String, Value> {
    let path = |at: &str| format!("{OVERRIDES}/{}", at.replace('~', "~0").replace('/', "~1"));
    let gone = old.keys().filter(|at| !new.contains_key(*at));
    let gone = gone.map(|at| (path(at), Value::Null));
    let other = new.iter().filter(|(at, patch)| old.get(*at) != Some(patch));
    gone.chain(other.map(|(at, patch)| (path(at), body::patch_wire(patch)))).collect()
}
