//! What users see of each other's events (draft-ietf-jmap-calendars-27 sections 5.7 and 5.9): an
//! event that is secret is not there, of a private one only the times are, and guests may be hidden.

use serde_json::{Map, Value};

use super::dispatch::Run;
use super::errors::SetError;
use super::event;
use super::expansion;

type Event = Map<String, Value>;

/// What everybody may see of a private event (RFC 8984 section 4.4.3, kept by jscalendarbis), and
/// what JMAP adds.
const OF_PRIVATE: [&str; 24] = [
    "@type",
    "baseEventId",
    "calendarIds",
    "created",
    "duration",
    "endTimeZone",
    "excluded",
    "freeBusyStatus",
    "id",
    "isDraft",
    "isOrigin",
    "privacy",
    "recurrenceId",
    "recurrenceIdTimeZone",
    "recurrenceOverrides",
    "recurrenceRule",
    "sequence",
    "showWithoutTime",
    "start",
    "status",
    "timeZone",
    "uid",
    "updated",
    "version",
];

/// Whether the account is another user's than the one who asks.
pub(super) fn is_foreign(run: &Run<'_, '_>) -> bool {
    run.user != run.turn.focus().user
}

/// Whether an event of another user is not to be seen at all.
pub(super) fn is_secret(event: &Event) -> bool {
    event.get("privacy").and_then(Value::as_str) == Some("secret")
}

/// Leaves of another user's event what the one who asks, by their address, may see.
pub(super) fn reduce(event: &mut Event, asker: &str) {
    if event.get("privacy").and_then(Value::as_str) == Some("private") {
        let open = |name: &str| OF_PRIVATE.contains(&name.split('/').next().unwrap_or_default());
        event.retain(|name, _| open(name));
        let overrides = event.get_mut("recurrenceOverrides").and_then(Value::as_object_mut);
        for patch in overrides.into_iter().flat_map(Map::values_mut) {
            if let Value::Object(patch) = patch {
                patch.retain(|pointer, _| open(pointer));
            }
        }
    }
    if event.get("hideAttendees") == Some(&Value::Bool(true)) && !owns(event, asker) {
        keep_people(event, asker);
    }
}

fn owns(event: &Event, asker: &str) -> bool {
    event::participants(event).any(|(_, person)| {
        has_owner(person) && event::participant_address(person).as_deref() == Some(asker)
    })
}

fn has_owner(person: &Map<String, Value>) -> bool {
    person.get("roles").and_then(|roles| roles.get("owner")) == Some(&Value::Bool(true))
}

/// Leaves owners and the user of an address among the participants, in overrides as well.
pub(super) fn keep_people(event: &mut Event, address: &str) {
    let stays = |person: &Value| {
        let Value::Object(person) = person else { return false };
        has_owner(person) || event::participant_address(person).as_deref() == Some(address)
    };
    let known: Vec<String> = event::participants(event)
        .filter(|(_, person)| stays(&Value::Object((*person).clone())))
        .map(|(id, _)| id.clone())
        .collect();
    if let Some(Value::Object(people)) = event.get_mut("participants") {
        people.retain(|id, _| known.contains(id));
    }
    let overrides = event.get_mut("recurrenceOverrides").and_then(Value::as_object_mut);
    for patch in overrides.into_iter().flat_map(Map::values_mut) {
        let Value::Object(patch) = patch else { continue };
        if let Some(Value::Object(people)) = patch.get_mut("participants") {
            people.retain(|_, person| stays(person));
        }
        patch.retain(|pointer, value| match pointer.strip_prefix("participants/") {
            None => true,
            Some(rest) if rest.contains('/') => {
                rest.split('/').next().is_some_and(|id| known.iter().any(|other| other == id))
            }
            Some(id) => stays(value) || known.iter().any(|other| other == id),
        });
    }
}

/// Whether the user may change or destroy an event of another user.
pub(super) fn check_write(run: &Run<'_, '_>, id: &str) -> Result<(), SetError> {
    if !is_foreign(run) {
        return Ok(());
    }
    let account = run.turn.account();
    let stored = account.item(id).cloned();
    let stored = stored.or_else(|| expansion::resolve(account, id).map(|(item, _)| item));
    let privacy = stored.as_ref().and_then(|item| item.body.get("privacy")?.as_str());
    match privacy {
        Some("secret") => Err(SetError::not_found()),
        Some("private") => Err(SetError::new("forbidden", "the event is private")),
        _ => Ok(()),
    }
}

/// What a user makes of another's event is public.
pub(super) fn check_result(run: &Run<'_, '_>, event: &Event) -> Result<(), SetError> {
    let public = event.get("privacy").is_none_or(|privacy| privacy == "public");
    if public || !is_foreign(run) {
        return Ok(());
    }
    let reason = "an event in another user's calendar is public";
    Err(SetError::invalid_properties(["privacy".to_owned()], reason))
}
