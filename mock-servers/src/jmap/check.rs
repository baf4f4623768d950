//! Whether a JSON object has the shape that a table gives it; if not, every property that is to blame.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::patch::escape;
use super::shapes::{ABSOLUTE_TRIGGER, OFFSET_TRIGGER, Object, Shape};
use super::times;
use crate::world::Zone;

/// What is to blame in an object.
#[derive(Debug)]
pub(super) struct Wrong {
    /// JSON pointers without their leading slash.
    pub(super) properties: BTreeSet<String>,
    strangers: Strangers,
}

/// What becomes of members that no table knows and that carry no vendor's prefix.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Strangers {
    /// They are to blame.
    Refused,
    /// They are kept, as long as their names could be registered (RFC 9553 section 1.7).
    Kept,
}

impl Wrong {
    /// Nothing so far.
    pub(super) fn new(strangers: Strangers) -> Self {
        Self { properties: BTreeSet::new(), strangers }
    }

    /// Blames one property.
    pub(super) fn blame(&mut self, path: &str) {
        self.properties.insert(path.to_owned());
    }

    /// Checks the members of an object.
    pub(super) fn object(&mut self, value: &Map<String, Value>, object: &Object, path: &str) {
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
                None if self.strangers == Strangers::Kept && is_plain_name(name) => {}
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
            Shape::Either(objects) => return self.either(value, objects, path),
            Shape::Names(names) => value.as_object().is_some_and(|members| {
                members.iter().all(|(name, member)| names(name) && member.is_string())
            }),
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

    /// One of several objects; without `@type` the first.
    fn either(&mut self, value: &Value, objects: &[&Object], path: &str) {
        let Value::Object(members) = value else { return self.blame(path) };
        let named = |object: &&&Object| match members.get("@type") {
            None => true,
            Some(kind) => kind == object.name,
        };
        match objects.iter().find(named) {
            Some(object) => self.object(members, object, path),
            None => self.blame(&below(path, "@type")),
        }
    }
}

/// A pointer to a member of what a pointer leads to.
pub(super) fn below(path: &str, name: &str) -> String {
    if path.is_empty() { escape(name) } else { [path, "/", &escape(name)].concat() }
}

fn text(value: &Value, fits: impl Fn(&str) -> bool) -> bool {
    value.as_str().is_some_and(fits)
}

/// A scheme and something after it.
pub(super) fn is_uri(text: &str) -> bool {
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

/// A name as the registries have them.
fn is_plain_name(name: &str) -> bool {
    let first = name.bytes().next().is_some_and(|byte| byte.is_ascii_alphabetic());
    first && name.len() <= 256 && name.bytes().all(|byte| byte.is_ascii_alphanumeric())
}
