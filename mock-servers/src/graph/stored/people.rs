//! Attendees as they are stored: type, address, and an answer that only the attendee gives.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::defaults::NEVER;
use crate::graph::failure::Failure;
use crate::scheduling::address;

/// Attendees of a request body. Whoever was there before keeps the answer given.
pub(super) fn canonical(given: &Value, before: Option<&Value>) -> Result<Value, Failure> {
    let given = given.as_array().map(Vec::as_slice).unwrap_or_default();
    let known: BTreeMap<String, &Value> = before
        .into_iter()
        .flat_map(list)
        .rev()
        .filter_map(|attendee| Some((address_of(attendee)?, attendee)))
        .collect();
    let mut attendees = Vec::with_capacity(given.len());
    for one in given {
        let key = address_of(one).ok_or_else(|| Failure::of("ErrorInvalidRecipients"))?;
        let status = known.get(&key).and_then(|attendee| attendee.get("status")).cloned();
        let email = &one["emailAddress"];
        let given_address = email["address"].as_str().unwrap_or_default();
        attendees.push(json!({
            "type": one.get("type").filter(|kind| !kind.is_null()).cloned().unwrap_or(json!("required")),
            "status": status.unwrap_or_else(|| json!({ "response": "none", "time": NEVER })),
            "emailAddress": {
                "name": email["name"].as_str().filter(|name| !name.is_empty()).unwrap_or(given_address),
                "address": given_address,
            },
        }));
    }
    Ok(Value::Array(attendees))
}

/// Somebody who is invited and has not answered.
pub(crate) fn invited(address: &str) -> Value {
    json!({
        "type": "required",
        "status": { "response": "none", "time": NEVER },
        "emailAddress": { "name": address, "address": address },
    })
}

/// The address of an attendee or an organizer, as addresses are compared.
pub(crate) fn address_of(recipient: &Value) -> Option<String> {
    let text = recipient.get("emailAddress")?.get("address")?.as_str()?;
    let text = address(text);
    (!text.is_empty()).then_some(text)
}

/// The attendees of stored properties.
pub(crate) fn attendees(body: &Map<String, Value>) -> impl Iterator<Item = &Value> {
    body.get("attendees").into_iter().flat_map(list)
}

fn list(value: &Value) -> impl DoubleEndedIterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}
