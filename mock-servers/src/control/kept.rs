//! Snapshots that are kept to be restored: a bounded number, each under an id.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::server::Snapshot;

/// The most snapshots that are kept.
pub(super) const MOST: usize = 32;

/// One snapshot of every server.
#[derive(Clone, Debug)]
pub(super) struct Moment {
    /// What it was called.
    pub(super) name: String,
    /// When it was taken, on the servers' clock.
    pub(super) at: Timestamp,
    /// Of each server, in the order of the fleet.
    pub(super) snapshots: Vec<Snapshot>,
}

/// The snapshots that are kept, by id.
#[derive(Debug, Default)]
pub(super) struct Kept {
    taken: u64,
    moments: BTreeMap<u64, Moment>,
}

/// As many snapshots are kept as can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Full;

impl Kept {
    /// Keeps one and returns its id, which is never given again.
    pub(super) fn keep(&mut self, moment: Moment) -> Result<u64, Full> {
        if self.moments.len() >= MOST {
            return Err(Full);
        }
        self.taken += 1;
        self.moments.insert(self.taken, moment);
        Ok(self.taken)
    }

    pub(super) fn find(&self, id: u64) -> Option<&Moment> {
        self.moments.get(&id)
    }

    pub(super) fn all(&self) -> impl Iterator<Item = (u64, &Moment)> {
        self.moments.iter().map(|(id, moment)| (*id, moment))
    }

    pub(super) fn forget(&mut self, id: u64) -> Option<Moment> {
        self.moments.remove(&id)
    }
}
