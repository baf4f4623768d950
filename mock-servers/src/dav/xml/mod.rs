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
pub mod error_body;
pub mod href;
pub mod limits;
pub mod multistatus;
pub mod name;
pub mod names;
pub mod propstats;
pub mod read;
pub mod refusal;
pub mod request;
pub mod response;
#[cfg(test)]
mod tests;
pub mod tree;
pub mod value;
pub mod write;

pub use error_body::document;
pub use href::{Href, Path};
pub use limits::{Limits, Position};
pub use multistatus::{Detail, Multistatus};
pub use name::{Name, Namespace};
pub use propstats::Propstats;
pub use read::{ReadError, read};
pub use refusal::Refusal;
pub use response::Response;
pub use tree::{Element, Node};
pub use value::Value;
pub use write::Writer;
