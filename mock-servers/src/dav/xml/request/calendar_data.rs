//! Which parts of a calendar object a report wants (RFC 4791 section 9.6).

use super::error::RequestError;
use super::fields;
use super::time_range::Span;
use crate::dav::xml::name::Name;
use crate::dav::xml::names::caldav::{
    ALLCOMP, ALLPROP, CALENDAR_DATA, COMP, EXPAND, LIMIT_FREEBUSY_SET, LIMIT_RECURRENCE_SET, PROP,
};
use crate::dav::xml::tree::Element;

/// A `CALDAV:calendar-data` of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct CalendarData {
    /// The media type; `text/calendar` if not given.
    pub content_type: String,
    /// Its version; `2.0` if not given.
    pub version: String,
    /// Which components and properties; none means all.
    pub component: Option<Component>,
    /// What becomes of recurrences.
    pub expansion: Expansion,
    /// Only the busy times in this span.
    pub limit_freebusy_set: Option<Span>,
}

/// What becomes of recurrences.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Expansion {
    /// They are returned as they are stored.
    None,
    /// Each instance that overlaps the span becomes a component of its own, in UTC.
    Expand(Span),
    /// Overridden instances that do not matter in the span are left out.
    LimitRecurrenceSet(Span),
}

/// Which parts of a component are wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Component {
    /// Its name, in upper case.
    pub name: String,
    /// Which properties.
    pub properties: PropertyNames,
    /// Which components inside.
    pub components: Components,
}

/// Which properties of a component are wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum PropertyNames {
    /// All.
    All,
    /// These; maybe none.
    Only(Vec<Selected>),
}

/// Which components inside a component are wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Components {
    /// All, with everything inside.
    All,
    /// These; maybe none.
    Only(Vec<Component>),
}

/// A property that is wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Selected {
    /// With its value; the name in upper case.
    Value(String),
    /// Its name and parameters only (`novalue`).
    NameOnly(String),
}

impl Selected {
    /// Reads a `prop` of either namespace.
    pub(super) fn read(element: &Element) -> Result<Self, RequestError> {
        let name = fields::upper_name(element)?;
        let values = [("yes", Self::NameOnly as fn(String) -> Self), ("no", Self::Value)];
        let kind = fields::choice(element, "novalue", &values, "`yes` or `no`", Self::Value)?;
        Ok(kind(name))
    }
}

impl CalendarData {
    /// Reads a `CALDAV:calendar-data`. An `expand` that is not as defined is answered with 400: no
    /// precondition is about it.
    pub(super) fn read(element: &Element) -> Result<Self, RequestError> {
        let expansion = match fields::one(element, &[EXPAND, LIMIT_RECURRENCE_SET])? {
            None => Expansion::None,
            Some(expand) if expand.name == EXPAND => Expansion::Expand(Span::read(expand)?),
            Some(limit) => Expansion::LimitRecurrenceSet(Span::read(limit)?),
        };
        let limit = fields::one(element, &[LIMIT_FREEBUSY_SET])?;
        let attribute = |name, default: &str| element.attribute(name).unwrap_or(default).to_owned();
        Ok(Self {
            content_type: attribute("content-type", "text/calendar"),
            version: attribute("version", "2.0"),
            component: fields::one(element, &[COMP])?.map(Component::read).transpose()?,
            expansion,
            limit_freebusy_set: limit.map(Span::read).transpose()?,
        })
    }

    /// Checks the media type.
    ///
    /// # Errors
    ///
    /// If it is none of these pairs of type and version: answered with
    /// `CALDAV:supported-calendar-data`.
    pub(crate) fn check_type(&self, supported: &[(&str, &str)]) -> Result<(), RequestError> {
        let same = |(content_type, version): &(&str, &str)| {
            content_type.eq_ignore_ascii_case(&self.content_type) && *version == self.version
        };
        if supported.iter().any(same) {
            return Ok(());
        }
        Err(RequestError::DataType {
            element: CALENDAR_DATA,
            content_type: self.content_type.clone(),
            version: self.version.clone(),
        })
    }
}

impl Component {
    fn read(element: &Element) -> Result<Self, RequestError> {
        let name = fields::upper_name(element)?;
        either(element, &ALLPROP, &PROP)?;
        either(element, &ALLCOMP, &COMP)?;
        let properties = match element.first(&ALLPROP) {
            Some(_) => PropertyNames::All,
            None => {
                let read = element.all(PROP).map(Selected::read);
                PropertyNames::Only(read.collect::<Result<_, _>>()?)
            }
        };
        let components = match element.first(&ALLCOMP) {
            Some(_) => Components::All,
            None => {
                let read = element.all(COMP).map(Self::read);
                Components::Only(read.collect::<Result<_, _>>()?)
            }
        };
        Ok(Self { name, properties, components })
    }
}

/// Refuses "all" beside a list.
fn either(element: &Element, all: &Name, one: &Name) -> Result<(), RequestError> {
    match (element.first(all), element.first(one)) {
        (Some(all), Some(one)) => Err(fields::conflict(element, all, one)),
        _ => Ok(()),
    }
}
