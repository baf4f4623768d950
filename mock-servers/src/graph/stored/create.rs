//! A request body that becomes a new event.

use serde_json::{Map, Value, json};

use super::{complete, extended, people, places, times};
use crate::graph::extensions;
use crate::graph::failure::Failure;

/// What is stored for a body that fits the metadata. The mailbox's owner organizes.
pub(crate) fn create(
    given: &Map<String, Value>,
    owner: &str,
) -> Result<Map<String, Value>, Failure> {
    let mut body: Map<String, Value> =
        given.iter().filter(|(_, v)| !v.is_null()).map(|(n, v)| (n.clone(), v.clone())).collect();
    body.remove("transactionId");
    complete(&mut body);
    let (start, _) = times::settle(&mut body)?;
    times::settle_recurrence(&mut body, &start, true)?;
    if let Some(attendees) = given.get("attendees") {
        body.insert("attendees".to_owned(), people::canonical(attendees, None)?);
    }
    for name in [extended::SINGLE, extended::MULTI] {
        if let Some(properties) = given.get(name) {
            body.insert(name.to_owned(), extended::merge(name, None, properties)?);
        }
    }
    if let Some(given) = given.get(extensions::PROPERTY) {
        body.insert(extensions::PROPERTY.to_owned(), extensions::merge(None, given)?);
    }
    places::align(&mut body, given);
    let organizer = json!({ "emailAddress": { "name": owner, "address": owner } });
    body.insert("organizer".to_owned(), organizer);
    body.insert("isOrganizer".to_owned(), Value::Bool(true));
    Ok(body)
}
