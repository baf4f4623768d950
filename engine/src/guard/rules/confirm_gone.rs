//! A delete is carried out only after the other side, asked for the item itself, says that it is
//! gone. A feed that forgot an item is found out here.

use crate::guard::{Confirmation, Context, Overrule, Rule, Verdict};
use crate::plan::Operation;

/// Holds deletes whose item is still there on the other side, or could not be asked for.
#[derive(Clone, Copy, Debug)]
pub struct ConfirmGone;

impl Rule for ConfirmGone {
    fn name(&self) -> &'static str {
        "confirm-gone"
    }

    fn overrule(&self) -> Overrule {
        Overrule::Never
    }

    fn judge(&self, operation: &Operation, context: &Context<'_>) -> Verdict {
        if !operation.removes() {
            return Verdict::Pass;
        }
        match context.confirmations.get(&operation.key()) {
            Some(Confirmation::Gone) => Verdict::Pass,
            Some(Confirmation::StillThere) => {
                Verdict::Hold("the other side did not list it, but still has it".to_owned())
            }
            Some(Confirmation::Unasked(why)) => {
                Verdict::Hold(format!("the other side could not confirm that it is gone: {why}"))
            }
            None => Verdict::Hold("the other side was not asked whether it is gone".to_owned()),
        }
    }
}
