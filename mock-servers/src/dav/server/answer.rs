//! Answers: documents, refusals and statuses.

use bytes::Bytes;
use http::header::{self, HeaderName};
use http::{HeaderValue, Response, StatusCode};

use crate::dav::xml::{Multistatus, Refusal};
use crate::native::Reply;
use crate::wire;

/// What a method makes of a request.
pub(super) type Outcome = Result<Reply, Refusal>;

/// An XML document.
pub(super) fn xml(status: StatusCode, document: impl Into<Bytes>) -> Reply {
    body(status, "application/xml; charset=utf-8", document.into())
}

/// A multistatus.
pub(super) fn multistatus(all: Multistatus) -> Reply {
    xml(StatusCode::MULTI_STATUS, all.finish())
}

/// A multistatus that was written before.
pub(super) fn multistatus_again(document: Bytes) -> Reply {
    xml(StatusCode::MULTI_STATUS, document)
}

/// Any body.
pub(super) fn body(status: StatusCode, media_type: &str, octets: Bytes) -> Reply {
    let mut reply = Response::new(octets);
    *reply.status_mut() = status;
    with(reply, header::CONTENT_TYPE, media_type)
}

/// A status alone.
pub(super) fn empty(status: StatusCode) -> Reply {
    wire::empty(status)
}

/// A refusal with its condition.
pub(super) fn refusal(refusal: &Refusal) -> Reply {
    match refusal.body() {
        Some(document) => xml(refusal.status, document),
        None => empty(refusal.status),
    }
}

/// Adds a header.
pub(super) fn with(reply: Reply, name: HeaderName, value: &str) -> Reply {
    wire::with_header(reply, name, value)
}

/// Adds a header that has no constant.
pub(super) fn with_named(mut reply: Reply, name: &'static str, value: &str) -> Reply {
    if let Ok(value) = HeaderValue::from_str(value) {
        reply.headers_mut().insert(HeaderName::from_static(name), value);
    }
    reply
}
