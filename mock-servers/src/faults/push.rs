//! Messages to subscribers that go wrong on their way out: what becomes of one that is due. Who sends
//! it carries that out.

use std::collections::BTreeSet;
use std::time::Duration;

use bytes::Bytes;
use calamity_base::http::Incoming;
use http::{HeaderMap, Method, Uri};
use jiff::SignedDuration;
use serde_json::Value;

use super::asker::Asker;
use super::effect::{Abort, Effect, PatchEffect, Sequence};
use super::probe::{Probe, Reach};
use super::rule::Site;
use crate::directory::{Focus, UserId};
use crate::operation::Op;
use crate::server::{Inner, Shared};

/// How often a fault sends a message once more, at most.
const COPIES_MAX: usize = 100;

/// A message that is due.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Push<'a> {
    /// What it is.
    pub(crate) op: Op,
    /// Whose account it is about.
    pub(crate) user: UserId,
    /// Where it goes; empty for a stream.
    pub(crate) url: &'a str,
    /// What it says.
    pub(crate) body: &'a Value,
}

/// What becomes of a message.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Fate {
    /// How long it waits; others may overtake it.
    pub(crate) delay: Duration,
    /// The rest.
    pub(crate) course: Course,
}

/// How a message goes on.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) enum Course {
    /// It goes out as it is.
    #[default]
    Goes,
    /// Nobody gets it, and who sends it thinks that it arrived.
    Lost,
    /// It does not get through this time.
    Broken(Abort),
    /// It goes out, and so many times more.
    Again(usize),
    /// It goes out behind the next message to the same subscriber.
    Overtaken,
    /// These go out before it.
    After(Vec<Value>),
    /// It goes out with changes.
    Changed(PatchEffect),
}

impl Fate {
    /// How long a message waits to be overtaken, if no other comes.
    pub(crate) const PATIENCE: SignedDuration = SignedDuration::from_mins(10);

    /// Whether nothing becomes of it.
    pub(crate) fn is_plain(&self) -> bool {
        *self == Self::default()
    }
}

impl Shared {
    /// Asks the rules about a message. The request of a hit is the one that comes next.
    pub(crate) fn fate(&self, inner: &mut Inner, push: &Push<'_>) -> Fate {
        if !inner.peek().faults.any_at(Site::Push) {
            return Fate::default();
        }
        let state = inner.state();
        let request = state.journal.next_request();
        let stored = state.account(Focus::calendars(push.user)).items().len();
        let asker = asker(push, &self.directory.host(push.user).owner);
        let probe = Probe {
            site: Site::Push,
            op: push.op,
            reach: Reach::All,
            items: &[],
            calendars: &BTreeSet::new(),
            request,
            now: self.clock.now(),
            spent: &BTreeSet::new(),
            protocol: self.protocol,
            asker: Some(&asker),
            stored,
            token_age_ms: None,
        };
        let met = state.faults.ask(&probe);
        Fate { delay: met.delay, course: met.effect.map_or(Course::Goes, course) }
    }
}

/// The message as the request that it is, for the rules that look into requests.
fn asker(push: &Push<'_>, account: &str) -> Asker {
    let request = Incoming {
        method: Method::POST,
        uri: push.url.parse().unwrap_or_else(|_| Uri::from_static("/")),
        headers: HeaderMap::new(),
        body: Bytes::from(push.body.to_string()),
        connection: 0,
    };
    Asker::new(&request, account)
}

fn course(effect: Effect) -> Course {
    let firsts = |places: &[usize]| places.iter().filter(|place| **place == 0).count();
    match effect {
        Effect::Omit => Course::Lost,
        Effect::Abort(abort) => Course::Broken(abort),
        Effect::Patch(patch) => Course::Changed(patch),
        Effect::Sequence(Sequence::Drop(places)) if firsts(&places) > 0 => Course::Lost,
        Effect::Sequence(Sequence::Duplicate(places)) => match firsts(&places) {
            0 => Course::Goes,
            times => Course::Again(times.min(COPIES_MAX)),
        },
        Effect::Sequence(Sequence::Reorder(_)) => Course::Overtaken,
        Effect::Sequence(Sequence::Inject(rows)) => Course::After(rows),
        // Nothing else can be armed there, and waits are in the fate itself.
        _ => Course::Goes,
    }
}
