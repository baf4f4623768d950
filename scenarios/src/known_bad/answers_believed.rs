//! A lost answer counts as done: whatever was sent is taken to have arrived.

use std::sync::Arc;

use calamity_engine::Assembly;
use calamity_engine::apply::{EachByItsPart, Settle, Settled};
use calamity_engine::model::{Change, ItemId};
use calamity_engine::provider::{Answer, Outgoing};

use super::{Control, KnownBad};

pub(super) const KNOWN_BAD: KnownBad = KnownBad {
    name: "answers-believed",
    about: "a write whose answer was lost, or does not mention it, counts as done",
    breaks: "store-acknowledged",
    control: Control::Passes,
    build,
};

fn build(mut assembly: Assembly) -> Assembly {
    assembly.settle = Arc::new(Believe);
    assembly
}

#[derive(Debug)]
struct Believe;

impl Settle for Believe {
    fn settle(&self, change: &Outgoing, answer: Answer) -> Settled {
        if !matches!(answer, Answer::Unknown(_)) {
            return EachByItsPart.settle(change, answer);
        }
        let id = match &change.change {
            Change::Create { transaction, .. } => ItemId(transaction.0.clone()),
            Change::Update { id, .. } | Change::Delete { id, .. } => id.clone(),
        };
        Settled::Done { id, revision: None }
    }
}
