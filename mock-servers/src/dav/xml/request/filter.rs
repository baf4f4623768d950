//! The filter of a calendar-query, read into the tree of tests that calendar objects answer (RFC 4791
//! section 9.7).
//!
//! This file keeps the shape that the definitions give it. Whether the tests make sense for
//! calendars is a second question ([`CompFilter::check`]), because some servers do not ask it and
//! some clients rely on that. Names are in upper case: iCalendar compares them without case.

use super::error::RequestError;
use super::{collation, fields, text_match, time_range};
use crate::dav::calendar::filter::{
    CompFilter, CompTest, Condition, ParamFilter, ParamTest, PropFilter, PropTest, TextMatch,
    ValueTest,
};
use crate::dav::xml::name::Name;
use crate::dav::xml::names::caldav::{
    COMP_FILTER, FILTER, IS_NOT_DEFINED, PARAM_FILTER, PROP_FILTER, TEXT_MATCH, TIME_RANGE,
};
use crate::dav::xml::tree::Element;

/// Reads the `CALDAV:filter` inside an element.
///
/// A body without any filter is against the definition of the report (400); one with a filter
/// against the filter's definition is answered with `CALDAV:valid-filter`.
pub(super) fn inside(report: &Element) -> Result<CompFilter, RequestError> {
    let filter = fields::needed(report, &FILTER)?;
    root(filter).map_err(RequestError::in_filter)
}

fn root(filter: &Element) -> Result<CompFilter, RequestError> {
    fields::misplaced(
        filter,
        &[IS_NOT_DEFINED, TIME_RANGE, TEXT_MATCH, PROP_FILTER, PARAM_FILTER],
    )?;
    component(fields::needed(filter, &COMP_FILTER)?)
}

fn component(element: &Element) -> Result<CompFilter, RequestError> {
    let name = fields::upper_name(element)?;
    fields::misplaced(element, &[TEXT_MATCH, PARAM_FILTER])?;
    if not_defined(element, &[TIME_RANGE, PROP_FILTER, COMP_FILTER])? {
        return Ok(CompFilter { name, test: CompTest::NotDefined });
    }
    let time_range = fields::one(element, &[TIME_RANGE])?.map(time_range::read).transpose()?;
    let props = element.all(PROP_FILTER).map(property).collect::<Result<_, _>>()?;
    let comps = element.all(COMP_FILTER).map(component).collect::<Result<_, _>>()?;
    Ok(CompFilter { name, test: CompTest::Defined { time_range, props, comps } })
}

fn property(element: &Element) -> Result<PropFilter, RequestError> {
    let name = fields::upper_name(element)?;
    fields::misplaced(element, &[COMP_FILTER, PROP_FILTER])?;
    if not_defined(element, &[TIME_RANGE, TEXT_MATCH, PARAM_FILTER])? {
        return Ok(PropFilter { name, test: PropTest::NotDefined });
    }
    let value = match fields::one(element, &[TIME_RANGE, TEXT_MATCH])? {
        None => None,
        Some(range) if range.name == TIME_RANGE => {
            Some(ValueTest::TimeRange(time_range::read(range)?))
        }
        Some(wanted) => Some(ValueTest::Text(text(wanted)?)),
    };
    let params = element.all(PARAM_FILTER).map(parameter).collect::<Result<_, _>>()?;
    Ok(PropFilter { name, test: PropTest::Defined { value, params } })
}

fn parameter(element: &Element) -> Result<ParamFilter, RequestError> {
    let name = fields::upper_name(element)?;
    fields::misplaced(element, &[COMP_FILTER, PROP_FILTER, PARAM_FILTER, TIME_RANGE])?;
    if not_defined(element, &[TEXT_MATCH])? {
        return Ok(ParamFilter { name, test: ParamTest::NotDefined });
    }
    let test = match fields::one(element, &[TEXT_MATCH])? {
        Some(wanted) => ParamTest::Text(text(wanted)?),
        None => ParamTest::Defined,
    };
    Ok(ParamFilter { name, test })
}

fn text(element: &Element) -> Result<TextMatch, RequestError> {
    let negated = text_match::negated(element)?;
    let condition = if negated { Condition::Negated } else { Condition::Matches };
    Ok(TextMatch { text: element.text(), collation: collation::calendar(element)?, condition })
}

fn not_defined(element: &Element, others: &[Name]) -> Result<bool, RequestError> {
    fields::alone(element, &IS_NOT_DEFINED, others)
}
