//! Where a fault fires, more narrowly than by site and operation, and the limits beyond which it does.

use schemars::JsonSchema;
use serde::Deserialize;

use super::amount::Span;

/// One item, by what tells it apart.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum OneItem {
    /// The server's uid.
    Uid(String),
    /// A pattern over the title: `*` stands for any text, `?` for one sign.
    Title(String),
    /// Its place among the items of the request or page, counted from 0.
    Index(u64),
}

/// Which requests, and in which state of the server: all that is said must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Select {
    /// Only requests of the user of this address.
    #[serde(default)]
    pub account: Option<String>,
    /// Only programs whose `User-Agent` fits this pattern.
    #[serde(default)]
    pub client: Option<String>,
    /// Only requests whose path and query fit this pattern.
    #[serde(default)]
    pub target: Option<String>,
    /// Only requests with this header.
    #[serde(default)]
    pub header: Option<Header>,
    /// Only requests with this in their JSON body: a JSON pointer, in which `*` stands for every
    /// member.
    #[serde(default)]
    pub json: Option<Body>,
    /// Only requests with this in their XML body: a path of local names, such as `//nresults`.
    #[serde(default)]
    pub xml: Option<Body>,
    /// Only while this holds for what is stored.
    #[serde(default)]
    pub stored: Option<Stored>,
}

/// A header of a request.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Header {
    /// Its name.
    pub name: String,
    /// A pattern over its value; any value when it is left out.
    #[serde(default)]
    pub value: Option<String>,
}

/// A place in the body of a request.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Body {
    /// Where; it begins with `/`.
    pub path: String,
    /// A pattern over what stands there; anything when it is left out.
    #[serde(default)]
    pub value: Option<String>,
}

/// What the server's state must be like.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Stored {
    /// The token of the feed is at least this old.
    #[serde(default)]
    pub token_age: Option<Span>,
    /// Whether the item that is hit has guests.
    #[serde(default)]
    pub has_attendees: Option<bool>,
    /// The account holds at least so many items.
    #[serde(default)]
    pub items_min: Option<u64>,
    /// The account holds at most so many items.
    #[serde(default)]
    pub items_max: Option<u64>,
}

/// A limit: what is within it passes and counts.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Quota {
    /// What is counted apart from each other; all together when it is left out.
    #[serde(default)]
    pub key: Vec<QuotaKey>,
    /// How many in every window.
    #[serde(default)]
    pub limit: Option<u64>,
    /// The window.
    #[serde(default)]
    pub window: Option<Span>,
    /// How many at a time.
    #[serde(default)]
    pub concurrency: Option<u64>,
    /// Whether an error says in `Retry-After` when there is room again.
    #[serde(default)]
    pub says_when: bool,
}

/// What a limit is counted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum QuotaKey {
    /// The program, by its `User-Agent`.
    Client,
    /// The user.
    Account,
    /// The operation.
    Operation,
    /// The connection.
    Connection,
}
