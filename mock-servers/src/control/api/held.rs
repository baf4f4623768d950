//! `/held` and `/faults/{fault}/release`: requests that wait at a barrier, and letting them go on.

use calamity_base::http::{Answer, Problem};
use http::Method;
use schemars::{JsonSchema, SchemaGenerator};
use serde::Serialize;

use super::call::{Call, ok};
use super::route::{BAD, NO_SERVER, Route, SERVER, json, refused};
use super::wire::Moment;
use super::{faults, select};
use crate::control::Fleet;

pub(super) const ROUTES: &[Route] = &[
    Route {
        method: Method::GET,
        path: "/held",
        name: "held",
        about: "The requests that rules with `when: {hold: N}` hold back now, in the order in which \
                they came.",
        query: &[SERVER],
        body: None,
        answers: &[
            json(200, "The requests.", SchemaGenerator::subschema_for::<AllHeld>),
            BAD,
            NO_SERVER,
        ],
        serve: list,
    },
    Route {
        method: Method::POST,
        path: "/faults/{fault}/release",
        name: "release",
        about: "Lets the requests go on that a fault holds back; what it does then follows.",
        query: &[SERVER],
        body: None,
        answers: &[
            json(200, "They go on.", SchemaGenerator::subschema_for::<Released>),
            BAD,
            refused(404, "There is no such fault or no such server."),
        ],
        serve: release,
    },
];

/// Requests that wait.
#[derive(Debug, Serialize, JsonSchema)]
struct AllHeld {
    /// Server by server.
    held: Vec<HeldEntry>,
}

/// A request that waits.
#[derive(Debug, Serialize, JsonSchema)]
struct HeldEntry {
    /// The server.
    server: String,
    /// The rule that holds it back.
    rule: String,
    /// The request: its place in the journal.
    request: u64,
    /// What it asks for: event.create, feed.page, ...
    operations: Vec<String>,
    /// Since when, on the servers' clock.
    since: Moment,
}

/// Requests that go on.
#[derive(Debug, Serialize, JsonSchema)]
struct Released {
    /// How many.
    released: u64,
}

fn list(fleet: &Fleet, call: &Call) -> Result<Answer, Problem> {
    let mut held = Vec::new();
    for member in select::all(fleet, call)? {
        held.extend(member.server.held().into_iter().map(|it| HeldEntry {
            server: member.name.clone(),
            rule: it.rule,
            request: it.request.0,
            operations: it.operations,
            since: Moment::new(it.since),
        }));
    }
    Ok(ok(&AllHeld { held }))
}

fn release(fleet: &Fleet, call: &Call) -> Result<Answer, Problem> {
    let id = call.segment("fault");
    let members = select::all(fleet, call)?;
    let released: u64 = members.iter().map(|member| member.server.release(id) as u64).sum();
    let is_armed = |known: &(String, u64)| known.0 == id;
    if released == 0 && !members.iter().any(|member| member.server.armed().iter().any(is_armed)) {
        return Err(faults::unknown(id));
    }
    Ok(ok(&Released { released }))
}
