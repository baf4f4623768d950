//! Extended properties: an id in one of three forms, and a text, or several.
//!
//! Type and namespace of an id are compared without regard to case, its name exactly.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::graph::failure::Failure;
use crate::graph::odata::Expand;

/// The stored property that holds those of one value.
pub(crate) const SINGLE: &str = "singleValueExtendedProperties";
/// The stored property that holds those of several values.
pub(crate) const MULTI: &str = "multiValueExtendedProperties";

/// Types of single values.
const SINGLE_TYPES: [&str; 16] = [
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

/// Types of several values: the arrays among EWS' `MapiPropertyTypeType`.
const MULTI_TYPES: [&str; 12] = [
    "ApplicationTimeArray",
    "BinaryArray",
    "CLSIDArray",
    "CurrencyArray",
    "DoubleArray",
    "FloatArray",
    "IntegerArray",
    "LongArray",
    "ObjectArray",
    "ShortArray",
    "StringArray",
    "SystemTimeArray",
];

/// Whether a property holds extended ones.
pub(crate) fn is_extended(property: &str) -> bool {
    property == SINGLE || property == MULTI
}

/// Puts what was given for [`SINGLE`] or [`MULTI`] into what is stored: equal ids are replaced,
/// those without a value removed.
pub(crate) fn merge(
    property: &str,
    stored: Option<&Value>,
    given: &Value,
) -> Result<Value, Failure> {
    let stored = stored.and_then(Value::as_array).cloned().unwrap_or_default();
    let mut slots: Vec<Option<Value>> = stored.into_iter().map(Some).collect();
    let key = |one: &Value| canonical(property, one.get("id")?.as_str()?);
    let known = slots.iter().enumerate();
    let mut places: BTreeMap<String, usize> =
        known.filter_map(|(place, one)| Some((key(one.as_ref()?)?, place))).collect();
    for one in given.as_array().into_iter().flatten() {
        let id = one.get("id").and_then(Value::as_str).unwrap_or_default();
        let key = key(one).ok_or_else(|| {
            Failure::of("ErrorInvalidProperty")
                .saying(format!("The extended property id '{id}' is not valid."))
        })?;
        if let Some(place) = places.remove(&key) {
            slots[place] = None;
        }
        let value = one.get("value").filter(|value| value.is_string() || holds_any(value));
        if let Some(value) = value {
            places.insert(key, slots.len());
            slots.push(Some(json!({ "id": id, "value": value })));
        }
    }
    Ok(slots.into_iter().flatten().collect())
}

fn holds_any(value: &Value) -> bool {
    value.as_array().is_some_and(|values| !values.is_empty())
}

/// Those that are asked for, by the property that holds them; none where there are none.
pub(crate) fn expanded(body: Option<&Map<String, Value>>, expand: &Expand) -> Vec<(String, Value)> {
    let found = |property: &str, ids: &[String]| {
        let found = ids.iter().filter_map(|id| one(body?, property, id).cloned());
        let found: Vec<Value> = found.collect();
        (!found.is_empty()).then(|| (property.to_owned(), Value::Array(found)))
    };
    [found(SINGLE, &expand.extended), found(MULTI, &expand.multi)].into_iter().flatten().collect()
}

/// The stored property of one value of that id, as an object of id and value.
pub(crate) fn value_of<'a>(body: &'a Map<String, Value>, id: &str) -> Option<&'a Value> {
    one(body, SINGLE, id)
}

fn one<'a>(body: &'a Map<String, Value>, property: &str, id: &str) -> Option<&'a Value> {
    let wanted = canonical(property, id)?;
    let same = |known: &str| canonical(property, known).as_ref() == Some(&wanted);
    body.get(property)?.as_array()?.iter().find(|known| known["id"].as_str().is_some_and(same))
}

/// `{type} {guid} Name {name}`, `{type} {guid} Id {id}` or `{type} {proptag}`.
fn canonical(property: &str, id: &str) -> Option<String> {
    let types: &[&str] = if property == MULTI { &MULTI_TYPES } else { &SINGLE_TYPES };
    let mut words = id.splitn(4, ' ');
    let kind = words.next()?;
    let kind = types.iter().find(|known| known.eq_ignore_ascii_case(kind))?;
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
