//! The control API: faults, clock, snapshots, users' acts, journal and outbox of the servers, over
//! HTTP and JSON on a port of its own.
//!
//! One table of routes ([`route::table`]) is both what requests are matched against and what the
//! OpenAPI description is made of, so neither can drift from the other. One resource a file. Wire
//! types are in [`wire`] and are converted by hand: what the API says does not change because the
//! harness's data do. Every error is a problem document (RFC 9457).

mod actors;
mod call;
mod clock;
mod create;
mod cursor;
mod docs;
mod events;
mod fail;
mod faults;
mod guard;
mod handler;
mod held;
mod items;
mod journal;
mod matching;
mod openapi;
mod outbox;
mod quota;
mod reset;
mod route;
mod scene;
mod select;
mod servers;
mod snapshots;
mod verify;
mod wire;

pub(super) use guard::Guard;
pub(super) use handler::Control;
pub use openapi::openapi;

#[cfg(test)]
pub(super) use route::{Content, table};
