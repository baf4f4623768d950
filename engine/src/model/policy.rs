//! What a provider promises about notifications, and what a pair does with attendees.

use serde::{Deserialize, Serialize};

/// How far an operation of a provider can be kept from mailing people.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Capability {
    /// Provably silent.
    Suppressed,
    /// Asked to be silent; nobody has proven that it is.
    BestEffort,
    /// Cannot be asked.
    Unsupported,
}

impl Capability {
    /// The word in plans.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Suppressed => "suppressed",
            Self::BestEffort => "best-effort",
            Self::Unsupported => "unsupported",
        }
    }
}

/// A provider's promise for each kind of operation. It has no default: an adapter that does not
/// declare one does not compile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Policy {
    /// Creating an item.
    pub create_item: Capability,
    /// Changing an item.
    pub update_item: Capability,
    /// Deleting an item.
    pub delete_item: Capability,
    /// Deleting a container.
    pub delete_container: Capability,
}

impl Policy {
    /// The same promise for all four kinds.
    #[must_use]
    pub fn uniform(capability: Capability) -> Self {
        Self {
            create_item: capability,
            update_item: capability,
            delete_item: capability,
            delete_container: capability,
        }
    }
}

/// What a pair does with the guests of an event.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Attendees {
    /// Copies carry no guests; their absence there is never a removal. The default.
    #[default]
    Strip,
    /// Guests are copied, and every operation that could mail one waits for a decision.
    Hold,
    /// Guests are copied and mailed.
    Send,
}
