//! A token is stored before the items that it covers: a crash between the two loses them for good.

use std::sync::Arc;

use calamity_engine::Assembly;
use calamity_engine::apply::{Advance, Outcome};
use calamity_engine::plan::Operation;
use calamity_engine::store::Effect;

use super::{Control, KnownBad};

pub(super) const KNOWN_BAD: KnownBad = KnownBad {
    name: "token-stored-early",
    about: "tokens are stored in a transaction of their own, before the items that they cover",
    breaks: "converged",
    control: Control::Passes,
    build,
};

fn build(mut assembly: Assembly) -> Assembly {
    assembly.advance = Arc::new(Early);
    assembly
}

#[derive(Debug)]
struct Early;

impl Advance for Early {
    fn observation(&self, effects: Vec<Effect>) -> Vec<Vec<Effect>> {
        let (mut first, second): (Vec<Effect>, Vec<Effect>) = effects
            .into_iter()
            .partition(|effect| matches!(effect, Effect::PutToken { .. } | Effect::PutPair { .. }));
        // A token belongs to a pair, which has to be there.
        first.sort_by_key(|effect| matches!(effect, Effect::PutToken { .. }));
        vec![first, second]
    }

    fn outcome(&self, _operation: &Operation, _outcome: &Outcome) -> Vec<Effect> {
        Vec::new()
    }
}
