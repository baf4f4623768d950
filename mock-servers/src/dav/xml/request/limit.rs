//! How many results a client wants at most: `limit` with `nresults` inside.
//!
//! RFC 5323 section 5.17 defines it in WebDAV's namespace, RFC 6352 section 10.6 in CardDAV's; some
//! clients send it with calendar queries, where it is not defined, in one of these or in CalDAV's.

use super::error::RequestError;
use super::fields;
use crate::dav::xml::name::Name;
use crate::dav::xml::names::{caldav, carddav, dav};
use crate::dav::xml::tree::Element;

/// The limit inside an element; a number that is too big to matter becomes the biggest.
pub(super) fn read(inside: &Element) -> Result<Option<u32>, RequestError> {
    let names: [(Name, Name); 3] = [
        (dav::LIMIT, dav::NRESULTS),
        (caldav::LIMIT, caldav::NRESULTS),
        (carddav::LIMIT, carddav::NRESULTS),
    ];
    let Some(limit) = fields::one(inside, &names.clone().map(|(limit, _)| limit))? else {
        return Ok(None);
    };
    let Some((_, wanted)) = names.iter().find(|(name, _)| *name == limit.name) else {
        return Ok(None);
    };
    let number = fields::needed(limit, wanted)?;
    let text = number.trimmed();
    if text.is_empty() || !text.bytes().all(|sign| sign.is_ascii_digit()) {
        let expected = "a number";
        return Err(RequestError::Text { element: number.name.clone(), value: text, expected });
    }
    Ok(Some(text.parse().unwrap_or(u32::MAX)))
}
