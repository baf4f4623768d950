//! Sending one window of changes to one side: promise, send, settle, read again.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use calamity_base::{Env, entropy::Stream};
use calamity_evidence::{Side, Summary};
use jiff::Timestamp;

use crate::assembly::Assembly;
use crate::content::Event;
use crate::error::{Error, with_causes};
use crate::model::{Change, Hash, ItemId, Revision, Transaction};
use crate::plan::{Leaf, OpType, Operation, PairId, PairTree, Slot, Trees};
use crate::provider::Outgoing;
use crate::store::{Effect, IntentRow, IntentState, RunId, Store, mirror};

use super::{Outcome, Settled};

/// Carries operations out and keeps the store, the trees and the counters up to date.
pub(crate) struct Executor<'a> {
    pub(crate) env: &'a Env,
    pub(crate) assembly: &'a Assembly,
    pub(crate) store: &'a Store,
    pub(crate) run: RunId,
    pub(crate) trees: &'a mut Trees,
    pub(crate) unresolved: &'a mut BTreeMap<PairId, BTreeSet<Slot>>,
    pub(crate) summary: &'a mut Summary,
    pub(crate) errors: &'a mut Vec<String>,
    pub(crate) ids: &'a mut Stream,
}

/// One change of one operation, on its way to one side.
pub(super) struct Task<'o> {
    pub(super) operation: &'o Operation,
    pub(super) side: Side,
    pub(super) change: Change,
}

/// What came of a task.
pub(super) struct Delivered<'o> {
    pub(super) operation: &'o Operation,
    pub(super) intent: Option<Transaction>,
    pub(super) settled: Settled,
    /// The item as it is now at the provider, read again after the write. A write that was
    /// acknowledged and could not be read again stands here as it was sent, with an empty raw hash:
    /// nobody has seen what the provider made of it.
    pub(super) now: Option<Leaf>,
}

impl Executor<'_> {
    pub(super) fn now(&self) -> Timestamp {
        self.env.clock.now()
    }

    /// The pair of an operation.
    pub(super) fn pair(&self, id: PairId) -> &PairTree {
        self.trees
            .pairs
            .iter()
            .find(|pair| pair.id == id)
            .expect("a plan names pairs of its own trees")
    }

    /// Stores effects, in one transaction, and mirrors them in the trees.
    pub(crate) async fn commit(
        &mut self,
        name: &'static str,
        effects: Vec<Effect>,
    ) -> Result<(), Error> {
        mirror(self.trees, &effects);
        for effect in &effects {
            match effect {
                Effect::PutUnresolved { pair, slot, .. } => {
                    self.unresolved.entry(*pair).or_default().insert(slot.clone());
                }
                Effect::DropUnresolved { pair, slot } => {
                    self.unresolved.entry(*pair).or_default().remove(slot);
                }
                _ => {}
            }
        }
        self.store
            .commit(name, effects)
            .await
            .map_err(|source| Error::Store { store: self.assembly.pair.store.clone(), source })
    }

    /// The number of the next intent, and of the create that it may be.
    pub(super) fn number(&mut self) -> Transaction {
        Transaction(self.ids.uuid().to_string())
    }

    /// Sends tasks to their side, at most a window of them. Every task is answered for.
    pub(super) async fn deliver<'o>(
        &mut self,
        side: Side,
        tasks: Vec<Task<'o>>,
    ) -> Result<Vec<Delivered<'o>>, Error> {
        let provider = Arc::clone(self.assembly.provider(side));
        let mut delivered = Vec::with_capacity(tasks.len());
        let mut window = Vec::with_capacity(tasks.len());
        let mut senders = Vec::with_capacity(tasks.len());
        let mut promises = Vec::with_capacity(tasks.len());
        for task in tasks {
            let Task { operation, side, change } = task;
            match provider.prepare(&change) {
                Ok(payload) => {
                    let id = match &change {
                        Change::Create { transaction, .. } => transaction.clone(),
                        Change::Update { .. } | Change::Delete { .. } => self.number(),
                    };
                    promises.push(Effect::PutIntent(IntentRow {
                        id: id.clone(),
                        run: self.run,
                        pair: operation.pair,
                        slot: operation.slot(),
                        side,
                        uid: operation.uid.clone().unwrap_or_else(|| "".into()),
                        change: change.clone(),
                        payload: payload.clone(),
                    }));
                    window.push(Outgoing { change, payload });
                    senders.push((operation, id));
                }
                Err(problem) => delivered.push(Delivered {
                    operation,
                    intent: None,
                    settled: Settled::Failed {
                        error: problem.to_string(),
                        meaning: crate::provider::Meaning::No,
                    },
                    now: None,
                }),
            }
        }
        if window.is_empty() {
            return Ok(delivered);
        }
        self.commit("apply.promise", promises).await?;
        let answers = provider.send(&window).await;
        debug_assert_eq!(answers.len(), window.len(), "an adapter answers for every change");
        let settled: Vec<Settled> = window
            .iter()
            .zip(answers)
            .map(|(change, answer)| self.assembly.settle.settle(change, answer))
            .collect();
        let mut reread = self.reread(side, &window, &settled).await;
        for ((outgoing, (operation, id)), settled) in window.iter().zip(senders).zip(settled) {
            let now = match &settled {
                Settled::Done { id, revision } => reread
                    .remove(id)
                    .or_else(|| provisional(operation, &outgoing.change, id, revision.as_ref())),
                Settled::Failed { .. } | Settled::Doubt { .. } => None,
            };
            delivered.push(Delivered { operation, intent: Some(id), settled, now });
        }
        Ok(delivered)
    }

    /// Reads written items again. What cannot be read is simply not in the answer.
    async fn reread(
        &self,
        side: Side,
        window: &[Outgoing],
        settled: &[Settled],
    ) -> BTreeMap<ItemId, Leaf> {
        let provider = self.assembly.provider(side);
        let mut wanted: BTreeMap<_, Vec<ItemId>> = BTreeMap::new();
        for (outgoing, settled) in window.iter().zip(settled) {
            let (Change::Create { container, .. } | Change::Update { container, .. }) =
                &outgoing.change
            else {
                continue;
            };
            if let Settled::Done { id, .. } = settled {
                wanted.entry(container).or_default().push(id.clone());
            }
        }
        let mut leaves = BTreeMap::new();
        for (container, ids) in wanted {
            for chunk in ids.chunks(provider.limits().fetch.max(1)) {
                if let Ok(fetched) = provider.fetch(container, chunk).await {
                    leaves.extend(fetched.found.into_iter().map(|item| {
                        let leaf = Leaf::from(item);
                        (leaf.id.clone(), leaf)
                    }));
                }
            }
        }
        leaves
    }

    /// The effects that every finished change of an operation has in common.
    pub(super) fn end(&self, delivered: &Delivered<'_>) -> Vec<Effect> {
        let Some(id) = delivered.intent.clone() else { return Vec::new() };
        match &delivered.settled {
            Settled::Done { .. } => vec![Effect::EndIntent { id, state: IntentState::Done }],
            Settled::Failed { .. } => vec![Effect::EndIntent { id, state: IntentState::Failed }],
            // It stays open, and the next run looks at the server.
            Settled::Doubt { .. } => Vec::new(),
        }
    }

    /// Counts an outcome and says what it leaves in the store.
    pub(super) fn conclude(&mut self, operation: &Operation, outcome: &Outcome) -> Vec<Effect> {
        let (pair, slot, at) = (operation.pair, operation.slot(), self.now());
        let mut effects = match outcome {
            Outcome::Done => vec![
                Effect::DropUnresolved { pair, slot },
                Effect::DropHold { pair, key: operation.key() },
                self.event(operation, at),
            ],
            Outcome::Failed { error } => {
                self.summary.errors += 1;
                self.errors.push(error.clone());
                self.left(operation, pair, slot, error.clone(), at)
            }
            Outcome::Deferred { why } => {
                self.summary.deferred += 1;
                self.left(operation, pair, slot, why.clone(), at)
            }
        };
        effects.extend(self.assembly.advance.outcome(operation, outcome));
        effects
    }

    /// What an operation that was not done leaves behind. A delete that failed holds no other
    /// delete up; creates and merges do.
    fn left(
        &self,
        operation: &Operation,
        pair: PairId,
        slot: Slot,
        error: String,
        at: Timestamp,
    ) -> Vec<Effect> {
        if operation.op() == OpType::DeleteItem {
            return Vec::new();
        }
        vec![Effect::PutUnresolved { pair, slot, error, at }]
    }

    fn event(&self, operation: &Operation, at: Timestamp) -> Effect {
        let kind = match operation.op() {
            OpType::CreateContainer => "container.created",
            OpType::CreateItem => "item.created",
            OpType::MergeItem => "item.merged",
            OpType::DeleteItem => "item.deleted",
            OpType::DeleteContainer => "container.deleted",
            OpType::SkipSubtree => "subtree.skipped",
        };
        let body = serde_json::json!({
            "container": operation.container,
            "uid": operation.uid,
            "slot": operation.slot().0,
        });
        Effect::PutEvent { run: self.run, at, kind, body: body.to_string() }
    }

    /// After "no such item": the item may have moved to another id. It is looked up by identity,
    /// and the baseline re-pointed; the operation is planned again in the next run.
    pub(super) async fn rescue(
        &mut self,
        operation: &Operation,
        side: Side,
        lost: &ItemId,
    ) -> (Outcome, Vec<Effect>) {
        let pair = self.pair(operation.pair);
        let (Some(container), Some(uid)) = (pair.side(side).container.clone(), &operation.uid)
        else {
            return (Outcome::Failed { error: "the item has no calendar".to_owned() }, Vec::new());
        };
        let found = match self.assembly.provider(side).find(&container, uid, None).await {
            Ok(found) => found.into_iter().find(|item| item.id != *lost),
            Err(error) => {
                let error = with_causes(&error);
                return (Outcome::Failed { error }, Vec::new());
            }
        };
        let pair = self.pair(operation.pair);
        let mut effects = vec![Effect::DropItem { pair: pair.id, side, id: lost.clone() }];
        let why = match found {
            None => "the item is gone from the server".to_owned(),
            Some(item) => {
                let leaf = Leaf::from(item);
                if let Some(known) = pair.baseline.get(uid) {
                    let mut mapping = known.clone();
                    match side {
                        Side::A => mapping.a_id = leaf.id.clone(),
                        Side::B => mapping.b_id = leaf.id.clone(),
                    }
                    effects.push(Effect::PutMapping { pair: pair.id, mapping });
                }
                effects.push(Effect::PutItem { pair: pair.id, side, leaf });
                self.summary.healed += 1;
                "the item's id has changed".to_owned()
            }
        };
        (Outcome::Deferred { why }, effects)
    }
}

/// The leaf of an acknowledged write that could not be read again.
fn provisional(
    operation: &Operation,
    change: &Change,
    id: &ItemId,
    revision: Option<&Revision>,
) -> Option<Leaf> {
    let event: &Event = match change {
        Change::Create { event, .. } => event,
        Change::Update { after, .. } => after,
        Change::Delete { .. } => return None,
    };
    Some(Leaf {
        id: id.clone(),
        uid: operation.uid.clone()?,
        revision: revision.cloned().unwrap_or_else(|| "".into()),
        raw: Hash(String::new()),
        hash: event.hash(),
        attendees: event.attendees(),
        event: Arc::new(event.clone()),
        own: true,
        updated: None,
    })
}
