//! What a user edited on one side is not deleted there because it was deleted on the other.
//!
//! "Edited" means: not yet brought to the other side, so that whoever deleted there had not seen it.

use calamity_evidence::{Violation, Write, WriteOp};

use crate::view::View;

use super::{
    Invariant, Judge, Need,
    history::History,
    replay::{Happened, Replay},
    runs::caused_by,
};

const NAME: &str = "edit-beats-delete";

/// See the module.
#[derive(Clone, Copy, Debug)]
pub(super) struct EditBeatsDelete;

impl Invariant for EditBeatsDelete {
    fn name(&self) -> &'static str {
        NAME
    }

    fn about(&self) -> &'static str {
        "no delete by the client lands on an item with an edit that the other side has not seen"
    }

    fn needs(&self) -> &'static [Need] {
        &[Need::WriteLog]
    }

    fn start(&self) -> Box<dyn Judge> {
        Box::<Watch>::default()
    }
}

#[derive(Clone, Debug, Default)]
struct Watch {
    replay: Replay,
    history: History,
}

impl Judge for Watch {
    fn fork(&self) -> Box<dyn Judge> {
        Box::new(self.clone())
    }

    fn after_step(&mut self, view: &View<'_>) -> Vec<Violation> {
        let mut wrong: Vec<&Write> = Vec::new();
        for happened in self.replay.next(view) {
            if let Happened::Wrote(write) = happened
                && write.by_client()
                && write.applied()
                && write.op == WriteOp::Delete
                && self.edited(write)
            {
                wrong.push(write);
            }
            self.history.note(view, happened);
        }
        if wrong.is_empty() {
            return Vec::new();
        }
        let mails = caused_by(view, &wrong);
        let found = format!("{} edited items were deleted", wrong.len());
        let expected = "an edited item is brought back, not deleted";
        vec![Violation::new(NAME, view.step, expected, found).with_writes(wrong).with_mails(mails)]
    }
}

impl Watch {
    fn edited(&self, write: &Write) -> bool {
        let item = write.lineage.as_ref().and_then(|lineage| self.history.item(lineage));
        item.is_some_and(|item| item.on(write.server).edited)
    }
}
