//! A container pair that was not observed completely is not written to.

use crate::guard::{Context, Overrule, Rule, Verdict};
use crate::plan::Operation;

/// Holds every operation of a pair whose observation is incomplete.
#[derive(Clone, Copy, Debug)]
pub struct IncompleteObservation;

impl Rule for IncompleteObservation {
    fn name(&self) -> &'static str {
        "incomplete-observation"
    }

    fn overrule(&self) -> Overrule {
        Overrule::Never
    }

    fn judge(&self, operation: &Operation, context: &Context<'_>) -> Verdict {
        match context.pairs.get(&operation.pair).and_then(|facts| facts.incomplete.as_ref()) {
            Some(why) => Verdict::Hold(format!("the calendar could not be read whole: {why}")),
            None => Verdict::Pass,
        }
    }
}
