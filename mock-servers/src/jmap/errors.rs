//! The three kinds of errors of JMAP: of a request (RFC 8620 section 3.6.1), of a method call
//! (3.6.2) and of one object inside a `/set` (5.3).

use http::{StatusCode, header};
use serde_json::{Map, Value, json};

use crate::faults::ErrorEffect;
use crate::native::Reply;
use crate::wire;

/// The prefix of the types of request-level problems.
const URN: &str = "urn:ietf:params:jmap:error:";

/// Request-level types that are defined.
const REQUEST_LEVEL: [&str; 4] = ["unknownCapability", "notJSON", "notRequest", "limit"];

/// SetError types: RFC 8620 section 5.3 and draft-ietf-jmap-calendars-27. Every other code inside a
/// `/set` refuses the whole call.
const SET_LEVEL: [&str; 13] = [
    "forbidden",
    "overQuota",
    "tooLarge",
    "rateLimit",
    "notFound",
    "invalidPatch",
    "willDestroy",
    "invalidProperties",
    "singleton",
    "alreadyExists",
    "calendarHasEvent",
    "addressBookHasContents",
    "noSupportedScheduleMethods",
];

/// A problem document for a request of which nothing was done.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct RequestError {
    status: u16,
    kind: &'static str,
    detail: String,
    limit: Option<&'static str>,
}

impl RequestError {
    pub(super) fn not_json(detail: &str) -> Self {
        Self { status: 400, kind: "notJSON", detail: detail.to_owned(), limit: None }
    }

    pub(super) fn not_request(detail: &str) -> Self {
        Self { status: 400, kind: "notRequest", detail: detail.to_owned(), limit: None }
    }

    pub(super) fn unknown_capability(capability: &str) -> Self {
        let detail = format!("the request uses `{capability}`, which this server does not support");
        Self { status: 400, kind: "unknownCapability", detail, limit: None }
    }

    pub(super) fn limit(limit: &'static str) -> Self {
        let detail = format!("the request is beyond {limit}");
        Self { status: 400, kind: "limit", detail, limit: Some(limit) }
    }

    /// An upload of more than `maxSizeUpload` (RFC 8620 section 6.1; the status is RFC 9110's).
    pub(super) fn too_large_upload() -> Self {
        Self { status: 413, ..Self::limit("maxSizeUpload") }
    }

    pub(super) fn reply(&self) -> Reply {
        let mut members = Map::new();
        members.insert("type".to_owned(), json!(format!("{URN}{}", self.kind)));
        members.insert("status".to_owned(), json!(self.status));
        members.insert("detail".to_owned(), json!(self.detail));
        if let Some(limit) = self.limit {
            members.insert("limit".to_owned(), json!(limit));
        }
        problem(self.status, members)
    }
}

/// An answer of plain HTTP, without a JMAP type.
pub(super) fn plain(status: u16, detail: &str) -> Reply {
    let mut members = Map::new();
    members.insert("type".to_owned(), json!("about:blank"));
    members.insert("status".to_owned(), json!(status));
    members.insert("detail".to_owned(), json!(detail));
    problem(status, members)
}

fn problem(status: u16, members: Map<String, Value>) -> Reply {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    wire::json(status, "application/problem+json", &Value::Object(members))
}

/// A fault that answers the whole request: one with a status, or of a request-level type.
pub(super) fn request_fault(error: &ErrorEffect) -> Option<Reply> {
    let typed = REQUEST_LEVEL.contains(&error.code.as_str());
    let status = match error.status {
        Some(status) => status,
        None if typed => 400,
        None => return None,
    };
    let kind = if typed { format!("{URN}{}", error.code) } else { "about:blank".to_owned() };
    let mut members = Map::new();
    members.insert("type".to_owned(), json!(kind));
    members.insert("status".to_owned(), json!(status));
    if !typed && !error.code.is_empty() {
        members.insert("title".to_owned(), json!(error.code));
    }
    if let Some(description) = &error.description {
        members.insert("detail".to_owned(), json!(description));
    }
    if error.code == "limit" {
        let limit = error.properties.first().map_or("maxConcurrentRequests", String::as_str);
        members.insert("limit".to_owned(), json!(limit));
    }
    let reply = problem(status, members);
    Some(match error.retry_after_s {
        Some(seconds) => wire::with_header(reply, header::RETRY_AFTER, &seconds.to_string()),
        None => reply,
    })
}

/// Why a method call was refused.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct MethodError {
    /// Its type.
    pub(super) kind: String,
    /// Its text.
    pub(super) description: Option<String>,
    partly_done: bool,
}

impl MethodError {
    pub(super) fn new(kind: &str) -> Self {
        Self { kind: kind.to_owned(), description: None, partly_done: false }
    }

    pub(super) fn because(kind: &str, description: impl Into<String>) -> Self {
        Self { description: Some(description.into()), ..Self::new(kind) }
    }

    pub(super) fn invalid_arguments(description: impl Into<String>) -> Self {
        Self::because("invalidArguments", description)
    }

    /// A fault rendered for a whole call.
    pub(super) fn fault(error: &ErrorEffect) -> Self {
        let kind = if error.code.is_empty() { "serverFail" } else { error.code.as_str() };
        Self { description: error.description.clone(), ..Self::new(kind) }
    }

    /// The call changed state before it failed, and recorded its own attempts: `serverPartialFail`.
    pub(super) fn partly_done(mut self) -> Self {
        self.partly_done = true;
        self
    }

    pub(super) fn is_partly_done(&self) -> bool {
        self.partly_done
    }

    pub(super) fn value(&self) -> Value {
        let mut members = Map::new();
        members.insert("type".to_owned(), json!(self.kind));
        if let Some(description) = &self.description {
            members.insert("description".to_owned(), json!(description));
        }
        Value::Object(members)
    }
}

/// Why one object of a `/set` was refused.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct SetError {
    /// Its type.
    pub(super) kind: String,
    /// Its text.
    pub(super) description: Option<String>,
    /// For `invalidProperties`: all of them.
    pub(super) properties: Vec<String>,
    /// Further members.
    pub(super) members: Map<String, Value>,
}

impl SetError {
    pub(super) fn new(kind: &str, description: impl Into<String>) -> Self {
        Self {
            kind: kind.to_owned(),
            description: Some(description.into()),
            properties: Vec::new(),
            members: Map::new(),
        }
    }

    pub(super) fn not_found() -> Self {
        Self {
            kind: "notFound".to_owned(),
            description: None,
            properties: Vec::new(),
            members: Map::new(),
        }
    }

    pub(super) fn invalid_properties(
        properties: impl IntoIterator<Item = String>,
        description: impl Into<String>,
    ) -> Self {
        let mut error = Self::new("invalidProperties", description);
        error.properties = properties.into_iter().collect();
        error
    }

    pub(super) fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.members.insert(name.to_owned(), value.into());
        self
    }

    /// A fault rendered for one object.
    pub(super) fn fault(error: &ErrorEffect) -> Self {
        Self {
            kind: error.code.clone(),
            description: error.description.clone(),
            properties: error.properties.clone(),
            members: error.members.clone(),
        }
    }

    /// Whether a fault's code belongs to one object rather than to the whole call.
    pub(super) fn is_set_level(error: &ErrorEffect) -> bool {
        SET_LEVEL.contains(&error.code.as_str())
    }

    pub(super) fn value(&self) -> Value {
        let mut members = self.members.clone();
        members.insert("type".to_owned(), json!(self.kind));
        if let Some(description) = &self.description {
            members.insert("description".to_owned(), json!(description));
        }
        if !self.properties.is_empty() {
            members.insert("properties".to_owned(), json!(self.properties));
        }
        Value::Object(members)
    }
}
