//! What a run says of itself is what the servers saw: exit code, counters and printed lines agree
//! with the write log, and nothing that was refused is passed over.

use std::collections::BTreeSet;

use calamity_evidence::{Lineage, Side, Summary, Violation, Write, WriteOp};

use crate::language::Reply;
use crate::view::{RunKind, RunRecord, View};

use super::runs::{answer, exit, hits_of, requests_of, writes_of};
use super::{
    Invariant, Judge, Need,
    history::History,
    replay::{Happened, Replay},
};

const NAME: &str = "no-swallowed-error";

/// See the module.
#[derive(Clone, Copy, Debug)]
pub(super) struct NoSwallowedError;

impl Invariant for NoSwallowedError {
    fn name(&self) -> &'static str {
        NAME
    }

    fn about(&self) -> &'static str {
        "exit code, counters and printed lines of each run agree with each other and with what the \
         servers applied and refused"
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
}

impl Judge for Watch {
    fn fork(&self) -> Box<dyn Judge> {
        Box::new(self.clone())
    }

    fn after_step(&mut self, view: &View<'_>) -> Vec<Violation> {
        let mut found = Vec::new();
        for happened in self.replay.next(view) {
            self.history.note(view, happened);
            if let Happened::Ended(run) = happened
                && let Some(exit) = exit(run)
            {
                found.extend(self.ended(view, run, exit));
            }
        }
        found
    }
}

impl Watch {
    fn ended(&self, view: &View<'_>, run: &RunRecord, exit: u8) -> Vec<Violation> {
        let wrong =
            |expected: String, found: String| Violation::new(NAME, run.step, expected, found);
        let log = Log::of(writes_of(view, run));
        let quiet = match run.kind {
            RunKind::DryRun => Some("a dry run"),
            RunKind::Approve | RunKind::Held => Some("looking at what is held"),
            _ if answer(view, run) == Some(Reply::N) => Some("a run that was answered no"),
            _ => None,
        };
        if let Some(what) = quiet {
            let writes = log.applied.len();
            let fine = writes == 0;
            return (!fine)
                .then(|| wrong(format!("{what} writes nothing"), format!("{writes} writes")))
                .map(|violation| violation.with_writes(log.applied.iter().copied()))
                .into_iter()
                .collect();
        }
        // Exit code 2 is that of a run that could not begin, or not go on.
        let Some(summary) = run.summary.filter(|_| exit != 2) else { return Vec::new() };
        let mut found = Vec::new();
        let code = expected_exit(&summary);
        if exit != code {
            found.push(wrong(
                format!("exit {code} for {}", counters(&summary)),
                format!("exit {exit}"),
            ));
        }
        if !run.printed.contains(&summary.to_string()) {
            let expected = format!("the line `{summary}` in what it printed");
            found.push(wrong(expected, "another one, or none".to_owned()));
        }
        found.extend(self.refusals(view, run, exit, &summary, &log));
        found.extend(self.counts(view, run, &summary, &log));
        found
    }

    /// What was refused and not done in the same run must show.
    fn refusals(
        &self,
        view: &View<'_>,
        run: &RunRecord,
        exit: u8,
        summary: &Summary,
        log: &Log<'_>,
    ) -> Option<Violation> {
        let refused = log.refused.len() as u64;
        let shown = summary.errors + summary.deferred;
        if shown < refused || (refused > 0 && exit == 0) {
            let expected = format!("{refused} refused writes show as errors or as deferred");
            let found = format!("exit {exit}, {}", counters(summary));
            let writes = writes_of(view, run)
                .iter()
                .filter(|write| write.by_client() && !write.applied() && log.left(write));
            return Some(Violation::new(NAME, run.step, expected, found).with_writes(writes));
        }
        let troubled = refused > 0
            || !hits_of(view, run).is_empty()
            || requests_of(view, run).iter().any(|request| request.status.is_none_or(failed));
        if exit == 1 && !troubled {
            let expected = "exit 0 or 3 where every request was answered well";
            let found = format!("exit 1, {}", counters(summary));
            return Some(Violation::new(NAME, run.step, expected, found));
        }
        None
    }

    /// The counters of what was done must be those of the log, an item counted once.
    fn counts(
        &self,
        view: &View<'_>,
        run: &RunRecord,
        summary: &Summary,
        log: &Log<'_>,
    ) -> Vec<Violation> {
        // What was done and not acknowledged cannot be counted by the client.
        let broken = requests_of(view, run).iter().filter(|request| request.status.is_none());
        let damaged = hits_of(view, run).into_iter().filter(|hit| hit.site == "response");
        let unsure = broken.count() + damaged.count() > 0;
        // A delete that was found to be done already counts as well.
        let both_gone = self
            .history
            .items()
            .filter(|(_, item)| {
                Side::BOTH.iter().all(|side| item.on(*side).live == 0)
                    && Side::BOTH.iter().any(|side| item.on(*side).deleted.is_some())
            })
            .count() as u64;
        let merged =
            log.updated.difference(&log.created).filter(|item| !log.refused_any.contains(*item));
        let merged: BTreeSet<&Lineage> = merged.map(|(_, lineage)| lineage).collect();
        let tried: BTreeSet<&Lineage> = log.updated.iter().map(|(_, lineage)| lineage).collect();
        let range =
            |least: usize, most: usize| (if unsure { 0 } else { least as u64 }, most as u64);
        let (created, updated) = (log.created.len(), merged.len());
        let deleted = log.deleted.len();
        [
            ("containers", summary.containers, range(log.containers, log.containers)),
            ("created", summary.created, range(created, created)),
            ("updated", summary.updated, range(updated, tried.len().max(updated))),
            ("deleted", summary.deleted, {
                let (least, most) = range(deleted, deleted);
                (least, most.max(both_gone))
            }),
        ]
        .into_iter()
        .filter(|(_, told, (least, most))| !(least..=most).contains(&told))
        .map(|(what, told, (least, most))| {
            let log = if least == most { format!("{least}") } else { format!("{least} to {most}") };
            let expected = format!("{what}={log}, as the servers' logs have it");
            Violation::new(NAME, run.step, expected, format!("{what}={told}"))
        })
        .collect()
    }
}

/// The exit code that belongs to counters.
fn expected_exit(summary: &Summary) -> u8 {
    if summary.aborted {
        0
    } else if summary.errors > 0 {
        1
    } else if summary.held + summary.deferred > 0 {
        3
    } else {
        0
    }
}

fn counters(summary: &Summary) -> String {
    let Summary { errors, held, deferred, .. } = summary;
    format!("errors={errors} held={held} deferred={deferred}")
}

/// Whether a status says that something went wrong. "Not there" is an answer like any other.
fn failed(status: u16) -> bool {
    status >= 400 && !matches!(status, 404 | 410)
}

/// What the client did to items in a run, an item counted once a side.
#[derive(Debug, Default)]
struct Log<'v> {
    applied: Vec<&'v Write>,
    created: BTreeSet<(Side, Lineage)>,
    updated: BTreeSet<(Side, Lineage)>,
    deleted: BTreeSet<(Side, Lineage)>,
    containers: usize,
    /// Refused and not done later in the run.
    refused: BTreeSet<(Side, Lineage)>,
    /// Refused at any time in the run.
    refused_any: BTreeSet<(Side, Lineage)>,
}

impl<'v> Log<'v> {
    fn of(writes: &'v [Write]) -> Self {
        let mut log = Self::default();
        for write in writes.iter().filter(|write| write.by_client()) {
            let item = write.lineage.clone().map(|lineage| (write.server, lineage));
            if !write.applied() {
                log.refused.extend(item.clone());
                log.refused_any.extend(item);
                continue;
            }
            log.applied.push(write);
            if let Some(item) = &item {
                log.refused.remove(item);
            }
            match write.op {
                WriteOp::Create => log.created.extend(item),
                WriteOp::Update => log.updated.extend(item),
                WriteOp::Delete => log.deleted.extend(item),
                WriteOp::CreateContainer => log.containers += 1,
                WriteOp::UpdateContainer | WriteOp::DeleteContainer => {}
            }
        }
        log
    }

    /// Whether what a refused write was to do is still not done.
    fn left(&self, write: &Write) -> bool {
        let item = write.lineage.clone().map(|lineage| (write.server, lineage));
        item.is_some_and(|item| self.refused.contains(&item))
    }
}
