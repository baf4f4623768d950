//! Which calendars belong together.
//!
//! Siblings are matched by case-insensitive name. A calendar that is missing although it was known
//! is reported and left alone: it is neither made again nor deleted on the other side.

use std::collections::BTreeSet;

use calamity_evidence::Side;

use crate::assembly::Assembly;
use crate::error::with_causes;
use crate::model::{Container, ContainerId};
use crate::plan::{PairId, PairTree, Trees};
use crate::store::{Effect, mirror};

use super::Observed;

/// The calendars of a side that the filter lets through; none when they could not be listed.
pub(super) async fn list(
    assembly: &Assembly,
    side: Side,
    observed: &mut Observed,
) -> Option<Vec<Container>> {
    match assembly.provider(side).containers().await {
        Ok(mut containers) => {
            if let Some(names) = &assembly.pair.calendars {
                containers.retain(|container| {
                    let name = container.name.to_lowercase();
                    names.iter().any(|wanted| wanted.to_lowercase() == name)
                });
            }
            containers
                .sort_by_key(|container| (container.name.to_lowercase(), container.id.clone()));
            Some(containers)
        }
        Err(error) => {
            observed.errors.push(with_causes(&error));
            None
        }
    }
}

/// Brings the known pairs and the listed calendars together.
pub(super) fn pair_up(
    trees: &mut Trees,
    a: &[Container],
    b: &[Container],
    observed: &mut Observed,
) {
    for pair in &mut trees.pairs {
        pair.complete = true;
        for (side, listed) in [(Side::A, a), (Side::B, b)] {
            let known = pair.side(side).container.as_ref();
            if known.is_some_and(|id| !listed.iter().any(|container| container.id == *id)) {
                missing(pair, side, observed);
            }
        }
    }
    let known: BTreeSet<ContainerId> = trees
        .pairs
        .iter()
        .flat_map(|pair| [pair.a.container.clone(), pair.b.container.clone()])
        .flatten()
        .collect();
    let fresh = |listed: &[Container]| -> Vec<Container> {
        listed.iter().filter(|container| !known.contains(&container.id)).cloned().collect()
    };
    let (fresh_a, mut fresh_b) = (fresh(a), fresh(b));
    let mut next = trees.pairs.iter().map(|pair| pair.id.0).max().unwrap_or(0) + 1;
    let mut effects = Vec::new();
    let mut put = |id: PairId, name: &str, a: Option<ContainerId>, b: Option<ContainerId>| {
        effects.push(Effect::PutPair { id, name: name.to_owned(), a, b });
    };
    for container in fresh_a {
        let name = container.name.to_lowercase();
        let partner = fresh_b.iter().position(|other| other.name.to_lowercase() == name);
        let partner = partner.map(|place| fresh_b.remove(place).id);
        match half(trees, &name, Side::A) {
            Some(pair) => put(pair.id, &pair.name, Some(container.id), pair.b.container.clone()),
            None => {
                put(PairId(next), &container.name, Some(container.id), partner);
                next += 1;
            }
        }
    }
    for container in fresh_b {
        match half(trees, &container.name.to_lowercase(), Side::B) {
            Some(pair) => put(pair.id, &pair.name, pair.a.container.clone(), Some(container.id)),
            None => {
                put(PairId(next), &container.name, None, Some(container.id));
                next += 1;
            }
        }
    }
    mirror(trees, &effects);
    for effect in &effects {
        if let Effect::PutPair { id, .. } = effect
            && let Some(pair) = trees.pairs.iter_mut().find(|pair| pair.id == *id)
        {
            pair.complete = true;
        }
    }
    observed.effects.extend(effects);
}

/// A known pair of this name that never had a container on this side: its other half came later.
fn half<'a>(trees: &'a Trees, name: &str, side: Side) -> Option<&'a PairTree> {
    trees
        .pairs
        .iter()
        .find(|pair| pair.side(side).container.is_none() && pair.name.to_lowercase() == name)
}

fn missing(pair: &mut PairTree, side: Side, observed: &mut Observed) {
    pair.complete = false;
    let why = format!(
        "calendar \"{}\" is no longer listed on side {side}; it is left alone on both sides",
        pair.name
    );
    observed.incomplete.push((pair.id, why.clone()));
    observed.errors.push(why);
}
