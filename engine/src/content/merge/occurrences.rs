//! Merging the overrides of single occurrences.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::model::Side;

use super::members::{Entry, Result, View, scalars};

/// Merges two sets of overrides: every occurrence for itself, and in it every member. A change of
/// an occurrence beats its removal. `ignored` names the members of which each side keeps its own.
pub(super) fn merge(
    a: View<'_>,
    b: View<'_>,
    later: Side,
    ignored: impl Fn(&str) -> bool + Copy,
) -> Result {
    let mut result = Result::default();
    let keys: BTreeSet<&String> = a.names().chain(b.names()).collect();
    for key in keys {
        let (for_a, for_b) = (a.entry(key), b.entry(key));
        match (for_a.changed(), for_b.changed()) {
            (true, true) if for_a.now == for_b.now => put(&mut result, key, for_a.now, for_b.now),
            (true, true) if gone(for_a.now) != gone(for_b.now) => {
                result.conflicts += 1;
                let kept = if gone(for_a.now) { for_b.now } else { for_a.now };
                put(&mut result, key, kept, kept);
            }
            // Taken away on one side and untouched on the other.
            (true, false) if for_a.now.is_none() => {}
            (false, true) if for_b.now.is_none() => {}
            (false, false) => put(&mut result, key, for_a.now, for_b.now),
            // The other side never had it, or could not hold it.
            _ if for_a.now.is_none() || for_b.now.is_none() => {
                let held = for_a.now.or(for_b.now);
                put(&mut result, key, held, held);
            }
            _ => inside(&mut result, key, [for_a, for_b], later, ignored),
        }
    }
    result
}

/// Merges one occurrence that both sides override.
fn inside(
    result: &mut Result,
    key: &str,
    [a, b]: [Entry<'_>; 2],
    later: Side,
    ignored: impl Fn(&str) -> bool,
) {
    let merged = scalars(a.view(), b.view(), later, ignored);
    result.conflicts += merged.conflicts;
    // An empty override adds an occurrence; one that has become empty says nothing any more.
    let adds = [a.now, b.now].into_iter().flatten().any(Map::is_empty);
    let side = |members: Map<String, Value>| {
        let members = reduced(members);
        (adds || !members.is_empty()).then_some(members)
    };
    put(result, key, side(merged.a).as_ref(), side(merged.b).as_ref());
}

/// An occurrence that is excluded has no other members.
fn reduced(members: Map<String, Value>) -> Map<String, Value> {
    match members.get("excluded") {
        Some(excluded) => Map::from_iter([("excluded".to_owned(), excluded.clone())]),
        None => members,
    }
}

/// Whether the occurrence is not there, or has nothing of its own.
fn gone(entry: Option<&Map<String, Value>>) -> bool {
    entry.is_none_or(|members| members.contains_key("excluded"))
}

fn put(
    result: &mut Result,
    key: &str,
    a: Option<&Map<String, Value>>,
    b: Option<&Map<String, Value>>,
) {
    let value = |entry: &Map<String, Value>| Value::Object(entry.clone());
    result.put(key, a.map(value).as_ref(), b.map(value).as_ref());
}
