//! Asking the other side about every item that is to be deleted here, within a budget.
//!
//! An item that is still there proves its side's observation wrong, and not about this item alone:
//! whatever else that side did not tell is unknown. So the pair counts as not observed, and the
//! token that covers the wrong observation is dropped; the next run lists that side anew.

use std::collections::BTreeMap;

use calamity_evidence::Side;

use crate::assembly::Assembly;
use crate::guard::Confirmation;
use crate::model::{Fetched, ItemId};
use crate::plan::{Action, Key, Leaf, Operation, PairId, Trees};
use crate::store::Effect;

/// What the other sides said, and what was found after all.
#[derive(Debug, Default)]
pub(super) struct Confirmed {
    pub(super) answers: BTreeMap<Key, Confirmation>,
    pub(super) effects: Vec<Effect>,
    /// Pairs whose observation turned out wrong, with the reason.
    pub(super) incomplete: BTreeMap<PairId, String>,
}

/// Deletes of one pair whose item is gone from one side: the operation and the lost id.
type Lost<'a> = BTreeMap<(PairId, Side), Vec<(&'a Operation, ItemId)>>;

/// Asks about the deletes among the operations.
pub(super) async fn confirm(
    assembly: &Assembly,
    trees: &Trees,
    operations: &[&Operation],
) -> Confirmed {
    let mut lost = Lost::new();
    for operation in operations {
        if let Action::DeleteItem { on, mapping, .. } = &operation.action {
            let source = on.other();
            let ids = lost.entry((operation.pair, source)).or_default();
            ids.push((operation, mapping.id(source).clone()));
        }
    }
    let mut confirmed = Confirmed::default();
    for ((pair, side), lost) in lost {
        let container = trees
            .pairs
            .iter()
            .find(|tree| tree.id == pair)
            .and_then(|tree| tree.side(side).container.clone());
        let Some(container) = container else { continue };
        let budget = assembly.pair.thresholds.confirmations_max.min(lost.len());
        let (asked, beyond) = lost.split_at(budget);
        for (operation, _) in beyond {
            let why = format!("more than {budget} to ask for in one run");
            confirmed.answers.insert(operation.key(), Confirmation::Unasked(why));
        }
        let provider = assembly.provider(side);
        for chunk in asked.chunks(provider.limits().fetch.max(1)) {
            let ids: Vec<ItemId> = chunk.iter().map(|(_, id)| id.clone()).collect();
            let answer = provider.fetch(&container, &ids).await;
            note(&mut confirmed, pair, side, chunk, answer.map_err(|error| error.to_string()));
        }
    }
    confirmed
}

fn note(
    confirmed: &mut Confirmed,
    pair: PairId,
    side: Side,
    chunk: &[(&Operation, ItemId)],
    answer: Result<Fetched, String>,
) {
    let fetched = match answer {
        Ok(fetched) => fetched,
        Err(why) => {
            for (operation, _) in chunk {
                let answer = Confirmation::Unasked(why.clone());
                confirmed.answers.insert(operation.key(), answer);
            }
            return;
        }
    };
    let mut still = 0_usize;
    for (operation, id) in chunk {
        let failed = fetched.failed.iter().find(|(failed, _)| failed == id);
        let answer = if fetched.missing.contains(id) {
            Confirmation::Gone
        } else if let Some((_, error)) = failed {
            Confirmation::Unasked(error.to_string())
        } else {
            still += 1;
            Confirmation::StillThere
        };
        confirmed.answers.insert(operation.key(), answer);
    }
    let back = fetched.found.into_iter().map(|item| Effect::PutItem {
        pair,
        side,
        leaf: Leaf::from(item),
    });
    confirmed.effects.extend(back);
    if still > 0 {
        confirmed.effects.push(Effect::PutToken { pair, side, token: None });
        confirmed.incomplete.entry(pair).or_insert_with(|| {
            format!("side {side} did not tell of {still} of its items and has them when asked")
        });
    }
}
