//! Extended MKCOL (RFC 5689).

use super::error::RequestError;
use super::{properties, setting};
use crate::dav::xml::name::Name;
use crate::dav::xml::names::dav;
use crate::dav::xml::tree::Element;

/// The body of an MKCOL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mkcol {
    /// The properties to set, in document order.
    pub set: Vec<Element>,
}

impl Mkcol {
    /// Reads a `DAV:mkcol`.
    ///
    /// # Errors
    ///
    /// 415 for another root (RFC 4918 section 9.3, RFC 5689 section 3); 400 when it is against the
    /// definition, such as without any `set`.
    pub(crate) fn read(root: &Element) -> Result<Self, RequestError> {
        if root.name != dav::MKCOL {
            return Err(RequestError::UnsupportedBody { found: root.name.clone() });
        }
        Ok(Self { set: setting::all(root)? })
    }

    /// The types of the new collection, if the request names them. It must name `DAV:collection`
    /// then; a server answers types that it cannot make with `DAV:valid-resourcetype` in the
    /// property's own status (RFC 5689 section 3.3).
    #[must_use]
    pub(crate) fn resource_types(&self) -> Option<Vec<Name>> {
        let last = self.set.iter().rfind(|property| property.name == dav::RESOURCETYPE)?;
        Some(properties::names(last))
    }
}
