//! Occurrences of a recurring event: the base event with its override applied.

use jiff::civil::DateTime;
use serde_json::{Map, Value};

use super::{patch, times};

/// What stands in an occurrence's way of being a plain occurrence.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Override<'a> {
    /// It does not take place.
    Excluded,
    /// It differs.
    Changed(&'a Map<String, Value>),
}

/// The overrides of an event by the local time that they are keyed with.
pub(super) fn all(
    event: &Map<String, Value>,
) -> impl Iterator<Item = (DateTime, &String, Override<'_>)> {
    let overrides = event.get("recurrenceOverrides").and_then(Value::as_object);
    overrides.into_iter().flatten().filter_map(|(key, value)| {
        let local = times::local(key)?;
        let members = value.as_object()?;
        let kind = if members.get("excluded") == Some(&Value::Bool(true)) {
            Override::Excluded
        } else {
            Override::Changed(members)
        };
        Some((local, key, kind))
    })
}

/// The occurrence that has this original start, with its override applied.
pub(super) fn occurrence(
    event: &Map<String, Value>,
    original: DateTime,
    changes: Option<&Map<String, Value>>,
) -> Map<String, Value> {
    let mut occurrence = base(event);
    occurrence.insert("start".to_owned(), Value::String(times::text(original)));
    if let Some(changes) = changes {
        // A patch that does not apply was refused when it was written, or went with its parent.
        let _ = patch::apply(&mut occurrence, changes);
    }
    occurrence
}

/// Whether an override says anything of participants.
pub(super) fn names_people(changes: &Map<String, Value>) -> bool {
    changes.keys().any(|pointer| pointer.starts_with("participants"))
}

/// What occurrences have that have no override. The overrides, which may be thousands, are not copied.
fn base(event: &Map<String, Value>) -> Map<String, Value> {
    let of_series = ["recurrenceRule", "recurrenceOverrides"];
    let of_all = event.iter().filter(|(name, _)| !of_series.contains(&name.as_str()));
    of_all.map(|(name, value)| (name.clone(), value.clone())).collect()
}

/// Takes pointers out of the overrides whose parents the event has no longer: every part of a pointer but
/// the last must exist (RFC 8984 section 1.4.9), and what was said of a thing that is gone is gone with it.
/// Overrides that `is_new` are left to be judged.
pub(super) fn let_go(
    event: &mut Map<String, Value>,
    is_new: impl Fn(&str, &Map<String, Value>) -> bool,
) {
    let mut plain = base(event);
    // Each occurrence has one of its own.
    plain.entry("start").or_insert(Value::Null);
    let Some(Value::Object(all)) = event.get_mut("recurrenceOverrides") else { return };
    for (key, one) in all {
        if let Value::Object(changes) = one
            && !is_new(key, changes)
        {
            changes.retain(|pointer, _| patch::reaches(&plain, pointer));
        }
    }
}
