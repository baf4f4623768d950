//! The guard: pure rules that may hold operations of a plan, and say why.
//!
//! It is asked twice: before the confirmation, and again before the deletes, when the failures of
//! this run are known. A rule never allows anything; an operation goes out when no rule holds it.

mod context;
mod judge;
pub mod rules;
mod thresholds;

pub use context::{Attended, Confirmation, Context, PairFacts, Stage};
pub use judge::{Approved, Held, Judged, judge};
pub use thresholds::Thresholds;

use crate::plan::Operation;

/// What a rule says of one operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing against it.
    Pass,
    /// It waits, for this reason: a sentence fragment for people.
    Hold(String),
}

/// Whether a person may overrule a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Overrule {
    /// An approval that names the operation overrules it.
    ByApproval,
    /// Nobody can: the hold ends when its reason does.
    Never,
}

/// One reason to hold operations.
pub trait Rule: std::fmt::Debug + Send + Sync {
    /// Its name in reports and in the store.
    fn name(&self) -> &'static str;

    /// Whether an approval overrules it.
    fn overrule(&self) -> Overrule;

    /// What it says of an operation.
    fn judge(&self, operation: &Operation, context: &Context<'_>) -> Verdict;
}

#[cfg(test)]
mod tests;
