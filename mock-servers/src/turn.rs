//! One request's (or one user act's) access to the server: the only way to change state, so that
//! nothing lands without its entry in the write log and its mails in the outbox.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use calamity_evidence::{
    Actor, Lineage, Mail, Refusal, Side, Write, WriteOp, WriteResult, WriteSeq,
};
use jiff::Timestamp;
use serde_json::{Map, Value};

use crate::account::{Account, Calendar, Item, NewItem, Text};
use crate::directory::{Directory, Focus, Realm, UserId};
use crate::faults::{
    self, Abort, Effect, ErrorEffect, Known, PatchEffect, Probe, Reach, TokenEffect,
};
use crate::native::{Host, Letter, Native};
use crate::operation::{Op, Operation, Target};
use crate::scheduling::{Draft, Marker};
use crate::state::State;

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
    /// The server's time; it stands still during a turn.
    pub(crate) now: Timestamp,
    /// The account that everything is about, until it is told otherwise.
    pub(crate) focus: Focus,
}

/// See the module.
#[derive(Debug)]
pub(crate) struct Turn<'a> {
    state: &'a mut State,
    native: &'a dyn Native,
    at: Place<'a>,
    actor: Actor,
    /// Rules about the request as a whole that have fired: each does so once.
    spent: BTreeSet<String>,
    /// Messages of the next change, in place of what the protocol makes of it.
    messages: Option<Vec<Draft>>,
    pub(crate) delay: Duration,
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
            spent: BTreeSet::new(),
            messages: None,
            delay: Duration::ZERO,
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
        self.state.account_mut(self.at.focus)
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

    // --- faults ---------------------------------------------------------------------------------

    /// Asks about one item that is about to be written or read. Before anything of it is applied.
    pub(crate) fn fault_item(&mut self, op: Op, target: &Target) -> Verdict {
        if !self.state.faults.any_at(faults::Site::Item) {
            return Verdict::Pass;
        }
        let known = self.known(op, target);
        let calendars = known.calendars.clone();
        self.ask(faults::Site::Item, op, Reach::All, &[known], &calendars)
    }

    /// Asks about a call that reads, as a whole: an error, a delay, a broken connection.
    pub(crate) fn fault_call(&mut self, op: Op, targets: &[Target]) -> Verdict {
        if !self.state.faults.any_at(faults::Site::Item) {
            return Verdict::Pass;
        }
        let known: Vec<Known> = targets.iter().map(|target| self.known(op, target)).collect();
        let reach = Reach::Page { token: false };
        self.ask(faults::Site::Item, op, reach, &known, &BTreeSet::new())
    }

    /// Asks about one object that is being read: `Pass`, `Omit`, `Patch` or `Stop`.
    pub(crate) fn fault_read(&mut self, op: Op, target: &Target) -> Verdict {
        if !self.state.faults.any_at(faults::Site::Item) {
            return Verdict::Pass;
        }
        let known = self.known(op, target);
        let calendars = known.calendars.clone();
        self.ask(faults::Site::Item, op, Reach::Row, &[known], &calendars)
    }

    /// Asks about a page of a feed or listing as a whole. `calendars` are the ids that it is limited
    /// to, `token` whether the request carried a token.
    pub(crate) fn fault_page(
        &mut self,
        op: Op,
        calendars: &BTreeSet<String>,
        token: bool,
    ) -> Verdict {
        if !self.state.faults.any_at(faults::Site::Feed) {
            return Verdict::Pass;
        }
        let names = self.names(calendars);
        self.ask(faults::Site::Feed, op, Reach::Page { token }, &[], &names)
    }

    /// Asks about one row of a page: `Pass`, `Omit`, `Patch` or `Stop`.
    pub(crate) fn fault_row(&mut self, op: Op, target: &Target) -> Verdict {
        if !self.state.faults.any_at(faults::Site::Feed) {
            return Verdict::Pass;
        }
        let known = self.known(op, target);
        let calendars = known.calendars.clone();
        self.ask(faults::Site::Feed, op, Reach::Row, &[known], &calendars)
    }

    /// Asks about one row that is nothing but an id: `Pass`, `Omit` or `Stop`.
    pub(crate) fn fault_id(&mut self, op: Op, target: &Target) -> Verdict {
        if !self.state.faults.any_at(faults::Site::Feed) {
            return Verdict::Pass;
        }
        let known = self.known(op, target);
        let calendars = known.calendars.clone();
        self.ask(faults::Site::Feed, op, Reach::Id, &[known], &calendars)
    }

    /// Whether the exchange is broken off, so that nothing more may be applied.
    pub(crate) fn abort_now(&self) -> bool {
        self.abort.is_some_and(|abort| abort.cut(0).is_none())
    }

    /// Asks about a whole request for one of its operations (core only). A rule answers once.
    pub(crate) fn fault_request(&mut self, site: faults::Site, operation: &Operation) -> Verdict {
        if !self.state.faults.any_at(site) {
            return Verdict::Pass;
        }
        let known: Vec<Known> =
            operation.targets.iter().map(|target| self.known(operation.op, target)).collect();
        let names = self.names(&operation.calendars);
        self.ask(site, operation.op, Reach::All, &known, &names)
    }

    fn ask(
        &mut self,
        site: faults::Site,
        op: Op,
        reach: Reach,
        items: &[Known],
        calendars: &BTreeSet<String>,
    ) -> Verdict {
        let Actor::Client(request) = self.actor else { return Verdict::Pass };
        if self.abort_now() {
            return Verdict::Stop;
        }
        let (now, spent) = (self.at.now, &self.spent);
        let op = op.within(self.at.focus.realm);
        let probe = Probe { site, op, reach, items, calendars, request, now, spent };
        let met = self.state.faults.ask(&probe);
        if !matches!(site, faults::Site::Item | faults::Site::Feed) {
            self.spent.extend(met.fired);
        }
        self.delay += met.delay;
        match met.effect {
            None | Some(Effect::Delay { .. }) => Verdict::Pass,
            Some(Effect::Abort(abort)) => {
                self.abort = Some(abort);
                // An answer that breaks off in its body must first be made.
                if abort.cut(0).is_some() { Verdict::Pass } else { Verdict::Stop }
            }
            Some(Effect::Error(error)) => Verdict::Error(error),
            Some(Effect::Omit) => Verdict::Omit,
            Some(Effect::Token(token)) => Verdict::Token(token),
            Some(Effect::Empty) => Verdict::Empty,
            Some(Effect::Cut { keep }) => Verdict::Cut(keep),
            Some(Effect::Patch(patch)) => Verdict::Patch(patch),
        }
    }

    fn names(&self, calendars: &BTreeSet<String>) -> BTreeSet<String> {
        let name = |id: &String| self.account().calendar(id).map(|found| found.name.clone());
        calendars.iter().filter_map(name).collect()
    }

    fn known(&self, op: Op, target: &Target) -> Known {
        let made = op.write() == Some(WriteOp::Create);
        let stored = if made { None } else { self.account().item(&target.id) };
        let Some(item) = stored else {
            return Known {
                id: target.id.clone(),
                uid: target.uid.clone(),
                title: target.title.clone(),
                calendars: self.names(&target.calendars),
            };
        };
        Known {
            id: target.id.clone(),
            uid: item.uid.clone(),
            title: self.native.brief(item, self.host()).title,
            calendars: self.names(&item.calendars),
        }
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
        if self.at.focus.realm == Realm::Inbox {
            // Messages are no items of anybody's calendar.
            return;
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
        let drafts = messages.unwrap_or_else(|| {
            let (before, after) = (before.map(|item| &**item), after.map(|item| &**item));
            self.native.schedule(before, after, self.host(), self.at.now)
        });
        for draft in drafts {
            if draft.text.is_some()
                && let Some(user) = self.at.directory.find(&draft.to)
            {
                self.deliver(&draft, user, &item.uid);
                continue;
            }
            self.pass_on(&draft, item, after.is_some());
            self.state.outbox.push(Mail {
                at: self.at.now,
                server: self.at.side,
                method: draft.method,
                from: self.host().owner.clone(),
                to: draft.to,
                uid: item.uid.clone(),
                lineage: lineage.clone(),
                title: Lineage::strip(title),
                sequence: item.sequence,
                cause,
                actor: self.actor.clone(),
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
        let letter = Letter { draft, item, kept, from: self.host() };
        let host = self.at.directory.host(user);
        let Some(new) = self.native.copy(&letter, stored.as_deref(), host) else { return };
        self.at.focus = calendars;
        self.ensure_default("Calendar");
        self.receive(new, stored.as_deref());
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
        let octets = draft.text.clone().unwrap_or_default().into();
        let text = Some(Text { octets, media_type: "text/calendar" });
        let message = NewItem { uid: uid.to_owned(), text, ..NewItem::default() };
        self.account_mut().insert(message, BTreeSet::from([INBOX.to_owned()]), now);
        self.at.focus = calendars;
        if let Some(new) = received {
            self.receive(new, stored.as_deref());
        }
        self.at.focus = home;
    }

    fn receive(&mut self, new: NewItem, stored: Option<&Item>) {
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
