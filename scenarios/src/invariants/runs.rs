//! What a view says of runs and of writes, in the words of the judges.

use std::collections::BTreeSet;

use calamity_evidence::{FaultHit, Mail, Request, Write};

use crate::language::{Attendees, Reply};
use crate::script::Act;
use crate::sut::Ending;
use crate::view::{RunKind, RunRecord, View};

/// The exit code; none when the run was killed, or panicked.
pub(super) fn exit(run: &RunRecord) -> Option<u8> {
    (run.ending == Ending::Exited).then_some(run.exit)
}

/// Whether it was a sync that was meant to write.
pub(super) fn syncs(run: &RunRecord) -> bool {
    matches!(run.kind, RunKind::Sync | RunKind::SyncInteractive)
}

fn act<'v>(view: &View<'v>, run: &RunRecord) -> Option<&'v Act> {
    view.script.steps.get(run.step).map(|step| &step.act)
}

/// Whether it ran after the story, without faults, to come to rest.
pub(super) fn settles(view: &View<'_>, run: &RunRecord) -> bool {
    syncs(run) && matches!(act(view, run), Some(Act::Settle(_)))
}

/// What a person answered to its question; none when nobody was there to be asked.
pub(super) fn answer(view: &View<'_>, run: &RunRecord) -> Option<Reply> {
    if run.kind != RunKind::SyncInteractive {
        return None;
    }
    match act(view, run) {
        Some(Act::Sync(sync)) => Some(sync.answer.unwrap_or(Reply::N)),
        _ => Some(Reply::N),
    }
}

/// Whether the pair is told to mail guests.
pub(super) fn mails_wanted(view: &View<'_>) -> bool {
    view.script.world.attendees == Attendees::Send
}

/// Attempts to write during a run.
pub(super) fn writes_of<'v>(view: &View<'v>, run: &RunRecord) -> &'v [Write] {
    view.writes.get(run.writes.clone()).unwrap_or_default()
}

/// Requests during a run.
pub(super) fn requests_of<'v>(view: &View<'v>, run: &RunRecord) -> &'v [Request] {
    view.requests.get(run.requests.clone()).unwrap_or_default()
}

/// Faults that fired during a run.
pub(super) fn hits_of<'v>(view: &View<'v>, run: &RunRecord) -> Vec<&'v FaultHit> {
    if view.hits.is_empty() {
        return Vec::new();
    }
    let requests: BTreeSet<_> =
        requests_of(view, run).iter().map(|request| (request.server, request.id)).collect();
    view.hits.iter().filter(|hit| requests.contains(&(hit.server, hit.request))).collect()
}

/// Messages that these writes caused.
pub(super) fn caused_by<'v>(view: &View<'v>, writes: &[&Write]) -> Vec<&'v Mail> {
    let causes: BTreeSet<_> = writes.iter().map(|write| (write.server, write.seq)).collect();
    view.mails.iter().filter(|mail| causes.contains(&(mail.server, mail.cause))).collect()
}
