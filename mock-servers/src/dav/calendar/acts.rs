//! What users do to an object of theirs: move it, leave out or change one instance of a series.
//! Each gives the whole body anew; what is not meant stays octet for octet.

use jiff::SignedDuration;

use super::{
    edit::Edit,
    object::CalendarObject,
    stamp::Stamp,
    times::stamp,
    tree::{Component, Property},
    zones::Zone,
};
use crate::{scheduling, world::reader::values::parse_date_time};

const DAY: i64 = 86_400;
/// Properties that say when something is.
const TIMES: [&str; 6] = ["DTSTART", "DTEND", "DUE", "RECURRENCE-ID", "EXDATE", "RDATE"];
/// Properties that make a series of a component.
pub(super) const SERIES: [&str; 4] = ["RRULE", "RDATE", "EXDATE", "EXRULE"];

/// Moves all times of an object by the wall clock: start and end, the dates that name, add and
/// leave out instances, and the last date of a rule. Days move by whole days.
#[must_use]
pub(crate) fn shift(object: &CalendarObject, seconds: i64) -> Vec<u8> {
    let mut edit = Edit::new(object.octets());
    for component in object.components() {
        for property in &component.properties {
            if TIMES.contains(&property.name.as_str()) {
                let parts = property
                    .value
                    .split(',')
                    .map(|part| shifted_list_part(property, part, seconds));
                let value: Vec<String> = parts.collect();
                edit.set_value(property, &value.join(","));
            } else if property.name == "RRULE" {
                edit.set_value(property, &shifted_rule(property, seconds));
            }
        }
    }
    edit.finish()
}

/// A date, a time, or a period, moved; what is none of them stays.
fn shifted_list_part(property: &Property, part: &str, seconds: i64) -> String {
    let moved: Vec<String> = part
        .split('/')
        .map(|text| match Stamp::one(property, text.trim()) {
            Ok(stamp) => moved(&stamp, seconds).unwrap_or(stamp).value(),
            Err(_) => text.to_owned(),
        })
        .collect();
    moved.join("/")
}

fn shifted_rule(property: &Property, seconds: i64) -> String {
    let parts = property.value.split(';').map(|part| {
        let (name, until) = part.split_once('=').unwrap_or((part, ""));
        let stated = Stamp::one(property, until.trim()).ok();
        match stated.and_then(|stamp| moved(&stamp, seconds)) {
            Some(moved) if name.trim().eq_ignore_ascii_case("UNTIL") => {
                format!("{name}={}", moved.value())
            }
            _ => part.to_owned(),
        }
    });
    parts.collect::<Vec<String>>().join(";")
}

fn moved(stamp: &Stamp, seconds: i64) -> Option<Stamp> {
    let seconds = if stamp.is_date() { seconds.div_euclid(DAY) * DAY } else { seconds };
    let local = stamp.local().checked_add(SignedDuration::from_secs(seconds)).ok()?;
    Some(stamp.at(local))
}

/// Leaves one instance out of a series: an `EXDATE` stated as the series' start is, and the
/// override of the instance goes. None where there is no series in the object.
#[must_use]
pub(crate) fn exclude(object: &CalendarObject, id: &Stamp) -> Option<Vec<u8>> {
    let master = object.master()?;
    let like = stamp(master, "DTSTART")?;
    let mut edit = Edit::new(object.octets());
    edit.add(master, &stated_as(object, id, &like).line("EXDATE"));
    overrides_of(object, id).for_each(|changed| edit.remove_component(changed));
    Some(edit.finish())
}

/// Changes one instance of a series: a copy of the series' component for that instance, with each
/// of `lines` (content lines without their ends) in the place of the property of that name; where
/// the instance has an override already, that one is changed. None where there is no series.
#[must_use]
pub(crate) fn change_instance(
    object: &CalendarObject,
    id: &Stamp,
    lines: &[&str],
) -> Option<Vec<u8>> {
    with_instance(object, id, |edit, component| {
        lines.iter().for_each(|line| edit.set_line(component, &name_of(line), line));
    })
}

/// Changes the override of an instance, which is made where there is none.
fn with_instance(
    object: &CalendarObject,
    id: &Stamp,
    change: impl FnOnce(&mut Edit<'_>, &Component),
) -> Option<Vec<u8>> {
    let mut edit = Edit::new(object.octets());
    if let Some(changed) = overrides_of(object, id).next() {
        change(&mut edit, changed);
        return Some(edit.finish());
    }
    let master = object.master()?;
    let start = stamp(master, "DTSTART")?;
    let id = stated_as(object, id, &start);
    let by = id.local().duration_since(start.local()).as_secs();
    let mut copy = Edit::new(object.octets());
    SERIES.iter().for_each(|name| copy.remove_all(master, name));
    copy.add(master, &id.line("RECURRENCE-ID"));
    for property in ["DTSTART", "DTEND", "DUE"].iter().filter_map(|name| master.property(name)) {
        let stated = Stamp::read(property).ok()?;
        copy.set_value(property, &moved(&stated, by)?.value());
    }
    change(&mut copy, master);
    let copied = String::from_utf8(copy.finish_within(master.range.clone())).ok()?;
    edit.add_component(object.calendar(), &copied);
    Some(edit.finish())
}

/// Sets the answer of one attendee (RFC 5545 section 3.2.12) for one instance of a series, or in its
/// component and in those of the instances that were answered as the series was; with the `SCHEDULE-STATUS` that the answer came with, if one is given. None where
/// nobody of this address (without `mailto:`, in any case) is there.
#[must_use]
pub(crate) fn answer(
    object: &CalendarObject,
    instance: Option<&Stamp>,
    address: &str,
    partstat: &str,
    status: Option<&str>,
) -> Option<Vec<u8>> {
    let mut found = false;
    let mut set = |edit: &mut Edit<'_>, component: &Component| {
        let address = address.to_lowercase();
        let own = |property: &&Property| scheduling::address(&property.value) == address;
        for property in component.all("ATTENDEE").filter(own) {
            edit.set_param(property, "PARTSTAT", partstat);
            if let Some(status) = status {
                edit.set_param(property, "SCHEDULE-STATUS", status);
            }
            found = true;
        }
    };
    let made = match instance {
        Some(id) => with_instance(object, id, set)?,
        None => {
            let mut edit = Edit::new(object.octets());
            let before = object.master().and_then(|master| answer_of(master, address));
            let alike = |component: &&Component| {
                before.is_none() || answer_of(component, address) == before
            };
            object.components().filter(alike).for_each(|component| set(&mut edit, component));
            edit.finish()
        }
    };
    found.then_some(made)
}

/// What somebody has answered; none where they are not invited.
fn answer_of(component: &Component, address: &str) -> Option<String> {
    let address = address.to_lowercase();
    let own = component.all("ATTENDEE").find(|it| scheduling::address(&it.value) == address)?;
    Some(own.param("PARTSTAT").unwrap_or("NEEDS-ACTION").to_ascii_uppercase())
}

/// Sets `SEQUENCE`, `DTSTAMP` and `LAST-MODIFIED` of all components, as an editor does with each
/// change. The time is a date with a time in UTC, such as `20260416T100000Z`; another one changes
/// nothing.
#[must_use]
pub(crate) fn touch(object: &CalendarObject, now: &str, sequence: Option<u32>) -> Vec<u8> {
    let mut edit = Edit::new(object.octets());
    if parse_date_time(now).is_some_and(|(_, utc)| utc) {
        for component in object.components() {
            edit.set(component, "DTSTAMP", now);
            edit.set(component, "LAST-MODIFIED", now);
            if let Some(sequence) = sequence {
                edit.set(component, "SEQUENCE", &sequence.to_string());
            }
        }
    }
    edit.finish()
}

/// A new title for the object: of its series and of every override.
#[must_use]
pub(crate) fn retitle(object: &CalendarObject, title: &str) -> Vec<u8> {
    let mut edit = Edit::new(object.octets());
    object.components().for_each(|component| edit.set_text(component, "SUMMARY", title));
    edit.finish()
}

/// The overrides of one instance.
fn overrides_of<'o>(
    object: &'o CalendarObject,
    id: &'o Stamp,
) -> impl Iterator<Item = &'o Component> {
    let utc = Zone::utc();
    object.overrides().filter(move |component| {
        let clock = object.clock(&utc);
        let own = stamp(component, "RECURRENCE-ID");
        own.is_some_and(|own| match (own.is_date(), id.is_date()) {
            (false, false) => clock.instant(&own) == clock.instant(id),
            _ => own.local().date() == id.local().date(),
        })
    })
}

/// A moment stated as another one is: in its zone, or as a day.
fn stated_as(object: &CalendarObject, id: &Stamp, like: &Stamp) -> Stamp {
    let utc = Zone::utc();
    let clock = object.clock(&utc);
    match (like, id) {
        (Stamp::Date(_), _) | (_, Stamp::Floating(_)) => like.at(id.local()),
        (_, Stamp::Date(date)) => like.at(date.to_datetime(like.local().time())),
        _ => {
            let local = clock.zone(like).local(clock.instant(id));
            local.map_or_else(|| id.clone(), |local| like.at(local))
        }
    }
}

fn name_of(line: &str) -> String {
    let end = line.find([':', ';']).unwrap_or(line.len());
    line[..end].to_ascii_uppercase()
}

/// The instance of a series that a component stands for.
#[must_use]
pub(crate) fn recurrence_id(component: &Component) -> Option<Stamp> {
    stamp(component, "RECURRENCE-ID")
}

/// Where a component starts.
#[must_use]
pub(crate) fn start(component: &Component) -> Option<Stamp> {
    stamp(component, "DTSTART")
}
