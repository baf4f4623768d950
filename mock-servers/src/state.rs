//! All that changes while a server lives, as one value that can be kept and put back.

mod stored;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use calamity_evidence::{Lineage, Side};

use crate::account::Account;
use crate::blobs::Blobs;
use crate::dav::server::Locks;
use crate::directory::{Focus, Realm, UserId};
use crate::faults::Armed;
use crate::jmap::Pushes;
use crate::journal::Journal;
use crate::outbox::Outbox;

pub(crate) use stored::{StoredState, Unreadable};

/// Far enough apart that no two accounts make the same ids.
const A_USER: u64 = 0x9E37_79B9_7F4A_7C15;
const OF_CONTACTS: u64 = 0x632B_E59B_D9B4_E019;
const OF_INBOX: u64 = 0x2545_F491_4F6C_DD1D;
const OF_NOTIFICATIONS: u64 = 0x5851_F42D_4C95_7F2D;
const OF_IDENTITIES: u64 = 0x1405_7B7E_F767_814F;

/// What one user has.
#[derive(Clone, Debug)]
pub(crate) struct Accounts {
    calendars: Account,
    contacts: Account,
    inbox: Account,
    notifications: Account,
    identities: Account,
    blobs: Blobs,
    pushes: Pushes,
}

/// See the module.
#[derive(Clone, Debug)]
pub(crate) struct State {
    accounts: Arc<Vec<Accounts>>,
    /// How many items one account may hold.
    pub(crate) items_max: Option<usize>,
    /// Faults and their hits.
    pub(crate) faults: Armed,
    /// Requests and writes.
    pub(crate) journal: Journal,
    /// Write locks on DAV resources.
    pub(crate) locks: Locks,
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
                notifications: Account::new(own.wrapping_add(OF_NOTIFICATIONS)),
                identities: Account::new(own.wrapping_add(OF_IDENTITIES)),
                blobs: Blobs::new(own),
                pushes: Pushes::default(),
            }
        });
        Self {
            accounts: Arc::new(accounts.collect()),
            items_max: None,
            faults: Armed::new(seed, side),
            journal: Journal::default(),
            locks: Locks::default(),
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
            Realm::Notifications => &accounts.notifications,
            Realm::Identities => &accounts.identities,
        }
    }

    /// What all users have, to be remembered.
    pub(crate) fn stored(&self) -> &Arc<Vec<Accounts>> {
        &self.accounts
    }

    /// Puts something else in the place of what all users have, and returns that.
    pub(crate) fn put(&mut self, accounts: Arc<Vec<Accounts>>) -> Arc<Vec<Accounts>> {
        std::mem::replace(&mut self.accounts, accounts)
    }

    /// The same, to change it.
    pub(crate) fn account_mut(&mut self, focus: Focus) -> &mut Account {
        let accounts = &mut Arc::make_mut(&mut self.accounts)[focus.user.place()];
        match focus.realm {
            Realm::Calendars => &mut accounts.calendars,
            Realm::Contacts => &mut accounts.contacts,
            Realm::Inbox => &mut accounts.inbox,
            Realm::Notifications => &mut accounts.notifications,
            Realm::Identities => &mut accounts.identities,
        }
    }

    /// Keeps so many entries of each log, the newest ones.
    pub(crate) fn bound_logs(&mut self, most: Option<usize>) {
        self.journal.bound(most);
        self.outbox.bound(most);
        self.faults.bound(most);
    }

    /// The subscriptions of a user to pushes.
    pub(crate) fn pushes(&self, user: UserId) -> &Pushes {
        &self.accounts[user.place()].pushes
    }

    /// The same, to change them.
    pub(crate) fn pushes_mut(&mut self, user: UserId) -> &mut Pushes {
        &mut Arc::make_mut(&mut self.accounts)[user.place()].pushes
    }

    /// The binary data of a user.
    pub(crate) fn blobs(&self, user: UserId) -> &Blobs {
        &self.accounts[user.place()].blobs
    }

    /// The same, to add to it.
    pub(crate) fn blobs_mut(&mut self, user: UserId) -> &mut Blobs {
        &mut Arc::make_mut(&mut self.accounts)[user.place()].blobs
    }
}
