//! HTTP/1.1 over the network seam: hyper on both ends.
//!
//! Every server runs in the accept loop of this module, and every task that hyper starts belongs to
//! the process. No protocol of ours is known here.

mod body;
mod client;
mod error;
mod io;
mod problem;
mod server;
mod service;

pub use client::{AFTER_ANSWER, BEFORE_SEND, Client, ClientLimits};
pub use error::Error;
pub use problem::{MEDIA_TYPE, Problem};
pub use server::{Server, ServerLimits, serve};
pub use service::{Accept, Answer, Handler, Incoming};

#[cfg(test)]
mod tests;
