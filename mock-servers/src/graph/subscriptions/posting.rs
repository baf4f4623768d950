//! One message to a subscriber, and when it is tried again.

use bytes::Bytes;
use http::{Request, header};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::directory::UserId;
use crate::faults::PatchEffect;
use crate::operation::Op;

/// How long to wait before each next attempt, in seconds: "it tries to resend the change
/// notification multiple times, for up to 4 hours".
const WAITS_S: [i64; 10] = [10, 30, 60, 120, 300, 600, 1_800, 3_600, 3_600, 3_600];

/// What a message is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum About {
    /// Changes of what is watched.
    Changes,
    /// The subscription itself.
    Lifecycle,
    /// That a change was not told of.
    Missed,
    /// That the subscription is gone: the one message that outlives it.
    Gone,
}

/// See the module.
#[derive(Clone, Debug)]
pub(crate) struct Posting {
    pub(super) subscription: String,
    /// Whose mailbox it is about, as the subscription may be gone.
    pub(super) user: UserId,
    pub(super) about: About,
    pub(super) url: String,
    pub(super) value: Vec<Value>,
    /// When it is sent next.
    pub(super) due: Timestamp,
    /// Its place among all, so that what is due at once goes in order.
    pub(super) number: u64,
    /// How often it was tried.
    pub(super) attempts: usize,
    /// What faults make of it.
    pub(super) faulted: Faulted,
}

/// What faults make of a message.
#[derive(Clone, Debug, Default)]
pub(super) struct Faulted {
    /// Whether they were asked, for all of its attempts.
    pub(super) asked: bool,
    /// Whether it goes out behind the next one of the same subscription.
    pub(super) overtaken: bool,
    /// Changes of its headers and texts.
    pub(super) patch: Option<Box<PatchEffect>>,
}

impl Posting {
    /// The request.
    pub(crate) fn request(&self) -> Option<Request<Bytes>> {
        let body = json!({ "value": self.value }).to_string();
        let mut request = Request::post(&self.url)
            .header(header::CONTENT_TYPE, "application/json; charset=utf-8")
            .body(Bytes::from(body))
            .ok()?;
        if let Some(patch) = &self.faulted.patch {
            patch.apply_to_message(&mut request);
        }
        Some(request)
    }

    /// The operation that it is.
    pub(super) fn op(&self) -> Op {
        match self.about {
            About::Changes => Op::PushChange,
            About::Lifecycle | About::Missed | About::Gone => Op::PushLifecycle,
        }
    }

    /// The same for the next attempt; none where there is none any more.
    pub(super) fn again(mut self, now: Timestamp) -> Option<Self> {
        let wait = WAITS_S.get(self.attempts)?;
        self.attempts += 1;
        self.due = now.checked_add(SignedDuration::from_secs(*wait)).ok()?;
        Some(self)
    }
}
