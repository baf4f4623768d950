//! Guests and the organizer.
//!
//! Graph sets the organizer by itself (the owner of the mailbox) and keeps the answers of guests by
//! itself, so that neither is written.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

const MAILTO: &str = "mailto:";

/// The `attendees` of an event's members, in the order of their addresses; the organizer is none.
pub(super) fn write(members: &Map<String, Value>) -> Value {
    let organizer = members.get("organizerCalendarAddress").and_then(Value::as_str);
    let organizer = organizer.and_then(address);
    let guests = members.get("participants").and_then(Value::as_object);
    let mut attendees = BTreeMap::new();
    for guest in guests.into_iter().flatten().map(|(_, guest)| guest) {
        let uri = ["calendarAddress", "email"]
            .into_iter()
            .find_map(|name| guest.get(name).and_then(Value::as_str).and_then(address));
        let owner = guest.pointer("/roles/owner") == Some(&Value::Bool(true));
        let Some(address) = uri.filter(|uri| !owner && Some(uri) != organizer.as_ref()) else {
            continue;
        };
        let mut email = Map::from_iter([("address".to_owned(), Value::from(address.as_str()))]);
        let name = guest.get("name").and_then(Value::as_str).unwrap_or_default();
        if !name.is_empty() && !name.eq_ignore_ascii_case(&address) {
            email.insert("name".to_owned(), Value::from(name));
        }
        attendees.insert(address, json!({"emailAddress": email, "type": kind(guest)}));
    }
    attendees.into_values().collect()
}

/// The guest members of a body. An appointment without guests has no organizer either, unless it is
/// somebody else's.
pub(super) fn read(body: &Map<String, Value>, members: &mut Map<String, Value>) {
    let attendees = body.get("attendees").and_then(Value::as_array);
    let attendees = attendees.map(Vec::as_slice).unwrap_or_default();
    let organizer = body.get("organizer").and_then(|organizer| organizer.get("emailAddress"));
    let foreign = body.get("isOrganizer") == Some(&Value::Bool(false));
    let mut guests = Map::new();
    if let Some(email) = organizer.filter(|_| foreign || !attendees.is_empty()) {
        let mut owner = person(email);
        if let Some(address) = owner.get("calendarAddress") {
            members.insert("organizerCalendarAddress".to_owned(), address.clone());
            owner.insert("roles".to_owned(), json!({"owner": true}));
            guests.insert("organizer".to_owned(), Value::Object(owner));
        }
    }
    for (number, attendee) in attendees.iter().enumerate() {
        guests.insert(number.to_string(), Value::Object(guest(attendee)));
    }
    members.insert("participants".to_owned(), Value::Object(guests));
}

fn guest(attendee: &Value) -> Map<String, Value> {
    let mut guest = attendee.get("emailAddress").map(person).unwrap_or_default();
    let role = match attendee.get("type").and_then(Value::as_str) {
        Some("optional") => "optional",
        Some("resource") => {
            guest.insert("kind".to_owned(), Value::from("resource"));
            "required"
        }
        _ => "required",
    };
    guest.insert("roles".to_owned(), json!({role: true}));
    let answer = attendee.pointer("/status/response").and_then(Value::as_str);
    let status = match answer {
        Some("accepted" | "organizer") => "accepted",
        Some("tentativelyAccepted") => "tentative",
        Some("declined") => "declined",
        _ => "needs-action",
    };
    guest.insert("participationStatus".to_owned(), Value::from(status));
    guest
}

/// Somebody with a name and an address. One who has only an address of Exchange's own is kept by
/// name, so that the number of guests is right.
fn person(email: &Value) -> Map<String, Value> {
    let of = |name: &str| email.get(name).and_then(Value::as_str).unwrap_or_default().trim();
    let (address, name) = (of("address"), of("name"));
    let mut person = Map::new();
    if address.contains('@') {
        let uri = format!("{MAILTO}{}", address.to_lowercase());
        person.insert("calendarAddress".to_owned(), Value::from(uri));
    }
    if !name.is_empty() && !name.eq_ignore_ascii_case(address) {
        person.insert("name".to_owned(), Value::from(name));
    }
    person
}

/// The mail address in a URI or a plain address, in lower case.
fn address(uri: &str) -> Option<String> {
    let scheme = uri.get(..MAILTO.len()).filter(|scheme| scheme.eq_ignore_ascii_case(MAILTO));
    let address = scheme.map_or(uri, |scheme| &uri[scheme.len()..]).trim();
    let plain = address.contains('@') && (scheme.is_some() || !address.contains(':'));
    plain.then(|| address.to_lowercase())
}

fn kind(guest: &Value) -> &'static str {
    let role = |name: &str| guest.pointer(&format!("/roles/{name}")) == Some(&Value::Bool(true));
    match guest.get("kind").and_then(Value::as_str) {
        Some("resource" | "location") => "resource",
        _ if role("informational") || (role("optional") && !role("chair")) => "optional",
        _ => "required",
    }
}
