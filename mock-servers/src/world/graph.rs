//! A source event as the Microsoft Graph v1.0 resource that a mailbox would hold
//! (microsoftgraph/msgraph-metadata, `schemas/v1.0-Prod.csdl`; the resource pages of Graph).
//!
//! Times stand in the zone of the event, named as Outlook names it where Windows has a name for
//! exactly that zone, else by its IANA name. What Graph cannot express at all is refused with a
//! stable reason. What it merely has no property for is left out: URL, colour, conferences,
//! attachments, related events, private properties, and all alarms but one (it holds one reminder
//! before the start). What the server makes up is left to it: ids, `iCalUId`, `changeKey`, `type`,
//! `webLink`, `bodyPreview`, the times of creation and change.

mod people;
mod reasons;
mod recurrence;

use std::collections::{BTreeMap, BTreeSet};

use calamity_evidence::Lineage;
use jiff::{Timestamp, tz::TimeZone};
use serde_json::{Map, Value, json};

use super::{
    AlarmAction, Class, SourceEvent, Status, Trigger, Unwritable, When, occurrences::occurrences,
};
use reasons::refused;

/// The time of an answer that nobody gave.
const NEVER: &str = "0001-01-01T00:00:00Z";
/// What Outlook sets where no reminder is wanted; it is kept and plays no part.
const NO_REMINDER_MINUTES: i64 = 15;

/// An event as Microsoft Graph holds it.
#[derive(Clone, Debug, PartialEq)]
pub struct GraphEvent {
    /// The `event` resource: a single instance, or the master of a series.
    pub body: Map<String, Value>,
    /// Changed occurrences by original start, an RFC 3339 UTC instant such as
    /// `2026-04-20T08:00:00Z` (midnight UTC of the day for all-day events, as Graph's
    /// `originalStart` has it). Each holds all properties that an exception can have, in full.
    pub exceptions: BTreeMap<String, Map<String, Value>>,
    /// Cancelled occurrences, by original start in the same form. Dates that the rule does not give
    /// are not among them, because Graph could not have cancelled them.
    pub cancelled: Vec<String>,
}

/// The event as a Graph resource: its subject and those of its exceptions marked with the token.
///
/// `owner` is the mail address of the mailbox's user, who organizes what has no organizer.
///
/// # Errors
/// When Graph has no way to hold it.
pub fn graph(
    event: &SourceEvent,
    lineage: &Lineage,
    owner: &str,
) -> Result<GraphEvent, Unwritable> {
    let mut body = single(event, lineage, owner)?;
    body.insert("recurrence".to_owned(), recurrence::recurrence(event)?);
    let given = given(event);
    let is_given =
        |original: &When| given.as_ref().is_none_or(|known| known.contains(&original.local()));
    let mut exceptions = BTreeMap::new();
    for exception in &event.exceptions {
        if !is_given(&exception.original) {
            return Err(refused("RECURRENCE-ID", reasons::NO_OCCURRENCE));
        }
        let key = key(&exception.original);
        let mut changed = single(&exception.event, lineage, owner)?;
        changed.insert("originalStart".to_owned(), json!(key));
        exceptions.insert(key, changed);
    }
    let cancelled = event.exdates.iter().filter(|date| is_given(date)).map(key).collect();
    Ok(GraphEvent { body, exceptions, cancelled })
}

/// The starts that the rule gives, up to the last one that somebody refers to; none where nobody
/// does or they cannot be known.
fn given(event: &SourceEvent) -> Option<BTreeSet<jiff::civil::DateTime>> {
    let changed = event.exceptions.iter().map(|exception| exception.original.local());
    let last = changed.chain(event.exdates.iter().map(When::local)).max()?;
    // The pattern was written, so that the day it skips backward to is the only thing not known.
    Some(occurrences(event, last)?.into_iter().collect())
}

/// The original start of an occurrence.
fn key(original: &When) -> String {
    let instant = original.instant().or_else(|| TimeZone::UTC.to_timestamp(original.local()).ok());
    instant.unwrap_or(Timestamp::UNIX_EPOCH).strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// An event without what makes it recur.
fn single(
    event: &SourceEvent,
    lineage: &Lineage,
    owner: &str,
) -> Result<Map<String, Value>, Unwritable> {
    if matches!(event.start, When::Floating(_)) {
        return Err(refused("DTSTART", reasons::FLOATING));
    }
    let (organizer, own) = people::organizer(event, owner)?;
    let attendees = people::attendees(event)?;
    let (content_type, content) = match &event.html {
        Some(html) => ("html", html),
        None => ("text", &event.description),
    };
    let (location, locations) = places(event);
    let reminder = reminder(event);
    let mut body = Map::new();
    let mut put = |name: &str, value: Value| {
        body.insert(name.to_owned(), value);
    };
    put("subject", json!(lineage.mark(&event.title)));
    put("body", json!({ "contentType": content_type, "content": content }));
    put("start", moment(&event.start));
    put("end", moment(&event.end));
    put("originalStartTimeZone", json!(zone_name(&event.start)));
    put("originalEndTimeZone", json!(zone_name(&event.end)));
    put("isAllDay", json!(event.all_day));
    put("isCancelled", json!(event.status == Some(Status::Cancelled)));
    put("location", location);
    put("locations", locations);
    put("attendees", attendees);
    put("isOrganizer", json!(own));
    put("organizer", organizer);
    put("responseStatus", people::own_response(event, owner, own));
    put("responseRequested", json!(true));
    put("sensitivity", json!(sensitivity(event.class)));
    put("importance", json!(importance(event.priority)));
    put("showAs", json!(show_as(event)));
    put("isReminderOn", json!(reminder.is_some()));
    put("reminderMinutesBeforeStart", json!(reminder.unwrap_or(NO_REMINDER_MINUTES)));
    put("categories", json!(event.categories));
    put("isOnlineMeeting", json!(false));
    Ok(body)
}

/// A `dateTimeTimeZone`.
fn moment(when: &When) -> Value {
    let clock = when.local().strftime("%Y-%m-%dT%H:%M:%S.0000000").to_string();
    json!({ "dateTime": clock, "timeZone": zone_name(when) })
}

/// The name of a zone as Outlook would give it; UTC for days, which have none.
fn zone_name(when: &When) -> &str {
    when.zone().map_or("UTC", |zone| zone.windows_name().unwrap_or(zone.name()))
}

/// `location` and `locations`, which always correspond with each other.
fn places(event: &SourceEvent) -> (Value, Value) {
    if event.location.is_empty() && event.geo.is_none() {
        return (json!({ "displayName": "", "locationType": "default" }), json!([]));
    }
    let mut place = json!({ "displayName": event.location, "locationType": "default" });
    if let Some(geo) = event.geo {
        place["coordinates"] = json!({ "latitude": geo.latitude, "longitude": geo.longitude });
    }
    (place.clone(), json!([place]))
}

fn sensitivity(class: Class) -> &'static str {
    match class {
        Class::Public => "normal",
        Class::Private => "private",
        Class::Confidential => "confidential",
    }
}

/// RFC 5545, section 3.8.1.9: 1 to 4 is high, 5 is medium, 6 to 9 is low.
fn importance(priority: u8) -> &'static str {
    match priority {
        1..=4 => "high",
        6.. => "low",
        _ => "normal",
    }
}

/// Free where TRANSP says so; else what Outlook left in its own property, which knows more states.
fn show_as(event: &SourceEvent) -> &'static str {
    if event.transparent {
        return "free";
    }
    match event.extra("X-MICROSOFT-CDO-BUSYSTATUS").map(str::trim) {
        Some("TENTATIVE") => "tentative",
        Some("OOF") => "oof",
        Some("WORKINGELSEWHERE") => "workingElsewhere",
        _ if event.status == Some(Status::Tentative) => "tentative",
        _ => "busy",
    }
}

/// The minutes before the start of the reminder that Graph can hold: of several the earliest.
fn reminder(event: &SourceEvent) -> Option<i64> {
    let display = event.alarms.iter().filter(|alarm| alarm.action == AlarmAction::Display);
    let seconds = display.filter_map(|alarm| match alarm.trigger {
        Trigger::Start(span) => Some(-(span.days * 86_400 + span.seconds)),
        // An alarm at one instant belongs to one occurrence.
        Trigger::At(at) if !event.recurs() => {
            Some(event.start.instant()?.as_second() - at.as_second())
        }
        Trigger::At(_) | Trigger::End(_) => None,
    });
    let minutes = seconds.filter(|seconds| *seconds >= 0).map(|seconds| (seconds + 59) / 60);
    minutes.filter(|minutes| i32::try_from(*minutes).is_ok()).max()
}

#[cfg(test)]
mod tests;
