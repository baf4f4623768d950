//! Which changes of a scheduling object a server has to allow an attendee (RFC 6638 sections
//! 3.2.2.1 and 3.2.4.4). An organizer is refused none here: section 3.2.4.3 leaves it to the server,
//! and clients import meetings whose people have answered already.

use std::collections::BTreeSet;

use super::{
    super::{
        object::CalendarObject,
        tree::{Component, Property},
    },
    people::{Person, is_one_of},
    view::{Line, find, id, left_out, line},
};

/// Properties that an attendee may change as they like.
const OWN: [&str; 7] =
    ["TRANSP", "PERCENT-COMPLETE", "COMPLETED", "CREATED", "DTSTAMP", "LAST-MODIFIED", "EXDATE"];
/// Properties that place an override, which follow from the series.
const PLACE: [&str; 6] = ["DTSTART", "DTEND", "DUE", "RECURRENCE-ID", "RRULE", "RDATE"];

/// Whether an attendee with these addresses may make this change; else the answer is
/// `CALDAV:allowed-attendee-scheduling-object-change`.
#[must_use]
pub fn attendee_may(old: &CalendarObject, new: &CalendarObject, owner: &[&str]) -> bool {
    let kept = old.components().all(|component| {
        // A component goes only together with its instance.
        let id = id(old, component);
        let left = new.master().map(|master| left_out(new, master)).unwrap_or_default();
        find(new, id).is_some() || left.iter().any(|(out, _)| *out == id)
    });
    kept && new.components().all(|component| match find(old, id(new, component)) {
        Some(before) => {
            fixed(before, owner, &[]) == fixed(component, owner, &[])
                && dates_kept(old, before, new, component)
        }
        None => old
            .master()
            .is_some_and(|master| fixed(master, owner, &PLACE) == fixed(component, owner, &PLACE)),
    })
}

/// What an attendee may not change.
fn fixed(component: &Component, owner: &[&str], besides: &[&str]) -> BTreeSet<(Line, String)> {
    let fixed = component.properties.iter().filter(|property| {
        let name = property.name.as_str();
        !OWN.contains(&name) && !besides.contains(&name) && !name.starts_with("X-")
    });
    fixed.map(|property| (line(property), answer(property, owner))).collect()
}

/// The answers of others are theirs alone.
fn answer(property: &Property, owner: &[&str]) -> String {
    let person = Person::read(property);
    let others = property.name == "ATTENDEE" && !is_one_of(&person.address, owner);
    if others { person.partstat } else { String::new() }
}

/// `EXDATE` may be added, not removed.
fn dates_kept(
    old: &CalendarObject,
    before: &Component,
    new: &CalendarObject,
    after: &Component,
) -> bool {
    let now: BTreeSet<_> = left_out(new, after).into_iter().map(|(id, _)| id).collect();
    left_out(old, before).into_iter().all(|(id, _)| now.contains(&id))
}
