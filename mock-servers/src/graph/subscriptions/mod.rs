//! Subscriptions: who wants to be told of changes, the handshake with them, and what they are told.
//!
//! Changes are read from the account's log, so that nothing that writes has to think of subscribers.
//! What is to be sent waits in a bounded queue of the server's state; [`crate::outward`] sends it.

mod fate;
mod handshake;
mod notice;
mod posting;
mod resource;
mod serve;
mod store;
mod wanted;

pub(crate) use handshake::Handshake;
pub(super) use serve::{collection, one, reauthorize};
pub(crate) use store::{Errand, Subscriptions};
