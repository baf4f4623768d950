//! The account itself: indexes, the change logs and the verbs that keep them in step.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::{
    Calendar, Change, ChangeLog, Item, Kind, NewItem, Pages, Rendered, Text, TokenError, ids,
    tokens,
};

/// One user's calendars and items. Cloning is cheap: items are shared.
#[derive(Clone, Debug)]
pub(crate) struct Account {
    pub(super) seed: u64,
    pub(super) modseq: u64,
    pub(super) epoch: u64,
    pub(super) calendars: BTreeMap<String, Calendar>,
    pub(super) items: BTreeMap<String, Arc<Item>>,
    pub(super) hidden: BTreeMap<String, Arc<Item>>,
    by_uid: BTreeMap<String, BTreeSet<String>>,
    by_calendar: BTreeMap<String, BTreeMap<String, Arc<Item>>>,
    pub(super) made: BTreeMap<(Cow<'static, str>, String), u64>,
    pub(super) changes: ChangeLog,
    pub(super) calendar_changes: ChangeLog,
    pages: Pages,
}

impl Account {
    /// An empty account.
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            seed,
            modseq: 0,
            epoch: 0,
            calendars: BTreeMap::new(),
            items: BTreeMap::new(),
            hidden: BTreeMap::new(),
            by_uid: BTreeMap::new(),
            by_calendar: BTreeMap::new(),
            made: BTreeMap::new(),
            changes: ChangeLog::default(),
            calendar_changes: ChangeLog::default(),
            pages: Pages::default(),
        }
    }

    /// The changes of items.
    pub(crate) fn changes(&self) -> &ChangeLog {
        &self.changes
    }

    /// What follows happens at this time.
    pub(crate) fn set_now(&mut self, now: Timestamp) {
        self.changes.set_now(now);
    }

    /// The changes of calendars.
    pub(crate) fn calendar_changes(&self) -> &ChangeLog {
        &self.calendar_changes
    }

    /// The newest sequence number of all.
    pub(crate) fn modseq(&self) -> u64 {
        self.modseq
    }

    /// An item by id.
    pub(crate) fn item(&self, id: &str) -> Option<&Arc<Item>> {
        self.items.get(id)
    }

    /// Every item, by id.
    pub(crate) fn items(&self) -> impl ExactSizeIterator<Item = &Arc<Item>> {
        self.items.values()
    }

    /// The items with a uid, by id.
    pub(crate) fn items_with_uid(&self, uid: &str) -> impl Iterator<Item = &Arc<Item>> {
        self.by_uid.get(uid).into_iter().flatten().filter_map(|id| self.items.get(id))
    }

    /// The items of a calendar, by id.
    pub(crate) fn items_in(&self, calendar: &str) -> impl Iterator<Item = &Arc<Item>> {
        self.by_calendar.get(calendar).into_iter().flat_map(BTreeMap::values)
    }

    /// A calendar by id.
    pub(crate) fn calendar(&self, id: &str) -> Option<&Calendar> {
        self.calendars.get(id)
    }

    /// Every calendar, by id.
    pub(crate) fn calendars(&self) -> impl ExactSizeIterator<Item = &Calendar> {
        self.calendars.values()
    }

    /// The first calendar with that name.
    pub(crate) fn calendar_named(&self, name: &str) -> Option<&Calendar> {
        self.calendars.values().find(|calendar| calendar.name == name)
    }

    /// The default calendar.
    pub(crate) fn default_calendar(&self) -> Option<&Calendar> {
        self.calendars.values().find(|calendar| calendar.is_default)
    }

    /// The name of the first calendar that holds an item.
    pub(crate) fn name_of_first(&self, calendars: &BTreeSet<String>) -> String {
        let first = calendars.iter().find_map(|id| self.calendars.get(id));
        first.map_or_else(String::new, |calendar| calendar.name.clone())
    }

    /// Whole answers about what is stored.
    pub(crate) fn pages(&self) -> &Pages {
        &self.pages
    }

    /// A token over a payload; see [`Account::unseal`].
    pub(crate) fn seal(&self, payload: &str) -> String {
        tokens::seal(self.seed, self.epoch, payload)
    }

    /// The payload of a token that this account sealed and that has not expired since.
    pub(crate) fn unseal<'a>(&self, token: &'a str) -> Result<&'a str, TokenError> {
        tokens::unseal(self.seed, self.epoch, token)
    }

    /// Refuses every token handed out so far from now on.
    pub(crate) fn expire_tokens(&mut self) {
        self.epoch += 1;
        self.pages.forget();
    }

    /// An id for one more thing of a kind made for a key: the same key again gives another id.
    pub(crate) fn new_id(&mut self, kind: &'static str, key: &str) -> String {
        let nth = self.made.entry((kind.into(), key.to_owned())).or_insert(0);
        *nth += 1;
        ids::derive(self.seed, kind, key, *nth - 1)
    }

    pub(super) fn bump(&mut self) -> u64 {
        self.pages.forget();
        self.modseq += 1;
        self.modseq
    }

    /// Stores a new item.
    pub(crate) fn insert(
        &mut self,
        new: NewItem,
        calendars: BTreeSet<String>,
        now: Timestamp,
    ) -> Arc<Item> {
        let id = match (&new.name, &new.text, calendars.first()) {
            (Some(name), _, Some(calendar)) => format!("{calendar}/{name}"),
            (None, Some(text), Some(calendar)) => self.path_in(calendar, &new.uid, text),
            _ => self.new_id("item", &new.uid),
        };
        let modseq = self.bump();
        let item = Arc::new(Item {
            id: id.clone(),
            uid: new.uid,
            calendars,
            body: new.body,
            exceptions: new.exceptions,
            cancelled: new.cancelled,
            text: new.text,
            sequence: new.sequence,
            transaction: new.transaction,
            created: now,
            updated: now,
            created_modseq: modseq,
            modseq,
            rendered: Rendered::default(),
        });
        self.index(&item);
        let calendars = item.calendars.clone();
        self.changes.push(Change { modseq, id, calendars, kind: Kind::Created });
        item
    }

    /// Changes an item; the change may touch anything but its id and bookkeeping.
    pub(crate) fn update(
        &mut self,
        id: &str,
        now: Timestamp,
        change: impl FnOnce(&mut Item),
    ) -> Option<(Arc<Item>, Arc<Item>)> {
        let mut item = Item::clone(self.items.get(id)?);
        change(&mut item);
        id.clone_into(&mut item.id);
        self.replace(item, now)
    }

    /// Puts an item in the place of the one with its id; what it says of its bookkeeping counts
    /// nothing.
    pub(crate) fn replace(
        &mut self,
        mut item: Item,
        now: Timestamp,
    ) -> Option<(Arc<Item>, Arc<Item>)> {
        let before = self.items.get(&item.id)?.clone();
        let modseq = self.bump();
        item.created = before.created;
        item.created_modseq = before.created_modseq;
        // A resource is as old as its octets: its properties are no part of it (RFC 4918 section 15.7).
        let same = item.text.is_some() && item.text == before.text;
        item.updated = if same { before.updated } else { now };
        item.modseq = modseq;
        item.rendered = Rendered::default();
        let after = Arc::new(item);
        self.unindex(&before);
        self.index(&after);
        let calendars = before.calendars.union(&after.calendars).cloned().collect();
        let id = before.id.clone();
        self.changes.push(Change { modseq, id, calendars, kind: Kind::Updated });
        Some((before, after))
    }

    /// Removes an item.
    pub(crate) fn remove(&mut self, id: &str) -> Option<Arc<Item>> {
        let item = self.items.get(id)?.clone();
        let modseq = self.bump();
        self.unindex(&item);
        let (id, calendars) = (item.id.clone(), item.calendars.clone());
        self.changes.push(Change { modseq, id, calendars, kind: Kind::Destroyed });
        Some(item)
    }

    /// Makes a calendar; the first one is the default.
    pub(crate) fn insert_calendar(&mut self, name: &str, body: Map<String, Value>) -> String {
        let id = self.new_id("calendar", name);
        self.insert_collection(&id, name, body);
        id
    }

    /// Makes a calendar with an id that the client has chosen and that is free.
    pub(crate) fn insert_collection(&mut self, id: &str, name: &str, body: Map<String, Value>) {
        let modseq = self.bump();
        let is_default = self.calendars.is_empty();
        let calendar = Calendar {
            id: id.to_owned(),
            name: name.to_owned(),
            body,
            is_default,
            created_modseq: modseq,
            modseq,
        };
        self.calendars.insert(id.to_owned(), calendar);
        self.log_calendar(id, modseq, Kind::Created);
    }

    /// A path that the server chooses for a text in a calendar.
    fn path_in(&mut self, calendar: &str, uid: &str, text: &Text) -> String {
        let name = self.new_id("item", uid);
        let ending = if text.media_type == "text/vcard" { "vcf" } else { "ics" };
        format!("{calendar}/{name}.{ending}")
    }

    /// Another id for an item that it could have had from the beginning.
    fn another_id(&mut self, item: &Item) -> String {
        match (&item.text, item.calendars.first()) {
            (Some(text), Some(calendar)) => self.path_in(calendar, &item.uid, text),
            _ => self.new_id("item", &item.uid),
        }
    }

    /// Gives an item another path: the feed tells of one that is gone and one that is new.
    pub(crate) fn relocate(
        &mut self,
        id: &str,
        calendar: &str,
        name: &str,
        now: Timestamp,
        change: impl FnOnce(&mut Item),
    ) -> Option<(Arc<Item>, Arc<Item>)> {
        let before = self.remove(id)?;
        let modseq = self.bump();
        let mut moved = Item::clone(&before);
        change(&mut moved);
        let after = Arc::new(Item {
            id: format!("{calendar}/{name}"),
            calendars: BTreeSet::from([calendar.to_owned()]),
            updated: now,
            created_modseq: modseq,
            modseq,
            ..moved
        });
        self.index(&after);
        self.changes.push(Change {
            modseq,
            id: after.id.clone(),
            calendars: after.calendars.clone(),
            kind: Kind::Created,
        });
        Some((before, after))
    }

    /// Changes a calendar; says whether there is one of that id.
    pub(crate) fn update_calendar(&mut self, id: &str, change: impl FnOnce(&mut Calendar)) -> bool {
        if !self.calendars.contains_key(id) {
            return false;
        }
        let modseq = self.bump();
        let Some(calendar) = self.calendars.get_mut(id) else { return false };
        change(calendar);
        id.clone_into(&mut calendar.id);
        calendar.modseq = modseq;
        self.log_calendar(id, modseq, Kind::Updated);
        true
    }

    /// Removes a calendar that holds no items any more.
    pub(crate) fn remove_calendar(&mut self, id: &str) -> Option<Calendar> {
        let calendar = self.calendars.remove(id)?;
        let modseq = self.bump();
        self.log_calendar(id, modseq, Kind::Destroyed);
        Some(calendar)
    }

    fn log_calendar(&mut self, id: &str, modseq: u64, kind: Kind) {
        let calendars = BTreeSet::from([id.to_owned()]);
        self.calendar_changes.push(Change { modseq, id: id.to_owned(), calendars, kind });
    }

    /// Gives items other ids and tells nobody: neither state nor feed moves.
    pub(crate) fn rename_silently(&mut self, chosen: &BTreeSet<String>) {
        let mut names = BTreeMap::new();
        for id in chosen {
            let Some(before) = self.items.get(id).cloned() else { continue };
            let mut item = Item::clone(&before);
            item.id = self.another_id(&before);
            names.insert(id.clone(), item.id.clone());
            self.unindex(&before);
            self.index(&Arc::new(item));
        }
        self.changes.rename(&names);
    }

    /// Gives items other ids as a server does that recreates them: the feed tells old and new.
    pub(crate) fn rename_announced(&mut self, chosen: &BTreeSet<String>) {
        for id in chosen {
            let Some(before) = self.remove(id) else { continue };
            let mut item = Item::clone(&before);
            item.id = self.another_id(&before);
            item.modseq = self.bump();
            item.created_modseq = item.modseq;
            let change = Change {
                modseq: item.modseq,
                id: item.id.clone(),
                calendars: item.calendars.clone(),
                kind: Kind::Created,
            };
            self.index(&Arc::new(item));
            self.changes.push(change);
        }
    }

    /// Takes items away without a change that anybody could read of.
    pub(crate) fn hide(&mut self, chosen: &BTreeSet<String>) {
        for id in chosen {
            if let Some(item) = self.items.get(id).cloned() {
                self.unindex(&item);
                self.hidden.insert(id.clone(), item);
            }
        }
    }

    /// Brings back what was hidden, and returns how many items. One whose calendars are gone stays
    /// away; so does one whose uid was made again in the meantime.
    pub(crate) fn unhide(&mut self) -> usize {
        let mut back = 0;
        for item in std::mem::take(&mut self.hidden).into_values() {
            let housed = item.calendars.iter().all(|id| self.calendars.contains_key(id));
            let free = !self.items.contains_key(&item.id);
            if housed && free && !self.by_uid.contains_key(&item.uid) {
                self.index(&item);
                back += 1;
            }
        }
        back
    }

    pub(super) fn index(&mut self, item: &Arc<Item>) {
        self.pages.forget();
        self.by_uid.entry(item.uid.clone()).or_default().insert(item.id.clone());
        for calendar in &item.calendars {
            let inside = self.by_calendar.entry(calendar.clone()).or_default();
            inside.insert(item.id.clone(), Arc::clone(item));
        }
        self.items.insert(item.id.clone(), Arc::clone(item));
    }

    fn unindex(&mut self, item: &Item) {
        self.pages.forget();
        self.items.remove(&item.id);
        if let Some(ids) = self.by_uid.get_mut(&item.uid) {
            ids.remove(&item.id);
            if ids.is_empty() {
                self.by_uid.remove(&item.uid);
            }
        }
        for calendar in &item.calendars {
            if let Some(inside) = self.by_calendar.get_mut(calendar) {
                inside.remove(&item.id);
                if inside.is_empty() {
                    self.by_calendar.remove(calendar);
                }
            }
        }
    }
}
