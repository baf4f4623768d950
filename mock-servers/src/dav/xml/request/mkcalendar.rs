//! MKCALENDAR (RFC 4791 section 5.3.1).

use super::error::RequestError;
use super::{fields, setting};
use crate::dav::xml::names::caldav;
use crate::dav::xml::tree::Element;

/// The body of an MKCALENDAR. Without a body the request sets nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Mkcalendar {
    /// The properties to set, in document order.
    pub set: Vec<Element>,
}

impl Mkcalendar {
    /// Reads a `CALDAV:mkcalendar`.
    ///
    /// # Errors
    ///
    /// 400 when it is against the definition, such as without any `set`.
    pub(crate) fn read(root: &Element) -> Result<Self, RequestError> {
        fields::root(root, &caldav::MKCALENDAR)?;
        Ok(Self { set: setting::all(root)? })
    }
}
