//! How many deletes pass without a question.

use serde::{Deserialize, Serialize};

/// The mass-delete ceiling.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Thresholds {
    /// Up to so many deletes of a container always pass this ceiling.
    pub deletes_free: u64,
    /// Above that, at most so many deletes of a container in a run ...
    pub deletes_container_max: u64,
    /// ... and at most this share of what the container held, 0 to 1.
    pub deletes_container_share_max: f64,
    /// At most so many deletes in a run over all containers.
    pub deletes_run_max: u64,
    /// At most so many deletes in [`Thresholds::WINDOW_HOURS`] over all runs.
    pub deletes_window_max: u64,
    /// At most so many deletes of a container are confirmed one by one at the provider; more wait.
    pub confirmations_max: usize,
}

impl Thresholds {
    /// The sliding window over runs, in hours.
    pub const WINDOW_HOURS: i64 = 24;
}

impl Default for Thresholds {
    fn default() -> Self {
        Self {
            deletes_free: 3,
            deletes_container_max: 50,
            deletes_container_share_max: 0.2,
            deletes_run_max: 100,
            deletes_window_max: 100,
            confirmations_max: 500,
        }
    }
}
