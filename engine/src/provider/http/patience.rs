//! How long to wait for a server, and how often.
//!
//! What a server asks for is waited for in full; the bounds below are those of our own back-off.

use std::time::Duration;

use http::HeaderMap;
use http::header::RETRY_AFTER;
use jiff::Timestamp;

/// How often a read is asked again after a lost answer.
pub(super) const LOST_MAX: u32 = 3;
/// The longest wait that we choose ourselves.
const OWN_MAX: Duration = Duration::from_secs(120);

/// How often a busy server is asked again, and how long we wait when it does not say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::provider) struct Patience {
    /// Attempts after the first.
    pub(super) retries: u32,
    first: Duration,
    doubles: bool,
}

impl Patience {
    /// Eight attempts, waiting 5 s, 10 s, 20 s and so on.
    pub(in crate::provider) const JMAP: Self =
        Self { retries: 7, first: Duration::from_secs(5), doubles: true };
    /// Three attempts after the first, waiting 5 s each.
    pub(in crate::provider) const GRAPH: Self =
        Self { retries: 3, first: Duration::from_secs(5), doubles: false };

    /// Our own wait before the attempt after the `nth` refused one, from 0.
    pub(super) fn own(self, nth: u32) -> Duration {
        let times = if self.doubles { 2_u32.saturating_pow(nth) } else { 1 };
        self.first.saturating_mul(times).min(OWN_MAX)
    }
}

/// The wait before a read is asked again after the `nth` lost answer, from 0: 1 s, 2 s, 4 s.
pub(super) fn after_lost(nth: u32) -> Duration {
    Duration::from_secs(2_u64.saturating_pow(nth))
}

/// Answers that say "not now", and that nothing was done.
pub(super) fn is_busy(status: u16) -> bool {
    matches!(status, 429 | 503)
}

/// Answers after which a read is worth another try.
pub(super) fn is_transient(status: u16) -> bool {
    matches!(status, 500 | 502 | 504)
}

/// The wait that an answer asks for: seconds or a date. A negative or unreadable one is none.
pub(super) fn retry_after(headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse::<u64>() {
        return Some(Duration::from_secs(seconds));
    }
    let date = jiff::fmt::rfc2822::parse(text).ok()?.timestamp();
    Duration::try_from(date.duration_since(now)).ok()
}
