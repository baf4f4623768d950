//! The names that events had before jscalendarbis: those of RFC 8984, for servers that still speak
//! them. Stored are always the new names; this is the edge at which they change.
//!
//! What RFC 8984 has and jscalendarbis has not is stored under a prefix that no registry knows, and
//! shown without it.

use serde_json::{Map, Value, json};

use super::errors::SetError;
use super::patch::{escape, segments};
use super::set::Object;
use crate::profiles::EventNames;

/// Before names that jscalendarbis has not.
const PREFIX: &str = "rfc8984:";

/// Names that jscalendarbis made, by the map in which they stand; they are unknown to RFC 8984.
const NEW: [(&str, &str); 4] = [
    ("", "recurrenceRule"),
    ("", "organizerCalendarAddress"),
    ("", "endTimeZone"),
    ("participants", "calendarAddress"),
];

/// Names that jscalendarbis dropped, by the map in which they stand (RFC 8984 sections 4.2.5, 4.2.6,
/// 1.4.11, 4.4.6, 4.6.1 and 4.7.2).
const OLD: [(&str, &str); 12] = [
    ("", "localizations"),
    ("", "timeZones"),
    ("locations", "description"),
    ("locations", "relativeTo"),
    ("locations", "timeZone"),
    ("locations", "linkIds"),
    ("virtualLocations", "description"),
    ("links", "cid"),
    ("participants", "language"),
    ("participants", "locationId"),
    ("participants", "linkIds"),
    ("participants", "scheduleId"),
];

/// The maps of objects with names of their own.
const MAPS: [&str; 4] = ["participants", "locations", "virtualLocations", "links"];

impl EventNames {
    /// The event as a client of this server sees it.
    pub(super) fn show(self, event: &mut Object) {
        if self == Self::Bis {
            return;
        }
        shown_members(event, "");
        if let Some(rule) = event.remove("recurrenceRule") {
            let rules = if rule.is_null() { Value::Null } else { json!([rule]) };
            event.insert("recurrenceRules".to_owned(), rules);
        }
        if let Some(uri) = event.remove("organizerCalendarAddress") {
            event.insert("replyTo".to_owned(), json!({ "imip": uri }));
        }
        for map in MAPS {
            each(event, map, &mut |object| shown_member(object, map));
        }
        overrides(event, &|pointer, value| match &pointer[..] {
            [map] if MAPS.contains(&map.as_str()) => {
                let name = map.clone();
                let mut value = value;
                for member in value.as_object_mut().into_iter().flat_map(Map::values_mut) {
                    if let Value::Object(object) = member {
                        shown_member(object, &name);
                    }
                }
                (pointer, value)
            }
            [map, _] if MAPS.contains(&map.as_str()) => {
                let name = map.clone();
                let mut value = value;
                if let Value::Object(object) = &mut value {
                    shown_member(object, &name);
                }
                (pointer, value)
            }
            [map, id, name] if map == "participants" && name == "calendarAddress" => {
                let pointer = [map.as_str(), id, "sendTo", "imip"].map(str::to_owned).to_vec();
                (pointer, value)
            }
            _ => (pointer, value),
        });
    }

    /// The event as it is stored.
    ///
    /// # Errors
    /// When it has properties that this server does not know.
    pub(super) fn read(self, event: &mut Object) -> Result<(), SetError> {
        if self == Self::Bis {
            return Ok(());
        }
        let mut wrong = Vec::new();
        read_members(event, "", "", &mut wrong);
        rules(event, &mut wrong);
        if let Some(reply) = event.remove("replyTo").filter(|reply| !reply.is_null()) {
            match address(&reply) {
                Some(uri) => {
                    event.insert("organizerCalendarAddress".to_owned(), uri);
                }
                None => wrong.push("replyTo".to_owned()),
            }
        }
        for map in MAPS {
            let Some(Value::Object(all)) = event.get_mut(map) else { continue };
            for (id, member) in all {
                if let Value::Object(object) = member {
                    read_member(object, map, &format!("{map}/{}", escape(id)), &mut wrong);
                }
            }
        }
        let failed = std::cell::RefCell::new(Vec::new());
        overrides(event, &|pointer, value| read_override(pointer, value, &mut failed.borrow_mut()));
        wrong.extend(failed.into_inner());
        if wrong.is_empty() {
            return Ok(());
        }
        Err(SetError::invalid_properties(wrong, "RFC 8984 has no such thing, or not so"))
    }

    /// A patch of an event, as [`Self::show`] shows events.
    pub(super) fn show_patch(self, patch: &mut Object) {
        if self == Self::Bis {
            return;
        }
        self.show(patch);
        // The pointers of a patch are those of an override.
        let mut wrapped = json!({ "recurrenceOverrides": { "": std::mem::take(patch) } });
        if let Some(event) = wrapped.as_object_mut() {
            self.show(event);
        }
        if let Some(Value::Object(shown)) = wrapped.pointer_mut("/recurrenceOverrides/") {
            *patch = std::mem::take(shown);
        }
    }

    /// The names in an error as this server has them.
    pub(super) fn blame(self, mut error: SetError) -> SetError {
        if self == Self::Rfc8984 {
            for property in &mut error.properties {
                *property = property
                    .replace("organizerCalendarAddress", "replyTo")
                    .replace("calendarAddress", "sendTo")
                    .replace(PREFIX, "");
                if let Some(rest) = property.strip_prefix("recurrenceRule") {
                    *property = format!("recurrenceRules/0{rest}");
                }
            }
        }
        error
    }
}

/// `recurrenceRules`: at most one, and none that excludes.
fn rules(event: &mut Object, wrong: &mut Vec<String>) {
    let empty = |value: &Value| value.as_array().is_some_and(Vec::is_empty) || value.is_null();
    if event.remove("excludedRecurrenceRules").is_some_and(|rules| !empty(&rules)) {
        wrong.push("excludedRecurrenceRules".to_owned());
    }
    match event.remove("recurrenceRules") {
        Some(Value::Array(mut rules)) if rules.len() == 1 => {
            event.insert("recurrenceRule".to_owned(), rules.remove(0));
        }
        Some(rules) if !empty(&rules) => wrong.push("recurrenceRules".to_owned()),
        _ => {}
    }
}

/// The URI of a map of methods: that of iMIP, or any.
fn address(methods: &Value) -> Option<Value> {
    let methods = methods.as_object()?;
    let uri = methods.get("imip").or_else(|| methods.values().next())?;
    uri.is_string().then(|| uri.clone())
}

fn each(event: &mut Object, map: &str, change: &mut dyn FnMut(&mut Object)) {
    let Some(Value::Object(all)) = event.get_mut(map) else { return };
    all.values_mut().filter_map(Value::as_object_mut).for_each(change);
}

fn shown_member(object: &mut Object, map: &str) {
    shown_members(object, map);
    if map == "participants"
        && let Some(uri) = object.remove("calendarAddress")
    {
        object.insert("sendTo".to_owned(), json!({ "imip": uri }));
    }
    if map == "links"
        && let Some(Value::Object(display)) = object.get("display")
        && let Some(first) = display.keys().next().cloned()
    {
        object.insert("display".to_owned(), json!(first));
    }
}

fn shown_members(object: &mut Object, map: &str) {
    for (_, name) in OLD.iter().filter(|(of, _)| *of == map) {
        if let Some(value) = object.remove(&format!("{PREFIX}{name}")) {
            object.insert((*name).to_owned(), value);
        }
    }
}

fn read_member(object: &mut Object, map: &str, path: &str, wrong: &mut Vec<String>) {
    read_members(object, map, path, wrong);
    if map == "participants"
        && let Some(methods) = object.remove("sendTo").filter(|methods| !methods.is_null())
    {
        match address(&methods) {
            Some(uri) => {
                object.insert("calendarAddress".to_owned(), uri);
            }
            None => wrong.push(format!("{path}/sendTo")),
        }
    }
    if map == "links"
        && let Some(Value::String(display)) = object.get("display").cloned()
    {
        object.insert("display".to_owned(), json!({ display: true }));
    }
}

fn read_members(object: &mut Object, map: &str, path: &str, wrong: &mut Vec<String>) {
    for (_, name) in NEW.iter().filter(|(of, _)| *of == map) {
        if object.remove(*name).is_some_and(|value| !value.is_null()) {
            wrong.push(if path.is_empty() { (*name).to_owned() } else { format!("{path}/{name}") });
        }
    }
    for (_, name) in OLD.iter().filter(|(of, _)| *of == map) {
        if let Some(value) = object.remove(*name).filter(|value| !value.is_null()) {
            object.insert(format!("{PREFIX}{name}"), value);
        }
    }
}

type Pointer = Vec<String>;

fn read_override(pointer: Pointer, mut value: Value, wrong: &mut Vec<String>) -> (Pointer, Value) {
    let path = pointer.join("/");
    match &pointer[..] {
        [map] if MAPS.contains(&map.as_str()) => {
            for (id, member) in value.as_object_mut().into_iter().flatten() {
                if let Value::Object(object) = member {
                    read_member(object, map, &format!("{path}/{}", escape(id)), wrong);
                }
            }
            (pointer, value)
        }
        [map, _] if MAPS.contains(&map.as_str()) => {
            if let Value::Object(object) = &mut value {
                read_member(object, map, &path, wrong);
            }
            (pointer, value)
        }
        [map, id, name, rest @ ..] if map == "participants" && name == "sendTo" => {
            let uri = if rest.is_empty() { address(&value) } else { Some(value) };
            let pointer = [map.as_str(), id, "calendarAddress"].map(str::to_owned).to_vec();
            (pointer, uri.unwrap_or_default())
        }
        _ => (pointer, value),
    }
}

/// Changes each pointer of each override with its value.
fn overrides(event: &mut Object, change: &dyn Fn(Pointer, Value) -> (Pointer, Value)) {
    let Some(Value::Object(all)) = event.get_mut("recurrenceOverrides") else { return };
    for patch in all.values_mut().filter_map(Value::as_object_mut) {
        let changed = std::mem::take(patch).into_iter().map(|(pointer, value)| {
            let Some(parts) = segments(&pointer) else { return (pointer, value) };
            let (parts, value) = change(parts, value);
            let parts: Vec<String> = parts.iter().map(|part| escape(part)).collect();
            (parts.join("/"), value)
        });
        *patch = changed.collect();
    }
}
