//! The phases that add and change: containers, merges, creates.

use std::sync::Arc;

use calamity_evidence::Side;

use crate::error::{Error, with_causes};
use crate::model::Change;
use crate::plan::{Action, Leaf, Mapping, MappingSide, MergeWrites, Operation};
use crate::provider::Meaning;
use crate::store::Effect;

use super::window::{Delivered, Task};
use super::{Executor, Outcome, Settled};

impl Executor<'_> {
    /// Makes containers, one at a time: there are few.
    pub(crate) async fn create_containers(
        &mut self,
        operations: &[&Operation],
    ) -> Result<(), Error> {
        for operation in operations {
            let Action::CreateContainer { on } = operation.action else { continue };
            let provider = Arc::clone(self.assembly.provider(on));
            let (outcome, mut effects) = match provider.create_container(&operation.container).await
            {
                Ok(container) => {
                    self.summary.containers += 1;
                    let pair = self.pair(operation.pair);
                    let (mut a, mut b) = (pair.a.container.clone(), pair.b.container.clone());
                    match on {
                        Side::A => a = Some(container.id),
                        Side::B => b = Some(container.id),
                    }
                    let put = Effect::PutPair { id: pair.id, name: pair.name.clone(), a, b };
                    (Outcome::Done, vec![put])
                }
                Err(error) => (Outcome::Failed { error: with_causes(&error) }, Vec::new()),
            };
            effects.extend(self.conclude(operation, &outcome));
            self.commit("apply.container", effects).await?;
        }
        Ok(())
    }

    /// Creates items, a window at a time on each side.
    pub(crate) async fn create_items(&mut self, operations: &[&Operation]) -> Result<(), Error> {
        for side in Side::BOTH {
            let due: Vec<&Operation> = operations
                .iter()
                .filter(|operation| matches!(operation.action, Action::CreateItem { on, .. } if on == side))
                .copied()
                .collect();
            let window = self.assembly.provider(side).limits().window.max(1);
            for chunk in due.chunks(window) {
                self.create_window(side, chunk).await?;
            }
        }
        Ok(())
    }

    async fn create_window(&mut self, side: Side, chunk: &[&Operation]) -> Result<(), Error> {
        let mut tasks = Vec::with_capacity(chunk.len());
        let mut effects = Vec::new();
        for operation in chunk {
            let Action::CreateItem { event: Ok(event), .. } = &operation.action else { continue };
            let container = self.pair(operation.pair).side(side).container.clone();
            let (Some(container), Some(uid)) = (container, operation.uid.clone()) else {
                let error = format!(
                    "calendar \"{}\" does not exist on side {side}; its items wait",
                    operation.container
                );
                effects.extend(self.conclude(operation, &Outcome::Failed { error }));
                continue;
            };
            let transaction = self.number();
            let event = (**event).clone();
            let change = Change::Create { container, uid, event, transaction };
            tasks.push(Task { operation, side, change });
        }
        for delivered in self.deliver(side, tasks).await? {
            effects.extend(self.end(&delivered));
            let (outcome, more) = self.created(side, &delivered).await;
            effects.extend(more);
            effects.extend(self.conclude(delivered.operation, &outcome));
        }
        self.commit("apply.created", effects).await
    }

    async fn created(&mut self, side: Side, delivered: &Delivered<'_>) -> (Outcome, Vec<Effect>) {
        let operation = delivered.operation;
        let Action::CreateItem { source, revives, .. } = &operation.action else {
            unreachable!("only creates are delivered here");
        };
        match (&delivered.settled, &delivered.now) {
            (Settled::Done { .. }, Some(leaf)) => {
                self.summary.created += 1;
                self.summary.conflicts += u64::from(revives.is_some());
                let pair = operation.pair;
                let mapping = pair_up(operation, side, leaf, source);
                let item = Effect::PutItem { pair, side, leaf: leaf.clone() };
                (Outcome::Done, vec![item, Effect::PutMapping { pair, mapping }])
            }
            (Settled::Failed { meaning: Meaning::Exists, .. }, _) => {
                self.adopt(operation, side).await
            }
            (settled, _) => (outcome(settled), Vec::new()),
        }
    }

    /// A create met an item of its identity: it is taken into the observed tree, and the next run
    /// pairs the two.
    async fn adopt(&mut self, operation: &Operation, side: Side) -> (Outcome, Vec<Effect>) {
        let container = self.pair(operation.pair).side(side).container.clone();
        let (Some(container), Some(uid)) = (container, &operation.uid) else {
            return (Outcome::Failed { error: "the item has no calendar".to_owned() }, Vec::new());
        };
        match self.assembly.provider(side).find(&container, uid, None).await {
            Ok(found) if !found.is_empty() => {
                let put =
                    |item| Effect::PutItem { pair: operation.pair, side, leaf: Leaf::from(item) };
                let why = "an item of this identity is already there".to_owned();
                (Outcome::Deferred { why }, found.into_iter().map(put).collect())
            }
            Ok(_) => {
                let error = format!(
                    "the server says that {uid} exists and does not find it in this calendar"
                );
                (Outcome::Failed { error }, Vec::new())
            }
            Err(error) => (Outcome::Failed { error: with_causes(&error) }, Vec::new()),
        }
    }

    /// Carries merges out, a window at a time, side a first. A merge is done when every write that
    /// it needs was acknowledged; until then its baseline stays.
    pub(crate) async fn merge_items(&mut self, operations: &[&Operation]) -> Result<(), Error> {
        let window = Side::BOTH.map(|side| self.assembly.provider(side).limits().window);
        for chunk in operations.chunks(window[0].min(window[1]).max(1)) {
            let rest = self.merge_side(Side::A, chunk.to_vec()).await?;
            self.merge_side(Side::B, rest).await?;
        }
        Ok(())
    }

    /// Writes one side of merges; answers the operations that go on to the next side.
    async fn merge_side<'o>(
        &mut self,
        side: Side,
        operations: Vec<&'o Operation>,
    ) -> Result<Vec<&'o Operation>, Error> {
        let mut tasks = Vec::new();
        let mut on: Vec<&Operation> = Vec::new();
        for operation in operations {
            match self.update(side, operation) {
                Some(change) => tasks.push(Task { operation, side, change }),
                None => on.push(operation),
            }
        }
        let mut effects = Vec::new();
        for delivered in self.deliver(side, tasks).await? {
            effects.extend(self.end(&delivered));
            let operation = delivered.operation;
            if let Some(leaf) = &delivered.now {
                let put = leaf.clone();
                effects.push(Effect::PutItem { pair: operation.pair, side, leaf: put });
                if side == Side::A && writes_b(operation) {
                    on.push(operation);
                } else {
                    effects.extend(self.merged(operation, side, leaf));
                }
                continue;
            }
            let (outcome, more) = match (&delivered.settled, &operation.action) {
                (
                    Settled::Failed { meaning: Meaning::NotFound, .. },
                    Action::MergeItem { a, b, .. },
                ) => {
                    let lost = if side == Side::A { &a.id } else { &b.id };
                    self.rescue(operation, side, lost).await
                }
                (settled, _) => (outcome(settled), Vec::new()),
            };
            effects.extend(more);
            effects.extend(self.conclude(operation, &outcome));
        }
        self.commit("apply.merged", effects).await?;
        Ok(on)
    }

    fn update(&self, side: Side, operation: &Operation) -> Option<Change> {
        let Action::MergeItem { a, b, writes: Ok(MergeWrites { a: to_a, b: to_b }), .. } =
            &operation.action
        else {
            return None;
        };
        let (leaf, after) = match side {
            Side::A => (a, to_a.as_ref()?),
            Side::B => (b, to_b.as_ref()?),
        };
        let container = self.pair(operation.pair).side(side).container.clone()?;
        let (id, revision) = leaf.address();
        let (before, after) = ((*leaf.event).clone(), (**after).clone());
        Some(Change::Update { container, id, revision, before, after })
    }

    /// The effects of a merge whose last write was acknowledged. What was written before it is in
    /// the trees already.
    fn merged(&mut self, operation: &Operation, last: Side, written: &Leaf) -> Vec<Effect> {
        let Action::MergeItem { a, b, conflicts, .. } = &operation.action else {
            unreachable!("only merges are delivered here");
        };
        self.summary.updated += 1;
        self.summary.conflicts += conflicts;
        let pair = self.pair(operation.pair);
        let now = |side: Side, before: &Leaf| {
            let stored = pair.side(side).items.get(&before.id).unwrap_or(before);
            if side == last { written.clone() } else { stored.clone() }
        };
        let (leaf_a, leaf_b) = (now(Side::A, a), now(Side::B, b));
        let mapping = Mapping {
            uid: operation.uid.clone().unwrap_or_else(|| leaf_a.uid.clone()),
            a: agreed(&leaf_a),
            b: agreed(&leaf_b),
            a_id: leaf_a.id,
            b_id: leaf_b.id,
        };
        let mut effects = vec![Effect::PutMapping { pair: operation.pair, mapping }];
        effects.extend(self.conclude(operation, &Outcome::Done));
        effects
    }
}

/// Whether a merge writes side b.
fn writes_b(operation: &Operation) -> bool {
    matches!(&operation.action, Action::MergeItem { writes: Ok(writes), .. } if writes.b.is_some())
}

/// One side of a baseline entry; without a hash when nobody has read what is there.
fn agreed(leaf: &Leaf) -> MappingSide {
    let read = !leaf.raw.as_str().is_empty();
    MappingSide {
        hash: read.then(|| leaf.hash.clone()),
        raw: read.then(|| leaf.raw.clone()),
        event: Some(Arc::clone(&leaf.event)),
    }
}

fn pair_up(operation: &Operation, side: Side, copy: &Leaf, source: &Leaf) -> Mapping {
    let uid = operation.uid.clone().unwrap_or_else(|| source.uid.clone());
    let (here, there) = (agreed(copy), agreed(source));
    let (copy, source) = (copy.id.clone(), source.id.clone());
    match side {
        Side::A => Mapping { uid, a_id: copy, b_id: source, a: here, b: there },
        Side::B => Mapping { uid, a_id: source, b_id: copy, a: there, b: here },
    }
}

/// What a settled change that was not done means for its operation.
pub(super) fn outcome(settled: &Settled) -> Outcome {
    match settled {
        Settled::Done { .. } => Outcome::Done,
        Settled::Failed { error, meaning: Meaning::Conflict } => {
            Outcome::Deferred { why: error.clone() }
        }
        Settled::Failed { error, meaning: Meaning::Busy { retry_at: Some(at) } } => {
            Outcome::Deferred { why: format!("{error}; not before {at}") }
        }
        Settled::Failed { error, .. } => Outcome::Failed { error: error.clone() },
        Settled::Doubt { error } => Outcome::Failed {
            error: format!("{error}; whether it was done is looked up next time"),
        },
    }
}
