//! The subscriptions of a server, and the queue of what is to be sent.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::notice;
use super::posting::{About, Faulted, Posting};
use super::resource::Watched;
use super::wanted::Wanted;
use crate::account::Kind;
use crate::directory::{Directory, Focus, UserId};
use crate::graph::failure::Failure;
use crate::graph::login::guid;
use crate::state::State;

/// "1,000 active Outlook subscriptions per mailbox for all applications".
const MAX: usize = 1_000;
/// How many messages wait at most; beyond that the subscriber has missed something.
const QUEUE_MAX: usize = 10_000;
/// How many changes go into one message.
const CHANGES_MAX: usize = 100;
/// How long before its end a subscription's owner is asked to authorize it anew, in minutes.
const WARNING: i64 = 15;

/// A subscription.
#[derive(Clone, Debug)]
pub(super) struct Subscription {
    pub(super) id: String,
    /// Who made it: an application, for a user or by itself.
    pub(super) creator: Creator,
    /// Whose mailbox is watched.
    pub(super) user: UserId,
    pub(super) watched: Watched,
    pub(super) resource: String,
    pub(super) changes: BTreeSet<Kind>,
    pub(super) change_type: String,
    pub(super) url: String,
    pub(super) lifecycle_url: Option<String>,
    pub(super) state: Option<String>,
    pub(super) tls: Option<String>,
    pub(super) ends: Timestamp,
    /// The changes up to here are told of or were there before.
    seen: u64,
    /// Whether its owner was asked to authorize it anew, and has not.
    warned: bool,
}

/// Who made a subscription, and alone can see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Creator {
    /// The application's id.
    pub(super) app: String,
    /// The user's id; that of the application's own account where it acts by itself.
    pub(super) id: String,
}

/// See the module.
#[derive(Clone, Debug, Default)]
pub(crate) struct Subscriptions {
    all: BTreeMap<String, Subscription>,
    queue: Vec<Posting>,
    made: u64,
    posted: u64,
}

/// Where a message goes into the queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum QueuePlace {
    /// Where it was.
    Old,
    /// Behind all that are due at the same moment.
    Last,
}

/// What is to be done next.
#[derive(Debug)]
pub(crate) enum Errand {
    /// This is sent.
    Post(Posting),
    /// Nothing before that moment, if there is one, unless something changes.
    Wait(Option<Timestamp>),
    /// Nobody wants to be told of anything.
    Done,
}

impl Subscriptions {
    /// Whether there is nothing to do, now or later.
    pub(crate) fn is_empty(&self) -> bool {
        self.all.is_empty() && self.queue.is_empty()
    }

    /// Makes a subscription.
    pub(super) fn add(
        &mut self,
        seed: u64,
        creator: Creator,
        user: UserId,
        wanted: Wanted,
        seen: u64,
    ) -> Result<&Subscription, Failure> {
        if self.all.values().filter(|known| known.user == user).count() >= MAX {
            return Err(Failure { status: 403, ..Failure::of("ErrorAccessDenied") }
                .saying("The mailbox has too many subscriptions."));
        }
        self.made += 1;
        let id = guid(seed, "subscription", &self.made.to_string());
        let subscription = Subscription {
            id: id.clone(),
            creator,
            user,
            watched: wanted.watched,
            resource: wanted.resource,
            changes: wanted.changes,
            change_type: wanted.change_type,
            url: wanted.url,
            lifecycle_url: wanted.lifecycle_url,
            state: wanted.state,
            tls: wanted.tls,
            ends: wanted.ends,
            seen,
            warned: false,
        };
        Ok(self.all.entry(id).or_insert(subscription))
    }

    /// Those that somebody made and that have not ended.
    pub(super) fn of(
        &self,
        creator: &Creator,
        now: Timestamp,
    ) -> impl Iterator<Item = &Subscription> {
        self.all.values().filter(move |known| known.creator == *creator && known.ends > now)
    }

    /// One of those, to change it.
    pub(super) fn find(
        &mut self,
        id: &str,
        creator: &Creator,
        now: Timestamp,
    ) -> Result<&mut Subscription, Failure> {
        let found = self.all.get_mut(id);
        let found = found.filter(|known| known.creator == *creator && known.ends > now);
        found.ok_or_else(|| Failure::of("ResourceNotFound"))
    }

    /// Takes one away.
    pub(super) fn remove(&mut self, id: &str) {
        self.all.remove(id);
        self.queue.retain(|posting| posting.subscription != id);
    }

    /// The service takes all away, and tells those who want to hear of it. Returns how many.
    pub(crate) fn withdraw(&mut self, tenant: &str, now: Timestamp) -> usize {
        let all = std::mem::take(&mut self.all);
        let ids: BTreeSet<&String> = all.keys().collect();
        self.queue.retain(|posting| !ids.contains(&posting.subscription));
        for subscription in all.values() {
            self.tell_of(subscription, tenant, "subscriptionRemoved", now);
        }
        all.len()
    }

    /// A message was not taken.
    pub(crate) fn failed(&mut self, posting: Posting, tenant: &str, now: Timestamp) {
        let (id, about) = (posting.subscription.clone(), posting.about);
        match posting.again(now) {
            Some(again) => self.queue.push(again),
            // "If Microsoft Graph still doesn't receive a 2xx code, it discards the notification."
            None if about == About::Changes => self.missed(&id, tenant, now),
            None => {}
        }
    }

    fn missed(&mut self, id: &str, tenant: &str, now: Timestamp) {
        if let Some(subscription) = self.all.get(id).cloned() {
            self.tell_of(&subscription, tenant, "missed", now);
        }
    }

    fn tell_of(&mut self, about: &Subscription, tenant: &str, event: &str, now: Timestamp) {
        let Some(url) = about.lifecycle_url.clone() else { return };
        let value = vec![notice::of_lifecycle(about, tenant, event)];
        self.post(about.id.clone(), About::Lifecycle, url, value, now);
    }

    fn post(&mut self, id: String, about: About, url: String, value: Vec<Value>, now: Timestamp) {
        self.posted += 1;
        let number = self.posted;
        let (subscription, due, attempts, faulted) = (id, now, 0, Faulted::default());
        self.queue.push(Posting {
            subscription,
            about,
            url,
            value,
            due,
            number,
            attempts,
            faulted,
        });
    }

    /// The user whose mailbox a message is about; none where the subscription is gone.
    pub(super) fn user_of(&self, posting: &Posting) -> Option<UserId> {
        self.all.get(&posting.subscription).map(|known| known.user)
    }

    /// Queues a message again, at its old place or behind all others.
    pub(super) fn queue(&mut self, posting: Posting, place: QueuePlace) {
        self.posted += u64::from(place == QueuePlace::Last);
        let number = if place == QueuePlace::Last { self.posted } else { posting.number };
        self.queue.push(Posting { number, ..posting });
    }

    /// Whether a message to the same subscriber waits to be overtaken.
    pub(super) fn is_overtaken(&self, by: &Posting) -> bool {
        let waits = |one: &Posting| one.faulted.overtaken && one.subscription == by.subscription;
        self.queue.iter().any(waits)
    }

    /// What was to be overtaken by a message goes right behind it.
    fn lets_go(&mut self, by: &Posting, now: Timestamp) {
        for posting in &mut self.queue {
            if posting.faulted.overtaken && posting.subscription == by.subscription {
                posting.faulted.overtaken = false;
                posting.due = now;
            }
        }
    }

    /// Looks at what has changed and at the time, and says what to do next.
    pub(crate) fn next(
        &mut self,
        state: &State,
        directory: &Directory,
        tenant: &str,
        now: Timestamp,
    ) -> Errand {
        self.all.retain(|_, known| known.ends > now);
        for id in self.all.keys().cloned().collect::<Vec<_>>() {
            self.look(&id, state, directory, tenant, now);
        }
        let order = |place: &usize| (self.queue[*place].due, self.queue[*place].number);
        if let Some(first) = (0..self.queue.len()).min_by_key(order)
            && self.queue[first].due <= now
        {
            let first = self.queue.swap_remove(first);
            if first.faulted.asked && !first.faulted.overtaken {
                self.lets_go(&first, now);
            }
            return Errand::Post(first);
        }
        if self.is_empty() {
            return Errand::Done;
        }
        let dues = self.queue.iter().map(|posting| posting.due);
        let ends =
            self.all.values().map(|known| if known.warns() { known.warning() } else { known.ends });
        Errand::Wait(dues.chain(ends).min())
    }

    fn look(
        &mut self,
        id: &str,
        state: &State,
        directory: &Directory,
        tenant: &str,
        now: Timestamp,
    ) {
        let full = self.queue.len() >= QUEUE_MAX;
        let Some(known) = self.all.get_mut(id) else { return };
        let account = state.account(Focus { user: known.user, realm: known.watched.realm });
        let default = account.default_calendar().map(|found| found.id.as_str());
        let host = directory.host(known.user);
        let told: Vec<Value> = account
            .changes()
            .since(known.seen)
            .iter()
            .filter(|change| known.changes.contains(&change.kind))
            .filter(|change| known.watched.covers(change, default))
            .map(|change| notice::of_change(known, host, tenant, account, change))
            .collect();
        known.seen = account.modseq();
        let warns = known.warns() && known.warning() <= now;
        known.warned |= warns;
        let known = known.clone();
        if warns {
            self.tell_of(&known, tenant, "reauthorizationRequired", now);
        }
        if full && !told.is_empty() {
            self.missed(id, tenant, now);
            return;
        }
        for part in told.chunks(CHANGES_MAX) {
            self.post(id.to_owned(), About::Changes, known.url.clone(), part.to_vec(), now);
        }
    }
}

impl Subscription {
    /// Whether its owner is still to be asked to authorize it anew.
    fn warns(&self) -> bool {
        !self.warned && self.lifecycle_url.is_some()
    }

    fn warning(&self) -> Timestamp {
        self.ends.checked_sub(SignedDuration::from_mins(WARNING)).unwrap_or(self.ends)
    }

    /// It is authorized anew; with another end it also lives longer.
    pub(super) fn renew(&mut self, ends: Option<Timestamp>) {
        self.ends = ends.unwrap_or(self.ends);
        // Without a new end there is nothing more to ask for.
        self.warned = ends.is_none();
    }

    /// As it is answered.
    pub(super) fn to_value(&self) -> serde_json::Map<String, Value> {
        let members = [
            ("id", json!(self.id)),
            ("resource", json!(self.resource)),
            ("applicationId", json!(self.creator.app)),
            ("changeType", json!(self.change_type)),
            ("clientState", json!(self.state)),
            ("notificationUrl", json!(self.url)),
            ("lifecycleNotificationUrl", json!(self.lifecycle_url)),
            ("notificationQueryOptions", Value::Null),
            ("expirationDateTime", json!(self.ends.to_string())),
            ("creatorId", json!(self.creator.id)),
            ("includeResourceData", Value::Null),
            ("latestSupportedTlsVersion", json!(self.tls.as_deref().unwrap_or("v1_2"))),
            ("encryptionCertificate", Value::Null),
            ("encryptionCertificateId", Value::Null),
            ("notificationUrlAppId", Value::Null),
        ];
        members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
    }
}
