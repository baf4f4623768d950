//! The steps of a story, one by one: what users, faults and commands do.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use calamity_evidence::{Actor, Intent, IntentKind, Lineage, Side, Violation};
use calamity_mock_servers::{Edit, Server};

use crate::language::Mode;
use crate::script::{Act, EditedItem, Fault, ItemRef, NewItem};
use crate::sut::{Command, Ending, Run};
use crate::view::{FaultRecord, RunKind, RunRecord};

use super::expect;
use super::record::Promised;
use super::stage::{Expecting, Stage};

fn number(side: Side) -> usize {
    usize::from(side == Side::B)
}

/// The harness makes the items with which the story begins.
pub(super) fn seed(stage: &mut Stage<'_>, index: usize, items: &[NewItem]) {
    for side in Side::BOTH {
        for calendar in &stage.script.world.account(side).calendars {
            stage.servers[number(side)].create_calendar(Actor::Seed, calendar);
        }
    }
    for item in items {
        make(stage, index, item, &Actor::Seed);
    }
}

/// Makes an item and notes that it was meant.
fn make(stage: &mut Stage<'_>, index: usize, item: &NewItem, actor: &Actor) {
    let server = &stage.servers[number(item.on)];
    let made = server.create(actor.clone(), &item.calendar, &item.event, &item.lineage);
    match made {
        Ok(_) => {
            intend(stage, index, item.on, &item.lineage, IntentKind::Create, &item.event.title)
        }
        Err(reason) => impossible(
            stage,
            index,
            format!("{} holds the item {}", item.on, item.name),
            format!("it cannot: {reason}"),
        ),
    }
}

fn intend(
    stage: &mut Stage<'_>,
    step: usize,
    side: Side,
    lineage: &Lineage,
    kind: IntentKind,
    title: &str,
) {
    let (lineage, title) = (lineage.clone(), title.to_owned());
    stage.record.intents.push(Intent { step, side, lineage, kind, title });
}

/// A story that its own world does not allow. It is the drill's mistake, and must not pass.
fn impossible(stage: &mut Stage<'_>, step: usize, expected: String, found: String) {
    stage.record.broken([Violation::new("story", step, expected, found)]);
}

/// Carries out any step between baseline and end.
pub(super) async fn carry_out(
    stage: &mut Stage<'_>,
    index: usize,
    name: &str,
    act: &Act,
    expecting: Expecting,
) {
    match act {
        Act::Create(items) => {
            let actor = Actor::User(name.to_owned());
            for item in items {
                make(stage, index, item, &actor);
            }
        }
        Act::Delete(acted) => {
            for item in &acted.items {
                delete(stage, index, name, acted.on, item);
            }
        }
        Act::Edit(acted) => {
            for item in &acted.items {
                edit(stage, index, name, acted.on, item);
            }
        }
        Act::Fault(fault) => arm(stage, index, fault),
        Act::Clear(clear) => disarm(stage, &clear.id),
        Act::Release(fault) => release(stage, &fault.id),
        Act::State(state) => stage.servers[number(state.on)].set_state(&state.is),
        Act::Sync(sync) => {
            let command = Command::Sync { mode: sync.mode, answer: sync.answer };
            let run = command_at(stage, index, command).await;
            expected(stage, index, &sync.expect, &run, expecting);
        }
        Act::Approve(approve) => {
            approve_held(stage, index).await;
            let command = Command::Approve { count: approve.count };
            let run = command_at(stage, index, command).await;
            if approve.expect.exit.is_none() {
                // An approval that nobody wants to fail has to succeed.
                let done = crate::language::Expect { exit: Some(0), ..approve.expect.clone() };
                expected(stage, index, &done, &run, expecting);
            } else {
                expected(stage, index, &approve.expect, &run, expecting);
            }
        }
        Act::Wait(wait) => stage.sim.advance(Duration::from_millis(wait.ms)).await,
        Act::DriftIds(drift) => {
            stage.servers[number(drift.on)].drift_ids(drift.how, drift.share);
        }
        Act::ExpireTokens(expire) => stage.servers[number(expire.on)].expire_tokens(),
        Act::Restart(crate::language::Restart::Sut) => stage.sut.restart().await,
        Act::Seed(_) | Act::Baseline(_) | Act::Settle(_) => {}
    }
}

fn delete(stage: &mut Stage<'_>, index: usize, step: &str, on: Side, item: &ItemRef) {
    let actor = Actor::User(step.to_owned());
    match stage.servers[number(on)].delete(actor, &item.lineage) {
        Ok(()) => intend(stage, index, on, &item.lineage, IntentKind::Delete, ""),
        Err(reason) => impossible(
            stage,
            index,
            format!("the user of {on} can delete {}", item.name),
            reason.to_string(),
        ),
    }
}

fn edit(stage: &mut Stage<'_>, index: usize, step: &str, on: Side, item: &EditedItem) {
    let actor = Actor::User(step.to_owned());
    let server = &stage.servers[number(on)];
    match server.edit(actor, &item.lineage, &item.edit) {
        Ok(()) => {
            let title = match &item.edit {
                Edit::Title(title) => title.clone(),
                _ => title_of(stage, &item.lineage),
            };
            intend(stage, index, on, &item.lineage, IntentKind::Edit, &title);
        }
        Err(reason) => impossible(
            stage,
            index,
            format!("the user of {on} can edit {}", item.name),
            reason.to_string(),
        ),
    }
}

/// The title that a user gave an item last.
fn title_of(stage: &Stage<'_>, lineage: &Lineage) -> String {
    let given = |intent: &&Intent| intent.lineage == *lineage && !intent.title.is_empty();
    let last = stage.record.intents.iter().rev().find(given);
    last.map(|intent| intent.title.clone()).unwrap_or_default()
}

fn arm(stage: &mut Stage<'_>, index: usize, fault: &Fault) {
    for rule in &fault.rules {
        stage.servers[number(fault.on)].arm(rule.clone());
    }
    let promised = Promised {
        step: index,
        hits: fault.expect_hits,
        rules: fault.rules.iter().map(|rule| rule.id.clone()).collect(),
        side: fault.on,
        armed: true,
    };
    stage.record.faults.insert(fault.id.clone(), promised);
}

fn disarm(stage: &mut Stage<'_>, id: &str) {
    let Some(promised) = stage.record.faults.get_mut(id) else { return };
    for rule in &promised.rules {
        stage.servers[number(promised.side)].clear(rule);
    }
    promised.armed = false;
}

fn release(stage: &mut Stage<'_>, id: &str) {
    let Some(promised) = stage.record.faults.get(id) else { return };
    for rule in &promised.rules {
        stage.servers[number(promised.side)].release(rule);
    }
}

/// Ends every fault that is still there.
pub(super) fn disarm_all(stage: &mut Stage<'_>) {
    let armed = stage.record.faults.iter().filter(|(_, promised)| promised.armed);
    let armed: Vec<String> = armed.map(|(id, _)| id.clone()).collect();
    for id in armed {
        disarm(stage, &id);
    }
}

/// How often each fault of the story has fired so far.
pub(super) fn fired(stage: &Stage<'_>) -> Vec<FaultRecord> {
    let mut times: BTreeMap<(Side, &str), u64> = BTreeMap::new();
    for hit in &stage.logs.hits {
        *times.entry((hit.server, hit.rule.as_str())).or_default() += 1;
    }
    let count = |promised: &Promised| {
        let rules = promised.rules.iter();
        rules.map(|rule| times.get(&(promised.side, rule.as_str())).copied().unwrap_or(0)).sum()
    };
    let faults = stage.record.faults.iter();
    faults
        .map(|(id, promised)| FaultRecord {
            id: id.clone(),
            step: promised.step,
            expected: promised.hits,
            fired: count(promised),
        })
        .collect()
}

/// Lets the system under test carry out a command and writes down how it ended.
pub(super) async fn command_at(stage: &mut Stage<'_>, index: usize, command: Command) -> Run {
    stage.logs.read(&stage.servers);
    let before = stage.logs.marks();
    let run = stage.sut.run(&command).await;
    stage.logs.read(&stage.servers);
    let after = stage.logs.marks();
    if let Ending::Panicked(message) = &run.ending {
        let broken = Violation::new("panic", index, "a run without panic", message);
        stage.record.broken([broken]);
    }
    stage.record.runs.push(RunRecord {
        step: index,
        kind: match command {
            Command::Sync { mode: Mode::NonInteractive, .. } => RunKind::Sync,
            Command::Sync { mode: Mode::Interactive, .. } => RunKind::SyncInteractive,
            Command::Sync { mode: Mode::DryRun, .. } => RunKind::DryRun,
            Command::Held => RunKind::Held,
            Command::Approve { .. } => RunKind::Approve,
        },
        writes: before.writes..after.writes,
        mails: before.mails..after.mails,
        requests: before.requests..after.requests,
        ending: run.ending.clone(),
        exit: run.exit,
        summary: run.summary,
        held: run.held.clone(),
        printed: run.printed.clone(),
    });
    if let Some(step) = stage.record.steps.last_mut() {
        step.exit = Some(run.exit);
        step.summary = run.summary;
        step.held.clone_from(&run.held);
        step.printed.clone_from(&run.printed);
    }
    run
}

fn expected(
    stage: &mut Stage<'_>,
    index: usize,
    expect: &crate::language::Expect,
    run: &Run,
    expecting: Expecting,
) {
    if expecting == Expecting::No {
        return;
    }
    let (evaluated, unmet) = expect::evaluate(expect, run);
    stage.record.checked("expectation", evaluated);
    let name = &stage.script.steps[index].name;
    let violations: Vec<Violation> = unmet
        .into_iter()
        .map(|unmet| {
            Violation::new(
                "expectation",
                index,
                format!("step {name}: {}", unmet.expected),
                unmet.found,
            )
        })
        .collect();
    stage.record.broken(violations);
}

/// Notes whom an approval is about: every item whose id stands in the list of what is held.
pub(super) async fn approve_held(stage: &mut Stage<'_>, index: usize) -> Run {
    let run = command_at(stage, index, Command::Held).await;
    let now = stage.sim.clock().now();
    for (side, lineage) in named_in(&run.printed, &stage.servers) {
        intend(stage, index, side, &lineage, IntentKind::Approve, "");
        stage.record.approved.entry(lineage).or_insert(now);
    }
    run
}

/// The items of either server whose ids stand in a text.
fn named_in(text: &str, servers: &[Server; 2]) -> BTreeSet<(Side, Lineage)> {
    let words: BTreeSet<&str> = text.split_whitespace().collect();
    let mut named = BTreeSet::new();
    for (side, server) in Side::BOTH.into_iter().zip(servers) {
        for item in server.items() {
            if let Some(lineage) = item.lineage.filter(|_| words.contains(item.id.as_str())) {
                named.insert((side, lineage));
            }
        }
    }
    named
}
