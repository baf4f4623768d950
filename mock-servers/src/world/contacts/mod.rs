//! Contacts.

pub mod content;
