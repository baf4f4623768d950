//! The addressbook-query report (RFC 6352 sections 8.6 and 10.3).

use super::error::RequestError;
use super::properties::Asked;
use super::{card_filter, fields, limit};
use crate::dav::card::filter::Filter;
use crate::dav::xml::names::carddav;
use crate::dav::xml::tree::Element;

/// The body of an addressbook-query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct AddressbookQuery {
    /// What is wanted of each card.
    pub asked: Asked,
    /// Which cards.
    pub filter: Filter,
    /// How many results at most.
    pub limit: Option<u32>,
}

impl AddressbookQuery {
    /// Reads a `CARDDAV:addressbook-query`.
    ///
    /// # Errors
    ///
    /// 400, or 403 with `CARDDAV:supported-collation`.
    pub(crate) fn read(root: &Element) -> Result<Self, RequestError> {
        fields::root(root, &carddav::ADDRESSBOOK_QUERY)?;
        Ok(Self {
            asked: Asked::read(root)?,
            filter: card_filter::inside(root)?,
            limit: limit::read(root)?,
        })
    }
}
