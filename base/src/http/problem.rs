//! Problem documents: errors of HTTP services as JSON (RFC 9457).

use ::http::{HeaderValue, Response, StatusCode, header};
use bytes::Bytes;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The media type of a problem document (RFC 9457, section 3).
pub const MEDIA_TYPE: &str = "application/problem+json";

/// A problem document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Map<String, Value>", into = "Map<String, Value>")]
pub struct Problem {
    /// A URI that names the kind of problem; `about:blank` when the status says it all.
    pub kind: String,
    /// The kind of problem for people.
    pub title: String,
    /// The HTTP status; 0 when the document had none.
    pub status: u16,
    /// This occurrence for people.
    pub detail: Option<String>,
    /// A URI that names this occurrence.
    pub instance: Option<String>,
    /// Extension members (RFC 9457, section 3.2).
    pub extensions: Map<String, Value>,
}

impl Problem {
    /// A problem that its status describes.
    #[must_use]
    pub fn new(status: StatusCode) -> Problem {
        Problem {
            kind: "about:blank".to_owned(),
            title: status.canonical_reason().unwrap_or("Unknown").to_owned(),
            status: status.as_u16(),
            detail: None,
            instance: None,
            extensions: Map::new(),
        }
    }

    /// Sets the kind and its title.
    #[must_use]
    pub fn kind(mut self, kind: impl Into<String>, title: impl Into<String>) -> Problem {
        self.kind = kind.into();
        self.title = title.into();
        self
    }

    /// Sets what happened this time.
    #[must_use]
    pub fn detail(mut self, detail: impl Into<String>) -> Problem {
        self.detail = Some(detail.into());
        self
    }

    /// Adds an extension member. A name of a standard member is ignored.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Problem {
        if !["type", "title", "status", "detail", "instance"].contains(&name) {
            self.extensions.insert(name.to_owned(), value.into());
        }
        self
    }

    /// The answer that carries the document.
    #[must_use]
    pub fn response(self) -> Response<Bytes> {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = Value::Object(self.into()).to_string();
        let mut response = Response::new(Bytes::from(body));
        *response.status_mut() = status;
        let media_type = HeaderValue::from_static(MEDIA_TYPE);
        response.headers_mut().insert(header::CONTENT_TYPE, media_type);
        response
    }
}

impl From<Problem> for Map<String, Value> {
    fn from(problem: Problem) -> Map<String, Value> {
        let mut members = Map::new();
        members.insert("type".to_owned(), problem.kind.into());
        members.insert("title".to_owned(), problem.title.into());
        if problem.status != 0 {
            members.insert("status".to_owned(), problem.status.into());
        }
        if let Some(detail) = problem.detail {
            members.insert("detail".to_owned(), detail.into());
        }
        if let Some(instance) = problem.instance {
            members.insert("instance".to_owned(), instance.into());
        }
        members.extend(problem.extensions);
        members
    }
}

/// A consumer ignores members of the wrong type (RFC 9457, section 3.1).
impl From<Map<String, Value>> for Problem {
    fn from(mut members: Map<String, Value>) -> Problem {
        let mut text = |name: &str| match members.remove(name) {
            Some(Value::String(text)) => Some(text),
            _ => None,
        };
        let kind = text("type").unwrap_or_else(|| "about:blank".to_owned());
        let title = text("title").unwrap_or_default();
        let [detail, instance] = [text("detail"), text("instance")];
        let status = members.remove("status").and_then(|status| status.as_u64());
        let status = status.and_then(|status| u16::try_from(status).ok()).unwrap_or_default();
        Problem { kind, title, status, detail, instance, extensions: members }
    }
}
