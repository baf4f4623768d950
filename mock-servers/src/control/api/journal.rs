//! `/journal`: requests and writes, found and counted.

use calamity_base::http::{Answer, Problem};
use calamity_evidence::Write;
use http::Method;
use schemars::{JsonSchema, SchemaGenerator};
use serde::Serialize;

use super::call::{Call, ok};
use super::matching::{Wanted, is_actor, is_op};
use super::route::{BAD, Form, NO_SERVER, Query, Route, SERVER, json};
use super::select;
use super::wire::{RequestEntry, WriteEntry};
use crate::control::Fleet;
use crate::control::fleet::Member;

/// How many entries of each kind an answer has, unless it is asked for fewer or more.
const LIMIT: u64 = 1_000;
/// The most entries of each kind of one answer.
const LIMIT_MAX: u64 = 10_000;

const fn text(name: &'static str, about: &'static str) -> Query {
    Query { name, about, form: Form::Text }
}

const fn number(name: &'static str, about: &'static str) -> Query {
    Query { name, about, form: Form::Number }
}

const KIND: Query = Query {
    name: "kind",
    about: "Only these: requests, or attempts to write.",
    form: Form::OneOf(&["requests", "writes"]),
};
const METHOD: Query = text("method", "Only requests of this HTTP method. Leaves writes out.");
const PATH: Query = text(
    "path",
    "Only requests whose path and query fit this pattern (* any text). Leaves writes out.",
);
const OP: Query = text(
    "op",
    "Only requests that ask for, and writes that are, an operation that fits this pattern: \
     event.create, *.delete, feed.*; writes also as create, update, delete.",
);
const STATUS: Query =
    number("status", "Only requests answered with this status. Leaves writes out.");
const ACTOR: Query = text(
    "actor",
    "Only writes of: client, seed, user, or user:alice@example.com (a pattern). Requests are all \
     the clients', so any other actor leaves them out.",
);
const RESULT: Query = Query {
    name: "result",
    about: "Only writes that were this. Leaves requests out.",
    form: Form::OneOf(&["applied", "refused"]),
};
const UID: Query = text("uid", "Only writes of the item of this uid. Leaves requests out.");
const FROM: Query = number("from_request", "From this place in each server's journal on.");
const FROM_WRITE: Query = number("from_write", "From this place in each server's write log on.");
const MOST: Query = number("limit", "At most so many of each kind: 1,000, or up to 10,000.");

pub(super) const ROUTES: &[Route] = &[
    Route {
        method: Method::GET,
        path: "/journal",
        name: "journal",
        about: "Requests that reached the servers, retries included, and attempts to write, refused \
                ones included, in their order on each server.",
        query: &[
            SERVER, KIND, METHOD, PATH, OP, STATUS, ACTOR, RESULT, UID, FROM, FROM_WRITE, MOST,
        ],
        body: None,
        answers: &[
            json(200, "The entries.", SchemaGenerator::subschema_for::<Entries>),
            BAD,
            NO_SERVER,
        ],
        serve: find,
    },
    Route {
        method: Method::GET,
        path: "/journal/count",
        name: "count",
        about: "How many entries there are.",
        query: &[SERVER, KIND, METHOD, PATH, OP, STATUS, ACTOR, RESULT, UID, FROM, FROM_WRITE],
        body: None,
        answers: &[
            json(200, "The numbers.", SchemaGenerator::subschema_for::<Counts>),
            BAD,
            NO_SERVER,
        ],
        serve: count,
    },
];

/// Entries of the journals.
#[derive(Debug, Serialize, JsonSchema)]
struct Entries {
    /// Requests that fit.
    requests: Vec<RequestEntry>,
    /// Writes that fit.
    writes: Vec<WriteEntry>,
    /// How far the logs of each server go now: ask from there on for what is new.
    ends: Vec<LogEnd>,
    /// Whether there are more than the limit allows.
    cut: bool,
}

/// Where the logs of a server end.
#[derive(Debug, Serialize, JsonSchema)]
struct LogEnd {
    /// The server.
    server: String,
    /// How many requests it has journalled.
    requests: u64,
    /// How many attempts to write.
    writes: u64,
}

/// How many entries.
#[derive(Debug, Serialize, JsonSchema)]
struct Counts {
    /// Requests that fit.
    requests: u64,
    /// Writes that fit.
    writes: u64,
}

fn find(fleet: &Fleet, call: &Call) -> Result<Answer, Problem> {
    let limit = call.number("limit").unwrap_or(LIMIT).min(LIMIT_MAX) as usize;
    let mut entries =
        Entries { requests: Vec::new(), writes: Vec::new(), ends: Vec::new(), cut: false };
    for member in select::all(fleet, call)? {
        let (requests, writes) = matching(member, call);
        entries.requests.extend(requests);
        entries.writes.extend(writes);
        let ends = member.server.log_ends();
        entries.ends.push(LogEnd {
            server: member.name.clone(),
            requests: ends.requests as u64,
            writes: ends.writes as u64,
        });
    }
    entries.cut = entries.requests.len() > limit || entries.writes.len() > limit;
    entries.requests.truncate(limit);
    entries.writes.truncate(limit);
    Ok(ok(&entries))
}

fn count(fleet: &Fleet, call: &Call) -> Result<Answer, Problem> {
    let mut counts = Counts { requests: 0, writes: 0 };
    for member in select::all(fleet, call)? {
        let (requests, writes) = matching(member, call);
        counts.requests += requests.len() as u64;
        counts.writes += writes.len() as u64;
    }
    Ok(ok(&counts))
}

fn matching(member: &Member, call: &Call) -> (Vec<RequestEntry>, Vec<WriteEntry>) {
    let wanted = Wanted::of(call);
    let asked = |name| call.text(name).is_some();
    let of_writes = asked("result") || asked("uid");
    let by_client = call.text("actor").is_none_or(|actor| crate::faults::fits(actor, "client"));
    let requests = call.text("kind") != Some("writes") && !of_writes && by_client;
    let writes = call.text("kind") != Some("requests")
        && !asked("method")
        && !asked("path")
        && !asked("status");
    let from = |name| usize::try_from(call.number(name).unwrap_or(0)).unwrap_or(usize::MAX);
    let name = member.name.as_str();
    let requests = if requests { member.server.requests(from("from_request")) } else { Vec::new() };
    let writes = if writes { member.server.writes(from("from_write")) } else { Vec::new() };
    (
        requests
            .into_iter()
            .filter(|request| wanted.fits(request))
            .map(|request| RequestEntry::new(name, request))
            .collect(),
        writes
            .into_iter()
            .filter(|write| is_wanted(write, call))
            .map(|write| WriteEntry::new(name, write))
            .collect(),
    )
}

fn is_wanted(write: &Write, call: &Call) -> bool {
    let result = if write.applied() { "applied" } else { "refused" };
    call.text("op").is_none_or(|pattern| is_op(pattern, write))
        && call.text("actor").is_none_or(|pattern| is_actor(pattern, &write.actor))
        && call.text("result").is_none_or(|wanted| wanted == result)
        && call.text("uid").is_none_or(|uid| uid == write.uid)
}
