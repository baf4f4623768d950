//! What somebody else organizes is not changed from here: the organizer's side wins.

use crate::guard::{Context, Overrule, Rule, Verdict};
use crate::plan::{Action, Operation};

/// Holds merges that would write an event on a side whose account does not organize it.
#[derive(Clone, Copy, Debug)]
pub struct NotOrganizer;

impl Rule for NotOrganizer {
    fn name(&self) -> &'static str {
        "not-organizer"
    }

    fn overrule(&self) -> Overrule {
        Overrule::ByApproval
    }

    fn judge(&self, operation: &Operation, _context: &Context<'_>) -> Verdict {
        let Action::MergeItem { a, b, writes: Ok(writes), .. } = &operation.action else {
            return Verdict::Pass;
        };
        let foreign = (writes.a.is_some() && !a.own) || (writes.b.is_some() && !b.own);
        if foreign {
            Verdict::Hold("somebody else organizes this event".to_owned())
        } else {
            Verdict::Pass
        }
    }
}
