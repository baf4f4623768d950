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
use crate::graph::moment;
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
    /// By when each is due, and by its number among all.
    queue: BTreeMap<(Timestamp, u64), Posting>,
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
        self.queue.retain(|_, posting| posting.subscription != id);
    }

    /// The service takes all away, and tells those who want to hear of it. Returns how many.
    pub(crate) fn withdraw(&mut self, tenant: &str, now: Timestamp) -> usize {
        let all = std::mem::take(&mut self.all);
        let ids: BTreeSet<&String> = all.keys().collect();
        self.queue.retain(|_, posting| !ids.contains(&posting.subscription));
        for subscription in all.values() {
            self.tell_of(subscription, About::Gone, tenant, "subscriptionRemoved", now);
        }
        all.len()
    }

    /// A message was not taken. Nobody is told of a subscription that has ended or was deleted
    /// meanwhile.
    pub(crate) fn failed(&mut self, posting: Posting, tenant: &str, now: Timestamp) {
        let (id, about) = (posting.subscription.clone(), posting.about);
        let known = self.all.get(&id).filter(|known| known.ends > now);
        if known.is_none() && about != About::Gone {
            return;
        }
        match posting.again(now) {
            Some(again) => self.put(again),
            // "If Microsoft Graph still doesn't receive a 2xx code, it discards the notification."
            None if about == About::Changes => {
                if let Some(known) = known.cloned() {
                    self.missed(&known, tenant, now);
                }
            }
            None => {}
        }
    }

    /// Tells that something was missed, unless such a message waits already.
    fn missed(&mut self, of: &Subscription, tenant: &str, now: Timestamp) {
        let mut waiting = self.queue.values();
        if !waiting.any(|known| known.about == About::Missed && known.subscription == of.id) {
            self.tell_of(of, About::Missed, tenant, "missed", now);
        }
    }

    fn tell_of(
        &mut self,
        of: &Subscription,
        about: About,
        tenant: &str,
        event: &str,
        now: Timestamp,
    ) {
        let Some(url) = of.lifecycle_url.clone() else { return };
        let value = vec![notice::of_lifecycle(of, tenant, event)];
        self.post(of, about, url, value, now);
    }

    fn post(
        &mut self,
        of: &Subscription,
        about: About,
        url: String,
        value: Vec<Value>,
        now: Timestamp,
    ) {
        self.posted += 1;
        self.put(Posting {
            subscription: of.id.clone(),
            user: of.user,
            about,
            url,
            value,
            due: now,
            number: self.posted,
            attempts: 0,
            faulted: Faulted::default(),
        });
    }

    fn put(&mut self, posting: Posting) {
        self.queue.insert((posting.due, posting.number), posting);
    }

    /// Queues a message again, at its old place or behind all others.
    pub(super) fn queue(&mut self, posting: Posting, place: QueuePlace) {
        self.posted += u64::from(place == QueuePlace::Last);
        let number = if place == QueuePlace::Last { self.posted } else { posting.number };
        self.put(Posting { number, ..posting });
    }

    /// Whether a message to the same subscriber waits to be overtaken.
    pub(super) fn is_overtaken(&self, by: &Posting) -> bool {
        let waits = |one: &Posting| one.faulted.overtaken && one.subscription == by.subscription;
        self.queue.values().any(waits)
    }

    /// What was to be overtaken by a message goes right behind it.
    pub(super) fn lets_go(&mut self, by: &Posting, now: Timestamp) {
        let waits = |one: &Posting| one.faulted.overtaken && one.subscription == by.subscription;
        let waiting: Vec<_> =
            self.queue.iter().filter(|(_, one)| waits(one)).map(|(key, _)| *key).collect();
        for key in waiting {
            let Some(mut posting) = self.queue.remove(&key) else { continue };
            posting.faulted.overtaken = false;
            posting.due = now;
            self.put(posting);
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
        let before = self.all.len();
        self.all.retain(|_, known| known.ends > now);
        if self.all.len() < before {
            let all = &self.all;
            self.queue.retain(|_, posting| {
                posting.about == About::Gone || all.contains_key(&posting.subscription)
            });
        }
        let mut all = std::mem::take(&mut self.all);
        for known in all.values_mut() {
            self.look(known, state, directory, tenant, now);
        }
        self.all = all;
        if let Some(first) = self.queue.first_entry().filter(|first| first.key().0 <= now) {
            let first = first.remove();
            if first.faulted.asked && !first.faulted.overtaken {
                self.lets_go(&first, now);
            }
            return Errand::Post(first);
        }
        if self.is_empty() {
            return Errand::Done;
        }
        let dues = self.queue.keys().map(|(due, _)| *due).take(1);
        let ends =
            self.all.values().map(|known| if known.warns() { known.warning() } else { known.ends });
        Errand::Wait(dues.chain(ends).min())
    }

    fn look(
        &mut self,
        known: &mut Subscription,
        state: &State,
        directory: &Directory,
        tenant: &str,
        now: Timestamp,
    ) {
        let account = state.account(Focus { user: known.user, realm: known.watched.realm });
        if known.warns() && known.warning() <= now {
            known.warned = true;
            self.tell_of(known, About::Lifecycle, tenant, "reauthorizationRequired", now);
        }
        if known.seen == account.modseq() {
            return;
        }
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
        for part in told.chunks(CHANGES_MAX) {
            if self.queue.len() >= QUEUE_MAX {
                self.missed(known, tenant, now);
                return;
            }
            self.post(known, About::Changes, known.url.clone(), part.to_vec(), now);
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
            ("expirationDateTime", json!(moment::stamp(self.ends))),
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

#[cfg(test)]
mod tests {
    use super::*;

    fn subscription() -> Subscription {
        let watched = Watched::parse("me/events").expect("a resource");
        let creator = Creator { app: String::new(), id: String::new() };
        Subscription {
            id: "s".to_owned(),
            creator,
            user: UserId::OWNER,
            watched,
            resource: "me/events".to_owned(),
            changes: BTreeSet::new(),
            change_type: "created".to_owned(),
            url: "http://x/".to_owned(),
            lifecycle_url: Some("http://x/".to_owned()),
            state: None,
            tls: None,
            ends: Timestamp::MAX,
            seen: 0,
            warned: false,
        }
    }

    #[test]
    fn one_message_says_that_something_was_missed_however_much_it_was() {
        let mut store = Subscriptions::default();
        let known = subscription();
        for _ in 0..3 {
            store.missed(&known, "tenant", Timestamp::UNIX_EPOCH);
        }
        assert_eq!(store.queue.len(), 1);
    }
}
