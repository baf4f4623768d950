//! The filter of an addressbook-query (RFC 6352 section 10.5).
//!
//! CardDAV has no precondition for filters that are not valid: they are answered with 400. Names
//! are in upper case, a group prefix included (`ITEM1.TEL`): vCard compares them without case.

use super::error::RequestError;
use super::fields;
use super::filter::{ParamFilter, ParamTest};
use super::text_match::TextMatch;
use crate::dav::xml::name::Name;
use crate::dav::xml::names::carddav::{
    FILTER, IS_NOT_DEFINED, PARAM_FILTER, PROP_FILTER, TEXT_MATCH,
};
use crate::dav::xml::tree::Element;

/// Which cards.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CardFilter {
    /// How many of the tests must be true.
    pub test: Test,
    /// The tests; a filter without any matches every card.
    pub properties: Vec<CardPropFilter>,
}

/// How many of several tests must be true.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Test {
    /// One.
    AnyOf,
    /// All.
    AllOf,
}

/// A test of the properties of one name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CardPropFilter {
    /// The name of the property, with its group if the client named one.
    pub name: String,
    /// The test.
    pub condition: CardPropTest,
}

/// What must be true of a property.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CardPropTest {
    /// There is none.
    NotDefined,
    /// There is one, and these are true of it; without any, being there is enough.
    Defined {
        /// How many of the tests must be true.
        test: Test,
        /// Tests of its value.
        texts: Vec<TextMatch>,
        /// Tests of its parameters.
        parameters: Vec<ParamFilter>,
    },
}

impl Test {
    /// Reads the attribute `test`; absent means `anyof`.
    pub(super) fn read(element: &Element, default: Self) -> Result<Self, RequestError> {
        let values = [("anyof", Self::AnyOf), ("allof", Self::AllOf)];
        fields::choice(element, "test", &values, "`anyof` or `allof`", default)
    }
}

impl CardFilter {
    /// Reads the `CARDDAV:filter` inside an element.
    pub(super) fn read_inside(report: &Element) -> Result<Self, RequestError> {
        let filter = fields::needed(report, &FILTER)?;
        fields::misplaced(filter, &[IS_NOT_DEFINED, TEXT_MATCH, PARAM_FILTER])?;
        let properties = filter.all(PROP_FILTER).map(CardPropFilter::read);
        Ok(Self {
            test: Test::read(filter, Test::AnyOf)?,
            properties: properties.collect::<Result<_, _>>()?,
        })
    }
}

impl CardPropFilter {
    fn read(element: &Element) -> Result<Self, RequestError> {
        let name = fields::upper_name(element)?;
        let test = Test::read(element, Test::AnyOf)?;
        fields::misplaced(element, &[PROP_FILTER])?;
        if not_defined(element, &[TEXT_MATCH, PARAM_FILTER])? {
            return Ok(Self { name, condition: CardPropTest::NotDefined });
        }
        let texts = element.all(TEXT_MATCH).map(TextMatch::read).collect::<Result<_, _>>()?;
        let parameters = element.all(PARAM_FILTER).map(parameter).collect::<Result<_, _>>()?;
        Ok(Self { name, condition: CardPropTest::Defined { test, texts, parameters } })
    }
}

fn parameter(element: &Element) -> Result<ParamFilter, RequestError> {
    let name = fields::upper_name(element)?;
    fields::misplaced(element, &[PROP_FILTER, PARAM_FILTER])?;
    if not_defined(element, &[TEXT_MATCH])? {
        return Ok(ParamFilter { name, test: ParamTest::NotDefined });
    }
    let test = match fields::one(element, &[TEXT_MATCH])? {
        Some(text) => ParamTest::Text(TextMatch::read(text)?),
        None => ParamTest::Defined,
    };
    Ok(ParamFilter { name, test })
}

fn not_defined(element: &Element, others: &[Name]) -> Result<bool, RequestError> {
    fields::alone(element, &IS_NOT_DEFINED, others)
}
