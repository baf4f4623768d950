//! Mock servers that stand alone: any number of them in one process, described by a file, with a
//! control API on a port of its own.
//!
//! Nothing here reads a file, prints or waits for a signal: the command line does, and hands over
//! what it has read. Servers are reached through [`Server`](crate::Server) as any harness does.

mod announce;
mod api;
pub mod config;
mod document;
mod error;
mod fleet;
mod import;
mod kept;
mod run;
mod seed;
#[cfg(test)]
mod tests;

pub use announce::{Announcement, ServerLines, SignInLine, TlsLines, UserLine};
pub use api::openapi;
pub use document::Mismatch;
pub use error::Error;
pub use fleet::Fleet;
pub use import::Import;
pub use run::{Running, Stopped, run};
pub use seed::{Found, Given, ReadFile};
