//! A body as nested components whose places in the octets are known, so that it can be edited
//! without being written anew.
//!
//! The lines are read by the reader of [`crate::world`]. Unlike there nothing is passed over: the
//! first thing that is wrong makes the whole body broken.

use std::ops::Range;

use thiserror::Error;

use crate::world::{
    properties,
    reader::component::{self, faultless},
};

/// A component and what it holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Component {
    /// Its name in upper case.
    pub name: String,
    /// Its properties in order.
    pub properties: Vec<Property>,
    /// The components inside of it in order.
    pub components: Vec<Component>,
    /// The octets from its `BEGIN` line to its `END` line, with both.
    pub range: Range<usize>,
    /// The octets of its `BEGIN` line.
    pub head: Range<usize>,
    /// The octets of its `END` line.
    pub tail: Range<usize>,
    /// The line at which it begins, counted from 1.
    pub line: u64,
}

/// A property of a component.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Property {
    /// Its name in upper case.
    pub name: String,
    /// Its parameters in order: names in upper case, values without quotes and decoded (RFC 6868).
    pub params: Vec<(String, Vec<String>)>,
    /// Its value, escapes kept.
    pub value: String,
    /// The octets of its lines, line ends among them.
    pub range: Range<usize>,
    /// The line of its value, counted from 1.
    pub line: u64,
    /// The column of its value, counted from 1 in characters.
    pub column: u64,
}

/// Why octets are no iCalendar text, and where.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("line {line}, column {column}: {what}")]
pub(crate) struct Broken {
    /// The line, counted from 1.
    pub line: u64,
    /// The column, counted from 1 in characters.
    pub column: u64,
    /// What is wrong, as a lower-case fragment.
    pub what: String,
}

impl Component {
    /// The first property of this name (upper case).
    #[must_use]
    pub(crate) fn property(&self, name: &str) -> Option<&Property> {
        self.properties.iter().find(|property| property.name == name)
    }

    /// All properties of this name (upper case).
    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Property> {
        self.properties.iter().filter(move |property| property.name == name)
    }

    /// The components of this name (upper case) directly inside.
    pub(crate) fn inner<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Component> {
        self.components.iter().filter(move |component| component.name == name)
    }

    /// The value of the first property of this name, without blanks around it.
    #[must_use]
    pub(crate) fn value(&self, name: &str) -> Option<&str> {
        self.property(name).map(|property| property.value.trim())
    }

    /// True if a value is this one in any case.
    #[must_use]
    pub(crate) fn is(&self, name: &str, value: &str) -> bool {
        self.value(name).is_some_and(|known| known.eq_ignore_ascii_case(value))
    }

    /// True if it stands for one instance of a series (RFC 5545 section 3.8.4.4).
    #[must_use]
    pub(crate) fn is_override(&self) -> bool {
        self.property("RECURRENCE-ID").is_some()
    }
}

impl Property {
    /// The first value of a parameter (name in upper case).
    #[must_use]
    pub(crate) fn param(&self, name: &str) -> Option<&str> {
        let found = self.params.iter().find(|(known, _)| known == name);
        found.and_then(|(_, values)| values.first()).map(String::as_str)
    }

    /// True if a parameter has this value in any case.
    #[must_use]
    pub(crate) fn has(&self, name: &str, value: &str) -> bool {
        self.param(name).is_some_and(|known| known.eq_ignore_ascii_case(value))
    }

    /// Its value as text, escapes removed (RFC 5545 section 3.3.11).
    #[must_use]
    pub(crate) fn text(&self) -> String {
        properties::unescape(&self.value)
    }

    /// The parts of a list of values; empty ones, which some writers leave behind, are passed over.
    pub(crate) fn list(&self) -> impl Iterator<Item = &str> {
        let parts = properties::split(&self.value, ',').into_iter();
        parts.map(str::trim).filter(|part| !part.is_empty())
    }

    /// What is wrong with its value.
    pub(super) fn broken(&self, what: impl AsRef<str>) -> Broken {
        let what = format!("{}: {}", self.name, what.as_ref());
        Broken { line: self.line, column: self.column, what }
    }
}

/// The outermost components of a text, which need not be fit for a calendar.
///
/// # Errors
/// When a line is no property, or a component is not closed by its own `END`.
pub(crate) fn calendars(octets: &[u8]) -> Result<Vec<Component>, Broken> {
    Ok(raw(octets)?.into_iter().map(Component::from).collect())
}

/// The outermost components as the reader gives them.
pub(super) fn raw(octets: &[u8]) -> Result<Vec<component::Component>, Broken> {
    faultless(octets).map_err(|fault| {
        let (line, column) = (fault.place.line, fault.place.column);
        Broken { line, column, what: fault.what }
    })
}

impl From<component::Component> for Component {
    fn from(read: component::Component) -> Component {
        Component {
            name: read.name,
            properties: read.properties.into_iter().map(Property::from).collect(),
            components: read.components.into_iter().map(Component::from).collect(),
            range: read.head.start..read.tail.end,
            head: read.head,
            tail: read.tail,
            line: read.place.line,
        }
    }
}

impl From<properties::Property> for Property {
    fn from(read: properties::Property) -> Property {
        Property {
            name: read.name,
            params: read.params,
            value: read.value,
            range: read.range,
            line: read.value_place.line,
            column: read.value_place.column,
        }
    }
}
