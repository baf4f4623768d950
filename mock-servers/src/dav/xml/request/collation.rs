//! Collations that text matches name (RFC 4791 section 7.5, RFC 6352 section 8.3). Absent or
//! `default` means ASCII in CalDAV and Unicode in CardDAV.

use super::error::RequestError;
use crate::dav::calendar::filter as of_calendars;
use crate::dav::card::filter as of_cards;
use crate::dav::xml::tree::Element;

/// The collation that an element of CalDAV names.
pub(super) fn calendar(element: &Element) -> Result<of_calendars::Collation, RequestError> {
    let Some(name) = element.attribute("collation") else {
        return Ok(of_calendars::Collation::default());
    };
    of_calendars::Collation::named(name).ok_or_else(|| unknown(element, name))
}

/// The collation that an element of CardDAV names.
pub(super) fn card(element: &Element) -> Result<of_cards::Collation, RequestError> {
    let Some(name) = element.attribute("collation") else {
        return Ok(of_cards::Collation::default());
    };
    of_cards::Collation::named(name).ok_or_else(|| unknown(element, name))
}

fn unknown(element: &Element, name: &str) -> RequestError {
    let namespace = element.name.namespace().clone();
    RequestError::Collation { namespace, collation: name.to_owned() }
}
