//! PROPFIND (RFC 4918 section 9.1).

use super::error::RequestError;
use super::fields;
use super::properties::Properties;
use crate::dav::xml::names::dav;
use crate::dav::xml::tree::Element;

/// The body of a PROPFIND.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Propfind {
    /// Which properties are wanted, never [`Properties::Unspecified`].
    pub properties: Properties,
}

/// What a PROPFIND without a body asks: all properties (RFC 4918 section 9.1).
impl Default for Propfind {
    fn default() -> Self {
        Self { properties: Properties::All { include: Vec::new() } }
    }
}

impl Propfind {
    /// Reads a `DAV:propfind`.
    ///
    /// # Errors
    ///
    /// 400 when it is against the definition, such as with both `allprop` and `propname`, or with
    /// nothing that the server knows (RFC 4918 appendix A.3 and A.4).
    pub(crate) fn read(root: &Element) -> Result<Self, RequestError> {
        fields::root(root, &dav::PROPFIND)?;
        match Properties::read(root)? {
            Properties::Unspecified => Err(fields::missing(root, &dav::PROP)),
            properties => Ok(Self { properties }),
        }
    }
}
