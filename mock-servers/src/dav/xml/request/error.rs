//! Why a body is no request of its kind, and how a server says so.

use http::StatusCode;
use thiserror::Error;

use crate::dav::xml::name::{Name, Namespace};
use crate::dav::xml::names::{caldav, carddav, dav};
use crate::dav::xml::read::ReadError;
use crate::dav::xml::refusal::Refusal;

/// A body that is not the request which its method needs.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub(crate) enum RequestError {
    /// It is no document that the server takes.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// Its root is another one.
    #[error("the body is a {found}, not a {expected}")]
    Root {
        /// What it is.
        found: Name,
        /// What the method needs.
        expected: Name,
    },
    /// MKCOL with a body that is no `DAV:mkcol`.
    #[error("MKCOL does not take a {found}")]
    UnsupportedBody {
        /// What it is.
        found: Name,
    },
    /// A report that the server does not have.
    #[error("there is no report {report}")]
    UnknownReport {
        /// Its name.
        report: Name,
    },
    /// An element without one that it needs.
    #[error("{inside} has no {wanted}")]
    Missing {
        /// The element.
        inside: Name,
        /// What it needs.
        wanted: Name,
    },
    /// Two elements that cannot stand together, or one that stands twice.
    #[error("{inside} has both {first} and {second}")]
    Conflict {
        /// The element that they are in.
        inside: Name,
        /// The first.
        first: Name,
        /// The second.
        second: Name,
    },
    /// An element where it has no meaning.
    #[error("{found} has no meaning inside {inside}")]
    Misplaced {
        /// The element that it is in.
        inside: Name,
        /// The element.
        found: Name,
    },
    /// An attribute that is missing or has no value that it can have.
    #[error("{element}: attribute `{attribute}` {problem}")]
    Attribute {
        /// The element.
        element: Name,
        /// The attribute.
        attribute: &'static str,
        /// What is wrong with it.
        problem: AttributeProblem,
    },
    /// An element with a text that it cannot have.
    #[error("{element} is `{value}`, not {expected}")]
    Text {
        /// The element.
        element: Name,
        /// Its text.
        value: String,
        /// What it can be.
        expected: &'static str,
    },
    /// A calendar filter that is not valid.
    #[error("the filter is not valid: {reason}")]
    InvalidFilter {
        /// Why.
        #[source]
        reason: Box<Self>,
    },
    /// A collation that the server does not have.
    #[error("there is no collation `{collation}`")]
    Collation {
        /// The namespace of the element that names it: CalDAV or CardDAV.
        namespace: Namespace,
        /// Its name.
        collation: String,
    },
    /// A media type of calendars or cards that the server does not have.
    #[error("there is no {element} of type `{content_type}` version `{version}`")]
    DataType {
        /// `CALDAV:calendar-data` or `CARDDAV:address-data`.
        element: Name,
        /// The type asked for.
        content_type: String,
        /// The version asked for.
        version: String,
    },
    /// A time zone that is no calendar object with one VTIMEZONE.
    #[error("{element} is no calendar object with one VTIMEZONE")]
    TimeZone {
        /// The element or property that it stands in.
        element: Name,
    },
}

/// What is wrong with an attribute.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub(crate) enum AttributeProblem {
    /// It is not there.
    #[error("is missing")]
    Missing,
    /// It has no value that it can have.
    #[error("is `{value}`, not {expected}")]
    Value {
        /// Its value.
        value: String,
        /// What it can be.
        expected: &'static str,
    },
}

impl RequestError {
    /// How a server answers.
    ///
    /// 400 for a body against its definition (RFC 4918 appendix A.2). 403 with
    /// `CALDAV:valid-filter` (RFC 4791 section 7.8), `CALDAV:supported-collation` or
    /// `CARDDAV:supported-collation` (7.5; RFC 6352 section 8.3), `CALDAV:supported-calendar-data`,
    /// `CARDDAV:supported-address-data`, `CALDAV:valid-calendar-data`, `DAV:supported-report`
    /// (RFC 3253 section 3.6). 415 for a body that MKCOL does not know (RFC 4918 section 9.3).
    /// CardDAV has no precondition for invalid filters: 400.
    ///
    /// 422 is never an answer to a body as such: what is understood and then refused, the server
    /// finds out when it carries the request out.
    #[must_use]
    pub(crate) fn refusal(&self) -> Refusal {
        match self {
            Self::Read(error) => error.refusal(),
            Self::UnsupportedBody { .. } => Refusal::plain(StatusCode::UNSUPPORTED_MEDIA_TYPE),
            Self::UnknownReport { .. } => Refusal::forbidden(&dav::SUPPORTED_REPORT),
            Self::InvalidFilter { .. } => Refusal::forbidden(&caldav::VALID_FILTER),
            Self::Collation { namespace, .. } if *namespace == Namespace::CARDDAV => {
                Refusal::forbidden(&carddav::SUPPORTED_COLLATION)
            }
            Self::Collation { .. } => Refusal::forbidden(&caldav::SUPPORTED_COLLATION),
            Self::DataType { element, .. } if *element == carddav::ADDRESS_DATA => {
                Refusal::forbidden(&carddav::SUPPORTED_ADDRESS_DATA)
            }
            Self::DataType { .. } => Refusal::forbidden(&caldav::SUPPORTED_CALENDAR_DATA),
            Self::TimeZone { .. } => Refusal::forbidden(&caldav::VALID_CALENDAR_DATA),
            Self::Root { .. }
            | Self::Missing { .. }
            | Self::Conflict { .. }
            | Self::Misplaced { .. }
            | Self::Attribute { .. }
            | Self::Text { .. } => Refusal::plain(StatusCode::BAD_REQUEST),
        }
    }

    /// The same as the reason why a calendar filter is not valid. A collation keeps its own
    /// precondition.
    pub(super) fn in_filter(self) -> Self {
        match self {
            Self::Collation { .. } | Self::InvalidFilter { .. } => self,
            reason => Self::InvalidFilter { reason: Box::new(reason) },
        }
    }
}
