//! `$select` and `$expand`.

use std::collections::BTreeSet;

use serde_json::Value;

use super::lexer::{Word, words};
use super::query::Query;
use crate::graph::extensions::is_named;
use crate::graph::failure::Failure;
use crate::graph::schema;

/// Which properties are answered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Select(Option<BTreeSet<String>>);

/// Which navigation properties are answered inline.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Expand {
    /// Ids of the single-value extended properties that are wanted, as they were written.
    pub(crate) extended: Vec<String>,
    /// The same of properties of several values.
    pub(crate) multi: Vec<String>,
    /// `exceptionOccurrences`.
    pub(crate) exceptions: bool,
    /// Names or ids of the open extensions that are wanted; an empty list for all of them.
    pub(crate) extensions: Option<Vec<String>>,
    /// `attachments`.
    pub(crate) attachments: bool,
    /// `calendar` of an event.
    pub(crate) calendar: bool,
    /// `calendars` of a group of them.
    pub(crate) calendars: bool,
}

impl Select {
    /// The `$select` of a query; without one all properties but those that must be asked for.
    pub(crate) fn parse(query: &Query, kind: &schema::Type) -> Result<Self, Failure> {
        let Some(text) = query.get("$select").filter(|text| *text != "*") else {
            return Ok(Self(None));
        };
        let mut names = BTreeSet::new();
        for name in text.split(',').map(str::trim).filter(|name| !name.is_empty()) {
            let known = kind.property(name).ok_or_else(|| no_property(name, kind))?;
            names.insert(known.to_owned());
        }
        Ok(Self(Some(names)))
    }

    /// Whether a property is answered without being asked for, or was asked for.
    pub(crate) fn takes(&self, name: &str) -> bool {
        self.0.as_ref().is_none_or(|names| names.contains(name))
    }

    /// Whether nothing was said about what is answered.
    pub(crate) fn is_all(&self) -> bool {
        self.0.is_none()
    }

    /// The names that were asked for, where any were.
    pub(crate) fn asked(&self) -> Option<&BTreeSet<String>> {
        self.0.as_ref()
    }

    /// The selection of these names.
    pub(crate) fn of(names: BTreeSet<String>) -> Self {
        Self(Some(names))
    }

    /// Whether a property was asked for by name.
    pub(crate) fn names(&self, name: &str) -> bool {
        self.0.as_ref().is_some_and(|names| names.contains(name))
    }
}

impl Expand {
    /// The `$expand` of a query for resources of a type.
    pub(crate) fn parse(query: &Query, kind: &str) -> Result<Self, Failure> {
        let Some(text) = query.get("$expand") else { return Ok(Self::default()) };
        let words = words(text)?;
        let mut rest = words.as_slice();
        let mut expand = Self::default();
        let are_items = ["event", "contact"].contains(&kind);
        while let Some((Word::Bare(name), after)) = rest.split_first() {
            let (options, after) = options(after)?;
            match name.to_ascii_lowercase().as_str() {
                "calendar" | "calendars" if !options.is_empty() => {
                    return Err(Failure::of("BadRequest").saying(format!(
                        "Parsing OData Select and Expand failed: options of '{name}' are not supported."
                    )));
                }
                "calendar" if kind == "event" => expand.calendar = true,
                "calendars" if kind == "calendarGroup" => expand.calendars = true,
                "singlevalueextendedproperties" if kind != "calendarGroup" => {
                    expand.extended = filtered_ids(options)?;
                }
                "multivalueextendedproperties" if kind != "calendarGroup" => {
                    expand.multi = filtered_ids(options)?;
                }
                // No event has an attachment here, so there is nothing to show.
                "attachments" if kind == "event" => expand.attachments = true,
                "exceptionoccurrences" if kind == "event" => expand.exceptions = true,
                "extensions" if are_items && options.is_empty() => {
                    expand.extensions = Some(Vec::new())
                }
                "extensions" if are_items => expand.extensions = Some(filtered_ids(options)?),
                _ => {
                    return Err(Failure::of("BadRequest").saying(format!(
                        "Parsing OData Select and Expand failed: Could not find a property named \
                         '{name}' on type 'microsoft.graph.{kind}'."
                    )));
                }
            }
            rest = match after.split_first() {
                Some((Word::Sign(','), after)) => after,
                None => after,
                Some(_) => return Err(malformed()),
            };
        }
        if rest.is_empty() { Ok(expand) } else { Err(malformed()) }
    }
}

impl Expand {
    /// Those of an item's extensions that are wanted; none where none were asked for or there is none.
    pub(crate) fn extensions_of(&self, all: Vec<Value>) -> Option<Vec<Value>> {
        let wanted = self.extensions.as_ref()?;
        let is = |one: &Value| wanted.is_empty() || wanted.iter().any(|id| is_named(one, id));
        let found: Vec<Value> = all.into_iter().filter(is).collect();
        (!found.is_empty()).then_some(found)
    }
}

/// The words between the parentheses that follow a name, and what comes after them.
fn options(words: &[Word]) -> Result<(&[Word], &[Word]), Failure> {
    if words.first() != Some(&Word::Sign('(')) {
        return Ok((&[], words));
    }
    let mut depth = 0_usize;
    for (at, word) in words.iter().enumerate() {
        match word {
            Word::Sign('(') => depth += 1,
            Word::Sign(')') if depth == 1 => return Ok((&words[1..at], &words[at + 1..])),
            Word::Sign(')') => depth -= 1,
            _ => {}
        }
    }
    Err(malformed())
}

/// The ids of `$filter=id eq 'A' or id eq 'B'`. There is no way to ask for all of them.
fn filtered_ids(words: &[Word]) -> Result<Vec<String>, Failure> {
    let [Word::Bare(option), Word::Sign('='), rest @ ..] = words else { return Err(unfiltered()) };
    if !option.eq_ignore_ascii_case("$filter") {
        return Err(unfiltered());
    }
    let mut ids = Vec::new();
    let mut rest = rest;
    loop {
        let [Word::Bare(id), Word::Bare(eq), Word::Text(value), after @ ..] = rest else {
            return Err(unfiltered());
        };
        if !id.eq_ignore_ascii_case("id") || !eq.eq_ignore_ascii_case("eq") {
            return Err(unfiltered());
        }
        ids.push(value.clone());
        match after {
            [] => return Ok(ids),
            [Word::Bare(or), after @ ..] if or.eq_ignore_ascii_case("or") => rest = after,
            _ => return Err(unfiltered()),
        }
    }
}

fn no_property(name: &str, kind: &schema::Type) -> Failure {
    Failure::of("BadRequest").saying(format!(
        "Parsing OData Select and Expand failed: Could not find a property named '{name}' on type \
         'microsoft.graph.{}'.",
        kind.name
    ))
}

fn malformed() -> Failure {
    Failure::url("The $expand expression is not valid.")
}

fn unfiltered() -> Failure {
    Failure::url("The $expand of extended properties needs a $filter with the eq operator on id.")
}
