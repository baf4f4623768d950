//! Bringing a JSCalendar object into canonical form.
//!
//! Applying it twice changes nothing. Members that it does not know are kept as they are.

use serde_json::{Map, Value};

use super::time::{self, Length};
use super::{Malformed, defaults, overrides, rekey, rule};

/// Parts of an event that a name stands for, in maps from an id.
const PARTS: [&str; 6] =
    ["alerts", "links", "locations", "participants", "relatedTo", "virtualLocations"];
/// Names of the zone that has no offset.
const UTC: [&str; 6] = ["Etc/UTC", "UTC", "Etc/GMT", "GMT", "Etc/Zulu", "Z"];

/// The canonical members of an event.
pub(super) fn event(raw: Map<String, Value>) -> Result<Map<String, Value>, Malformed> {
    let mut members = members(&raw, Frame::Event)?;
    if let Some(patches) = raw.get("recurrenceOverrides").filter(|value| !value.is_null()) {
        let normal = overrides::normal(&raw, &members, patches)?;
        if !normal.is_empty() {
            members.insert("recurrenceOverrides".to_owned(), Value::Object(normal));
        }
    }
    Ok(members)
}

/// What is being brought into form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Frame {
    /// An event.
    Event,
    /// One occurrence of a recurring event, with its override applied.
    Occurrence,
}

/// The canonical members of an event or an occurrence, without its overrides.
pub(super) fn members(
    raw: &Map<String, Value>,
    frame: Frame,
) -> Result<Map<String, Value>, Malformed> {
    let mut members = Map::new();
    for (name, value) in raw {
        let skip = defaults::NOT_CONTENT.contains(&name.as_str())
            || name == "recurrenceOverrides"
            || (name == "recurrenceRule" && frame == Frame::Occurrence);
        if skip || value.is_null() {
            continue;
        }
        members.insert(name.clone(), member(name, value)?);
    }
    when(&mut members, frame)?;
    texts(&mut members);
    let renamed = rekey::parts(&mut members);
    main_location(&mut members, &renamed);
    members.retain(|name, value| {
        defaults::of_event(name).as_ref() != Some(&*value) && !is_empty_container(value)
    });
    Ok(members)
}

fn member(name: &str, value: &Value) -> Result<Value, Malformed> {
    match name {
        "timeZone" | "endTimeZone" | "recurrenceIdTimeZone" => {
            let text = text_of(name, value)?;
            let known = if UTC.contains(&text) { "Etc/UTC" } else { text };
            Ok(Value::from(known))
        }
        "start" | "recurrenceId" => {
            let time = time::local(text_of(name, value)?);
            let time = time.ok_or_else(|| malformed(name, "is no local date and time"))?;
            Ok(Value::from(time::local_text(time)))
        }
        _ if is_collection(name) && !value.is_object() => Err(malformed(name, "is no object")),
        // Patches hold nulls that mean something.
        "localizations" => Ok(value.clone()),
        "color" => Ok(value.as_str().map_or_else(|| value.clone(), |c| c.to_lowercase().into())),
        _ => Ok(tidy(name, value)),
    }
}

/// Members that the merge takes apart.
fn is_collection(name: &str) -> bool {
    name == "recurrenceRule" || PARTS.contains(&name) || defaults::SETS.contains(&name)
}

/// Start, length and rule, which rest on each other.
fn when(members: &mut Map<String, Value>, frame: Frame) -> Result<(), Malformed> {
    let start = members.get("start").and_then(Value::as_str).and_then(time::local);
    let start = start.ok_or_else(|| malformed("start", "is missing"))?;
    if let Some(rule) = members.get("recurrenceRule").and_then(Value::as_object) {
        let rule = rule::normal(rule, start)?;
        members.insert("recurrenceRule".to_owned(), Value::Object(rule));
    }
    let Some(duration) = members.get("duration") else { return Ok(()) };
    let length = Length::parse(text_of("duration", duration)?);
    let length = length.filter(|length| !length.negative);
    let length = length.ok_or_else(|| malformed("duration", "is no duration"))?;
    let all_day = members.get("showWithoutTime") == Some(&Value::Bool(true));
    let recurring = frame == Frame::Occurrence
        || members.contains_key("recurrenceRule")
        || members.contains_key("recurrenceId");
    let normal = if all_day {
        let in_days = length.in_days();
        if in_days.is_days() { in_days } else { length }
    } else if recurring || length.days == 0 {
        length
    } else {
        let zone = members.get("timeZone").and_then(Value::as_str);
        exact(length, start, zone)
    };
    members.insert("duration".to_owned(), Value::from(normal.text()));
    Ok(())
}

/// A length of a single event without nominal days, whose number of hours its zone decides.
fn exact(length: Length, start: jiff::civil::DateTime, zone: Option<&str>) -> Length {
    let resolved = || {
        let zone = time::zone(zone?)?;
        let begin = start.to_zoned(zone).ok()?;
        let days = i64::try_from(length.days).ok()?;
        let end = begin.checked_add(jiff::Span::new().try_days(days).ok()?).ok()?;
        u64::try_from(end.timestamp().as_second() - begin.timestamp().as_second()).ok()
    };
    match resolved() {
        Some(of_days) => {
            Length { days: 0, seconds: of_days.saturating_add(length.seconds), ..length }
        }
        None => length.exact(),
    }
}

fn texts(members: &mut Map<String, Value>) {
    if let Some(Value::String(text)) = members.get_mut("description")
        && text.contains('\r')
    {
        *text = text.replace("\r\n", "\n").replace('\r', "\n");
    }
    let described = members.get("description").is_some_and(|text| text != "");
    if !described {
        members.remove("descriptionContentType");
    }
    if let Some(Value::String(address)) = members.get_mut("organizerCalendarAddress") {
        *address = calendar_address(address);
    }
}

/// The main location, where there is more than one to choose from.
fn main_location(members: &mut Map<String, Value>, renamed: &rekey::Renamed) {
    let locations = members.get("locations").and_then(Value::as_object);
    let chosen = members.get("mainLocationId").and_then(Value::as_str);
    let chosen = chosen.map(|id| renamed.of("locations", id).to_owned());
    let kept = match (locations, chosen) {
        (Some(all), Some(id)) if all.len() > 1 && all.contains_key(&id) => Some(id),
        _ => None,
    };
    match kept {
        Some(id) => members.insert("mainLocationId".to_owned(), Value::from(id)),
        None => members.remove("mainLocationId"),
    };
}

/// A value without nulls, implied types and defaults.
fn tidy(name: &str, value: &Value) -> Value {
    match value {
        Value::Object(map) if PARTS.contains(&name) => {
            let parts = map.iter().filter_map(|(id, part)| {
                let part = object(name, part.as_object()?);
                Some((id.clone(), Value::Object(part)))
            });
            Value::Object(parts.collect())
        }
        Value::Object(map) if defaults::SETS.contains(&name) => {
            let held = map.iter().filter(|(_, held)| **held == Value::Bool(true));
            Value::Object(held.map(|(element, held)| (element.clone(), held.clone())).collect())
        }
        Value::Object(map) => Value::Object(object(name, map)),
        Value::Array(values) => values.iter().map(|value| tidy(name, value)).collect(),
        Value::Number(number) => whole(number).map_or_else(|| value.clone(), Value::from),
        Value::String(text) if name == "calendarAddress" => calendar_address(text).into(),
        _ => value.clone(),
    }
}

/// An object below the member `below`.
fn object(below: &str, map: &Map<String, Value>) -> Map<String, Value> {
    let mut object = Map::new();
    for (name, value) in map {
        let implied = name == "@type" && defaults::implied_type(value);
        let message = below == "participants" && defaults::MESSAGING.contains(&name.as_str());
        if implied || message || value.is_null() {
            continue;
        }
        let value = tidy(name, value);
        let says_nothing = defaults::of_part(below, name).as_ref() == Some(&value);
        if !says_nothing && !is_empty_container(&value) {
            object.insert(name.clone(), value);
        }
    }
    if below == "trigger"
        && let Some(offset) = object.get("offset").and_then(Value::as_str)
        && let Some(length) = Length::parse(offset)
    {
        object.insert("offset".to_owned(), Value::from(length.exact().text()));
    }
    if below == "participants"
        && let (Some(email), Some(address)) = (object.get("email"), object.get("calendarAddress"))
        && let (Some(email), Some(address)) = (email.as_str(), address.as_str())
        && address.strip_prefix("mailto:") == Some(&email.to_lowercase())
    {
        object.remove("email");
    }
    object
}

/// Addresses of people are compared without regard to case, as every server does.
fn calendar_address(text: &str) -> String {
    let scheme = text.get(..7).filter(|scheme| scheme.eq_ignore_ascii_case("mailto:"));
    if scheme.is_some() { text.to_lowercase() } else { text.to_owned() }
}

/// A whole number that was written as a fraction.
#[expect(clippy::cast_possible_truncation, reason = "the range is checked before")]
fn whole(number: &serde_json::Number) -> Option<i64> {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    if !number.is_f64() {
        return None;
    }
    let value = number.as_f64()?;
    (value.fract() == 0.0 && value.abs() < EXACT).then_some(value as i64)
}

fn is_empty_container(value: &Value) -> bool {
    match value {
        Value::Object(map) => map.is_empty(),
        Value::Array(values) => values.is_empty(),
        _ => false,
    }
}

fn text_of<'a>(property: &str, value: &'a Value) -> Result<&'a str, Malformed> {
    value.as_str().ok_or_else(|| malformed(property, "is no text"))
}

pub(super) fn malformed(property: &str, problem: &'static str) -> Malformed {
    Malformed { property: property.to_owned(), problem }
}
