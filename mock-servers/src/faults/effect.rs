//! WHAT a fault does, as data.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::users::Edit;

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
    /// The same for a time that is drawn between two bounds.
    DelayUniform {
        /// The least, in milliseconds.
        from_ms: u64,
        /// The most, in milliseconds.
        upto_ms: u64,
    },
    /// The same for a time whose logarithm is drawn from a normal distribution.
    DelayLognormal {
        /// Half of the draws are below this, in milliseconds.
        median_ms: u64,
        /// The standard deviation of the logarithm.
        sigma: f64,
        /// The most, in milliseconds.
        most_ms: u64,
    },
    /// The body of the answer comes at this rate, in ten pieces a second.
    Throttle {
        /// Bytes a second on the server's clock; at least 1.
        bytes_per_second: u32,
    },
    /// The body of the answer comes in pieces, with a wait before each.
    Dribble {
        /// Bytes of a piece; at least 1.
        bytes: usize,
        /// The wait, in milliseconds.
        every_ms: u64,
    },
    /// The item is left out of the answer, neither refused nor applied; in a feed the page lacks it;
    /// at a `push` nobody is told.
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
    /// Something is replaced or dropped: at a `request` in what the server reads of it; at an `item`
    /// in what is stored (a server rewrite) or, for a read, in what is answered; in a `feed` in the
    /// rows; at a `response` in status, headers and body; at a `push` in each notification of the
    /// message and in its headers.
    Patch(PatchEffect),
    /// Rows of a feed are dropped, doubled, put in another order or made up; at a `response` the
    /// parts of an envelope; at a `push` messages, of which the one that is due is row 0.
    Sequence(Sequence),
    /// A request that only reads is answered from what was stored some time ago. What was stored is
    /// remembered from the moment on at which the rule is armed.
    Stale {
        /// How old the state is that is read, in milliseconds.
        lag_ms: u64,
    },
    /// Before the items that a request writes are touched, somebody else changes or deletes them.
    Race(Race),
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
    /// More headers of the answer that carries the error.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub headers: BTreeMap<String, String>,
    /// More of the error: on JMAP members such as `existingId`, on DAV the `namespace` of the
    /// condition and the `href` inside it.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub members: Map<String, Value>,
}

/// How an exchange breaks.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Abort {
    /// The connection is reset.
    Reset,
    /// The connection is closed without an answer.
    Close,
    /// The sending side of the connection is closed without an answer; the client's is not.
    HalfClose,
    /// Nothing comes any more.
    Hang,
    /// The answer breaks off inside its body.
    Truncate(After),
    /// The connection is reset as soon as it is made, before anything is read from it. What else can
    /// become of a connection then is said at a `link` with the operation `connect`.
    Refuse,
    /// Bytes come that are no HTTP.
    Garbage,
}

impl Abort {
    /// Bytes of a body of that length that still go out.
    pub(crate) fn cut(self, length: usize) -> Option<usize> {
        match self {
            Self::Truncate(After::Bytes(bytes)) => Some(bytes.min(length)),
            Self::Truncate(After::Fraction(share)) => {
                Some(((length as f64) * share.clamp(0.0, 1.0)) as usize)
            }
            _ => None,
        }
    }
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
    /// The answer says that there is more and leads to where the request was: endless pages.
    Loop,
    /// The token already covers one row that the page does not tell of.
    Skip,
    /// Only the first half of the token is handed out.
    Truncate,
}

/// What happens to the rows of a page. Rows are counted from 0; its token stays as it is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sequence {
    /// These are left out.
    Drop(Vec<usize>),
    /// These come a second time, at the end.
    Duplicate(Vec<usize>),
    /// They come in another order.
    Reorder(Order),
    /// These come before the others. JMAP: an id, or `{"destroyed": id}` and the like in `/changes`;
    /// Graph: a row; DAV: the text of a `D:response`; at a `push` notifications.
    Inject(Vec<Value>),
}

/// An order of rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Order {
    /// The last first.
    Reverse,
    /// Drawn from the seed.
    Shuffle,
}

/// What somebody else does to an item that a client is about to write.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Race {
    /// It is changed.
    Edit(Edit),
    /// It is deleted.
    Delete,
}

/// Changes of members. Keys are names of members, or JSON pointers when they begin with `/`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PatchEffect {
    /// Members that get another value.
    pub set: Map<String, Value>,
    /// Members that go.
    pub drop: Vec<String>,
    /// Another status of the answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// Headers that get another value; at a `request` in what the server reads.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub headers: BTreeMap<String, String>,
    /// Headers that go; at a `request` from what the server reads.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub drop_headers: Vec<String>,
    /// Another form of every entity tag in the answer, in headers and bodies.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub etag: Option<EtagForm>,
    /// Texts of the body that are replaced, whatever the body is.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub replace: Vec<Replace>,
}

/// A text that is replaced wherever it stands.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Replace {
    /// The text, or its beginning.
    pub find: String,
    /// Its end, where only beginning and end are known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub upto: Option<String>,
    /// What comes in its place.
    pub with: String,
}

/// A form of entity tags that servers were seen to use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EtagForm {
    /// There is none.
    Missing,
    /// `W/"..."`.
    Weak,
    /// Without quotation marks.
    Unquoted,
    /// Quotation marks as `%22`.
    PercentEncoded,
}
