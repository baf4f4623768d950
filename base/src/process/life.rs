//! The life of a process: spawning, and true death.
//!
//! Death happens in this order: the process is marked dead, at which its seams go silent (no byte
//! leaves, no durable operation lands, database futures stay pending); then all of its tasks drop;
//! then its peers see resets. A dropped future is no crash: what it spawned would go on.

use std::{
    collections::BTreeMap,
    fmt,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
};

use tokio::{runtime::Handle, sync::watch, task::AbortHandle};

use super::{Executor, Task};
use crate::{digest::Emitter, sync::lock};

/// How many bytes of a task's name go into the digest.
const TASK_NAME_BYTES: usize = 64;

/// The tasks that live and die together. Cheap to clone; clones are the same process.
#[derive(Clone)]
pub struct Process(Arc<Inner>);

struct Inner {
    name: String,
    mode: Mode,
    alive: AtomicBool,
    tasks: watch::Sender<usize>,
    died: watch::Sender<bool>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// The tasks that have not ended; without a handle for the moment of spawning.
    running: BTreeMap<u64, Option<AbortHandle>>,
    spawned: u64,
    /// Tasks that panicked and whose panic nobody has looked at, by number.
    panicked: BTreeMap<u64, String>,
}

/// Whether a process runs for real.
pub(crate) enum Mode {
    Production,
    Simulated { emitter: Emitter, on_death: Arc<dyn OnDeath> },
}

/// What the simulation does when a process dies.
pub(crate) trait OnDeath: Send + Sync {
    /// Silences the seams; called once, right after the process was marked dead.
    fn silence(&self);
    /// Called after the tasks were told to stop; lets peers see resets once they have.
    fn bury(&self, process: &Process);
}

impl Process {
    /// A process whose tasks run on the tokio runtime that spawns them.
    #[must_use]
    pub fn production(name: &str) -> Process {
        Process::new(name, Mode::Production)
    }

    pub(crate) fn new(name: &str, mode: Mode) -> Process {
        Process(Arc::new(Inner {
            name: name.to_owned(),
            mode,
            alive: AtomicBool::new(true),
            tasks: watch::Sender::new(0),
            died: watch::Sender::new(false),
            state: Mutex::default(),
        }))
    }

    /// The process's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// Whether nobody has killed it yet.
    #[must_use]
    pub fn is_alive(&self) -> bool {
        self.0.alive.load(Ordering::Acquire)
    }

    /// Whether both are handles of one process.
    #[must_use]
    pub fn is(&self, other: &Process) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    /// Runs `future` as a task of this process, within a tokio runtime. In a dead process it is
    /// dropped, and the handle says killed.
    pub fn spawn<F>(&self, name: &str, future: F) -> Task<F::Output>
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
    {
        self.spawn_on(&Handle::current(), name, future)
    }

    /// [`Process::spawn`] from a thread that is not the runtime's.
    #[expect(clippy::disallowed_methods, reason = "the one place that spawns tasks")]
    pub(crate) fn spawn_on<F>(&self, runtime: &Handle, name: &str, future: F) -> Task<F::Output>
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
    {
        let alive = self.is_alive();
        let number = {
            let mut state = lock(&self.0.state);
            state.spawned += 1;
            let number = state.spawned;
            if alive {
                state.running.insert(number, None);
                self.0.tasks.send_replace(state.running.len());
            }
            number
        };
        if !alive {
            return Task::new(None, self.clone(), number);
        }
        if let Mode::Simulated { emitter, .. } = &self.0.mode {
            let name = &name.as_bytes()[..name.len().min(TASK_NAME_BYTES)];
            emitter.emit("process.spawn", &[name, &number.to_le_bytes()]);
        }
        let membership = Membership { process: self.clone(), number, name: name.to_owned() };
        let handle = runtime.spawn(async move {
            // Declared first, so dropped after the future: a process without members has no
            // running destructors either.
            let _membership = membership;
            future.await
        });
        // On another thread the task may have ended by now, and is not listed any more.
        if let Some(slot) = lock(&self.0.state).running.get_mut(&number) {
            *slot = Some(handle.abort_handle());
        }
        if !self.is_alive() {
            handle.abort();
        }
        Task::new(Some(handle), self.clone(), number)
    }

    /// What hyper spawns with.
    #[must_use]
    pub fn executor(&self) -> Executor {
        Executor::new(self.clone())
    }

    /// Kills the process. From this call on nothing of it leaves; code of it that is running goes on
    /// only to the next point where it waits. In production its tasks are aborted.
    pub fn kill(&self) {
        if !self.0.alive.swap(false, Ordering::AcqRel) {
            return;
        }
        if let Mode::Simulated { emitter, on_death } = &self.0.mode {
            emitter.emit("process.kill", &[]);
            on_death.silence();
        }
        let running: Vec<AbortHandle> =
            lock(&self.0.state).running.values().flatten().cloned().collect();
        for task in running {
            task.abort();
        }
        self.0.died.send_replace(true);
        if let Mode::Simulated { on_death, .. } = &self.0.mode {
            on_death.bury(self);
        }
    }

    /// Waits until the process is killed.
    pub async fn killed(&self) {
        let mut died = self.0.died.subscribe();
        // The sender lives as long as `self`.
        drop(died.wait_for(|died| *died).await);
    }

    /// Waits until no task of the process is left.
    pub async fn drained(&self) {
        let mut tasks = self.0.tasks.subscribe();
        drop(tasks.wait_for(|tasks| *tasks == 0).await);
    }

    /// The names of the tasks that panicked without anybody looking at it.
    pub(crate) fn panicked(&self) -> Vec<String> {
        lock(&self.0.state).panicked.values().cloned().collect()
    }

    pub(crate) fn panic_seen(&self, number: u64) {
        lock(&self.0.state).panicked.remove(&number);
    }
}

impl fmt::Debug for Process {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Process")
            .field("name", &self.0.name)
            .field("alive", &self.is_alive())
            .finish_non_exhaustive()
    }
}

/// Held by a running task; ends with it.
struct Membership {
    process: Process,
    number: u64,
    name: String,
}

impl Drop for Membership {
    fn drop(&mut self) {
        let mut state = lock(&self.process.0.state);
        state.running.remove(&self.number);
        if std::thread::panicking() {
            state.panicked.insert(self.number, std::mem::take(&mut self.name));
        }
        self.process.0.tasks.send_replace(state.running.len());
    }
}
