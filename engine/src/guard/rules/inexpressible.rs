//! An event that a provider cannot hold is not sent to it.

use crate::guard::{Context, Overrule, Rule, Verdict};
use crate::plan::{Action, Operation};

/// Holds creates and merges whose content the written side cannot express, with the reason.
#[derive(Clone, Copy, Debug)]
pub struct CannotExpress;

impl Rule for CannotExpress {
    fn name(&self) -> &'static str {
        "inexpressible"
    }

    fn overrule(&self) -> Overrule {
        Overrule::Never
    }

    fn judge(&self, operation: &Operation, _context: &Context<'_>) -> Verdict {
        let problem = match &operation.action {
            Action::CreateItem { event, .. } => event.as_ref().err(),
            Action::MergeItem { writes, .. } => writes.as_ref().err(),
            _ => None,
        };
        match problem {
            Some(problem) => Verdict::Hold(problem.to_string()),
            None => Verdict::Pass,
        }
    }
}
