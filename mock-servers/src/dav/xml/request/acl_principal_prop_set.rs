//! The acl-principal-prop-set report (RFC 3744 section 9.2).

use super::error::RequestError;
use super::fields;
use super::properties::Properties;
use crate::dav::xml::names::dav;
use crate::dav::xml::tree::Element;

/// The body of an acl-principal-prop-set report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct AclPrincipalPropSet {
    /// What is wanted of each principal in the resource's access control list.
    pub properties: Properties,
}

impl AclPrincipalPropSet {
    /// Reads a `DAV:acl-principal-prop-set`.
    ///
    /// # Errors
    ///
    /// 400 when it has more than one `DAV:prop`.
    pub(crate) fn read(root: &Element) -> Result<Self, RequestError> {
        fields::root(root, &dav::ACL_PRINCIPAL_PROP_SET)?;
        Ok(Self { properties: Properties::read(root)? })
    }
}
