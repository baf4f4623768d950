//! One property of a card: group, name, parameters, value, and the octets that it takes up.
//!
//! Values keep their escapes, because what they mean depends on the property.

use std::collections::BTreeSet;
use std::ops::Range;

use thiserror::Error;

use super::super::super::{lines::Line, properties::parameter};
use super::value;

/// Parameters of one property beyond which the line is refused.
const PARAMS_MAX: usize = 1_000;

/// Parameters in order, names in upper case, values unquoted and decoded.
pub type Params = Vec<(String, Vec<String>)>;

/// A place in the file: line and column counted from 1, the column in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The physical line.
    pub line: u64,
    /// The column in it.
    pub column: u64,
}

/// What is wrong at a place of the file.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("line {}, column {}: {what}", place.line, place.column)]
pub struct Fault {
    /// Where.
    pub place: Place,
    /// What, as a lower-case fragment.
    pub what: String,
}

/// A property of a card.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Property {
    /// The group before its name, as it was written.
    pub group: Option<String>,
    /// Its name in upper case.
    pub name: String,
    /// Its parameters. One without values is a bare word, as vCard 2.1 has them.
    pub params: Params,
    /// Its value, unfolded, escapes kept.
    pub value: String,
    /// Where it begins.
    pub place: Place,
    /// Where its value begins.
    pub value_place: Place,
    /// Its physical lines in the file, the last line end included.
    pub octets: Range<usize>,
}

impl Property {
    /// The property on an unfolded line.
    pub(super) fn parse(line: &Line, octets: Range<usize>) -> Result<Property, Fault> {
        let text = line.text.as_str();
        let fault = |at: usize, what: &str| Fault { place: place(line, at), what: what.to_owned() };
        let end = text
            .find([':', ';'])
            .ok_or_else(|| fault(0, "a line without a colon, so neither property nor fold"))?;
        let lead = text.len() - text.trim_start().len();
        let head = text[..end].trim();
        let (group, name) = match head.split_once('.') {
            Some((group, name)) => (Some(group), name),
            None => (None, head),
        };
        if name.is_empty() || group == Some("") {
            return Err(fault(0, "a line that begins without a name"));
        }
        let odd = |sign: char| !sign.is_ascii_alphanumeric() && sign != '-';
        if group.is_some_and(|group| group.contains(odd)) || name.contains(odd) {
            let at = head.find(|sign: char| odd(sign) && sign != '.');
            let at = at.or_else(|| head.rfind('.')).unwrap_or(0);
            return Err(fault(lead + at, "a character that no property name may hold"));
        }
        let mut params = Vec::new();
        let mut at = end;
        while text[at..].starts_with(';') {
            if params.len() >= PARAMS_MAX {
                return Err(fault(at, "more parameters than are read"));
            }
            let (param, next) = parameter(text, at + 1)
                .ok_or_else(|| fault(at, "parameters without a colon behind them"))?;
            params.extend(param);
            at = next;
        }
        Ok(Property {
            group: group.map(str::to_owned),
            name: name.to_ascii_uppercase(),
            params,
            value: text[at + 1..].to_owned(),
            place: place(line, 0),
            value_place: place(line, at + 1),
            octets,
        })
    }

    /// The values of all parameters of this name.
    pub fn values<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let known = self.params.iter().filter(move |(known, _)| known == name);
        known.flat_map(|(_, values)| values).map(String::as_str)
    }

    /// The first value of a parameter.
    #[must_use]
    pub fn param(&self, name: &str) -> Option<&str> {
        let known = self.params.iter().filter(|(known, _)| known == name);
        known.flat_map(|(_, values)| values).map(String::as_str).next()
    }

    /// True if the parameter is there, with or without values.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.params.iter().any(|(known, _)| known == name)
    }

    /// True if a parameter has this value, in any case.
    #[must_use]
    pub fn is(&self, name: &str, value: &str) -> bool {
        self.values(name).any(|known| known.eq_ignore_ascii_case(value))
    }

    /// The words of TYPE in lower case; a quoted list counts as several (RFC 6350, section 5.6).
    #[must_use]
    pub fn types(&self) -> BTreeSet<String> {
        let words = self.values("TYPE").flat_map(|value| value.split(','));
        words.map(|word| word.trim().to_ascii_lowercase()).filter(|word| !word.is_empty()).collect()
    }

    /// True if its writer prefers it: PREF (RFC 6350, section 5.3) or TYPE=PREF (RFC 2426).
    #[must_use]
    pub fn preferred(&self) -> bool {
        self.param("PREF") == Some("1") || self.types().contains("pref")
    }

    /// The value as one text, escapes removed.
    #[must_use]
    pub fn text(&self) -> String {
        value::unescape(&self.value)
    }

    /// A fault in its value.
    #[must_use]
    pub fn fault(&self, what: &str) -> Fault {
        Fault { place: self.value_place, what: format!("{}: {what}", self.name) }
    }
}

/// The place of an offset into a line.
pub(super) fn place(line: &Line, at: usize) -> Place {
    let place = line.place(at);
    Place { line: place.line, column: place.column }
}
