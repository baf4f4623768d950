//! What a body has to satisfy beyond its lines: values that are of their type (RFC 5545), and one
//! object in one resource (RFC 4791 section 4.1).
//!
//! It is strict where a server could not answer queries about the body, and lenient where only a
//! form is missing that nothing depends on (`PRODID`, `VERSION`, `DTSTAMP`): real servers store
//! such bodies.

use std::collections::BTreeSet;

use super::{
    object::{Breach, Invalid, Kind},
    stamp::Stamp,
    tree::{Broken, Component, Property},
    zones::Zones,
};
use crate::world::{parse_rule, reader::values::parse_span};

/// Rules of one component: each may walk through thousands of starts.
const RULES_MAX: usize = 16;

/// Properties with one date or date with a time.
const DATES: [&str; 8] = [
    "DTSTART",
    "DTEND",
    "DUE",
    "RECURRENCE-ID",
    "DTSTAMP",
    "COMPLETED",
    "CREATED",
    "LAST-MODIFIED",
];

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

/// The kind and the UID of a calendar.
pub(super) fn object(calendar: &Component, zones: &Zones) -> Result<(Kind, String), Invalid> {
    if let Some(version) = calendar.property("VERSION")
        && version.value.trim() != "2.0"
    {
        return Err(version.broken("no version that is read").into());
    }
    if let Some(method) = calendar.property("METHOD") {
        return Err(Invalid::Resource { line: method.line, breach: Breach::Method });
    }
    let mut found: Option<(&Component, String)> = None;
    let mut instances = BTreeSet::new();
    let components = calendar.components.iter().filter(|component| component.name != "VTIMEZONE");
    for component in components {
        let breach = |breach| Invalid::Resource { line: component.line, breach };
        let uid = component.property("UID").map(Property::text).unwrap_or_default();
        if let Some((first, _)) = &found
            && first.name != component.name
        {
            let (first, second) = (first.name.clone(), component.name.clone());
            return Err(breach(Breach::Kinds { first, second }));
        }
        if uid.trim().is_empty() {
            return Err(breach(Breach::NoUid(component.name.clone())));
        }
        if let Some((_, first)) = &found
            && *first != uid
        {
            return Err(breach(Breach::Uids { first: first.clone(), second: uid }));
        }
        values(component)?;
        starts(component)?;
        known_zones(component, zones)?;
        let id = component.property("RECURRENCE-ID");
        // The same wall-clock time in two zones stands for two instances.
        let key = id.map(|id| (id.value.trim(), id.param("TZID")));
        if !instances.insert(key) {
            return Err(breach(Breach::Twice));
        }
        found.get_or_insert((component, uid));
    }
    match found {
        Some((component, uid)) => Ok((Kind::named(&component.name), uid)),
        None => Err(Invalid::Resource { line: calendar.line, breach: Breach::NoComponent }),
    }
}

/// Values of the properties that queries and scheduling depend on.
fn values(component: &Component) -> Result<(), Broken> {
    let mut rules = 0;
    for property in &component.properties {
        match property.name.as_str() {
            name if DATES.contains(&name) => {
                Stamp::read(property)?;
                if name != "DTSTAMP" && component.all(name).count() > 1 {
                    return Err(property.broken("more than one"));
                }
            }
            name if ONCE.contains(&name) && component.all(name).count() > 1 => {
                return Err(property.broken("more than one"));
            }
            "DURATION" if !is_length(&property.value) => {
                return Err(property.broken("no length of time"));
            }
            "RRULE" | "EXRULE" => {
                parse_rule(&property.value).map_err(|what| property.broken(what))?;
                rules += 1;
                if rules > RULES_MAX {
                    return Err(property.broken("more rules than are read"));
                }
            }
            "EXDATE" => {
                property.list().try_for_each(|text| Stamp::one(property, text).map(drop))?;
            }
            "RDATE" => property.list().try_for_each(|text| period(property, text))?,
            _ => {}
        }
    }
    let end = if component.name == "VTODO" { "DUE" } else { "DTEND" };
    ends(component, end)?;
    if let (Some(_), Some(both)) = (component.property(end), component.property("DURATION"))
        && component.name != "VFREEBUSY"
    {
        return Err(both.broken(format!("together with {end}")));
    }
    Ok(())
}

/// A length of time that is none the less one: not below nothing, and with a time after `T`.
fn is_length(text: &str) -> bool {
    let text = text.trim();
    parse_span(text).is_some() && !text.starts_with('-') && !text.ends_with(['T', 't'])
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

fn period(property: &Property, text: &str) -> Result<(), Broken> {
    let (from, to) = text.split_once('/').map_or((text, None), |(from, to)| (from, Some(to)));
    Stamp::one(property, from.trim())?;
    match to {
        Some(to) if parse_span(to).is_none() => Stamp::one(property, to.trim()).map(drop),
        _ => Ok(()),
    }
}

/// An event has a start (RFC 5545 section 3.6.1); so has whatever recurs, or at least a due date.
fn starts(component: &Component) -> Result<(), Invalid> {
    let has = |name| component.property(name).is_some();
    let recurs = has("RRULE") || has("RDATE");
    let needs = component.name == "VEVENT" || (recurs && !has("DUE"));
    if needs && !has("DTSTART") {
        let breach = Breach::NoStart(component.name.clone());
        return Err(Invalid::Resource { line: component.line, breach });
    }
    Ok(())
}

/// Each `TZID` is defined in the body (RFC 4791 section 4.1), or known by its name (RFC 7809).
fn known_zones(component: &Component, zones: &Zones) -> Result<(), Invalid> {
    for property in &component.properties {
        if let Some(id) = property.param("TZID")
            && !id.is_empty()
            && zones.find(id).is_none()
        {
            let breach = Breach::NoZone(id.to_owned());
            return Err(Invalid::Resource { line: property.line, breach });
        }
    }
    Ok(())
}
