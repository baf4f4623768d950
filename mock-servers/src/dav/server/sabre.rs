//! Errors in the form of sabre/dav: each has a body, which names an exception. A login that is missing
//! or wrong is answered without one.
//!
//! Source: <https://github.com/sabre-io/dav/blob/master/lib/DAV/Server.php> (start),
//! <https://github.com/sabre-io/dav/tree/master/lib/DAV/Exception>. The messages are our own.

use http::{StatusCode, header};

use super::answer;
use crate::dav::xml::names::dav;
use crate::dav::xml::{self, Element, Limits, Name, Node};
use crate::native::Reply;

const SPACE: &str = "http://sabredav.org/ns";

/// An error with a body that says what it is; other answers as they are.
pub(super) fn worded(reply: Reply) -> Reply {
    let status = reply.status();
    if !(status.is_client_error() || status.is_server_error()) {
        return reply;
    }
    let body = reply.body();
    let conditions = match xml::read(body, &Limits::default()) {
        Ok(root) if root.name == dav::ERROR => root.children,
        Ok(_) => return reply,
        Err(_) if body.is_empty() => Vec::new(),
        Err(_) => return reply,
    };
    let Some(root) = error(status, conditions) else { return reply };
    let mut worded = answer::xml(status, xml::document(&root));
    for (name, value) in reply.headers() {
        if name != header::CONTENT_TYPE && name != header::CONTENT_LENGTH {
            worded.headers_mut().append(name, value.clone());
        }
    }
    worded
}

fn error(status: StatusCode, conditions: Vec<Node>) -> Option<Element> {
    let own = |local: &str, text: &str| {
        Name::new(SPACE, local).ok().map(|name| Element::new(name).with_text(text))
    };
    let exception = own("exception", &format!("Sabre\\DAV\\Exception\\{}", exception(status)))?;
    let message = own("message", status.canonical_reason().unwrap_or_default())?;
    let mut root = Element::new(dav::ERROR).with_child(exception).with_child(message);
    root.children.extend(conditions);
    Some(root)
}

/// The class that is thrown for a status.
fn exception(status: StatusCode) -> &'static str {
    match status.as_u16() {
        400 => "BadRequest",
        403 => "Forbidden",
        404 => "NotFound",
        405 => "MethodNotAllowed",
        409 => "Conflict",
        411 => "LengthRequired",
        412 => "PreconditionFailed",
        415 => "UnsupportedMediaType",
        423 => "Locked",
        501 => "NotImplemented",
        503 => "ServiceUnavailable",
        507 => "InsufficientStorage",
        _ => "Exception",
    }
}
