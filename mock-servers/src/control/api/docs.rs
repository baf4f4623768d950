//! `/` and `/openapi.json`: what there is.

use calamity_base::http::{Answer, Problem};
use http::Method;
use schemars::{JsonSchema, SchemaGenerator};
use serde::Serialize;

use super::call::{Call, ok};
use super::openapi::openapi;
use super::route::{BAD, Route, json, table};
use crate::control::Fleet;

pub(super) const ROUTES: &[Route] = &[
    Route {
        method: Method::GET,
        path: "/",
        name: "index",
        about: "Every route of this API, and where its description is.",
        query: &[],
        body: None,
        answers: &[json(200, "The routes.", SchemaGenerator::subschema_for::<Index>), BAD],
        serve: index,
    },
    Route {
        method: Method::GET,
        path: "/openapi.json",
        name: "description",
        about: "This description.",
        query: &[],
        body: None,
        answers: &[
            json(200, "An OpenAPI 3.1 document.", SchemaGenerator::subschema_for::<Document>),
            BAD,
        ],
        serve: description,
    },
];

/// Every route in a line.
#[derive(Debug, Serialize, JsonSchema)]
struct Index {
    /// The description of this API.
    openapi: String,
    /// The routes.
    routes: Vec<Line>,
}

/// A route in a line.
#[derive(Debug, Serialize, JsonSchema)]
struct Line {
    /// The method.
    method: String,
    /// The path.
    path: String,
    /// What it is for.
    about: String,
}

/// An OpenAPI document, as far as it says so of itself.
#[derive(JsonSchema)]
#[expect(dead_code, reason = "it is described here, and made as JSON")]
struct Document {
    /// The version of OpenAPI.
    openapi: String,
    /// What it describes.
    info: serde_json::Map<String, serde_json::Value>,
    /// The paths.
    paths: serde_json::Map<String, serde_json::Value>,
}

fn index(_: &Fleet, _: &Call) -> Result<Answer, Problem> {
    let line = |route: &Route| Line {
        method: route.method.to_string(),
        path: route.path.to_owned(),
        about: route.about.to_owned(),
    };
    let routes = table().map(line).collect();
    Ok(ok(&Index { openapi: "/openapi.json".to_owned(), routes }))
}

fn description(fleet: &Fleet, _: &Call) -> Result<Answer, Problem> {
    let url = fleet.shared().announcement.get().map(|told| told.control.clone());
    Ok(ok(&openapi(url.as_deref())))
}
