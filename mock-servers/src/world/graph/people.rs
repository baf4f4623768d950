//! `organizer` and `attendees` (Graph v1.0).

use serde_json::{Value, json};

use super::{
    super::{Attendee, AttendeeStatus, SourceEvent, Unwritable},
    NEVER,
    reasons::{self, refused},
};

/// Attendees that an event may have (Graph v1.0, `event`).
const ATTENDEES_MAX: usize = 500;

/// The organizer: the owner where nobody else organizes. And whether it is the owner.
pub(super) fn organizer(event: &SourceEvent, owner: &str) -> Result<(Value, bool), Unwritable> {
    let Some(organizer) = &event.organizer else {
        return Ok((json!({ "emailAddress": { "name": owner, "address": owner } }), true));
    };
    let mail = organizer.mail().ok_or_else(|| refused("ORGANIZER", reasons::NO_MAIL))?;
    let name = organizer.name.as_deref().unwrap_or(mail);
    let own = mail.eq_ignore_ascii_case(owner);
    Ok((json!({ "emailAddress": { "name": name, "address": mail } }), own))
}

/// The attendees. The organizer is none: Graph keeps it apart.
pub(super) fn attendees(event: &SourceEvent) -> Result<Value, Unwritable> {
    let organizer = event.organizer.as_ref();
    let mut list = Vec::new();
    for attendee in &event.attendees {
        if organizer.is_some_and(|one| one.address.eq_ignore_ascii_case(&attendee.address)) {
            continue;
        }
        let mail = attendee.mail().ok_or_else(|| refused("ATTENDEE", reasons::NO_MAIL))?;
        list.push(json!({
            "type": kind(attendee),
            "status": { "response": response(attendee.status), "time": NEVER },
            "emailAddress": { "name": attendee.name.as_deref().unwrap_or(mail), "address": mail },
        }));
    }
    if list.len() > ATTENDEES_MAX {
        return Err(refused("ATTENDEE", reasons::TOO_MANY_ATTENDEES));
    }
    Ok(Value::Array(list))
}

/// What the owner answered: `organizer`, the answer of the owner's own entry, or nothing yet.
pub(super) fn own_response(event: &SourceEvent, owner: &str, own: bool) -> Value {
    let entry = event
        .attendees
        .iter()
        .find(|attendee| attendee.mail().is_some_and(|mail| mail.eq_ignore_ascii_case(owner)));
    let response = match entry {
        _ if own => "organizer",
        Some(attendee) => response(attendee.status),
        None => "none",
    };
    json!({ "response": response, "time": NEVER })
}

fn kind(attendee: &Attendee) -> &'static str {
    match (attendee.kind.as_str(), attendee.role.as_str()) {
        ("ROOM" | "RESOURCE", _) => "resource",
        (_, "OPT-PARTICIPANT" | "NON-PARTICIPANT") => "optional",
        _ => "required",
    }
}

/// Graph knows no delegation: who sent somebody else has not answered.
fn response(status: AttendeeStatus) -> &'static str {
    match status {
        AttendeeStatus::NeedsAction | AttendeeStatus::Delegated => "none",
        AttendeeStatus::Accepted => "accepted",
        AttendeeStatus::Declined => "declined",
        AttendeeStatus::Tentative => "tentativelyAccepted",
    }
}
