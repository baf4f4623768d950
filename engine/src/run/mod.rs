//! One run of a pair, from opening the store to its counters.
//!
//! The rule kept here: nothing is stored before [`Session::begin`], so that a dry run, an abort or
//! an interrupted question leaves the store as it was.

mod confirm;
mod facts;
mod holds;
mod session;

pub use holds::{Pending, approve, pending};
pub use session::{Proposal, Session};
