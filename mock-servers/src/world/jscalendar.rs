//! A source event as a JSCalendar `Event` object with the names of jscalendarbis-15, converted as
//! jscalendar-icalendar-25 has it.
//!
//! Everything that an event holds finds a place: what the two drafts have no member for goes to the
//! `iCalendar` member, which the second one defines, as jCal properties. Departures:
//!
//! - A description is HTML where the file has HTML of it, `X-ALT-DESC` included.
//! - `updated` is `LAST-MODIFIED`, else `DTSTAMP`; where the file has neither it is left out
//!   although it is mandatory, because servers set it.
//! - Not written: the description of an alarm, inline `VLOCATION` and `PARTICIPANT` components.

mod overrides;
mod parts;
mod people;
mod rule;

use calamity_evidence::Lineage;
use jiff::{Timestamp, civil::DateTime};
use serde_json::{Map, Value, json};

use super::{Class, SourceEvent, Status, Unwritable};

/// The event as a JSCalendar object: its title and those of its exceptions marked with the token.
///
/// `owner` is the mail address of the calendar's user, who organizes what has attendees and no
/// organizer.
///
/// # Errors
/// When JSCalendar has no way to hold it; at present it can hold every event that the reader gives.
pub fn jscalendar(
    event: &SourceEvent,
    lineage: &Lineage,
    owner: &str,
) -> Result<Map<String, Value>, Unwritable> {
    let mut object = single(event, lineage, owner);
    if let Some(rule) = &event.rule {
        object.insert("recurrenceRule".to_owned(), rule::rule(rule, &event.start));
    }
    let overrides = overrides::overrides(event, &object, lineage, owner);
    if !overrides.is_empty() {
        object.insert("recurrenceOverrides".to_owned(), Value::Object(overrides));
    }
    Ok(object)
}

/// An event without what makes it recur.
fn single(event: &SourceEvent, lineage: &Lineage, owner: &str) -> Map<String, Value> {
    let mut object = Map::new();
    let mut put = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            object.insert(name.to_owned(), value);
        }
    };
    put("@type", Some(json!("Event")));
    put("version", Some(json!("2.0")));
    put("uid", Some(json!(event.uid)));
    put("title", Some(json!(lineage.mark(&event.title))));
    put("start", Some(json!(local(event.start.local()))));
    put("duration", Some(json!(event.duration.to_string())));
    put("timeZone", event.start.zone().map(|zone| json!(zone.name())));
    put("endTimeZone", end_zone(event));
    put("showWithoutTime", event.all_day.then_some(json!(true)));
    let html = event.html.as_deref();
    let description = html.unwrap_or(&event.description);
    put("description", (!description.is_empty()).then(|| json!(description)));
    put("descriptionContentType", html.map(|_| json!("text/html")));
    put("locale", event.language.as_ref().map(|language| json!(language)));
    put("keywords", set(&event.categories));
    put("categories", set(&event.concepts));
    put("color", event.color.as_ref().map(|color| json!(color)));
    put("created", event.created.map(|at| json!(instant(at))));
    put("updated", event.modified.map(|at| json!(instant(at))));
    put("sequence", (event.sequence > 0).then(|| json!(event.sequence)));
    put("priority", (event.priority > 0).then(|| json!(event.priority)));
    put("freeBusyStatus", event.transparent.then_some(json!("free")));
    put("privacy", privacy(event.class).map(|privacy| json!(privacy)));
    put("status", event.status.map(|status| json!(status_name(status))));
    put("locations", parts::locations(event));
    put("virtualLocations", parts::virtual_locations(event));
    put("links", parts::links(event));
    put("relatedTo", parts::relations(event));
    put("alerts", parts::alerts(event));
    put("organizerCalendarAddress", people::organizer(event, owner).map(|address| json!(address)));
    put("participants", people::participants(event, owner));
    put("iCalendar", parts::extension(event));
    object
}

/// A `LocalDateTime`.
fn local(at: DateTime) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%S").to_string()
}

/// A `UTCDateTime`.
fn instant(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// A set of names; none if it is empty.
fn set<'a>(names: impl IntoIterator<Item = &'a String>) -> Option<Value> {
    let map: Map<String, Value> =
        names.into_iter().map(|name| (name.clone(), json!(true))).collect();
    (!map.is_empty()).then_some(Value::Object(map))
}

fn end_zone(event: &SourceEvent) -> Option<Value> {
    let (start, end) = (event.start.zone()?, event.end.zone()?);
    (start != end).then(|| json!(end.name()))
}

fn privacy(class: Class) -> Option<&'static str> {
    match class {
        Class::Public => None,
        Class::Private => Some("private"),
        Class::Confidential => Some("secret"),
    }
}

fn status_name(status: Status) -> &'static str {
    match status {
        Status::Tentative => "tentative",
        Status::Confirmed => "confirmed",
        Status::Cancelled => "cancelled",
    }
}

#[cfg(test)]
mod tests;
