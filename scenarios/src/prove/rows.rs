//! The rows that a proof has to come to: which known-bad engine fails which drill by which
//! invariant. They are checked in and compared exactly.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

/// The first line of the file.
const HEAD: &str = "known-bad,drill,invariant";

/// A known-bad engine fails a drill by an invariant.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Row {
    /// The engine's name.
    pub known_bad: String,
    /// The drill's name.
    pub drill: String,
    /// The invariant's name, or `expectation` for what a step itself expects.
    pub invariant: String,
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{},{},{}", self.known_bad, self.drill, self.invariant)
    }
}

/// All rows, in the order of their names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rows(pub BTreeSet<Row>);

impl Rows {
    /// The invariants by which an engine is expected to fail a drill.
    #[must_use]
    pub fn of(&self, known_bad: &str, drill: &str) -> BTreeSet<String> {
        let here = self.0.iter().filter(|row| row.known_bad == known_bad && row.drill == drill);
        here.map(|row| row.invariant.clone()).collect()
    }
}

impl fmt::Display for Rows {
    /// The file: a head, and a line a row.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{HEAD}")?;
        self.0.iter().try_for_each(|row| writeln!(f, "{row}"))
    }
}

/// A file that holds no rows.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RowsError {
    /// The first line is another one.
    #[error("line 1: the first line must be `{HEAD}`")]
    Head,
    /// A line is no row.
    #[error("line {line}: {text:?} is no row; write `known-bad,drill,invariant`")]
    Line {
        /// Its number, from 1.
        line: usize,
        /// The line.
        text: String,
    },
}

impl FromStr for Rows {
    type Err = RowsError;

    fn from_str(text: &str) -> Result<Self, RowsError> {
        let mut lines = text.lines().zip(1..);
        if lines.next().is_none_or(|(head, _)| head.trim_end() != HEAD) {
            return Err(RowsError::Head);
        }
        let row = |(text, line): (&str, usize)| {
            let parts: Vec<&str> = text.trim_end().split(',').collect();
            match parts.as_slice() {
                [known_bad, drill, invariant] if parts.iter().all(|part| !part.is_empty()) => {
                    Ok(Row {
                        known_bad: (*known_bad).to_owned(),
                        drill: (*drill).to_owned(),
                        invariant: (*invariant).to_owned(),
                    })
                }
                _ => Err(RowsError::Line { line, text: text.to_owned() }),
            }
        };
        lines
            .filter(|(text, _)| !text.trim().is_empty())
            .map(row)
            .collect::<Result<_, _>>()
            .map(Self)
    }
}
