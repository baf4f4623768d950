//! The mock CalDAV and CardDAV server. So far its XML layer only.

pub mod xml;
