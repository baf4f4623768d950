//! What other users of the server get of a change: their copies, messages in their inboxes, and notes.

use std::collections::BTreeSet;
use std::sync::Arc;

use calamity_evidence::{Method, WriteOp};
use serde_json::Map;

use super::{INBOX, NOTIFICATIONS_MAX, Turn};
use crate::account::{Account, Calendar, Item, NewItem, Text};
use crate::directory::{Focus, Realm, UserId};
use crate::native::Letter;
use crate::scheduling::{Draft, Marker};
use crate::server::Protocol;

impl Turn<'_> {
    /// Brings the copy that the recipient has of an item up to date, where the recipient is a user
    /// of the server and copies follow.
    pub(super) fn pass_on(&mut self, draft: &Draft, item: &Item, kept: bool) {
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
    pub(super) fn notify(
        &mut self,
        by: UserId,
        before: Option<&Arc<Item>>,
        after: Option<&Arc<Item>>,
    ) {
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

    /// Whether an invitation can be delivered to a user: one has to have the object already, or a
    /// calendar for it (RFC 6638 section 4.3).
    pub(crate) fn takes(&self, user: UserId, uid: &str) -> bool {
        let account = self.state.account(Focus::calendars(user));
        account.items_with_uid(uid).next().is_some() || for_new_objects(account).is_some()
    }

    /// Hands a message to another user of the server: a copy into the inbox, and the change of
    /// their own object, which is told to nobody. An invitation that they cannot take is rejected.
    pub(super) fn deliver(&mut self, draft: &Draft, user: UserId, uid: &str) {
        if draft.method == Method::Request && !self.takes(user, uid) {
            return;
        }
        let (now, home) = (self.at.now, self.at.focus);
        let host = self.at.directory.host(user);
        let calendars = Focus::calendars(user);
        let stored = self.state.account(calendars).items_with_uid(uid).next().cloned();
        let received = self.native.receive(draft, stored.as_deref(), host, now);
        self.at.focus = Focus { user, realm: Realm::Inbox };
        if self.account().calendar(INBOX).is_none() {
            self.account_mut().insert_collection(INBOX, "Inbox", Map::new());
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

    pub(super) fn receive(&mut self, new: NewItem, stored: Option<&Item>, by: UserId) {
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
                let calendar = for_new_objects(self.account()).map(|found| found.id.clone());
                let Some(calendar) = calendar else { return };
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
}

/// The calendar for objects that come from others: the default one, or where that is gone the first.
fn for_new_objects(account: &Account) -> Option<&Calendar> {
    account.default_calendar().or_else(|| account.calendars().next())
}
