//! Observing both sides: which calendars there are, and what changed in each.
//!
//! The rule kept here: what is stored of a side is stored together with the token that covers it,
//! and only when the side was read completely. A part that could not be read makes its pair
//! incomplete; the other pairs go on.

mod containers;
mod side;

use calamity_evidence::Side;

use crate::assembly::Assembly;
use crate::plan::{PairId, Trees};
use crate::store::{Effect, mirror};

/// What an observation of everything came to.
#[derive(Debug, Default)]
pub struct Observed {
    /// What to store, in groups that belong together.
    pub effects: Vec<Effect>,
    /// Pairs that could not be read whole, with the reason.
    pub incomplete: Vec<(PairId, String)>,
    /// What went wrong, for the run's log; each counts as an error.
    pub errors: Vec<String>,
}

/// Reads both sides. The trees are brought up to date as the effects say.
pub async fn observe(assembly: &Assembly, trees: &mut Trees) -> Observed {
    let mut observed = Observed::default();
    let (Some(a), Some(b)) = (
        containers::list(assembly, Side::A, &mut observed).await,
        containers::list(assembly, Side::B, &mut observed).await,
    ) else {
        let pairs = trees.pairs.iter_mut();
        observed.incomplete = pairs
            .map(|pair| {
                pair.complete = false;
                (pair.id, "the calendars could not be listed".to_owned())
            })
            .collect();
        return observed;
    };
    containers::pair_up(trees, &a, &b, &mut observed);
    for place in 0..trees.pairs.len() {
        if !trees.pairs[place].complete {
            continue;
        }
        for side in Side::BOTH {
            let pair = &trees.pairs[place];
            let Some(container) = pair.side(side).container.clone() else { continue };
            match side::observe(assembly.provider(side).as_ref(), pair, side, &container).await {
                Ok(effects) => {
                    mirror(trees, &effects);
                    observed.effects.extend(effects);
                }
                Err(problems) => {
                    let pair = &mut trees.pairs[place];
                    pair.complete = false;
                    let why = problems.first().cloned().unwrap_or_default();
                    observed.incomplete.push((pair.id, why));
                    observed.errors.extend(problems);
                }
            }
        }
    }
    observed
}
