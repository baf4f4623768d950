//! A promise without an answer is taken to have been kept: after a crash nobody looks at the server.

use std::sync::Arc;

use calamity_base::BoxFuture;
use calamity_engine::Assembly;
use calamity_engine::apply::{Doubt, Resolution};
use calamity_engine::model::{Change, Hash, Item, ItemId};
use calamity_engine::provider::{Error, Provider};
use calamity_engine::store::IntentRow;

use super::{Control, KnownBad};

pub(super) const KNOWN_BAD: KnownBad = KnownBad {
    name: "doubt-believed",
    about: "after a crash every promise without an answer counts as kept, and nobody looks",
    breaks: "converged",
    control: Control::Passes,
    build,
};

fn build(mut assembly: Assembly) -> Assembly {
    assembly.doubt = Arc::new(Kept);
    assembly
}

#[derive(Debug)]
struct Kept;

impl Doubt for Kept {
    fn look<'a>(
        &'a self,
        _provider: &'a dyn Provider,
        intent: &'a IntentRow,
    ) -> BoxFuture<'a, Result<Resolution, Error>> {
        let resolution = match &intent.change {
            Change::Create { container, uid, event, transaction } => {
                Resolution::Done(Some(Box::new(Item {
                    id: ItemId(transaction.0.clone()),
                    container: container.clone(),
                    uid: uid.clone(),
                    revision: "".into(),
                    raw: Hash(String::new()),
                    event: event.clone(),
                    own: true,
                    updated: None,
                })))
            }
            Change::Update { .. } => Resolution::NotDone,
            Change::Delete { .. } => Resolution::Done(None),
        };
        Box::pin(std::future::ready(Ok(resolution)))
    }
}
