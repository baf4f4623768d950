//! No write out of nothing: what the client makes or changes on a side, a user made or changed on
//! the other side since both last agreed.
//!
//! A client that writes its own echo back, or writes an item again that no run has left open, is
//! found here even when the content does not change: a server mails for it all the same.

use std::collections::BTreeSet;

use calamity_evidence::{Actor, Side, Violation, Write, WriteOp};

use crate::view::View;

use super::{
    Invariant, Judge, Need,
    history::History,
    replay::{Happened, Replay},
    runs::caused_by,
};

const NAME: &str = "explained-by-intent";

/// See the module.
#[derive(Clone, Copy, Debug)]
pub(super) struct ExplainedByIntent;

impl Invariant for ExplainedByIntent {
    fn name(&self) -> &'static str {
        NAME
    }

    fn about(&self) -> &'static str {
        "every create and update by the client joins to what a user did to that item on the other \
         side since both last agreed"
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
    /// Calendars that exist by the will of a user, and those that were ever on a side.
    wanted: BTreeSet<String>,
    made: BTreeSet<(Side, String)>,
}

impl Judge for Watch {
    fn fork(&self) -> Box<dyn Judge> {
        Box::new(self.clone())
    }

    fn after_step(&mut self, view: &View<'_>) -> Vec<Violation> {
        let mut wrong: Vec<&Write> = Vec::new();
        for happened in self.replay.next(view) {
            if let Happened::Wrote(write) = happened
                && write.applied()
            {
                if write.by_client() && !self.explained(write) {
                    wrong.push(write);
                }
                self.note_calendar(write);
            }
            self.history.note(view, happened);
        }
        if wrong.is_empty() {
            return Vec::new();
        }
        let mails = caused_by(view, &wrong);
        let found = format!("{} writes that nothing calls for", wrong.len());
        let expected = "a user's act on the other side that the write carries over";
        vec![Violation::new(NAME, view.step, expected, found).with_writes(wrong).with_mails(mails)]
    }
}

impl Watch {
    fn explained(&self, write: &Write) -> bool {
        match write.op {
            WriteOp::Create | WriteOp::Update => {
                let item = write.lineage.as_ref().and_then(|lineage| self.history.item(lineage));
                item.is_some_and(|item| item.on(write.server).open)
            }
            WriteOp::CreateContainer => {
                let name = write.container.to_lowercase();
                self.wanted.contains(&name) && !self.made.contains(&(write.server, name))
            }
            WriteOp::UpdateContainer => false,
            // Deletes are another invariant's.
            WriteOp::Delete | WriteOp::DeleteContainer => true,
        }
    }

    fn note_calendar(&mut self, write: &Write) {
        if write.op != WriteOp::CreateContainer {
            return;
        }
        let name = write.container.to_lowercase();
        if !matches!(write.actor, Actor::Client(_)) {
            self.wanted.insert(name.clone());
        }
        self.made.insert((write.server, name));
    }
}
