//! Points in time as Graph states them: a wall-clock time and the name of a zone.
//!
//! A stored moment keeps the zone's name as the client gave it, because it is answered as
//! `originalStartTimeZone`. Names are IANA or Windows names; one table, the world's, knows both.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use jiff::fmt::temporal::Pieces;
use jiff::tz::TimeZone;
use serde_json::{Value, json};

use super::failure::Failure;
use crate::world::Zone;

/// `2026-04-20T08:00:00.0000000`: Exchange counts in steps of 100 ns.
const CLOCK: &str = "%Y-%m-%dT%H:%M:%S";

/// A `dateTimeTimeZone` as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Moment {
    /// The wall-clock time in that zone.
    pub(crate) local: DateTime,
    /// The zone's name, as it was given.
    pub(crate) zone: String,
}

impl Moment {
    /// Reads what a client sent. An offset in the text wins over the named zone.
    pub(crate) fn parse(value: &Value, property: &str) -> Result<Self, Failure> {
        let named = value.get("timeZone").and_then(Value::as_str).unwrap_or("UTC");
        let zone = zone(named).ok_or_else(|| unsupported(named))?;
        let text = value.get("dateTime").and_then(Value::as_str).unwrap_or_default();
        let (local, instant) = read(text).ok_or_else(|| {
            Failure::invalid(format!(
                "The value '{text}' of the property '{property}' is no date and time."
            ))
        })?;
        let local = match instant {
            Some(instant) => instant.to_zoned(zone).datetime(),
            None => local,
        };
        Ok(Self { local, zone: named.to_owned() })
    }

    /// Reads what is stored; none where it makes no sense.
    pub(crate) fn stored(value: Option<&Value>) -> Option<Self> {
        Self::parse(value?, "").ok()
    }

    /// As it is stored.
    pub(crate) fn to_value(&self) -> Value {
        json!({ "dateTime": clock(self.local), "timeZone": self.zone })
    }

    /// The zone's rules; UTC where the name is not known.
    pub(crate) fn rules(&self) -> TimeZone {
        zone(&self.zone).unwrap_or(TimeZone::UTC)
    }

    /// The instant. A time in a gap is taken with the offset before the gap, an ambiguous one is
    /// the earlier.
    pub(crate) fn instant(&self) -> Timestamp {
        instant(self.local, &self.rules())
    }
}

/// The zone in which a client wants its times: `Prefer: outlook.timezone`.
#[derive(Clone, Debug)]
pub(crate) struct Wanted {
    /// Its name as it was asked for.
    pub(crate) name: String,
    /// Its rules.
    pub(crate) rules: TimeZone,
}

impl Default for Wanted {
    fn default() -> Self {
        Self { name: "UTC".to_owned(), rules: TimeZone::UTC }
    }
}

impl Wanted {
    /// The zone of that name.
    pub(crate) fn named(name: &str) -> Result<Self, Failure> {
        let rules = zone(name).ok_or_else(|| unsupported(name))?;
        Ok(Self { name: name.to_owned(), rules })
    }

    /// An instant as a `dateTimeTimeZone` in this zone.
    pub(crate) fn state(&self, instant: Timestamp) -> Value {
        let local = instant.to_zoned(self.rules.clone()).datetime();
        json!({ "dateTime": clock(local), "timeZone": self.name })
    }

    /// A day as a `dateTimeTimeZone`: midnight, in whatever zone; the date never shifts.
    pub(crate) fn state_day(&self, day: Date) -> Value {
        json!({ "dateTime": clock(day.to_datetime(Time::midnight())), "timeZone": self.name })
    }
}

/// The zone of an IANA or Windows name.
pub(crate) fn named(name: &str) -> Option<Zone> {
    Zone::iana(name).or_else(|| Zone::windows(name))
}

/// The rules of the zone of an IANA or Windows name.
pub(crate) fn zone(name: &str) -> Option<TimeZone> {
    named(name).map(|zone| zone.rules())
}

/// The instant of a wall-clock time in a zone.
pub(crate) fn instant(local: DateTime, zone: &TimeZone) -> Timestamp {
    let found = zone.to_ambiguous_timestamp(local).compatible();
    // Only the last hours of the year 9999 and the first of -9999 have none.
    found.unwrap_or(if local.year() > 0 { Timestamp::MAX } else { Timestamp::MIN })
}

/// The text of a wall-clock time, to the step of 100 ns.
pub(crate) fn clock(local: DateTime) -> String {
    format!("{}.{:07}", local.strftime(CLOCK), local.subsec_nanosecond() / 100)
}

/// The text of an instant as it is answered: to the step of 100 ns, without zeros at its end.
pub(crate) fn stamp(instant: Timestamp) -> String {
    ticks(instant).to_string()
}

/// An instant cut to the step of 100 ns, in which Exchange counts.
pub(crate) fn ticks(instant: Timestamp) -> Timestamp {
    let past = instant.subsec_nanosecond() % 100;
    instant.checked_sub(jiff::SignedDuration::from_nanos(past.into())).unwrap_or(instant)
}

/// The text of an instant that keys exceptions: `2026-04-20T08:00:00Z`.
pub(crate) fn key(instant: Timestamp) -> String {
    instant.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// The instant of such a key.
pub(crate) fn of_key(key: &str) -> Option<Timestamp> {
    key.parse().ok()
}

/// An instant of a query parameter: without an offset it is UTC.
pub(crate) fn parameter(text: &str) -> Option<Timestamp> {
    // A plus sign that was not escaped arrives as a space.
    let text = text.trim().replace(' ', "+");
    let (local, instant) = read(&text)?;
    Some(instant.unwrap_or_else(|| self::instant(local, &TimeZone::UTC)))
}

/// Wall-clock time, and the instant where the text has an offset.
fn read(text: &str) -> Option<(DateTime, Option<Timestamp>)> {
    let pieces = Pieces::parse(text).ok()?;
    let local = pieces.date().to_datetime(pieces.time().unwrap_or(Time::midnight()));
    let offset = pieces.to_numeric_offset();
    let instant = match offset {
        Some(offset) => Some(offset.to_timestamp(local).ok()?),
        None => None,
    };
    Some((local, instant))
}

fn unsupported(name: &str) -> Failure {
    Failure::of("TimeZoneNotSupportedException")
        .saying(format!("A valid TimeZone value must be specified. The following TimeZone value is not supported: '{name}'."))
}
