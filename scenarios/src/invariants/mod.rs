//! What must hold in every scenario, one file each.
//!
//! The rule kept here: judgement goes by raw mock state, logs, SQL and printed text, joined by
//! lineage. Nothing here knows the engine, its identity rules or its content model.

mod approvals;
mod approved_goes_through;
mod converged;
mod delete_has_intent;
mod edit_beats_delete;
mod edits;
mod explained_by_intent;
mod faults_fired;
mod guests_kept;
mod history;
mod judge;
mod judges;
mod landed;
mod no_delete_while_unresolved;
mod no_duplicates;
mod no_secrets;
mod no_swallowed_error;
mod outbox_quiet;
mod replay;
mod runs;
mod store_acknowledged;
mod store_integrity;

pub use judge::{Invariant, Judge, Need};
pub use judges::{Judges, all};

#[cfg(test)]
mod tests;
