//! What is kept beside a collection: which components it takes, and what time floats in.

use serde_json::{Map, Value, json};

use super::dead;
use crate::account::{Calendar, Item};
use crate::dav::calendar::{CalendarObject, Zone};
use crate::dav::card::object::AddressObject;
use crate::dav::xml::Element;
use crate::dav::xml::names::caldav;

const COMPONENTS: &str = "components";

/// Components that a calendar takes where its maker did not say.
pub(super) const ALL_COMPONENTS: [&str; 3] = ["VEVENT", "VTODO", "VJOURNAL"];

/// The components that a calendar takes (RFC 4791 section 5.2.3).
pub(super) fn components(calendar: &Calendar) -> Vec<String> {
    let stored = calendar.body.get(COMPONENTS).and_then(Value::as_array);
    match stored {
        Some(names) => names.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        None => ALL_COMPONENTS.map(str::to_owned).to_vec(),
    }
}

/// Keeps the components of a `supported-calendar-component-set`.
pub(super) fn set_components(body: &mut Map<String, Value>, property: &Element) {
    let names = property.all(caldav::COMP).filter_map(|comp| comp.attribute("name"));
    let names: Vec<String> = names.map(str::to_ascii_uppercase).collect();
    body.insert(COMPONENTS.to_owned(), json!(names));
}

/// The zone in which days and floating times of a calendar count (RFC 4791 section 5.2.2).
pub(super) fn zone(calendar: &Calendar) -> Zone {
    let text = dead::get(&calendar.body, &caldav::CALENDAR_TIMEZONE).map(|found| found.text());
    text.and_then(|text| Zone::vtimezone(text.as_bytes())).unwrap_or_else(Zone::utc)
}

/// Whether the calendar does not count as busy time (RFC 6638 section 9.1).
pub(super) fn is_transparent(calendar: &Calendar) -> bool {
    let stored = dead::get(&calendar.body, &caldav::SCHEDULE_CALENDAR_TRANSP);
    stored.is_some_and(|found| found.first(&caldav::TRANSPARENT).is_some())
}

/// The calendar object that an item is.
pub(super) fn object(item: &Item) -> Option<CalendarObject> {
    let text = item.text.as_ref()?;
    CalendarObject::read(text.octets.clone()).ok()
}

/// The card that an item is.
pub(super) fn card(item: &Item) -> Option<AddressObject> {
    AddressObject::read(&item.text.as_ref()?.octets).ok()
}
