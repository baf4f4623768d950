//! Carrying a plan out, one acknowledged operation at a time.
//!
//! A promise is stored before it is sent, and after each answer that arrived result, baseline and
//! observed tree move in one transaction, each operation judged by its own part of the answer.

mod advance;
mod arrived;
mod delete;
mod doubt;
mod outcome;
mod settle;
mod window;
mod write;

pub use advance::{AcknowledgedOnly, Advance};
pub use doubt::{AskTheServer, Doubt, Resolution};
pub use outcome::Outcome;
pub use settle::{EachByItsPart, Settle, Settled};

pub(crate) use doubt::resolve_all;
pub(crate) use window::Executor;
