//! The state of a server as it is written to a file and read back into a server of the same
//! configuration: what users have, logs, armed faults, the quota.
//!
//! What is tied to somebody who is connected now stays out: locks, subscriptions to pushes, sign-ins
//! that wait, requests counted against limits. A fault is armed anew when it is read.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use calamity_evidence::{FaultHit, Lineage, Mail};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{Accounts, State};
use crate::account::{StoredAccount, Texts, Unsound};
use crate::blobs::StoredBlob;
use crate::faults::{Armed, Forbidden, Rule};
use crate::journal::Journal;
use crate::log::Log;
use crate::outbox::Outbox;

/// See the module.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct StoredState {
    /// In the order of the server's directory.
    users: Vec<StoredUser>,
    items_max: Option<usize>,
    scene: String,
    faults: Vec<Rule>,
    hits: Log<FaultHit>,
    /// How often each rule has fired, also in hits that are dropped by now.
    #[serde(default)]
    fired: BTreeMap<String, u64>,
    journal: Journal,
    outbox: Log<Mail>,
    lineages: Vec<(Lineage, BTreeSet<String>)>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredUser {
    calendars: StoredAccount,
    contacts: StoredAccount,
    inbox: StoredAccount,
    notifications: StoredAccount,
    identities: StoredAccount,
    blobs: Vec<StoredBlob>,
}

/// Why what was read is no state of this server.
#[derive(Debug, Error)]
pub(crate) enum Unreadable {
    /// It is of so many users, and the server has others.
    #[error("it is of {found} users, and the server has {wanted}")]
    Users {
        /// How many it has.
        wanted: usize,
        /// How many there are.
        found: usize,
    },
    /// What a user has does not fit together.
    #[error("user {user}: {why}")]
    Account {
        /// The how-manieth, from 1.
        user: usize,
        /// What does not.
        why: Unsound,
    },
    /// Binary data of a user is none.
    #[error("user {user}: binary data is no base64 or too much")]
    Blobs {
        /// The how-manieth, from 1.
        user: usize,
    },
    /// An entry of a log says that it has another place than it has.
    #[error("an entry of the journal is not at its place")]
    Journal,
    /// A fault that cannot be armed.
    #[error("fault `{id}`: {why}")]
    Fault {
        /// Its id.
        id: String,
        /// Why not.
        why: Forbidden,
    },
}

impl From<&State> for StoredState {
    fn from(state: &State) -> Self {
        let user = |user: &Accounts| StoredUser {
            calendars: (&user.calendars).into(),
            contacts: (&user.contacts).into(),
            inbox: (&user.inbox).into(),
            notifications: (&user.notifications).into(),
            identities: (&user.identities).into(),
            blobs: user.blobs.stored(),
        };
        let lineages = state.lineages.iter();
        Self {
            users: state.accounts.iter().map(user).collect(),
            items_max: state.items_max,
            scene: state.faults.scene().to_owned(),
            faults: state.faults.rules().into_iter().map(|(rule, _)| rule).collect(),
            hits: state.faults.hits().clone(),
            fired: state.faults.fired().clone(),
            journal: state.journal.clone(),
            outbox: state.outbox.mails().clone(),
            lineages: lineages.map(|(token, uids)| (token.clone(), uids.clone())).collect(),
        }
    }
}

impl StoredState {
    /// The state that it was, in a server that begins with `empty`.
    pub(crate) fn read(
        self,
        empty: State,
        faults: Armed,
        texts: Texts,
        now: Timestamp,
    ) -> Result<State, Unreadable> {
        let (wanted, found) = (empty.accounts.len(), self.users.len());
        if wanted != found {
            return Err(Unreadable::Users { wanted, found });
        }
        if !self.journal.is_sound() {
            return Err(Unreadable::Journal);
        }
        let places = empty.accounts.iter().zip(1..);
        let users = self.users.into_iter().zip(places);
        let accounts: Result<Vec<Accounts>, Unreadable> =
            users.map(|(stored, (empty, number))| stored.read(empty, texts, number)).collect();
        let mut faults = faults;
        for rule in self.faults {
            rule.check().map_err(|why| Unreadable::Fault { id: rule.id.clone(), why })?;
            faults.arm(rule, now);
        }
        faults.set_scene(&self.scene);
        faults.recall(self.hits, self.fired);
        Ok(State {
            accounts: Arc::new(accounts?),
            items_max: self.items_max,
            faults,
            journal: self.journal,
            outbox: Outbox::holding(self.outbox),
            lineages: self.lineages.into_iter().collect(),
            ..empty
        })
    }
}

impl StoredUser {
    fn read(self, empty: &Accounts, texts: Texts, user: usize) -> Result<Accounts, Unreadable> {
        let wrong = |why| Unreadable::Account { user, why };
        let texts = Some(texts);
        Ok(Accounts {
            calendars: self.calendars.read(&empty.calendars, texts).map_err(wrong)?,
            contacts: self.contacts.read(&empty.contacts, texts).map_err(wrong)?,
            inbox: self.inbox.read(&empty.inbox, None).map_err(wrong)?,
            notifications: self.notifications.read(&empty.notifications, None).map_err(wrong)?,
            identities: self.identities.read(&empty.identities, None).map_err(wrong)?,
            blobs: empty.blobs.recall(self.blobs).ok_or(Unreadable::Blobs { user })?,
            pushes: empty.pushes.clone(),
        })
    }
}
