//! A stored event as the protocol shows it, and small questions about it.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::times;
use crate::account::Item;
use crate::scheduling::address;

/// The properties that are stored per user (draft-ietf-jmap-calendars-27 section 5.5).
pub(super) const PER_USER: [&str; 5] =
    ["keywords", "color", "freeBusyStatus", "useDefaultAlerts", "alerts"];

/// Properties whose change is no change of the event for its participants.
pub(super) const BOOKKEEPING: [&str; 6] =
    ["id", "calendarIds", "isDraft", "isOrigin", "updated", "sequence"];

/// The event with the properties that JMAP adds and that are always shown.
pub(super) fn full(item: &Item, owner: &str) -> Map<String, Value> {
    let mut event = item.body.clone();
    event.extend(added(item, owner).map(|(name, value)| (name.to_owned(), value)));
    event
}

/// The same, but only what another event has not, or otherwise.
pub(super) fn beyond(item: &Item, owner: &str, known: &Map<String, Value>) -> Map<String, Value> {
    let stored = item.body.iter().filter(|(name, value)| known.get(*name) != Some(*value));
    let mut shown: Map<String, Value> =
        stored.map(|(name, value)| (name.clone(), value.clone())).collect();
    for (name, value) in added(item, owner) {
        if known.get(name) == Some(&value) {
            shown.remove(name);
        } else {
            shown.insert(name.to_owned(), value);
        }
    }
    shown
}

/// What JMAP adds to a stored event.
fn added(item: &Item, owner: &str) -> [(&'static str, Value); 4] {
    [
        ("id", json!(item.id)),
        ("calendarIds", calendar_ids(&item.calendars)),
        ("isDraft", json!(is_draft(&item.body))),
        ("isOrigin", json!(is_origin(&item.body, owner))),
    ]
}

/// A set of calendars as JMAP writes it.
pub(super) fn calendar_ids(ids: &BTreeSet<String>) -> Value {
    ids.iter().map(|id| (id.clone(), Value::Bool(true))).collect::<Map<_, _>>().into()
}

/// Whether the account controls the event's scheduling: it has no organizer, or the organizer's
/// messages come here.
pub(super) fn is_origin(event: &Map<String, Value>, owner: &str) -> bool {
    organizer(event).is_none_or(|organizer| organizer == owner)
}

/// Whether nobody is told of the event yet.
pub(super) fn is_draft(event: &Map<String, Value>) -> bool {
    event.get("isDraft") == Some(&Value::Bool(true))
}

/// The organizer's address as it is compared.
pub(super) fn organizer(event: &Map<String, Value>) -> Option<String> {
    event.get("organizerCalendarAddress").and_then(Value::as_str).map(address)
}

/// The participants.
pub(super) fn participants(
    event: &Map<String, Value>,
) -> impl Iterator<Item = (&String, &Map<String, Value>)> {
    let map = event.get("participants").and_then(Value::as_object);
    map.into_iter().flatten().filter_map(|(id, value)| Some((id, value.as_object()?)))
}

/// The address of a participant as it is compared.
pub(super) fn participant_address(participant: &Map<String, Value>) -> Option<String> {
    participant.get("calendarAddress").and_then(Value::as_str).map(address)
}

/// Whether the server sends messages to a participant: `scheduleAgent` of RFC 8984 section 4.4.6,
/// which jscalendarbis keeps for scheduling over CalDAV.
pub(super) fn is_told(participant: &Map<String, Value>) -> bool {
    participant.get("scheduleAgent").is_none_or(|agent| agent == "server")
}

/// Addresses of everybody invited but the owner of the account and the organizer.
pub(super) fn attendees(event: &Map<String, Value>, owner: &str) -> BTreeSet<String> {
    let organizer = organizer(event);
    let guest = |address: &String| *address != owner && Some(address) != organizer.as_ref();
    participants(event)
        .filter_map(|(_, person)| participant_address(person))
        .filter(guest)
        .collect()
}

/// The sequence number.
pub(super) fn sequence(event: &Map<String, Value>) -> u64 {
    event.get("sequence").and_then(Value::as_u64).unwrap_or(0)
}

/// The title.
pub(super) fn title(event: &Map<String, Value>) -> &str {
    event.get("title").and_then(Value::as_str).unwrap_or_default()
}

/// The names of the properties in which two events differ.
pub(super) fn differences(
    before: &Map<String, Value>,
    after: &Map<String, Value>,
) -> BTreeSet<String> {
    let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    names.into_iter().filter(|name| before.get(*name) != after.get(*name)).cloned().collect()
}

/// Whether a change of these properties is one that participants are told of.
pub(super) fn is_substantial(changed: &BTreeSet<String>) -> bool {
    let quiet =
        |name: &&String| PER_USER.contains(&name.as_str()) || BOOKKEEPING.contains(&name.as_str());
    changed.iter().any(|name| !quiet(&name))
}

/// `utcStart` and `utcEnd`; a floating event is read in the given zone.
pub(super) fn utc_span(
    event: &Map<String, Value>,
    floating_in: &crate::world::Zone,
) -> Option<(String, String)> {
    let start = times::start(event)?;
    let end = times::end(&start, times::length(event))?;
    let instant = |when: &crate::world::When| {
        let zoned = crate::world::When::Zoned(when.local(), floating_in.clone());
        when.instant().or_else(|| zoned.instant()).map(|instant| instant.to_string())
    };
    Some((instant(&start)?, instant(&end)?))
}
