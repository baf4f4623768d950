//! The mass-delete ceiling: per calendar, per run, and over a sliding window of runs.

use calamity_evidence::Side;

use crate::guard::{Context, Overrule, Rule, Thresholds, Verdict};
use crate::plan::{Operation, Target};

/// Holds every unapproved delete of a pair whose number is above the ceiling.
#[derive(Clone, Copy, Debug)]
pub struct Ceiling;

impl Rule for Ceiling {
    fn name(&self) -> &'static str {
        "ceiling"
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
        let limits = context.thresholds;
        let deletes = facts.deletes[usize::from(side == Side::B)];
        if deletes > limits.deletes_free {
            if deletes > limits.deletes_container_max {
                return Verdict::Hold(format!(
                    "{deletes} deletes in one calendar, more than {}",
                    limits.deletes_container_max
                ));
            }
            if exceeds_share(deletes, facts.agreed, limits.deletes_container_share_max) {
                return Verdict::Hold(format!(
                    "{deletes} deletes of {} events are more than {:.0} % of the calendar",
                    facts.agreed,
                    limits.deletes_container_share_max * 100.0
                ));
            }
        }
        if context.deletes_run > limits.deletes_run_max {
            return Verdict::Hold(format!(
                "{} deletes in one run, more than {}",
                context.deletes_run, limits.deletes_run_max
            ));
        }
        let window = context.deletes_window + context.deletes_run;
        if window > limits.deletes_window_max {
            return Verdict::Hold(format!(
                "{window} deletes in {} hours, more than {}",
                Thresholds::WINDOW_HOURS,
                limits.deletes_window_max
            ));
        }
        Verdict::Pass
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts of items in a calendar are far below 2^52")]
fn exceeds_share(deletes: u64, of: u64, share: f64) -> bool {
    deletes as f64 > of as f64 * share
}
