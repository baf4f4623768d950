//! One scheduling message that a real server would have sent to a person.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{Actor, Lineage, Side, WriteSeq};

/// The iTIP method (RFC 5546 section 1.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Method {
    /// An invitation or its update.
    Request,
    /// The organizer calls it off, or takes somebody off the list.
    Cancel,
    /// A guest answers.
    Reply,
}

/// An entry of a mock server's outbox.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mail {
    /// When, on the server's clock.
    pub at: Timestamp,
    /// The server that would have sent it.
    pub server: Side,
    /// What kind of message.
    pub method: Method,
    /// The sender's address.
    pub from: String,
    /// The recipient's address.
    pub to: String,
    /// The event's uid.
    pub uid: String,
    /// The harness's token in the event's title.
    pub lineage: Option<Lineage>,
    /// The event's title without the token.
    pub title: String,
    /// The iTIP sequence number.
    pub sequence: u64,
    /// The write that caused it.
    pub cause: WriteSeq,
    /// Who did that write.
    pub actor: Actor,
    /// The message itself, an iCalendar object (RFC 5546).
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub message: String,
}
