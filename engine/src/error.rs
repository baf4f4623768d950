//! What ends a run before its time.

use crate::store;

/// An error with its causes, in one line.
#[must_use]
pub fn with_causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        text.push_str(": ");
        text.push_str(&inner.to_string());
        cause = inner.source();
    }
    text
}

/// The run could not go on. What was acknowledged before stands in the store.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The store could not be read or written.
    #[error("the store {store:?} failed")]
    Store {
        /// The store's name.
        store: String,
        /// Why.
        #[source]
        source: store::Error,
    },
}
