//! `location` and `locations`, which "always correspond with each other".

use serde_json::{Map, Value, json};

use super::defaults::default_of;

/// Brings the two in line after a write of one of them. `given` names what the write said.
pub(crate) fn align(body: &mut Map<String, Value>, given: &Map<String, Value>) {
    if given.contains_key("location") {
        let location = one(body.get("location"));
        let named = location["displayName"].as_str().is_some_and(|name| !name.is_empty());
        // With both, the list says more: Graph joins its names in `location`.
        let listed = given.get("locations").and_then(Value::as_array);
        if listed.is_none_or(Vec::is_empty) {
            let list = if named { json!([location.clone()]) } else { json!([]) };
            body.insert("locations".to_owned(), list);
        } else {
            align_list(body);
        }
        body.insert("location".to_owned(), location);
    } else if given.contains_key("locations") {
        align_list(body);
        let names: Vec<&str> = body
            .get("locations")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(|location| location["displayName"].as_str())
            .collect();
        let joined = json!({ "displayName": names.join("; ") });
        let location = if names.is_empty() { default_of("location") } else { one(Some(&joined)) };
        body.insert("location".to_owned(), location);
    }
}

fn align_list(body: &mut Map<String, Value>) {
    let list = body.get("locations").and_then(Value::as_array);
    let list: Vec<Value> = list.into_iter().flatten().map(|given| one(Some(given))).collect();
    body.insert("locations".to_owned(), Value::Array(list));
}

/// One location with what Exchange adds.
fn one(given: Option<&Value>) -> Value {
    let mut location = default_of("location");
    let Some(members) = given.and_then(Value::as_object) else { return location };
    let Some(stored) = location.as_object_mut() else { return location };
    for (name, value) in members.iter().filter(|(_, value)| !value.is_null()) {
        stored.insert(name.clone(), value.clone());
    }
    let name = members.get("displayName").and_then(Value::as_str).unwrap_or_default();
    if !name.is_empty() && !members.contains_key("uniqueId") {
        stored.insert("uniqueId".to_owned(), Value::from(name));
        stored.insert("uniqueIdType".to_owned(), Value::from("private"));
    }
    location
}
