//! Overrides of single occurrences in normal form: whole members, only those that differ.
//!
//! A patch may point into a member or replace it. Here it is applied and compared, so that the
//! form in which a server keeps it does not matter.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::canonical::{self, Frame, malformed};
use super::occurrences::{Membership, membership};
use super::{Malformed, defaults, time};

/// The overrides of an event in normal form. `raw` is the event as it came, `members` what became
/// of it.
pub(super) fn normal(
    raw: &Map<String, Value>,
    members: &Map<String, Value>,
    overrides: &Value,
) -> Result<Map<String, Value>, Malformed> {
    let overrides =
        overrides.as_object().ok_or_else(|| malformed("recurrenceOverrides", "is no object"))?;
    let mut empty = BTreeMap::new();
    let mut normal = Map::new();
    for (key, patch) in overrides {
        let at = time::local(key);
        let at = at.ok_or_else(|| malformed("recurrenceOverrides", "has a key that is no time"))?;
        let Some(patch) = patch.as_object() else { continue };
        let patch = one(raw, members, &time::local_text(at), patch)?;
        if patch.is_empty() {
            empty.insert(at, time::local_text(at));
        } else {
            normal.insert(time::local_text(at), Value::Object(patch));
        }
    }
    // An empty override adds an occurrence where the rule makes none, and says nothing elsewhere.
    let start = members.get("start").and_then(Value::as_str).and_then(time::local);
    let rule = members.get("recurrenceRule").and_then(Value::as_object);
    if let Some(start) = start
        && !empty.is_empty()
    {
        let wanted = empty.keys().copied().collect();
        let known = membership(rule, start, &wanted);
        for (at, key) in empty {
            if known.get(&at) != Some(&Membership::Occurs) {
                normal.insert(key, json!({}));
            }
        }
    }
    Ok(normal)
}

fn one(
    raw: &Map<String, Value>,
    members: &Map<String, Value>,
    key: &str,
    patch: &Map<String, Value>,
) -> Result<Map<String, Value>, Malformed> {
    if patch.get("excluded") == Some(&Value::Bool(true)) {
        return Ok(Map::from_iter([("excluded".to_owned(), Value::Bool(true))]));
    }
    let mut occurrence = raw.clone();
    occurrence.remove("recurrenceOverrides");
    occurrence.insert("start".to_owned(), Value::from(key));
    for (path, value) in patch {
        if path != "excluded" && may_differ(path) {
            apply(&mut occurrence, path, value);
        }
    }
    let occurrence = canonical::members(&occurrence, Frame::Occurrence)?;
    let mut expected = members.clone();
    expected.remove("recurrenceRule");
    expected.remove("recurrenceOverrides");
    expected.insert("start".to_owned(), Value::from(key));
    Ok(difference(&expected, &occurrence))
}

/// What turns one set of members into another: the value of each that differs, null for one that is
/// gone.
fn difference(from: &Map<String, Value>, to: &Map<String, Value>) -> Map<String, Value> {
    let gone = from.keys().filter(|name| !to.contains_key(*name));
    let gone = gone.map(|name| (name.clone(), Value::Null));
    let other = to.iter().filter(|(name, value)| from.get(*name) != Some(value));
    gone.chain(other.map(|(name, value)| (name.clone(), value.clone()))).collect()
}

fn may_differ(path: &str) -> bool {
    let member = path.split('/').next().unwrap_or_default();
    let never = defaults::NEVER_OVERRIDDEN.contains(&member);
    !never && !defaults::NOT_CONTENT.contains(&member)
}

/// Applies one entry of a PatchObject (RFC 8984 section 1.4.9). A path that leads nowhere is
/// ignored.
fn apply(target: &mut Map<String, Value>, path: &str, value: &Value) {
    let mut names: Vec<String> = path.split('/').map(unescape).collect();
    let Some(last) = names.pop() else { return };
    let mut object = target;
    for name in names {
        let Some(Value::Object(next)) = object.get_mut(&name) else { return };
        object = next;
    }
    if value.is_null() {
        object.remove(&last);
    } else {
        object.insert(last, value.clone());
    }
}

fn unescape(name: &str) -> String {
    name.replace("~1", "/").replace("~0", "~")
}
