//! `CALDAV:expand` (RFC 4791 section 9.6.5): each instance as a component of its own, times in UTC.
//!
//! An instance of a series carries its `RECURRENCE-ID`, the first one too. Days stay days, and
//! floating times stay floating, because only times with a zone can be stated in UTC.

use super::{
    acts::SERIES,
    edit::Edit,
    filter::{TimeRange, overlaps},
    instances::{Clock, End, Instance, TooMany, instances},
    object::CalendarObject,
    stamp::Stamp,
    tree::Component,
    zones::{Zone, utc},
};

/// How long an expanded body may be, in bytes: each instance is a copy of its component.
const OCTETS_MAX: usize = 16 << 20;

/// The body with the instances that overlap a range in place of its components.
///
/// # Errors
/// When a rule goes on for too long, or the instances together are too long.
pub(crate) fn expand(
    object: &CalendarObject,
    range: &TimeRange,
    floating: &Zone,
) -> Result<Vec<u8>, TooMany> {
    let window = range.window();
    let clock = object.clock(floating);
    let calendar = object.calendar();
    let mut made = object.slice(calendar.head.clone()).to_vec();
    for property in &calendar.properties {
        made.extend_from_slice(object.slice(property.range.clone()));
    }
    for instance in instances(object, floating, window)? {
        if overlaps(&instance, window, &clock) {
            made.extend(component(object, &instance, &clock));
            if made.len() > OCTETS_MAX {
                return Err(TooMany);
            }
        }
    }
    made.extend_from_slice(object.slice(calendar.tail.clone()));
    Ok(made)
}

fn component(object: &CalendarObject, instance: &Instance<'_>, clock: &Clock<'_>) -> Vec<u8> {
    let component = instance.component;
    let mut edit = Edit::new(object.octets());
    in_utc(component, &mut edit, clock);
    SERIES.iter().for_each(|name| edit.remove_all(component, name));
    if let Some(id) = &instance.id {
        edit.set_line(component, "RECURRENCE-ID", &as_utc(id, clock).line("RECURRENCE-ID"));
    }
    if let Some(start) = &instance.start {
        edit.set_line(component, "DTSTART", &as_utc(start, clock).line("DTSTART"));
    }
    if let End::Stated(at) = instance.end {
        let name = if component.name == "VTODO" { "DUE" } else { "DTEND" };
        let like = component.property(name).and_then(|property| Stamp::read(property).ok());
        let like = like.or_else(|| instance.start.clone());
        if let Some(end) = like.and_then(|like| end_like(at, &like, clock)) {
            // A period has its own end, whatever the component's duration.
            edit.remove_all(component, "DURATION");
            edit.set_line(component, name, &end.line(name));
        }
    }
    edit.finish_within(component.range.clone())
}

/// States whatever has a zone in UTC.
fn in_utc(component: &Component, edit: &mut Edit<'_>, clock: &Clock<'_>) {
    for property in component.properties.iter().filter(|property| property.param("TZID").is_some())
    {
        if let Ok(stamp) = Stamp::read(property) {
            edit.remove_param(property, "TZID");
            edit.set_value(property, &as_utc(&stamp, clock).value());
        }
    }
    component.components.iter().for_each(|inner| in_utc(inner, edit, clock));
}

fn as_utc(stamp: &Stamp, clock: &Clock<'_>) -> Stamp {
    match stamp {
        Stamp::Zoned(..) => utc(clock.instant(stamp)).map_or_else(|| stamp.clone(), Stamp::Utc),
        _ => stamp.clone(),
    }
}

/// A moment in the form of another one.
fn end_like(at: i64, like: &Stamp, clock: &Clock<'_>) -> Option<Stamp> {
    match like {
        Stamp::Date(_) | Stamp::Floating(_) => Some(like.at(clock.zone(like).local(at)?)),
        Stamp::Utc(_) | Stamp::Zoned(..) => utc(at).map(Stamp::Utc),
    }
}
