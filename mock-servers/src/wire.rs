//! Small things that every HTTP dialect needs.

use bytes::Bytes;
use calamity_base::http::Incoming;
use http::{HeaderValue, Response, StatusCode, header};
use serde_json::Value;

use crate::native::Reply;

/// A JSON answer.
pub(crate) fn json(status: StatusCode, media_type: &'static str, body: &Value) -> Reply {
    let mut reply = Response::new(Bytes::from(body.to_string()));
    *reply.status_mut() = status;
    reply.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    reply
}

/// An answer without a body.
pub(crate) fn empty(status: StatusCode) -> Reply {
    let mut reply = Response::new(Bytes::new());
    *reply.status_mut() = status;
    reply
}

/// Adds a header; a value that is none is left out.
pub(crate) fn with_header(mut reply: Reply, name: header::HeaderName, value: &str) -> Reply {
    if let Ok(value) = HeaderValue::from_str(value) {
        reply.headers_mut().insert(name, value);
    }
    reply
}

/// Scheme and authority under which the client reached the server, for the URLs that it is given.
pub(crate) fn origin(request: &Incoming) -> String {
    let host = request.headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let authority = host.or_else(|| request.uri.authority().map(http::uri::Authority::as_str));
    let plain = |text: &&str| {
        !text.is_empty()
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._:[]".contains(&byte))
    };
    format!("http://{}", authority.filter(plain).unwrap_or("localhost"))
}

/// The token of an `Authorization: Bearer` header.
pub(crate) fn bearer(request: &Incoming) -> Option<&str> {
    let value = request.headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}
