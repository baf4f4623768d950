//! The shipped catalogue of drills: scenarios that are built into the program, one YAML file each.
//!
//! The folder of a drill is its first tag, its file name without ending is its name.

#![forbid(unsafe_code)]

mod catalogue;

pub use catalogue::{Choice, Drill, catalogue, choose};

/// Which known-bad engine fails which drill by which invariant: what the proof has to come to.
pub const EXPECTED_ROWS: &str = include_str!("../expected-rows.csv");

#[cfg(test)]
mod tests;
