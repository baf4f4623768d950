//! What Graph cannot hold, in stable words.

use crate::content::{Inexpressible, Malformed};

/// Graph cannot hold an event because of one of its members.
pub(super) fn cannot(property: &str, reason: &str) -> Inexpressible {
    Inexpressible { provider: "graph", property: property.to_owned(), reason: reason.to_owned() }
}

/// A body that Graph returned makes no sense.
pub(super) fn malformed(property: &str, problem: &'static str) -> Malformed {
    Malformed { property: property.to_owned(), problem }
}
