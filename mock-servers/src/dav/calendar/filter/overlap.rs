//! The tables of RFC 4791 section 9.9: when an instance overlaps a time range.
//!
//! Each function is one table, each branch one of its rows, with the comparisons as they stand
//! there: where the start of the range is compared with `<=`, an instance without extent counts.

use super::super::{
    instances::{Clock, End, Instance, Window},
    stamp::Stamp,
    times::{days_on, stamp},
    tree::{Component, Property},
};
use crate::world::reader::values::parse_span;

/// Whether an instance overlaps a range.
pub(in super::super) fn overlaps(
    instance: &Instance<'_>,
    window: Window,
    clock: &Clock<'_>,
) -> bool {
    match instance.component.name.as_str() {
        "VEVENT" => event(instance, window, clock),
        "VTODO" => todo(instance, window, clock),
        "VJOURNAL" => journal(instance, window, clock),
        "VFREEBUSY" => free_busy(instance.component, window, clock),
        _ => false,
    }
}

fn event(instance: &Instance<'_>, window: Window, clock: &Clock<'_>) -> bool {
    let Window { start, end } = window;
    let (Some(stamp), Some(from)) = (&instance.start, instance.start_at) else { return false };
    match instance.end {
        End::Stated(to) => start < to && end > from,
        End::Lasting { at, positive: true } => start < at && end > from,
        End::Lasting { positive: false, .. } => start <= from && end > from,
        End::None if stamp.is_date() => start < next_day(stamp, from, clock) && end > from,
        End::None => start <= from && end > from,
    }
}

fn todo(instance: &Instance<'_>, window: Window, clock: &Clock<'_>) -> bool {
    let Window { start, end } = window;
    match (instance.start_at, instance.end) {
        (Some(from), End::Lasting { at, .. }) => start <= at && (end > from || end >= at),
        (Some(from), End::Stated(due)) => {
            (start < due || start <= from) && (end > from || end >= due)
        }
        (Some(from), End::None) => start <= from && end > from,
        (None, End::Stated(due)) => start < due && end >= due,
        (None, _) => undated_todo(instance.component, window, clock),
    }
}

fn undated_todo(component: &Component, window: Window, clock: &Clock<'_>) -> bool {
    let Window { start, end } = window;
    let moment = |name| stamp(component, name).map(|stamp| clock.instant(&stamp));
    match (moment("COMPLETED"), moment("CREATED")) {
        (Some(completed), Some(created)) => {
            (start <= created || start <= completed) && (end >= created || end >= completed)
        }
        (Some(completed), None) => start <= completed && end >= completed,
        (None, Some(created)) => end > created,
        (None, None) => true,
    }
}

fn journal(instance: &Instance<'_>, window: Window, clock: &Clock<'_>) -> bool {
    let Window { start, end } = window;
    let (Some(stamp), Some(from)) = (&instance.start, instance.start_at) else { return false };
    if stamp.is_date() {
        start < next_day(stamp, from, clock) && end > from
    } else {
        start <= from && end > from
    }
}

fn free_busy(component: &Component, window: Window, clock: &Clock<'_>) -> bool {
    let Window { start, end } = window;
    let moment = |name| stamp(component, name).map(|stamp| clock.instant(&stamp));
    if let (Some(from), Some(to)) = (moment("DTSTART"), moment("DTEND")) {
        return start <= to && end > from;
    }
    component.all("FREEBUSY").any(|property| {
        property.list().filter_map(|text| period(property, text, clock)).any(|period| {
            let (from, to) = period;
            start < to && end > from
        })
    })
}

/// The start and end of one period of a `FREEBUSY` (RFC 5545 section 3.3.9).
pub(in super::super) fn period(
    property: &Property,
    text: &str,
    clock: &Clock<'_>,
) -> Option<(i64, i64)> {
    let (from, to) = text.split_once('/')?;
    let stamp = Stamp::one(property, from.trim()).ok()?;
    let from = clock.instant(&stamp);
    let to = match parse_span(to) {
        Some(span) => {
            let zone = clock.zone(&stamp);
            days_on(stamp.local(), from, &zone, span.days).saturating_add(span.seconds)
        }
        None => clock.instant(&Stamp::one(property, to.trim()).ok()?),
    };
    Some((from, to))
}

fn next_day(stamp: &Stamp, from: i64, clock: &Clock<'_>) -> i64 {
    days_on(stamp.local(), from, &clock.zone(stamp), 1)
}

/// Whether a property with a date or time lies in a range.
pub(super) fn holds(window: Window, moment: i64) -> bool {
    window.start <= moment && window.end > moment
}
