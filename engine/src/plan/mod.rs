//! Planning: a pure function of three trees.
//!
//! Nothing here awaits, reads a clock or touches the store. The same trees give the same plan in
//! the same order.

mod compare;
mod merkle;
mod operation;
mod phase;
mod text;
mod tree;

pub use compare::{Projector, Projectors, plan};
pub use merkle::{container_hash, leaf_hash, pair_hash};
pub use operation::{Action, Key, MergeWrites, OpType, Operation, Plan, Rebase, Slot, Target};
pub use phase::Phase;
pub use text::{Names, PlanCounts, counts, line, note, summary_line};
pub use tree::{Leaf, Mapping, MappingSide, PairId, PairTree, SideTree, Trees};

#[cfg(test)]
mod tests;
