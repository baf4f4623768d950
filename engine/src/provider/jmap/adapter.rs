//! The adapter: an account on a JMAP server.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

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

use super::session::Session;
use super::{body, prepare};

/// Changes in one envelope; a larger one gains nothing and loses more when its answer is lost.
const WINDOW_MAX: usize = 50;
/// Items in one fetch.
const FETCH_MAX: usize = 250;

/// Where an account is and what opens it.
#[derive(Clone, Debug)]
pub struct Config {
    /// The short name in plans, `jmap`.
    pub name: String,
    /// The session resource, or the well-known address that redirects to it.
    pub session: Uri,
    /// The bearer token.
    pub token: Secret,
}

/// A state of the account, and the items of a container that are older than it.
#[derive(Clone, Debug, Default)]
pub(super) struct AsOf {
    pub(super) state: String,
    pub(super) stale: BTreeSet<ItemId>,
}

/// An account on a JMAP server.
#[derive(Debug)]
pub struct Jmap {
    pub(super) name: String,
    pub(super) http: Http,
    pub(super) session_uri: Uri,
    session: Mutex<Option<Arc<Session>>>,
    /// What the items that the engine knows of each container are as of. Writes are conditional on
    /// it.
    known: Mutex<BTreeMap<ContainerId, AsOf>>,
}

impl Jmap {
    /// An adapter; it asks nothing yet.
    #[must_use]
    pub fn new(env: &Env, config: Config) -> Self {
        let http = Http::new(env, &config.name, &config.session, config.token, Patience::JMAP);
        Self {
            name: config.name,
            http,
            session_uri: config.session,
            session: Mutex::new(None),
            known: Mutex::new(BTreeMap::new()),
        }
    }

    /// The session, as it was read last; read now when it never was.
    pub(super) async fn session(&self) -> Result<Arc<Session>, Error> {
        if let Some(session) = self.known_session() {
            return Ok(session);
        }
        self.log_in().await
    }

    /// Reads the session.
    pub(super) async fn log_in(&self) -> Result<Arc<Session>, Error> {
        let session = Arc::new(Session::read(self).await?);
        *self.session.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&session));
        Ok(session)
    }

    /// What a container's items are known as of.
    pub(super) fn as_of(&self, container: &ContainerId) -> Option<AsOf> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).get(container).cloned()
    }

    /// A container was read whole, or brought up to this state.
    pub(super) fn remember(&self, container: &ContainerId, state: &str) {
        let as_of = AsOf { state: state.to_owned(), stale: BTreeSet::new() };
        self.known.lock().unwrap_or_else(PoisonError::into_inner).insert(container.clone(), as_of);
    }

    /// A container is known as of a newer state, but for items that somebody changed meanwhile.
    pub(super) fn outdate(&self, container: &ContainerId, state: &str, items: &BTreeSet<ItemId>) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let as_of = known.entry(container.clone()).or_default();
        state.clone_into(&mut as_of.state);
        as_of.stale.extend(items.iter().cloned());
    }

    /// A write of ours moved the account from one state to the next. Whatever was known at the one
    /// is known at the other.
    pub(super) fn advance(&self, old: &str, new: &str) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        for as_of in known.values_mut().filter(|as_of| as_of.state == old) {
            new.clone_into(&mut as_of.state);
        }
    }

    fn known_session(&self) -> Option<Arc<Session>> {
        self.session.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Provider for Jmap {
    fn name(&self) -> &str {
        &self.name
    }

    /// `sendSchedulingMessages: false` asks for silence; nobody has proven it of every server.
    fn policy(&self) -> Policy {
        Policy::uniform(Capability::BestEffort)
    }

    fn limits(&self) -> Limits {
        let session = self.known_session();
        let set = session.as_ref().map_or(WINDOW_MAX, |session| session.objects_in_set_max);
        let get = session.as_ref().map_or(FETCH_MAX, |session| session.objects_in_get_max);
        Limits { window: set.clamp(1, WINDOW_MAX), fetch: get.clamp(1, FETCH_MAX) }
    }

    fn project(&self, event: &Event) -> Result<Event, Inexpressible> {
        Ok(body::projection(event))
    }

    fn reach(&self, _before: Option<&Event>, _after: &Event) -> Result<(), Inexpressible> {
        Ok(())
    }

    fn prepare(&self, change: &Change) -> Result<Payload, Inexpressible> {
        Ok(prepare::payload(change))
    }

    fn containers(&self) -> BoxFuture<'_, Result<Vec<Container>, Error>> {
        self.http.begin_run();
        Box::pin(async move {
            self.log_in().await?;
            self.list_containers().await
        })
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

    /// The number of a create leaves no trace in JMAP: the UID, which is unique in an account, is
    /// what makes a create idempotent.
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
