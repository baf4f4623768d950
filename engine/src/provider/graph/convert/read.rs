//! From what Graph holds to an event.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;
use serde_json::{Map, Value};

use crate::content::{Event, Malformed, local, local_text, unwrap_goid, zone};
use crate::model::Uid;

use super::recurrence::Recurrence;
use super::refusal::malformed;
use super::times::{self, Frame};
use super::{Read, Stored, UID_PROPERTY, alerts, body, fingerprint, people, places, status, zones};

/// Reads a stored event.
///
/// # Errors
/// [`Malformed`] when a member on which others rest makes no sense: start, end, zone, recurrence,
/// the original start of an exception, or when there is no identity.
pub(crate) fn read(stored: &Stored) -> Result<Read, Malformed> {
    let master = &stored.master;
    let uid = identity(master).ok_or_else(|| malformed("iCalUId", "is missing"))?;
    let nobody = is_empty(master.get("attendees")) && is_empty(master.get("organizer"));
    let updated = master.get("lastModifiedDateTime").and_then(Value::as_str);
    Ok(Read {
        event: event(stored)?,
        uid: Uid(uid),
        own: master.get("isOrganizer") != Some(&Value::Bool(false)) || nobody,
        updated: updated.and_then(|text| text.parse().ok()),
        raw: fingerprint::of(stored),
    })
}

/// The content of a stored event.
pub(super) fn event(stored: &Stored) -> Result<Event, Malformed> {
    let recurrence = stored.master.get("recurrence").filter(|value| !value.is_null());
    let Some(recurrence) = recurrence.map(Recurrence::read).transpose()? else {
        return Event::canonical(members(&stored.master, Frame::Single)?);
    };
    let mut event = members(&stored.master, Frame::Series)?;
    let base = Base::of(&event, &stored.master)?;
    let overrides = overrides(stored, &event, &base)?;
    event.insert("recurrenceRule".to_owned(), Value::Object(recurrence.rule(base.start)));
    event.insert("recurrenceOverrides".to_owned(), Value::Object(overrides));
    Event::canonical(event)
}

/// The members that stand for the properties of an event or an occurrence.
fn members(body: &Map<String, Value>, frame: Frame<'_>) -> Result<Map<String, Value>, Malformed> {
    let mut members = times::read(body, frame)?;
    let subject = body.get("subject").and_then(Value::as_str).unwrap_or_default();
    members.insert("title".to_owned(), Value::from(subject));
    let hidden = body.get("hideAttendees") == Some(&Value::Bool(true));
    members.insert("hideAttendees".to_owned(), Value::Bool(hidden));
    let categories = body.get("categories").and_then(Value::as_array);
    let keywords: Map<String, Value> = categories
        .into_iter()
        .flatten()
        .filter_map(|word| Some((word.as_str()?.to_owned(), Value::Bool(true))))
        .collect();
    members.insert("keywords".to_owned(), Value::Object(keywords));
    body::read(body.get("body"), &mut members);
    places::read(body, &mut members);
    people::read(body, &mut members);
    status::read(body, &mut members);
    alerts::read(body, &mut members);
    Ok(members)
}

/// What the occurrences of a series are counted by.
struct Base {
    start: DateTime,
    /// None when the series is all-day.
    zone: Option<String>,
    /// The zone in which instants are local starts.
    clock: TimeZone,
}

impl Base {
    fn of(event: &Map<String, Value>, body: &Map<String, Value>) -> Result<Self, Malformed> {
        let text = |name: &str| event.get(name).and_then(Value::as_str);
        let start = text("start").and_then(local);
        let start = start.ok_or_else(|| malformed("start", "is no date and time"))?;
        let own = text("timeZone").map(str::to_owned);
        let given = body.get("originalStartTimeZone").and_then(Value::as_str);
        let name = own.clone().or_else(|| given.and_then(zones::iana));
        let clock = name.as_deref().and_then(zone).unwrap_or(TimeZone::UTC);
        Ok(Self { start, zone: own, clock })
    }

    /// The start by the rule of the occurrence that began at an instant.
    fn original(&self, at: Timestamp) -> DateTime {
        if self.zone.is_some() {
            return times::original(at, &self.clock, self.start.time());
        }
        // An all-day occurrence begins at midnight: of its own zone, or of UTC.
        let shown = at.to_zoned(self.clock.clone()).datetime();
        let shown = if shown.time() == Time::midnight() {
            shown
        } else {
            at.to_zoned(TimeZone::UTC).datetime()
        };
        self.on(shown.date())
    }

    fn on(&self, date: Date) -> DateTime {
        date.to_datetime(self.start.time())
    }
}

/// The overrides of a series: exceptions with all members that differ, cancelled occurrences.
fn overrides(
    stored: &Stored,
    series: &Map<String, Value>,
    base: &Base,
) -> Result<Map<String, Value>, Malformed> {
    let mut overrides = Map::new();
    for exception in &stored.exceptions {
        let original = exception.get("originalStart").and_then(Value::as_str);
        let original = original.and_then(|text| text.parse::<Timestamp>().ok());
        let original = original.ok_or_else(|| malformed("originalStart", "is no instant"))?;
        // What was not selected is the series', except for when it is.
        let mut body = stored.master.clone();
        body.retain(|name, _| !["end", "isAllDay", "recurrence", "start"].contains(&&**name));
        body.extend(exception.iter().map(|(name, value)| (name.clone(), value.clone())));
        let own = members(&body, Frame::Occurrence(base.zone.as_deref()))?;
        let gone = series.keys().filter(|name| !own.contains_key(*name));
        let mut patch: Map<String, Value> = gone.map(|name| (name.clone(), Value::Null)).collect();
        patch.extend(own);
        overrides.insert(local_text(base.original(original)), Value::Object(patch));
    }
    for text in &stored.cancelled {
        let at = cancelled(text, base);
        let at = at.ok_or_else(|| malformed("cancelledOccurrences", "names no date"))?;
        overrides.insert(local_text(at), serde_json::json!({"excluded": true}));
    }
    Ok(overrides)
}

/// The start of a cancelled occurrence: an instant, a local time, or an id that ends in a date.
fn cancelled(text: &str, base: &Base) -> Option<DateTime> {
    let instant = text.parse::<Timestamp>().ok().map(|at| base.original(at));
    instant.or_else(|| local(text)).or_else(|| {
        let date: Date = text.rsplit('.').next()?.parse().ok()?;
        Some(base.on(date))
    })
}

/// The extended property, else the identity that Graph gave.
fn identity(master: &Map<String, Value>) -> Option<String> {
    let extended = master.get("singleValueExtendedProperties").and_then(Value::as_array);
    let own = extended.into_iter().flatten().find(|property| {
        let id = property.get("id").and_then(Value::as_str);
        id.is_some_and(|id| id.eq_ignore_ascii_case(UID_PROPERTY))
    });
    let own = own.and_then(|property| property.get("value")).and_then(Value::as_str);
    let own = own.filter(|uid| !uid.is_empty()).map(str::to_owned);
    own.or_else(|| {
        let given = master.get("iCalUId").and_then(Value::as_str);
        given.filter(|uid| !uid.is_empty()).map(unwrap_goid)
    })
}

fn is_empty(value: Option<&Value>) -> bool {
    match value {
        None | Some(Value::Null) => true,
        Some(Value::Array(values)) => values.is_empty(),
        Some(_) => false,
    }
}
