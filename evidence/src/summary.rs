//! The counters of one sync run, as it reported them itself.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Counters of a finished run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Summary {
    /// Containers created.
    pub containers: u64,
    /// Items created.
    pub created: u64,
    /// Items merged with at least one side written.
    pub updated: u64,
    /// Items deleted.
    pub deleted: u64,
    /// Fields on which both sides had changed differently.
    pub conflicts: u64,
    /// Subtrees skipped as unchanged.
    pub skipped: u64,
    /// Operations and observations that failed.
    pub errors: u64,
    /// Mappings silently re-pointed.
    pub healed: u64,
    /// Operations held for a decision.
    pub held: u64,
    /// Operations put off to a later run.
    pub deferred: u64,
    /// The user answered no.
    pub aborted: bool,
}

impl fmt::Display for Summary {
    /// The final line of a run, byte for byte as programs parse it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            containers, created, updated, deleted, conflicts, skipped, errors, healed, ..
        } = self;
        write!(
            f,
            "sync: containers={containers} created={created} updated={updated} deleted={deleted} \
             conflicts={conflicts} skipped={skipped} errors={errors} healed={healed}"
        )
    }
}
