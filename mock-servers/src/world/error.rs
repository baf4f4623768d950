//! What reading a file gives, and how reading or writing can fail.
//!
//! Line and column numbers count from 1 and point into the file as it is stored, before unfolding.

use thiserror::Error;

use super::SourceEvent;

/// What a readable file holds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Read {
    /// The events, in the order of their first component in the file.
    pub events: Vec<SourceEvent>,
    /// What was passed over, in file order.
    pub skipped: Vec<Skipped>,
}

/// A component or property that was passed over.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("line {line}: {reason}")]
pub struct Skipped {
    /// Where it begins.
    pub line: u64,
    /// The UID of the event that it belongs to, where known.
    pub uid: Option<String>,
    /// What was passed over and why, as a lower-case fragment.
    pub reason: String,
}

/// A file that holds no readable event.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("line {line}, column {column}: {what}")]
pub struct Unreadable {
    /// The line of the first thing that is wrong.
    pub line: u64,
    /// The column in that line, counted in characters.
    pub column: u64,
    /// What is wrong there, as a lower-case fragment.
    pub what: String,
}

/// An event that a protocol cannot express at all.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Error)]
#[error("{property}: {reason}")]
pub struct Unwritable {
    /// The iCalendar property that cannot be expressed, such as `RRULE`.
    pub property: String,
    /// Why; the text is stable, tests and reports compare it.
    pub reason: String,
}
