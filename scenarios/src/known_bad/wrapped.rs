//! A provider of which a part lies, and the rest is as it was.

use std::fmt::Debug;
use std::sync::Arc;

use calamity_base::BoxFuture;
use calamity_engine::Assembly;
use calamity_engine::content::{Event, Inexpressible};
use calamity_engine::model::{
    Change, Container, ContainerId, Fetched, Item, ItemId, Observation, Payload, Policy, Token,
    Transaction, Uid,
};
use calamity_engine::provider::{Answer, Error, Known, Limits, Outgoing, Provider};

/// What a known-bad engine makes of what a provider says.
pub(super) trait Alter: Debug + Send + Sync + 'static {
    /// Its promises.
    fn policy(&self, policy: Policy) -> Policy {
        policy
    }

    /// An observation.
    fn observation(&self, observation: Observation) -> Observation {
        observation
    }

    /// An item that was read.
    fn item(&self, item: Item) -> Item {
        item
    }

    /// Writes.
    fn send<'a>(
        &'a self,
        inner: &'a dyn Provider,
        changes: &'a [Outgoing],
    ) -> BoxFuture<'a, Vec<Answer>> {
        inner.send(changes)
    }
}

/// The engine with both providers altered.
pub(super) fn both(mut assembly: Assembly, alter: impl Alter + Clone) -> Assembly {
    assembly.a = Arc::new(Wrapped { inner: assembly.a, alter: alter.clone() });
    assembly.b = Arc::new(Wrapped { inner: assembly.b, alter });
    assembly
}

#[derive(Debug)]
struct Wrapped<A> {
    inner: Arc<dyn Provider>,
    alter: A,
}

impl<A: Alter> Provider for Wrapped<A> {
    fn name(&self) -> &str {
        self.inner.name()
    }

    fn policy(&self) -> Policy {
        self.alter.policy(self.inner.policy())
    }

    fn limits(&self) -> Limits {
        self.inner.limits()
    }

    fn project(&self, event: &Event) -> Result<Event, Inexpressible> {
        self.inner.project(event)
    }

    fn reach(&self, before: Option<&Event>, after: &Event) -> Result<(), Inexpressible> {
        self.inner.reach(before, after)
    }

    fn prepare(&self, change: &Change) -> Result<Payload, Inexpressible> {
        self.inner.prepare(change)
    }

    fn containers(&self) -> BoxFuture<'_, Result<Vec<Container>, Error>> {
        self.inner.containers()
    }

    fn observe<'a>(
        &'a self,
        container: &'a ContainerId,
        since: Option<&'a Token>,
        known: &'a Known,
    ) -> BoxFuture<'a, Observation> {
        Box::pin(async move {
            self.alter.observation(self.inner.observe(container, since, known).await)
        })
    }

    fn fetch<'a>(
        &'a self,
        container: &'a ContainerId,
        ids: &'a [ItemId],
    ) -> BoxFuture<'a, Result<Fetched, Error>> {
        Box::pin(async move {
            let mut fetched = self.inner.fetch(container, ids).await?;
            fetched.found = fetched.found.into_iter().map(|item| self.alter.item(item)).collect();
            Ok(fetched)
        })
    }

    fn find<'a>(
        &'a self,
        container: &'a ContainerId,
        uid: &'a Uid,
        transaction: Option<&'a Transaction>,
    ) -> BoxFuture<'a, Result<Vec<Item>, Error>> {
        Box::pin(async move {
            let found = self.inner.find(container, uid, transaction).await?;
            Ok(found.into_iter().map(|item| self.alter.item(item)).collect())
        })
    }

    fn create_container<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<Container, Error>> {
        self.inner.create_container(name)
    }

    fn send<'a>(&'a self, changes: &'a [Outgoing]) -> BoxFuture<'a, Vec<Answer>> {
        self.alter.send(self.inner.as_ref(), changes)
    }
}
