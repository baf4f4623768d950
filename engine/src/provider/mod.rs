//! What the engine asks of a provider. One adapter a protocol lies below; wire types stay there.

mod error;
pub mod graph;
mod http;
pub mod jmap;
#[cfg(test)]
mod scripted;

use std::collections::BTreeMap;

use calamity_base::BoxFuture;

use crate::content::{Event, Inexpressible};
use crate::model::{
    Change, Container, ContainerId, Fetched, Item, ItemId, Observation, Payload, Policy, Revision,
    Token, Transaction, Uid,
};

pub use error::{Error, Meaning, Rejection};

/// What the engine knew of a container's items before it looks again: id to revision.
pub type Known = BTreeMap<ItemId, Revision>;

/// One change on its way out.
#[derive(Clone, Debug)]
pub struct Outgoing {
    /// What it is meant to do.
    pub change: Change,
    /// Its bytes, made by [`Provider::prepare`] and stored before they are sent.
    pub payload: Payload,
}

/// What came back for one change. Every change of an envelope is judged by its own part of it.
#[derive(Debug)]
pub enum Answer {
    /// The provider says that it was done.
    Done {
        /// The item's id; for a create, the new one.
        id: ItemId,
        /// The new revision, where the answer holds one.
        revision: Option<Revision>,
    },
    /// The provider says that it was not done.
    Refused(Rejection),
    /// Nothing can be said: the answer was lost, cut, or does not mention the change. In doubt.
    Unknown(Error),
    /// It was certainly not carried out: the request could not be made, or was refused as a whole.
    Unsent(Error),
}

/// What an adapter can take at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Changes in one envelope, at least 1.
    pub window: usize,
    /// Items in one fetch, at least 1.
    pub fetch: usize,
}

/// An account on a groupware server.
pub trait Provider: std::fmt::Debug + Send + Sync {
    /// The short name in plans: `jmap`, `graph`.
    fn name(&self) -> &str;

    /// What it promises about notifications.
    fn policy(&self) -> Policy;

    /// What it takes at once; known after [`Provider::containers`].
    fn limits(&self) -> Limits;

    /// What this provider would hold after storing the event and giving it back; pure.
    ///
    /// # Errors
    /// [`Inexpressible`] when it cannot hold the event at all.
    fn project(&self, event: &Event) -> Result<Event, Inexpressible>;

    /// Whether writes lead there, from an event that it holds or from none; pure.
    ///
    /// # Errors
    /// [`Inexpressible`] when it cannot hold the event, or cannot be brought to: Graph holds
    /// cancelled events and creates none.
    fn reach(&self, before: Option<&Event>, after: &Event) -> Result<(), Inexpressible>;

    /// The exact bytes of a change; pure.
    ///
    /// # Errors
    /// [`Inexpressible`] when the provider cannot hold the event at all.
    fn prepare(&self, change: &Change) -> Result<Payload, Inexpressible>;

    /// Logs in where needed and lists the calendars.
    fn containers(&self) -> BoxFuture<'_, Result<Vec<Container>, Error>>;

    /// What a container holds, or what changed in it since the token.
    fn observe<'a>(
        &'a self,
        container: &'a ContainerId,
        since: Option<&'a Token>,
        known: &'a Known,
    ) -> BoxFuture<'a, Observation>;

    /// Items with their content. At most [`Limits::fetch`] ids at a time.
    fn fetch<'a>(
        &'a self,
        container: &'a ContainerId,
        ids: &'a [ItemId],
    ) -> BoxFuture<'a, Result<Fetched, Error>>;

    /// Items of a container that bear an identity, or that a create of this number made: how a
    /// doubt is settled, and how a drifted id is found again.
    fn find<'a>(
        &'a self,
        container: &'a ContainerId,
        uid: &'a Uid,
        transaction: Option<&'a Transaction>,
    ) -> BoxFuture<'a, Result<Vec<Item>, Error>>;

    /// Makes a calendar.
    fn create_container<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<Container, Error>>;

    /// Sends changes, at most [`Limits::window`] at a time. The answers come in the order of the
    /// changes, one for each.
    fn send<'a>(&'a self, changes: &'a [Outgoing]) -> BoxFuture<'a, Vec<Answer>>;
}
