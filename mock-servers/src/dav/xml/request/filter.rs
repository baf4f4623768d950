//! The filter of a calendar-query: a tree of tests (RFC 4791 section 9.7).
//!
//! This file keeps the shape that the definitions give it. Whether the tests make sense for
//! calendars is a second question ([`CompFilter::check`]), because some servers do not ask it and
//! some clients rely on that. Names are in upper case: iCalendar compares them without case.

use super::error::RequestError;
use super::fields;
use super::text_match::TextMatch;
use super::time_range::TimeRange;
use crate::dav::xml::name::Name;
use crate::dav::xml::names::caldav::{
    COMP_FILTER, FILTER, IS_NOT_DEFINED, PARAM_FILTER, PROP_FILTER, TEXT_MATCH, TIME_RANGE,
};
use crate::dav::xml::tree::Element;

/// A test of the components of one name in the scope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CompFilter {
    /// The name of the component.
    pub name: String,
    /// The test.
    pub test: CompTest,
}

/// What must be true of a component.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CompTest {
    /// There is none.
    NotDefined,
    /// There is one of which all of this is true.
    Defined {
        /// An instance of it overlaps this range.
        time_range: Option<TimeRange>,
        /// These are true of its properties.
        properties: Vec<PropFilter>,
        /// These are true of the components inside.
        components: Vec<CompFilter>,
    },
}

/// A test of the properties of one name in a component.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PropFilter {
    /// The name of the property.
    pub name: String,
    /// The test.
    pub test: PropTest,
}

/// What must be true of a property.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PropTest {
    /// There is none.
    NotDefined,
    /// There is one of which all of this is true.
    Defined {
        /// This is true of its value.
        value: Option<ValueTest>,
        /// These are true of its parameters.
        parameters: Vec<ParamFilter>,
    },
}

/// What must be true of a property's value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ValueTest {
    /// It overlaps this range.
    TimeRange(TimeRange),
    /// It matches this text.
    Text(TextMatch),
}

/// A test of the parameters of one name on a property.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParamFilter {
    /// The name of the parameter.
    pub name: String,
    /// The test.
    pub test: ParamTest,
}

/// What must be true of a parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ParamTest {
    /// There is none.
    NotDefined,
    /// There is one.
    Defined,
    /// There is one that matches this text.
    Text(TextMatch),
}

impl CompFilter {
    /// Reads the `CALDAV:filter` inside an element.
    ///
    /// A body without any filter is against the definition of the report (400); one with a filter
    /// against the filter's definition is answered with `CALDAV:valid-filter`.
    pub(super) fn read_inside(report: &Element) -> Result<Self, RequestError> {
        let filter = fields::needed(report, &FILTER)?;
        Self::root(filter).map_err(RequestError::in_filter)
    }

    fn root(filter: &Element) -> Result<Self, RequestError> {
        fields::misplaced(
            filter,
            &[IS_NOT_DEFINED, TIME_RANGE, TEXT_MATCH, PROP_FILTER, PARAM_FILTER],
        )?;
        Self::read(fields::needed(filter, &COMP_FILTER)?)
    }

    fn read(element: &Element) -> Result<Self, RequestError> {
        let name = fields::upper_name(element)?;
        fields::misplaced(element, &[TEXT_MATCH, PARAM_FILTER])?;
        if not_defined(element, &[TIME_RANGE, PROP_FILTER, COMP_FILTER])? {
            return Ok(Self { name, test: CompTest::NotDefined });
        }
        let time_range = fields::one(element, &[TIME_RANGE])?.map(TimeRange::read).transpose()?;
        let properties = element.all(PROP_FILTER).map(PropFilter::read);
        let properties = properties.collect::<Result<_, _>>()?;
        let components = element.all(COMP_FILTER).map(Self::read).collect::<Result<_, _>>()?;
        Ok(Self { name, test: CompTest::Defined { time_range, properties, components } })
    }
}

impl PropFilter {
    fn read(element: &Element) -> Result<Self, RequestError> {
        let name = fields::upper_name(element)?;
        fields::misplaced(element, &[COMP_FILTER, PROP_FILTER])?;
        if not_defined(element, &[TIME_RANGE, TEXT_MATCH, PARAM_FILTER])? {
            return Ok(Self { name, test: PropTest::NotDefined });
        }
        let value = match fields::one(element, &[TIME_RANGE, TEXT_MATCH])? {
            None => None,
            Some(range) if range.name == TIME_RANGE => {
                Some(ValueTest::TimeRange(TimeRange::read(range)?))
            }
            Some(text) => Some(ValueTest::Text(TextMatch::read(text)?)),
        };
        let parameters = element.all(PARAM_FILTER).map(ParamFilter::read);
        let parameters = parameters.collect::<Result<_, _>>()?;
        Ok(Self { name, test: PropTest::Defined { value, parameters } })
    }
}

impl ParamFilter {
    fn read(element: &Element) -> Result<Self, RequestError> {
        let name = fields::upper_name(element)?;
        fields::misplaced(element, &[COMP_FILTER, PROP_FILTER, PARAM_FILTER, TIME_RANGE])?;
        if not_defined(element, &[TEXT_MATCH])? {
            return Ok(Self { name, test: ParamTest::NotDefined });
        }
        let test = match fields::one(element, &[TEXT_MATCH])? {
            Some(text) => ParamTest::Text(TextMatch::read(text)?),
            None => ParamTest::Defined,
        };
        Ok(Self { name, test })
    }
}

fn not_defined(element: &Element, others: &[Name]) -> Result<bool, RequestError> {
    fields::alone(element, &IS_NOT_DEFINED, others)
}
