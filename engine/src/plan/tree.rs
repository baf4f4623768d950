//! The three trees: what side a holds, what side b holds, and what both last agreed on.

use std::collections::BTreeMap;
use std::sync::Arc;

use calamity_evidence::Side;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::content::Event;
use crate::model::{ContainerId, Hash, Item, ItemId, Revision, Token, Uid};

/// The store's number of a container pair. It never changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PairId(pub i64);

/// An item of an observed tree.
#[derive(Clone, Debug, PartialEq)]
pub struct Leaf {
    /// The provider's id.
    pub id: ItemId,
    /// Its identity.
    pub uid: Uid,
    /// Its revision.
    pub revision: Revision,
    /// The hash of what the provider returned.
    pub raw: Hash,
    /// The hash of its canonical form: the fingerprint.
    pub hash: Hash,
    /// Its canonical form.
    pub event: Arc<Event>,
    /// How many guests it carries there.
    pub attendees: usize,
    /// Whether the account organizes it, or nobody does.
    pub own: bool,
    /// When the provider says that it was changed last.
    pub updated: Option<Timestamp>,
}

impl From<Item> for Leaf {
    fn from(item: Item) -> Self {
        Self {
            hash: item.event.hash(),
            attendees: item.event.attendees(),
            id: item.id,
            uid: item.uid,
            revision: item.revision,
            raw: item.raw,
            event: Arc::new(item.event),
            own: item.own,
            updated: item.updated,
        }
    }
}

/// What one side of a container pair holds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SideTree {
    /// The container there; none when there is none (yet).
    pub container: Option<ContainerId>,
    /// Its items.
    pub items: BTreeMap<ItemId, Leaf>,
    /// The token of the observation that this tree reflects.
    pub token: Option<Token>,
}

/// One side of a baseline entry.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MappingSide {
    /// The hash of the canonical form on which both sides agreed, taken from a re-read after a
    /// write. None when the write was acknowledged and could not be read again: then what is there
    /// is not drift.
    pub hash: Option<Hash>,
    /// The hash of what the provider returned at that time.
    pub raw: Option<Hash>,
    /// That canonical form.
    pub event: Option<Arc<Event>>,
}

/// A baseline entry: one item on both sides.
#[derive(Clone, Debug, PartialEq)]
pub struct Mapping {
    /// The identity under which it was paired.
    pub uid: Uid,
    /// Its id on side a.
    pub a_id: ItemId,
    /// Its id on side b.
    pub b_id: ItemId,
    /// Side a of the agreement.
    pub a: MappingSide,
    /// Side b of the agreement.
    pub b: MappingSide,
}

impl Mapping {
    /// Its id on a side.
    #[must_use]
    pub fn id(&self, side: Side) -> &ItemId {
        match side {
            Side::A => &self.a_id,
            Side::B => &self.b_id,
        }
    }

    /// One side of the agreement.
    #[must_use]
    pub fn side(&self, side: Side) -> &MappingSide {
        match side {
            Side::A => &self.a,
            Side::B => &self.b,
        }
    }
}

/// A container pair with its three trees.
#[derive(Clone, Debug, PartialEq)]
pub struct PairTree {
    /// The store's number.
    pub id: PairId,
    /// The calendar's name.
    pub name: String,
    /// Side a as observed.
    pub a: SideTree,
    /// Side b as observed.
    pub b: SideTree,
    /// The baseline, by identity.
    pub baseline: BTreeMap<Uid, Mapping>,
    /// The pair hash of the last run in which everything of the pair was settled.
    pub stored_hash: Option<Hash>,
    /// Whether both sides were observed completely in this run.
    pub complete: bool,
}

impl PairTree {
    /// One side as observed.
    #[must_use]
    pub fn side(&self, side: Side) -> &SideTree {
        match side {
            Side::A => &self.a,
            Side::B => &self.b,
        }
    }

    /// One side as observed.
    pub fn side_mut(&mut self, side: Side) -> &mut SideTree {
        match side {
            Side::A => &mut self.a,
            Side::B => &mut self.b,
        }
    }
}

/// Every container pair, sorted by name without regard to case, then by number.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Trees {
    /// The pairs.
    pub pairs: Vec<PairTree>,
}
