//! How a server answers an error: a status, and the pre- or postcondition where one is defined.

use http::StatusCode;

use super::error_body::document;
use super::name::Name;
use super::names::dav;
use super::tree::Element;

/// The answer to a request that cannot be carried out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    /// The status.
    pub status: StatusCode,
    /// The condition that does not hold (RFC 4918 section 16), where the specifications name one.
    pub condition: Option<Element>,
}

impl Refusal {
    /// A status with no condition.
    #[must_use]
    pub(crate) fn plain(status: StatusCode) -> Self {
        Self { status, condition: None }
    }

    /// 403 with an empty condition, as most preconditions are answered: repeating the request
    /// cannot help (RFC 4791 section 1.3, RFC 4918 section 16).
    #[must_use]
    pub(crate) fn forbidden(condition: &Name) -> Self {
        Self::with(StatusCode::FORBIDDEN, Element::new(condition.clone()))
    }

    /// A status with a condition.
    #[must_use]
    pub(crate) fn with(status: StatusCode, condition: Element) -> Self {
        Self { status, condition: Some(condition) }
    }

    /// The body: a `DAV:error` with the condition, or none.
    #[must_use]
    pub(crate) fn body(&self) -> Option<String> {
        let condition = self.condition.clone()?;
        Some(document(&Element::new(dav::ERROR).with_child(condition)))
    }
}
