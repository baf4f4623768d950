//! Judges each write of the client when it lands, by what users had done to the item before it.

use calamity_evidence::{Violation, Write};

use crate::view::View;

use super::{
    Judge,
    history::History,
    replay::{Happened, Replay},
    runs::caused_by,
};

/// What is looked for, and what is said of it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Landed {
    /// The invariant.
    pub(super) name: &'static str,
    /// What it asks for.
    pub(super) expected: &'static str,
    /// Whether an applied write of the client breaks it.
    pub(super) wrong: fn(&History, &Write) -> bool,
    /// What was found: so many writes, and so many mails because of them.
    pub(super) found: fn(usize, usize) -> String,
}

impl Landed {
    pub(super) fn judge(self) -> Box<dyn Judge> {
        Box::new(Watch { rule: self, replay: Replay::default(), history: History::default() })
    }
}

#[derive(Clone, Debug)]
struct Watch {
    rule: Landed,
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
                && (self.rule.wrong)(&self.history, write)
            {
                wrong.push(write);
            }
            self.history.note(view, happened);
        }
        if wrong.is_empty() {
            return Vec::new();
        }
        let mails = caused_by(view, &wrong);
        let found = (self.rule.found)(wrong.len(), mails.len());
        let violation = Violation::new(self.rule.name, view.step, self.rule.expected, found);
        vec![violation.with_writes(wrong).with_mails(mails)]
    }
}
