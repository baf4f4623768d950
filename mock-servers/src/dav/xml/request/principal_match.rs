//! The principal-match report (RFC 3744 section 9.3).

use super::error::RequestError;
use super::fields;
use super::properties::Properties;
use crate::dav::xml::name::Name;
use crate::dav::xml::names::dav;
use crate::dav::xml::tree::Element;

/// The body of a principal-match report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PrincipalMatch {
    /// Which members match the current user.
    pub whom: Whom,
    /// What is wanted of them.
    pub properties: Properties,
}

/// Which members match the current user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Whom {
    /// Those that are the user, or a group with the user in it.
    Oneself,
    /// Those in which this property has the user's principal URL.
    Property(Name),
}

impl PrincipalMatch {
    /// Reads a `DAV:principal-match`.
    ///
    /// # Errors
    ///
    /// 400 when it is against the definition.
    pub(crate) fn read(root: &Element) -> Result<Self, RequestError> {
        fields::root(root, &dav::PRINCIPAL_MATCH)?;
        let whom = match fields::one(root, &[dav::SELF_, dav::PRINCIPAL_PROPERTY])? {
            None => return Err(fields::missing(root, &dav::PRINCIPAL_PROPERTY)),
            Some(element) if element.name == dav::SELF_ => Whom::Oneself,
            Some(element) => match element.elements().next() {
                Some(property) => Whom::Property(property.name.clone()),
                None => return Err(fields::missing(element, &dav::PROPERTY)),
            },
        };
        Ok(Self { whom, properties: Properties::read(root)? })
    }
}
