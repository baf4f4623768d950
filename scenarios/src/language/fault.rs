//! A fault: where, when, what. The three are orthogonal; every fault of every protocol is one
//! combination of them.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::amount::{Amount, Span};
use super::placed::Placed;
use super::scenario::On;
use super::select::{OneItem, Quota, Select};
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
    /// Only for the item that is told apart like this; not together with `items`.
    #[serde(default)]
    pub item: Option<Box<Placed<OneItem>>>,
    /// Only for requests like this, while the server's state is like this.
    #[serde(default)]
    pub select: Option<Box<Select>>,
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
    /// The server is about to tell a subscriber something: a webhook, a push, an event of a stream.
    Push,
}

/// At which of the places a fault fires: all that is said must hold.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct When {
    /// This many are let through first.
    #[serde(default)]
    pub skip: Option<u64>,
    /// It fires this often and then never again.
    #[serde(default)]
    pub times: Option<u64>,
    /// It fires at every n-th.
    #[serde(default)]
    pub every: Option<u64>,
    /// It fires with this probability, from 0 to 1.
    #[serde(default)]
    pub probability: Option<f64>,
    /// It fires during this time only.
    #[serde(default)]
    pub window: Option<Window>,
    /// It fires while the server is in the state of this name only: see the step `state`.
    #[serde(default)]
    pub state: Option<String>,
    /// It fires for what is beyond a limit only.
    #[serde(default)]
    pub quota: Option<Quota>,
    /// It fires at the n-th only, and holds that back until the step `release` or `clear`.
    #[serde(default)]
    pub hold: Option<u64>,
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
    /// It takes longer, by a time that is drawn between two bounds.
    DelayUniform(DelayUniform),
    /// It takes longer, by a time whose logarithm is drawn from a normal distribution.
    DelayLognormal(DelayLognormal),
    /// The body of the answer comes slowly.
    Throttle(Throttle),
    /// The body of the answer comes in small pieces.
    Dribble(Dribble),
    /// The item is not mentioned in the answer; in a listing it is left out.
    Omit,
    /// Something happens to the token.
    Token(Token),
    /// A listing or a feed answers that there is nothing, and looks complete.
    Empty,
    /// A listing or a feed answers with a part, and looks complete.
    Cut(Cut),
    /// The answer is changed; at a `request` what the server reads, at an `item` what it stores.
    Patch(Box<Patch>),
    /// Rows of a listing or a feed, parts of an answer or messages come otherwise.
    Sequence(Sequence),
    /// What only reads is answered from what was stored so long ago.
    Stale(Span),
    /// Somebody else is faster with the items that the request writes.
    Race(Race),
}

/// A delay that is drawn between two bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DelayUniform {
    /// The least.
    pub from: Span,
    /// The most.
    pub upto: Span,
}

/// A delay whose logarithm is drawn from a normal distribution.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DelayLognormal {
    /// Half of the draws are below this.
    pub median: Span,
    /// The standard deviation of the logarithm, from 0 to 4.
    pub sigma: f64,
    /// The most.
    pub most: Span,
}

/// A rate at which a body comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Throttle {
    /// Bytes a second.
    pub bytes_per_second: u32,
}

/// Pieces in which a body comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Dribble {
    /// Bytes of a piece.
    pub bytes: u32,
    /// The wait before each.
    pub every: Span,
}

/// What happens to rows, counted from 0. At a `push` the message that is due is row 0.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Sequence {
    /// These are left out.
    Drop(Vec<u32>),
    /// These come a second time.
    Duplicate(Vec<u32>),
    /// They come in another order.
    Reorder(Order),
    /// These, which the server has not, come before the others.
    Inject(Vec<serde_json::Value>),
}

/// An order of rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Order {
    /// The last first.
    Reverse,
    /// Drawn from the seed.
    Shuffle,
}

/// What somebody else does to an item that is about to be written.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Race {
    /// It is changed.
    Edit(RaceEdit),
    /// It is deleted.
    Delete,
}

/// What somebody else changes.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum RaceEdit {
    /// The title.
    Title(String),
    /// The description.
    Description(String),
    /// The place.
    Location(String),
    /// When it takes place: later by so much.
    Later(Span),
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
    /// More headers of the answer.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    /// More of the error: on JMAP members such as `existingId`.
    #[serde(default)]
    pub members: BTreeMap<String, serde_json::Value>,
}

/// How a connection fails.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Abort {
    /// It is reset.
    Reset,
    /// It is closed.
    Close,
    /// Only what the server sends is at its end; what the client sends is still taken.
    HalfClose,
    /// Nothing comes any more.
    Hang,
    /// It ends in the middle of the answer.
    Truncate(Truncate),
    /// It is reset as soon as it is made. The others happen then at a `link` with `op: connect`.
    Refuse,
    /// Bytes come that are no HTTP.
    Garbage,
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
    /// The client is led to where it was: endless pages.
    Loop,
    /// The client is given a token that covers one row more than it was told of.
    Skip,
    /// The client is given half a token.
    Truncate,
}

/// A listing that is cut without saying so.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Cut {
    /// The share of the items that stays, from 0 to 1.
    pub keep: f64,
}

/// A change of an answer, a request, something stored or a row. Keys are names of members, or JSON
/// pointers when they begin with `/`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Patch {
    /// Members that get another value.
    #[serde(default)]
    pub set: BTreeMap<String, serde_json::Value>,
    /// Members that are taken out.
    #[serde(default)]
    pub drop: Vec<String>,
    /// Another status.
    #[serde(default)]
    pub status: Option<u16>,
    /// Headers that get another value.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    /// Headers that are taken out.
    #[serde(default)]
    pub drop_headers: Vec<String>,
    /// Another form of every entity tag.
    #[serde(default)]
    pub etag: Option<Etag>,
    /// Texts that are replaced.
    #[serde(default)]
    pub replace: Vec<Replace>,
}

/// A form of entity tags.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Etag {
    /// There is none.
    Missing,
    /// `W/"..."`.
    Weak,
    /// Without quotation marks.
    Unquoted,
    /// Quotation marks as `%22`.
    PercentEncoded,
}

/// A text that is replaced wherever it stands.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Replace {
    /// The text, or its beginning.
    pub find: String,
    /// Its end, where only beginning and end are known.
    #[serde(default)]
    pub upto: Option<String>,
    /// What comes in its place.
    pub with: String,
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
