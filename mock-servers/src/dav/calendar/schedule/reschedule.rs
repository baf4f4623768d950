//! Whether a change moves people's time (RFC 6638 section 3.2.8): other times of an instance, or
//! instances that were not there before. Instances that go away reschedule nothing.

use std::collections::BTreeSet;

use super::{
    super::{
        instances::{TooMany, Window, instances},
        object::CalendarObject,
        tree::Component,
        zones::Zone,
    },
    view::{Id, find, id},
};

/// Seconds after the first start in which the instances of two versions are compared.
const HORIZON: i64 = 2 * 366 * 86_400;

/// Whether the times of any component changed such that answers no longer hold.
///
/// # Errors
/// When a rule goes on for too long.
pub(crate) fn rescheduled(old: &CalendarObject, new: &CalendarObject) -> Result<bool, TooMany> {
    let mut components = new.components();
    if components.any(|component| component_rescheduled(old, new, component)) {
        return Ok(true);
    }
    has_new_instances(old, new)
}

/// Whether this component of the new version has other times than it had.
pub(super) fn component_rescheduled(
    old: &CalendarObject,
    new: &CalendarObject,
    component: &Component,
) -> bool {
    let id = id(new, component);
    let times = |object: &CalendarObject, component: &Component| {
        ["DTSTART", "DTEND", "DURATION", "DUE"].map(|name| {
            let property = component.property(name)?;
            let stated = super::super::stamp::Stamp::read(property).ok();
            let utc = Zone::utc();
            let at = stated.map(|stated| (object.clock(&utc).instant(&stated), stated.is_date()));
            Some((at, property.value.trim().to_owned()))
        })
    };
    match find(old, id) {
        Some(before) => times(old, before) != times(new, component),
        // An override that is new moves people where it does not stand where it is from.
        None if id != Id::Whole => component
            .property("DTSTART")
            .and_then(|property| super::super::stamp::Stamp::read(property).ok())
            .is_some_and(|start| super::view::id_of(&start, &new.clock(&Zone::utc())) != id),
        None => true,
    }
}

/// Whether the new version has instances that the old one had not.
fn has_new_instances(old: &CalendarObject, new: &CalendarObject) -> Result<bool, TooMany> {
    let recurs = |object: &CalendarObject| object.master().is_some_and(series);
    if !recurs(old) && !recurs(new) {
        return Ok(false);
    }
    let utc = Zone::utc();
    let clock = new.clock(&utc);
    let first = new.master().and_then(|master| super::super::times::stamp(master, "DTSTART"));
    let Some(first) = first.map(|first| clock.instant(&first)) else { return Ok(false) };
    let window = Window { start: first, end: first.saturating_add(HORIZON) };
    let ids = |object: &CalendarObject| -> Result<BTreeSet<Id>, TooMany> {
        let found = instances(object, &utc, window)?;
        let clock = object.clock(&utc);
        let ids =
            found.iter().filter_map(|instance| instance.id.as_ref().or(instance.start.as_ref()));
        Ok(ids.map(|id| super::view::id_of(id, &clock)).collect())
    };
    let (before, after) = (ids(old)?, ids(new)?);
    Ok(!after.is_subset(&before))
}

fn series(component: &Component) -> bool {
    ["RRULE", "RDATE", "EXDATE", "EXRULE"].iter().any(|name| component.property(name).is_some())
}
