//! HTTP/1.1 and HTTP/2 over the network seam, plain or over TLS: hyper on both ends.
//!
//! Every server runs in the accept loop of this module, and every task that hyper starts belongs to
//! the process. No protocol of ours is known here.

mod activity;
mod body;
mod client;
mod connection;
mod dialled;
mod error;
mod exchange;
mod io;
mod limits;
mod problem;
mod receive;
mod server;
mod service;
mod sniff;

pub use client::{AFTER_ANSWER, BEFORE_SEND, Client, ClientLimits};
pub use error::Error;
pub use limits::ServerLimits;
pub use problem::{MEDIA_TYPE, Problem};
pub use server::{Drained, Server, serve, serve_tls};
pub use service::{Accept, Answer, Handler, Incoming};

#[cfg(test)]
mod tests;
