//! The calendar-multiget report (RFC 4791 sections 7.9 and 9.10).

use super::error::RequestError;
use super::fields;
use super::properties::Asked;
use crate::dav::xml::names::{caldav, dav};
use crate::dav::xml::tree::Element;

/// The body of a calendar-multiget.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct CalendarMultiget {
    /// What is wanted of each calendar object.
    pub asked: Asked,
    /// Which ones, as the client sent them: one that is no URL gets a response of its own.
    pub hrefs: Vec<String>,
}

impl CalendarMultiget {
    /// Reads a `CALDAV:calendar-multiget`.
    ///
    /// # Errors
    ///
    /// 400 when it is against the definition, such as without any `DAV:href`.
    pub(crate) fn read(root: &Element) -> Result<Self, RequestError> {
        fields::root(root, &caldav::CALENDAR_MULTIGET)?;
        Ok(Self { asked: Asked::read(root)?, hrefs: hrefs(root)? })
    }
}

/// The texts of the hrefs inside, of which there must be one.
pub(super) fn hrefs(root: &Element) -> Result<Vec<String>, RequestError> {
    let hrefs: Vec<String> = root.all(dav::HREF).map(Element::trimmed).collect();
    if hrefs.is_empty() {
        return Err(fields::missing(root, &dav::HREF));
    }
    Ok(hrefs)
}
