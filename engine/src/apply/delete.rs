//! The phase that removes, after everything else, and the bookkeeping of what both sides lack.

use calamity_evidence::Side;

use crate::error::Error;
use crate::model::Change;
use crate::plan::{Action, Operation};
use crate::provider::Meaning;
use crate::store::Effect;

use super::window::{Delivered, Task};
use super::{Executor, Outcome, Settled};

impl Executor<'_> {
    /// Deletes items, a window at a time on each side.
    pub(crate) async fn delete_items(&mut self, operations: &[&Operation]) -> Result<(), Error> {
        for side in Side::BOTH {
            let due: Vec<&Operation> = operations
                .iter()
                .filter(|operation| matches!(operation.action, Action::DeleteItem { on, .. } if on == side))
                .copied()
                .collect();
            let window = self.assembly.provider(side).limits().window.max(1);
            for chunk in due.chunks(window) {
                self.delete_window(side, chunk).await?;
            }
        }
        Ok(())
    }

    /// Drops the baseline entries of items that both sides lack.
    pub(crate) async fn forget(&mut self, operations: &[&Operation]) -> Result<(), Error> {
        let mut effects = Vec::new();
        for operation in operations {
            let Action::Forget { mapping } = &operation.action else { continue };
            self.summary.deleted += 1;
            let uid = mapping.uid.clone();
            effects.push(Effect::DropMapping { pair: operation.pair, uid });
            effects.extend(self.conclude(operation, &Outcome::Done));
        }
        self.commit("apply.forgotten", effects).await
    }

    async fn delete_window(&mut self, side: Side, chunk: &[&Operation]) -> Result<(), Error> {
        let mut tasks = Vec::with_capacity(chunk.len());
        let mut effects = Vec::new();
        for operation in chunk {
            let Action::DeleteItem { leaf, .. } = &operation.action else { continue };
            let Some(container) = self.pair(operation.pair).side(side).container.clone() else {
                let error =
                    format!("calendar \"{}\" has no id on side {side}", operation.container);
                effects.extend(self.conclude(operation, &Outcome::Failed { error }));
                continue;
            };
            let (id, revision) = leaf.address();
            tasks.push(Task {
                operation,
                side,
                change: Change::Delete { container, id, revision },
            });
        }
        for delivered in self.deliver(side, tasks).await? {
            effects.extend(self.end(&delivered));
            let (outcome, more) = self.deleted(side, &delivered).await;
            effects.extend(more);
            effects.extend(self.conclude(delivered.operation, &outcome));
        }
        self.commit("apply.deleted", effects).await
    }

    async fn deleted(&mut self, side: Side, delivered: &Delivered<'_>) -> (Outcome, Vec<Effect>) {
        let operation = delivered.operation;
        let Action::DeleteItem { leaf, mapping, .. } = &operation.action else {
            unreachable!("only deletes are delivered here");
        };
        match &delivered.settled {
            Settled::Done { .. } => {
                self.summary.deleted += 1;
                (
                    Outcome::Done,
                    vec![
                        Effect::DropItem { pair: operation.pair, side, id: leaf.id.clone() },
                        Effect::DropMapping { pair: operation.pair, uid: mapping.uid.clone() },
                        Effect::PutRemoved {
                            run: self.run,
                            pair: operation.pair,
                            at: self.now(),
                            side,
                            leaf: leaf.clone(),
                        },
                    ],
                )
            }
            // Already gone is success, unless the item only moved to another id.
            Settled::Failed { meaning: Meaning::NotFound, .. } => {
                let (rescued, effects) = self.rescue(operation, side, &leaf.id).await;
                let still_there =
                    effects.iter().any(|effect| matches!(effect, Effect::PutItem { .. }));
                if still_there || matches!(rescued, Outcome::Failed { .. }) {
                    return (rescued, effects);
                }
                self.summary.deleted += 1;
                let uid = mapping.uid.clone();
                let forget = Effect::DropMapping { pair: operation.pair, uid };
                (Outcome::Done, effects.into_iter().chain([forget]).collect())
            }
            settled => (super::write::outcome(settled), Vec::new()),
        }
    }
}
