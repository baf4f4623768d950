//! The facts that the guard's rules look at, counted from plan, trees and what is unresolved.

use std::collections::{BTreeMap, BTreeSet};

use calamity_evidence::Side;

use crate::guard::{PairFacts, Stage};
use crate::plan::{Key, Operation, PairId, Slot, Target, Trees};

/// Facts by container pair, and unapproved deletes over all of them.
pub(super) fn gather(
    stage: Stage,
    trees: &Trees,
    operations: &[&Operation],
    unresolved: &BTreeMap<PairId, BTreeSet<Slot>>,
    incomplete: &BTreeMap<PairId, String>,
    approved: &BTreeSet<Key>,
) -> (BTreeMap<PairId, PairFacts>, u64) {
    let mut facts: BTreeMap<PairId, PairFacts> = trees
        .pairs
        .iter()
        .map(|pair| {
            let count = |side: Side| pair.side(side).items.len() as u64;
            let mut slots = unresolved.get(&pair.id).cloned().unwrap_or_default();
            if stage == Stage::BeforeConfirmation {
                let again = operations.iter().filter(|operation| operation.pair == pair.id);
                for operation in again {
                    slots.remove(&operation.slot());
                }
            }
            let facts = PairFacts {
                agreed: pair.baseline.len() as u64,
                present: [count(Side::A), count(Side::B)],
                deletes: [0, 0],
                incomplete: incomplete.get(&pair.id).cloned(),
                unresolved: slots.len() as u64,
            };
            (pair.id, facts)
        })
        .collect();
    let mut deletes = 0;
    for operation in operations {
        let (true, Target::One(side)) = (operation.removes(), operation.target()) else { continue };
        if approved.contains(&operation.key()) {
            continue;
        }
        deletes += 1;
        if let Some(facts) = facts.get_mut(&operation.pair) {
            facts.deletes[usize::from(side == Side::B)] += 1;
        }
    }
    (facts, deletes)
}
