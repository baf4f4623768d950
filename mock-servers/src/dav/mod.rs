//! CalDAV and CardDAV.

pub mod calendar;
pub mod card;
pub mod xml;
