//! A fault rule: WHERE x WHEN x WHAT, as it stands in a script.

use serde::{Deserialize, Serialize};

use super::effect::Effect;
use super::select::{ItemSelector, Selector};
use super::when::When;

/// One fault. Its id names it in scenarios, hits and reports.
///
/// ```json
/// {
///   "id": "busy", "site": "request", "op": "event.*", "select": { "client": "davx5/*" },
///   "when": { "quota": { "key": ["account"], "limit": 10, "window_ms": 1000, "says_when": true } },
///   "what": { "error": { "code": "429", "status": 429 } }
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// The name by which it is cleared and counted.
    pub id: String,
    /// Where in the handling of a request it fires.
    pub site: Site,
    /// A pattern over semantic operations: `event.create`, `event.*`, `feed.page`, `*`.
    #[serde(default = "any")]
    pub op: String,
    /// Only for this item.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item: Option<ItemSelector>,
    /// Only in the calendar of this name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calendar: Option<String>,
    /// Only for these requests, and while the server's state is like this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub select: Option<Box<Selector>>,
    /// How often, and when.
    #[serde(default)]
    pub when: When,
    /// What happens.
    pub what: Effect,
    /// On what ground it is thought possible.
    #[serde(default)]
    pub origin: Origin,
    /// Where it was seen, for a fault that was observed: a public address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

impl Rule {
    /// A rule for every operation, at every match.
    #[must_use]
    pub fn new(id: impl Into<String>, site: Site, what: Effect) -> Self {
        Self {
            id: id.into(),
            site,
            op: any(),
            item: None,
            calendar: None,
            select: None,
            when: When::default(),
            what,
            origin: Origin::default(),
            source: None,
        }
    }
}

fn any() -> String {
    "*".to_owned()
}

/// What has happened when a fault fires. A rule at `link`, `request` or `response` fires at most
/// once a request, however many parts of it match.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Site {
    /// The request was read and nothing of it applied.
    Request,
    /// One part of an envelope is about to be applied: an id inside a JMAP `/set`, a Graph write.
    Item,
    /// Everything is committed; only the answer is damaged or lost.
    Response,
    /// A page of a change feed or of a listing is about to go out.
    Feed,
    /// Below HTTP: the request is lost before the server looks at it.
    Link,
    /// A message to a subscriber is about to go out: a webhook, a push, an event of a stream.
    Push,
}

impl Site {
    /// The word for it in scenarios and hits.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Request => "request",
            Self::Item => "item",
            Self::Response => "response",
            Self::Feed => "feed",
            Self::Link => "link",
            Self::Push => "push",
        }
    }
}

/// On what ground a fault is thought possible. Reports group findings by it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Origin {
    /// The specification foresees it.
    #[default]
    Spec,
    /// A real server was seen doing it.
    Observed,
    /// Nobody promised that it cannot happen.
    Hostile,
}
