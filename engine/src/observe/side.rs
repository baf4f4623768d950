//! One side of one pair: from an observation to effects.
//!
//! Deletes come from tombstones and from proven listings, nowhere else. An item that was announced
//! and then cannot be read makes the observation incomplete.

use std::collections::{BTreeMap, BTreeSet};

use calamity_evidence::Side;

use crate::error::with_causes;
use crate::model::{ContainerId, Fetched, Item, ItemId, Observation, Seen, Token};
use crate::plan::{Leaf, PairTree};
use crate::provider::{Known, Provider};
use crate::store::Effect;

/// What to store of a side, or what went wrong.
pub(super) async fn observe(
    provider: &dyn Provider,
    pair: &PairTree,
    side: Side,
    container: &ContainerId,
) -> Result<Vec<Effect>, Vec<String>> {
    let tree = pair.side(side);
    let known: Known =
        tree.items.values().map(|leaf| (leaf.id.clone(), leaf.revision.clone())).collect();
    let (seen, gone, token) = match provider.observe(container, tree.token.as_ref(), &known).await {
        Observation::Unchanged { token } => (Vec::new(), Vec::new(), Some(token)),
        Observation::Delta { changed, gone, token } => (changed, gone, Some(token)),
        Observation::Listing(listing) => {
            let there: BTreeSet<&ItemId> = listing.items().iter().map(|seen| &seen.id).collect();
            let gone = known.keys().filter(|id| !there.contains(id)).cloned().collect();
            (listing.items().to_vec(), gone, listing.token().cloned())
        }
        Observation::Partial { errors, .. } => {
            return Err(errors.iter().map(|error| with_causes(error)).collect());
        }
    };
    let wanted: Vec<ItemId> =
        seen.into_iter().filter(|seen| changed(seen, &known)).map(|seen| seen.id).collect();
    let items = read(provider, container, &wanted).await?;
    let drifted = drifted(provider, container, pair, side, &items, &gone).await?;
    Ok(effects(pair, side, items, gone.into_iter().chain(drifted), token))
}

/// Whether an item must be read: it is new, or its revision moved, or the feed tells none.
fn changed(seen: &Seen, known: &Known) -> bool {
    match (known.get(&seen.id), &seen.revision) {
        (Some(known), Some(now)) => known != now,
        _ => true,
    }
}

/// Reads announced items; every one of them, or an error.
async fn read(
    provider: &dyn Provider,
    container: &ContainerId,
    ids: &[ItemId],
) -> Result<Vec<Item>, Vec<String>> {
    let mut items = Vec::with_capacity(ids.len());
    let mut problems = Vec::new();
    for chunk in ids.chunks(provider.limits().fetch.max(1)) {
        match provider.fetch(container, chunk).await {
            Ok(Fetched { found, missing, failed }) => {
                items.extend(found);
                problems.extend(failed.iter().map(|(_, error)| with_causes(error)));
                problems.extend(missing.iter().map(|id| {
                    format!("{}: item {id} was announced and is not there", provider.name())
                }));
            }
            Err(error) => return Err(vec![with_causes(&error)]),
        }
    }
    if problems.is_empty() { Ok(items) } else { Err(problems) }
}

/// Ids that a new id has replaced without a tombstone: the same identity turned up under another
/// id, and the old one, asked for, is not there.
async fn drifted(
    provider: &dyn Provider,
    container: &ContainerId,
    pair: &PairTree,
    side: Side,
    items: &[Item],
    gone: &[ItemId],
) -> Result<Vec<ItemId>, Vec<String>> {
    let fresh: BTreeMap<_, &ItemId> = items.iter().map(|item| (&item.uid, &item.id)).collect();
    let tree = pair.side(side);
    let suspects: Vec<ItemId> = tree
        .items
        .values()
        .filter(|leaf| fresh.get(&leaf.uid).is_some_and(|id| **id != leaf.id))
        .filter(|leaf| !fresh.values().any(|id| **id == leaf.id) && !gone.contains(&leaf.id))
        .map(|leaf| leaf.id.clone())
        .collect();
    let mut missing = Vec::new();
    for chunk in suspects.chunks(provider.limits().fetch.max(1)) {
        match provider.fetch(container, chunk).await {
            Ok(fetched) => missing.extend(fetched.missing),
            Err(error) => return Err(vec![with_causes(&error)]),
        }
    }
    Ok(missing)
}

fn effects(
    pair: &PairTree,
    side: Side,
    items: Vec<Item>,
    gone: impl Iterator<Item = ItemId>,
    token: Option<Token>,
) -> Vec<Effect> {
    let tree = pair.side(side);
    let mut effects: Vec<Effect> = gone
        .filter(|id| tree.items.contains_key(id))
        .map(|id| Effect::DropItem { pair: pair.id, side, id })
        .collect();
    effects.extend(
        items
            .into_iter()
            .map(Leaf::from)
            .filter(|leaf| tree.items.get(&leaf.id) != Some(leaf))
            .map(|leaf| Effect::PutItem { pair: pair.id, side, leaf }),
    );
    if tree.token != token {
        effects.push(Effect::PutToken { pair: pair.id, side, token });
    }
    effects
}
