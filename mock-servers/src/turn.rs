//! One request's (or one user act's) access to the server: the only way to change state, so that
//! nothing lands without its entry in the write log and its mails in the outbox.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use calamity_evidence::{Actor, Lineage, Side, WriteOp};
use jiff::Timestamp;
use serde_json::{Map, Value};

mod faulted;
mod recorded;
mod told;

use crate::account::{Account, Calendar, Item, NewItem};
use crate::blobs::Blobs;
use crate::dav::server::Locks;
use crate::directory::{Directory, Focus, UserId};
use crate::faults::{Abort, Asker, Damage, Effect, ErrorEffect, PatchEffect, Site, TokenEffect};
use crate::jmap::Pushes;
use crate::native::{Host, Native};
use crate::operation::Op;
use crate::scheduling::{Draft, Marker};
use crate::server::Protocol;
use crate::state::{Accounts, State};

/// Notifications that are kept for a user, at most; for another one the oldest goes.
const NOTIFICATIONS_MAX: usize = 1000;

/// The only collection of the realm of messages.
pub(crate) const INBOX: &str = "inbox";

/// What a fault wants of the place that asked.
#[derive(Clone, Debug, PartialEq)]
#[must_use]
pub(crate) enum Verdict {
    /// Nothing: go on.
    Pass,
    /// The exchange is broken off: apply nothing more, the answer will not be used.
    Stop,
    /// Answer with this error instead.
    Error(ErrorEffect),
    /// Leave the item (or row) out of the answer, and do not apply it.
    Omit,
    /// Damage the feed's token.
    Token(TokenEffect),
    /// Answer an empty page that looks complete.
    Empty,
    /// Answer only this share of the page; its token skips the rest.
    Cut(f64),
    /// Change what is stored (a write) or answered (a read, a row).
    Patch(PatchEffect),
}

/// Where and when a turn takes place.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place<'a> {
    /// The users of the server.
    pub(crate) directory: &'a Directory,
    /// The side of the pair that the server is.
    pub(crate) side: Side,
    /// What the server speaks.
    pub(crate) protocol: Protocol,
    /// The server's time; it stands still during a turn.
    pub(crate) now: Timestamp,
    /// The account that everything is about, until it is told otherwise.
    pub(crate) focus: Focus,
}

/// What faults ask of the exchange beyond the verdicts.
#[derive(Clone, Debug, Default)]
pub(crate) struct Wanted {
    /// How long it is held back.
    pub(crate) delay: Duration,
    /// Rules that hold it back until they are released.
    pub(crate) holds: Vec<String>,
    /// What is done to the answer when it is made.
    pub(crate) damages: Vec<Damage>,
    /// How the body of the answer comes, if not at once: an effect of that kind.
    pub(crate) pace: Option<Effect>,
    /// How old the state is that is read, in milliseconds.
    pub(crate) lag_ms: Option<u64>,
}

/// See the module.
#[derive(Debug)]
pub(crate) struct Turn<'a> {
    state: &'a mut State,
    native: &'a dyn Native,
    at: Place<'a>,
    actor: Actor,
    /// Who acts: the user whose account it is about at the beginning.
    home: UserId,
    /// Rules about the request as a whole that have fired: each does so once.
    spent: BTreeSet<String>,
    /// Messages of the next change, in place of what the protocol makes of it.
    messages: Option<Vec<Draft>>,
    /// Who asks; known while anything is armed.
    asker: Option<Arc<Asker>>,
    /// How many items or rows were asked about at a site.
    asked: BTreeMap<(Site, Op), u64>,
    /// Which call of its request is being answered, where a request has several.
    pub(crate) call: usize,
    /// The sequence number up to which the request's token knows all.
    token_at: Option<u64>,
    /// How many items there were before this turn, and how many more it was granted.
    grants: Option<(usize, usize)>,
    pub(crate) wanted: Wanted,
    pub(crate) abort: Option<Abort>,
}

impl<'a> Turn<'a> {
    pub(crate) fn new(
        state: &'a mut State,
        native: &'a dyn Native,
        at: Place<'a>,
        actor: Actor,
    ) -> Self {
        Self {
            state,
            native,
            at,
            actor,
            home: at.focus.user,
            spent: BTreeSet::new(),
            messages: None,
            asker: None,
            asked: BTreeMap::new(),
            call: 0,
            token_at: None,
            grants: None,
            wanted: Wanted::default(),
            abort: None,
        }
    }

    /// The server's time; it stands still during a turn.
    pub(crate) fn now(&self) -> Timestamp {
        self.at.now
    }

    /// What does not change about the server, as the user sees it whose account this is about.
    pub(crate) fn host(&self) -> &'a Host {
        self.at.directory.host(self.at.focus.user)
    }

    /// The users of the server.
    pub(crate) fn directory(&self) -> &'a Directory {
        self.at.directory
    }

    /// The account that everything is about.
    pub(crate) fn focus(&self) -> Focus {
        self.at.focus
    }

    /// From now on everything is about another account.
    pub(crate) fn turn_to(&mut self, focus: Focus) {
        self.at.focus = focus;
        // What was granted was room in the account before.
        self.grants = None;
    }

    /// The user who acts.
    pub(crate) fn home(&self) -> UserId {
        self.home
    }

    /// The subscriptions to pushes of the user who acts.
    pub(crate) fn pushes(&mut self) -> &mut Pushes {
        self.state.pushes_mut(self.home)
    }

    /// The whole state, to read.
    pub(crate) fn state(&self) -> &State {
        self.state
    }

    /// The binary data of the user whose account everything is about.
    pub(crate) fn blobs(&self) -> &Blobs {
        self.state.blobs(self.at.focus.user)
    }

    /// The same, to add to it.
    pub(crate) fn blobs_mut(&mut self) -> &mut Blobs {
        self.state.blobs_mut(self.at.focus.user)
    }

    /// The binary data of another user, to read.
    pub(crate) fn blobs_of(&self, user: UserId) -> &Blobs {
        self.state.blobs(user)
    }

    /// What another account holds, to read.
    pub(crate) fn account_of(&self, focus: Focus) -> &Account {
        self.state.account(focus)
    }

    /// The next change is told in these messages.
    pub(crate) fn tell(&mut self, messages: Vec<Draft>) {
        self.messages = Some(messages);
    }

    /// The stored state, to read.
    pub(crate) fn account(&self) -> &Account {
        self.state.account(self.at.focus)
    }

    fn account_mut(&mut self) -> &mut Account {
        let account = self.state.account_mut(self.at.focus);
        account.set_now(self.at.now);
        account
    }

    /// Who asks.
    pub(crate) fn asked_by(&mut self, asker: Option<Arc<Asker>>) {
        self.asker = asker;
    }

    /// The feed's token of the request knows everything up to a sequence number.
    pub(crate) fn carries_token(&mut self, modseq: Option<u64>) {
        self.token_at = modseq;
    }

    /// Puts what was stored at another time in the place of what is, and returns that.
    pub(crate) fn put_stored(&mut self, accounts: Arc<Vec<Accounts>>) -> Arc<Vec<Accounts>> {
        self.state.put(accounts)
    }

    /// What the server keeps for clients of Graph beside their mailboxes.
    pub(crate) fn graph(&mut self) -> &mut crate::graph::Kept {
        &mut self.state.graph
    }

    /// Gives the account a default collection if it has none. It was always there: the write log has
    /// no entry.
    pub(crate) fn ensure_default(&mut self, name: &str) {
        if self.account().default_calendar().is_none() {
            self.account_mut().insert_calendar(name, Map::new());
        }
    }

    /// Takes an id for a thing that is no item and no calendar (a page, a subscription).
    pub(crate) fn new_id(&mut self, kind: &'static str, key: &str) -> String {
        self.account_mut().new_id(kind, key)
    }

    /// The locks of the server.
    pub(crate) fn locks(&self) -> &Locks {
        &self.state.locks
    }

    /// The same, to change them.
    pub(crate) fn locks_mut(&mut self) -> &mut Locks {
        &mut self.state.locks
    }

    /// The first item whose title carries the token.
    pub(crate) fn item_of(&self, lineage: &Lineage) -> Option<Arc<Item>> {
        let carries = |item: &&Arc<Item>| {
            let title = self.native.brief(item, self.host()).title;
            Lineage::find(&title).as_ref() == Some(lineage)
        };
        let uids = self.state.lineages.get(lineage)?;
        let mut items = uids.iter().flat_map(|uid| self.account().items_with_uid(uid));
        items.find(carries).cloned()
    }

    // --- writes ---------------------------------------------------------------------------------

    /// Stores a new item.
    pub(crate) fn create(
        &mut self,
        new: NewItem,
        calendars: BTreeSet<String>,
        marker: Marker,
    ) -> Arc<Item> {
        let now = self.at.now;
        let item = self.account_mut().insert(new, calendars, now);
        self.record(WriteOp::Create, None, Some(&item), marker);
        item
    }

    /// Changes an item. `None` when there is none of that id.
    pub(crate) fn update(
        &mut self,
        id: &str,
        marker: Marker,
        change: impl FnOnce(&mut Item),
    ) -> Option<Arc<Item>> {
        let now = self.at.now;
        let (before, after) = self.account_mut().update(id, now, change)?;
        self.record(WriteOp::Update, Some(&before), Some(&after), marker);
        Some(after)
    }

    /// Puts an item in the place of the one with its id; the account keeps the books. `None` when
    /// there is none of that id.
    pub(crate) fn replace(&mut self, item: Item, marker: Marker) -> Option<Arc<Item>> {
        let now = self.at.now;
        let (before, after) = self.account_mut().replace(item, now)?;
        self.record(WriteOp::Update, Some(&before), Some(&after), marker);
        Some(after)
    }

    /// Removes an item. `None` when there is none of that id.
    pub(crate) fn delete(&mut self, id: &str, marker: Marker) -> Option<Arc<Item>> {
        let item = self.account_mut().remove(id)?;
        self.record(WriteOp::Delete, Some(&item), None, marker);
        Some(item)
    }

    /// Makes a calendar and returns its id.
    pub(crate) fn create_calendar(&mut self, name: &str, body: Map<String, Value>) -> String {
        let id = self.account_mut().insert_calendar(name, body);
        self.record_calendar(WriteOp::CreateContainer, &id, name);
        id
    }

    /// Changes a calendar; says whether there is one of that id.
    pub(crate) fn update_calendar(&mut self, id: &str, change: impl FnOnce(&mut Calendar)) -> bool {
        let Some(name) = self.account().calendar(id).map(|found| found.name.clone()) else {
            return false;
        };
        self.account_mut().update_calendar(id, change);
        self.record_calendar(WriteOp::UpdateContainer, id, &name);
        true
    }

    /// Gives an item another path. One update in the write
    /// log; `None` when there is none of that id.
    pub(crate) fn relocate(
        &mut self,
        id: &str,
        calendar: &str,
        name: &str,
        marker: Marker,
        change: impl FnOnce(&mut Item),
    ) -> Option<Arc<Item>> {
        let now = self.at.now;
        let (before, after) = self.account_mut().relocate(id, calendar, name, now, change)?;
        self.record(WriteOp::Update, Some(&before), Some(&after), marker);
        Some(after)
    }

    /// Makes a calendar under an id that the client has chosen.
    pub(crate) fn create_collection(&mut self, id: &str, name: &str, body: Map<String, Value>) {
        self.account_mut().insert_collection(id, name, body);
        self.record_calendar(WriteOp::CreateContainer, id, name);
    }

    /// Removes a calendar with the items that are in no other one. Each of those is a delete in the
    /// write log, told of as the marker says.
    pub(crate) fn delete_calendar(&mut self, id: &str, marker: Marker) -> bool {
        let Some(name) = self.account().calendar(id).map(|found| found.name.clone()) else {
            return false;
        };
        let items: Vec<Arc<Item>> = self.account().items_in(id).cloned().collect();
        for item in items {
            if item.calendars.len() > 1 {
                self.update(&item.id, Marker::Never, |stored| {
                    stored.calendars.remove(id);
                });
            } else {
                self.delete(&item.id, marker);
            }
        }
        self.account_mut().remove_calendar(id);
        self.record_calendar(WriteOp::DeleteContainer, id, &name);
        true
    }
}
