//! One time that an armed fault fired.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{RequestId, Side};

/// A fault that fired.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FaultHit {
    /// The rule's id in the scenario.
    pub rule: String,
    /// `item`, `request`, `response` or `feed`.
    pub site: String,
    /// The how-manieth time that this rule fired, counted from 1.
    pub occurrence: u64,
    /// When, on the server's clock.
    pub at: Timestamp,
    /// The server.
    pub server: Side,
    /// The request in which it fired.
    pub request: RequestId,
    /// The operation: `event.create`, `feed.page`, ...
    pub op: String,
    /// The item that it hit, where it hit one: its id, or its creation id.
    pub item: Option<String>,
}

impl FaultHit {
    /// The hit's address, `rule@site#occurrence`. It counts the hits of its own rule, so that taking
    /// another rule away does not move it.
    #[must_use]
    pub fn address(&self) -> String {
        format!("{}@{}#{}", self.rule, self.site, self.occurrence)
    }
}
