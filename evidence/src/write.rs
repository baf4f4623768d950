//! One attempt to change a server's state, whether it was applied or refused.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{Lineage, RequestId, Side};

/// A write's place in its server's write log, counted from 0. It never changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct WriteSeq(pub u64);

/// Who wrote.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Actor {
    /// The harness, filling the world before the story begins.
    Seed,
    /// A user of the server, in the step of that name.
    User(String),
    /// A client over the network, in the request of that number: the system under test.
    Client(RequestId),
}

/// What the write does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WriteOp {
    /// A new item.
    Create,
    /// A change of an item, its exceptions included.
    Update,
    /// An item goes.
    Delete,
    /// A new calendar.
    CreateContainer,
    /// A change of a calendar.
    UpdateContainer,
    /// A calendar goes.
    DeleteContainer,
}

/// Why the server refused a write.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// The protocol's own code: `invalidProperties`, `ErrorIrresolvableConflict`, ...
    pub code: String,
    /// The server's text.
    pub detail: String,
}

/// What became of a write.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WriteResult {
    /// The state changed.
    Applied,
    /// The state did not change.
    Refused(Refusal),
}

/// One entry of a server's write log. Refused attempts stand in it as well.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Write {
    /// Its place in the log.
    pub seq: WriteSeq,
    /// When, on the server's clock.
    pub at: Timestamp,
    /// The server.
    pub server: Side,
    /// Who.
    pub actor: Actor,
    /// What.
    pub op: WriteOp,
    /// The calendar's name.
    pub container: String,
    /// The server's id of the item (or calendar); empty when a create was refused.
    pub item: String,
    /// The item's uid as the server holds it; empty for calendars.
    pub uid: String,
    /// The harness's token in the title, before the write where there was one, else after.
    pub lineage: Option<Lineage>,
    /// The title without the token.
    pub title: String,
    /// Addresses of everybody invited, before or after the write.
    pub attendees: Vec<String>,
    /// A hash of the stored item after the write, empty after a delete.
    pub content: String,
    /// What became of it.
    pub result: WriteResult,
}

impl Write {
    /// Whether the state changed.
    #[must_use]
    pub fn applied(&self) -> bool {
        self.result == WriteResult::Applied
    }

    /// Whether the system under test did it.
    #[must_use]
    pub fn by_client(&self) -> bool {
        matches!(self.actor, Actor::Client(_))
    }
}
