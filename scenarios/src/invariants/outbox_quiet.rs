//! Nobody is mailed because a client synced, recovery included, unless a person said yes to it.
//!
//! A yes is an approval of the very item, for one run, or the answer to the question of an
//! interactive run. The mocks' outboxes are judged, never the client's good intent.

use std::collections::{BTreeMap, BTreeSet};

use calamity_evidence::{Actor, IntentKind, Lineage, Mail, Violation};

use crate::language::Reply;
use crate::view::{RunRecord, View};

use super::{
    Invariant, Judge, Need,
    runs::{answer, mails_wanted},
};

const NAME: &str = "outbox-quiet";

/// See the module.
#[derive(Clone, Copy, Debug)]
pub(super) struct OutboxQuiet;

impl Invariant for OutboxQuiet {
    fn name(&self) -> &'static str {
        NAME
    }

    fn about(&self) -> &'static str {
        "no mail is caused by the client unless a person approved the item or answered yes"
    }

    fn needs(&self) -> &'static [Need] {
        &[Need::Outbox, Need::WriteLog]
    }

    fn start(&self) -> Box<dyn Judge> {
        Box::<Watch>::default()
    }
}

/// An approval, and the run that used it.
#[derive(Clone, Debug, Default)]
struct Yes {
    used: Option<usize>,
}

#[derive(Clone, Debug, Default)]
struct Watch {
    mails: usize,
    intents: usize,
    approved: BTreeMap<Lineage, Yes>,
}

impl Judge for Watch {
    fn fork(&self) -> Box<dyn Judge> {
        Box::new(self.clone())
    }

    fn after_step(&mut self, view: &View<'_>) -> Vec<Violation> {
        let from = self.mails;
        self.mails = view.mails.len();
        let mut wrong: Vec<&Mail> = Vec::new();
        for (place, mail) in view.mails.iter().enumerate().skip(from) {
            if matches!(mail.actor, Actor::Client(_)) && !mails_wanted(view) {
                let run = view.runs.iter().rposition(|run| run.mails.contains(&place));
                if !self.wanted(view, run, mail) {
                    wrong.push(mail);
                }
            }
        }
        // What is approved in this step is carried out in a later one.
        for intent in view.intents.get(self.intents..).unwrap_or_default() {
            if intent.kind == IntentKind::Approve {
                self.approved.insert(intent.lineage.clone(), Yes::default());
            }
        }
        self.intents = view.intents.len();
        if wrong.is_empty() {
            return Vec::new();
        }
        let causes: BTreeSet<_> = wrong.iter().map(|mail| (mail.server, mail.cause)).collect();
        let writes = view.writes.iter().filter(|write| causes.contains(&(write.server, write.seq)));
        let people: BTreeSet<_> = wrong.iter().map(|mail| &mail.to).collect();
        let found = format!(
            "{} mails to {} people because of {} writes",
            wrong.len(),
            people.len(),
            causes.len()
        );
        let expected = "no mail that no person said yes to";
        vec![Violation::new(NAME, view.step, expected, found).with_writes(writes).with_mails(wrong)]
    }
}

impl Watch {
    fn wanted(&mut self, view: &View<'_>, run: Option<usize>, mail: &Mail) -> bool {
        let Some(number) = run else { return false };
        let run: &RunRecord = &view.runs[number];
        if answer(view, run) == Some(Reply::Y) {
            return true;
        }
        let Some(yes) = mail.lineage.as_ref().and_then(|lineage| self.approved.get_mut(lineage))
        else {
            return false;
        };
        *yes.used.get_or_insert(number) == number
    }
}
