//! One request's (or one user act's) access to the server: the only way to change state, so that
//! nothing lands without its entry in the write log and its mails in the outbox.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use calamity_evidence::{
    Actor, Lineage, Mail, Refusal, Side, Write, WriteOp, WriteResult, WriteSeq,
};
use jiff::Timestamp;
use serde_json::{Map, Value};

mod faulted;

use crate::account::{Account, Calendar, Item, NewItem, Text};
use crate::blobs::Blobs;
use crate::dav::server::Locks;
use crate::directory::{Directory, Focus, Realm, UserId};
use crate::faults::{Abort, Asker, Damage, Effect, ErrorEffect, PatchEffect, Site, TokenEffect};
use crate::itip::Told;
use crate::jmap::Pushes;
use crate::native::{Host, Letter, Native};
use crate::operation::{Op, Target};
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
    ) -> Option<Arc<Item>> {
        let now = self.at.now;
        let (before, after) = self.account_mut().relocate(id, calendar, name, now)?;
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

    /// Records an attempt that was refused: by a fault, by a limit, by the state.
    pub(crate) fn refused(&mut self, op: Op, target: &Target, code: &str, detail: &str) {
        let Some(write) = op.write() else { return };
        let home = self.at.focus;
        self.look_where(op);
        let made = write == WriteOp::Create;
        let stored = if made { None } else { self.account().item(&target.id).cloned() };
        let brief = stored.as_deref().map(|item| self.native.brief(item, self.host()));
        let (title, attendees) = match brief {
            Some(brief) => (brief.title, brief.attendees.into_iter().collect()),
            None => (target.title.clone(), target.attendees.clone()),
        };
        let calendars = stored.as_ref().map_or(&target.calendars, |item| &item.calendars);
        let creates = matches!(write, WriteOp::Create | WriteOp::CreateContainer);
        let container = self.account().name_of_first(calendars);
        let entry = Write {
            seq: WriteSeq(0),
            at: self.at.now,
            server: self.at.side,
            actor: self.actor.clone(),
            op: write,
            container,
            item: if creates { String::new() } else { target.id.clone() },
            uid: stored.as_ref().map_or_else(|| target.uid.clone(), |item| item.uid.clone()),
            lineage: Lineage::find(&title),
            title: Lineage::strip(&title),
            attendees,
            content: stored.as_ref().map_or_else(String::new, |item| item.content()),
            result: WriteResult::Refused(Refusal {
                code: code.to_owned(),
                detail: detail.to_owned(),
            }),
        };
        self.at.focus = home;
        self.state.journal.write(entry);
    }

    fn record(
        &mut self,
        op: WriteOp,
        before: Option<&Arc<Item>>,
        after: Option<&Arc<Item>>,
        marker: Marker,
    ) {
        let messages = self.messages.take();
        if !self.at.focus.realm.is_logged() {
            // Messages and notifications are no items of anybody's calendar.
            return;
        }
        if self.home != self.at.focus.user && marker != Marker::Never {
            self.notify(self.home, before, after);
        }
        let brief = |item: Option<&Arc<Item>>| {
            item.map(|item| self.native.brief(item, self.host())).unwrap_or_default()
        };
        let (old, new) = (brief(before), brief(after));
        let Some(item) = after.or(before) else { return };
        let title = if after.is_some() { &new.title } else { &old.title };
        let lineage = Lineage::find(&old.title).or_else(|| Lineage::find(&new.title));
        for token in [Lineage::find(&old.title), Lineage::find(&new.title)].into_iter().flatten() {
            self.state.lineages.entry(token).or_default().insert(item.uid.clone());
        }
        let cause = self.state.journal.write(Write {
            seq: WriteSeq(0),
            at: self.at.now,
            server: self.at.side,
            actor: self.actor.clone(),
            op,
            container: self.account().name_of_first(&item.calendars),
            item: item.id.clone(),
            uid: item.uid.clone(),
            lineage: lineage.clone(),
            title: Lineage::strip(title),
            attendees: old.attendees.union(&new.attendees).cloned().collect(),
            content: after.map_or_else(String::new, |item| item.content()),
            result: WriteResult::Applied,
        });
        let tells = self.host().profile.marker.tells(marker, self.native.tells_by_default());
        if self.actor == Actor::Seed || !tells || self.at.focus.realm == Realm::Contacts {
            return;
        }
        let (before, after) = (before.map(|item| &**item), after.map(|item| &**item));
        let drafts = messages
            .unwrap_or_else(|| self.native.schedule(before, after, self.host(), self.at.now));
        if drafts.is_empty() {
            return;
        }
        let source = |item: Option<&Item>| self.native.source(item?, self.host());
        let told = Told::new(source(before), source(after), self.host(), self.at.now);
        for draft in drafts {
            if draft.letter.is_some()
                && let Some(user) = self.at.directory.find(&draft.to)
            {
                self.deliver(&draft, user, &item.uid);
                continue;
            }
            self.pass_on(&draft, item, after.is_some());
            let letter = draft.letter.clone().or_else(|| told.letter(&draft));
            let sequence = letter.as_ref().map_or(item.sequence, |letter| letter.sequence);
            self.state.outbox.push(Mail {
                at: self.at.now,
                server: self.at.side,
                method: draft.method,
                from: self.host().owner.clone(),
                to: draft.to,
                uid: item.uid.clone(),
                lineage: lineage.clone(),
                title: Lineage::strip(title),
                sequence,
                cause,
                actor: self.actor.clone(),
                message: letter.map(|letter| letter.text).unwrap_or_default(),
            });
        }
    }

    /// Brings the copy that the recipient has of an item up to date, where the recipient is a user
    /// of the server and copies follow.
    fn pass_on(&mut self, draft: &Draft, item: &Item, kept: bool) {
        let Some(user) = self.at.directory.find(&draft.to) else { return };
        let home = self.at.focus;
        if user == home.user {
            return;
        }
        let calendars = Focus::calendars(user);
        let stored = self.state.account(calendars).items_with_uid(&item.uid).next().cloned();
        let letter = Letter { draft, item, kept, from: self.host(), now: self.at.now };
        let host = self.at.directory.host(user);
        let Some(new) = self.native.copy(&letter, stored.as_deref(), host) else { return };
        self.at.focus = calendars;
        if self.at.protocol == Protocol::Graph {
            // Every mailbox has a calendar, whether it was looked at or not.
            self.ensure_default("Calendar");
        }
        self.receive(new, stored.as_deref(), home.user);
        self.at.focus = home;
    }

    /// Leaves the user of the account a note of what somebody else did to an item of theirs.
    fn notify(&mut self, by: UserId, before: Option<&Arc<Item>>, after: Option<&Arc<Item>>) {
        let home = self.at.focus;
        if home.realm != Realm::Calendars {
            return;
        }
        let (before, after) = (before.map(|item| &**item), after.map(|item| &**item));
        let by = self.at.directory.host(by);
        let Some(new) = self.native.notification(before, after, by, self.host(), self.at.now)
        else {
            return;
        };
        let now = self.at.now;
        self.at.focus.realm = Realm::Notifications;
        if self.account().items().len() >= NOTIFICATIONS_MAX {
            let oldest = self.account().items().min_by_key(|item| item.created_modseq);
            if let Some(oldest) = oldest.map(|item| item.id.clone()) {
                self.account_mut().remove(&oldest);
            }
        }
        self.account_mut().insert(new, BTreeSet::new(), now);
        self.at.focus = home;
    }

    /// Hands a message to another user of the server: a copy into the inbox, and the change of
    /// their own object, which is told to nobody.
    fn deliver(&mut self, draft: &Draft, user: UserId, uid: &str) {
        let (now, home) = (self.at.now, self.at.focus);
        let host = self.at.directory.host(user);
        let calendars = Focus::calendars(user);
        let stored = self.state.account(calendars).items_with_uid(uid).next().cloned();
        let received = self.native.receive(draft, stored.as_deref(), host, now);
        self.at.focus = Focus { user, realm: Realm::Inbox };
        if self.account().calendar(INBOX).is_none() {
            self.account_mut().insert_collection(INBOX, INBOX, Map::new());
        }
        let octets = draft.letter.as_ref().map(|it| it.text.clone()).unwrap_or_default().into();
        let text = Some(Text { octets, media_type: "text/calendar" });
        let message = NewItem { uid: uid.to_owned(), text, ..NewItem::default() };
        self.account_mut().insert(message, BTreeSet::from([INBOX.to_owned()]), now);
        self.at.focus = calendars;
        if let Some(new) = received {
            self.receive(new, stored.as_deref(), home.user);
        }
        self.at.focus = home;
    }

    fn receive(&mut self, new: NewItem, stored: Option<&Item>, by: UserId) {
        let now = self.at.now;
        let (op, before, after) = match stored {
            Some(stored) => {
                let change = |item: &mut Item| {
                    item.text = new.text;
                    item.body = new.body;
                    item.exceptions = new.exceptions;
                    item.cancelled = new.cancelled;
                    item.sequence = new.sequence;
                };
                let Some((before, after)) = self.account_mut().update(&stored.id, now, change)
                else {
                    return;
                };
                (WriteOp::Update, Some(before), after)
            }
            None => {
                let default = self.account().default_calendar().map(|found| found.id.clone());
                let Some(calendar) = default else { return };
                let calendars = BTreeSet::from([calendar]);
                (WriteOp::Create, None, self.account_mut().insert(new, calendars, now))
            }
        };
        self.notify(by, before.as_ref(), Some(&after));
        if self.at.focus.user == UserId::OWNER {
            // The log is that of the account that is judged.
            self.messages = Some(Vec::new());
            self.record(op, before.as_ref(), Some(&after), Marker::Never);
        }
    }

    fn record_calendar(&mut self, op: WriteOp, id: &str, name: &str) {
        self.state.journal.write(Write {
            seq: WriteSeq(0),
            at: self.at.now,
            server: self.at.side,
            actor: self.actor.clone(),
            op,
            container: name.to_owned(),
            item: id.to_owned(),
            uid: String::new(),
            lineage: None,
            title: String::new(),
            attendees: Vec::new(),
            content: String::new(),
            result: WriteResult::Applied,
        });
    }
}
