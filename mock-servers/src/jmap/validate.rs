//! Whether an object is a valid event; if not, every property that is to blame. The shapes of its
//! parts are the business of [`super::check`].

use serde_json::{Map, Value};

use super::check::{Strangers, Wrong, below};
use super::color::is_color;
use super::errors::SetError;
use super::event::differences;
use super::patch;
use super::shapes::EVENT;
use super::times;
use crate::nesting::{self, DEPTH_MAX};

/// Properties that an override must not touch (jscalendarbis; draft-ietf-jmap-calendars-27 section
/// 5.1 and 5.8).
const NOT_IN_OVERRIDES: [&str; 16] = [
    "@type",
    "calendarIds",
    "hideAttendees",
    "isDraft",
    "mayInviteOthers",
    "mayInviteSelf",
    "method",
    "prodId",
    "recurrenceId",
    "recurrenceIdTimeZone",
    "recurrenceOverrides",
    "recurrenceRule",
    "relatedTo",
    "uid",
    "utcEnd",
    "utcStart",
];

/// The dates that are taken: `minDateTime` and `maxDateTime` of the session
/// (draft-ietf-jmap-calendars-27 section 1.5.1). The first is where Windows begins to count: products
/// put birthdays without a year into 1604.
pub(super) const EARLIEST: &str = "1601-01-01T00:00:00Z";
/// See [`EARLIEST`].
pub(super) const LATEST: &str = "2200-01-01T00:00:00Z";

/// Checks the JSCalendar properties of an event. `calendarIds` and what the server sets are checked
/// by the verb.
pub(super) fn event(event: &Map<String, Value>) -> Result<(), SetError> {
    let mut wrong = Wrong::new(Strangers::Refused);
    wrong.object(event, &EVENT, "");
    if event.contains_key("excluded") {
        wrong.blame("excluded");
    }
    if event.get("version").is_some_and(|version| version != "2.0") {
        wrong.blame("version");
    }
    let kind = event.get("descriptionContentType").and_then(Value::as_str);
    if kind.is_some_and(|kind| !kind.starts_with("text/")) {
        wrong.blame("descriptionContentType");
    }
    if event.get("uid").is_some_and(|uid| uid == "") {
        wrong.blame("uid");
    }
    if event.get("color").and_then(Value::as_str).is_some_and(|color| !is_color(color)) {
        wrong.blame("color");
    }
    for (id, link) in event.get("links").and_then(Value::as_object).into_iter().flatten() {
        if link.is_object() && link.get("href").is_none() && link.get("blobId").is_none() {
            wrong.blame(&below("links", id));
        }
    }
    dates(&mut wrong, event);
    rule(&mut wrong, event);
    overrides(&mut wrong, event);
    if wrong.properties.is_empty() {
        return Ok(());
    }
    Err(SetError::invalid_properties(wrong.properties, "the event is not valid"))
}

/// Checks an event that was stored before: only what changed can be to blame, since a server may
/// hold what it would not take from a client.
pub(super) fn change(
    before: &Map<String, Value>,
    after: &Map<String, Value>,
) -> Result<(), SetError> {
    event(after).or_else(|mut error| {
        let changed = differences(before, after);
        error
            .properties
            .retain(|property| property.split('/').next().is_some_and(|top| changed.contains(top)));
        if error.properties.is_empty() { Ok(()) } else { Err(error) }
    })
}

/// Starts that the session says are not taken.
fn dates(wrong: &mut Wrong, event: &Map<String, Value>) {
    let overrides = event.get("recurrenceOverrides").and_then(Value::as_object);
    for name in ["start", "recurrenceId"] {
        if !event.get(name).and_then(Value::as_str).is_none_or(|at| is_taken(event, at)) {
            wrong.blame(name);
        }
    }
    for (key, patch) in overrides.into_iter().flatten() {
        let moved = patch.get("start").and_then(Value::as_str);
        if !is_taken(event, key) || !moved.is_none_or(|at| is_taken(event, at)) {
            wrong.blame(&below("recurrenceOverrides", key));
        }
    }
}

/// Whether a local date-time of an event lies within; a floating one is read as UTC. What is no
/// date-time is blamed elsewhere.
fn is_taken(event: &Map<String, Value>, text: &str) -> bool {
    let Some(local) = times::local(text) else { return true };
    let utc = || local.to_zoned(jiff::tz::TimeZone::UTC).ok().map(|zoned| zoned.timestamp());
    let instant = times::placed(event, local).instant().or_else(utc);
    let (earliest, latest) = (times::utc(EARLIEST), times::utc(LATEST));
    instant.is_some_and(|it| Some(it) >= earliest && Some(it) <= latest)
}

fn rule(wrong: &mut Wrong, event: &Map<String, Value>) {
    let Some(Value::Object(rule)) = event.get("recurrenceRule") else { return };
    if rule.contains_key("count") && rule.contains_key("until") {
        wrong.blame("recurrenceRule/until");
    }
    let month = |value: &Value| {
        let text = value.as_str().unwrap_or_default();
        let number = text.strip_suffix('L').unwrap_or(text).parse::<u8>();
        number.is_ok_and(|number| (1..=13).contains(&number))
    };
    let months = rule.get("byMonth").and_then(Value::as_array);
    if months.is_some_and(|months| !months.iter().all(month)) {
        wrong.blame("recurrenceRule/byMonth");
    }
    if event.contains_key("recurrenceId") {
        wrong.blame("recurrenceId");
    }
}

fn overrides(wrong: &mut Wrong, event: &Map<String, Value>) {
    let Some(overrides) = event.get("recurrenceOverrides") else { return };
    let Value::Object(overrides) = overrides else { return wrong.blame("recurrenceOverrides") };
    let mut base = event.clone();
    base.remove("recurrenceOverrides");
    base.remove("recurrenceRule");
    for (key, value) in overrides {
        let path = below("recurrenceOverrides", key);
        let Value::Object(patch) = value else {
            wrong.blame(&path);
            continue;
        };
        if times::local(key).is_none() {
            wrong.blame(&path);
            continue;
        }
        one_override(wrong, &base, patch, &path);
    }
}

fn one_override(
    wrong: &mut Wrong,
    base: &Map<String, Value>,
    patch: &Map<String, Value>,
    path: &str,
) {
    for pointer in patch.keys() {
        let first = patch::segments(pointer).and_then(|parts| parts.first().cloned());
        if first.is_none_or(|first| NOT_IN_OVERRIDES.contains(&first.as_str())) {
            wrong.blame(&below(path, pointer));
        }
    }
    let mut occurrence = base.clone();
    if let Err(invalid) = patch::apply(&mut occurrence, patch) {
        wrong.blame(&below(path, &invalid.pointer));
        return;
    }
    // Pointers reach into what is there already.
    let deep = |name: &str| occurrence.get(name).is_some_and(|it| nesting::depth(it) >= DEPTH_MAX);
    for pointer in patch.keys() {
        if patch::segments(pointer).is_some_and(|parts| parts.first().is_some_and(|it| deep(it))) {
            wrong.blame(&below(path, pointer));
        }
    }
    let mut inside = Wrong::new(Strangers::Refused);
    inside.object(&occurrence, &EVENT, "");
    for property in inside.properties {
        let top = property.split('/').next().unwrap_or_default();
        if patch.keys().any(|pointer| pointer.split('/').next() == Some(top)) {
            wrong.blame(&format!("{path}/{property}"));
        }
    }
}
