//! How long a component lasts: by its end, by its duration, or by neither (RFC 5545 sections
//! 3.6.1, 3.6.2 and 3.8.5.3).

use jiff::{Span, civil::DateTime};

use super::{
    instances::{Clock, End},
    stamp::Stamp,
    tree::Component,
    zones::Zone,
};
use crate::world::reader::values::parse_span;

const DAY: i64 = 86_400;

/// The length that each instance of a component has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Length {
    /// It has neither an end nor a duration.
    None,
    /// It states an end, so many seconds after its start: the same for each instance.
    Exact(i64),
    /// It states an end as a day, so many days after its start.
    Days(i64),
    /// It states a duration: days by the calendar, then seconds.
    Lasting { days: i64, seconds: i64 },
}

impl Length {
    /// The length of a component that starts then.
    pub(super) fn of(component: &Component, start: &Stamp, clock: &Clock<'_>) -> Length {
        let end = if component.name == "VTODO" { "DUE" } else { "DTEND" };
        if let Some(end) = stamp(component, end) {
            return match (start, &end) {
                (Stamp::Date(from), Stamp::Date(to)) => {
                    Length::Days(to.duration_since(*from).as_secs() / DAY)
                }
                _ => Length::Exact(clock.instant(&end) - clock.instant(start)),
            };
        }
        match component.value("DURATION").and_then(parse_span) {
            Some(span) if component.name != "VFREEBUSY" => {
                Length::Lasting { days: span.days, seconds: span.seconds }
            }
            _ => Length::None,
        }
    }

    /// The end of an instance that starts at this wall-clock time.
    pub(super) fn end(self, local: DateTime, start_at: i64, zone: &Zone) -> End {
        match self {
            Length::None => End::None,
            Length::Exact(seconds) => End::Stated(start_at.saturating_add(seconds)),
            Length::Days(days) => End::Stated(days_on(local, start_at, zone, days)),
            Length::Lasting { days, seconds } => {
                let at = days_on(local, start_at, zone, days).saturating_add(seconds);
                End::Lasting { at, positive: days > 0 || seconds > 0 }
            }
        }
    }

    /// Seconds that an instance can reach beyond its start, which is a day or not.
    pub(super) fn reach(self, start: &Stamp) -> i64 {
        match self {
            Length::None => i64::from(start.is_date()) * DAY,
            Length::Exact(seconds) => seconds.max(0),
            Length::Days(days) => days.max(0).saturating_mul(DAY),
            Length::Lasting { days, seconds } => {
                days.max(0).saturating_mul(DAY).saturating_add(seconds.max(0))
            }
        }
    }
}

/// The moment that lies some days by the calendar after a start; without a change where that is out
/// of the range of dates.
pub(super) fn days_on(local: DateTime, start_at: i64, zone: &Zone, days: i64) -> i64 {
    if days == 0 {
        return start_at;
    }
    let later = Span::new().try_days(days).and_then(|span| local.checked_add(span));
    later.map_or(start_at, |later| zone.instant(later))
}

/// The date or time of a property, where it has one that can be read.
pub(super) fn stamp(component: &Component, name: &str) -> Option<Stamp> {
    component.property(name).and_then(|property| Stamp::read(property).ok())
}
