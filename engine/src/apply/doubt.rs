//! Promises without a recorded answer, after a crash or a lost answer: look at the server, then
//! decide.

use calamity_base::BoxFuture;
use jiff::Timestamp;

use crate::assembly::Assembly;
use crate::error::with_causes;
use crate::model::{Change, Item};
use crate::plan::{Leaf, Mapping, MappingSide, PairTree, Trees};
use crate::provider::{Error, Provider};
use crate::store::{Effect, IntentRow, IntentState};

use super::arrived::Update;

/// What looking came to.
#[derive(Debug)]
pub enum Resolution {
    /// It was carried out; the item is as found, none after a delete.
    Done(Option<Box<Item>>),
    /// An update, of which this is what the server holds now: all of it, nothing, or a part.
    Perhaps(Box<Item>),
    /// It was not carried out, or it no longer matters: planning again finds what is left to do.
    NotDone,
}

/// A way to look into a promise.
pub trait Doubt: std::fmt::Debug + Send + Sync {
    /// Whether a promise was carried out.
    fn look<'a>(
        &'a self,
        provider: &'a dyn Provider,
        intent: &'a IntentRow,
    ) -> BoxFuture<'a, Result<Resolution, Error>>;
}

/// Asks the server: for a create by identity and transaction number, else by id.
#[derive(Clone, Copy, Debug)]
pub struct AskTheServer;

impl Doubt for AskTheServer {
    fn look<'a>(
        &'a self,
        provider: &'a dyn Provider,
        intent: &'a IntentRow,
    ) -> BoxFuture<'a, Result<Resolution, Error>> {
        Box::pin(async move {
            match &intent.change {
                Change::Create { container, uid, transaction, .. } => {
                    let found = provider.find(container, uid, Some(transaction)).await?;
                    Ok(match found.into_iter().min_by(|a, b| a.id.cmp(&b.id)) {
                        Some(item) => Resolution::Done(Some(Box::new(item))),
                        None => Resolution::NotDone,
                    })
                }
                // Whatever was written of an update shows in the item itself.
                Change::Update { container, id, .. } => {
                    let fetched = provider.fetch(container, std::slice::from_ref(id)).await?;
                    if let Some((_, error)) = fetched.failed.into_iter().next() {
                        return Err(error);
                    }
                    Ok(match fetched.found.into_iter().next() {
                        Some(item) => Resolution::Perhaps(Box::new(item)),
                        None => Resolution::NotDone,
                    })
                }
                Change::Delete { container, id, .. } => {
                    let fetched = provider.fetch(container, std::slice::from_ref(id)).await?;
                    Ok(if fetched.missing.contains(id) {
                        Resolution::Done(None)
                    } else {
                        Resolution::NotDone
                    })
                }
            }
        })
    }
}

/// What came of looking into every open promise.
#[derive(Debug, Default)]
pub(crate) struct Resolved {
    /// What to store.
    pub(crate) effects: Vec<Effect>,
    /// Promises that could not be looked into; they stay open.
    pub(crate) errors: Vec<String>,
}

/// Looks into every open promise.
pub(crate) async fn resolve_all(
    assembly: &Assembly,
    trees: &Trees,
    open: &[IntentRow],
    now: Timestamp,
) -> Resolved {
    let mut resolved = Resolved::default();
    for intent in open {
        let provider = assembly.provider(intent.side);
        match assembly.doubt.look(provider.as_ref(), intent).await {
            Ok(resolution) => {
                let pair = trees.pairs.iter().find(|pair| pair.id == intent.pair);
                let (state, effects) =
                    consequences(provider.as_ref(), pair, intent, resolution, now);
                resolved.effects.push(Effect::EndIntent { id: intent.id.clone(), state });
                resolved.effects.extend(effects);
            }
            Err(error) => resolved.errors.push(with_causes(&error)),
        }
    }
    resolved
}

fn consequences(
    provider: &dyn Provider,
    pair: Option<&PairTree>,
    intent: &IntentRow,
    resolution: Resolution,
    now: Timestamp,
) -> (IntentState, Vec<Effect>) {
    let Some(pair) = pair else { return (IntentState::Failed, Vec::new()) };
    match resolution {
        Resolution::NotDone => (IntentState::Failed, Vec::new()),
        Resolution::Perhaps(item) => {
            let mut effects = Vec::new();
            if let Change::Update { before, after, .. } = &intent.change
                && let Some(known) = pair.baseline.get(&intent.uid)
            {
                let meant = provider.project(after).unwrap_or_else(|_| after.clone());
                let mapping = Update { before, meant: &meant, found: &item.event }
                    .baseline(known, intent.side);
                effects
                    .extend(mapping.map(|mapping| Effect::PutMapping { pair: pair.id, mapping }));
            }
            // The rest is planned again.
            (IntentState::Failed, effects)
        }
        Resolution::Done(None) => {
            let mut effects = Vec::new();
            if let Change::Delete { id, .. } = &intent.change {
                let (side, other) = (intent.side, intent.side.other());
                if let Some(leaf) = pair.side(side).items.get(id) {
                    effects.push(Effect::PutRemoved {
                        run: intent.run,
                        pair: pair.id,
                        at: now,
                        side,
                        leaf: leaf.clone(),
                    });
                }
                effects.push(Effect::DropItem { pair: pair.id, side, id: id.clone() });
                let left = pair.baseline.get(&intent.uid);
                if left.is_some_and(|left| !pair.side(other).items.contains_key(left.id(other))) {
                    effects.push(Effect::DropMapping { pair: pair.id, uid: intent.uid.clone() });
                }
            }
            (IntentState::Done, effects)
        }
        Resolution::Done(Some(item)) => {
            let leaf = Leaf::from(*item);
            let other = intent.side.other();
            let source = pair.side(other).items.values().find(|leaf| leaf.uid == intent.uid);
            let mut effects = Vec::new();
            if let Some(source) = source
                && !pair.baseline.contains_key(&intent.uid)
            {
                effects.push(Effect::PutMapping {
                    pair: pair.id,
                    mapping: created(provider, intent, source, &leaf),
                });
            }
            effects.push(Effect::PutItem { pair: pair.id, side: intent.side, leaf });
            (IntentState::Done, effects)
        }
    }
}

/// The baseline entry of a create that was found to have been carried out.
///
/// Perhaps only in part: a series goes out before its exceptions. And the source may have been
/// edited since. Unless the copy is all that was meant, and the source is still what was copied, the
/// source counts as drifted, and the next plan writes what is missing.
fn created(provider: &dyn Provider, intent: &IntentRow, source: &Leaf, copy: &Leaf) -> Mapping {
    let whole = match &intent.change {
        Change::Create { event, .. } => {
            let still = *event == *source.event || *event == source.event.without_attendees();
            still && provider.project(event).is_ok_and(|meant| meant == *copy.event)
        }
        Change::Update { .. } | Change::Delete { .. } => false,
    };
    let there = MappingSide {
        hash: Some(copy.hash.clone()),
        raw: Some(copy.raw.clone()),
        event: Some(std::sync::Arc::clone(&copy.event)),
    };
    let here = if whole {
        MappingSide {
            hash: Some(source.hash.clone()),
            raw: Some(source.raw.clone()),
            event: Some(std::sync::Arc::clone(&source.event)),
        }
    } else {
        // A hash that nothing has: the source counts as drifted and is merged.
        MappingSide { hash: Some(crate::model::Hash(String::new())), raw: None, event: None }
    };
    let uid = intent.uid.clone();
    match intent.side {
        calamity_evidence::Side::A => {
            Mapping { uid, a_id: copy.id.clone(), b_id: source.id.clone(), a: there, b: here }
        }
        calamity_evidence::Side::B => {
            Mapping { uid, a_id: source.id.clone(), b_id: copy.id.clone(), a: here, b: there }
        }
    }
}
