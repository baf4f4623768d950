//! The adapter: one mailbox.

use calamity_base::redact::Secret;
use calamity_base::{BoxFuture, Env};
use http::Uri;

use crate::content::{Event, Inexpressible};
use crate::model::{
    Capability, Change, Container, ContainerId, Fetched, Item, ItemId, Observation, Payload,
    Policy, Token, Transaction, Uid,
};
use crate::provider::http::{Http, Patience};
use crate::provider::{Answer, Error, Known, Limits, Outgoing, Provider};

use super::{convert, prepare};

/// Changes in one window of intents, and items in one fetch: each is a request of its own.
const WINDOW: usize = 20;
const FETCH: usize = 50;

/// Where a mailbox is and what opens it.
#[derive(Clone, Debug)]
pub struct Config {
    /// The short name in plans, `graph`.
    pub name: String,
    /// The service root with its version, `http://graph.example/v1.0`.
    pub base: Uri,
    /// The bearer token.
    pub token: Secret,
    /// The address of the mailbox, where it is known.
    pub owner: Option<String>,
    /// The window of the change feed.
    pub window: Window,
}

/// The window of the change feed, around the day on which it is opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// Days before that day.
    pub past_days: u32,
    /// Days after it.
    pub future_days: u32,
}

impl Default for Window {
    fn default() -> Self {
        Self { past_days: 365, future_days: 730 }
    }
}

/// One mailbox.
#[derive(Debug)]
pub struct Graph {
    name: String,
    pub(super) base: Uri,
    pub(super) http: Http,
    pub(super) window: Window,
    /// The address of the mailbox.
    pub(super) owner: Option<String>,
}

impl Graph {
    /// An adapter; it asks nothing yet.
    #[must_use]
    pub fn new(env: &Env, config: Config) -> Self {
        let Config { name, base, token, owner, window } = config;
        let http = Http::new(env, &name, &base, token, Patience::GRAPH);
        Self { name, base, http, window, owner }
    }
}

impl Provider for Graph {
    fn name(&self) -> &str {
        &self.name
    }

    /// `outlook.send-notifications=false` asks for silence; public reports say that nobody listens.
    fn policy(&self) -> Policy {
        Policy::uniform(Capability::BestEffort)
    }

    fn limits(&self) -> Limits {
        Limits { window: WINDOW, fetch: FETCH }
    }

    fn project(&self, event: &Event) -> Result<Event, Inexpressible> {
        convert::project(event)
    }

    fn reach(&self, before: Option<&Event>, after: &Event) -> Result<(), Inexpressible> {
        convert::project(after)?;
        match before {
            Some(before) => convert::patch(before, after).map(drop),
            None => convert::write(after).map(drop),
        }
    }

    fn prepare(&self, change: &Change) -> Result<Payload, Inexpressible> {
        prepare::payload(change)
    }

    fn containers(&self) -> BoxFuture<'_, Result<Vec<Container>, Error>> {
        self.http.begin_run();
        Box::pin(self.list_containers())
    }

    fn observe<'a>(
        &'a self,
        container: &'a ContainerId,
        since: Option<&'a Token>,
        known: &'a Known,
    ) -> BoxFuture<'a, Observation> {
        Box::pin(self.observe_container(container, since, known))
    }

    fn fetch<'a>(
        &'a self,
        container: &'a ContainerId,
        ids: &'a [ItemId],
    ) -> BoxFuture<'a, Result<Fetched, Error>> {
        Box::pin(self.fetch_items(container, ids))
    }

    /// The number of a create cannot be searched for; the UID that was written with it can.
    fn find<'a>(
        &'a self,
        container: &'a ContainerId,
        uid: &'a Uid,
        _transaction: Option<&'a Transaction>,
    ) -> BoxFuture<'a, Result<Vec<Item>, Error>> {
        Box::pin(self.find_items(container, uid))
    }

    fn create_container<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<Container, Error>> {
        Box::pin(self.make_container(name))
    }

    fn send<'a>(&'a self, changes: &'a [Outgoing]) -> BoxFuture<'a, Vec<Answer>> {
        Box::pin(self.send_changes(changes))
    }
}
