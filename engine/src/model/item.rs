//! Containers and items, as an adapter hands them over.

use jiff::Timestamp;

use crate::content::Event;

use super::{ContainerId, Hash, ItemId, Revision, Uid};

/// A calendar at a provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Container {
    /// The provider's id.
    pub id: ContainerId,
    /// The name that its user gave it; pairs are matched by it, case-insensitively.
    pub name: String,
}

/// One line of a listing or of a change feed: an item that is there, not yet its content.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Seen {
    /// The provider's id.
    pub id: ItemId,
    /// Its revision, where the feed tells one.
    pub revision: Option<Revision>,
}

/// An item with its content, read from a provider.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// The provider's id.
    pub id: ItemId,
    /// The calendar that holds it.
    pub container: ContainerId,
    /// Its identity: the source UID from the provider-side extension property where there is one,
    /// else the provider's own UID.
    pub uid: Uid,
    /// Its revision.
    pub revision: Revision,
    /// The hash of what the provider returned, server-set members excluded: what a server rewrites
    /// on its own changes this and not the canonical hash.
    pub raw: Hash,
    /// Its content in canonical form.
    pub event: Event,
    /// Whether the account is the organizer, or nobody is.
    pub own: bool,
    /// When the provider says that it was changed last.
    pub updated: Option<Timestamp>,
}
