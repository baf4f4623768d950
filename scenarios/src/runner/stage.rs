//! The stage on which a script is carried out: two servers on a simulated network, the system under
//! test beside them, and everything that is written down.

use std::time::Duration;

use calamity_base::disk::DiskImage;
use calamity_base::net::Addr;
use calamity_base::redact::Secret;
use calamity_base::{Env, Sim};
use calamity_evidence::{Outcome, Side, Step, Violation};
use calamity_mock_servers::{Server, ServerConfig, Snapshot};

use crate::invariants::{Judges, Need};
use crate::script::{Act, Script};
use crate::sut::{Access, ENGINE, Engine, STORE, Sut, SutChoice};
use crate::view::{Held, StoreImage, View};

use super::logs::Logs;
use super::record::Record;
use super::{acts, outcome, rest};

/// What the requests of the system under test carry, by side. It must appear nowhere.
const CREDENTIALS: [&str; 2] = ["secret-token-of-side-a", "secret-token-of-side-b"];
/// The port on which the servers listen.
const PORT: u16 = 80;

/// Whether what a step expects is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expecting {
    /// It is.
    Yes,
    /// It is not: the step is being disturbed.
    No,
}

/// A script in the middle of being carried out.
pub struct Stage<'s> {
    pub(super) script: &'s Script,
    pub(super) sim: Sim,
    pub(super) servers: [Server; 2],
    pub(super) sut: Box<dyn Sut>,
    pub(super) logs: Logs,
    pub(super) record: Record,
    judges: Judges,
    /// The processes and listeners of the servers, which live as long as these do.
    hosts: Vec<(Env, calamity_base::http::Server)>,
}

/// Everything from which a script can be carried on in another simulation of the same seed.
#[derive(Clone, Debug)]
pub struct Checkpoint {
    servers: [Snapshot; 2],
    disk: DiskImage,
    elapsed: Duration,
    logs: Logs,
    record: Record,
    judges: Judges,
}

impl std::fmt::Debug for Stage<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Stage")
            .field("drill", &self.script.drill)
            .field("sut", &self.sut.name())
            .field("steps", &self.record.steps.len())
            .field("hosts", &self.hosts.len())
            .finish_non_exhaustive()
    }
}

impl<'s> Stage<'s> {
    /// Empty servers, and a system under test that has never run.
    pub async fn new(sim: &Sim, script: &'s Script, choice: &SutChoice) -> Stage<'s> {
        let mut servers = Vec::new();
        let mut hosts = Vec::new();
        let mut accesses = Vec::new();
        for side in Side::BOTH {
            let account = script.world.account(side);
            let host = format!("{}.{side}.example", account.protocol);
            let env = sim.process(&host);
            let credential = Secret::new(CREDENTIALS[usize::from(side == Side::B)]);
            let config = ServerConfig {
                side,
                protocol: account.protocol,
                profile: account.profile.clone(),
                owner: account.owner.clone(),
                credential: credential.clone(),
                seed: script.seed,
                others: Vec::new(),
            };
            let server = Server::new(&env, config)
                .unwrap_or_else(|error| panic!("the script was checked, and yet: {error}"));
            let listening = server.start(&env, Addr::new(host, PORT)).await;
            let listening = listening.expect("nobody else listens on this host of the simulation");
            accesses.push(Access {
                protocol: account.protocol,
                endpoint: listening.endpoint.clone(),
                credential,
                owner: account.owner.clone(),
            });
            hosts.push((env, listening));
            servers.push(server);
        }
        let servers = pair(servers);
        let sut = Engine::new(sim, choice, &script.world, pair(accesses));
        let mut offered = vec![Need::WriteLog, Need::Outbox, Need::Printed];
        offered.extend(sut.capabilities().store.then_some(Need::Store));
        Stage {
            script,
            sim: sim.clone(),
            servers,
            sut: Box::new(sut),
            logs: Logs::default(),
            record: Record::default(),
            judges: Judges::start(&offered),
            hosts,
        }
    }

    /// A stage as another one was. The simulation must have the script's seed, and have just begun.
    pub async fn resume(
        sim: &Sim,
        script: &'s Script,
        choice: &SutChoice,
        from: &Checkpoint,
    ) -> Stage<'s> {
        sim.advance(from.elapsed).await;
        drop(sim.disk_from(ENGINE, &from.disk));
        let mut stage = Stage::new(sim, script, choice).await;
        for (server, snapshot) in stage.servers.iter().zip(&from.servers) {
            server.restore(snapshot);
        }
        stage.logs = from.logs.clone();
        stage.record = from.record.clone();
        stage.judges = from.judges.clone();
        stage
    }

    /// Everything as it is between two steps.
    #[must_use]
    pub fn checkpoint(&self) -> Checkpoint {
        let [a, b] = &self.servers;
        let now = self.sim.clock().now();
        Checkpoint {
            servers: [a.snapshot(), b.snapshot()],
            disk: self.sim.disk(ENGINE).snapshot(),
            elapsed: now.duration_since(calamity_base::clock::epoch()).unsigned_abs(),
            logs: self.logs.clone(),
            record: self.record.clone(),
            judges: self.judges.clone(),
        }
    }

    /// The simulation.
    #[must_use]
    pub fn sim(&self) -> &Sim {
        &self.sim
    }

    /// The servers of side a and of side b.
    #[must_use]
    pub fn servers(&self) -> &[Server; 2] {
        &self.servers
    }

    /// The system under test.
    pub fn sut(&mut self) -> &mut dyn Sut {
        self.sut.as_mut()
    }

    /// What was found wrong so far.
    #[must_use]
    pub fn violations(&self) -> &[Violation] {
        &self.record.violations
    }

    /// Notes something that was found wrong by whoever carries the script out.
    pub fn broken(&mut self, violation: Violation) {
        self.record.broken([violation]);
    }

    /// Carries out a step and judges what happened in it.
    pub async fn step(&mut self, index: usize) {
        self.step_with(index, Expecting::Yes).await;
    }

    /// [`Stage::step`], with or without what the step itself expects.
    pub async fn step_with(&mut self, index: usize, expecting: Expecting) {
        let script = self.script;
        let step = &script.steps[index];
        self.record.steps.push(Step {
            index,
            name: step.act.to_string(),
            at: self.sim.clock().now(),
            exit: None,
            summary: None,
            held: std::collections::BTreeMap::new(),
            printed: String::new(),
        });
        match &step.act {
            Act::Seed(items) => acts::seed(self, index, items),
            Act::Baseline(baseline) => rest::baseline(self, index, baseline).await,
            Act::Settle(settle) => rest::settle(self, index, settle).await,
            act => acts::carry_out(self, index, &step.name, act, expecting).await,
        }
        self.logs.read(&self.servers);
        if matches!(step.act, Act::Seed(_) | Act::Baseline(_)) {
            self.record.story = self.logs.marks();
        }
        if let Some(step) = self.record.steps.last_mut() {
            step.at = self.sim.clock().now();
        }
        self.judge(index, Judges::after_step);
    }

    /// Judges the whole and says how it ended.
    #[must_use]
    pub fn finish(mut self) -> Outcome {
        let last = self.script.steps.len().saturating_sub(1);
        self.logs.read(&self.servers);
        rest::must(&mut self, last);
        self.judge(last, Judges::at_end);
        outcome::of(self)
    }

    /// Asks every invariant for which there is something to see.
    fn judge(&mut self, step: usize, ask: impl Fn(&mut Judges, &View<'_>) -> Vec<Violation>) {
        let store = self.sut.disk().map(|image| StoreImage::new(image, STORE));
        let faults = acts::fired(self);
        let [a, b] = &self.servers;
        let view = View {
            script: self.script,
            step,
            servers: [a, b],
            writes: &self.logs.writes,
            mails: &self.logs.mails,
            requests: &self.logs.requests,
            hits: &self.logs.hits,
            intents: &self.record.intents,
            runs: &self.record.runs,
            story: self.record.story,
            settled: self.record.settled,
            store: store.as_ref(),
            secrets: &CREDENTIALS,
            faults: &faults,
            held: Held::default(),
        };
        let found = ask(&mut self.judges, &view);
        drop(view);
        self.record.checks.extend(self.judges.checks());
        self.record.broken(found);
    }
}

/// Exactly two of them.
fn pair<T>(items: Vec<T>) -> [T; 2] {
    let Ok(pair) = <[T; 2]>::try_from(items) else { unreachable!("there is one for each side") };
    pair
}
