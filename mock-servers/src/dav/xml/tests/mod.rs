//! Tests of the XML layer.

mod calendar_filters;
mod calendar_requests;
mod card_requests;
mod clients_apple;
mod clients_others;
mod collections;
mod generated;
mod hrefs;
mod multistatuses;
mod names;
mod reading;
mod refusals;
mod reports;
mod writing;

use super::request::RequestError;
use super::{Element, Limits, Name, Namespace, read};

/// Reads a document that is well-formed.
#[track_caller]
fn tree(text: &str) -> Element {
    read(text.as_bytes(), &Limits::default()).unwrap()
}

/// A root of this namespace's default, with `D` for WebDAV, around an inner text.
fn within(namespace: &Namespace, root: &str, inner: &str) -> Element {
    let uri = namespace.as_str();
    tree(&format!("<{root} xmlns=\"{uri}\" xmlns:D=\"DAV:\">{inner}</{root}>"))
}

/// A name.
#[track_caller]
fn name(namespace: &str, local: &str) -> Name {
    Name::new(namespace, local).unwrap()
}

/// What a server answers: the status, and the name of the condition.
#[track_caller]
fn refused<T: std::fmt::Debug>(result: Result<T, RequestError>) -> String {
    let refusal = result.unwrap_err().refusal();
    match refusal.condition {
        None => refusal.status.as_str().to_owned(),
        Some(condition) => format!("{} {}", refusal.status.as_str(), condition.name),
    }
}
