//! What the specification forbids in a body although a server can answer queries about it: ends before
//! starts, properties that say a thing twice. Some servers look at it, and others store it.

use super::{
    object::{CalendarObject, Invalid},
    stamp::Stamp,
    tree::{Broken, Component},
};

/// Properties of which events, tasks and journal entries have one at the most (RFC 5545 sections
/// 3.6.1 to 3.6.3), beside the dates.
const ONCE: [&str; 12] = [
    "CLASS",
    "DURATION",
    "GEO",
    "LOCATION",
    "ORGANIZER",
    "PERCENT-COMPLETE",
    "PRIORITY",
    "SEQUENCE",
    "STATUS",
    "SUMMARY",
    "TRANSP",
    "URL",
];

/// Whether an object is sound.
///
/// # Errors
/// The first thing that is not.
pub(crate) fn sound(object: &CalendarObject) -> Result<(), Invalid> {
    for component in object.components().filter(|component| component.name != "VFREEBUSY") {
        once(component)?;
        ends(component, if component.name == "VTODO" { "DUE" } else { "DTEND" })?;
    }
    Ok(())
}

fn once(component: &Component) -> Result<(), Broken> {
    for property in &component.properties {
        let name = property.name.as_str();
        if ONCE.contains(&name) && component.all(name).count() > 1 {
            return Err(property.broken("more than one"));
        }
        if name == "DURATION" && !is_length(&property.value) {
            return Err(property.broken("no length of time"));
        }
    }
    Ok(())
}

/// A length of time that is none the less one: not below nothing, and with a time after `T`.
fn is_length(text: &str) -> bool {
    let text = text.trim();
    !text.starts_with('-') && !text.ends_with(['T', 't'])
}

/// The end is of the start's type and not before it (RFC 5545 sections 3.8.2.2, 3.8.2.3, 3.8.2.5):
/// nobody could say when such a component is. An end that is the start is written by many programs,
/// and means what it says.
fn ends(component: &Component, name: &str) -> Result<(), Broken> {
    let Some(start) = component.property("DTSTART") else { return Ok(()) };
    let from = Stamp::read(start)?;
    if let Some(end) = component.property(name) {
        let to = Stamp::read(end)?;
        if to.is_date() != from.is_date() {
            return Err(end.broken("of another type than DTSTART"));
        }
        // Where the zones differ, the clocks do not tell.
        if from.at(to.local()) == to && to.local() < from.local() {
            return Err(end.broken("before DTSTART"));
        }
    }
    match component.property("DURATION") {
        Some(length) if from.is_date() && length.value.contains(['T', 't']) => {
            Err(length.broken("with a time, and DTSTART is a day"))
        }
        _ => Ok(()),
    }
}
