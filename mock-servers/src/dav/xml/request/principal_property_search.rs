//! The principal-property-search report (RFC 3744 section 9.4).
//!
//! The attributes `test` and `match-type` are no part of the specification: Apple's clients send
//! them and its server reads them.

use super::error::RequestError;
use super::properties::{Properties, names};
use super::{card_filter, fields, text_match};
use crate::dav::card::filter::{MatchType, Test};
use crate::dav::xml::name::Name;
use crate::dav::xml::names::dav;
use crate::dav::xml::tree::Element;

/// The body of a principal-property-search report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PrincipalPropertySearch {
    /// How many of the searches must find something; all, unless the client says otherwise.
    pub test: Test,
    /// The searches.
    pub searches: Vec<Search>,
    /// What is wanted of the principals.
    pub properties: Properties,
    /// Where to search.
    pub place: Where,
}

/// A text to look for, without case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Search {
    /// In these properties; all of them must have it.
    pub properties: Vec<Name>,
    /// The text.
    pub text: String,
    /// Where in a property.
    pub match_type: MatchType,
}

/// Where principals are searched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Where {
    /// In the collection of the request.
    Here,
    /// In every collection of `DAV:principal-collection-set`.
    PrincipalCollections,
}

impl PrincipalPropertySearch {
    /// Reads a `DAV:principal-property-search`.
    ///
    /// # Errors
    ///
    /// 400 when it is against the definition, such as without any `DAV:property-search`.
    pub(crate) fn read(root: &Element) -> Result<Self, RequestError> {
        fields::root(root, &dav::PRINCIPAL_PROPERTY_SEARCH)?;
        let searches = root.all(dav::PROPERTY_SEARCH).map(search);
        let searches: Vec<Search> = searches.collect::<Result<_, _>>()?;
        if searches.is_empty() {
            return Err(fields::missing(root, &dav::PROPERTY_SEARCH));
        }
        let place = match root.first(&dav::APPLY_TO_PRINCIPAL_COLLECTION_SET) {
            Some(_) => Where::PrincipalCollections,
            None => Where::Here,
        };
        let test = card_filter::test(root, Test::AllOf)?;
        Ok(Self { test, searches, properties: Properties::read(root)?, place })
    }
}

fn search(element: &Element) -> Result<Search, RequestError> {
    let prop = fields::needed(element, &dav::PROP)?;
    let properties = names(prop);
    if properties.is_empty() {
        return Err(fields::missing(prop, &dav::PROPERTY));
    }
    let wanted = fields::needed(element, &dav::MATCH)?;
    Ok(Search { properties, text: wanted.text(), match_type: text_match::match_type(wanted)? })
}
