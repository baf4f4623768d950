//! The principal-search-property-set report (RFC 3744 section 9.5).

use super::error::RequestError;
use super::fields;
use crate::dav::xml::names::dav;
use crate::dav::xml::tree::Element;

/// The body of a principal-search-property-set report: it asks which properties can be searched,
/// and says nothing more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct PrincipalSearchPropertySet;

impl PrincipalSearchPropertySet {
    /// Reads a `DAV:principal-search-property-set`.
    ///
    /// # Errors
    ///
    /// 400 for another root.
    pub(crate) fn read(root: &Element) -> Result<Self, RequestError> {
        fields::root(root, &dav::PRINCIPAL_SEARCH_PROPERTY_SET)?;
        Ok(Self)
    }
}
