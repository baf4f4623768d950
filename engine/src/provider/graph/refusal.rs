//! What an answer that is no success means.

use serde_json::Value;

use crate::provider::http::Reply;
use crate::provider::{Meaning, Rejection};

/// The `code` and `message` of an error answer; empty where it has none, or is no JSON.
pub(super) fn read(reply: &Reply) -> (String, String) {
    let body: Value = serde_json::from_slice(&reply.body).unwrap_or_default();
    let text = |member: &str| {
        let text = body.get("error").and_then(|error| error.get(member)?.as_str());
        text.unwrap_or_default().to_owned()
    };
    (text("code"), text("message"))
}

/// Whether a status leaves open if a write was carried out.
pub(super) fn in_doubt(status: u16) -> bool {
    matches!(status, 500 | 502 | 504)
}

/// A refused write.
pub(super) fn rejection(what: &str, reply: &Reply) -> Rejection {
    let (code, message) = read(reply);
    let meaning = meaning(reply, &code);
    Rejection {
        what: what.to_owned(),
        kind: format!("HTTP {} {code}", reply.status).trim_end().to_owned(),
        description: message,
        properties: Vec::new(),
        meaning,
    }
}

fn meaning(reply: &Reply, code: &str) -> Meaning {
    // Seen as 400 and as 409.
    if code.eq_ignore_ascii_case("ErrorDuplicateTransactionId") {
        return Meaning::Exists;
    }
    match reply.status {
        404 | 410 => Meaning::NotFound,
        409 | 412 => Meaning::Conflict,
        423 | 429 | 503 | 509 => Meaning::Busy { retry_at: reply.retry_at },
        _ => Meaning::No,
    }
}
