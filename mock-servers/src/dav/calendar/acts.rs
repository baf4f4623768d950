//! What users do to an object of theirs: move it, leave out or change one instance of a series.
//! Each gives the whole body anew; what is not meant stays octet for octet.

use jiff::SignedDuration;

use super::{
    edit::Edit,
    object::CalendarObject,
    overrides::Overrides,
    stamp::Stamp,
    times::stamp,
    tree::{Component, Property},
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

pub(super) fn moved(stamp: &Stamp, seconds: i64) -> Option<Stamp> {
    let seconds = if stamp.is_date() { seconds.div_euclid(DAY) * DAY } else { seconds };
    let local = stamp.local().checked_add(SignedDuration::from_secs(seconds)).ok()?;
    Some(stamp.at(local))
}

/// Leaves one instance out of a series. None where there is no series in the object.
#[must_use]
pub(crate) fn exclude(object: &CalendarObject, id: &Stamp) -> Option<Vec<u8>> {
    let mut instances = Overrides::of(object);
    instances.exclude(id).then(|| instances.finish())
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
    let mut instances = Overrides::of(object);
    let changed = instances.change(id, |edit, component| set_lines(edit, component, lines));
    changed.then(|| instances.finish())
}

/// Puts content lines in the place of the properties of their names.
pub(crate) fn set_lines(edit: &mut Edit<'_>, component: &Component, lines: &[&str]) {
    lines.iter().for_each(|line| edit.set_line(component, &name_of(line), line));
}

/// What somebody answered.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Answer<'a> {
    /// Whose answer it is, without `mailto:`, in any case.
    pub(crate) address: &'a str,
    /// `PARTSTAT` (RFC 5545 section 3.2.12).
    pub(crate) partstat: &'a str,
    /// The `SCHEDULE-STATUS` that it came with, if it came in a message.
    pub(crate) status: Option<&'a str>,
}

/// Sets answers of attendees for single instances of a series, or in its component and in those of the
/// instances that were answered as the series was; what is said of the series comes first, as what is
/// said of instances says more. None where nobody of these addresses is there.
#[must_use]
pub(crate) fn answer(
    object: &CalendarObject,
    all: &[(Option<Stamp>, Answer<'_>)],
) -> Option<Vec<u8>> {
    let mut found = false;
    let mut instances = Overrides::of(object);
    for (_, given) in all.iter().filter(|(instance, _)| instance.is_none()) {
        let before = object.master().and_then(|master| answer_of(master, given.address));
        let alike = |component: &&Component| {
            before.is_none() || answer_of(component, given.address) == before
        };
        for component in object.components().filter(alike) {
            found |= set_answer(instances.edit(), component, given);
        }
    }
    for (instance, given) in all {
        if let Some(id) = instance {
            instances.change(id, |edit, component| found |= set_answer(edit, component, given));
        }
    }
    found.then(|| instances.finish())
}

fn set_answer(edit: &mut Edit<'_>, component: &Component, given: &Answer<'_>) -> bool {
    let address = given.address.to_lowercase();
    let own = |property: &&Property| scheduling::address(&property.value) == address;
    let mut found = false;
    for property in component.all("ATTENDEE").filter(own) {
        edit.set_param(property, "PARTSTAT", given.partstat);
        if let Some(status) = given.status {
            edit.set_param(property, "SCHEDULE-STATUS", status);
        }
        found = true;
    }
    found
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
