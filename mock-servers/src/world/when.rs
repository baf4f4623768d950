//! Points in time and lengths of time as calendars state them: dates, floating local times and
//! local times in a zone.

use std::fmt;

use jiff::{
    SignedDuration, Timestamp,
    civil::{Date, DateTime, Time},
    tz::{AmbiguousOffset, TimeZone},
};
use serde::{Deserialize, Serialize};

use super::windows_zones;

/// Seconds of a day without a change of the clock.
const DAY: i64 = 86_400;

/// An IANA time zone that the bundled database knows; `Etc/UTC` for UTC.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Zone(String);

impl Zone {
    /// UTC.
    #[must_use]
    pub fn utc() -> Zone {
        Zone("Etc/UTC".to_owned())
    }

    /// The zone of this IANA name, in the database's spelling; none if there is no such zone.
    #[must_use]
    pub fn iana(name: &str) -> Option<Zone> {
        let zone = TimeZone::get(name).ok()?;
        let known = zone.iana_name()?;
        let utc = ["UTC", "Etc/UTC", "Etc/UCT", "UCT", "Etc/Zulu", "Zulu", "Etc/Universal"];
        Some(if utc.contains(&known) { Zone::utc() } else { Zone(known.to_owned()) })
    }

    /// The zone that a Windows name stands for, or what Outlook shows for it (CLDR).
    #[must_use]
    pub fn windows(name: &str) -> Option<Zone> {
        windows_zones::iana(name).and_then(Zone::iana)
    }

    /// Every zone of Windows: its name, the IANA zone for it, and what is shown for it.
    pub(crate) fn windows_all() -> impl Iterator<Item = (&'static str, &'static str, &'static str)>
    {
        windows_zones::ZONES.iter().copied()
    }

    /// Its Windows name, where that name stands for exactly this zone (CLDR).
    #[must_use]
    pub fn windows_name(&self) -> Option<&'static str> {
        windows_zones::windows(&self.0)
    }

    /// Its IANA name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.0
    }

    /// True for UTC.
    #[must_use]
    pub fn is_utc(&self) -> bool {
        self.0 == "Etc/UTC"
    }

    /// Its rules.
    #[must_use]
    pub fn rules(&self) -> TimeZone {
        TimeZone::get(&self.0).unwrap_or(TimeZone::UTC)
    }
}

impl TryFrom<String> for Zone {
    type Error = UnknownZone;

    fn try_from(name: String) -> Result<Zone, UnknownZone> {
        Zone::iana(&name).ok_or(UnknownZone { name })
    }
}

impl From<Zone> for String {
    fn from(zone: Zone) -> String {
        zone.0
    }
}

/// A name that stands for no zone of the bundled database.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no time zone `{name}`")]
pub struct UnknownZone {
    /// The name.
    pub name: String,
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A point in time as an event states it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum When {
    /// A day, of an all-day event.
    Date(Date),
    /// The same wall-clock time wherever the reader is.
    Floating(DateTime),
    /// A wall-clock time in a zone.
    Zoned(DateTime, Zone),
}

impl When {
    /// The wall-clock time; midnight for a day.
    #[must_use]
    pub fn local(&self) -> DateTime {
        match self {
            When::Date(date) => date.to_datetime(Time::midnight()),
            When::Floating(local) | When::Zoned(local, _) => *local,
        }
    }

    /// The zone, where there is one.
    #[must_use]
    pub fn zone(&self) -> Option<&Zone> {
        match self {
            When::Zoned(_, zone) => Some(zone),
            When::Date(_) | When::Floating(_) => None,
        }
    }

    /// True for a day.
    #[must_use]
    pub fn is_date(&self) -> bool {
        matches!(self, When::Date(_))
    }

    /// The instant; none for days and floating times. A time in a gap is taken with the offset
    /// before the gap, an ambiguous one is the earlier (RFC 5545, section 3.3.5).
    #[must_use]
    pub fn instant(&self) -> Option<Timestamp> {
        match self {
            When::Zoned(local, zone) => {
                zone.rules().to_ambiguous_timestamp(*local).compatible().ok()
            }
            When::Date(_) | When::Floating(_) => None,
        }
    }

    /// Whether the clocks of its zone skip it.
    #[must_use]
    pub(super) fn is_skipped(&self) -> bool {
        match self {
            When::Zoned(local, zone) => {
                matches!(
                    zone.rules().to_ambiguous_timestamp(*local).offset(),
                    AmbiguousOffset::Gap { .. }
                )
            }
            When::Date(_) | When::Floating(_) => false,
        }
    }

    /// A point in time of the same kind, and in the same zone, at another wall-clock time.
    #[must_use]
    pub(super) fn at(&self, local: DateTime) -> When {
        match self {
            When::Date(_) => When::Date(local.date()),
            When::Floating(_) => When::Floating(local),
            When::Zoned(_, zone) => When::Zoned(local, zone.clone()),
        }
    }

    /// This point stated as another one is: a day, a floating time, or a time in the same zone. A
    /// day becomes the time of the other one on that day.
    #[must_use]
    pub(super) fn stated_as(&self, like: &When) -> When {
        match (like, self) {
            (When::Zoned(_, zone), When::Zoned(_, own)) if zone != own => {
                let local = self.instant().map(|instant| zone.rules().to_datetime(instant));
                local.map_or_else(|| self.clone(), |local| like.at(local))
            }
            (When::Date(_), _) => like.at(self.local()),
            (_, When::Date(date)) => like.at(date.to_datetime(like.local().time())),
            _ => like.at(self.local()),
        }
    }

    /// The point that lies this long after it: days on the calendar first, then exact seconds. None
    /// outside of the range of dates.
    #[must_use]
    pub(crate) fn plus(&self, span: Span) -> Option<When> {
        // A day has no time that seconds could move; a part of a day counts as a whole one.
        let (days, seconds) = match self {
            When::Date(_) => (span.days + (span.seconds + DAY - 1).div_euclid(DAY), 0),
            When::Floating(_) | When::Zoned(..) => (span.days, span.seconds),
        };
        let local = add_days(self.local(), days)?;
        if seconds == 0 {
            return Some(self.at(local));
        }
        match self.at(local) {
            When::Zoned(_, zone) => {
                let instant = zone.rules().to_ambiguous_timestamp(local).compatible().ok()?;
                let instant = instant.checked_add(SignedDuration::from_secs(seconds)).ok()?;
                Some(When::Zoned(zone.rules().to_datetime(instant), zone))
            }
            _ => Some(self.at(local.checked_add(SignedDuration::from_secs(seconds)).ok()?)),
        }
    }

    /// How long after this point another one lies: in days between days, else in exact seconds.
    /// None between a floating time and one in a zone.
    #[must_use]
    pub(super) fn until(&self, end: &When) -> Option<Span> {
        match (self, end) {
            (When::Date(from), When::Date(to)) => {
                Some(Span { days: days_between(*from, *to), seconds: 0 })
            }
            (When::Zoned(..), When::Zoned(..)) => {
                let (from, to) = (self.instant()?, end.instant()?);
                Some(Span { days: 0, seconds: to.as_second() - from.as_second() })
            }
            (When::Floating(from), When::Floating(to)) => {
                Some(Span { days: 0, seconds: to.duration_since(*from).as_secs() })
            }
            _ => None,
        }
    }
}

/// A wall-clock time some days on; none outside of the range of dates.
pub(super) fn add_days(local: DateTime, days: i64) -> Option<DateTime> {
    local.checked_add(jiff::Span::new().try_days(days).ok()?).ok()
}

/// The days from one date to another.
pub(super) fn days_between(from: Date, to: Date) -> i64 {
    to.duration_since(from).as_secs() / DAY
}

/// A signed length of time: nominal days, and exact seconds beside them.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub struct Span {
    /// Nominal days, weeks included; negative in a span that goes back.
    pub days: i64,
    /// Exact seconds; of the same sign as the days, unless one of them is 0.
    pub seconds: i64,
}

impl Span {
    /// True if it goes back.
    #[must_use]
    pub fn is_negative(self) -> bool {
        self.days < 0 || self.seconds < 0
    }
}

/// As JSCalendar writes it (jscalendarbis-15, SignedDuration): `PT1H0M5S`, `-P1DT2H`.
impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (days, seconds) = (self.days.unsigned_abs(), self.seconds.unsigned_abs());
        f.write_str(if self.is_negative() { "-P" } else { "P" })?;
        if days > 0 {
            write!(f, "{days}D")?;
        }
        if seconds == 0 {
            return f.write_str(if days > 0 { "" } else { "T0S" });
        }
        f.write_str("T")?;
        let (hours, minutes, seconds) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
        if hours > 0 {
            write!(f, "{hours}H")?;
        }
        // Seconds may follow minutes only, so that these are written between hours and seconds.
        if minutes > 0 || (hours > 0 && seconds > 0) {
            write!(f, "{minutes}M")?;
        }
        if seconds > 0 {
            write!(f, "{seconds}S")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
