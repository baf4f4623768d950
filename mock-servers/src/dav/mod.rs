//! The mock CalDAV and CardDAV server. So far its XML layer only.

pub mod xml;
//! What the DAV protocols store and ask for. The parts stand alone: none knows of accounts, requests
//! or the network.

pub mod calendar;
//! WebDAV and what is built on it.

pub mod card;
