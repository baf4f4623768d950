//! The rules, a file each. The order is that in which reasons are told.

mod ceiling;
mod confirm_gone;
mod emptied;
mod inexpressible;
mod not_organizer;
mod notifies;
mod observation;
mod reconfigured;
mod unresolved;

use std::sync::Arc;

pub use ceiling::Ceiling;
pub use confirm_gone::ConfirmGone;
pub use emptied::Emptied;
pub use inexpressible::CannotExpress;
pub use not_organizer::NotOrganizer;
pub use notifies::Notifies;
pub use observation::IncompleteObservation;
pub use reconfigured::Reconfigured;
pub use unresolved::Unresolved;

use super::Rule;

/// Every rule of a healthy engine.
#[must_use]
pub fn all() -> Vec<Arc<dyn Rule>> {
    vec![
        // What it finds out also makes the observation incomplete, and it knows more of it.
        Arc::new(ConfirmGone),
        Arc::new(IncompleteObservation),
        Arc::new(CannotExpress),
        Arc::new(NotOrganizer),
        Arc::new(Unresolved),
        Arc::new(Ceiling),
        Arc::new(Emptied),
        Arc::new(Reconfigured),
        Arc::new(Notifies),
    ]
}
