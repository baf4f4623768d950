//! What became of one operation.

/// What became of one operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Everything that it needed was acknowledged.
    Done,
    /// Something of it was refused or lost; it is planned again.
    Failed {
        /// Why, for people.
        error: String,
    },
    /// Put off: the item moved under the run, or the server asked for patience.
    Deferred {
        /// Why, for people.
        why: String,
    },
}
