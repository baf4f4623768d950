//! One command a file. Each answers how it ended and prints through the terminal that it is given.

mod exit;
mod held;
mod sync;

use std::collections::BTreeMap;

use calamity_evidence::Summary;

pub use exit::{ERRORS, HELD, OK, USAGE};
pub use held::{held_approve, held_list};
pub use sync::{Mode, sync};

/// How a command ended.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Finished {
    /// The exit code: [`OK`], [`ERRORS`], [`USAGE`] or [`HELD`].
    pub exit: u8,
    /// The counters of a sync.
    pub summary: Summary,
    /// How many operations wait, by the first rule that holds each.
    pub held: BTreeMap<String, u64>,
}
