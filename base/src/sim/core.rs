//! What the processes of a simulation share.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, Weak},
};

use jiff::SignedDuration;
use tokio::{runtime::Handle, time::Instant};

use super::Config;
use crate::{
    Clock, Digest, Entropy, Env, Points, Process,
    clock::Skew,
    digest::Emitter,
    disk::{DiskImage, ProcessDisk, SimDisk},
    net::{ProcessNet, SimNet},
    points::Registry,
    process::{Mode, OnDeath},
    sync::lock,
};

/// The state of a simulation.
pub(super) struct Core {
    pub(super) seed: u64,
    pub(super) digest: Digest,
    pub(super) net: SimNet,
    pub(super) points: Registry,
    pub(super) started: Instant,
    /// The simulation's own way into the digest, for what no process does.
    pub(super) emitter: Emitter,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    disks: BTreeMap<String, SimDisk>,
    skews: BTreeMap<String, Skew>,
    lives: BTreeMap<String, u64>,
    processes: BTreeMap<u64, Process>,
    made: u64,
}

impl Core {
    pub(super) fn new(config: &Config) -> Arc<Core> {
        let started = Instant::now();
        let digest = Digest::new(started, config.trace_max);
        let emitter = digest.emitter("sim".into());
        emitter.emit("seed", &[&config.seed.to_le_bytes()]);
        Arc::new(Core {
            seed: config.seed,
            net: SimNet::new(Entropy::seeded(config.seed)),
            points: Registry::default(),
            digest,
            started,
            emitter,
            state: Mutex::default(),
        })
    }

    pub(super) fn process(self: &Arc<Core>, name: &str) -> Env {
        let disk = self.disk(name);
        let mut state = lock(&self.state);
        let state = &mut *state;
        state.made += 1;
        let number = state.made;
        let life = state.lives.entry(name.to_owned()).or_default();
        *life += 1;
        let emitter = self.digest.emitter(format!("{name}#{life}").into());
        emitter.emit("process.start", &[]);
        let on_death = Death { core: Arc::downgrade(self), number };
        let mode = Mode::Simulated { emitter: emitter.clone(), on_death: Arc::new(on_death) };
        let process = Process::new(name, mode);
        let skew = state.skews.entry(name.to_owned()).or_insert_with(Skew::none).clone();
        let clock = Clock::virtual_since(self.started, skew);
        let net = ProcessNet::new(self.net.clone(), process.clone(), number, emitter.clone());
        let entropy = Entropy::of_process(self.seed, name, *life, emitter.clone());
        let points = Points::simulated(process.clone(), emitter.clone(), self.points.clone());
        let disk = ProcessDisk::new(&disk, &process, number, Some(emitter), &clock, &entropy);
        state.processes.retain(|_, process| process.is_alive() || !process.panicked().is_empty());
        state.processes.insert(number, process.clone());
        Env { clock, entropy, net: Arc::new(net), disk: Arc::new(disk), process, points }
    }

    pub(super) fn disk(&self, name: &str) -> SimDisk {
        let mut state = lock(&self.state);
        state.disks.entry(name.to_owned()).or_insert_with(|| SimDisk::new(name)).clone()
    }

    pub(super) fn put_disk(&self, name: &str, image: &DiskImage) -> SimDisk {
        let disk = SimDisk::from_image(name, image);
        lock(&self.state).disks.insert(name.to_owned(), disk.clone());
        disk
    }

    pub(super) fn shift_clock(&self, process: &str, by: SignedDuration) {
        let skew = {
            let mut state = lock(&self.state);
            state.skews.entry(process.to_owned()).or_insert_with(Skew::none).clone()
        };
        let by_ns = by.as_nanos().to_le_bytes();
        self.emitter.emit("clock.shift", &[process.as_bytes(), &by_ns]);
        skew.shift(by);
    }

    /// Which tasks panicked without anybody looking at it.
    pub(super) fn panicked(&self) -> Vec<String> {
        let state = lock(&self.state);
        let processes = state.processes.values();
        processes
            .flat_map(|process| {
                let name = process.name().to_owned();
                process.panicked().into_iter().map(move |task| format!("{name}: {task}"))
            })
            .collect()
    }

    /// Ends everything when the run is over: nothing goes into the digest, no process lives.
    pub(super) fn finish(&self) {
        self.digest.seal();
        let processes = std::mem::take(&mut lock(&self.state).processes);
        for process in processes.values() {
            process.kill();
        }
        self.net.clear();
    }

    fn silence(&self, number: u64) {
        self.net.silence(number);
        let disks: Vec<SimDisk> = lock(&self.state).disks.values().cloned().collect();
        for disk in disks {
            disk.release(number);
        }
    }
}

/// What the simulation does when a process dies.
struct Death {
    core: Weak<Core>,
    number: u64,
}

impl OnDeath for Death {
    fn silence(&self) {
        if let Some(core) = self.core.upgrade() {
            core.silence(self.number);
        }
    }

    #[expect(clippy::disallowed_methods, reason = "the burial belongs to no process")]
    fn bury(&self, process: &Process) {
        let Some(core) = self.core.upgrade() else { return };
        let number = self.number;
        let process = process.clone();
        match Handle::try_current() {
            Ok(runtime) => {
                drop(runtime.spawn(async move {
                    process.drained().await;
                    core.net.bury(number);
                }));
            }
            // The run is over, and there are no peers.
            Err(_) => core.net.bury(number),
        }
    }
}
