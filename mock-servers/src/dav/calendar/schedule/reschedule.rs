//! Which components a change moves in time (RFC 6638 section 3.2.8): other times of an instance, or
//! instances that were not there before. Instances that go away reschedule nothing, nor does
//! another spelling of the same times.

use std::collections::BTreeSet;

use super::{
    super::{
        instances::{TooMany, Window, instances},
        object::CalendarObject,
        stamp::Stamp,
        times::stamp,
        tree::Component,
        zones::{Zone, seconds},
    },
    view::{Id, by_id, id_of, left_out, length, length_at},
};

/// Seconds after the first start in which the instances of two versions are compared.
const HORIZON: i64 = 2 * 366 * 86_400;

/// The components of the new version whose times changed such that answers no longer hold.
///
/// # Errors
/// When a rule goes on for too long.
pub(crate) fn rescheduled(
    old: &CalendarObject,
    new: &CalendarObject,
) -> Result<BTreeSet<Id>, TooMany> {
    let (before, after) = (by_id(old), by_id(new));
    let mut moved = BTreeSet::new();
    for (id, component) in &after {
        let was = match before.get(id) {
            Some(known) => Some(When::of(old, known)),
            None => When::given(old, new, component),
        };
        if was.is_none_or(|was| was != When::of(new, component)) {
            moved.insert(*id);
        }
    }
    let recurs = |object: &CalendarObject| object.master().is_some_and(series);
    if !recurs(old) && !recurs(new) {
        return Ok(moved);
    }
    let Some(master) = new.master() else { return Ok(moved) };
    let Some(first) = stamp(master, "DTSTART") else { return Ok(moved) };
    let utc = Zone::utc();
    let first = new.clock(&utc).instant(&first);
    let window = Window { start: first, end: first.saturating_add(HORIZON) };
    let (then, now) = (ids(old, window)?, ids(new, window)?);
    let added =
        now.difference(&then).map(|id| if after.contains_key(id) { *id } else { Id::Whole });
    moved.extend(added);
    let out: BTreeSet<Id> = left_out(new, master).into_iter().map(|(id, _)| id).collect();
    let back = before.iter().filter(|(id, _)| !after.contains_key(id) && !out.contains(id));
    let back = back.filter(|(id, _)| now.contains(id) || !within(id, window));
    for (_, known) in back {
        // The instance is again as the series has it.
        if When::given(new, old, known).is_some_and(|now| now != When::of(old, known)) {
            moved.insert(Id::Whole);
        }
    }
    Ok(moved)
}

/// When a component takes place.
#[derive(PartialEq)]
struct When {
    start: Option<Id>,
    /// Without a zone, so that it is at another moment for everybody.
    floats: bool,
    length: Option<i64>,
}

impl When {
    fn of(object: &CalendarObject, component: &Component) -> When {
        let utc = Zone::utc();
        let start = stamp(component, "DTSTART");
        When {
            start: start.as_ref().map(|start| id_of(start, &object.clock(&utc))),
            floats: matches!(start, Some(Stamp::Floating(_))),
            length: length(object, component),
        }
    }

    /// When the series of a version has the instance that a component of the other one overrides;
    /// where there is no series, the component counts as moved if it does not start there.
    fn given(
        version: &CalendarObject,
        other: &CalendarObject,
        component: &Component,
    ) -> Option<When> {
        let at = stamp(component, "RECURRENCE-ID")?;
        let utc = Zone::utc();
        let master = version.master();
        let stated = master.map_or_else(|| Some(at.clone()), |it| stamp(it, "DTSTART"));
        Some(When {
            start: Some(id_of(&at, &other.clock(&utc))),
            floats: matches!(stated, Some(Stamp::Floating(_))),
            length: match master {
                Some(master) => length_at(version, master, &at),
                None => length(other, component),
            },
        })
    }
}

/// The instances of a version.
fn ids(object: &CalendarObject, window: Window) -> Result<BTreeSet<Id>, TooMany> {
    let utc = Zone::utc();
    let clock = object.clock(&utc);
    let found = instances(object, &utc, window)?;
    let named =
        found.iter().filter_map(|instance| instance.id.as_ref().or(instance.start.as_ref()));
    Ok(named.map(|id| id_of(id, &clock)).collect())
}

fn within(id: &Id, window: Window) -> bool {
    match id {
        Id::At(at) => (window.start..window.end).contains(at),
        Id::Day(day) => {
            let at = seconds(day.at(0, 0, 0, 0));
            (window.start..window.end).contains(&at)
        }
        Id::Whole => true,
    }
}

fn series(component: &Component) -> bool {
    ["RRULE", "RDATE", "EXDATE", "EXRULE"].iter().any(|name| component.property(name).is_some())
}
