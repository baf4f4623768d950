//! The proof: the catalogue against the known-bad engines, compared with the expected rows.
//!
//! It shows that the drills can fail. What it comes to is data; printing is the command line's.

mod cells;
mod plan;
mod report;
mod rows;

pub use cells::Cell;
pub use plan::{CONTROL, Drill, Mode};
pub use report::{ProofReport, prove};
pub use rows::{Row, Rows, RowsError};

#[cfg(test)]
mod tests;
