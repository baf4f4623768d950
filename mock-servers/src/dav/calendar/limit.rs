//! `CALDAV:limit-recurrence-set` and `CALDAV:limit-freebusy-set` (RFC 4791 sections 9.6.6 and
//! 9.6.7): the body without what does not touch a range.

use super::{
    edit::Edit,
    filter::{TimeRange, overlaps, period},
    instances::{Clock, Instance, Window, override_instance},
    object::CalendarObject,
    stamp::Stamp,
    times::{Length, stamp},
    tree::Component,
    zones::Zone,
};

/// The body with those overrides only that stand in the range, or stood in it before they were
/// moved; of an override for all later instances it is enough that it begins before the range ends.
#[must_use]
pub(crate) fn recurrence_set(
    object: &CalendarObject,
    range: &TimeRange,
    floating: &Zone,
) -> Vec<u8> {
    let window = range.window();
    let clock = object.clock(floating);
    let mut edit = Edit::new(object.octets());
    for changed in object.overrides() {
        if !touches(object, changed, window, &clock) {
            edit.remove_component(changed);
        }
    }
    edit.finish()
}

fn touches(
    object: &CalendarObject,
    changed: &Component,
    window: Window,
    clock: &Clock<'_>,
) -> bool {
    let Some(id) = stamp(changed, "RECURRENCE-ID") else { return true };
    let property = changed.property("RECURRENCE-ID");
    if property.is_some_and(|property| property.has("RANGE", "THISANDFUTURE")) {
        return clock.instant(&id) < window.end;
    }
    overlaps(&override_instance(changed, clock), window, clock)
        || overlaps(&original(object, changed, id, clock), window, clock)
}

/// The instance as it would be without its override.
fn original<'o>(
    object: &'o CalendarObject,
    changed: &'o Component,
    id: Stamp,
    clock: &Clock<'_>,
) -> Instance<'o> {
    let component = object.master().unwrap_or(changed);
    let start_at = clock.instant(&id);
    let start = stamp(component, "DTSTART").unwrap_or_else(|| id.clone());
    let length = Length::of(component, &start, clock);
    let end = length.end(id.local(), start_at, &clock.zone(&id));
    Instance { component, id: Some(id.clone()), start: Some(id), start_at: Some(start_at), end }
}

/// The body with those periods only that overlap the range.
#[must_use]
pub(crate) fn free_busy_set(
    object: &CalendarObject,
    range: &TimeRange,
    floating: &Zone,
) -> Vec<u8> {
    let Window { start, end } = range.window();
    let clock = object.clock(floating);
    let mut edit = Edit::new(object.octets());
    for component in object.components().filter(|component| component.name == "VFREEBUSY") {
        for property in component.all("FREEBUSY") {
            let kept: Vec<&str> = property
                .list()
                .filter(|text| {
                    let period = period(property, text, &clock);
                    period.is_some_and(|(from, to)| start < to && end > from)
                })
                .collect();
            if kept.is_empty() {
                edit.remove(property);
            } else if kept.len() < property.list().count() {
                edit.set_value(property, &kept.join(","));
            }
        }
    }
    edit.finish()
}
