//! A user's edit in the server's own interface: only the lines of what changed are written anew,
//! with the line end of the card. Everything else keeps its octets.
//!
//! A property that is replaced keeps its group, its parameters and its place; one that is added
//! stands before END.

use std::ops::Range;

use jiff::Timestamp;

use super::object::{AddressObject, Refused};
use crate::world::contacts::content::{Property, Version, components, content_line, escape, fold};

/// One change. Texts come without escapes.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(not(test), expect(dead_code, reason = "users edit no more of cards so far"))]
pub(crate) enum Edit {
    /// The full name (FN), the first of several.
    FullName(String),
    /// Family and given name (N); the other parts stay.
    Name {
        /// The family name.
        family: String,
        /// The given name.
        given: String,
    },
    /// The note (NOTE), the first of several; an empty text removes it.
    Note(String),
    /// A further phone number (TEL).
    AddPhone {
        /// The number.
        number: String,
        /// Words of TYPE.
        types: Vec<String>,
    },
    /// A phone number is gone.
    RemovePhone {
        /// The number as it is shown.
        number: String,
    },
    /// A further mail address (EMAIL).
    AddMail {
        /// The address.
        address: String,
        /// Words of TYPE.
        types: Vec<String>,
    },
    /// A mail address is gone.
    RemoveMail {
        /// The address.
        address: String,
    },
    /// The time of the change (REV).
    Revised(Timestamp),
}

/// The body after these edits, in their order.
///
/// # Errors
/// When an edit takes away what a card must have; nothing of that kind can be said with the edits
/// that there are, so this tells of a mistake here.
pub(crate) fn edit(object: &AddressObject, edits: &[Edit]) -> Result<AddressObject, Refused> {
    let mut object = object.clone();
    for edit in edits {
        object = AddressObject::read(&one(&object, edit))?;
    }
    Ok(object)
}

fn one(object: &AddressObject, edit: &Edit) -> Vec<u8> {
    let first = |name: &str| object.card().property(name);
    match edit {
        Edit::FullName(name) => put(object, "FN", &escape(name)),
        Edit::Name { family, given } => put(object, "N", &renamed(first("N"), family, given)),
        Edit::Note(text) if text.is_empty() => remove(object, first("NOTE")),
        Edit::Note(text) => put(object, "NOTE", &escape(text)),
        Edit::AddPhone { number, types } => add(object, "TEL", types, &escape(number)),
        Edit::AddMail { address, types } => add(object, "EMAIL", types, &escape(address)),
        Edit::RemovePhone { number } => remove(object, holding(object, "TEL", number)),
        Edit::RemoveMail { address } => remove(object, holding(object, "EMAIL", address)),
        Edit::Revised(at) => put(object, "REV", &instant(*at, object.version())),
    }
}

/// RFC 6350, section 4.3.5, knows the basic form only; RFC 2426 the extended one as well.
fn instant(at: Timestamp, version: Version) -> String {
    let format = match version {
        Version::V3 => "%Y-%m-%dT%H:%M:%SZ",
        Version::V4 => "%Y%m%dT%H%M%SZ",
    };
    at.strftime(format).to_string()
}

/// N with its first two components changed.
fn renamed(before: Option<&Property>, family: &str, given: &str) -> String {
    let old = before.map(|property| components(&property.value)).unwrap_or_default();
    let rest = (2..old.len().max(5)).map(|nth| {
        let texts = old.get(nth).map(Vec::as_slice).unwrap_or_default();
        texts.iter().map(|text| escape(text)).collect::<Vec<_>>().join(",")
    });
    let all: Vec<String> = [escape(family), escape(given)].into_iter().chain(rest).collect();
    all.join(";")
}

fn holding<'a>(object: &'a AddressObject, name: &'a str, value: &str) -> Option<&'a Property> {
    let wanted = value.trim();
    object.card().all(name).find(|property| {
        let text = property.text();
        let text = text.trim();
        text.eq_ignore_ascii_case(wanted) || text.strip_prefix("tel:") == Some(wanted)
    })
}

fn put(object: &AddressObject, name: &str, value: &str) -> Vec<u8> {
    match object.card().property(name) {
        Some(old) => {
            let text = line(object, old.group.as_deref(), name, &old.params, value);
            spliced(object, old.octets.clone(), &text)
        }
        None => spliced(object, before_end(object), &line(object, None, name, &[], value)),
    }
}

fn add(object: &AddressObject, name: &str, types: &[String], value: &str) -> Vec<u8> {
    let params = match types {
        [] => Vec::new(),
        types => vec![("TYPE".to_owned(), types.to_vec())],
    };
    spliced(object, before_end(object), &line(object, None, name, &params, value))
}

/// Without the property, and without what else stands in its group: a label says nothing alone.
fn remove(object: &AddressObject, property: Option<&Property>) -> Vec<u8> {
    let Some(property) = property else { return object.octets().to_vec() };
    let mut octets = object.octets().to_vec();
    let label = |other: &&Property| {
        other.name == "X-ABLABEL" && other.group.is_some() && other.group == property.group
    };
    let mut gone: Vec<Range<usize>> =
        object.card().properties.iter().filter(label).map(|label| label.octets.clone()).collect();
    gone.push(property.octets.clone());
    gone.sort_by_key(|range| range.start);
    for range in gone.into_iter().rev() {
        octets.drain(range);
    }
    octets
}

fn before_end(object: &AddressObject) -> Range<usize> {
    let at = object.card().end.start;
    at..at
}

fn line(
    object: &AddressObject,
    group: Option<&str>,
    name: &str,
    params: &[(String, Vec<String>)],
    value: &str,
) -> String {
    let mut text = String::new();
    fold(&content_line(group, name, params, value), object.line_end(), &mut text);
    text
}

fn spliced(object: &AddressObject, range: Range<usize>, text: &str) -> Vec<u8> {
    let mut octets = object.octets().to_vec();
    octets.splice(range, text.bytes());
    octets
}

#[cfg(test)]
mod tests;
