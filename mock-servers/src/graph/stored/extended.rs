//! Single-value extended properties: an id in one of three forms, and a text.
//!
//! Type and namespace of an id are compared without regard to case, its name exactly.

use serde_json::{Map, Value, json};

use crate::graph::failure::Failure;

/// The stored property that holds them.
pub(crate) const PROPERTIES: &str = "singleValueExtendedProperties";

/// Types of single values.
const TYPES: [&str; 16] = [
    "ApplicationTime",
    "Binary",
    "Boolean",
    "CLSID",
    "Currency",
    "Double",
    "Float",
    "Integer",
    "Long",
    "Null",
    "Object",
    "Short",
    "String",
    "SystemTime",
    "Error",
    "ObjectArray",
];

/// Puts what was given into what is stored: equal ids are replaced, null values removed.
pub(crate) fn merge(stored: Option<&Value>, given: &Value) -> Result<Value, Failure> {
    let mut list = stored.and_then(Value::as_array).cloned().unwrap_or_default();
    for one in given.as_array().into_iter().flatten() {
        let id = one.get("id").and_then(Value::as_str).unwrap_or_default();
        if canonical(id).is_none() {
            return Err(Failure::of("ErrorInvalidProperty")
                .saying(format!("The extended property id '{id}' is not valid.")));
        }
        list.retain(|known| !known["id"].as_str().is_some_and(|known| same_id(known, id)));
        if let Some(value) = one.get("value").and_then(Value::as_str) {
            list.push(json!({ "id": id, "value": value }));
        }
    }
    Ok(Value::Array(list))
}

/// The stored property of that id, as an object of id and value.
pub(crate) fn value_of<'a>(body: &'a Map<String, Value>, id: &str) -> Option<&'a Value> {
    let list = body.get(PROPERTIES)?.as_array()?;
    list.iter().find(|known| known["id"].as_str().is_some_and(|known| same_id(known, id)))
}

/// Whether two ids name the same property.
pub(crate) fn same_id(left: &str, right: &str) -> bool {
    left == right || canonical(left).is_some_and(|left| canonical(right) == Some(left))
}

/// `{type} {guid} Name {name}`, `{type} {guid} Id {id}` or `{type} {proptag}`.
fn canonical(id: &str) -> Option<String> {
    let mut words = id.splitn(4, ' ');
    let kind = words.next()?;
    let kind = TYPES.iter().find(|known| known.eq_ignore_ascii_case(kind))?;
    let space = words.next()?;
    let Some(form) = words.next() else {
        let digits = space.strip_prefix("0x").or_else(|| space.strip_prefix("0X"))?;
        u32::from_str_radix(digits, 16).ok()?;
        return Some(format!("{kind} 0x{}", digits.to_ascii_lowercase()));
    };
    let guid = space.strip_prefix('{')?.strip_suffix('}')?;
    if guid.len() != 36 || !guid.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-') {
        return None;
    }
    let name = words.next().filter(|name| !name.is_empty())?;
    let name = match form.to_ascii_lowercase().as_str() {
        "name" => name.to_owned(),
        "id" => name.to_ascii_lowercase(),
        _ => return None,
    };
    let form = form.to_ascii_lowercase();
    Some(format!("{kind} {{{}}} {form} {name}", guid.to_ascii_lowercase()))
}
