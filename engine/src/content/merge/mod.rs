//! The three-way merge of one event, each side against its own last state.
//!
//! Two bases rather than one: a provider that cannot hold a member never had it in its base, so its
//! absence there is never read as a removal.

mod members;
mod occurrences;
mod strategy;
mod three_way;

pub use three_way::{Merged, Sides, merge};

#[cfg(test)]
mod tests;
