//! JSON objects of which a part is text already: written in one pass, and byte for byte as the whole
//! would be written from a value.

use serde_json::{Map, Value};

/// Room for what comes around a part that is text already.
const ROOM: usize = 1_024;

/// The most room that is asked for on a guess, in bytes.
const RESERVE_MAX: usize = 1 << 20;

/// A list of texts of values.
#[derive(Clone, Debug, Default)]
pub(crate) struct List(String);

impl List {
    /// Adds an element. `more` are likely to follow that are as long.
    pub(crate) fn push(&mut self, text: &str, more: usize) {
        if self.0.is_empty() {
            let likely = (text.len() + 1).saturating_mul(more.saturating_add(1));
            self.0.reserve(likely.min(RESERVE_MAX));
        } else {
            self.0.push(',');
        }
        self.0.push_str(text);
    }

    /// Writes the list.
    pub(crate) fn write(&self, out: &mut String) {
        out.reserve(self.0.len() + ROOM);
        out.push('[');
        out.push_str(&self.0);
        out.push(']');
    }
}

impl FromIterator<Value> for List {
    fn from_iter<I: IntoIterator<Item = Value>>(values: I) -> Self {
        let mut list = Self::default();
        values.into_iter().for_each(|value| list.push(&value.to_string(), 0));
        list
    }
}

/// Writes an object that has, beside these members, one under a name of its own that somebody else
/// writes.
pub(crate) fn with(
    out: &mut String,
    members: &Map<String, Value>,
    name: &str,
    write: impl FnOnce(&mut String),
) {
    out.push('{');
    // Members stand in the order of their names.
    for (other, value) in members.iter().filter(|(other, _)| other.as_str() < name) {
        member(other, value, out);
    }
    out.push_str(&quoted(name));
    out.push(':');
    write(out);
    out.push(',');
    for (other, value) in members.iter().filter(|(other, _)| other.as_str() > name) {
        member(other, value, out);
    }
    out.pop();
    out.push('}');
}

/// Writes an object that has, before the members of a text that is an object, one more member. Its
/// name comes before theirs.
pub(crate) fn with_first(name: &str, value: &Value, object: &str) -> String {
    let rest = object.strip_prefix('{').unwrap_or_default();
    let between = if rest.starts_with('}') { "" } else { "," };
    let mut out = String::with_capacity(object.len() + ROOM);
    out.push('{');
    member(name, value, &mut out);
    out.pop();
    out.push_str(between);
    out.push_str(rest);
    out
}

/// The text of an object.
pub(crate) fn object(members: Map<String, Value>) -> String {
    Value::Object(members).to_string()
}

fn member(name: &str, value: &Value, out: &mut String) {
    out.push_str(&quoted(name));
    out.push(':');
    out.push_str(&value.to_string());
    out.push(',');
}

fn quoted(name: &str) -> String {
    Value::from(name).to_string()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    proptest! {
        #[test]
        fn an_object_is_written_as_from_a_value(
            names in prop::collection::btree_set("[@a-z\"]{1,4}", 0..6),
            name in "[@a-z\"]{1,4}",
            rows in prop::collection::vec(0_u8..9, 0..4),
        ) {
            let members = names.iter().filter(|other| **other != name);
            let members: Map<String, Value> =
                members.map(|name| (name.clone(), json!({ "of": name }))).collect();
            let rows: Vec<Value> = rows.into_iter().map(|row| json!({ "row": row })).collect();
            let mut whole = members.clone();
            whole.insert(name.clone(), Value::Array(rows.clone()));
            let list = List::from_iter(rows);
            let mut out = String::new();
            with(&mut out, &members, &name, |out| list.write(out));
            prop_assert_eq!(out, object(whole));
            let mut whole = members.clone();
            whole.insert("@".to_owned(), json!("first"));
            let first_is_first = members.keys().all(|name| name.as_str() > "@");
            let first = with_first("@", &json!("first"), &object(members));
            prop_assert!(!first_is_first || first == object(whole));
        }
    }
}
