//! One value that carries every seam of a process.

use std::{path::Path, sync::Arc};

use crate::{
    Clock, Entropy, Points, Process,
    disk::{Disk, FileDisk},
    net::{Net, TcpNet},
};

/// Everything that a process may ask of the machine. Cheap to clone; passed on, never ambient.
#[derive(Clone, Debug)]
pub struct Env {
    /// Time and waiting.
    pub clock: Clock,
    /// Randomness, as named streams.
    pub entropy: Entropy,
    /// Connections, out and in.
    pub net: Arc<dyn Net>,
    /// Files of databases.
    pub disk: Arc<dyn Disk>,
    /// The tasks that live and die together.
    pub process: Process,
    /// Named places at which a scenario may delay, fail or kill.
    pub points: Points,
}

impl Env {
    /// The machine itself: its time, randomness and network, databases in `directory`. Used within
    /// a tokio runtime.
    #[must_use]
    pub fn production(name: &str, directory: &Path) -> Env {
        Env {
            clock: Clock::system(),
            entropy: Entropy::os(),
            net: Arc::new(TcpNet),
            disk: Arc::new(FileDisk::new(directory)),
            process: Process::production(name),
            points: Points::none(),
        }
    }

    /// This environment with another clock: a socket mock's is frozen and advanced by its control
    /// API.
    #[must_use]
    pub fn with_clock(mut self, clock: Clock) -> Env {
        self.clock = clock;
        self
    }

    /// This environment with other randomness: a socket mock's is seeded.
    #[must_use]
    pub fn with_entropy(mut self, entropy: Entropy) -> Env {
        self.entropy = entropy;
        self
    }
}
