//! `/clock`: the servers' own clock. Sockets keep their own time.

use std::time::Duration;

use calamity_base::clock::Course;
use calamity_base::http::{Answer, Problem};
use http::Method;
use jiff::Timestamp;
use schemars::{JsonSchema, SchemaGenerator};
use serde::{Deserialize, Serialize};

use super::call::{Call, ok};
use super::fail;
use super::route::{BAD, Body, Need, Route, json};
use super::wire::Moment;
use crate::control::Fleet;

/// The farthest that one request moves the clock: a hundred years.
const ADVANCE_MS_MAX: u64 = 100 * 366 * 86_400_000;

pub(super) const ROUTES: &[Route] = &[
    Route {
        method: Method::GET,
        path: "/clock",
        name: "clock",
        about: "What time it is for the servers: for tokens, throttles, schedules and delays.",
        query: &[],
        body: None,
        answers: &[json(200, "The clock.", SchemaGenerator::subschema_for::<Shown>), BAD],
        serve: read,
    },
    Route {
        method: Method::POST,
        path: "/clock/freeze",
        name: "freeze",
        about: "Stops the clock where it is or at a moment. What waits on it waits until it is moved.",
        query: &[],
        body: Some(Body { shape: SchemaGenerator::subschema_for::<Freeze>, need: Need::Optional }),
        answers: &[json(200, "The clock.", SchemaGenerator::subschema_for::<Shown>), BAD],
        serve: freeze,
    },
    Route {
        method: Method::POST,
        path: "/clock/advance",
        name: "advance",
        about: "Moves the clock on, frozen or not, and wakes what has waited long enough.",
        query: &[],
        body: Some(Body { shape: SchemaGenerator::subschema_for::<Advance>, need: Need::Required }),
        answers: &[json(200, "The clock.", SchemaGenerator::subschema_for::<Shown>), BAD],
        serve: advance,
    },
    Route {
        method: Method::POST,
        path: "/clock/resume",
        name: "resume",
        about: "Lets the clock go on from where it stands.",
        query: &[],
        body: None,
        answers: &[json(200, "The clock.", SchemaGenerator::subschema_for::<Shown>), BAD],
        serve: resume,
    },
    Route {
        method: Method::POST,
        path: "/clock/reset",
        name: "resetClock",
        about: "Lets the clock be the machine's time again.",
        query: &[],
        body: None,
        answers: &[json(200, "The clock.", SchemaGenerator::subschema_for::<Shown>), BAD],
        serve: reset,
    },
];

/// The clock.
#[derive(Debug, Serialize, JsonSchema)]
struct Shown {
    /// What time it is for the servers.
    now: Moment,
    /// Whether it goes.
    course: Going,
    /// By how many milliseconds it is ahead of the machine's time; negative for behind.
    ahead_ms: i64,
}

/// Whether the clock goes.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Going {
    /// With the machine's.
    Running,
    /// Not at all.
    Frozen,
}

/// Where to stop the clock.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Freeze {
    /// At this moment; where it is when this is left out.
    #[serde(default)]
    #[schemars(with = "Option<Moment>")]
    at: Option<Timestamp>,
}

/// How far to move the clock.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Advance {
    /// Milliseconds.
    #[schemars(range(max = ADVANCE_MS_MAX))]
    by_ms: u64,
}

fn shown(fleet: &Fleet) -> Answer {
    let clock = fleet.clock();
    let machine = fleet.machine_now();
    let now = clock.now();
    let course = match clock.course() {
        Course::Running { .. } => Going::Running,
        Course::Frozen { .. } => Going::Frozen,
    };
    ok(&Shown {
        now: Moment::new(now),
        course,
        ahead_ms: now.as_millisecond() - machine.as_millisecond(),
    })
}

fn read(fleet: &Fleet, _: &Call) -> Result<Answer, Problem> {
    Ok(shown(fleet))
}

fn freeze(fleet: &Fleet, call: &Call) -> Result<Answer, Problem> {
    match call.json::<Freeze>()?.at {
        Some(at) => fleet.clock().freeze_at(at),
        None => fleet.clock().freeze(),
    }
    Ok(shown(fleet))
}

fn advance(fleet: &Fleet, call: &Call) -> Result<Answer, Problem> {
    let Advance { by_ms } = call.json()?;
    if by_ms > ADVANCE_MS_MAX {
        return Err(fail::bad(format!("at most {ADVANCE_MS_MAX} milliseconds, not {by_ms}")));
    }
    fleet.clock().advance(Duration::from_millis(by_ms));
    Ok(shown(fleet))
}

fn resume(fleet: &Fleet, _: &Call) -> Result<Answer, Problem> {
    fleet.clock().resume();
    Ok(shown(fleet))
}

fn reset(fleet: &Fleet, _: &Call) -> Result<Answer, Problem> {
    fleet.clock().reset();
    Ok(shown(fleet))
}
