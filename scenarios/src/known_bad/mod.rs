//! Known-bad engines: a healthy one with one part replaced, one file each.
//!
//! A drill that none of them fails shows nothing, and an invariant that catches none of them either.
//! Each says beforehand which invariant it breaks. Production code has no switches for them.

mod answers_believed;
mod deletes_after_failed_creates;
mod deletes_first;
mod doubt_believed;
mod hashes_advanced_over_failed_write;
mod hold_everything;
mod identity_by_id;
mod impatient;
mod known;
mod never_write;
mod no_ceiling;
mod no_confirm_gone;
mod no_notifies;
mod partial_taken_as_complete;
mod suppression_believed;
mod swallow_not_created;
mod token_stored_early;
mod without;
mod wrapped;

pub use known::{Control, KnownBad, all, find};

#[cfg(test)]
mod tests;
