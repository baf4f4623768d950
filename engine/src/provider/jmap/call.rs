//! One method call: the envelope, and what may stand in the place of its answer.

use bytes::Bytes;
use http::header::{ACCEPT, CONTENT_TYPE};
use http::{HeaderMap, HeaderValue, Method};
use serde_json::{Map, Value, json};

use crate::provider::Error;
use crate::provider::http::{Call, Reply};

use super::Jmap;
use super::session::{CALENDARS, CORE, Session};

/// Every request holds one call; its answers bear this id.
const CALL_ID: &str = "0";

/// What a request came to.
#[derive(Debug)]
pub(super) enum Response {
    /// The arguments of the method's own response.
    Method(Map<String, Value>),
    /// An `error` in its place (RFC 8620 section 3.6.2).
    Error { kind: String, description: String },
}

/// Why there is no response of the method.
#[derive(Debug)]
pub(super) enum Failure {
    /// The request surely was not carried out.
    Unsent(Error),
    /// The server asked for patience, and the run has no more.
    Busy(Error),
    /// The request is larger than the server takes.
    TooLarge(Error),
    /// Nobody knows whether it was carried out.
    Unknown(Error),
}

impl From<Failure> for Error {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Unsent(error)
            | Failure::Busy(error)
            | Failure::TooLarge(error)
            | Failure::Unknown(error) => error,
        }
    }
}

impl Jmap {
    /// Calls a method that reads.
    pub(super) async fn read(
        &self,
        session: &Session,
        what: &'static str,
        method: &str,
        arguments: Value,
    ) -> Result<Map<String, Value>, Error> {
        match self.call(session, what, method, arguments, true).await? {
            Response::Method(arguments) => Ok(arguments),
            Response::Error { kind, description } => Err(self.method(what, kind, description)),
        }
    }

    /// Calls a method.
    pub(super) async fn call(
        &self,
        session: &Session,
        what: &'static str,
        method: &str,
        arguments: Value,
        reads: bool,
    ) -> Result<Response, Failure> {
        let mut arguments = arguments;
        arguments["accountId"] = Value::from(session.account.as_str());
        let envelope = json!({
            "using": [CORE, CALENDARS],
            "methodCalls": [[method, arguments, CALL_ID]],
        });
        let body = Bytes::from(envelope.to_string());
        if body.len() > session.request_bytes_max {
            let max = session.request_bytes_max;
            let problem = format!("{} bytes, and the server takes {max}", body.len());
            return Err(Failure::TooLarge(self.http.malformed(what, problem)));
        }
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        let uri = session.api.clone();
        let call = Call { what, method: Method::POST, uri, headers, body, reads };
        let reply = self.http.send(&call).await.map_err(|error| match error {
            Error::Transport { ref source, .. } if source.is_in_doubt() => Failure::Unknown(error),
            error => Failure::Unsent(error),
        })?;
        self.response(method, &reply)
    }

    fn response(&self, method: &str, reply: &Reply) -> Result<Response, Failure> {
        if reply.status != 200 {
            let error = self.refused(reply);
            return Err(match (reply.status, limit(reply)) {
                (429 | 503, _) => Failure::Busy(error),
                (413, _) => Failure::TooLarge(error),
                (_, Some(limit)) if limit == "maxSizeRequest" => Failure::TooLarge(error),
                (400..=499, _) => Failure::Unsent(error),
                _ => Failure::Unknown(error),
            });
        }
        let unknown = |problem: String| Failure::Unknown(self.http.malformed(reply.what, problem));
        let body: Value = serde_json::from_slice(&reply.body)
            .map_err(|_| unknown("the answer is no JSON".to_owned()))?;
        let responses = body.get("methodResponses").and_then(Value::as_array);
        let responses =
            responses.ok_or_else(|| unknown("the answer has no methodResponses".to_owned()))?;
        let ours = responses.iter().filter(|response| response.get(2) == Some(&json!(CALL_ID)));
        for response in ours {
            let name = response.get(0).and_then(Value::as_str).unwrap_or_default();
            let Some(arguments) = response.get(1).and_then(Value::as_object) else { continue };
            if name == method {
                return Ok(Response::Method(arguments.clone()));
            }
            if name == "error" {
                let text = |member: &str| {
                    arguments.get(member).and_then(Value::as_str).unwrap_or_default().to_owned()
                };
                return Ok(Response::Error {
                    kind: text("type"),
                    description: text("description"),
                });
            }
        }
        Err(unknown(format!("the answer has no {method} response")))
    }

    /// The error of an answer that is no success, read as a problem document (RFC 8620
    /// section 3.6.1).
    pub(super) fn refused(&self, reply: &Reply) -> Error {
        let problem: Value = serde_json::from_slice(&reply.body).unwrap_or_default();
        let text = |member: &str| {
            problem.get(member).and_then(Value::as_str).unwrap_or_default().to_owned()
        };
        let code = text("type");
        let code = code.rsplit(':').next().unwrap_or_default().to_owned();
        self.http.status(reply, code, text("detail"))
    }

    pub(super) fn method(&self, what: &str, kind: String, description: String) -> Error {
        Error::Method { provider: self.name.clone(), what: what.to_owned(), kind, description }
    }
}

/// The limit that a refused request broke.
fn limit(reply: &Reply) -> Option<String> {
    let problem: Value = serde_json::from_slice(&reply.body).ok()?;
    problem.get("limit")?.as_str().map(str::to_owned)
}
