//! `recurrenceOverrides` (jscalendarbis-15): excluded and added dates, and changed occurrences as
//! patches of the series.
//!
//! A patch names what differs and nothing else. Inside of maps of objects (participants, alerts,
//! places, links) it goes down to the member that differs, so that two people's answers can be
//! patched apart.

use calamity_evidence::Lineage;
use serde_json::{Map, Value, json};

use super::{super::SourceEvent, local, single};

/// Members that a patch must not touch, or that say nothing about one occurrence.
const NOT_PATCHED: &[&str] = &[
    "@type",
    "version",
    "uid",
    "created",
    "updated",
    "sequence",
    "organizerCalendarAddress",
    "privacy",
    "relatedTo",
    "recurrenceRule",
    "recurrenceOverrides",
];

/// Members that map ids to objects.
const MAPS: &[&str] = &["participants", "alerts", "locations", "virtualLocations", "links"];

/// The overrides of a series whose own members are `master`.
pub(super) fn overrides(
    event: &SourceEvent,
    master: &Map<String, Value>,
    lineage: &Lineage,
    owner: &str,
) -> Map<String, Value> {
    let mut overrides = Map::new();
    for date in &event.rdates {
        let patch = match date.duration {
            Some(duration) if duration != event.duration => {
                json!({ "duration": duration.to_string() })
            }
            _ => json!({}),
        };
        overrides.insert(local(date.start.local()), patch);
    }
    for date in &event.exdates {
        overrides.insert(local(date.local()), json!({ "excluded": true }));
    }
    for exception in &event.exceptions {
        let key = local(exception.original.local());
        let mut expected = master.clone();
        expected.insert("start".to_owned(), json!(key));
        let patch = patch(&expected, &single(&exception.event, lineage, owner));
        overrides.insert(key, Value::Object(patch));
    }
    overrides
}

/// What turns one object into the other.
fn patch(from: &Map<String, Value>, to: &Map<String, Value>) -> Map<String, Value> {
    let mut patch = Map::new();
    for (name, value) in to.iter().filter(|(name, _)| !NOT_PATCHED.contains(&name.as_str())) {
        match from.get(name) {
            Some(before) if before == value => {}
            Some(Value::Object(before)) if MAPS.contains(&name.as_str()) => {
                if let Value::Object(after) = value {
                    patch_map(name, before, after, &mut patch);
                }
            }
            _ => {
                patch.insert(name.clone(), value.clone());
            }
        }
    }
    for name in from.keys().filter(|name| !to.contains_key(*name)) {
        if !NOT_PATCHED.contains(&name.as_str()) {
            patch.insert(name.clone(), Value::Null);
        }
    }
    patch
}

/// Patches of a map of objects: whole objects that come or go, members of those that stay.
fn patch_map(
    name: &str,
    before: &Map<String, Value>,
    after: &Map<String, Value>,
    patch: &mut Map<String, Value>,
) {
    for (id, value) in after {
        let path = format!("{name}/{id}");
        match (before.get(id).and_then(Value::as_object), value.as_object()) {
            (Some(old), Some(new)) => {
                for (member, value) in
                    new.iter().filter(|(member, value)| old.get(*member) != Some(*value))
                {
                    patch.insert(format!("{path}/{}", escape(member)), value.clone());
                }
                for member in old.keys().filter(|member| !new.contains_key(*member)) {
                    patch.insert(format!("{path}/{}", escape(member)), Value::Null);
                }
            }
            _ => {
                patch.insert(path, value.clone());
            }
        }
    }
    for id in before.keys().filter(|id| !after.contains_key(*id)) {
        patch.insert(format!("{name}/{id}"), Value::Null);
    }
}

/// A reference token of a JSON Pointer (RFC 6901).
fn escape(token: &str) -> String {
    token.replace('~', "~0").replace('/', "~1")
}
