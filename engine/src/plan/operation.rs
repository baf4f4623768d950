//! Operations: what a plan consists of.

use std::fmt;
use std::sync::Arc;

use calamity_evidence::Side;

use crate::content::{Event, Inexpressible};
use crate::model::{Hash, ItemId, Revision, Uid};

use super::{Leaf, Mapping, PairId};

/// The six types of operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OpType {
    /// Make a calendar on the side that lacks it.
    CreateContainer,
    /// Remove a calendar. It is never derived from a missing one.
    DeleteContainer,
    /// Copy an item to the side that lacks it.
    CreateItem,
    /// Remove an item from the side that still has it, or its mapping when both lack it.
    DeleteItem,
    /// Bring an item that differs together.
    MergeItem,
    /// Pass over a container in which nothing has changed.
    SkipSubtree,
}

impl OpType {
    /// The word in plans.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::CreateContainer => "CREATE_CONTAINER",
            Self::DeleteContainer => "DELETE_CONTAINER",
            Self::CreateItem => "CREATE_ITEM",
            Self::DeleteItem => "DELETE_ITEM",
            Self::MergeItem => "MERGE_ITEM",
            Self::SkipSubtree => "SKIP_SUBTREE",
        }
    }
}

/// The side that an operation writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Target {
    /// One side.
    One(Side),
    /// Either or both, as a merge turns out; or neither, for bookkeeping.
    Both,
}

/// What a side is to hold after a merge, when it differs from what it holds.
#[derive(Clone, Debug, PartialEq)]
pub struct MergeWrites {
    /// For side a, as that provider can hold it.
    pub a: Option<Arc<Event>>,
    /// For side b, as that provider can hold it.
    pub b: Option<Arc<Event>>,
}

/// What an operation does, with all that is needed to do it.
#[derive(Clone, Debug, PartialEq)]
#[expect(
    clippy::large_enum_variant,
    reason = "the large variants are nearly all of a plan; only skips, one a container, are small"
)]
pub enum Action {
    /// See [`OpType::SkipSubtree`].
    SkipSubtree,
    /// See [`OpType::CreateContainer`].
    CreateContainer {
        /// The side that lacks it.
        on: Side,
    },
    /// See [`OpType::CreateItem`].
    CreateItem {
        /// The side that lacks it.
        on: Side,
        /// The item on the other side.
        source: Leaf,
        /// What the lacking side is to hold, or why it cannot.
        event: Result<Arc<Event>, Inexpressible>,
        /// An item that was deleted on `on` and edited on the other side: edit beats delete.
        revives: Option<Mapping>,
    },
    /// See [`OpType::MergeItem`].
    MergeItem {
        /// The item on side a.
        a: Leaf,
        /// The item on side b.
        b: Leaf,
        /// The baseline entry, where there is one.
        mapping: Option<Mapping>,
        /// What is to be written, or why it cannot be.
        writes: Result<MergeWrites, Inexpressible>,
        /// Fields that both sides changed differently.
        conflicts: u64,
        /// Names of the fields that side a, then side b, lacks.
        drift: [Vec<String>; 2],
    },
    /// See [`OpType::DeleteItem`], on the side that still has it.
    DeleteItem {
        /// That side.
        on: Side,
        /// The item there.
        leaf: Leaf,
        /// The baseline entry.
        mapping: Mapping,
    },
    /// See [`OpType::DeleteItem`], when both sides lack it: bookkeeping only.
    Forget {
        /// The baseline entry.
        mapping: Mapping,
    },
}

/// What names an operation from one run to the next: equal for the same change of the same item
/// with the same content.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key(pub String);

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The place of an operation: its type, its side and its item, whatever the content.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Slot(pub String);

/// One operation.
#[derive(Clone, Debug, PartialEq)]
pub struct Operation {
    /// The container pair.
    pub pair: PairId,
    /// The calendar's name.
    pub container: String,
    /// The identity of the item; none for containers.
    pub uid: Option<Uid>,
    /// What to do.
    pub action: Action,
}

impl Operation {
    /// Its type.
    #[must_use]
    pub fn op(&self) -> OpType {
        match self.action {
            Action::SkipSubtree => OpType::SkipSubtree,
            Action::CreateContainer { .. } => OpType::CreateContainer,
            Action::CreateItem { .. } => OpType::CreateItem,
            Action::MergeItem { .. } => OpType::MergeItem,
            Action::DeleteItem { .. } | Action::Forget { .. } => OpType::DeleteItem,
        }
    }

    /// The side that it writes.
    #[must_use]
    pub fn target(&self) -> Target {
        match &self.action {
            Action::CreateContainer { on }
            | Action::CreateItem { on, .. }
            | Action::DeleteItem { on, .. } => Target::One(*on),
            Action::SkipSubtree | Action::MergeItem { .. } | Action::Forget { .. } => Target::Both,
        }
    }

    /// Whether it writes to a provider.
    #[must_use]
    pub fn writes(&self) -> bool {
        !matches!(self.action, Action::SkipSubtree | Action::Forget { .. })
    }

    /// Whether it takes an item away from somebody.
    #[must_use]
    pub fn removes(&self) -> bool {
        matches!(self.action, Action::DeleteItem { .. })
    }

    /// The title of the item, for people.
    #[must_use]
    pub fn title(&self) -> &str {
        match &self.action {
            Action::CreateItem { source, .. } => source.event.title(),
            Action::MergeItem { a, .. } => a.event.title(),
            Action::DeleteItem { leaf, .. } => leaf.event.title(),
            Action::SkipSubtree | Action::CreateContainer { .. } | Action::Forget { .. } => "",
        }
    }

    /// What names the *place* of this operation from one run to the next, whatever its content:
    /// under this name a failure stays unresolved until the operation was done or is no longer
    /// planned.
    #[must_use]
    pub fn slot(&self) -> Slot {
        let side = match self.target() {
            Target::One(side) => letter(side),
            Target::Both => "both",
        };
        let name = self.uid.as_ref().map_or(self.container.as_str(), |uid| uid.as_str());
        Slot(format!("{} {side} {name}", self.op().word()))
    }

    /// What names it from one run to the next.
    #[must_use]
    pub fn key(&self) -> Key {
        let uid = self.uid.as_ref().map_or("", |uid| uid.as_str());
        let (side, content) = match &self.action {
            Action::SkipSubtree => ("both", String::new()),
            Action::CreateContainer { on } => (letter(*on), self.container.clone()),
            Action::CreateItem { on, source, .. } => (letter(*on), source.hash.0.clone()),
            Action::MergeItem { a, b, .. } => ("both", format!("{}:{}", a.hash, b.hash)),
            Action::DeleteItem { on, leaf, .. } => (letter(*on), leaf.hash.0.clone()),
            Action::Forget { .. } => ("both", "gone".to_owned()),
        };
        Key(format!("{} {side} {} {uid}", self.op().word(), Hash::of(content.as_bytes())))
    }
}

fn letter(side: Side) -> &'static str {
    match side {
        Side::A => "a",
        Side::B => "b",
    }
}

/// A change of the baseline that writes to no provider: a first mapping of equal items, an id that
/// moved, a hash that a server's own rewriting moved.
#[derive(Clone, Debug, PartialEq)]
pub struct Rebase {
    /// The container pair.
    pub pair: PairId,
    /// The entry as it is to be.
    pub mapping: Mapping,
    /// Whether an id was re-pointed.
    pub healed: bool,
}

/// What planning came to.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Plan {
    /// The operations, in the order of the trees; [`super::Phase`] orders carrying them out.
    pub operations: Vec<Operation>,
    /// Changes of the baseline alone.
    pub rebases: Vec<Rebase>,
    /// Items that share an identity with another one of their container, as `side id`.
    pub duplicates: Vec<(Side, ItemId)>,
}

/// A leaf's id and revision, as a conditional write needs them.
impl Leaf {
    /// Id and revision.
    #[must_use]
    pub fn address(&self) -> (ItemId, Revision) {
        (self.id.clone(), self.revision.clone())
    }
}
