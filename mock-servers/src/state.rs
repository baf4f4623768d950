//! All that changes while a server lives, as one value that can be kept and put back.

use std::collections::{BTreeMap, BTreeSet};

use calamity_evidence::{Lineage, Side};

use crate::account::Account;
use crate::directory::{Focus, Realm};
use crate::faults::Armed;
use crate::journal::Journal;
use crate::outbox::Outbox;

/// Far enough apart that no two accounts make the same ids.
const A_USER: u64 = 0x9E37_79B9_7F4A_7C15;
const OF_CONTACTS: u64 = 0x632B_E59B_D9B4_E019;
const OF_INBOX: u64 = 0x2545_F491_4F6C_DD1D;

/// What one user has.
#[derive(Clone, Debug)]
struct Accounts {
    calendars: Account,
    contacts: Account,
    inbox: Account,
}

/// See the module.
#[derive(Clone, Debug)]
pub(crate) struct State {
    accounts: Vec<Accounts>,
    /// Faults and their hits.
    pub(crate) faults: Armed,
    /// Requests and writes.
    pub(crate) journal: Journal,
    /// Messages to people.
    pub(crate) outbox: Outbox,
    /// The uids under which a token was ever seen; the item itself is asked whether it still
    /// carries it.
    pub(crate) lineages: BTreeMap<Lineage, BTreeSet<String>>,
    /// What a Graph server keeps beside mailboxes.
    pub(crate) graph: crate::graph::Kept,
}

impl State {
    /// Empty accounts for so many users.
    pub(crate) fn new(seed: u64, side: Side, users: usize) -> Self {
        let accounts = (0..users.max(1) as u64).map(|user| {
            let own = seed.wrapping_add(user.wrapping_mul(A_USER));
            Accounts {
                calendars: Account::new(own),
                contacts: Account::new(own.wrapping_add(OF_CONTACTS)),
                inbox: Account::new(own.wrapping_add(OF_INBOX)),
            }
        });
        Self {
            accounts: accounts.collect(),
            faults: Armed::new(seed, side),
            journal: Journal::default(),
            outbox: Outbox::default(),
            lineages: BTreeMap::new(),
            graph: crate::graph::Kept::default(),
        }
    }

    /// An account of a user of the server's directory.
    pub(crate) fn account(&self, focus: Focus) -> &Account {
        let accounts = &self.accounts[focus.user.place()];
        match focus.realm {
            Realm::Calendars => &accounts.calendars,
            Realm::Contacts => &accounts.contacts,
            Realm::Inbox => &accounts.inbox,
        }
    }

    /// The same, to change it.
    pub(crate) fn account_mut(&mut self, focus: Focus) -> &mut Account {
        let accounts = &mut self.accounts[focus.user.place()];
        match focus.realm {
            Realm::Calendars => &mut accounts.calendars,
            Realm::Contacts => &mut accounts.contacts,
            Realm::Inbox => &mut accounts.inbox,
        }
    }
}
