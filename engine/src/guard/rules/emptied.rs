//! A calendar that held events and suddenly holds none is not believed without a person.

use calamity_evidence::Side;

use crate::guard::{Context, Overrule, Rule, Verdict};
use crate::plan::{Operation, Target};

/// Holds the deletes that follow from a calendar that is empty on the other side.
#[derive(Clone, Copy, Debug)]
pub struct Emptied;

impl Rule for Emptied {
    fn name(&self) -> &'static str {
        "emptied"
    }

    fn overrule(&self) -> Overrule {
        Overrule::ByApproval
    }

    fn judge(&self, operation: &Operation, context: &Context<'_>) -> Verdict {
        let (true, Target::One(side)) = (operation.removes(), operation.target()) else {
            return Verdict::Pass;
        };
        let Some(facts) = context.pairs.get(&operation.pair) else {
            return Verdict::Pass;
        };
        let source = side.other();
        let left = facts.present[usize::from(source == Side::B)];
        if left == 0 && facts.agreed > context.thresholds.deletes_free {
            Verdict::Hold(format!(
                "the calendar on {} is empty and held {} events before",
                context.names.of(source),
                facts.agreed
            ))
        } else {
            Verdict::Pass
        }
    }
}
