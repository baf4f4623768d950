//! The order in which a plan is carried out.

use super::OpType;

/// One phase of carrying a plan out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    /// New containers, so that items can go into them.
    CreateContainers,
    /// Merges.
    Merges,
    /// New items.
    CreateItems,
    /// Deletes of items, after everything that could show that they are wrong.
    DeleteItems,
}

impl Phase {
    /// The order of a healthy engine.
    pub const ORDER: [Self; 4] =
        [Self::CreateContainers, Self::Merges, Self::CreateItems, Self::DeleteItems];

    /// The type of operation that it carries out.
    #[must_use]
    pub fn op(self) -> OpType {
        match self {
            Self::CreateContainers => OpType::CreateContainer,
            Self::Merges => OpType::MergeItem,
            Self::CreateItems => OpType::CreateItem,
            Self::DeleteItems => OpType::DeleteItem,
        }
    }
}
