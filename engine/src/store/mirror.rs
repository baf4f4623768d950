//! The same effects on the trees in memory, so that a run plans on what it is about to store.

use crate::plan::{PairId, PairTree, SideTree, Trees};

use super::Effect;

/// Carries the effects on trees out in memory; all others are none of the trees' business.
pub fn mirror<'a>(trees: &mut Trees, effects: impl IntoIterator<Item = &'a Effect>) {
    for effect in effects {
        match effect {
            Effect::PutPair { id, name, a, b } => {
                let pair = pair_or_new(trees, *id, name);
                pair.a.container.clone_from(a);
                pair.b.container.clone_from(b);
            }
            Effect::PutHash { pair, hash } => {
                with(trees, *pair, |pair| pair.stored_hash.clone_from(hash));
            }
            Effect::PutToken { pair, side, token } => {
                with(trees, *pair, |pair| pair.side_mut(*side).token.clone_from(token));
            }
            Effect::PutItem { pair, side, leaf } => with(trees, *pair, |pair| {
                pair.side_mut(*side).items.insert(leaf.id.clone(), leaf.clone());
            }),
            Effect::DropItem { pair, side, id } => with(trees, *pair, |pair| {
                pair.side_mut(*side).items.remove(id);
            }),
            Effect::PutMapping { pair, mapping } => with(trees, *pair, |pair| {
                pair.baseline.insert(mapping.uid.clone(), mapping.clone());
            }),
            Effect::DropMapping { pair, uid } => with(trees, *pair, |pair| {
                pair.baseline.remove(uid);
            }),
            _ => {}
        }
    }
}

fn with(trees: &mut Trees, id: PairId, change: impl FnOnce(&mut PairTree)) {
    if let Some(pair) = trees.pairs.iter_mut().find(|pair| pair.id == id) {
        change(pair);
    }
}

fn pair_or_new<'a>(trees: &'a mut Trees, id: PairId, name: &str) -> &'a mut PairTree {
    if let Some(place) = trees.pairs.iter().position(|pair| pair.id == id) {
        let pair = &mut trees.pairs[place];
        name.clone_into(&mut pair.name);
        return pair;
    }
    let place = trees
        .pairs
        .partition_point(|pair| (pair.name.to_lowercase(), pair.id) < (name.to_lowercase(), id));
    trees.pairs.insert(
        place,
        PairTree {
            id,
            name: name.to_owned(),
            a: SideTree::default(),
            b: SideTree::default(),
            baseline: std::collections::BTreeMap::new(),
            stored_hash: None,
            complete: false,
        },
    );
    &mut trees.pairs[place]
}
