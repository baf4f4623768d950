//! A stored event as iCalendar would say it (jscalendar-icalendar-25, read backwards), for the
//! messages about it: alarms, links and places beyond the first are left out.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::overrides::{self, Override};
use super::{event, rule, times};
use crate::account::Item;
use crate::recurrence;
use crate::world::{
    Attendee, AttendeeStatus, Class, Exception, Organizer, RecurrenceDate, SourceEvent, Status,
    When, Zone,
};

type Event = Map<String, Value>;

/// The event of an item; none where it has no start.
pub(super) fn source(item: &Item) -> Option<SourceEvent> {
    let mut whole = single(&item.body)?;
    whole.sequence = item.sequence.max(event::sequence(&item.body));
    whole.rule = rule::of(&item.body);
    for (local, _, kind) in overrides::all(&item.body) {
        let original = times::placed(&item.body, local);
        let given = match &whole.rule {
            Some(rule) => recurrence::generates(rule, &whole.start, local),
            None => whole.start.local() == local,
        };
        let Override::Changed(changes) = kind else {
            whole.exdates.push(original);
            continue;
        };
        if !given {
            whole.rdates.push(RecurrenceDate { start: original.clone(), duration: None });
        }
        if !given && changes.is_empty() {
            continue;
        }
        let mut own = single(&overrides::occurrence(&item.body, local, Some(changes)))?;
        own.sequence = whole.sequence;
        whole.exceptions.push(Exception { original, event: own });
    }
    Some(whole)
}

/// An event without what makes it recur.
fn single(body: &Event) -> Option<SourceEvent> {
    let text = |name: &str| body.get(name).and_then(Value::as_str).unwrap_or_default();
    let start = times::start(body)?;
    let mut source =
        SourceEvent::plain(text("uid"), text("title"), start.clone(), times::length(body));
    source.end = times::end(&start, source.duration).unwrap_or(start);
    if let (When::Zoned(..), Some(zone)) = (&source.end, Zone::iana(text("endTimeZone")))
        && let Some(instant) = source.end.instant()
    {
        source.end = When::Zoned(instant.to_zoned(zone.rules()).datetime(), zone);
    }
    match text("descriptionContentType") {
        "text/html" => source.html = Some(text("description").to_owned()),
        _ => source.description = text("description").to_owned(),
    }
    let places = body.get("locations").and_then(Value::as_object);
    let first = places.and_then(|places| places.values().find_map(|place| place["name"].as_str()));
    source.location = first.unwrap_or_default().to_owned();
    source.categories = names(body.get("keywords")).collect();
    source.transparent = text("freeBusyStatus") == "free";
    source.class = match text("privacy") {
        "private" => Class::Private,
        "secret" => Class::Confidential,
        _ => Class::Public,
    };
    source.status = match text("status") {
        "tentative" => Some(Status::Tentative),
        "confirmed" => Some(Status::Confirmed),
        "cancelled" => Some(Status::Cancelled),
        _ => None,
    };
    let priority = body.get("priority").and_then(Value::as_u64);
    source.priority = priority.and_then(|number| u8::try_from(number).ok()).unwrap_or(0);
    people(body, &mut source);
    Some(source)
}

fn people(body: &Event, source: &mut SourceEvent) {
    let organizer = event::organizer(body);
    for (_, person) in event::participants(body) {
        let text = |name: &str| person.get(name).and_then(Value::as_str).map(str::to_owned);
        let Some(address) = text("calendarAddress") else { continue };
        let organizes = event::participant_address(person) == organizer;
        if organizes {
            source.organizer = Some(Organizer {
                address: address.clone(),
                name: text("name"),
                ..Organizer::default()
            });
        }
        let roles: BTreeSet<String> = names(person.get("roles")).collect();
        // An owner and nothing else does not attend (jscalendarbis-15, `roles`).
        if organizes && roles.iter().all(|role| role == "owner") {
            continue;
        }
        source.attendees.push(Attendee {
            address,
            name: text("name"),
            kind: kind(text("kind").as_deref()).to_owned(),
            role: role(&roles).to_owned(),
            status: status(text("participationStatus").as_deref()),
            rsvp: person.get("expectReply") == Some(&Value::Bool(true)),
            ..Attendee::default()
        });
    }
    if source.organizer.is_none() {
        let address = body.get("organizerCalendarAddress").and_then(Value::as_str);
        source.organizer = address
            .map(|address| Organizer { address: address.to_owned(), ..Organizer::default() });
    }
}

fn names(set: Option<&Value>) -> impl Iterator<Item = String> {
    set.and_then(Value::as_object).into_iter().flatten().map(|(name, _)| name.clone())
}

fn kind(kind: Option<&str>) -> &'static str {
    match kind {
        Some("group") => "GROUP",
        Some("location") => "ROOM",
        Some("resource") => "RESOURCE",
        _ => "INDIVIDUAL",
    }
}

fn role(roles: &BTreeSet<String>) -> &'static str {
    if roles.contains("chair") {
        "CHAIR"
    } else if roles.contains("optional") {
        "OPT-PARTICIPANT"
    } else if roles.contains("informational") {
        "NON-PARTICIPANT"
    } else {
        "REQ-PARTICIPANT"
    }
}

fn status(status: Option<&str>) -> AttendeeStatus {
    match status {
        Some("accepted") => AttendeeStatus::Accepted,
        Some("declined") => AttendeeStatus::Declined,
        Some("tentative") => AttendeeStatus::Tentative,
        Some("delegated") => AttendeeStatus::Delegated,
        _ => AttendeeStatus::NeedsAction,
    }
}
