//! `/journal`: requests and writes, found and counted.

use calamity_base::http::{Answer, Problem};
use calamity_evidence::{Request, Write};
use http::Method;
use schemars::{JsonSchema, SchemaGenerator};
use serde::Serialize;

use super::call::{Call, ok};
use super::cursor::{Cursor, Places};
use super::matching::{Wanted, is_actor, is_op};
use super::route::{BAD, Form, NO_SERVER, Query, Route, SERVER, json};
use super::select;
use super::wire::{RequestEntry, WriteEntry};
use crate::control::Fleet;
use crate::log::Log;

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
const SINCE: Query = text(
    "since",
    "Only what came after an earlier answer, which said so in `next`. After a reset or a restore that \
     is everything. A request that had no status then is not told again; `/events` does that.",
);
const MOST: Query = number("limit", "At most so many of each kind: 1,000, or up to 10,000.");

pub(super) const ROUTES: &[Route] = &[
    Route {
        method: Method::GET,
        path: "/journal",
        name: "journal",
        about: "Requests that reached the servers, retries included, and attempts to write, refused \
                ones included, in their order on each server.",
        query: &[SERVER, KIND, METHOD, PATH, OP, STATUS, ACTOR, RESULT, UID, SINCE, MOST],
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
        query: &[SERVER, KIND, METHOD, PATH, OP, STATUS, ACTOR, RESULT, UID, SINCE],
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
    /// How far the logs of each server go now.
    ends: Vec<LogEnd>,
    /// What to say in `since` to get what comes after these.
    next: String,
    /// Whether there are more than the limit allows: `since` gets them.
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
    /// How many of the requests, the oldest ones, are not kept any more.
    dropped_requests: u64,
    /// How many of the attempts to write are not.
    dropped_writes: u64,
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
    let filter = Filter::of(call);
    let mut cursor = Cursor::of(fleet, call)?;
    let mut entries = Entries {
        requests: Vec::new(),
        writes: Vec::new(),
        ends: Vec::new(),
        next: String::new(),
        cut: false,
    };
    for member in select::all(fleet, call)? {
        let name = member.name.as_str();
        let at = cursor.places(name);
        let next = member.server.read(|state| {
            let (requests, writes) = (state.journal.requests(), state.journal.writes());
            entries.ends.push(LogEnd {
                server: name.to_owned(),
                requests: requests.end(),
                writes: writes.end(),
                dropped_requests: requests.dropped(),
                dropped_writes: writes.dropped(),
            });
            let mut next = Places { requests: requests.end(), writes: writes.end() };
            for (place, request) in filter.requests(requests, at.requests) {
                if entries.requests.len() == limit {
                    next.requests = place;
                    entries.cut = true;
                    break;
                }
                entries.requests.push(RequestEntry::new(name, request.clone()));
            }
            for (place, write) in filter.writes(writes, at.writes) {
                if entries.writes.len() == limit {
                    next.writes = place;
                    entries.cut = true;
                    break;
                }
                entries.writes.push(WriteEntry::new(name, write.clone()));
            }
            next
        });
        cursor.set(name, next);
    }
    entries.next = cursor.to_string();
    Ok(ok(&entries))
}

fn count(fleet: &Fleet, call: &Call) -> Result<Answer, Problem> {
    let filter = Filter::of(call);
    let cursor = Cursor::of(fleet, call)?;
    let mut counts = Counts { requests: 0, writes: 0 };
    for member in select::all(fleet, call)? {
        let at = cursor.places(&member.name);
        member.server.read(|state| {
            let requests = filter.requests(state.journal.requests(), at.requests);
            counts.requests += requests.count() as u64;
            counts.writes += filter.writes(state.journal.writes(), at.writes).count() as u64;
        });
    }
    Ok(ok(&counts))
}

/// What is asked for.
struct Filter<'c> {
    call: &'c Call,
    wanted: Wanted,
    of_requests: bool,
    of_writes: bool,
}

impl<'c> Filter<'c> {
    fn of(call: &'c Call) -> Self {
        let asked = |name| call.text(name).is_some();
        let by_client = call.text("actor").is_none_or(|actor| crate::faults::fits(actor, "client"));
        let about_writes = asked("result") || asked("uid");
        let about_requests = asked("method") || asked("path") || asked("status");
        Self {
            call,
            wanted: Wanted::of(call),
            of_requests: call.text("kind") != Some("writes") && !about_writes && by_client,
            of_writes: call.text("kind") != Some("requests") && !about_requests,
        }
    }

    fn requests<'l>(
        &self,
        log: &'l Log<Request>,
        from: u64,
    ) -> impl Iterator<Item = (u64, &'l Request)> {
        let from = if self.of_requests { from } else { log.end() };
        log.from(from).filter(|(_, request)| self.wanted.fits(request))
    }

    fn writes<'l>(&self, log: &'l Log<Write>, from: u64) -> impl Iterator<Item = (u64, &'l Write)> {
        let from = if self.of_writes { from } else { log.end() };
        log.from(from).filter(|(_, write)| is_wanted(write, self.call))
    }
}

fn is_wanted(write: &Write, call: &Call) -> bool {
    let result = if write.applied() { "applied" } else { "refused" };
    call.text("op").is_none_or(|pattern| is_op(pattern, write))
        && call.text("actor").is_none_or(|pattern| is_actor(pattern, &write.actor))
        && call.text("result").is_none_or(|wanted| wanted == result)
        && call.text("uid").is_none_or(|uid| uid == write.uid)
}
