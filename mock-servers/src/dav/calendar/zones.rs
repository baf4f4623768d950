//! Time zones of a body: names that the time zone database knows, else the rules of the body's own
//! `VTIMEZONE` (RFC 5545 section 3.6.5).
//!
//! A name wins over rules, because writers ship stale rules with good names; the same holds in
//! RFC 7809, where a standard zone needs no `VTIMEZONE` at all.

use std::{collections::BTreeMap, sync::Arc};

use jiff::{Timestamp, civil::DateTime, tz::TimeZone};

use super::tree;
use crate::world::reader::{
    component::Component,
    vtimezone::{Onsets, VTimeZone},
    zones::named,
};

/// The years for which the rules of a `VTIMEZONE` are followed.
const YEARS: std::ops::RangeInclusive<i16> = 1900..=2150;
/// How far around a moment a change of the clock can matter.
const DAY: i64 = 86_400;
/// Zones of one body beyond which the rest is not read.
const ZONES_MAX: usize = 1_000;

/// A time zone.
#[derive(Clone, Debug)]
pub(crate) struct Zone(Rules);

#[derive(Clone, Debug)]
enum Rules {
    Known(TimeZone),
    Own(Arc<Onsets>),
}

impl Zone {
    /// UTC.
    #[must_use]
    pub(crate) fn utc() -> Zone {
        Zone(Rules::Known(TimeZone::UTC))
    }

    /// The zone of a name: an IANA name, a Windows name, or a path that ends in an IANA name.
    #[must_use]
    pub(crate) fn named(name: &str) -> Option<Zone> {
        named(name).map(|zone| Zone(Rules::Known(zone.rules())))
    }

    /// The zone of an iCalendar text with one `VTIMEZONE`, as `CALDAV:calendar-timezone` and
    /// `CALDAV:timezone` hold it (RFC 4791 sections 5.2.2 and 9.8). None where there is not exactly
    /// one that can be read, or something else beside it.
    #[must_use]
    pub(crate) fn vtimezone(text: &[u8]) -> Option<Zone> {
        let roots = tree::raw(text).ok()?;
        let [calendar] = roots.as_slice() else { return None };
        let [zone] = calendar.components.as_slice() else { return None };
        if zone.name != "VTIMEZONE" || VTimeZone::read(zone).is_none() {
            return None;
        }
        let name = zone.property("TZID")?.text();
        Zone::named(&name).or_else(|| Zone::own(zone))
    }

    fn own(component: &Component) -> Option<Zone> {
        let zone = VTimeZone::read(component)?;
        Some(Zone(Rules::Own(Arc::new(zone.onsets(YEARS)))))
    }

    /// The moment of a wall-clock time, in seconds since 1970. Of a time that comes twice it is the
    /// earlier; one that does not come has the offset before the gap (RFC 5545 section 3.3.5).
    #[must_use]
    pub(crate) fn instant(&self, local: DateTime) -> i64 {
        match &self.0 {
            Rules::Known(zone) => match zone.to_ambiguous_timestamp(local).compatible() {
                Ok(moment) => moment.as_second(),
                Err(_) => seconds(local),
            },
            Rules::Own(onsets) => {
                let local = seconds(local);
                let around = [-DAY, 0, DAY].map(|shift| onsets.offset(local + shift));
                let holds = |offset: &i32| onsets.offset(local - i64::from(*offset)) == *offset;
                let offset = around.into_iter().filter(holds).max().unwrap_or(around[0]);
                local - i64::from(offset)
            }
        }
    }

    /// The wall-clock time of a moment; none outside of the years 1 to 9999.
    #[must_use]
    pub(crate) fn local(&self, moment: i64) -> Option<DateTime> {
        match &self.0 {
            Rules::Known(zone) => {
                Timestamp::from_second(moment).ok().map(|at| zone.to_datetime(at))
            }
            Rules::Own(onsets) => utc(moment.saturating_add(i64::from(onsets.offset(moment)))),
        }
    }
}

/// The wall-clock time in UTC of a moment in seconds since 1970.
pub(super) fn utc(moment: i64) -> Option<DateTime> {
    Timestamp::from_second(moment).ok().map(|at| TimeZone::UTC.to_datetime(at))
}

/// A wall-clock time as if it were UTC, in seconds since 1970.
pub(super) fn seconds(local: DateTime) -> i64 {
    local.duration_since(DateTime::constant(1970, 1, 1, 0, 0, 0, 0)).as_secs()
}

/// The zones of one body.
#[derive(Clone, Debug, Default)]
pub(super) struct Zones {
    own: BTreeMap<String, Zone>,
}

impl Zones {
    /// The zones that a calendar defines under names that nobody else knows.
    pub(super) fn read(calendar: &Component) -> Zones {
        let mut zones = Zones::default();
        for component in calendar.inner("VTIMEZONE").take(ZONES_MAX) {
            let Some(id) = component.property("TZID").map(|property| property.text()) else {
                continue;
            };
            if Zone::named(&id).is_none()
                && let Some(zone) = Zone::own(component)
            {
                zones.own.entry(id).or_insert(zone);
            }
        }
        zones
    }

    /// The zone that a `TZID` stands for in this body.
    pub(super) fn find(&self, id: &str) -> Option<Zone> {
        self.own.get(id).cloned().or_else(|| Zone::named(id))
    }
}
