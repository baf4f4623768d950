//! The shapes in which the API shows what the harness records, converted by hand: the API's words
//! stay when the harness's data change.

use std::borrow::Cow;

use calamity_evidence::{Actor, FaultHit, Mail, Method, Request, Write, WriteOp, WriteResult};
use jiff::Timestamp;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Serialize;

/// A moment, as RFC 3339 has it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub(super) struct Moment(String);

impl Moment {
    pub(super) fn new(at: Timestamp) -> Self {
        Self(at.to_string())
    }
}

impl JsonSchema for Moment {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Moment".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "format": "date-time" })
    }
}

/// One HTTP request that reached a server, retries included.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(super) struct RequestEntry {
    /// The server.
    pub(super) server: String,
    /// Its place in the server's journal, from 0.
    pub(super) id: u64,
    /// When, on the servers' clock.
    pub(super) at: Moment,
    /// The HTTP method.
    pub(super) method: String,
    /// Path and query.
    pub(super) target: String,
    /// What it asks for: event.create, feed.page, ...
    pub(super) operations: Vec<String>,
    /// The status that went out; none while it is being served, and when the answer was cut, reset
    /// or never sent.
    pub(super) status: Option<u16>,
}

impl RequestEntry {
    pub(super) fn new(server: &str, request: Request) -> Self {
        Self {
            server: server.to_owned(),
            id: request.id.0,
            at: Moment::new(request.at),
            method: request.method,
            target: request.target,
            operations: request.operations,
            status: request.status,
        }
    }
}

/// One attempt to write, refused ones included.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(super) struct WriteEntry {
    /// The server.
    pub(super) server: String,
    /// Its place in the server's write log, from 0.
    pub(super) id: u64,
    /// When, on the servers' clock.
    pub(super) at: Moment,
    /// Who: `seed`, `client`, or `user:` and the address.
    pub(super) actor: String,
    /// The request that wrote, where a client did.
    pub(super) request: Option<u64>,
    /// What: create, update, delete, create-container, update-container or delete-container.
    pub(super) op: String,
    /// The name of the calendar or address book.
    pub(super) collection: String,
    /// The item's id; empty when a create was refused.
    pub(super) item: String,
    /// Its uid; empty for collections.
    pub(super) uid: String,
    /// Its title.
    pub(super) title: String,
    /// Addresses of everybody invited, before or after.
    pub(super) attendees: Vec<String>,
    /// Whether the state changed.
    pub(super) applied: bool,
    /// The server's code and text, where it refused.
    pub(super) refusal: Option<RefusalEntry>,
}

/// Why a server refused.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(super) struct RefusalEntry {
    /// The protocol's own code.
    pub(super) code: String,
    /// The server's text.
    pub(super) detail: String,
}

impl WriteEntry {
    pub(super) fn new(server: &str, write: Write) -> Self {
        let refusal = match write.result {
            WriteResult::Applied => None,
            WriteResult::Refused(refusal) => {
                Some(RefusalEntry { code: refusal.code, detail: refusal.detail })
            }
        };
        Self {
            server: server.to_owned(),
            id: write.seq.0,
            at: Moment::new(write.at),
            request: match write.actor {
                Actor::Client(request) => Some(request.0),
                Actor::Seed | Actor::User(_) => None,
            },
            actor: actor(&write.actor),
            op: op(write.op).to_owned(),
            collection: write.container,
            item: write.item,
            uid: write.uid,
            title: write.title,
            attendees: write.attendees,
            applied: refusal.is_none(),
            refusal,
        }
    }
}

/// The word for who wrote.
pub(super) fn actor(actor: &Actor) -> String {
    match actor {
        Actor::Seed => "seed".to_owned(),
        Actor::User(address) => format!("user:{address}"),
        Actor::Client(_) => "client".to_owned(),
    }
}

/// The word for a write.
pub(super) fn op(op: WriteOp) -> &'static str {
    match op {
        WriteOp::Create => "create",
        WriteOp::Update => "update",
        WriteOp::Delete => "delete",
        WriteOp::CreateContainer => "create-container",
        WriteOp::UpdateContainer => "update-container",
        WriteOp::DeleteContainer => "delete-container",
    }
}

/// A message that a real server would have sent to a person.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(super) struct MailEntry {
    /// The server.
    pub(super) server: String,
    /// Its place in the server's outbox, from 0.
    pub(super) id: u64,
    /// When, on the servers' clock.
    pub(super) at: Moment,
    /// The iTIP method: REQUEST, CANCEL or REPLY.
    pub(super) method: String,
    /// The sender's address.
    pub(super) from: String,
    /// The recipient's address.
    pub(super) to: String,
    /// The event's uid.
    pub(super) uid: String,
    /// The event's title.
    pub(super) title: String,
    /// The iTIP sequence number.
    pub(super) sequence: u64,
    /// The write that caused it: its place in the write log.
    pub(super) cause: u64,
    /// Who wrote: `client`, or `user:` and the address.
    pub(super) actor: String,
    /// The message itself, an iCalendar object (RFC 5546).
    pub(super) message: String,
}

impl MailEntry {
    pub(super) fn new(server: &str, id: u64, mail: Mail) -> Self {
        Self {
            server: server.to_owned(),
            id,
            at: Moment::new(mail.at),
            method: itip(mail.method).to_owned(),
            from: mail.from,
            to: mail.to,
            uid: mail.uid,
            title: mail.title,
            sequence: mail.sequence,
            cause: mail.cause.0,
            actor: actor(&mail.actor),
            message: mail.message,
        }
    }
}

/// The word for what kind of message it is.
pub(super) fn itip(method: Method) -> &'static str {
    match method {
        Method::Request => "REQUEST",
        Method::Cancel => "CANCEL",
        Method::Reply => "REPLY",
    }
}

/// One time that a fault fired.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(super) struct Hit {
    /// The server.
    pub(super) server: String,
    /// The rule's id.
    pub(super) rule: String,
    /// The site and the how-manieth time that this rule fired: `item#3`.
    pub(super) place: String,
    /// When, on the servers' clock.
    pub(super) at: Moment,
    /// The request in which it fired: its place in the journal.
    pub(super) request: u64,
    /// The operation: event.create, feed.page, ...
    pub(super) op: String,
    /// The item that it hit, where it hit one.
    pub(super) item: Option<String>,
}

impl Hit {
    pub(super) fn new(server: &str, hit: FaultHit) -> Self {
        Self {
            server: server.to_owned(),
            rule: hit.rule,
            place: format!("{}#{}", hit.site, hit.occurrence),
            at: Moment::new(hit.at),
            request: hit.request.0,
            op: hit.op,
            item: hit.item,
        }
    }
}
