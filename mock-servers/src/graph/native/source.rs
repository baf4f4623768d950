//! A stored event as Exchange puts it into messages: as iCalendar (the mapping is [MS-OXCICAL]).

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::Value;

use super::facts::rule_of;
use crate::account::Item;
use crate::graph::moment::{self, Moment};
use crate::graph::recurrence::Series;
use crate::graph::stored::Reading;
use crate::world::{
    Attendee, AttendeeStatus, Class, Exception, Organizer, SourceEvent, Span, Status, When, Zone,
};

/// The event of an item; none where it has no start.
pub(super) fn source(item: &Item) -> Option<SourceEvent> {
    let mut whole = single(&Reading::of(item))?;
    let Some(series) = Series::of(item) else { return Some(whole) };
    whole.rule = Some(rule_of(series.recurrence()));
    let cancelled = item
        .cancelled
        .iter()
        .filter(|key| moment::of_key(key).is_some_and(|original| series.gives(original)));
    whole.exdates = cancelled.filter_map(|key| original(item, key)).collect();
    for instance in series.exceptions() {
        let key = moment::key(instance.original);
        let own = single(&Reading::instance(item, instance));
        if let (Some(original), Some(event)) = (original(item, &key), own) {
            whole.exceptions.push(Exception { original, event });
        }
    }
    Some(whole)
}

/// The original start of an instance, as its series states starts.
pub(super) fn original(item: &Item, key: &str) -> Option<When> {
    let reading = Reading::of(item);
    stated(moment::of_key(key)?, reading.moment("start").as_ref(), reading.flag("isAllDay"))
}

fn stated(instant: Timestamp, like: Option<&Moment>, all_day: bool) -> Option<When> {
    if all_day {
        return Some(When::Date(instant.to_zoned(TimeZone::UTC).date()));
    }
    let zone = moment::named(&like?.zone).unwrap_or_else(Zone::utc);
    Some(When::Zoned(instant.to_zoned(zone.rules()).datetime(), zone))
}

/// An event without what makes it recur.
fn single(reading: &Reading<'_>) -> Option<SourceEvent> {
    let all_day = reading.flag("isAllDay");
    let at = |instant: Option<Timestamp>, name: &str| {
        stated(instant?, reading.moment(name).as_ref(), all_day)
    };
    let start = at(reading.start(), "start")?;
    let end = at(reading.end(), "end").unwrap_or_else(|| start.clone());
    let text = |name: &str| reading.text(name).unwrap_or_default();
    let mut source = SourceEvent::plain(&reading.item.uid, text("subject"), start, Span::default());
    source.end = end;
    source.sequence = reading.item.sequence;
    if let Some(body) = reading.get("body") {
        let content = body["content"].as_str().unwrap_or_default().to_owned();
        match body["contentType"].as_str() {
            Some("html") => source.html = Some(content).filter(|html| !html.is_empty()),
            _ => source.description = content,
        }
    }
    let place = reading.get("location").and_then(|place| place["displayName"].as_str());
    source.location = place.unwrap_or_default().to_owned();
    source.transparent = matches!(text("showAs"), "free" | "workingElsewhere");
    source.class = match text("sensitivity") {
        "private" | "personal" => Class::Private,
        "confidential" => Class::Confidential,
        _ => Class::Public,
    };
    source.status = reading.flag("isCancelled").then_some(Status::Cancelled);
    source.priority = match text("importance") {
        "high" => 1,
        "low" => 9,
        _ => 5,
    };
    people(reading, &mut source);
    Some(source)
}

fn people(reading: &Reading<'_>, source: &mut SourceEvent) {
    source.organizer = reading.get("organizer").and_then(person).map(|(name, address)| Organizer {
        address,
        name,
        ..Organizer::default()
    });
    let asked = reading.get("responseRequested").and_then(Value::as_bool).unwrap_or(true);
    let listed = reading.get("attendees").and_then(Value::as_array);
    for one in listed.into_iter().flatten() {
        let Some((name, address)) = person(one) else { continue };
        let (kind, role) = match one["type"].as_str() {
            Some("optional") => ("INDIVIDUAL", "OPT-PARTICIPANT"),
            Some("resource") => ("RESOURCE", "NON-PARTICIPANT"),
            _ => ("INDIVIDUAL", "REQ-PARTICIPANT"),
        };
        source.attendees.push(Attendee {
            address,
            name,
            kind: kind.to_owned(),
            role: role.to_owned(),
            status: match one["status"]["response"].as_str() {
                Some("accepted") => AttendeeStatus::Accepted,
                Some("declined") => AttendeeStatus::Declined,
                Some("tentativelyAccepted") => AttendeeStatus::Tentative,
                _ => AttendeeStatus::NeedsAction,
            },
            rsvp: asked,
            ..Attendee::default()
        });
    }
}

/// The name and the address of a `recipient`.
fn person(recipient: &Value) -> Option<(Option<String>, String)> {
    let entry = &recipient["emailAddress"];
    let address = entry["address"].as_str()?;
    let name = entry["name"].as_str().filter(|name| !name.is_empty() && *name != address);
    Some((name.map(str::to_owned), format!("mailto:{address}")))
}
