//! Push (RFC 8620 section 7): who is told that something changed, by a request to a URL of theirs or
//! by a stream of events.

mod courier;
mod late;
mod source;
mod states;
mod stream;
mod subscriptions;
mod verbs;

pub(crate) use source::Watch;
#[cfg(test)]
pub(super) use states::by_event_id;
pub(crate) use subscriptions::Pushes;
pub(super) use verbs::{get, set};
