//! An approved delete is carried out: "delete nothing" is no safe client, only a useless one.

use calamity_evidence::{Lineage, Side, Violation};

use crate::script::Act;
use crate::view::{RunKind, View};

use super::approvals::{Approved, approved};
use super::{Invariant, Judge, Need, history::History, replay::Replay, runs::exit};

const NAME: &str = "approved-goes-through";

/// See the module.
#[derive(Clone, Copy, Debug)]
pub(super) struct ApprovedGoesThrough;

impl Invariant for ApprovedGoesThrough {
    fn name(&self) -> &'static str {
        NAME
    }

    fn about(&self) -> &'static str {
        "what was approved is approved in full, and approved deletes are done by the end unless the \
         item was edited meanwhile"
    }

    fn needs(&self) -> &'static [Need] {
        &[Need::Store, Need::WriteLog, Need::Printed]
    }

    fn start(&self) -> Box<dyn Judge> {
        Box::<Watch>::default()
    }
}

#[derive(Clone, Debug, Default)]
struct Watch {
    replay: Replay,
    history: History,
    runs: usize,
    /// Deletes that were approved: the step, the side, the item.
    deletes: Vec<(usize, Side, Lineage)>,
}

impl Judge for Watch {
    fn fork(&self) -> Box<dyn Judge> {
        Box::new(self.clone())
    }

    fn after_step(&mut self, view: &View<'_>) -> Vec<Violation> {
        for happened in self.replay.next(view) {
            self.history.note(view, happened);
        }
        let fresh = view.runs.get(self.runs..).unwrap_or_default();
        self.runs = view.runs.len();
        let mut found = Vec::new();
        for run in fresh {
            let (RunKind::Approve, Some(0), Some(store)) = (run.kind, exit(run), view.store) else {
                continue;
            };
            let count = match view.script.steps.get(run.step).map(|step| &step.act) {
                Some(Act::Approve(approve)) => approve.count,
                // Before the story, with runs after it in the same step.
                _ => continue,
            };
            let rows = match approved(store, view) {
                Ok(rows) => rows,
                Err(error) => {
                    let expected = "approvals to read";
                    found.push(Violation::new(NAME, view.step, expected, error));
                    continue;
                }
            };
            if (rows.len() as u64) < count {
                let expected = format!("{count} approved operations");
                let stored = format!("{} are stored as approved", rows.len());
                found.push(Violation::new(NAME, view.step, expected, stored));
            }
            self.deletes.extend(
                rows.into_iter()
                    .filter(Approved::removes)
                    .filter_map(|row| row.lineage.map(|lineage| (view.step, row.side, lineage))),
            );
        }
        found
    }

    fn at_end(&mut self, view: &View<'_>) -> Vec<Violation> {
        let left: Vec<&(usize, Side, Lineage)> = self
            .deletes
            .iter()
            .filter(|(_, side, lineage)| {
                self.history
                    .item(lineage)
                    .is_some_and(|item| item.on(*side).live > 0 && !item.wanted())
            })
            .collect();
        let Some((step, ..)) = left.first() else { return Vec::new() };
        let some: Vec<&str> = left.iter().take(5).map(|(.., lineage)| lineage.as_str()).collect();
        let found = format!("{} approved deletes never landed: {}", left.len(), some.join(", "));
        let expected = "every approved delete is carried out by the end";
        let refused = view.writes.iter().filter(|write| {
            write.by_client()
                && !write.applied()
                && left.iter().any(|(_, side, lineage)| {
                    write.server == *side && write.lineage.as_ref() == Some(lineage)
                })
        });
        vec![Violation::new(NAME, *step, expected, found).with_writes(refused)]
    }
}
