//! The token: where the change feed stands, and what it does not cover.
//!
//! The feed of v1.0 is windowed, so the window is kept with its link: another window is another
//! feed. What lies outside of it is told by no feed.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::model::Token;

use super::Window;

const VERSION: u32 = 1;
const DAY_SECONDS: i64 = 86_400;

/// The token's content.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Mark {
    version: u32,
    /// Where the feed goes on.
    pub(super) delta_link: String,
    /// The window of the feed.
    pub(super) span: Span,
    /// The latest change that was seen, by the server's clock.
    pub(super) watermark: Option<Timestamp>,
    /// Whether the container holds items that are not in the window.
    pub(super) outside: bool,
}

/// A window of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Span {
    pub(super) from: Timestamp,
    pub(super) to: Timestamp,
}

impl Mark {
    pub(super) fn new(delta_link: String, span: Span) -> Self {
        Self { version: VERSION, delta_link, span, watermark: None, outside: false }
    }

    /// Reads a token; none for one of another version, which is no longer understood.
    pub(super) fn read(token: &Token) -> Option<Self> {
        let mark: Self = serde_json::from_str(token.as_str()).ok()?;
        (mark.version == VERSION).then_some(mark)
    }

    pub(super) fn token(&self) -> Token {
        Token(serde_json::to_string(self).expect("a token has a text"))
    }

    /// Takes the time of a change into account.
    pub(super) fn saw(&mut self, changed: Option<Timestamp>) {
        self.watermark = self.watermark.max(changed);
    }
}

impl Span {
    /// The window around a moment, at whole days.
    pub(super) fn around(window: Window, now: Timestamp) -> Self {
        let midnight = now.as_second() - now.as_second().rem_euclid(DAY_SECONDS);
        let at = |days: i64| {
            let seconds = midnight.saturating_add(days.saturating_mul(DAY_SECONDS));
            Timestamp::from_second(seconds).unwrap_or(now)
        };
        Self { from: at(-i64::from(window.past_days)), to: at(i64::from(window.future_days)) }
    }

    /// Whether a window that a token was made for still serves: it has the configured length, and
    /// at least half of its future is still to come.
    pub(super) fn serves(self, window: Window, now: Timestamp) -> bool {
        let days = i64::from(window.past_days) + i64::from(window.future_days);
        let length = self.to.duration_since(self.from);
        let left = self.to.duration_since(now);
        let half = i64::from(window.future_days) * DAY_SECONDS / 2;
        length == SignedDuration::from_secs(days * DAY_SECONDS)
            && left >= SignedDuration::from_secs(half)
    }
}
