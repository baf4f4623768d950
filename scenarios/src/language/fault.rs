//! A fault: where, when, what. The three are orthogonal; every fault of every protocol is one
//! combination of them.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::amount::{Amount, Span};
use super::placed::Placed;
use super::scenario::On;
use super::story::Items;

/// From now on, until it is cleared, something goes wrong.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    /// Its name, used once in a scenario.
    pub id: Placed<String>,
    /// At which requests, items, answers or pages.
    #[serde(rename = "where")]
    pub place: Placed<Where>,
    /// At which of them; at every one when it is left out.
    #[serde(default)]
    pub when: Placed<When>,
    /// What happens there.
    pub what: Placed<Effect>,
    /// Whether a specification allows it.
    #[serde(default)]
    pub origin: Origin,
    /// Where it was observed: a public address.
    #[serde(default)]
    pub source: Option<String>,
    /// How often it has to fire; at least once when it is left out.
    #[serde(default)]
    pub expect_hits: Option<Box<Placed<Amount>>>,
}

/// Where a fault fires.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Where {
    /// How far things have come when it fires.
    pub site: Site,
    /// The server.
    pub on: On,
    /// The operation: `event.create`, `event.*`, `feed.page`, ...; every one when it is left out.
    #[serde(default)]
    pub op: Option<Placed<String>>,
    /// Only in this calendar.
    #[serde(default)]
    pub calendar: Option<Placed<String>>,
    /// Only for these items; what `when` counts is then counted for each of them.
    #[serde(default)]
    pub items: Option<Placed<Items>>,
}

/// How far things have come when a fault fires.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Site {
    /// Below HTTP: nothing has been read.
    Link,
    /// The request has been read, nothing has been applied.
    Request,
    /// One part of an envelope is about to be applied.
    Item,
    /// The write is committed; only the answer can be damaged.
    Response,
    /// A listing or a change feed is about to answer.
    Feed,
}

/// At which of the places a fault fires.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct When {
    /// This many are let through first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub skip: Option<u64>,
    /// It fires this often and then never again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub times: Option<u64>,
    /// It fires at every n-th.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub every: Option<u64>,
    /// It fires with this probability, from 0 to 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub probability: Option<f64>,
    /// It fires during this time only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub window: Option<Window>,
}

/// A span of virtual time, counted from the moment at which the fault begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Window {
    /// When it opens.
    pub after: Span,
    /// How long it stays open.
    #[serde(rename = "for")]
    pub length: Span,
}

/// What goes wrong.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Effect {
    /// The server says no.
    Error(Failure),
    /// The connection fails.
    Abort(Abort),
    /// It takes longer.
    Delay(Span),
    /// The item is not mentioned in the answer; in a listing it is left out.
    Omit,
    /// Something happens to the token.
    Token(Token),
    /// A listing or a feed answers that there is nothing, and looks complete.
    Empty,
    /// A listing or a feed answers with a part, and looks complete.
    Cut(Cut),
    /// The answer is changed.
    Patch(Patch),
}

/// A refusal.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Failure {
    /// The protocol's own code; left out for a bare HTTP status.
    #[serde(default)]
    pub code: Option<Placed<String>>,
    /// The HTTP status, where the code leaves it open.
    #[serde(default)]
    pub status: Option<Placed<u16>>,
    /// The server's text.
    #[serde(default)]
    pub description: Option<String>,
    /// The properties that the server complains about.
    #[serde(default)]
    pub properties: Vec<String>,
    /// When it may be asked again.
    #[serde(default)]
    pub retry_after: Option<Span>,
}

/// How a connection fails.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Abort {
    /// It is reset.
    Reset,
    /// It is closed.
    Close,
    /// Nothing comes any more.
    Hang,
    /// It ends in the middle of the answer.
    Truncate(Truncate),
}

/// How much of an answer arrives.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Truncate {
    /// This many bytes.
    Bytes(u64),
    /// This share, from 0 to 1.
    Fraction(f64),
}

/// What happens to a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Token {
    /// The token that the client sends is refused.
    Expire,
    /// The client is given an older token than it had.
    Rewind,
}

/// A listing that is cut without saying so.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Cut {
    /// The share of the items that stays, from 0 to 1.
    pub keep: f64,
}

/// A change of the answer's body.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Patch {
    /// Members that get another value.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub set: BTreeMap<String, serde_json::Value>,
    /// Members that are taken out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub drop: Vec<String>,
}

/// Whether a specification allows a fault.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Origin {
    /// It does.
    #[default]
    Spec,
    /// It does not, but a real server was seen doing it.
    Observed,
    /// Nobody was seen doing it; the client has to be safe all the same.
    Hostile,
}
