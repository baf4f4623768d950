//! One broken rule, and how it is printed.

use std::fmt;

/// A rule that does not hold at a place.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Violation {
    /// The file, relative to the root, with `/` between its parts.
    pub(super) file: String,
    /// The line, counted from 1.
    pub(super) line: usize,
    /// What is wrong.
    pub(super) what: String,
    /// What to do about it.
    pub(super) way_out: String,
}

impl Violation {
    pub(super) fn new(
        file: &str,
        line: usize,
        what: impl Into<String>,
        way_out: impl Into<String>,
    ) -> Self {
        Self { file: file.to_owned(), line, what: what.into(), way_out: way_out.into() }
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { file, line, what, way_out } = self;
        write!(f, "{file}:{line}: {what}; {way_out}")
    }
}
