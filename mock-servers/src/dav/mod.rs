//! CalDAV and CardDAV.

pub mod calendar;
pub mod card;
pub(crate) mod server;
pub mod xml;
