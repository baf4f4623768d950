//! What a run came to, for people and for programs: outcomes as terminal text, JSON and JUnit.
//!
//! Everything here is a pure function of its input and returns text; only [`Request::write`]
//! touches a file, and nothing prints. Equal outcomes give equal bytes: no clock is read, and
//! JUnit's timestamps are left out. Whatever a server or a user named is escaped before it is
//! shown, because a title may hold anything.
//!
//! One report format a file. Nothing here judges: the verdict stands in the outcome.

#![forbid(unsafe_code)]

mod error;
pub mod json;
pub mod junit;
mod request;
pub mod terminal;

#[cfg(test)]
mod fixture;

pub use error::Error;
pub use request::{Format, Request};
pub use terminal::Terminal;
