//! The filter of an addressbook-query, read into the tests that cards answer (RFC 6352 section
//! 10.5).
//!
//! CardDAV has no precondition for filters that are not valid: they are answered with 400. Names
//! are in upper case, a group prefix included (`ITEM1.TEL`): vCard compares them without case.

use super::error::RequestError;
use super::{collation, fields, text_match};
use crate::dav::card::filter::{
    Filter, ParamCondition, ParamFilter, PropCondition, PropFilter, Test, TextMatch,
};
use crate::dav::xml::name::Name;
use crate::dav::xml::names::carddav::{
    FILTER, IS_NOT_DEFINED, PARAM_FILTER, PROP_FILTER, TEXT_MATCH,
};
use crate::dav::xml::tree::Element;

/// How many of several tests must be true, by the attribute `test`.
pub(super) fn test(element: &Element, default: Test) -> Result<Test, RequestError> {
    let values = [("anyof", Test::AnyOf), ("allof", Test::AllOf)];
    fields::choice(element, "test", &values, "`anyof` or `allof`", default)
}

/// Reads the `CARDDAV:filter` inside an element.
pub(super) fn inside(report: &Element) -> Result<Filter, RequestError> {
    let filter = fields::needed(report, &FILTER)?;
    fields::misplaced(filter, &[IS_NOT_DEFINED, TEXT_MATCH, PARAM_FILTER])?;
    let properties = filter.all(PROP_FILTER).map(property).collect::<Result<_, _>>()?;
    Ok(Filter { test: test(filter, Test::AnyOf)?, properties })
}

fn property(element: &Element) -> Result<PropFilter, RequestError> {
    let name = fields::upper_name(element)?;
    let test = test(element, Test::AnyOf)?;
    fields::misplaced(element, &[PROP_FILTER])?;
    if not_defined(element, &[TEXT_MATCH, PARAM_FILTER])? {
        return Ok(PropFilter::new(&name, PropCondition::NotDefined));
    }
    let texts: Vec<TextMatch> = element.all(TEXT_MATCH).map(text).collect::<Result<_, _>>()?;
    let params: Vec<ParamFilter> =
        element.all(PARAM_FILTER).map(parameter).collect::<Result<_, _>>()?;
    let condition = if texts.is_empty() && params.is_empty() {
        PropCondition::Defined
    } else {
        PropCondition::Meets { test, texts, params }
    };
    Ok(PropFilter::new(&name, condition))
}

fn parameter(element: &Element) -> Result<ParamFilter, RequestError> {
    let name = fields::upper_name(element)?;
    fields::misplaced(element, &[PROP_FILTER, PARAM_FILTER])?;
    if not_defined(element, &[TEXT_MATCH])? {
        return Ok(ParamFilter { name, condition: ParamCondition::NotDefined });
    }
    let condition = match fields::one(element, &[TEXT_MATCH])? {
        Some(wanted) => ParamCondition::Matches(text(wanted)?),
        None => ParamCondition::Defined,
    };
    Ok(ParamFilter { name, condition })
}

fn text(element: &Element) -> Result<TextMatch, RequestError> {
    Ok(TextMatch {
        text: element.text(),
        collation: collation::card(element)?,
        match_type: text_match::match_type(element)?,
        negate: text_match::negated(element)?,
    })
}

fn not_defined(element: &Element, others: &[Name]) -> Result<bool, RequestError> {
    fields::alone(element, &IS_NOT_DEFINED, others)
}
