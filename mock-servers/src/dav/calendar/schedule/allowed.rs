//! Which changes of a scheduling object a server has to allow an attendee (RFC 6638, sections
//! 3.2.2.1 and 3.2.4.4). An organizer is refused none here: section 3.2.4.3 leaves it to the server, and
//! clients import meetings whose people have answered already.

use std::collections::BTreeSet;

use super::{
    super::{
        object::CalendarObject,
        tree::{Component, Property},
    },
    people::{Person, is_one_of},
    view::{Id, by_id, left_out, length},
};

/// Properties that an attendee may change as they like: what section 3.2.2.1 names, what every save
/// touches (RFC 5545 section 3.8.7), and what attendees say themselves (RFC 5546 section 3.2.3).
const OWN: [&str; 11] = [
    "TRANSP",
    "PERCENT-COMPLETE",
    "COMPLETED",
    "CREATED",
    "DTSTAMP",
    "LAST-MODIFIED",
    "SEQUENCE",
    "EXDATE",
    "COMMENT",
    "CONTACT",
    "REQUEST-STATUS",
];
/// Properties that place an override, which follow from the series.
const PLACE: [&str; 4] = ["DTSTART", "RECURRENCE-ID", "RRULE", "RDATE"];
/// Properties that state where a component ends, which is compared as a length.
const ENDS: [&str; 3] = ["DTEND", "DUE", "DURATION"];
/// Values that go without saying, which clients write or leave out.
const SILENT: [(&str, &str); 3] = [("CLASS", "PUBLIC"), ("PRIORITY", "0"), ("STATUS", "CONFIRMED")];
/// Parameters that say nothing of what a property means (RFC 5545 section 3.2).
const NO_MEANING: [&str; 3] = ["LANGUAGE", "VALUE", "ALTREP"];

/// Whether an attendee with these addresses may make this change; else the answer is
/// `CALDAV:allowed-attendee-scheduling-object-change`.
#[must_use]
pub(crate) fn attendee_may(old: &CalendarObject, new: &CalendarObject, owner: &[&str]) -> bool {
    let (before, after) = (by_id(old), by_id(new));
    let left: BTreeSet<Id> = match after.get(&Id::Whole) {
        Some(master) => left_out(new, master).into_iter().map(|(id, _)| id).collect(),
        None => BTreeSet::new(),
    };
    // A component goes only together with its instance; one that stands alone is its instance.
    let alone = !before.contains_key(&Id::Whole) && !after.contains_key(&Id::Whole);
    let kept = alone || before.keys().all(|id| after.contains_key(id) || left.contains(id));
    let series = before.get(&Id::Whole).map(|master| fixed(old, master, owner, &PLACE));
    kept && after.iter().all(|(id, component)| match before.get(id) {
        Some(known) => {
            fixed(old, known, owner, &[]) == fixed(new, component, owner, &[])
                && dates_kept(old, known, new, component)
        }
        None => series.as_ref() == Some(&fixed(new, component, owner, &PLACE)),
    })
}

/// A property as far as it is not the attendee's.
type Fixed = (String, Vec<(String, Vec<String>)>, String);

/// What an attendee may not change: what it says, however it is written.
fn fixed(
    object: &CalendarObject,
    component: &Component,
    owner: &[&str],
    besides: &[&str],
) -> (BTreeSet<Fixed>, Option<i64>) {
    let fixed = component.properties.iter().filter(|property| {
        let name = property.name.as_str();
        let silent = SILENT.iter().any(|(silent, value)| {
            name == *silent && property.value.trim().eq_ignore_ascii_case(value)
        });
        // How far somebody is with a task is theirs to say (RFC 5546 section 3.4.3).
        let progress = component.name == "VTODO" && name == "STATUS";
        let own = [&OWN[..], besides, &ENDS].concat().contains(&name) || name.starts_with("X-");
        !(own || silent || progress)
    });
    (fixed.map(|property| meaning(property, owner)).collect(), length(object, component))
}

/// What a property says. Of people that is who they are and, for others, what they answered: names,
/// roles and `RSVP` are hints, which clients drop and fill in.
fn meaning(property: &Property, owner: &[&str]) -> Fixed {
    let name = property.name.clone();
    if matches!(name.as_str(), "ATTENDEE" | "ORGANIZER") {
        let person = Person::read(property);
        let theirs = name == "ATTENDEE" && !is_one_of(&person.address, owner);
        let answer = if theirs { person.partstat } else { String::new() };
        return (name, vec![(answer, Vec::new())], person.address);
    }
    let kept = |(name, _): &&(String, Vec<String>)| {
        !NO_MEANING.contains(&name.as_str()) && !name.starts_with("X-")
    };
    let mut params: Vec<_> = property.params.iter().filter(kept).cloned().collect();
    params.sort();
    let value = if name == "RRULE" { rule(&property.value) } else { property.text() };
    (name, params, value.trim().to_owned())
}

/// A rule with its parts in one order and without those that go without saying (RFC 5545 section
/// 3.3.10).
fn rule(text: &str) -> String {
    let upper = text.to_ascii_uppercase();
    let parts = upper.split(';').map(str::trim);
    let mut parts: Vec<&str> =
        parts.filter(|part| !["", "INTERVAL=1", "WKST=MO"].contains(part)).collect();
    parts.sort_unstable();
    parts.join(";")
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
