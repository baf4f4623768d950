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
            "DURATION" if parse_span(&property.value).is_none() => {
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
    if let (Some(_), Some(both)) = (component.property(end), component.property("DURATION"))
        && component.name != "VFREEBUSY"
    {
        return Err(both.broken(format!("together with {end}")));
    }
    Ok(())
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
