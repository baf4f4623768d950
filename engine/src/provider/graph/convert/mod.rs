//! Graph events and canonical events, both ways; pure.
//!
//! The rule kept here: what is written, read back, is what was projected, so that a second run
//! finds nothing to do. Requests are not made here, and no answer is interpreted but an event.

mod alerts;
mod body;
mod crossing;
mod fingerprint;
mod overrides;
mod patch;
mod people;
mod places;
mod project;
mod read;
mod recurrence;
mod refusal;
mod rule;
mod series;
mod status;
mod times;
mod types;
mod windows_zones;
mod write;
mod zones;

#[cfg(test)]
mod tests;

pub(super) use patch::patch;
pub(super) use project::project;
pub(super) use read::read;
pub(super) use types::{Change, Exceptions, Override, Patch, Read, Stored, UID_PROPERTY, Written};
pub(super) use write::write;
