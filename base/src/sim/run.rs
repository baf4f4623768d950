//! Running a simulation.

use std::{fmt, sync::Arc, time::Duration};

use jiff::SignedDuration;

use super::{Config, core::Core};
use crate::{
    Clock, Entropy, Env,
    clock::Skew,
    digest::{DigestValue, Record},
    disk::{DiskImage, SimDisk},
    net::SimNet,
    points::{Place, PointAction, Registry},
};

/// A running simulation. Cheap to clone.
#[derive(Clone)]
pub struct Sim(Arc<Core>);

impl Sim {
    /// Runs `f` in a simulation of its own, on this thread, and returns when `f` does; whatever is
    /// still running is dropped then. Not to be called from within an async context.
    ///
    /// # Panics
    /// When `f` does, when a task panicked and nobody looked at its result, and when the run
    /// exceeds its limit of virtual time, as one does in which everybody waits for somebody else.
    pub fn run<T>(seed: u64, f: impl AsyncFnOnce(Sim) -> T) -> T {
        Sim::run_with(&Config::new(seed), f)
    }

    /// [`Sim::run`] with more to say about it.
    ///
    /// # Panics
    /// As [`Sim::run`].
    pub fn run_with<T>(config: &Config, f: impl AsyncFnOnce(Sim) -> T) -> T {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .start_paused(true)
            .build()
            .expect("a runtime without I/O needs nothing that can be refused");
        let (value, panicked) = runtime.block_on(async {
            let core = Core::new(config);
            let _end = End(core.clone());
            let value = tokio::select! {
                biased;
                value = f(Sim(core.clone())) => value,
                () = tokio::time::sleep(config.limit) => {
                    panic!("the simulation reached its limit of {:?}: everybody waits", config.limit)
                }
            };
            (value, core.panicked())
        });
        drop(runtime);
        assert!(panicked.is_empty(), "tasks panicked: {}", panicked.join(", "));
        value
    }

    /// The seed.
    #[must_use]
    pub fn seed(&self) -> u64 {
        self.0.seed
    }

    /// Starts a process: its own life, entropy, points and skew, the one network, and the disk of
    /// its name. The same name again is a restart: the same files and the same skew.
    #[must_use]
    pub fn process(&self, name: &str) -> Env {
        self.0.process(name)
    }

    /// The disk of the processes of this name.
    #[must_use]
    pub fn disk(&self, name: &str) -> SimDisk {
        self.0.disk(name)
    }

    /// Gives the processes of this name that start from now on a disk with these files. Its count
    /// of durable operations begins at zero.
    pub fn disk_from(&self, name: &str, image: &DiskImage) -> SimDisk {
        self.0.put_disk(name, image)
    }

    /// The network.
    #[must_use]
    pub fn net(&self) -> SimNet {
        self.0.net.clone()
    }

    /// What is armed at points and what was reached.
    #[must_use]
    pub fn points(&self) -> Registry {
        self.0.points.clone()
    }

    /// Arms a point of a process: once.
    pub fn arm(&self, process: &str, place: Place, action: PointAction) {
        self.0.points.arm(process, place, action);
    }

    /// The simulation's own clock, which nothing shifts.
    #[must_use]
    pub fn clock(&self) -> Clock {
        Clock::virtual_since(self.0.started, Skew::none())
    }

    /// Randomness of the simulation's own, from its seed.
    #[must_use]
    pub fn entropy(&self) -> Entropy {
        Entropy::seeded(self.0.seed)
    }

    /// Lets this much virtual time pass, and everything happen in it.
    pub async fn advance(&self, by: Duration) {
        tokio::time::sleep(by).await;
    }

    /// Makes the clock of the processes of this name jump, and stay off by so much.
    pub fn shift_clock(&self, process: &str, by: SignedDuration) {
        self.0.shift_clock(process, by);
    }

    /// The digest of what happened so far.
    #[must_use]
    pub fn digest(&self) -> DigestValue {
        self.0.digest.value()
    }

    /// How many records the digest is of.
    #[must_use]
    pub fn records(&self) -> u64 {
        self.0.digest.records()
    }

    /// The last records, oldest first: as many as [`Config::trace_max`] says.
    #[must_use]
    pub fn trace(&self) -> Vec<Record> {
        self.0.digest.trace()
    }
}

#[cfg(test)]
impl Sim {
    /// Whether anything still holds on to the simulation.
    pub(super) fn weak(&self) -> std::sync::Weak<Core> {
        Arc::downgrade(&self.0)
    }
}

impl fmt::Debug for Sim {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Sim").field("seed", &self.seed()).finish_non_exhaustive()
    }
}

/// Ends the run, also when it panics.
struct End(Arc<Core>);

impl Drop for End {
    fn drop(&mut self) {
        self.0.finish();
    }
}
