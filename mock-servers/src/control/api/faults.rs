//! `/faults`: rules of the fault model, armed, changed, counted and taken away.

use calamity_base::http::{Answer, Problem};
use http::Method;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Serialize;
use serde_json::Value;

use super::call::{Call, created, encode, nothing, ok};
use super::route::{self, BAD, Body, NO_SERVER, Need, Route, SERVER, json, refused};
use super::wire::Hit;
use super::{fail, select};
use crate::control::Fleet;
use crate::control::fleet::Member;
use crate::faults::Rule;

/// The most rules of a server.
const RULES_MAX: usize = 1_000;

const UNKNOWN: route::Reply = refused(404, "There is no such fault or no such server.");

pub(super) const ROUTES: &[Route] = &[
    Route {
        method: Method::GET,
        path: "/faults",
        name: "faults",
        about: "The faults that are armed, in the order in which a server asks them.",
        query: &[SERVER],
        body: None,
        answers: &[
            json(200, "The faults.", SchemaGenerator::subschema_for::<Faults>),
            BAD,
            NO_SERVER,
        ],
        serve: list,
    },
    Route {
        method: Method::POST,
        path: "/faults",
        name: "arm",
        about: "Arms a fault on one server: where it fires, when, and what it does.",
        query: &[SERVER],
        body: Some(Body { shape: rule, need: Need::Required }),
        answers: &[
            json(201, "It is armed.", SchemaGenerator::subschema_for::<Fault>),
            BAD,
            NO_SERVER,
            refused(409, "A fault of that id is armed there, or there are as many as can be."),
            refused(422, "Such a fault cannot happen, or no specification allows it."),
        ],
        serve: arm,
    },
    Route {
        method: Method::GET,
        path: "/faults/{fault}",
        name: "fault",
        about: "One fault.",
        query: &[SERVER],
        body: None,
        answers: &[
            json(200, "The fault.", SchemaGenerator::subschema_for::<Fault>),
            BAD,
            UNKNOWN,
            refused(409, "Several servers have a fault of that id."),
        ],
        serve: read,
    },
    Route {
        method: Method::PATCH,
        path: "/faults/{fault}",
        name: "change",
        about: "Changes a fault by a JSON merge patch (RFC 7396) and arms it anew: its counts and \
                spans begin again, its hits stay on record, and it is asked last.",
        query: &[SERVER],
        body: Some(Body { shape: patch, need: Need::Required }),
        answers: &[
            json(200, "The changed fault.", SchemaGenerator::subschema_for::<Fault>),
            BAD,
            UNKNOWN,
            refused(409, "Several servers have a fault of that id."),
            refused(422, "Such a fault cannot happen, or no specification allows it."),
        ],
        serve: change,
    },
    Route {
        method: Method::DELETE,
        path: "/faults/{fault}",
        name: "clear",
        about: "Takes a fault away. Its hits stay on record.",
        query: &[SERVER],
        body: None,
        answers: &[
            route::nothing("It is gone."),
            BAD,
            UNKNOWN,
            refused(409, "Several servers have a fault of that id."),
        ],
        serve: clear,
    },
    Route {
        method: Method::GET,
        path: "/faults/{fault}/hits",
        name: "hits",
        about: "Every time that a fault fired, also before it was taken away.",
        query: &[SERVER],
        body: None,
        answers: &[json(200, "The hits.", SchemaGenerator::subschema_for::<Hits>), BAD, UNKNOWN],
        serve: hits,
    },
];

/// The armed faults.
#[derive(Debug, Serialize, JsonSchema)]
struct Faults {
    /// The faults, server by server.
    faults: Vec<Fault>,
}

/// An armed fault.
#[derive(Debug, Serialize, JsonSchema)]
struct Fault {
    /// The server on which it is armed.
    server: String,
    /// How often it fired since.
    hits: u64,
    /// The rule.
    #[schemars(schema_with = "rule")]
    rule: Value,
}

/// Hits of one fault.
#[derive(Debug, Serialize, JsonSchema)]
struct Hits {
    /// How many there are.
    count: u64,
    /// In their order on each server.
    hits: Vec<Hit>,
}

/// A rule as far as it is the same for every effect. What the parts may hold beyond that is the
/// fault model's, which checks every rule itself and says what is wrong with it.
fn rule(_: &mut SchemaGenerator) -> Schema {
    json_schema!({
        "title": "Rule",
        "description": "A fault: where, when and what, as in the fault model.",
        "type": "object",
        "properties": {
            "id": { "type": "string", "description": "the name by which it is counted and cleared" },
            "site": { "type": "string", "enum": ["link", "request", "item", "response", "feed", "push"] },
            "op": { "type": "string", "description": "a pattern over operations: event.create, event.*, feed.page; * by default" },
            "item": { "type": "object", "description": "one item: {uid: ...} or {title: pattern}" },
            "calendar": { "type": "string", "description": "only in the calendar of this name" },
            "when": { "type": "object", "description": "skip, times, every, probability, window, ..." },
            "what": {
                "description": "the effect: {error: {code: ...}}, {abort: reset}, {delay: {ms: 500}}, omit, empty, ...",
                "type": ["object", "string"],
            },
            "origin": { "type": "string", "enum": ["spec", "observed", "hostile"] },
        },
        "required": ["id", "site", "what"],
    })
}

fn patch(_: &mut SchemaGenerator) -> Schema {
    json_schema!({
        "title": "RulePatch",
        "description": "A JSON merge patch (RFC 7396) of a rule; its id stays.",
        "type": "object",
    })
}

fn list(fleet: &Fleet, call: &Call) -> Result<Answer, Problem> {
    let faults = select::all(fleet, call)?.into_iter().flat_map(armed).collect();
    Ok(ok(&Faults { faults }))
}

fn arm(fleet: &Fleet, call: &Call) -> Result<Answer, Problem> {
    let member = select::one(fleet, call)?;
    let rule: Rule = call.json()?;
    let rules = member.server.rules();
    if rules.iter().any(|(armed, _)| armed.id == rule.id) {
        let detail = format!("`{}` is armed already: PATCH or DELETE it", rule.id);
        return Err(fail::conflict(detail));
    }
    if rules.len() >= RULES_MAX {
        return Err(fail::conflict(format!("at most {RULES_MAX} faults: DELETE one first")));
    }
    check(&rule)?;
    let location = format!("/faults/{}?server={}", encode(&rule.id), member.name);
    let fault = shown(member, &rule, 0);
    member.server.arm(rule);
    Ok(created(&location, &fault))
}

fn read(fleet: &Fleet, call: &Call) -> Result<Answer, Problem> {
    let (member, rule, hits) = find(fleet, call)?;
    Ok(ok(&shown(member, &rule, hits)))
}

fn change(fleet: &Fleet, call: &Call) -> Result<Answer, Problem> {
    let (member, rule, _) = find(fleet, call)?;
    let patch: Value = call.json()?;
    let mut changed = as_json(&rule);
    merge(&mut changed, patch);
    let changed: Rule = serde_json::from_value(changed)
        .map_err(|error| fail::bad(format!("the changed rule cannot be used: {error}")))?;
    if changed.id != rule.id {
        return Err(fail::bad("the id of a fault cannot be changed".to_owned()));
    }
    check(&changed)?;
    member.server.arm(changed.clone());
    Ok(ok(&shown(member, &changed, 0)))
}

fn clear(fleet: &Fleet, call: &Call) -> Result<Answer, Problem> {
    let (member, rule, _) = find(fleet, call)?;
    member.server.clear(&rule.id);
    Ok(nothing())
}

fn hits(fleet: &Fleet, call: &Call) -> Result<Answer, Problem> {
    let id = call.segment("fault");
    let members = select::all(fleet, call)?;
    let known = members.iter().any(|member| member.server.armed().iter().any(|(it, _)| it == id));
    let of = |member: &&Member| {
        let name = member.name.clone();
        let hits = member.server.fault_hits().into_iter().filter(|hit| hit.rule == id);
        hits.map(move |hit| Hit::new(&name, hit)).collect::<Vec<_>>()
    };
    let hits: Vec<Hit> = members.iter().flat_map(of).collect();
    if hits.is_empty() && !known {
        return Err(unknown(id));
    }
    Ok(ok(&Hits { count: hits.len() as u64, hits }))
}

fn armed(member: &Member) -> Vec<Fault> {
    member.server.rules().iter().map(|(rule, hits)| shown(member, rule, *hits)).collect()
}

fn shown(member: &Member, rule: &Rule, hits: u64) -> Fault {
    Fault { server: member.name.clone(), hits, rule: as_json(rule) }
}

fn as_json(rule: &Rule) -> Value {
    serde_json::to_value(rule).expect("a rule has texts for keys")
}

fn check(rule: &Rule) -> Result<(), Problem> {
    rule.check().map_err(|forbidden| fail::unprocessable(forbidden.to_string()))
}

/// The armed fault of an id, where only one server has it or the server is named.
fn find<'f>(fleet: &'f Fleet, call: &Call) -> Result<(&'f Member, Rule, u64), Problem> {
    let id = call.segment("fault");
    let members = select::all(fleet, call)?.into_iter();
    let mut found = members.filter_map(|member| {
        let armed = member.server.rules().into_iter().find(|(rule, _)| rule.id == id)?;
        Some((member, armed.0, armed.1))
    });
    match (found.next(), found.next()) {
        (Some(one), None) => Ok(one),
        (Some(one), Some(other)) => Err(fail::conflict(format!(
            "`{id}` is armed on `{}` and on `{}`: say which is meant, ?server={}",
            one.0.name, other.0.name, one.0.name
        ))),
        (None, _) => Err(unknown(id)),
    }
}

/// No fault of that id is armed.
pub(super) fn unknown(id: &str) -> Problem {
    fail::missing(format!("no fault `{id}` is armed; GET /faults tells which are"))
}

/// A JSON merge patch (RFC 7396, section 2). As deep as the patch, whose depth its parser bounds.
fn merge(target: &mut Value, patch: Value) {
    let Value::Object(patch) = patch else {
        *target = patch;
        return;
    };
    if !target.is_object() {
        *target = Value::Object(serde_json::Map::new());
    }
    let Value::Object(members) = target else { return };
    for (name, value) in patch {
        if value.is_null() {
            members.remove(&name);
        } else {
            merge(members.entry(name).or_insert(Value::Null), value);
        }
    }
}
