//! CalDAV and CardDAV.

pub(crate) mod calendar;
pub(crate) mod card;
pub(crate) mod server;
pub(crate) mod xml;
