//! `organizerCalendarAddress` and `participants` (jscalendarbis-15).
//!
//! The key of a participant is a digest of the address, so that one person has one key in a series
//! and all its exceptions.

use serde_json::{Map, Value, json};

use super::{
    super::{Attendee, AttendeeStatus, SourceEvent},
    set,
};

/// Hexadecimal digits of a participant's key.
const KEY_DIGITS: usize = 16;

/// The address of the organizer; the owner's where people are invited and nobody organizes.
pub(super) fn organizer(event: &SourceEvent, owner: &str) -> Option<String> {
    match &event.organizer {
        Some(organizer) => Some(organizer.address.clone()),
        None => (!event.attendees.is_empty()).then(|| format!("mailto:{owner}")),
    }
}

/// Attendees and the organizer; none if there is nobody.
pub(super) fn participants(event: &SourceEvent, owner: &str) -> Option<Value> {
    let mut people: Map<String, Value> = Map::new();
    for attendee in &event.attendees {
        people.entry(key(&attendee.address)).or_insert_with(|| participant(attendee));
    }
    let address = organizer(event, owner)?;
    let known = event.organizer.as_ref();
    let entry = people.entry(key(&address)).or_insert_with(|| {
        let mut person = Map::new();
        person.insert("@type".to_owned(), json!("Participant"));
        person.insert("calendarAddress".to_owned(), json!(address));
        person.insert("roles".to_owned(), json!({}));
        if event.organizer.is_none() {
            person.insert("email".to_owned(), json!(owner));
        }
        Value::Object(person)
    });
    let person = entry.as_object_mut()?;
    if let Some(roles) = person.get_mut("roles").and_then(Value::as_object_mut) {
        roles.insert("owner".to_owned(), json!(true));
    }
    let mut fill = |name: &str, value: Option<&str>| {
        if let Some(value) = value {
            person.entry(name).or_insert_with(|| json!(value));
        }
    };
    fill("name", known.and_then(|organizer| organizer.name.as_deref()));
    fill("email", known.and_then(|organizer| organizer.mail()));
    fill("sentBy", known.and_then(|organizer| organizer.sent_by.as_deref()).and_then(mail));
    Some(Value::Object(people))
}

/// The key of a participant.
fn key(address: &str) -> String {
    let digest = blake3::hash(address.to_lowercase().as_bytes()).to_hex();
    digest.chars().take(KEY_DIGITS).collect()
}

fn participant(attendee: &Attendee) -> Value {
    let mut person = Map::new();
    let mut put = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            person.insert(name.to_owned(), value);
        }
    };
    put("@type", Some(json!("Participant")));
    put("calendarAddress", Some(json!(attendee.address)));
    put("name", attendee.name.as_ref().map(|name| json!(name)));
    put("email", attendee.mail().map(|mail| json!(mail)));
    put("kind", kind(&attendee.kind).map(|kind| json!(kind)));
    put("roles", Some(json!({ role(&attendee.role): true })));
    put("participationStatus", Some(json!(status(attendee.status))));
    put("expectReply", attendee.rsvp.then_some(json!(true)));
    put("sentBy", attendee.sent_by.as_deref().and_then(mail).map(|mail| json!(mail)));
    put("delegatedFrom", set(&attendee.delegated_from));
    put("delegatedTo", set(&attendee.delegated_to));
    put("memberOf", set(&attendee.member_of));
    Value::Object(person)
}

/// The mail address of a URI.
fn mail(uri: &str) -> Option<&str> {
    uri.strip_prefix("mailto:").filter(|mail| mail.contains('@'))
}

fn kind(kind: &str) -> Option<&'static str> {
    match kind {
        "INDIVIDUAL" => Some("individual"),
        "GROUP" => Some("group"),
        "ROOM" => Some("location"),
        "RESOURCE" => Some("resource"),
        _ => None,
    }
}

fn role(role: &str) -> &'static str {
    match role {
        "CHAIR" => "chair",
        "OPT-PARTICIPANT" => "optional",
        "NON-PARTICIPANT" => "informational",
        // RFC 5545: what is not known counts as required.
        _ => "required",
    }
}

fn status(status: AttendeeStatus) -> &'static str {
    match status {
        AttendeeStatus::NeedsAction => "needs-action",
        AttendeeStatus::Accepted => "accepted",
        AttendeeStatus::Declined => "declined",
        AttendeeStatus::Tentative => "tentative",
        AttendeeStatus::Delegated => "delegated",
    }
}
