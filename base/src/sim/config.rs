//! What a simulation is started with.

use std::time::Duration;

/// What a simulation is started with.
#[derive(Clone, Debug)]
pub struct Config {
    /// The seed: of delays, and of every process's entropy.
    pub seed: u64,
    /// How many of the last digest records to keep for looking at.
    pub trace_max: usize,
    /// Virtual time after which the run is given up. A run in which everybody waits for somebody
    /// else reaches it at once, because time passes when nobody has anything to do.
    pub limit: Duration,
}

impl Config {
    /// This seed, no trace, and ten virtual years.
    #[must_use]
    pub fn new(seed: u64) -> Config {
        Config { seed, trace_max: 0, limit: Duration::from_secs(10 * 366 * 86_400) }
    }
}
