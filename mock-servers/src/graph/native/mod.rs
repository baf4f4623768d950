//! What the core asks of the protocol beyond requests: facts, seeding, users' edits, and whom the
//! server tells.

mod copy;
mod edit;
mod facts;
mod graph;
mod schedule;
mod source;
mod write;

pub(crate) use graph::Graph;
