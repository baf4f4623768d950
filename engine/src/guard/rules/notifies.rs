//! Nobody is mailed by an unattended run unless the write is provably silent.

use calamity_evidence::Side;

use crate::guard::{Attended, Context, Overrule, Rule, Verdict};
use crate::model::{Attendees, Capability};
use crate::plan::{Action, Operation};

/// Holds writes to events that carry guests at the written provider, unless its promise for that
/// kind of write is [`Capability::Suppressed`] or the pair is told to send.
#[derive(Clone, Copy, Debug)]
pub struct Notifies;

impl Rule for Notifies {
    fn name(&self) -> &'static str {
        "notifies"
    }

    fn overrule(&self) -> Overrule {
        Overrule::ByApproval
    }

    fn judge(&self, operation: &Operation, context: &Context<'_>) -> Verdict {
        if context.attended == Attended::Yes || context.attendees == Attendees::Send {
            return Verdict::Pass;
        }
        let guests = |side: Side, guests: usize, capability: Capability| {
            (guests > 0 && capability != Capability::Suppressed).then_some((side, guests))
        };
        let (a, b) = (context.names.policy(Side::A), context.names.policy(Side::B));
        let mailed = match &operation.action {
            Action::DeleteItem { on, leaf, .. } => {
                guests(*on, leaf.attendees, context.names.policy(*on).delete_item)
            }
            Action::CreateItem { on, event: Ok(event), .. } => {
                guests(*on, event.attendees(), context.names.policy(*on).create_item)
            }
            Action::MergeItem { a: leaf_a, b: leaf_b, writes: Ok(writes), .. } => {
                let on_a = writes.a.as_ref().and_then(|event| {
                    guests(Side::A, leaf_a.attendees.max(event.attendees()), a.update_item)
                });
                on_a.or_else(|| {
                    writes.b.as_ref().and_then(|event| {
                        guests(Side::B, leaf_b.attendees.max(event.attendees()), b.update_item)
                    })
                })
            }
            _ => None,
        };
        match mailed {
            None => Verdict::Pass,
            Some((side, guests)) => Verdict::Hold(format!(
                "{} might mail {guests} {}",
                context.names.of(side),
                if guests == 1 { "guest" } else { "guests" }
            )),
        }
    }
}
