//! Collations of text matches (RFC 4791 section 7.5, RFC 6352 section 8.3).

use super::error::RequestError;
use crate::dav::xml::name::Namespace;
use crate::dav::xml::tree::Element;

/// How characters compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Collation {
    /// `i;ascii-casemap` (RFC 4790 section 9.2): ASCII letters without case.
    AsciiCasemap,
    /// `i;octet` (RFC 4790 section 9.3): bytes.
    Octet,
    /// `i;unicode-casemap` (RFC 5051): letters without case.
    UnicodeCasemap,
}

impl Collation {
    /// All that this server has, for `supported-collation-set`.
    pub const ALL: [Self; 3] = [Self::AsciiCasemap, Self::Octet, Self::UnicodeCasemap];

    /// Its identifier.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::AsciiCasemap => "i;ascii-casemap",
            Self::Octet => "i;octet",
            Self::UnicodeCasemap => "i;unicode-casemap",
        }
    }

    /// The collation that an element names. Absent or `default` means ASCII in CalDAV and Unicode
    /// in CardDAV.
    pub(super) fn read(element: &Element) -> Result<Self, RequestError> {
        let namespace = element.name.namespace();
        let default = if *namespace == Namespace::CARDDAV {
            Self::UnicodeCasemap
        } else {
            Self::AsciiCasemap
        };
        match element.attribute("collation") {
            None | Some("default") => Ok(default),
            Some(name) => {
                let known = Self::ALL.into_iter().find(|one| one.as_str() == name);
                known.ok_or_else(|| RequestError::Collation {
                    namespace: namespace.clone(),
                    collation: name.to_owned(),
                })
            }
        }
    }
}
