//! WebDAV and what is built on it.

pub mod card;
