//! `address-data` in a request (RFC 6352, section 10.4): some properties of a card instead of all.
//!
//! Properties that are handed out keep their physical lines. VERSION, UID and FN always are, so that
//! what is handed out is a card.

use super::object::AddressObject;
use crate::world::contacts::content::{Property, content_line, fold};

/// Properties that every answer has.
const ALWAYS: [&str; 3] = ["VERSION", "UID", "FN"];

/// Whether a property is handed out with its value; the attribute `novalue`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Value {
    /// `no`: it is. The default.
    #[default]
    Kept,
    /// `yes`: name and parameters only.
    Dropped,
}

/// `prop` (section 10.4.2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Selected {
    /// The group, if only properties of one group are meant; none for properties of any or no group.
    pub group: Option<String>,
    /// The property.
    pub name: String,
    /// Whether its value is wanted.
    pub value: Value,
}

impl Selected {
    /// The properties with this `name` attribute, which may begin with a group.
    #[must_use]
    pub(crate) fn new(name: &str, value: Value) -> Selected {
        let (group, name) = match name.split_once('.') {
            Some((group, name)) => (Some(group.to_owned()), name),
            None => (None, name),
        };
        Selected { group, name: name.to_owned(), value }
    }

    fn means(&self, property: &Property) -> bool {
        let group = property.group.as_deref().unwrap_or_default();
        property.name.eq_ignore_ascii_case(&self.name)
            && self.group.as_ref().is_none_or(|wanted| wanted.eq_ignore_ascii_case(group))
    }
}

/// The card with these properties only; the whole body where none is named (`allprop`).
#[must_use]
pub(crate) fn select(object: &AddressObject, wanted: &[Selected]) -> Vec<u8> {
    let octets = object.octets();
    if wanted.is_empty() {
        return octets.to_vec();
    }
    let card = object.card();
    let end = object.line_end();
    let mut selected = format!("BEGIN:VCARD{end}").into_bytes();
    for property in &card.properties {
        match wanted.iter().find(|wanted| wanted.means(property)) {
            Some(Selected { value: Value::Dropped, .. }) => {
                let group = property.group.as_deref();
                let mut text = String::new();
                fold(&content_line(group, &property.name, &property.params, ""), end, &mut text);
                selected.extend_from_slice(text.as_bytes());
            }
            Some(_) => selected.extend_from_slice(&octets[property.octets.clone()]),
            None if ALWAYS.contains(&property.name.as_str()) => {
                selected.extend_from_slice(&octets[property.octets.clone()]);
            }
            None => {}
        }
    }
    selected.extend_from_slice(format!("END:VCARD{end}").as_bytes());
    selected
}

#[cfg(test)]
mod tests;
