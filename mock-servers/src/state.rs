//! All that changes while a server lives, as one value that can be kept and put back.

use std::collections::{BTreeMap, BTreeSet};

use calamity_evidence::{Lineage, Side};

use crate::account::Account;
use crate::faults::Armed;
use crate::journal::Journal;
use crate::outbox::Outbox;

/// See the module.
#[derive(Clone, Debug)]
pub(crate) struct State {
    /// Calendars and items.
    pub(crate) account: Account,
    /// Faults and their hits.
    pub(crate) faults: Armed,
    /// Requests and writes.
    pub(crate) journal: Journal,
    /// Messages to people.
    pub(crate) outbox: Outbox,
    /// The uids under which a token was ever seen; the item itself is asked whether it still
    /// carries it.
    pub(crate) lineages: BTreeMap<Lineage, BTreeSet<String>>,
}

impl State {
    pub(crate) fn new(seed: u64, side: Side) -> Self {
        Self {
            account: Account::new(seed),
            faults: Armed::new(seed, side),
            journal: Journal::default(),
            outbox: Outbox::default(),
            lineages: BTreeMap::new(),
        }
    }
}
