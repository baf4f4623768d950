//! Start, end, zone and the flag of all-day events.
//!
//! Graph has a start and an end, JSCalendar a start and a length. An all-day event goes from
//! midnight to midnight and has no zone; everything else has one.

use jiff::civil::{DateTime, Time};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Span, Timestamp, Zoned};
use serde_json::{Map, Value, json};

use crate::content::{Inexpressible, Length, Malformed, local, local_text, zone};

use super::refusal::{cannot, malformed};
use super::zones::{self, Held};

/// What is being written or read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Frame<'a> {
    /// An event that takes place once.
    Single,
    /// A series, by its first occurrence.
    Series,
    /// One occurrence of a series in this zone; none when the series is all-day.
    Occurrence(Option<&'a str>),
}

/// When an event takes place, as Graph holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct When {
    /// Whether it is a matter of days.
    pub(super) all_day: bool,
    /// The start, in local time.
    pub(super) start: DateTime,
    /// The zone of the start.
    pub(super) zone: Held,
    end: DateTime,
    end_zone: Held,
}

impl When {
    /// Reads the members of an event or an occurrence.
    pub(super) fn of(
        members: &Map<String, Value>,
        frame: Frame<'_>,
    ) -> Result<Self, Inexpressible> {
        let start = text(members, "start").and_then(local);
        let start = start.ok_or_else(|| cannot("start", "no local date and time"))?;
        let length = text(members, "duration").and_then(Length::parse);
        let length = length.unwrap_or(Length::of_seconds(0));
        let shown_as_day = members.get("showWithoutTime") == Some(&Value::Bool(true));
        if shown_as_day && start.time() == Time::midnight() && length.is_days() {
            Self::days(start, length)
        } else {
            Self::timed(members, whole(start), length, frame)
        }
    }

    /// Graph knows no all-day event shorter than a day.
    fn days(start: DateTime, length: Length) -> Result<Self, Inexpressible> {
        let days = i64::try_from(length.days.max(1)).ok();
        let end = days.and_then(|days| start.checked_add(Span::new().try_days(days).ok()?).ok());
        let end = end.ok_or_else(|| cannot("duration", "ends after the last date"))?;
        let zone = Held { sent: zones::UTC.to_owned(), iana: "Etc/UTC".to_owned() };
        Ok(Self { all_day: true, start, end, end_zone: zone.clone(), zone })
    }

    fn timed(
        members: &Map<String, Value>,
        start: DateTime,
        length: Length,
        frame: Frame<'_>,
    ) -> Result<Self, Inexpressible> {
        let name = text(members, "timeZone")
            .ok_or_else(|| cannot("timeZone", "floating time: every time in graph has a zone"))?;
        let unknown = || cannot("timeZone", "graph documents no such zone");
        let own = zone(name).ok_or_else(unknown)?;
        let held = match frame {
            Frame::Occurrence(Some(series)) => zones::held(series),
            _ => zones::held(name),
        };
        let held = held.ok_or_else(unknown)?;
        let target = zone(&held.iana).ok_or_else(unknown)?;
        let too_late = |_| cannot("duration", "ends after the last date");
        let begin = start.to_zoned(own).map_err(too_late)?;
        let end = finish(&begin, length, frame).map_err(too_late)?;
        let begin = begin.with_time_zone(target.clone());
        if frame == Frame::Series && begin.datetime() != start {
            return Err(cannot("start", "the series starts at a time that its zone does not have"));
        }
        let elsewhere = text(members, "endTimeZone").filter(|_| frame == Frame::Single);
        let elsewhere = elsewhere.and_then(zones::held);
        let (end_zone, end) = match elsewhere.and_then(|at| Some((zone(&at.iana)?, at))) {
            Some((zone, at)) => (at, end.with_time_zone(zone)),
            None => (held.clone(), end.with_time_zone(target)),
        };
        let (start, end) = (begin.datetime(), end.datetime());
        Ok(Self { all_day: false, start, end, zone: held, end_zone })
    }

    /// Puts the properties of Graph into a body.
    pub(super) fn put(&self, body: &mut Map<String, Value>) {
        let point =
            |at: DateTime, zone: &Held| json!({"dateTime": local_text(at), "timeZone": zone.sent});
        body.insert("start".to_owned(), point(self.start, &self.zone));
        body.insert("end".to_owned(), point(self.end, &self.end_zone));
        body.insert("isAllDay".to_owned(), Value::Bool(self.all_day));
    }
}

/// The time members of an event or an occurrence that Graph holds.
pub(super) fn read(
    body: &Map<String, Value>,
    frame: Frame<'_>,
) -> Result<Map<String, Value>, Malformed> {
    let mut members = Map::new();
    let (start, end) = (Point::of(body, "start")?, Point::of(body, "end")?);
    if body.get("isAllDay") == Some(&Value::Bool(true)) {
        let days = start.local.date().until(end.local.date());
        let days = days.ok().and_then(|span| u64::try_from(span.get_days()).ok());
        members.insert("start".to_owned(), midnight(start.local).into());
        members.insert("duration".to_owned(), Length::of_days(days.unwrap_or(1)).text().into());
        members.insert("showWithoutTime".to_owned(), Value::Bool(true));
        return Ok(members);
    }
    let name = name_of(body, &start, frame)?;
    let own = zone(&name).ok_or_else(|| malformed("timeZone", "is no zone known here"))?;
    let begin = start.zoned("start")?.with_time_zone(own.clone());
    let end = end.zoned("end")?.with_time_zone(own);
    let length = match frame {
        Frame::Single => {
            Length::of_seconds(end.timestamp().duration_since(begin.timestamp()).as_secs())
        }
        Frame::Series | Frame::Occurrence(_) => by_the_clock(&begin, &end),
    };
    let length = if length.negative { Length::of_seconds(0) } else { length };
    if frame == Frame::Single {
        let elsewhere = text(body, "originalEndTimeZone").and_then(zones::iana);
        if let Some(elsewhere) = elsewhere.filter(|elsewhere| *elsewhere != name) {
            members.insert("endTimeZone".to_owned(), elsewhere.into());
        }
    }
    members.insert("start".to_owned(), local_text(begin.datetime()).into());
    members.insert("duration".to_owned(), length.text().into());
    members.insert("timeZone".to_owned(), name.into());
    Ok(members)
}

/// The name of the zone that an event is to be read in.
fn name_of(
    body: &Map<String, Value>,
    start: &Point,
    frame: Frame<'_>,
) -> Result<String, Malformed> {
    if let Frame::Occurrence(Some(series)) = frame {
        return Ok(series.to_owned());
    }
    let of_rule =
        body.get("recurrence").and_then(|value| value.pointer("/range/recurrenceTimeZone"));
    let given = text(body, "originalStartTimeZone").and_then(zones::iana);
    let given = given.or_else(|| of_rule.and_then(Value::as_str).and_then(zones::iana));
    match given {
        Some(name) => Ok(name),
        // An instant is the same in any zone; a series is not.
        None if frame != Frame::Series => Ok(start.zone.clone()),
        None => Err(malformed("originalStartTimeZone", "is no zone known here")),
    }
}

/// A `dateTimeTimeZone`.
struct Point {
    local: DateTime,
    zone: String,
}

impl Point {
    fn of(body: &Map<String, Value>, name: &str) -> Result<Self, Malformed> {
        let value = body.get(name).and_then(Value::as_object);
        let value = value.ok_or_else(|| malformed(name, "is missing"))?;
        let time = text(value, "dateTime").map(|time| time.trim_end_matches('Z')).and_then(local);
        let local = time.ok_or_else(|| malformed(name, "is no date and time"))?;
        let zone = text(value, "timeZone").map_or(Some("Etc/UTC".to_owned()), zones::iana);
        let zone = zone.ok_or_else(|| malformed(name, "is in a zone unknown here"))?;
        Ok(Self { local, zone })
    }

    fn zoned(&self, name: &str) -> Result<Zoned, Malformed> {
        let zoned = zone(&self.zone).and_then(|zone| self.local.to_zoned(zone).ok());
        zoned.ok_or_else(|| malformed(name, "is outside of all dates"))
    }
}

/// The local start, by the rule, of the occurrence that began at an instant. A series keeps its
/// time of day where a zone skips it.
pub(super) fn original(at: Timestamp, zone: &TimeZone, time_of_day: Time) -> DateTime {
    let shown = at.to_zoned(zone.clone()).datetime();
    let by_rule = shown.date().to_datetime(time_of_day);
    let same = by_rule.to_zoned(zone.clone()).is_ok_and(|zoned| zoned.timestamp() == at);
    if same { by_rule } else { shown }
}

/// When an event ends. JSCalendar counts days by the wall clock and the rest exactly; Graph repeats
/// a series by the wall clock alone.
fn finish(begin: &Zoned, length: Length, frame: Frame<'_>) -> Result<Zoned, jiff::Error> {
    let days = i64::try_from(length.days).unwrap_or(i64::MAX);
    let seconds = i64::try_from(length.seconds).unwrap_or(i64::MAX);
    let (days, rest) = (Span::new().try_days(days)?, SignedDuration::from_secs(seconds));
    if frame == Frame::Single {
        return begin.checked_add(days)?.checked_add(rest);
    }
    let shown = begin.datetime().checked_add(days)?.checked_add(rest)?;
    shown.to_zoned(begin.time_zone().clone())
}

/// The length of an occurrence by the wall clock.
fn by_the_clock(begin: &Zoned, finish: &Zoned) -> Length {
    let exact = finish.timestamp().duration_since(begin.timestamp());
    let shown = finish.datetime().duration_since(begin.datetime());
    // Where the clocks skip the end, it is shown an hour late.
    let late =
        begin.datetime().checked_add(exact).and_then(|at| at.to_zoned(begin.time_zone().clone()));
    let skipped = late.is_ok_and(|at| at.timestamp() == finish.timestamp());
    Length::of_seconds(if skipped { exact } else { shown }.as_secs()).in_days()
}

fn midnight(at: DateTime) -> String {
    local_text(at.date().to_datetime(Time::midnight()))
}

/// Graph keeps no parts of seconds that anything depends on.
fn whole(at: DateTime) -> DateTime {
    at.with().subsec_nanosecond(0).build().unwrap_or(at)
}

fn text<'a>(members: &'a Map<String, Value>, name: &str) -> Option<&'a str> {
    members.get(name).and_then(Value::as_str).filter(|text| !text.is_empty())
}
