//! A changed filter or list makes items leave a listing; that is no delete.

use crate::guard::{Context, Overrule, Rule, Verdict};
use crate::plan::Operation;

/// Holds deletes in the first run after filters or lists were changed.
#[derive(Clone, Copy, Debug)]
pub struct Reconfigured;

impl Rule for Reconfigured {
    fn name(&self) -> &'static str {
        "reconfigured"
    }

    fn overrule(&self) -> Overrule {
        Overrule::ByApproval
    }

    fn judge(&self, operation: &Operation, context: &Context<'_>) -> Verdict {
        if operation.removes() && context.reconfigured {
            Verdict::Hold("the filter or the lists were changed since the last run".to_owned())
        } else {
            Verdict::Pass
        }
    }
}
