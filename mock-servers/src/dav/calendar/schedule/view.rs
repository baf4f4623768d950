//! What of a component other people see, in a form that can be compared: without what is one's own
//! (alarms), what every save touches, and what the server writes itself.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    super::{
        instances::Clock,
        object::CalendarObject,
        stamp::Stamp,
        times::{Length, stamp},
        tree::{Component, Property},
        zones::Zone,
    },
    people::Person,
};
use crate::scheduling::address;

/// Parameters that the server and the answers of people change.
pub(super) const OF_SCHEDULING: [&str; 4] =
    ["PARTSTAT", "SCHEDULE-STATUS", "SCHEDULE-AGENT", "SCHEDULE-FORCE-SEND"];

/// Properties that every save touches, and one's own. `X-` properties count as such.
const NOT_SHARED: [&str; 6] =
    ["DTSTAMP", "LAST-MODIFIED", "CREATED", "SEQUENCE", "TRANSP", "REQUEST-STATUS"];

/// Which instance a component stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Id {
    /// The series, or the only instance.
    Whole,
    /// The instance of a moment.
    At(i64),
    /// The instance of a day.
    Day(jiff::civil::Date),
}

/// The instance that a date or time names.
pub(super) fn id_of(stamp: &Stamp, clock: &Clock<'_>) -> Id {
    match stamp {
        Stamp::Date(date) => Id::Day(*date),
        _ => Id::At(clock.instant(stamp)),
    }
}

/// The instance that a component stands for.
pub(super) fn id(object: &CalendarObject, component: &Component) -> Id {
    let utc = Zone::utc();
    let named = stamp(component, "RECURRENCE-ID");
    named.map_or(Id::Whole, |named| id_of(&named, &object.clock(&utc)))
}

/// All components by their instances; of two for one instance the first.
pub(super) fn by_id(object: &CalendarObject) -> BTreeMap<Id, &Component> {
    let mut found = BTreeMap::new();
    for component in object.components() {
        found.entry(id(object, component)).or_insert(component);
    }
    found
}

/// How many seconds a component lasts, whether it states an end or a duration; for a task without a
/// start, when it is due.
pub(super) fn length(object: &CalendarObject, component: &Component) -> Option<i64> {
    let Some(start) = stamp(component, "DTSTART") else {
        let utc = Zone::utc();
        return stamp(component, "DUE").map(|due| object.clock(&utc).instant(&due));
    };
    length_at(object, component, &start)
}

/// How many seconds an instance of a component lasts that starts then.
pub(super) fn length_at(
    object: &CalendarObject,
    component: &Component,
    start: &Stamp,
) -> Option<i64> {
    let utc = Zone::utc();
    let clock = object.clock(&utc);
    let length = Length::of(component, &stamp(component, "DTSTART")?, &clock);
    let at = clock.instant(start);
    let end = length.end(start.local(), at, &clock.zone(start)).at();
    let unsaid = || (component.name == "VEVENT").then(|| length.reach(start));
    end.map(|end| end.saturating_sub(at)).or_else(unsaid)
}

/// The dates that a component leaves out.
pub(super) fn left_out(object: &CalendarObject, component: &Component) -> Vec<(Id, Stamp)> {
    let utc = Zone::utc();
    let clock = object.clock(&utc);
    let dates = component.all("EXDATE").flat_map(|property| {
        property.list().filter_map(|text| Stamp::one(property, text).ok()).collect::<Vec<_>>()
    });
    dates.map(|date| (id_of(&date, &clock), date)).collect()
}

/// One line, so that order of parameters and case of names do not matter.
pub(super) type Line = (String, Vec<(String, Vec<String>)>, String);

/// What of a component is told to others, but `EXDATE`, which is compared by instance.
pub(super) fn shared(component: &Component) -> BTreeSet<Line> {
    let told = |property: &&Property| {
        let name = property.name.as_str();
        !NOT_SHARED.contains(&name) && !name.starts_with("X-") && name != "EXDATE"
    };
    let organizer = component.property("ORGANIZER").map(|property| address(&property.value));
    let lines = component.properties.iter().filter(told).map(|property| {
        let mut line = line(property);
        // Whether the organizer comes is theirs to tell.
        if property.name == "ATTENDEE" && organizer.as_ref() == Some(&line.2) {
            line.1.push(("PARTSTAT".to_owned(), vec![Person::read(property).partstat]));
        }
        line
    });
    lines.collect()
}

/// A property as it is compared.
pub(super) fn line(property: &Property) -> Line {
    let kept = |(name, _): &&(String, Vec<String>)| !OF_SCHEDULING.contains(&name.as_str());
    let mut params: Vec<_> = property.params.iter().filter(kept).cloned().collect();
    params.sort();
    let value = match property.name.as_str() {
        "ATTENDEE" | "ORGANIZER" => address(&property.value),
        _ => property.value.trim().to_owned(),
    };
    (property.name.clone(), params, value)
}
