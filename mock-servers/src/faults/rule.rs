//! A fault rule: WHERE x WHEN x WHAT, as it stands in a script.

use calamity_evidence::Lineage;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// One fault. Its id names it in scenarios, hits and reports.
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
    /// How often, and when.
    #[serde(default)]
    pub when: When,
    /// What happens.
    pub what: Effect,
    /// On what ground it is thought possible.
    #[serde(default)]
    pub origin: Origin,
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
        }
    }
}

/// One item among all.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ItemSelector {
    /// By the harness's token.
    Lineage(Lineage),
    /// By the server's uid.
    Uid(String),
    /// By a pattern over the title without its token: `*` stands for any text, `?` for one sign.
    Title(String),
}

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

/// What a fault does.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Effect {
    /// The part that was hit is refused; the protocol renders it for the site.
    Error(ErrorEffect),
    /// The exchange breaks.
    Abort(Abort),
    /// Nothing happens for a while: before the work at `link` and `request`, after it and before
    /// the answer elsewhere. Other rules still apply.
    Delay {
        /// Milliseconds.
        ms: u64,
    },
    /// The item is left out of the answer, neither refused nor applied; in a feed the page lacks it.
    Omit,
    /// The feed's token is damaged.
    Token(TokenEffect),
    /// The page is empty and looks complete.
    Empty,
    /// Only a share of the items is in the page, which looks complete; its token skips the rest.
    Cut {
        /// The share that stays, 0 to 1.
        keep: f64,
    },
    /// Members are replaced or dropped: at an `item` in what is stored (a server rewrite) or, for a
    /// read, in what is answered; in a `feed` in the rows; at a `response` in its body.
    Patch(PatchEffect),
}

/// An error in the protocol's own words.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ErrorEffect {
    /// The code: `invalidProperties`, `serverFail`, `ErrorIrresolvableConflict`, ...
    pub code: String,
    /// The HTTP status, where the protocol does not fix it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// The server's text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The properties that are blamed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub properties: Vec<String>,
    /// Seconds of a `Retry-After` header.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_after_s: Option<u64>,
}

/// How an exchange breaks.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Abort {
    /// The connection is reset.
    Reset,
    /// The connection is closed without an answer.
    Close,
    /// Nothing comes any more.
    Hang,
    /// The answer breaks off inside its body.
    Truncate(After),
}

/// Where an answer breaks off.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum After {
    /// After so many bytes of the body.
    Bytes(usize),
    /// After this share of the body, 0 to 1.
    Fraction(f64),
}

/// What happens to a feed's token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TokenEffect {
    /// The token of this request is refused as too old.
    Expire,
    /// The answer hands out a token older than the one that came.
    Rewind,
}

/// Changes of members. Keys are names of members, or JSON pointers when they begin with `/`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PatchEffect {
    /// Members that get another value.
    pub set: Map<String, Value>,
    /// Members that go.
    pub drop: Vec<String>,
}
