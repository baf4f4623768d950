//! Answers over HTTP: Graph's headers, its error document, links on the host that was asked.

use std::cell::OnceCell;

use bytes::Bytes;
use calamity_evidence::RequestId;
use http::{HeaderMap, HeaderName, StatusCode, header};
use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::failure::Failure;
use super::login::guid;
use crate::native::Reply;
use crate::wire;

const JSON: &str = "application/json;odata.metadata=minimal;odata.streaming=true;\
                    IEEE754Compatible=false;charset=utf-8";
const ERROR: &str = "application/json";

/// The two names by which client and server speak of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Names {
    seed: u64,
    /// What the request is.
    what: String,
    /// The request's name, once somebody asked for it.
    request: OnceCell<String>,
    /// The client's name for it, where it has one.
    client: Option<String>,
    /// When it came.
    now: Option<Timestamp>,
}

impl Names {
    /// The names of a request: its own from what it is, the client's from its header.
    pub(crate) fn new(seed: u64, what: &str, headers: &HeaderMap) -> Self {
        let client = headers.get("client-request-id").and_then(|value| value.to_str().ok());
        let client = client.map(str::to_owned);
        Self { seed, what: what.to_owned(), request: OnceCell::new(), client, now: None }
    }

    /// Takes note of when the request came and of its place among all, which makes its name unlike
    /// every other; `part` is its place in a batch.
    pub(crate) fn came(&mut self, id: RequestId, part: usize, now: Timestamp) {
        self.what = format!("{} {part} {}", id.0, self.what);
        self.request = OnceCell::new();
        self.now = Some(now);
    }

    fn client(&self) -> &str {
        self.client.as_deref().unwrap_or_else(|| self.request())
    }

    /// The server's name for the request.
    pub(crate) fn request(&self) -> &str {
        self.request.get_or_init(|| guid(self.seed, "request", &self.what))
    }

    fn sign(&self, reply: Reply) -> Reply {
        let reply = wire::with_header(reply, HeaderName::from_static("request-id"), self.request());
        wire::with_header(reply, HeaderName::from_static("client-request-id"), self.client())
    }

    /// An answer with a resource or a collection.
    pub(crate) fn json(&self, status: StatusCode, body: Map<String, Value>) -> Reply {
        self.json_text(status, Value::Object(body).to_string())
    }

    /// The same, written already.
    pub(crate) fn json_text(&self, status: StatusCode, body: impl Into<Bytes>) -> Reply {
        self.sign(wire::json_text(status, JSON, body))
    }

    /// A number by itself: `.../$count`.
    pub(crate) fn number(&self, number: usize) -> Reply {
        let mut reply = wire::empty(StatusCode::OK);
        *reply.body_mut() = number.to_string().into();
        self.sign(wire::with_header(reply, header::CONTENT_TYPE, "text/plain"))
    }

    /// An answer without a body.
    pub(crate) fn bare(&self, status: StatusCode) -> Reply {
        self.sign(wire::empty(status))
    }

    /// `204 No Content`.
    pub(crate) fn nothing(&self) -> Reply {
        self.sign(wire::empty(StatusCode::NO_CONTENT))
    }

    /// A refusal; `now` is when the request was served, if it was.
    pub(crate) fn failure(&self, failure: &Failure, now: Option<Timestamp>) -> Reply {
        let mut inner = Map::new();
        if let Some(now) = now.or(self.now) {
            inner.insert("date".to_owned(), json!(now.strftime("%Y-%m-%dT%H:%M:%S").to_string()));
        }
        inner.insert("request-id".to_owned(), json!(self.request()));
        inner.insert("client-request-id".to_owned(), json!(self.client()));
        let body = json!({
            "error": { "code": failure.code, "message": failure.message, "innerError": inner },
        });
        let status = StatusCode::from_u16(failure.status).unwrap_or(StatusCode::BAD_REQUEST);
        let mut reply = self.sign(wire::json(status, ERROR, &body));
        if let Some(seconds) = failure.retry_after_s {
            reply = wire::with_header(reply, header::RETRY_AFTER, &seconds.to_string());
        }
        if let Some(location) = &failure.location {
            reply = wire::with_header(reply, header::LOCATION, location);
        }
        if let Some(allow) = failure.allow {
            reply = wire::with_header(reply, header::ALLOW, allow);
        }
        if status == StatusCode::UNSUPPORTED_MEDIA_TYPE {
            reply = wire::uncoded_only(reply);
        }
        if status == StatusCode::UNAUTHORIZED {
            reply = wire::with_header(reply, header::WWW_AUTHENTICATE, "Bearer realm=\"\"");
        }
        reply
    }
}

/// Says of an answer that its request was left out by a fault.
#[derive(Clone, Copy, Debug)]
struct Omitted;

/// Marks an answer as one that a batch lacks.
pub(crate) fn omitted(mut reply: Reply) -> Reply {
    reply.extensions_mut().insert(Omitted);
    reply
}

/// Whether a batch lacks an answer.
pub(crate) fn is_omitted(reply: &Reply) -> bool {
    reply.extensions().get::<Omitted>().is_some()
}
