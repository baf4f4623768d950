//! What a provider cannot hold at all, as opposed to what it merely leaves out.

use thiserror::Error;

/// A provider cannot hold an event. A member that it would merely leave out is no reason: the event
/// is then written without it, and the other side keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{provider} cannot express {property}: {reason}")]
pub struct Inexpressible {
    /// The provider's short name.
    pub provider: &'static str,
    /// The member that stands in the way, as a path: `recurrenceRule/byYearDay`.
    pub property: String,
    /// Why. The texts are stable: people filter and quarantine by them.
    pub reason: String,
}
