//! From a scenario and a seed to a script: which items there are, which of them each step touches.
//!
//! Every choice hashes (seed, step, item), so that a step more or less changes nothing in the
//! others. Takes time in proportion to the number of items.

mod bodies;
mod counts;
mod file;
mod items;
mod steps;

use std::collections::BTreeSet;

use calamity_evidence::Side;
use calamity_mock_servers::Protocol;
use thiserror::Error;

use crate::language::{Baseline, Must as MustText, Provider, Reading, Rejected};
use crate::script::{self, Account, Act, Must, Script, Step, Sweep, VERSION, World};

use bodies::Bodies;
use counts::Counts;
pub use file::CalendarFile;
use items::Pool;

/// The most runs of the system under test before the story.
const BASELINE_RUNS_MAX: u64 = 10;
/// The most runs after it. A run that met `Retry-After` beyond its budget puts work off, and holds
/// release themselves one run later; more than a few runs mean that it does not converge.
const SETTLE_RUNS_MAX: u64 = 12;
/// Virtual time between two runs after the story. Together with [`SETTLE_RUNS_MAX`] half a day.
const SETTLE_PAUSE_MS: u64 = 3_600_000;

/// The owner of an account that names none.
const OWNER_A: &str = "me@a.example";
const OWNER_B: &str = "me@b.example";

/// What an expansion is told beside the scenario.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The drill's name.
    pub drill: String,
    /// Tags beside those of the scenario.
    pub tags: Vec<String>,
    /// The seed, in place of the world's.
    pub seed: Option<u64>,
    /// A calendar whose events take the place of the world's.
    pub calendar: Option<CalendarFile>,
}

/// Why a scenario cannot be expanded.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Error {
    /// It asks for something that its world does not hold.
    #[error(transparent)]
    Rejected(#[from] Rejected),
    /// The calendar file holds nothing that can be read.
    #[error("{path}:{line}:{column}: {what}")]
    Calendar {
        /// The file.
        path: String,
        /// The line, from 1.
        line: u64,
        /// The column, from 1.
        column: u64,
        /// What is wrong there.
        what: String,
    },
}

/// Expands a scenario.
///
/// # Errors
/// [`enum@Error`].
pub fn expand(reading: &Reading, options: &Options) -> Result<Script, Error> {
    let scenario = &reading.scenario;
    let seed = options.seed.unwrap_or(scenario.world.seed);
    let given = options.calendar.as_ref().map(file::read).transpose()?;
    let mut world = world(reading);
    if let Some(owner) = given.as_ref().and_then(file::Given::owner) {
        // The file is the user's own calendar: whoever organizes most of it is the user.
        world.a.owner.clone_from(&owner);
        world.b.owner = owner;
    }
    let bodies = Bodies::new(&world, given.as_ref(), seed);
    let mut pool = Pool::new(seed);
    let mut refused = Vec::new();
    let seeded = match &given {
        Some(given) => file::place(given, scenario, &world, &bodies, &mut pool, &mut refused),
        None => bodies::seed(scenario, &bodies, &mut pool),
    };
    let held = pool.inexpressible().len() as u64;
    let mut counts = match &given {
        Some(_) => Counts::scaled(events(reading), seeded.len() as u64 - held, held),
        None => Counts::exact(),
    };
    let mut steps = vec![Step { name: "seed".to_owned(), act: Act::Seed(seeded) }];
    if scenario.world.baseline == Baseline::InSync {
        let baseline = script::Baseline { runs_max: BASELINE_RUNS_MAX };
        steps.push(Step { name: "baseline".to_owned(), act: Act::Baseline(baseline) });
        pool.synced();
    }
    let told = steps::tell(scenario, &world, &bodies, &mut pool, &mut counts);
    steps.extend(told.map_err(|mistakes| reject(reading, mistakes))?);
    let must = scenario.must.iter().map(|must| self::must(must, &counts)).collect::<Vec<_>>();
    if must.contains(&Must::Converged) {
        let settle = script::Settle { runs_max: SETTLE_RUNS_MAX, pause_ms: SETTLE_PAUSE_MS };
        steps.push(Step { name: "settle".to_owned(), act: Act::Settle(settle) });
    }
    let sweep = scenario.sweep.as_ref().map(|sweep| {
        let kill: BTreeSet<_> = sweep.kill.iter().map(|axis| axis.value).collect();
        Sweep { kill: kill.into_iter().collect(), step: sweep.step.value.clone() }
    });
    let own = scenario.tags.iter().map(|tag| tag.value.clone());
    let mut tags: Vec<String> = options.tags.iter().cloned().chain(own).collect();
    let mut known = BTreeSet::new();
    tags.retain(|tag| known.insert(tag.clone()));
    Ok(Script {
        script: VERSION,
        drill: options.drill.clone(),
        title: scenario.name.value.clone(),
        tags,
        reproduces: scenario.reproduces,
        seed,
        world,
        steps,
        must,
        sweep,
        inexpressible: pool.into_inexpressible(),
        refused,
    })
}

fn reject(reading: &Reading, mistakes: Vec<crate::language::Diagnostic>) -> Error {
    Error::Rejected(reading.reject(mistakes))
}

/// How many events the scenario's own world holds.
fn events(reading: &Reading) -> u64 {
    let world = &reading.scenario.world;
    let calendars = world.a.account().calendars.iter().chain(&world.b.account().calendars);
    calendars.map(|calendar| calendar.events).sum()
}

fn world(reading: &Reading) -> World {
    let world = &reading.scenario.world;
    World {
        a: account(&world.a, OWNER_A),
        b: account(&world.b, OWNER_B),
        attendees: world.attendees,
        thresholds: world.thresholds,
        filter: world.filter.clone(),
        proven: world.proven.iter().map(|on| Side::from(*on)).collect(),
    }
}

fn account(provider: &Provider, owner: &str) -> Account {
    let (protocol, profile) = match provider {
        Provider::Jmap(_) => (Protocol::Jmap, "strict"),
        Provider::Graph(_) => (Protocol::Graph, "m365"),
    };
    let text = |placed: &Option<crate::language::Placed<String>>, default: &str| {
        placed.as_ref().map_or_else(|| default.to_owned(), |placed| placed.to_string())
    };
    let account = provider.account();
    Account {
        protocol,
        profile: text(&account.profile, profile),
        owner: text(&account.owner, owner),
        calendars: account.calendars.iter().map(|calendar| calendar.name.to_string()).collect(),
    }
}

fn must(must: &MustText, counts: &Counts) -> Must {
    match must {
        MustText::Converged => Must::Converged,
        MustText::Outbox(outbox) => Must::Outbox(*outbox),
        MustText::Writes(writes) => {
            let mut writes = writes.clone();
            for amount in [&mut writes.creates, &mut writes.updates, &mut writes.deletes] {
                *amount = amount.map(|amount| counts.amount(amount));
            }
            Must::Writes(writes)
        }
    }
}

#[cfg(test)]
mod tests;
