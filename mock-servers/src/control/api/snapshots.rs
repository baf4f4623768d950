//! `/state`: snapshots of all servers, kept to be restored. The clock is not part of them.

use calamity_base::http::{Answer, Problem};
use http::Method;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

use super::call::{Call, created, nothing, ok};
use super::fail;
use super::route::{self, BAD, Body, Need, Route, json, refused};
use super::wire;
use crate::control::kept::{Full, MOST, Moment};
use crate::control::{Fleet, Mismatch};

const UNKNOWN: route::Reply = refused(404, "There is no such snapshot.");

pub(super) const ROUTES: &[Route] = &[
    Route {
        method: Method::GET,
        path: "/state",
        name: "snapshots",
        about: "The snapshots that are kept.",
        query: &[],
        body: None,
        answers: &[json(200, "The snapshots.", SchemaGenerator::subschema_for::<Snapshots>), BAD],
        serve: list,
    },
    Route {
        method: Method::POST,
        path: "/state",
        name: "snapshot",
        about: "Takes a snapshot of every server: items, tokens, faults and logs.",
        query: &[],
        body: Some(Body { shape: SchemaGenerator::subschema_for::<Take>, need: Need::Optional }),
        answers: &[
            json(201, "It is kept.", SchemaGenerator::subschema_for::<Snapshot>),
            BAD,
            refused(409, "As many are kept as can be."),
        ],
        serve: take,
    },
    Route {
        method: Method::GET,
        path: "/state/{snapshot}",
        name: "oneSnapshot",
        about: "One snapshot.",
        query: &[],
        body: None,
        answers: &[
            json(200, "The snapshot.", SchemaGenerator::subschema_for::<Snapshot>),
            BAD,
            UNKNOWN,
        ],
        serve: read,
    },
    Route {
        method: Method::POST,
        path: "/state/{snapshot}/restore",
        name: "restore",
        about: "Puts every server back into the state of a snapshot, logs and faults included. \
                Requests in hand go on, on the restored state.",
        query: &[],
        body: None,
        answers: &[
            json(200, "It is restored.", SchemaGenerator::subschema_for::<Snapshot>),
            BAD,
            UNKNOWN,
        ],
        serve: restore,
    },
    Route {
        method: Method::GET,
        path: "/state/{snapshot}/document",
        name: "download",
        about: "A snapshot as a document: items, tokens, faults and logs of every server. Locks, \
                subscriptions to pushes and counts of requests are not in it.",
        query: &[],
        body: None,
        answers: &[json(200, "The document.", document), BAD, UNKNOWN],
        serve: download,
    },
    Route {
        method: Method::POST,
        path: "/state/documents",
        name: "upload",
        about: "Keeps a snapshot that is a document, of this process or of another one of the same \
                configuration. It is restored like any other; its faults are then armed anew.",
        query: &[],
        body: Some(Body { shape: document, need: Need::Required }),
        answers: &[
            json(201, "It is kept.", SchemaGenerator::subschema_for::<Snapshot>),
            BAD,
            refused(409, "As many are kept as can be."),
            refused(422, "It is of other servers, or does not fit together."),
        ],
        serve: upload,
    },
    Route {
        method: Method::DELETE,
        path: "/state/{snapshot}",
        name: "forget",
        about: "Keeps a snapshot no more.",
        query: &[],
        body: None,
        answers: &[route::nothing("It is gone."), BAD, UNKNOWN],
        serve: forget,
    },
];

/// The longest name, in bytes.
const NAME_MAX: usize = 200;

/// What a new snapshot is called.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Take {
    /// A name for people.
    #[serde(default)]
    name: String,
}

/// The snapshots that are kept.
#[derive(Debug, Serialize, JsonSchema)]
struct Snapshots {
    /// In the order in which they were taken.
    snapshots: Vec<Snapshot>,
}

/// A snapshot.
#[derive(Debug, Serialize, JsonSchema)]
struct Snapshot {
    /// Its id, which is never given again.
    id: String,
    /// Its name for people.
    name: String,
    /// When it was taken, on the servers' clock.
    at: wire::Moment,
}

fn shown(id: u64, moment: &Moment) -> Snapshot {
    Snapshot { id: id.to_string(), name: moment.name.clone(), at: wire::Moment::new(moment.at) }
}

fn list(fleet: &Fleet, _: &Call) -> Result<Answer, Problem> {
    let kept = fleet.kept();
    let snapshots = kept.all().map(|(id, moment)| shown(id, moment)).collect();
    Ok(ok(&Snapshots { snapshots }))
}

fn take(fleet: &Fleet, call: &Call) -> Result<Answer, Problem> {
    let Take { name } = call.json()?;
    if name.len() > NAME_MAX {
        return Err(fail::bad(format!("a name has at most {NAME_MAX} bytes")));
    }
    keep(fleet, fleet.moment(name))
}

fn keep(fleet: &Fleet, moment: Moment) -> Result<Answer, Problem> {
    match fleet.kept().keep(moment.clone()) {
        Ok(id) => Ok(created(&format!("/state/{id}"), &shown(id, &moment))),
        Err(Full) => {
            let detail = format!("{MOST} snapshots are kept, which is the most: DELETE one first");
            Err(fail::conflict(detail))
        }
    }
}

fn read(fleet: &Fleet, call: &Call) -> Result<Answer, Problem> {
    let id = id(call)?;
    let kept = fleet.kept();
    let moment = kept.find(id).ok_or_else(|| unknown(call))?;
    Ok(ok(&shown(id, moment)))
}

fn restore(fleet: &Fleet, call: &Call) -> Result<Answer, Problem> {
    let id = id(call)?;
    let moment = fleet.kept().find(id).cloned().ok_or_else(|| unknown(call))?;
    fleet.restore(&moment);
    Ok(ok(&shown(id, &moment)))
}

fn download(fleet: &Fleet, call: &Call) -> Result<Answer, Problem> {
    let moment = fleet.kept().find(id(call)?).cloned().ok_or_else(|| unknown(call))?;
    Ok(ok(&fleet.document(&moment)))
}

fn upload(fleet: &Fleet, call: &Call) -> Result<Answer, Problem> {
    let moment = fleet.read_document(call.octets()).map_err(|mismatch| match mismatch {
        Mismatch::Form(error) => fail::body(&error),
        other => fail::unprocessable(other.to_string()),
    })?;
    keep(fleet, moment)
}

/// A document as far as it says what it is of: what servers hold in it is theirs, and may be more
/// from version to version.
fn document(_: &mut SchemaGenerator) -> Schema {
    json_schema!({
        "title": "SnapshotDocument",
        "description": "A snapshot of all servers, to be kept in a file. It is read by a process of \
                        the same configuration.",
        "type": "object",
        "properties": {
            "calamity-mock-snapshot": { "const": 1, "description": "the version of this form" },
            "name": { "type": "string" },
            "at": { "type": "string", "format": "date-time" },
            "seed": { "type": "integer", "minimum": 0 },
            "servers": { "type": "array", "items": { "type": "object" } },
        },
        "required": ["calamity-mock-snapshot", "name", "at", "seed", "servers"],
    })
}

fn forget(fleet: &Fleet, call: &Call) -> Result<Answer, Problem> {
    fleet.kept().forget(id(call)?).map(|_| nothing()).ok_or_else(|| unknown(call))
}

fn id(call: &Call) -> Result<u64, Problem> {
    call.segment("snapshot").parse().map_err(|_| unknown(call))
}

fn unknown(call: &Call) -> Problem {
    let id = call.segment("snapshot");
    fail::missing(format!("no snapshot `{id}` is kept; GET /state tells which are"))
}
