//! `/journal/verify` and `/journal/near-misses`: whether requests came in an expected order, and
//! which came nearest to one that did not come.

use calamity_base::http::{Answer, Problem};
use calamity_evidence::Request;
use http::Method;
use schemars::{JsonSchema, SchemaGenerator};
use serde::{Deserialize, Serialize};

use super::call::{Call, ok};
use super::matching::Wanted;
use super::route::{BAD, Body, NO_SERVER, Need, Route, SERVER, json};
use super::wire::RequestEntry;
use super::{fail, select};
use crate::control::Fleet;
use crate::control::fleet::Member;

/// The longest sequence.
const SEQUENCE_MAX: usize = 1_000;
/// How many near misses are told.
const NEAR_MAX: usize = 5;

pub(super) const ROUTES: &[Route] = &[
    Route {
        method: Method::POST,
        path: "/journal/verify",
        name: "verify",
        about: "Holds the requests of one server against a sequence. Where one is missing, tells \
                those that came nearest to it.",
        query: &[SERVER],
        body: Some(Body { shape: SchemaGenerator::subschema_for::<Verify>, need: Need::Required }),
        answers: &[
            json(200, "What was found.", SchemaGenerator::subschema_for::<Verdict>),
            BAD,
            NO_SERVER,
        ],
        serve: verify,
    },
    Route {
        method: Method::POST,
        path: "/journal/near-misses",
        name: "nearMisses",
        about: "The requests of one server that come nearest to an expected one, at most 5, and in \
                what they differ. Those that fit it are left out.",
        query: &[SERVER],
        body: Some(Body { shape: SchemaGenerator::subschema_for::<Nearest>, need: Need::Required }),
        answers: &[
            json(200, "The near misses.", SchemaGenerator::subschema_for::<NearMisses>),
            BAD,
            NO_SERVER,
        ],
        serve: near_misses,
    },
];

/// An expected sequence of requests.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Verify {
    /// The requests, in their order.
    sequence: Vec<Expected>,
    /// How it is compared.
    #[serde(default)]
    mode: Mode,
    /// From this place in the journal on.
    #[serde(default)]
    from: u64,
}

/// How a sequence is compared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum Mode {
    /// They came in this order; others may have come before, between and after.
    #[default]
    InOrder,
    /// They came in this order, and no others.
    Exact,
}

/// An expected request. What is left out fits.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Expected {
    /// The HTTP method.
    #[serde(default)]
    method: Option<String>,
    /// A pattern over path and query: `*` is any text, `?` any sign.
    #[serde(default)]
    path: Option<String>,
    /// A pattern over what it asks for: `event.create`, `feed.*`.
    #[serde(default)]
    op: Option<String>,
    /// The status that went out.
    #[serde(default)]
    status: Option<u16>,
}

impl From<Expected> for Wanted {
    fn from(expected: Expected) -> Self {
        let Expected { method, path, op, status } = expected;
        Self { method, path, op, status: status.map(u64::from) }
    }
}

/// What is looked for.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Nearest {
    /// The request.
    expected: Expected,
    /// From this place in the journal on.
    #[serde(default)]
    from: u64,
}

/// Whether a sequence was found.
#[derive(Debug, Serialize, JsonSchema)]
struct Verdict {
    /// Whether it was.
    holds: bool,
    /// The requests that were found for the first ones of the sequence: their places in the
    /// journal.
    found: Vec<u64>,
    /// The first one that was not found.
    missing: Option<Missing>,
    /// In the mode `exact`: the first request that has no place in the sequence.
    unexpected: Option<RequestEntry>,
}

/// An expected request that did not come.
#[derive(Debug, Serialize, JsonSchema)]
struct Missing {
    /// Its place in the sequence, from 0.
    place: u64,
    /// The requests after those that were found that came nearest to it.
    near_misses: Vec<NearMiss>,
}

/// Requests that come near.
#[derive(Debug, Serialize, JsonSchema)]
struct NearMisses {
    /// The nearest first.
    near_misses: Vec<NearMiss>,
}

/// A request that comes near.
#[derive(Debug, Serialize, JsonSchema)]
struct NearMiss {
    /// The request.
    request: RequestEntry,
    /// In how many of the expected things it fits.
    fits: u64,
    /// How many things are expected.
    of: u64,
    /// In what it differs.
    differences: Vec<DifferenceEntry>,
}

/// A difference.
#[derive(Debug, Serialize, JsonSchema)]
struct DifferenceEntry {
    /// In which member.
    field: String,
    /// What was expected.
    expected: String,
    /// What is there.
    found: String,
}

fn verify(fleet: &Fleet, call: &Call) -> Result<Answer, Problem> {
    let member = select::one(fleet, call)?;
    let Verify { sequence, mode, from } = call.json()?;
    if sequence.len() > SEQUENCE_MAX {
        return Err(fail::bad(format!("a sequence has at most {SEQUENCE_MAX} requests")));
    }
    let sequence: Vec<Wanted> = sequence.into_iter().map(Into::into).collect();
    Ok(ok(&judge(member, &sequence, mode, &requests(member, from))))
}

fn requests(member: &Member, from: u64) -> Vec<Request> {
    member.server.requests(usize::try_from(from).unwrap_or(usize::MAX))
}

fn judge(member: &Member, sequence: &[Wanted], mode: Mode, requests: &[Request]) -> Verdict {
    let mut verdict = Verdict { holds: false, found: Vec::new(), missing: None, unexpected: None };
    let mut rest = requests;
    for (place, wanted) in sequence.iter().enumerate() {
        let at = match mode {
            Mode::InOrder => rest.iter().position(|request| wanted.fits(request)),
            Mode::Exact => rest.first().filter(|request| wanted.fits(request)).map(|_| 0),
        };
        let Some(at) = at else {
            let near_misses = nearest(member, wanted, rest);
            verdict.missing = Some(Missing { place: place as u64, near_misses });
            if mode == Mode::Exact {
                verdict.unexpected = rest.first().map(|request| entry(member, request));
            }
            return verdict;
        };
        verdict.found.push(rest[at].id.0);
        rest = &rest[at + 1..];
    }
    if mode == Mode::Exact {
        verdict.unexpected = rest.first().map(|request| entry(member, request));
    }
    verdict.holds = verdict.unexpected.is_none();
    verdict
}

fn near_misses(fleet: &Fleet, call: &Call) -> Result<Answer, Problem> {
    let member = select::one(fleet, call)?;
    let Nearest { expected, from } = call.json()?;
    let near_misses = nearest(member, &expected.into(), &requests(member, from));
    Ok(ok(&NearMisses { near_misses }))
}

/// Those that differ, the ones that fit in most things first, of equal ones the earlier.
fn nearest(member: &Member, wanted: &Wanted, requests: &[Request]) -> Vec<NearMiss> {
    let of = wanted.len();
    let mut near: Vec<_> = requests
        .iter()
        .map(|request| (wanted.differences(request), request))
        .filter(|(differences, _)| !differences.is_empty())
        .collect();
    near.sort_by_key(|(differences, request)| (differences.len(), request.id));
    near.into_iter()
        .take(NEAR_MAX)
        .map(|(differences, request)| NearMiss {
            request: entry(member, request),
            fits: (of - differences.len()) as u64,
            of: of as u64,
            differences: differences
                .into_iter()
                .map(|it| DifferenceEntry {
                    field: it.field.to_owned(),
                    expected: it.expected,
                    found: it.found,
                })
                .collect(),
        })
        .collect()
}

fn entry(member: &Member, request: &Request) -> RequestEntry {
    RequestEntry::new(&member.name, request.clone())
}
