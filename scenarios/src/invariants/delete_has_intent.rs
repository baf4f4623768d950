//! Every delete by the client follows a user's delete of the same item on the other side.
//!
//! It is judged when the delete lands, item by item and never by count: a delete of the wrong item
//! is not made good by one that is missing elsewhere.

use calamity_evidence::{Violation, Write, WriteOp};

use crate::view::View;

use super::{
    Invariant, Judge, Need,
    history::History,
    replay::{Happened, Replay},
    runs::caused_by,
};

const NAME: &str = "delete-has-intent";

/// See the module.
#[derive(Clone, Copy, Debug)]
pub(super) struct DeleteHasIntent;

impl Invariant for DeleteHasIntent {
    fn name(&self) -> &'static str {
        NAME
    }

    fn about(&self) -> &'static str {
        "every delete by the client joins to a user's delete of that item on the other side"
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
                && !self.justified(write)
            {
                wrong.push(write);
            }
            self.history.note(view, happened);
        }
        if wrong.is_empty() {
            return Vec::new();
        }
        let mails = caused_by(view, &wrong);
        let found = format!(
            "{} {} that no user wanted gone, {} {}",
            wrong.len(),
            if wrong.len() == 1 { "delete of an item" } else { "deletes of items" },
            mails.len(),
            if mails.len() == 1 { "mail because of it" } else { "mails because of them" },
        );
        let expected = "a user's delete of the same item on the other side before it";
        vec![Violation::new(NAME, view.step, expected, found).with_writes(wrong).with_mails(mails)]
    }
}

impl Watch {
    fn justified(&self, write: &Write) -> bool {
        match write.op {
            WriteOp::Delete => {
                let item = write.lineage.as_ref().and_then(|lineage| self.history.item(lineage));
                item.is_some_and(|item| {
                    let deleted = item.on(write.server.other()).deleted.as_ref();
                    deleted.is_some_and(|calendar| *calendar == write.container.to_lowercase())
                })
            }
            // No act of a user takes a whole calendar away.
            WriteOp::DeleteContainer => false,
            _ => true,
        }
    }
}
