//! The answer to one request of a batch, as a member of the answer to the batch.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use http::header;
use serde_json::{Map, Value, json};

use crate::native::Reply;

/// See the module.
pub(super) fn member(id: &str, reply: &Reply) -> Value {
    let mut headers = Map::new();
    for (name, value) in reply.headers() {
        if let Ok(value) = value.to_str() {
            headers.insert(titled(name.as_str()), json!(value));
        }
    }
    let mut member = Map::new();
    member.insert("id".to_owned(), json!(id));
    member.insert("status".to_owned(), json!(reply.status().as_u16()));
    member.insert("headers".to_owned(), Value::Object(headers));
    if !reply.body().is_empty() {
        let kind = reply.headers().get(header::CONTENT_TYPE).and_then(|it| it.to_str().ok());
        let is_json = kind.is_some_and(|kind| kind.contains("json"));
        let body = serde_json::from_slice(reply.body()).ok().filter(|_| is_json);
        let body = body.unwrap_or_else(|| json!(BASE64_STANDARD.encode(reply.body())));
        member.insert("body".to_owned(), body);
    }
    Value::Object(member)
}

/// `Content-Type` for `content-type`: in JSON, names of members are told apart by case.
fn titled(name: &str) -> String {
    if name.ends_with("request-id") {
        return name.to_owned();
    }
    let part = |part: &str| {
        let mut part = part.to_owned();
        if let Some(first) = part.get_mut(0..1) {
            first.make_ascii_uppercase();
        }
        part
    };
    name.split('-').map(part).collect::<Vec<_>>().join("-")
}
