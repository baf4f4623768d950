//! WHEN a rule that matches fires: counts, chance, spans of the clock, limits of rate, barriers.

use serde::{Deserialize, Serialize};

/// When a rule that matches fires. The conditions are joined: all must hold.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct When {
    /// Lets the first n matches pass.
    pub skip: u64,
    /// Fires at most n times.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub times: Option<u64>,
    /// Fires on the first match after `skip`, and on every n-th after it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub every: Option<u64>,
    /// Fires with this probability, drawn from (seed, rule, item, how often it came).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub probability: Option<f64>,
    /// Fires in this span of the server's clock only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub window: Option<Window>,
    /// Fires while the scenario is in the state of this name only; see
    /// [`crate::Server::set_state`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// Fires for what is beyond a limit only; what is within passes and counts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quota: Option<Quota>,
    /// Fires at this match only, counted from 1 after `skip`, and holds it back until
    /// [`crate::Server::release`] lets it go on; only then its effect follows. At `link` and
    /// `request` it waits before anything is done, elsewhere when all is done and before the answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hold: Option<u64>,
}

/// A span counted from the moment at which the rule was armed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Window {
    /// Where it begins, in milliseconds.
    pub after_ms: u64,
    /// How long it is, in milliseconds.
    pub for_ms: u64,
}

/// A true limiter. Matches within it pass; the rule fires for those beyond it, which do not count
/// against it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Quota {
    /// What has a limit of its own: each value of these together. None for one limit for all.
    pub key: Vec<QuotaKey>,
    /// How many matches pass in any span of `window_ms`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<u64>,
    /// The span in which they are counted, on the server's clock.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub window_ms: Option<u64>,
    /// How many matching requests may be under way at a time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub concurrency: Option<u64>,
    /// Whether an error of the rule says when there is room again, in `Retry-After`.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub says_when: bool,
}

/// What a limit is counted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum QuotaKey {
    /// The program that asks, by its `User-Agent`.
    Client,
    /// The user whose credential the request carries.
    Account,
    /// The semantic operation.
    Operation,
    /// The connection.
    Connection,
}
