//! A write: past the faults, carried out or refused, with its entry in the write log.

use super::Call;
use crate::faults::PatchEffect;
use crate::graph::answer;
use crate::graph::failure::Failure;
use crate::native::Reply;
use crate::operation::Target;
use crate::scheduling::{Marker, MarkerPolicy};
use crate::turn::{Turn, Verdict};

impl Call {
    /// Carries out a write of one target, or refuses it. Whatever refuses it, a fault or the state,
    /// leaves one entry in the write log.
    pub(crate) fn write(
        &self,
        turn: &mut Turn<'_>,
        target: &Target,
        act: impl FnOnce(&mut Turn<'_>, &PatchEffect) -> Result<Reply, Failure>,
    ) -> Result<Reply, Failure> {
        let op = self.operations[0].op;
        let rejected =
            turn.host().profile.marker == MarkerPolicy::Rejects && self.marker() != Marker::Unsaid;
        let outcome = if rejected {
            Err(Failure::of("BadRequest")
                .saying("The preference outlook.send-notifications is not supported."))
        } else {
            match turn.fault_item(op, target) {
                Verdict::Error(error) => Err(Failure::armed(&error)),
                Verdict::Stop => {
                    turn.refused(op, target, "aborted", "the connection broke before the write");
                    return Ok(self.names.nothing());
                }
                Verdict::Omit => {
                    turn.refused(op, target, "omitted", "left out of the answer by a fault");
                    return Ok(answer::omitted(self.names.nothing()));
                }
                Verdict::Patch(patch) => act(turn, &patch),
                _ => act(turn, &PatchEffect::default()),
            }
        };
        if let Err(failure) = &outcome {
            turn.refused(op, target, &failure.code, &failure.message);
        }
        outcome
    }
}
