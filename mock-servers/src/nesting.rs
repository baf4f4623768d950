//! How deep JSON of a client may be nested where it is stored.
//!
//! Patches of JMAP put objects into objects that are there, so that a client could build, piece by
//! piece, what no reader of this process comes through alive; and a saved state must be readable.

use serde_json::Value;

/// How deep a stored object may be: far beyond what JSCalendar, JSContact or Graph have.
pub(crate) const DEPTH_MAX: usize = 64;

/// How many levels of lists and objects a value has: none for a plain value.
pub(crate) fn depth(value: &Value) -> usize {
    match value {
        Value::Array(items) => 1 + items.iter().map(depth).max().unwrap_or(0),
        Value::Object(members) => 1 + members.values().map(depth).max().unwrap_or(0),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::depth;

    #[test]
    fn levels_are_counted() {
        assert_eq!(
            [json!(1), json!([]), json!({"a": [1, {"b": 2}]})].map(|v| depth(&v)),
            [0, 1, 3]
        );
    }
}
