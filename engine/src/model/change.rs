//! One change that a provider is to carry out, and its exact bytes.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::content::Event;

use super::{ContainerId, ItemId, Revision, Uid};

/// The number under which a create is sent, and sent again: what makes it idempotent. A UUID.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Transaction(pub String);

impl fmt::Display for Transaction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A change of one item.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Change {
    /// A new item.
    Create {
        /// The calendar that it goes into.
        container: ContainerId,
        /// Its identity.
        uid: Uid,
        /// Its content.
        event: Event,
        /// The number of this create.
        transaction: Transaction,
    },
    /// A change of an item, conditional on its revision.
    Update {
        /// The calendar that holds it.
        container: ContainerId,
        /// The item.
        id: ItemId,
        /// The revision that was read.
        revision: Revision,
        /// What the provider holds. Only members that differ from `after` are written.
        before: Event,
        /// What it is to hold.
        after: Event,
    },
    /// The end of an item, conditional on its revision.
    Delete {
        /// The calendar that holds it.
        container: ContainerId,
        /// The item.
        id: ItemId,
        /// The revision that was read.
        revision: Revision,
    },
}

/// The exact bytes of one change, in the form that its adapter sends and, after a crash, sends
/// again.
#[derive(Clone, PartialEq, Eq)]
pub struct Payload(pub Vec<u8>);

impl fmt::Debug for Payload {
    /// The length only: bodies hold what people wrote.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Payload({} bytes)", self.0.len())
    }
}
