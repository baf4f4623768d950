//! `/scene`: the state in which a story is, for rules that fire in one state only.

use calamity_base::http::{Answer, Problem};
use http::Method;
use schemars::{JsonSchema, SchemaGenerator};
use serde::{Deserialize, Serialize};

use super::call::{Call, ok};
use super::route::{BAD, Body, NO_SERVER, Need, Route, SERVER, json};
use super::{fail, select};
use crate::control::Fleet;

/// The longest name, in bytes.
const NAME_MAX: usize = 200;

pub(super) const ROUTES: &[Route] = &[
    Route {
        method: Method::GET,
        path: "/scene",
        name: "scenes",
        about: "The state in which the story is on each server, as it was set; empty before that.",
        query: &[SERVER],
        body: None,
        answers: &[
            json(200, "The states.", SchemaGenerator::subschema_for::<Scenes>),
            BAD,
            NO_SERVER,
        ],
        serve: read,
    },
    Route {
        method: Method::PUT,
        path: "/scene",
        name: "setScene",
        about: "Says in which state the story is from now on, on one server or all of them: rules \
                with `when: {state: NAME}` fire in it only.",
        query: &[SERVER],
        body: Some(Body {
            shape: SchemaGenerator::subschema_for::<SetScene>,
            need: Need::Required,
        }),
        answers: &[
            json(200, "The states.", SchemaGenerator::subschema_for::<Scenes>),
            BAD,
            NO_SERVER,
        ],
        serve: set,
    },
];

/// Where the story is.
#[derive(Debug, Serialize, JsonSchema)]
struct Scenes {
    /// On each server.
    scenes: Vec<Scene>,
}

/// Where the story is on one server.
#[derive(Debug, Serialize, JsonSchema)]
struct Scene {
    /// The server.
    server: String,
    /// The name of the state.
    scene: String,
}

/// Where the story is from now on.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct SetScene {
    /// The name of the state; empty for none.
    scene: String,
}

fn read(fleet: &Fleet, call: &Call) -> Result<Answer, Problem> {
    let scene = |member: &crate::control::fleet::Member| Scene {
        server: member.name.clone(),
        scene: member.server.scene(),
    };
    Ok(ok(&Scenes { scenes: select::all(fleet, call)?.into_iter().map(scene).collect() }))
}

fn set(fleet: &Fleet, call: &Call) -> Result<Answer, Problem> {
    let SetScene { scene } = call.json()?;
    if scene.len() > NAME_MAX {
        return Err(fail::bad(format!("a name has at most {NAME_MAX} bytes")));
    }
    for member in select::all(fleet, call)? {
        member.server.set_state(&scene);
    }
    read(fleet, call)
}
