//! What the store keeps: of an observation, and of an outcome.

use crate::plan::Operation;
use crate::store::Effect;

use super::Outcome;

/// A way to move tokens, hashes and baseline on.
pub trait Advance: std::fmt::Debug + Send + Sync {
    /// The transactions in which an observation is stored, in their order.
    fn observation(&self, effects: Vec<Effect>) -> Vec<Vec<Effect>>;

    /// What is stored of an operation besides what its acknowledgement says.
    fn outcome(&self, operation: &Operation, outcome: &Outcome) -> Vec<Effect>;
}

/// A token is stored with the items that it covers, and a failure moves nothing.
#[derive(Clone, Copy, Debug)]
pub struct AcknowledgedOnly;

impl Advance for AcknowledgedOnly {
    fn observation(&self, effects: Vec<Effect>) -> Vec<Vec<Effect>> {
        vec![effects]
    }

    fn outcome(&self, _operation: &Operation, _outcome: &Outcome) -> Vec<Effect> {
        Vec::new()
    }
}
