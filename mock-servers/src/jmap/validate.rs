//! Whether an object is a valid event; if not, every property that is to blame.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::errors::SetError;
use super::event::differences;
use super::patch::{self, escape};
use super::shapes::{ABSOLUTE_TRIGGER, EVENT, OFFSET_TRIGGER, Object, Shape};
use super::times;
use crate::world::Zone;

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

/// Checks the JSCalendar properties of an event. `calendarIds` and what the server sets are checked
/// by the verb.
pub(super) fn event(event: &Map<String, Value>) -> Result<(), SetError> {
    let mut wrong = Wrong::default();
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
    wrong.rule(event);
    wrong.overrides(event);
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

#[derive(Debug, Default)]
struct Wrong {
    properties: BTreeSet<String>,
}

impl Wrong {
    fn blame(&mut self, path: &str) {
        self.properties.insert(path.to_owned());
    }

    fn object(&mut self, value: &Map<String, Value>, object: &Object, path: &str) {
        for name in object.required {
            if !value.contains_key(*name) {
                self.blame(&below(path, name));
            }
        }
        for (name, member) in value {
            let path = below(path, name);
            if name == "@type" {
                if member != object.name {
                    self.blame(&path);
                }
                continue;
            }
            match object.members.iter().find(|(known, _)| known == name) {
                Some((_, shape)) => self.shape(member, *shape, &path),
                // A vendor's own property: `example.com:name`.
                None if name.contains(':') => {}
                None => self.blame(&path),
            }
        }
    }

    fn shape(&mut self, value: &Value, shape: Shape, path: &str) {
        let fits = match shape {
            Shape::Any => true,
            Shape::Text => value.is_string(),
            Shape::Boolean => value.is_boolean(),
            Shape::Unsigned => value.as_u64().is_some(),
            Shape::Within(low, high) => value
                .as_i64()
                .is_some_and(|number| (low..=high).contains(&number) && (number != 0 || low >= 0)),
            Shape::Instant => text(value, |text| times::utc(text).is_some()),
            Shape::Local => text(value, |text| times::local(text).is_some()),
            Shape::Length => text(value, |text| times::duration(text, false).is_some()),
            Shape::Offset => text(value, |text| times::duration(text, true).is_some()),
            Shape::Zone => text(value, |text| Zone::iana(text).is_some()),
            Shape::Uri => text(value, is_uri),
            Shape::Word(words) => text(value, |text| words.contains(&text) || text.contains(':')),
            Shape::Flags => value
                .as_object()
                .is_some_and(|members| members.values().all(|member| member == &Value::Bool(true))),
            Shape::One(object) => return self.one(value, object, path),
            Shape::Map(object) => return self.map(value, object, path, is_id),
            Shape::ByUid(object) => return self.map(value, object, path, |uid| !uid.is_empty()),
            Shape::List(element) => return self.list(value, *element, path),
            Shape::Trigger => return self.trigger(value, path),
        };
        if !fits {
            self.blame(path);
        }
    }

    fn one(&mut self, value: &Value, object: &Object, path: &str) {
        match value {
            Value::Object(members) => self.object(members, object, path),
            _ => self.blame(path),
        }
    }

    fn map(&mut self, value: &Value, object: &Object, path: &str, is_key: fn(&str) -> bool) {
        let Value::Object(members) = value else { return self.blame(path) };
        for (id, member) in members {
            let path = below(path, id);
            if is_key(id) {
                self.one(member, object, &path);
            } else {
                self.blame(&path);
            }
        }
    }

    fn list(&mut self, value: &Value, element: Shape, path: &str) {
        let Value::Array(elements) = value else { return self.blame(path) };
        if elements.is_empty() {
            self.blame(path);
        }
        for (index, value) in elements.iter().enumerate() {
            self.shape(value, element, &below(path, &index.to_string()));
        }
    }

    fn trigger(&mut self, value: &Value, path: &str) {
        let Value::Object(members) = value else { return self.blame(path) };
        match members.get("@type").map_or(Some("OffsetTrigger"), Value::as_str) {
            Some("OffsetTrigger") => self.object(members, &OFFSET_TRIGGER, path),
            Some("AbsoluteTrigger") => self.object(members, &ABSOLUTE_TRIGGER, path),
            // Trigger types of the future are kept (UnknownTrigger).
            Some(_) => {}
            None => self.blame(path),
        }
    }

    fn rule(&mut self, event: &Map<String, Value>) {
        let Some(Value::Object(rule)) = event.get("recurrenceRule") else { return };
        if rule.contains_key("count") && rule.contains_key("until") {
            self.blame("recurrenceRule/until");
        }
        let month = |value: &Value| {
            let text = value.as_str().unwrap_or_default();
            let number = text.strip_suffix('L').unwrap_or(text).parse::<u8>();
            number.is_ok_and(|number| (1..=13).contains(&number))
        };
        let months = rule.get("byMonth").and_then(Value::as_array);
        if months.is_some_and(|months| !months.iter().all(month)) {
            self.blame("recurrenceRule/byMonth");
        }
        if event.contains_key("recurrenceId") {
            self.blame("recurrenceId");
        }
    }

    fn overrides(&mut self, event: &Map<String, Value>) {
        let Some(overrides) = event.get("recurrenceOverrides") else { return };
        let Value::Object(overrides) = overrides else { return self.blame("recurrenceOverrides") };
        let mut base = event.clone();
        base.remove("recurrenceOverrides");
        base.remove("recurrenceRule");
        for (key, value) in overrides {
            let path = below("recurrenceOverrides", key);
            let Value::Object(patch) = value else {
                self.blame(&path);
                continue;
            };
            if times::local(key).is_none() {
                self.blame(&path);
                continue;
            }
            self.one_override(&base, patch, &path);
        }
    }

    fn one_override(&mut self, base: &Map<String, Value>, patch: &Map<String, Value>, path: &str) {
        for pointer in patch.keys() {
            let first = patch::segments(pointer).and_then(|parts| parts.first().cloned());
            if first.is_none_or(|first| NOT_IN_OVERRIDES.contains(&first.as_str())) {
                self.blame(&below(path, pointer));
            }
        }
        let mut occurrence = base.clone();
        if let Err(invalid) = patch::apply(&mut occurrence, patch) {
            self.blame(&below(path, &invalid.pointer));
            return;
        }
        let mut inside = Self::default();
        inside.object(&occurrence, &EVENT, "");
        for property in inside.properties {
            let top = property.split('/').next().unwrap_or_default();
            if patch.keys().any(|pointer| pointer.split('/').next() == Some(top)) {
                self.blame(&format!("{path}/{property}"));
            }
        }
    }
}

fn below(path: &str, name: &str) -> String {
    if path.is_empty() { escape(name) } else { format!("{path}/{}", escape(name)) }
}

fn text(value: &Value, fits: impl Fn(&str) -> bool) -> bool {
    value.as_str().is_some_and(fits)
}

/// A scheme and something after it.
fn is_uri(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else { return false };
    let first = scheme.bytes().next().is_some_and(|byte| byte.is_ascii_alphabetic());
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte);
    first && scheme.bytes().all(plain) && !rest.is_empty() && !rest.contains(char::is_whitespace)
}

/// An `Id` (RFC 8620 section 1.2).
pub(super) fn is_id(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
    (1..=255).contains(&text.len()) && text.bytes().all(plain)
}
