//! WHERE, more narrowly than site and operation: which item, which request, and which state of the
//! server, as data.

use calamity_evidence::Lineage;
use serde::{Deserialize, Serialize};

use crate::server::Protocol;

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
    /// By its place among the items of the request or of the page, counted from 0.
    Index(u64),
}

/// Which requests, and in which state of the server. What is given must all hold.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Selector {
    /// Only on servers that speak this.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub protocol: Option<Protocol>,
    /// Only requests of the user of this address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// Only programs whose `User-Agent` fits this pattern.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client: Option<String>,
    /// Only requests whose target, path and query, fits this pattern.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
    /// Only requests with this header.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub header: Option<HeaderSelector>,
    /// Only requests with this in their JSON body.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub json: Option<BodySelector>,
    /// Only requests with this in their XML body.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub xml: Option<BodySelector>,
    /// Only while this holds for what is stored.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stored: Option<Stored>,
}

/// A header of a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HeaderSelector {
    /// Its name.
    pub name: String,
    /// A pattern over its value; any value when it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
}

/// A place in a request's body.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BodySelector {
    /// In JSON a pointer (RFC 6901) in which `*` stands for every member or element. In XML a path
    /// of local names, where `*` is any name and an empty step any depth:
    /// `/sync-collection/limit/nresults`, `//comp-filter/@name`.
    pub path: String,
    /// A pattern over the text there, in JSON over the value as it is written but for the quotes of
    /// a string; that there is anything when it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
}

/// What the server's state must be like.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Stored {
    /// The feed's token is at least this old: so long ago the newest change that it knows was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token_age_ms_min: Option<u64>,
    /// Whether the item that is hit has people invited.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub has_attendees: Option<bool>,
    /// The account holds at least so many items.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub items_min: Option<u64>,
    /// The account holds at most so many items.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub items_max: Option<u64>,
}
