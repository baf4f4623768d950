//! The defect of the incident of 2026-04-16: only what a `/set` says it created is read, so a
//! refused create counts as done, and its mapping is stored.

use std::sync::Arc;

use calamity_engine::Assembly;
use calamity_engine::apply::{EachByItsPart, Settle, Settled};
use calamity_engine::model::{Change, ItemId};
use calamity_engine::provider::{Answer, Outgoing};

use super::{Control, KnownBad};

pub(super) const KNOWN_BAD: KnownBad = KnownBad {
    name: "swallow-not-created",
    about: "a refused create counts as done and its mapping is stored",
    breaks: "store-acknowledged",
    control: Control::Passes,
    build,
};

fn build(mut assembly: Assembly) -> Assembly {
    assembly.settle = Arc::new(Swallow);
    assembly
}

#[derive(Debug)]
struct Swallow;

impl Settle for Swallow {
    fn settle(&self, change: &Outgoing, answer: Answer) -> Settled {
        match (&change.change, answer) {
            // The number of the create stands in for the id that nobody has given.
            (Change::Create { transaction, .. }, Answer::Refused(_)) => {
                Settled::Done { id: ItemId(transaction.0.clone()), revision: None }
            }
            (_, answer) => EachByItsPart.settle(change, answer),
        }
    }
}
