//! The description of the API (OpenAPI 3.1), made from the table of routes.

use schemars::SchemaGenerator;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

use super::guard::REFUSALS;
use super::route::{Content, Form, Need, Query, Reply, Route, parts, table, variable};
use calamity_base::http::MEDIA_TYPE as PROBLEM;

/// Where schemas are in a description.
const SCHEMAS: &str = "/components/schemas";
/// Where answers are that all routes have.
const RESPONSES: &str = "/components/responses";

/// The description, for a server at this URL.
#[must_use]
pub fn openapi(url: Option<&str>) -> Value {
    let settings =
        SchemaSettings::draft2020_12().with(|it| it.definitions_path = SCHEMAS.to_owned().into());
    let mut generator = settings.into_generator();
    let mut paths: Map<String, Value> = Map::new();
    for route in table() {
        let operation = operation(route, &mut generator);
        let path = paths.entry(route.path).or_insert_with(|| json!({}));
        path[route.method.as_str().to_ascii_lowercase()] = operation;
    }
    let mut schemas = generator.take_definitions(true);
    schemas.insert("Problem".to_owned(), problem());
    let mut document = json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Control of Calamity's mock servers",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "Faults, clock, snapshots, users' acts, journal and outbox of mock \
                            servers. Whoever reaches this API may do anything to them.",
        },
        "paths": paths,
        "components": {
            "schemas": schemas,
            "responses": refusals(),
            "securitySchemes": { "token": { "type": "http", "scheme": "bearer" } },
        },
        // Where the configuration has a token, it must be sent.
        "security": [{}, { "token": [] }],
    });
    if let Some(url) = url {
        document["servers"] = json!([{ "url": url }]);
    }
    document
}

/// What any request may be refused with.
fn refusals() -> Value {
    let schema = json!({ "$ref": format!("#{SCHEMAS}/Problem") });
    let refusal = |reply: &Reply| {
        let content = json!({ PROBLEM: { "schema": schema } });
        (reply.status.to_string(), json!({ "description": reply.about, "content": content }))
    };
    Value::Object(REFUSALS.iter().map(refusal).collect())
}

fn operation(route: &Route, generator: &mut SchemaGenerator) -> Value {
    let segments = parts(route.path).filter_map(|part| variable(part).ok()).map(|name| {
        json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string" } })
    });
    let parameters: Vec<Value> = segments.chain(route.query.iter().map(parameter)).collect();
    let mut answers = Map::new();
    for reply in route.answers {
        let content = match reply.content {
            Content::Nothing => None,
            Content::Json(shape) => Some(("application/json", json!(shape(generator)))),
            Content::Problem => Some((PROBLEM, json!({ "$ref": format!("#{SCHEMAS}/Problem") }))),
            Content::Text(media_type) => Some((media_type, json!({ "type": "string" }))),
        };
        let mut answer = json!({ "description": reply.about });
        if let Some((media_type, schema)) = content {
            answer["content"] = json!({ media_type: { "schema": schema } });
        }
        answers.insert(reply.status.to_string(), answer);
    }
    for refusal in &REFUSALS {
        let reference = json!({ "$ref": format!("#{RESPONSES}/{}", refusal.status) });
        answers.insert(refusal.status.to_string(), reference);
    }
    let mut operation = json!({
        "operationId": route.name,
        "summary": route.about,
        "responses": answers,
    });
    if !parameters.is_empty() {
        operation["parameters"] = Value::Array(parameters);
    }
    if let Some(body) = route.body {
        let schema = json!((body.shape)(generator));
        operation["requestBody"] = json!({
            "required": body.need == Need::Required,
            "content": { "application/json": { "schema": schema } },
        });
    }
    operation
}

fn parameter(query: &Query) -> Value {
    let schema = match query.form {
        Form::Text => json!({ "type": "string" }),
        Form::Number => json!({ "type": "integer", "minimum": 0 }),
        Form::OneOf(words) => json!({ "type": "string", "enum": words }),
    };
    json!({ "name": query.name, "in": "query", "description": query.about, "schema": schema })
}

/// The shape of a problem document (RFC 9457, section 3.1).
fn problem() -> Value {
    json!({
        "type": "object",
        "description": "A problem document (RFC 9457).",
        "properties": {
            "type": { "type": "string", "format": "uri-reference" },
            "title": { "type": "string" },
            "status": { "type": "integer", "minimum": 400, "maximum": 599 },
            "detail": { "type": "string" },
            "instance": { "type": "string", "format": "uri-reference" },
        },
        "required": ["type", "title", "status", "detail"],
    })
}
