//! A limiter of rate and concurrency: what is within passes and counts, what is beyond does not.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use calamity_evidence::RequestId;
use jiff::Timestamp;

use super::probe::Probe;
use super::when::{Quota, QuotaKey};

/// How many keys are counted apart; where more are in use at a time, those share one count.
const KEYS_MAX: usize = 10_000;

/// What was let through, for one value of the key.
#[derive(Clone, Debug, Default)]
struct Bucket {
    passed: VecDeque<Timestamp>,
    running: BTreeSet<RequestId>,
}

/// The counts of one rule.
#[derive(Clone, Debug, Default)]
pub(super) struct Buckets(BTreeMap<String, Bucket>);

/// What a limiter says of a match.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Room {
    /// It is within the limit, and counted now.
    Within,
    /// It is beyond; in so many seconds there is room, as far as that is known.
    Beyond(u64),
}

impl Buckets {
    /// Asks for one match.
    pub(super) fn ask(&mut self, quota: &Quota, probe: &Probe<'_>) -> Room {
        let mut key = key(quota, probe);
        if self.0.len() >= KEYS_MAX && !self.0.contains_key(&key) {
            self.0.retain(|_, bucket| bucket.is_in_use(quota, probe.now));
            if self.0.len() >= KEYS_MAX {
                key = String::new();
            }
        }
        self.0.entry(key).or_default().ask(quota, probe.request, probe.now)
    }

    /// A request has been answered.
    pub(super) fn finished(&mut self, request: RequestId) {
        for bucket in self.0.values_mut() {
            bucket.running.remove(&request);
        }
        self.0.retain(|_, bucket| !bucket.running.is_empty() || !bucket.passed.is_empty());
    }

    /// Whether a request counts as being under way.
    pub(super) fn runs(&self, request: RequestId) -> bool {
        self.0.values().any(|bucket| bucket.running.contains(&request))
    }
}

impl Bucket {
    /// Whether anything in it still counts.
    fn is_in_use(&self, quota: &Quota, now: Timestamp) -> bool {
        let window = i128::from(quota.window_ms.unwrap_or(0)) * 1_000_000;
        let counts = |passed: &Timestamp| now.as_nanosecond() - passed.as_nanosecond() < window;
        !self.running.is_empty() || self.passed.back().is_some_and(counts)
    }

    fn ask(&mut self, quota: &Quota, request: RequestId, now: Timestamp) -> Room {
        let counted = self.running.contains(&request);
        let full = quota.concurrency.is_some_and(|most| self.running.len() as u64 >= most);
        if full && !counted {
            return Room::Beyond(1);
        }
        if let (Some(limit), Some(window)) = (quota.limit, quota.window_ms) {
            let window = i128::from(window) * 1_000_000;
            let left = |passed: &Timestamp| window - (now.as_nanosecond() - passed.as_nanosecond());
            while self.passed.front().is_some_and(|passed| left(passed) <= 0) {
                self.passed.pop_front();
            }
            if self.passed.len() as u64 >= limit {
                let nanoseconds = self.passed.front().map_or(window, left).max(1);
                let seconds = (nanoseconds + 999_999_999) / 1_000_000_000;
                return Room::Beyond(u64::try_from(seconds).unwrap_or(u64::MAX));
            }
            self.passed.push_back(now);
        }
        if quota.concurrency.is_some() {
            self.running.insert(request);
        }
        Room::Within
    }
}

fn key(quota: &Quota, probe: &Probe<'_>) -> String {
    let part = |key: &QuotaKey| match (key, probe.asker) {
        (QuotaKey::Operation, _) => probe.op.name().to_owned(),
        (_, None) => String::new(),
        (QuotaKey::Client, Some(asker)) => asker.client().to_owned(),
        (QuotaKey::Account, Some(asker)) => asker.account.clone(),
        (QuotaKey::Connection, Some(asker)) => asker.connection.to_string(),
    };
    quota.key.iter().map(part).collect::<Vec<_>>().join("\n")
}
