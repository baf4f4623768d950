//! Small things that every HTTP dialect needs.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD as BASE64;
use bytes::Bytes;
use calamity_base::http::Incoming;
use http::{HeaderMap, HeaderValue, Response, StatusCode, header};
use serde_json::Value;

use crate::native::Reply;

/// A JSON answer.
pub(crate) fn json(status: StatusCode, media_type: &'static str, body: &Value) -> Reply {
    json_text(status, media_type, body.to_string())
}

/// A JSON answer that is written already.
pub(crate) fn json_text(
    status: StatusCode,
    media_type: &'static str,
    body: impl Into<Bytes>,
) -> Reply {
    let mut reply = Response::new(body.into());
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

/// Whether a body comes in a content coding. None is taken apart here, so it is for a 415 that says so: "An
/// origin server MAY respond with a status code of 415 [...] if a representation in the request message
/// has a content coding that is not acceptable" (RFC 9110 section 8.4), and clients that compress try
/// again without.
pub(crate) fn is_coded(headers: &HeaderMap) -> bool {
    let codings = headers.get_all(header::CONTENT_ENCODING).iter();
    let codings = codings.flat_map(|value| value.as_bytes().split(|byte| *byte == b','));
    codings
        .map(<[u8]>::trim_ascii)
        .any(|it| !it.is_empty() && !it.eq_ignore_ascii_case(b"identity"))
}

/// A refusal of such a body, with what is taken (RFC 9110 section 12.5.3).
pub(crate) fn uncoded_only(reply: Reply) -> Reply {
    with_header(reply, header::ACCEPT_ENCODING, "identity")
}

/// Scheme and authority under which the client reached the server, for the URLs that it is given. Over
/// TLS a target is absolute in both versions of HTTP.
pub(crate) fn origin(request: &Incoming) -> String {
    let host = request.headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let authority = host.or_else(|| request.uri.authority().map(http::uri::Authority::as_str));
    let plain = |text: &&str| {
        !text.is_empty()
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._:[]".contains(&byte))
    };
    let scheme = if request.uri.scheme_str() == Some("https") { "https" } else { "http" };
    format!("{scheme}://{}", authority.filter(plain).unwrap_or("localhost"))
}

/// What a client says of itself in an `Authorization` header.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Login {
    /// A bearer token (RFC 6750).
    Bearer(String),
    /// A name and a password (RFC 7617).
    Basic {
        /// The name.
        name: String,
        /// The password.
        password: String,
    },
}

/// Reads the `Authorization` header; none when there is none that makes sense.
pub(crate) fn login(request: &Incoming) -> Option<Login> {
    let value = request.headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, rest) = value.split_once(' ')?;
    let rest = rest.trim();
    if scheme.eq_ignore_ascii_case("bearer") {
        return Some(Login::Bearer(rest.to_owned()));
    }
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let text = String::from_utf8(BASE64.decode(rest).ok()?).ok()?;
    let (name, password) = text.split_once(':')?;
    Some(Login::Basic { name: name.to_owned(), password: password.to_owned() })
}
