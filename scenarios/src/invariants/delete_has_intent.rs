//! Every delete by the client follows a user's delete of the same item on the other side.
//!
//! It is judged when the delete lands, item by item and never by count: a delete of the wrong item
//! is not made good by one that is missing elsewhere.

use calamity_evidence::{Write, WriteOp};

use super::{Invariant, Judge, Need, history::History, landed::Landed};

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
        let expected = "a user's delete of the same item on the other side before it";
        Landed { name: NAME, expected, wrong: unjustified, found }.judge()
    }
}

fn found(deletes: usize, mails: usize) -> String {
    format!(
        "{deletes} {} that no user wanted gone, {mails} {}",
        if deletes == 1 { "delete of an item" } else { "deletes of items" },
        if mails == 1 { "mail because of it" } else { "mails because of them" },
    )
}

fn unjustified(history: &History, write: &Write) -> bool {
    match write.op {
        WriteOp::Delete => {
            let item = write.lineage.as_ref().and_then(|lineage| history.item(lineage));
            !item.is_some_and(|item| {
                let deleted = item.on(write.server.other()).deleted.as_ref();
                deleted.is_some_and(|calendar| *calendar == write.container.to_lowercase())
            })
        }
        // No act of a user takes a whole calendar away.
        WriteOp::DeleteContainer => true,
        _ => false,
    }
}
