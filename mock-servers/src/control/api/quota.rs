//! `/quota`: how much an account may hold, a true limit.

use calamity_base::http::{Answer, Problem};
use http::Method;
use schemars::{JsonSchema, SchemaGenerator};
use serde::{Deserialize, Serialize};

use super::call::{Call, ok};
use super::route::{BAD, Body, NO_SERVER, Need, Route, SERVER, json};
use super::select;
use crate::control::Fleet;
use crate::control::fleet::Member;

pub(super) const ROUTES: &[Route] = &[
    Route {
        method: Method::GET,
        path: "/quota",
        name: "quotas",
        about: "How many items one account of each server may hold.",
        query: &[SERVER],
        body: None,
        answers: &[
            json(200, "The limits.", SchemaGenerator::subschema_for::<Quotas>),
            BAD,
            NO_SERVER,
        ],
        serve: read,
    },
    Route {
        method: Method::PUT,
        path: "/quota",
        name: "setQuota",
        about: "Limits how many items one account may hold, on one server or all of them. One more is \
                refused as a full mailbox refuses it: overQuota, ErrorQuotaExceeded, \
                DAV:quota-not-exceeded.",
        query: &[SERVER],
        body: Some(Body {
            shape: SchemaGenerator::subschema_for::<SetQuota>,
            need: Need::Required,
        }),
        answers: &[
            json(200, "The limits.", SchemaGenerator::subschema_for::<Quotas>),
            BAD,
            NO_SERVER,
        ],
        serve: set,
    },
];

/// What accounts may hold.
#[derive(Debug, Serialize, JsonSchema)]
struct Quotas {
    /// On each server.
    quotas: Vec<Quota>,
}

/// What an account of one server may hold.
#[derive(Debug, Serialize, JsonSchema)]
struct Quota {
    /// The server.
    server: String,
    /// How many items; none for any number.
    items_max: Option<u64>,
}

/// What an account may hold from now on.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct SetQuota {
    /// How many items; any number when it is null or left out.
    #[serde(default)]
    items_max: Option<u32>,
}

fn read(fleet: &Fleet, call: &Call) -> Result<Answer, Problem> {
    let quota = |member: &Member| Quota {
        server: member.name.clone(),
        items_max: member.server.quota().map(|most| most as u64),
    };
    Ok(ok(&Quotas { quotas: select::all(fleet, call)?.into_iter().map(quota).collect() }))
}

fn set(fleet: &Fleet, call: &Call) -> Result<Answer, Problem> {
    let SetQuota { items_max } = call.json()?;
    for member in select::all(fleet, call)? {
        member.server.set_quota(items_max.map(|most| most as usize));
    }
    read(fleet, call)
}
