//! The sweep: the story up to the step once, and from there once for each point.
//!
//! Every run is a simulation of its own that starts from the same checkpoint, so that the order in
//! which they run, and on how many threads, changes nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamity_base::Sim;
use calamity_base::http::BEFORE_SEND;
use calamity_evidence::{Outcome, Verdict, Violation};

use crate::language::Axis;
use crate::runner::{Checkpoint, Expecting, Options, Stage, panicked, replay};
use crate::script::{Script, Sweep};
use crate::sut::{ENGINE, SutChoice};

use super::arm::{arm, disarm};
use super::point::{Moment, Point};
use super::spread::spread;

/// The most violating points that are told of for one invariant.
const TOLD_MAX: usize = 3;

/// How much there is to kill in the step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Count {
    durable_ops: u64,
    requests: u64,
}

/// Carries a script out once for each point of its sweep. The outcome is that of the run in which
/// nobody was killed, with what any of the others broke.
#[must_use]
pub fn sweep(script: &Script, sweep: &Sweep, sut: &SutChoice, options: &Options) -> Outcome {
    let command = replay(script, options);
    let mut outcome = match prepare(script, sweep, sut) {
        Ok(prepared) => {
            let points = points(sweep, prepared.count);
            let runs = spread(&points, |point| killed(script, sut, &prepared, *point));
            gather(prepared, &points, &runs, &command)
        }
        Err(outcome) => *outcome,
    };
    outcome.replay = command;
    outcome
}

/// Carries a script out with one kill: how a violation of a sweep is looked at again.
#[must_use]
pub fn at_point(
    script: &Script,
    sweep: &Sweep,
    sut: &SutChoice,
    options: &Options,
    point: Point,
) -> Outcome {
    let mut outcome = match prepare(script, sweep, sut) {
        Ok(prepared) => killed(script, sut, &prepared, point),
        Err(outcome) => *outcome,
    };
    outcome.replay = format!("{} --point '{point}'", replay(script, options));
    outcome
}

/// What all runs of a sweep start from.
struct Prepared {
    /// The step that is killed.
    position: usize,
    checkpoint: Checkpoint,
    /// What was found wrong before the step.
    before: Vec<Violation>,
    /// The run in which nobody is killed.
    reference: Outcome,
    count: Count,
}

/// Carries the story to the step, and once to its end. A panic ends everything.
fn prepare(script: &Script, sweep: &Sweep, sut: &SutChoice) -> Result<Prepared, Box<Outcome>> {
    let position = script.position(&sweep.step).unwrap_or_default();
    let all = catch_unwind(AssertUnwindSafe(|| {
        let (checkpoint, before) = Sim::run(script.seed, async |sim: Sim| {
            let mut stage = Stage::new(&sim, script, sut).await;
            for index in 0..position {
                stage.step(index).await;
            }
            (stage.checkpoint(), stage.violations().to_vec())
        });
        let (reference, count) = Sim::run(script.seed, async |sim: Sim| {
            let mut stage = Stage::resume(&sim, script, sut, &checkpoint).await;
            let ops = sim.disk(ENGINE).durable_ops();
            stage.step(position).await;
            let sent = sim.points().counts(ENGINE).get(BEFORE_SEND).copied().unwrap_or_default();
            let durable_ops = sim.disk(ENGINE).durable_ops() - ops;
            let count = Count { durable_ops, requests: sent };
            for index in position + 1..script.steps.len() {
                stage.step(index).await;
            }
            (stage.finish(), count)
        });
        Prepared { position, checkpoint, before, reference, count }
    }));
    all.map_err(|panic| Box::new(panicked(script, sut, panic.as_ref())))
}

/// The points of a step, in the order in which they are told.
fn points(sweep: &Sweep, count: Count) -> Vec<Point> {
    let mut points = Vec::new();
    if sweep.kill.contains(&Axis::DurableOperations) {
        points.extend((1..=count.durable_ops).map(Point::DurableOp));
    }
    if sweep.kill.contains(&Axis::Requests) {
        let requests = 1..=count.requests;
        points.extend(requests.flat_map(|number| {
            Moment::ALL.into_iter().map(move |moment| Point::Request(number, moment))
        }));
    }
    points
}

/// One run with a kill: the process dies at the point, starts again on the same disk, and the story
/// goes on.
fn killed(script: &Script, sut: &SutChoice, prepared: &Prepared, point: Point) -> Outcome {
    let position = prepared.position;
    let run = catch_unwind(AssertUnwindSafe(|| {
        Sim::run(script.seed, async |sim: Sim| {
            let mut stage = Stage::resume(&sim, script, sut, &prepared.checkpoint).await;
            arm(&mut stage, point);
            stage.step_with(position, Expecting::No).await;
            disarm(&mut stage);
            if stage.sut().process().is_some_and(|process| process.is_alive()) {
                let found = "the step ended without coming to it".to_owned();
                let expected = format!("the process dies at {point}");
                stage.broken(Violation::new("sweep", position, expected, found));
            }
            stage.sut().restart().await;
            for index in position + 1..script.steps.len() {
                stage.step_with(index, Expecting::No).await;
            }
            stage.finish()
        })
    }));
    run.unwrap_or_else(|panic| panicked(script, sut, panic.as_ref()))
}

/// One outcome of all.
fn gather(prepared: Prepared, points: &[Point], runs: &[Outcome], command: &str) -> Outcome {
    let Prepared { before, reference: mut outcome, count, .. } = prepared;
    let mut digest = blake3::Hasher::new();
    digest.update(outcome.digest.as_bytes());
    let mut broken: BTreeMap<&str, Vec<(Point, &Violation)>> = BTreeMap::new();
    for (point, run) in points.iter().zip(runs) {
        digest.update(run.digest.as_bytes());
        for (name, times) in &run.checks {
            *outcome.checks.entry(name.clone()).or_default() += times;
        }
        let mut told = BTreeSet::new();
        for violation in run.violations.iter().filter(|violation| !before.contains(violation)) {
            // Once a point: more of the same kind is in the run of that point alone.
            if told.insert(&violation.invariant) {
                broken.entry(&violation.invariant).or_default().push((*point, violation));
            }
        }
    }
    let mut violating = BTreeSet::new();
    for at in broken.values() {
        violating.extend(at.iter().map(|(point, _)| *point));
        let more = at.len().saturating_sub(TOLD_MAX);
        for (nth, (point, violation)) in at.iter().take(TOLD_MAX).enumerate() {
            let rest = if nth == 0 && more > 0 {
                format!(" (and at {more} more points)")
            } else {
                String::new()
            };
            let mut violation = Violation::clone(violation);
            violation.found = format!(
                "killed at {point}: {}{rest}; again with: {command} --point '{point}'",
                violation.found
            );
            outcome.violations.push(violation);
        }
    }
    outcome.verdict = if outcome.violations.is_empty() { Verdict::Passed } else { Verdict::Failed };
    outcome.digest = digest.finalize().to_hex().as_str()[..32].to_owned();
    outcome.requests += runs.iter().map(|run| run.requests).sum::<u64>();
    let shown = format!(
        "{} ({} durable operations + {} x {} requests)",
        points.len(),
        count.durable_ops,
        Moment::ALL.len(),
        count.requests
    );
    outcome.facts.insert("crash points".to_owned(), shown);
    if !violating.is_empty() {
        outcome.facts.insert("violating".to_owned(), violating.len().to_string());
    }
    outcome
}
