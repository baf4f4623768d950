//! No delete lands in a calendar while a create or an update of it is unresolved.
//!
//! Unresolved: the client was refused it, and has neither done it since nor been told by the user
//! that it no longer matters. Deletes go last within a run too: a delete that lands before a write
//! of the same calendar is refused was carried out too early.

use std::collections::{BTreeMap, BTreeSet};

use calamity_evidence::{Lineage, Side, Violation, Write, WriteOp};

use crate::view::View;

use super::{
    Invariant, Judge, Need,
    history::History,
    replay::{Happened, Replay},
    runs::{caused_by, exit, syncs},
};

const NAME: &str = "no-delete-while-unresolved";

/// See the module.
#[derive(Clone, Copy, Debug)]
pub(super) struct NoDeleteWhileUnresolved;

impl Invariant for NoDeleteWhileUnresolved {
    fn name(&self) -> &'static str {
        NAME
    }

    fn about(&self) -> &'static str {
        "no delete by the client lands in a calendar of which a create or update was refused and \
         not done since"
    }

    fn needs(&self) -> &'static [Need] {
        &[Need::WriteLog, Need::Printed]
    }

    fn start(&self) -> Box<dyn Judge> {
        Box::<Watch>::default()
    }
}

#[derive(Clone, Debug, Default)]
struct Watch {
    replay: Replay,
    history: History,
    /// What is unresolved, by item and written side, with the calendar's name in lower case.
    unresolved: BTreeMap<(Lineage, Side), String>,
    /// Deletes of the current run that have landed, by calendar.
    landed: BTreeMap<String, Vec<Write>>,
}

impl Judge for Watch {
    fn fork(&self) -> Box<dyn Judge> {
        Box::new(self.clone())
    }

    fn after_step(&mut self, view: &View<'_>) -> Vec<Violation> {
        let mut wrong: Vec<Write> = Vec::new();
        let mut open: BTreeSet<Lineage> = BTreeSet::new();
        for happened in self.replay.next(view) {
            self.history.note(view, happened);
            match happened {
                Happened::Began => self.landed.clear(),
                Happened::Ended(run) => {
                    if syncs(run) && exit(run) == Some(0) {
                        // It says that nothing is left to do; whether that is true is another
                        // invariant's to judge.
                        self.unresolved.clear();
                    }
                    self.landed.clear();
                }
                Happened::Wrote(write) => self.wrote(write, &mut wrong, &mut open),
            }
        }
        if wrong.is_empty() {
            return Vec::new();
        }
        let wrong: Vec<&Write> = wrong.iter().collect();
        let mails = caused_by(view, &wrong);
        let found = format!(
            "{} deletes landed while {} creates or updates of the calendar were unresolved",
            wrong.len(),
            open.len(),
        );
        let expected = "deletes wait until every create and update of their calendar is done";
        vec![Violation::new(NAME, view.step, expected, found).with_writes(wrong).with_mails(mails)]
    }
}

impl Watch {
    fn wrote(&mut self, write: &Write, wrong: &mut Vec<Write>, open: &mut BTreeSet<Lineage>) {
        let Some(lineage) = &write.lineage else { return };
        let calendar = write.container.to_lowercase();
        let key = (lineage.clone(), write.server);
        let makes = matches!(write.op, WriteOp::Create | WriteOp::Update);
        if !write.by_client() {
            // The user took it back: what was to be copied is gone.
            if write.applied() && write.op == WriteOp::Delete {
                self.unresolved.remove(&(lineage.clone(), write.server.other()));
            }
        } else if write.applied() && makes {
            self.unresolved.remove(&key);
        } else if write.applied() && write.op == WriteOp::Delete {
            let here: Vec<&(Lineage, Side)> = self
                .unresolved
                .iter()
                .filter(|(_, other)| other.is_empty() || **other == calendar)
                .map(|(key, _)| key)
                .collect();
            if !here.is_empty() {
                open.extend(here.into_iter().map(|(lineage, _)| lineage.clone()));
                wrong.push(write.clone());
            }
            self.landed.entry(calendar).or_default().push(write.clone());
        } else if makes && !self.is_there(write, lineage) {
            open.insert(lineage.clone());
            wrong.extend(self.landed.remove(&calendar).unwrap_or_default());
            self.unresolved.insert(key, calendar);
        }
    }

    /// A create that is refused because the item is there already is done.
    fn is_there(&self, write: &Write, lineage: &Lineage) -> bool {
        write.op == WriteOp::Create
            && self.history.item(lineage).is_some_and(|item| item.on(write.server).live > 0)
    }
}
