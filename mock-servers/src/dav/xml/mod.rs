//! The XML of WebDAV, CalDAV and CardDAV: bytes to typed requests, typed answers to bytes.
//!
//! Pure: no state, no HTTP beyond status codes, and no look inside calendars or cards. Readers are
//! as strict as RFC 4918 appendix A.2 asks and ignore what they do not know (section 17); every
//! error knows the status and the precondition with which a server answers it ([`Refusal`]).
//!
//! Specifications: RFC 4918 (WebDAV), 3253 (REPORT, expand-property), 3744 (access control), 4791
//! (CalDAV), 5323 section 5.17 (limit), 5397 (current-user-principal), 5689 (extended MKCOL), 6352
//! (CardDAV), 6578 (sync-collection), 6638 (scheduling); CTag and the calendar colour from the
//! extensions of Apple's calendar server.

mod chars;
pub(crate) mod error_body;
pub(crate) mod href;
pub(crate) mod limits;
pub(crate) mod multistatus;
pub(crate) mod name;
pub(crate) mod names;
pub(crate) mod propstats;
pub(crate) mod read;
pub(crate) mod refusal;
pub(crate) mod request;
pub(crate) mod response;
#[cfg(test)]
mod tests;
pub(crate) mod tree;
pub(crate) mod value;
pub(crate) mod write;

pub(crate) use error_body::document;
pub(crate) use href::{Href, Path};
pub(crate) use limits::Limits;
pub(crate) use multistatus::{Detail, Multistatus};
pub(crate) use name::{Name, Namespace};
pub(crate) use propstats::Propstats;
pub(crate) use read::read;
pub(crate) use refusal::Refusal;
pub(crate) use response::Response;
pub(crate) use tree::Element;
pub(crate) use tree::Node;
pub(crate) use value::Value;
#[cfg(test)]
pub(crate) use write::Writer;
pub(crate) use write::escaped;
