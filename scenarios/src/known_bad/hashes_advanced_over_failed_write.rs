//! The baseline moves although the write failed: the next run finds nothing to do.

use std::sync::Arc;

use calamity_engine::Assembly;
use calamity_engine::apply::{Advance, Outcome};
use calamity_engine::plan::{Action, Leaf, Mapping, MappingSide, Operation};
use calamity_engine::store::Effect;

use super::{Control, KnownBad};

pub(super) const KNOWN_BAD: KnownBad = KnownBad {
    name: "hashes-advanced-over-failed-write",
    about: "a failed update stores the present hashes of both sides, so that it is never tried again",
    breaks: "converged",
    control: Control::Passes,
    build,
};

fn build(mut assembly: Assembly) -> Assembly {
    assembly.advance = Arc::new(Regardless);
    assembly
}

#[derive(Debug)]
struct Regardless;

impl Advance for Regardless {
    fn observation(&self, effects: Vec<Effect>) -> Vec<Vec<Effect>> {
        vec![effects]
    }

    fn outcome(&self, operation: &Operation, outcome: &Outcome) -> Vec<Effect> {
        let (Action::MergeItem { a, b, .. }, Outcome::Failed { .. } | Outcome::Deferred { .. }) =
            (&operation.action, outcome)
        else {
            return Vec::new();
        };
        let Some(uid) = operation.uid.clone() else { return Vec::new() };
        let mapping =
            Mapping { uid, a_id: a.id.clone(), b_id: b.id.clone(), a: present(a), b: present(b) };
        vec![Effect::PutMapping { pair: operation.pair, mapping }]
    }
}

fn present(leaf: &Leaf) -> MappingSide {
    MappingSide {
        hash: Some(leaf.hash.clone()),
        raw: Some(leaf.raw.clone()),
        event: Some(Arc::clone(&leaf.event)),
    }
}
