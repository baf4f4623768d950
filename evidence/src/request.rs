//! One HTTP request that reached a mock server, retries included.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::Side;

/// A request's place in its server's journal, counted from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RequestId(pub u64);

/// One request, as the server saw it. Credentials are not kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// Its place in the journal.
    pub id: RequestId,
    /// When it had been read, on the server's clock.
    pub at: Timestamp,
    /// The server that it reached.
    pub server: Side,
    /// The HTTP method.
    pub method: String,
    /// Path and query.
    pub target: String,
    /// What it asks for in the words of the fault model: `event.create`, `feed.page`, ...
    pub operations: Vec<String>,
    /// The status that went out; none when the answer was cut, reset or never sent.
    pub status: Option<u16>,
}
