//! Stateful mock servers: they behave and misbehave like real ones, and keep evidence of what
//! happened to them.
//!
//! [`Server`] is one user's account behind one protocol. The same code serves it on a simulated
//! network and on a loopback port. Scenarios act on it as the server's users do, arm faults, and
//! read its logs; a client under test meets it over HTTP only.
//!
//! Nothing here imports the engine or shares code with it: one bug must not hide in both.

#![forbid(unsafe_code)]

mod account;
mod acting;
mod blobs;
pub mod control;
mod dav;
mod directory;
pub mod facts;
pub mod faults;
mod graph;
mod itip;
mod jmap;
mod journal;
mod log;
mod logs;
mod native;
mod nesting;
mod operation;
mod outbox;
mod outward;
mod profiles;
mod recurrence;
mod scheduling;
mod serve;
mod server;
mod spliced;
mod state;
mod turn;
mod users;
mod wire;
pub mod world;

pub use acting::{Acting, Kind, StoredItem};
pub use directory::UserConfig;
pub use facts::Facts;
pub use graph::SignIn;
pub use logs::LogEnds;
pub use profiles::{UnknownProfile, profiles};
pub use server::{AnswerHook, Protocol, RawItem, Server, ServerConfig, Snapshot};
pub use users::{Drift, Edit, NoSuchItem};
