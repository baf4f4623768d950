//! The addressbook-multiget report (RFC 6352 sections 8.7 and 10.7).

use super::calendar_multiget::hrefs;
use super::error::RequestError;
use super::fields;
use super::properties::Asked;
use crate::dav::xml::names::carddav;
use crate::dav::xml::tree::Element;

/// The body of an addressbook-multiget.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct AddressbookMultiget {
    /// What is wanted of each card.
    pub asked: Asked,
    /// Which ones, as the client sent them: one that is no URL gets a response of its own.
    pub hrefs: Vec<String>,
}

impl AddressbookMultiget {
    /// Reads a `CARDDAV:addressbook-multiget`.
    ///
    /// # Errors
    ///
    /// 400 when it is against the definition, such as without any `DAV:href`.
    pub(crate) fn read(root: &Element) -> Result<Self, RequestError> {
        fields::root(root, &carddav::ADDRESSBOOK_MULTIGET)?;
        Ok(Self { asked: Asked::read(root)?, hrefs: hrefs(root)? })
    }
}
