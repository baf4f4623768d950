//! The resource types that the server serves as the v1.0 metadata declares them, and the check of a
//! request body against them.
//!
//! Source: `schemas/v1.0-Prod.csdl` of microsoftgraph/msgraph-metadata (commit f54f11b6): the entity
//! types with what they inherit, and the complex types that they use. Navigation properties that the
//! server does not serve are left out, so writing them is refused. A test holds these tables
//! against a table of the metadata.

mod calendar;
mod common;
mod contact;
mod directory;
mod kind;
mod mailbox;
#[cfg(test)]
pub(crate) mod table;
#[cfg(test)]
mod tests;

pub(crate) use calendar::{CALENDAR, EVENT};
pub(crate) use contact::{CONTACT, CONTACT_FOLDER};
pub(crate) use directory::{SUBSCRIPTION, USER};
pub(crate) use kind::Type;
pub(crate) use mailbox::{CALENDAR_GROUP, MAILBOX_SETTINGS};
