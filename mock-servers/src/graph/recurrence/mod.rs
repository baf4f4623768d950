//! Series: the pattern of a master as a typed value, and its expansion into instances.
//!
//! A pattern is expanded in wall-clock time and only then mapped to instants, so that one database
//! of time zones decides. Every expansion is bounded.

mod expand;
mod pattern;
mod read;
mod remembered;
mod series;
#[cfg(test)]
mod tests;

pub(crate) use expand::{Expand, Rrule};
pub(crate) use pattern::{End, Index, Pattern, Range, Recurrence};
pub(crate) use remembered::Remembered;
pub(crate) use series::{Instance, Series};
