//! The subscriptions of one user, and what is to be sent to each (RFC 8620 section 7.2).

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::late::Late;
use super::states::{States, Types, difference};
use crate::faults::PatchEffect;
use crate::operation::Op;

/// Subscriptions of one user, at most.
pub(super) const SUBSCRIPTIONS_MAX: usize = 32;

/// How long a subscription lives at most; section 7.2 wants at least 7 days.
pub(super) const LIFETIME: SignedDuration = SignedDuration::from_hours(24 * 30);

/// Attempts to send one push, the first included.
const ATTEMPTS_MAX: u32 = 5;

/// The wait after the first attempt that failed; each further one is twice as long.
const PAUSE: Duration = Duration::from_secs(2);

/// The longest wait that a push service may ask for.
const PAUSE_MAX: Duration = Duration::from_secs(3600);

/// The wait after a 429 that says nothing of it.
const PAUSE_THROTTLED: Duration = Duration::from_secs(60);

/// One subscription.
#[derive(Clone, Debug)]
pub(super) struct Subscription {
    pub(super) device: String,
    pub(super) url: String,
    pub(super) code: String,
    pub(super) expires: Timestamp,
    pub(super) types: Types,
    /// Whether the client has said the code.
    pub(super) verified: bool,
    /// Whether the code went out, or never will.
    asked: bool,
    /// What the client was told last.
    told: States,
    attempts: u32,
    not_before: Timestamp,
}

/// All subscriptions of one user, by id.
#[derive(Clone, Debug, Default)]
pub(crate) struct Pushes {
    pub(super) all: BTreeMap<String, Subscription>,
    /// Pushes that a fault keeps back or has made up.
    pub(super) late: Late,
}

/// A push that is due.
#[derive(Clone, Debug)]
pub(super) struct Post {
    pub(super) id: String,
    pub(super) url: String,
    pub(super) body: Value,
    /// The states that it tells of.
    states: States,
    /// Where it stands.
    pub(super) stage: Stage,
    /// Changes of its headers and texts, by a fault.
    pub(super) patch: Option<Box<PatchEffect>>,
}

/// How far a push is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    /// Nothing became of it; it is made anew for each attempt.
    Fresh,
    /// A fault has made it what it is. Its subscriber counts as told, and it is sent once.
    Fated,
}

/// How a push ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ended {
    /// It arrived.
    Well,
    /// Nobody is there any more (404, 410).
    Gone,
    /// There were too many; nothing before so long.
    Throttled(Option<Duration>),
    /// It did not arrive.
    Badly,
}

impl Post {
    /// The operation that it is.
    pub(super) fn op(&self) -> Op {
        if self.body["@type"] == "PushVerification" { Op::PushVerify } else { Op::PushChange }
    }
}

impl Subscription {
    /// A new one, whose code goes out next.
    pub(super) fn new(
        device: &str,
        url: &str,
        code: String,
        expires: Timestamp,
        types: Types,
        now: Timestamp,
    ) -> Self {
        Self {
            device: device.to_owned(),
            url: url.to_owned(),
            code,
            expires,
            types,
            verified: false,
            asked: false,
            told: States::new(),
            attempts: 0,
            not_before: now,
        }
    }

    /// The client has said the code: it is told of what changes from now on.
    pub(super) fn verify(&mut self, states: States) {
        if !self.verified {
            self.verified = true;
            self.told = states;
            self.attempts = 0;
        }
    }

    /// What it is to be sent, if anything.
    fn post(&self, id: &str, states: &States) -> Option<Post> {
        let body = if self.verified {
            difference(&self.told, states)?
        } else if self.asked {
            return None;
        } else {
            json!({
                "@type": "PushVerification",
                "pushSubscriptionId": id,
                "verificationCode": self.code,
            })
        };
        let (id, url, states) = (id.to_owned(), self.url.clone(), states.clone());
        Some(Post { id, url, body, states, stage: Stage::Fresh, patch: None })
    }

    fn sent(&mut self, post: Post) {
        self.attempts = 0;
        if self.verified {
            self.told = post.states;
        }
        self.asked = true;
    }
}

impl Pushes {
    /// Drops what has expired.
    pub(super) fn expire(&mut self, now: Timestamp) {
        self.all.retain(|_, one| one.expires > now);
        self.late.only_for(|id| self.all.contains_key(id));
    }

    /// The subscriber counts as told of what a push says.
    pub(super) fn told(&mut self, post: &Post) {
        if let Some(one) = self.all.get_mut(&post.id) {
            one.sent(post.clone());
        }
    }

    /// A push that is due now, or the moment at which to look again.
    pub(super) fn next(
        &self,
        now: Timestamp,
        states: &dyn Fn(&Types) -> States,
    ) -> Result<Post, Option<Timestamp>> {
        let mut later: Option<Timestamp> = None;
        for (id, one) in self.all.iter().filter(|(_, one)| one.expires > now) {
            let Some(post) = one.post(id, &states(&one.types)) else { continue };
            if one.not_before <= now {
                return Ok(post);
            }
            later = Some(later.map_or(one.not_before, |other| other.min(one.not_before)));
        }
        Err(later)
    }

    /// Takes down how a push ended.
    pub(super) fn ended(&mut self, post: Post, how: Ended, now: Timestamp) {
        if post.stage == Stage::Fated && how != Ended::Gone {
            return;
        }
        let Some(one) = self.all.get_mut(&post.id) else { return };
        let pause = match how {
            Ended::Well => return one.sent(post),
            Ended::Gone => {
                self.all.remove(&post.id);
                return;
            }
            Ended::Throttled(wish) => wish.unwrap_or(PAUSE_THROTTLED).min(PAUSE_MAX),
            Ended::Badly => {
                one.attempts += 1;
                if one.attempts >= ATTEMPTS_MAX {
                    // It does not matter if some are dropped (section 7): the next change is told.
                    return one.sent(post);
                }
                PAUSE * 2_u32.pow(one.attempts - 1)
            }
        };
        one.not_before = now + pause;
    }
}
