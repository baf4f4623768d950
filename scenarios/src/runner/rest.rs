//! Until nothing is left to do: the runs before the story, those after it, and what must hold then.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use calamity_evidence::{Lineage, Mail, Side, Violation, Write, WriteOp};
use jiff::Timestamp;

use crate::language::{Mode, Outbox, Writes};
use crate::script::{Baseline, Must, Settle};
use crate::sut::{Command, Ending};

use super::acts::{approve_held, command_at, disarm_all};
use super::agree::{Difference, differences};
use super::stage::Stage;

/// The most differences that a violation lists.
const LISTED_MAX: usize = 20;

/// The exit codes of a run that did what it could: all done, or something waits.
const AT_REST: [u8; 2] = [0, 3];

const SYNC: Command = Command::Sync { mode: Mode::NonInteractive, answer: None };

/// What a run left to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Left {
    /// It wrote, tried to write, or failed.
    Something,
    /// It wrote nothing and failed in nothing; so many operations wait for a decision.
    Nothing { held: u64 },
}

/// One run.
async fn run_once(stage: &mut Stage<'_>, index: usize) -> Left {
    let run = command_at(stage, index, SYNC).await;
    let record = stage.record.runs.last().expect("a run was recorded just now");
    let wrote = stage.logs.writes[record.writes.clone()].iter().any(Write::by_client);
    let rested = run.ending == Ending::Exited && AT_REST.contains(&run.exit);
    let put_off = run.summary.is_some_and(|summary| summary.deferred > 0);
    if wrote || !rested || put_off {
        return Left::Something;
    }
    Left::Nothing { held: run.held.values().sum() }
}

/// Brings both sides together before the story, without faults. What a run would only do with
/// somebody's consent is consented to: here nobody is surprised by it.
pub(super) async fn baseline(stage: &mut Stage<'_>, index: usize, baseline: &Baseline) {
    let forever = stage.script.inexpressible.len() as u64;
    let mut rested = false;
    for _ in 0..baseline.runs_max {
        match run_once(stage, index).await {
            Left::Something => {}
            Left::Nothing { held } if held > forever => {
                approve_held(stage, index).await;
                let count = held - forever;
                command_at(stage, index, Command::Approve { count }).await;
            }
            Left::Nothing { .. } => {
                rested = true;
                break;
            }
        }
    }
    stage.record.checked("baseline", 1);
    let expected = "both sides hold the same before the story begins";
    if !rested {
        let found = format!("it still writes or fails after {} runs", baseline.runs_max);
        stage.record.broken([Violation::new("baseline", index, expected, found)]);
    }
    differ(stage, "baseline", index, expected);
}

/// Ends every fault and lets the system under test come to rest.
pub(super) async fn settle(stage: &mut Stage<'_>, index: usize, settle: &Settle) {
    disarm_all(stage);
    for _ in 0..settle.runs_max {
        if let Left::Nothing { .. } = run_once(stage, index).await {
            // One more: a run after which there was nothing to do must find nothing to do.
            let again = run_once(stage, index).await;
            stage.record.settled = matches!(again, Left::Nothing { .. });
            break;
        }
        stage.sim.advance(Duration::from_millis(settle.pause_ms)).await;
    }
}

/// Notes how the sides differ, if they do.
fn differ(stage: &mut Stage<'_>, name: &str, index: usize, expected: &str) {
    let script = stage.script;
    let except: BTreeSet<&Lineage> =
        script.inexpressible.iter().map(|item| &item.lineage).collect();
    let [a, b] = [stage.servers[0].items(), stage.servers[1].items()];
    let found = synced_only(stage, differences(&a, &b, &except));
    if found.is_empty() {
        return;
    }
    let mut lines: Vec<String> = found.iter().take(LISTED_MAX).map(ToString::to_string).collect();
    if found.len() > LISTED_MAX {
        lines.push(format!("and {} more", found.len() - LISTED_MAX));
    }
    stage.record.broken([Violation::new(name, index, expected, lines.join("\n"))]);
}

/// Leaves out items of calendars that the pair does not sync.
fn synced_only(stage: &Stage<'_>, found: Vec<Difference>) -> Vec<Difference> {
    let Some(filter) = &stage.script.world.filter else { return found };
    let names: BTreeSet<String> = filter.iter().map(|name| name.to_lowercase()).collect();
    let unsynced: BTreeSet<Lineage> = stage
        .servers
        .iter()
        .flat_map(calamity_mock_servers::Server::items)
        .filter(|item| !names.contains(&item.calendar.to_lowercase()))
        .filter_map(|item| item.lineage)
        .collect();
    let of = |difference: &Difference| match difference {
        Difference::Missing { lineage, .. }
        | Difference::Doubled { lineage, .. }
        | Difference::Content { lineage, .. }
        | Difference::Calendar { lineage, .. } => Some(lineage.clone()),
        Difference::Stranger { .. } => None,
    };
    let synced = |difference: &Difference| of(difference).is_none_or(|of| !unsynced.contains(&of));
    found.into_iter().filter(synced).collect()
}

/// What must hold at the end of this script.
pub(super) fn must(stage: &mut Stage<'_>, index: usize) {
    for must in &stage.script.must {
        match must {
            // A global invariant: it looks at this promise itself.
            Must::Converged => {}
            Must::Outbox(outbox) => {
                stage.record.checked("outbox", 1);
                let broken = outbox_holds(stage, index, *outbox);
                stage.record.broken(broken);
            }
            Must::Writes(writes) => {
                stage.record.checked("writes", 1);
                let broken = writes_hold(stage, index, writes);
                stage.record.broken(broken);
            }
        }
    }
}

fn outbox_holds(stage: &Stage<'_>, index: usize, outbox: Outbox) -> Option<Violation> {
    let approved: &BTreeMap<Lineage, Timestamp> = &stage.record.approved;
    let caused = |mail: &&Mail| match outbox {
        Outbox::Empty => true,
        Outbox::OnlyFrom(crate::language::Cause::Approve) => {
            let since = mail.lineage.as_ref().and_then(|lineage| approved.get(lineage));
            since.is_none_or(|since| mail.at < *since)
        }
    };
    let story = &stage.logs.mails[stage.record.story.mails..];
    let by_client = |mail: &&Mail| matches!(mail.actor, calamity_evidence::Actor::Client(_));
    let mails: Vec<&Mail> = story.iter().filter(by_client).filter(caused).collect();
    let expected = match outbox {
        Outbox::Empty => "the system under test mails nobody",
        Outbox::OnlyFrom(_) => "the system under test mails nobody but for what was approved",
    };
    let causes: BTreeSet<(Side, calamity_evidence::WriteSeq)> =
        mails.iter().map(|mail| (mail.server, mail.cause)).collect();
    let writes =
        stage.logs.writes.iter().filter(|write| causes.contains(&(write.server, write.seq)));
    let found = format!("{} mails", mails.len());
    (!mails.is_empty()).then(|| {
        Violation::new("outbox", index, expected, found).with_writes(writes).with_mails(mails)
    })
}

fn writes_hold(stage: &Stage<'_>, index: usize, writes: &Writes) -> Vec<Violation> {
    let on = writes.on.map(Side::from);
    let story = &stage.logs.writes[stage.record.story.writes..];
    let of = |op: WriteOp| {
        story.iter().filter(move |write| {
            write.by_client()
                && write.applied()
                && write.op == op
                && on.is_none_or(|side| write.server == side)
        })
    };
    let wanted = [
        ("creates", writes.creates, WriteOp::Create),
        ("updates", writes.updates, WriteOp::Update),
        ("deletes", writes.deletes, WriteOp::Delete),
    ];
    wanted
        .into_iter()
        .filter_map(|(name, amount, op)| {
            let amount = amount?;
            let count = of(op).count() as u64;
            let place = on.map_or_else(String::new, |side| format!(" on {side}"));
            (!amount.holds(count)).then(|| {
                let expected = format!("{amount} {name}{place}");
                Violation::new("writes", index, expected, format!("{count} {name}{place}"))
                    .with_writes(of(op))
            })
        })
        .collect()
}
