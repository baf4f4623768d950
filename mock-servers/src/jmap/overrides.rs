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
    let mut occurrence = event.clone();
    occurrence.remove("recurrenceRule");
    occurrence.remove("recurrenceOverrides");
    occurrence.insert("start".to_owned(), Value::String(times::text(original)));
    if let Some(changes) = changes {
        // A patch that does not apply was refused when it was written.
        let _ = patch::apply(&mut occurrence, changes);
    }
    occurrence
}
