//! What a user edited on one side is not deleted there because it was deleted on the other.
//!
//! "Edited" means: not yet brought to the other side, so that whoever deleted there had not seen it.

use calamity_evidence::{Write, WriteOp};

use super::{Invariant, Judge, Need, history::History, landed::Landed};

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
        let expected = "an edited item is brought back, not deleted";
        let found = |deletes, _| format!("{deletes} edited items were deleted");
        Landed { name: NAME, expected, wrong: edited, found }.judge()
    }
}

fn edited(history: &History, write: &Write) -> bool {
    let item = write.lineage.as_ref().and_then(|lineage| history.item(lineage));
    write.op == WriteOp::Delete && item.is_some_and(|item| item.on(write.server).edited)
}
