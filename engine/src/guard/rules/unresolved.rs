//! No delete while a create or merge of the same calendar is unresolved.
//!
//! This is the rule that the incident of 2026-04-16 lacked: creates were refused, and the run went
//! on to its deletes.

use crate::guard::{Context, Overrule, Rule, Verdict};
use crate::plan::Operation;

/// Holds deletes of a pair in which a create or a merge has failed and was not done since.
#[derive(Clone, Copy, Debug)]
pub struct Unresolved;

impl Rule for Unresolved {
    fn name(&self) -> &'static str {
        "unresolved"
    }

    fn overrule(&self) -> Overrule {
        Overrule::Never
    }

    fn judge(&self, operation: &Operation, context: &Context<'_>) -> Verdict {
        if !operation.removes() {
            return Verdict::Pass;
        }
        match context.pairs.get(&operation.pair).map_or(0, |facts| facts.unresolved) {
            0 => Verdict::Pass,
            1 => Verdict::Hold("1 create or merge of this calendar is unresolved".to_owned()),
            n => Verdict::Hold(format!("{n} creates or merges of this calendar are unresolved")),
        }
    }
}
