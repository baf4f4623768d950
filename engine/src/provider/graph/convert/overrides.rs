//! What differs in single occurrences.

use std::collections::BTreeSet;

use jiff::civil::DateTime;
use serde_json::{Map, Value};

use crate::content::{Event, Inexpressible, Membership, local, local_text};

use super::crossing::{self, Moves};
use super::refusal::cannot;
use super::series::Series;
use super::times::When;
use super::write::properties;
use super::{Change, Override, status};

/// What is written of single occurrences, in their order.
pub(super) fn write(event: &Event, series: &Series) -> Result<Vec<Override>, Inexpressible> {
    let mut patches = Vec::new();
    for (key, patch) in event.overrides().into_iter().flatten() {
        if let (Some(at), Some(patch)) = (local(key), patch.as_object()) {
            patches.push((at, patch));
        }
    }
    let wanted: BTreeSet<DateTime> = patches.iter().map(|(at, _)| *at).collect();
    let known = series.occurs(&wanted);
    let mut moves = Moves::default();
    let mut overrides = Vec::new();
    for (at, patch) in patches {
        let absent = known.get(&at) == Some(&Membership::Absent);
        let excluded = patch.get("excluded") == Some(&Value::Bool(true));
        if absent && excluded {
            continue;
        }
        if absent {
            return Err(cannot("recurrenceOverrides", "graph adds no occurrence to a rule"));
        }
        let change = if excluded { Some(Change::Cancel) } else { one(event, series, at, patch)? };
        match &change {
            Some(Change::Cancel) => moves.cancel(at),
            Some(_) => {
                let when = When::of(&occurrence(event, at, Some(patch)), series.frame())?;
                moves.put(at, when.start.date());
            }
            None => {}
        }
        let instant = series.instant(at)?;
        overrides.extend(change.map(|change| Override { original_start: at, instant, change }));
    }
    overrides.sort_by_key(|written| written.original_start);
    crossing::check(series, &moves)?;
    Ok(overrides)
}

/// The properties of an occurrence that says nothing of its own.
pub(super) fn plain(
    event: &Event,
    series: &Series,
    at: DateTime,
) -> Result<Map<String, Value>, Inexpressible> {
    properties(&occurrence(event, at, None), series.frame())
}

/// The properties of `to` that differ. Start and end go together, so that no end comes before a
/// start in between.
pub(super) fn difference(from: &Map<String, Value>, to: &Map<String, Value>) -> Map<String, Value> {
    let differs = |name: &str| from.get(name) != to.get(name);
    let moved = differs("start") || differs("end");
    let other = to
        .iter()
        .filter(|(name, _)| differs(name) || (moved && (*name == "start" || *name == "end")));
    other.map(|(name, value)| (name.clone(), value.clone())).collect()
}

fn one(
    event: &Event,
    series: &Series,
    at: DateTime,
    patch: &Map<String, Value>,
) -> Result<Option<Change>, Inexpressible> {
    let members = occurrence(event, at, Some(patch));
    if status::cancelled(&members) && !status::cancelled(event.members()) {
        return Ok(Some(Change::Cancel));
    }
    let own = properties(&members, series.frame())?;
    let changed = difference(&plain(event, series, at)?, &own);
    Ok((!changed.is_empty()).then_some(Change::Patch(changed)))
}

/// The members of an occurrence. In normal form overrides replace whole members.
fn occurrence(
    event: &Event,
    at: DateTime,
    patch: Option<&Map<String, Value>>,
) -> Map<String, Value> {
    let mut members = event.members().clone();
    members.remove("recurrenceRule");
    members.remove("recurrenceOverrides");
    members.insert("start".to_owned(), local_text(at).into());
    for (name, value) in patch.into_iter().flatten() {
        if value.is_null() {
            members.remove(name);
        } else {
            members.insert(name.clone(), value.clone());
        }
    }
    members
}
