//! Requests: addresses, preferences, and the wish for silence on every write.

use bytes::Bytes;
use http::header::{ACCEPT, CONTENT_TYPE, IF_MATCH};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Uri};
use serde_json::{Map, Value};

use crate::model::Revision;
use crate::provider::Error;
use crate::provider::http::{Call, Reply};

use super::Graph;

/// The header in which a client says what it would like.
pub(super) const PREFER: HeaderName = HeaderName::from_static("prefer");
/// Ids that survive a move between folders.
const STABLE_IDS: &str = "IdType=\"ImmutableId\"";
/// What every write asks for. Nobody has proven that a server heeds it.
pub(super) const SILENCE: &str = "outlook.send-notifications=false";

impl Graph {
    /// An address below the service root. `segments` are escaped, `query` is as it stands.
    pub(super) fn address(&self, segments: &[&str], query: &[(&str, &str)]) -> Result<Uri, Error> {
        let root = self.base.to_string();
        let mut text = root.trim_end_matches('/').to_owned();
        for segment in segments {
            text.push('/');
            text.push_str(&escape(segment));
        }
        for (nth, (name, value)) in query.iter().enumerate() {
            text.push(if nth == 0 { '?' } else { '&' });
            text.push_str(name);
            text.push('=');
            text.push_str(&escape(value));
        }
        text.parse().map_err(|_| self.http.malformed("address", "cannot be built".to_owned()))
    }

    /// Reads; any status is an answer.
    pub(super) async fn get(
        &self,
        what: &'static str,
        uri: Uri,
        preferences: &[&str],
    ) -> Result<Reply, Error> {
        let headers = headers(preferences);
        let body = Bytes::new();
        self.http.send(&Call { what, method: Method::GET, uri, headers, body, reads: true }).await
    }

    /// Reads a JSON object; any status but success is an error.
    pub(super) async fn get_object(
        &self,
        what: &'static str,
        uri: Uri,
        preferences: &[&str],
    ) -> Result<Map<String, Value>, Error> {
        let reply = self.get(what, uri, preferences).await?;
        if reply.status != 200 {
            return Err(self.refused(&reply));
        }
        self.object(&reply)
    }

    /// Writes: with the wish for silence, and conditional where a revision is given.
    pub(super) async fn write(
        &self,
        what: &'static str,
        method: Method,
        uri: Uri,
        body: Option<&Map<String, Value>>,
        revision: Option<&Revision>,
    ) -> Result<Reply, Error> {
        let mut headers = headers(&[]);
        silence(&mut headers);
        let condition = revision.map(|key| format!("W/\"{key}\""));
        if let Some(value) = condition.and_then(|text| HeaderValue::from_str(&text).ok()) {
            headers.insert(IF_MATCH, value);
        }
        let body = match body {
            Some(body) => {
                headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
                Bytes::from(serde_json::to_vec(body).expect("JSON values have a text"))
            }
            None => Bytes::new(),
        };
        self.http.send(&Call { what, method, uri, headers, body, reads: false }).await
    }

    pub(super) fn object(&self, reply: &Reply) -> Result<Map<String, Value>, Error> {
        match serde_json::from_slice(&reply.body) {
            Ok(Value::Object(object)) => Ok(object),
            _ => Err(self.http.malformed(reply.what, "the answer is no JSON object".to_owned())),
        }
    }

    /// The error of an answer that is no success.
    pub(super) fn refused(&self, reply: &Reply) -> Error {
        let (code, message) = super::refusal::read(reply);
        self.http.status(reply, code, message)
    }
}

/// Adds the wish for silence to what a request prefers already.
pub(super) fn silence(headers: &mut HeaderMap) {
    let text = match headers.get(PREFER).and_then(|value| value.to_str().ok()) {
        Some(before) => format!("{before}, {SILENCE}"),
        None => SILENCE.to_owned(),
    };
    if let Ok(value) = HeaderValue::from_str(&text) {
        headers.insert(PREFER, value);
    }
}

fn headers(preferences: &[&str]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
    let mut all = vec![STABLE_IDS];
    all.extend(preferences);
    if let Ok(value) = HeaderValue::from_str(&all.join(", ")) {
        headers.insert(PREFER, value);
    }
    headers
}

/// Percent-encodes all but what RFC 3986 leaves unreserved, and the marks that OData reads.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z'
            | b'a'..=b'z'
            | b'0'..=b'9'
            | b'-'
            | b'.'
            | b'_'
            | b'~'
            | b'$'
            | b','
            | b'('
            | b')'
            | b'\''
            | b':' => escaped.push(char::from(byte)),
            _ => {
                const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
                escaped.push('%');
                escaped.push(char::from(DIGITS[usize::from(byte >> 4)]));
                escaped.push(char::from(DIGITS[usize::from(byte & 15)]));
            }
        }
    }
    escaped
}
