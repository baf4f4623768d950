//! The handle on a mock server: what the harness sees of it, and how requests are served.
//!
//! One mutex guards all state and is never held while waiting: a turn is one step under the lock,
//! delays are waited for outside.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use calamity_base::http::{Handler, ServerLimits};
use calamity_base::net::Addr;
use calamity_base::redact::Secret;
use calamity_base::{Clock, Env, tls};
use calamity_evidence::{Actor, Lineage, Request, Side};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio::sync::{Notify, watch};

use crate::account::{Account, Texts};
use crate::dav::server::Dav;
use crate::directory::{Directory, Focus, UserConfig, UserId};
use crate::facts::Facts;
use crate::faults::{Armed, Barrier, Past, Rule};
use crate::native::{Dialect, Host, Native};
use crate::profiles::{Profile, UnknownProfile};
use crate::state::{Accounts, State, StoredState, Unreadable};
use crate::turn::{Place, Turn};
use crate::{graph, jmap};

/// What a server speaks.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Protocol {
    /// JMAP for calendars (draft-ietf-jmap-calendars-27).
    Jmap,
    /// Microsoft Graph v1.0.
    Graph,
    /// CalDAV (RFC 4791, 6638) and CardDAV (RFC 6352).
    Dav,
}

impl fmt::Display for Protocol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Jmap => "jmap",
            Self::Graph => "graph",
            Self::Dav => "dav",
        })
    }
}

/// What a server is.
#[derive(Clone, Debug)]
pub struct ServerConfig {
    /// The side of the pair that it is.
    pub side: Side,
    /// What it speaks.
    pub protocol: Protocol,
    /// `strict` or `hostile`; `stalwart` (JMAP), `m365` (Graph), `radicale`, `xandikos` or
    /// `nextcloud` (DAV); a variant may follow, as in `stalwart+ignores-marker`.
    pub profile: String,
    /// The address of the user whose account it is.
    pub owner: String,
    /// The bearer token that every request must carry.
    pub credential: Secret,
    /// The seed of all ids and draws.
    pub seed: u64,
    /// More users of the same server.
    pub others: Vec<UserConfig>,
}

/// One stored item, for judging.
#[derive(Clone, Debug, PartialEq)]
pub struct RawItem {
    /// The server's id.
    pub id: String,
    /// The uid as the server holds it.
    pub uid: String,
    /// The name of the first calendar that holds it.
    pub calendar: String,
    /// The harness's token in its title.
    pub lineage: Option<Lineage>,
    /// What any protocol could say of it.
    pub facts: Facts,
    /// The protocol's own JSON as it is stored. On Graph its changed instances are a member
    /// `exceptions`, those taken out a member `cancelled`. On DAV the resource is a member `text`.
    pub body: Value,
}

/// The whole state of a server, its logs and armed faults included. Cheap to take and to clone.
#[derive(Clone, Debug)]
pub struct Snapshot(Arc<State>);

impl Snapshot {
    /// What there was.
    pub(crate) fn state(&self) -> &State {
        &self.0
    }
}

/// Called when a request has been carried out and before any byte of its answer goes out.
pub type AnswerHook = Arc<dyn Fn(&Request) + Send + Sync>;

/// A handle on a mock server. Clones are the same server.
#[derive(Clone)]
pub struct Server(Arc<Shared>);

pub(crate) struct Shared {
    pub(crate) clock: Clock,
    pub(crate) side: Side,
    pub(crate) protocol: Protocol,
    pub(crate) directory: Directory,
    pub(crate) dialect: Box<dyn Dialect>,
    /// Rung when a request begins to wait at a barrier, and when a barrier lets some go on.
    pub(crate) released: Notify,
    /// What the server itself reaches others with.
    pub(crate) env: Env,
    /// Called when there may be something to deliver.
    pub(crate) wake: Notify,
    inner: Mutex<Inner>,
    /// Beats when something may have been added to the logs.
    pub(crate) pulse: watch::Sender<()>,
}

pub(crate) struct Inner {
    state: Arc<State>,
    /// The requests that are being served, by their places in the journal.
    pub(crate) open: BTreeSet<u64>,
    /// Requests that are being served, by their lane.
    pub(crate) in_flight: BTreeMap<String, usize>,
    /// Whether a task delivers pushes.
    pub(crate) delivers: bool,
    /// Streams of events that are open.
    pub(crate) streams: usize,
    pub(crate) hook: Option<AnswerHook>,
    pub(crate) barrier: Barrier,
    pub(crate) past: Past<Vec<Accounts>>,
}

impl Inner {
    pub(crate) fn state(&mut self) -> &mut State {
        // Shared only with snapshots, which this leaves as they are.
        Arc::make_mut(&mut self.state)
    }

    /// The same, to read.
    pub(crate) fn peek(&self) -> &State {
        &self.state
    }

    /// Keeps what is stored, while a rule reads the past.
    fn remember(&mut self, now: Timestamp) {
        match self.state.faults.lag_max_ms() {
            Some(lag_ms) => self.past.remember(now, self.state.stored(), lag_ms),
            None => self.past.forget(),
        }
    }
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shared = &self.0;
        f.debug_struct("Server")
            .field("side", &shared.side)
            .field("dialect", &shared.dialect)
            .finish_non_exhaustive()
    }
}

impl Server {
    /// An empty server.
    ///
    /// # Errors
    /// When the protocol has no profile of that name.
    pub fn new(env: &Env, config: ServerConfig) -> Result<Self, UnknownProfile> {
        let profile = Profile::find(config.protocol, &config.profile)?;
        let owner = crate::scheduling::address(&config.owner);
        let host = Host { owner, seed: config.seed, profile };
        let dialect: Box<dyn Dialect> = match config.protocol {
            Protocol::Jmap => Box::new(jmap::Jmap),
            Protocol::Graph => Box::new(graph::Graph),
            Protocol::Dav => Box::new(Dav),
        };
        let mut state = State::new(config.seed, config.side, 1 + config.others.len());
        state.faults.keep(&host.profile.rules, env.clock.now());
        let directory = Directory::new(host, config.credential, &config.others);
        for (user, host) in directory.users() {
            for (realm, new) in dialect.furniture(host) {
                let account = state.account_mut(Focus { user, realm });
                account.insert(new, BTreeSet::new(), env.clock.now());
            }
        }
        let inner = Inner {
            state: Arc::new(state),
            in_flight: BTreeMap::new(),
            delivers: false,
            streams: 0,
            open: BTreeSet::new(),
            hook: None,
            barrier: Barrier::default(),
            past: Past::default(),
        };
        Ok(Self(Arc::new(Shared {
            clock: env.clock.clone(),
            side: config.side,
            protocol: config.protocol,
            directory,
            dialect,
            released: Notify::new(),
            env: env.clone(),
            wake: Notify::new(),
            inner: Mutex::new(inner),
            pulse: watch::Sender::new(()),
        })))
    }

    /// Serves it on the process's network: the same code in simulation and on loopback.
    ///
    /// # Errors
    /// When the address cannot be listened on.
    pub async fn start(&self, env: &Env, at: Addr) -> io::Result<calamity_base::http::Server> {
        let handler: Arc<dyn Handler> = Arc::new(self.clone());
        calamity_base::http::serve(env, at, handler, ServerLimits::default()).await
    }

    /// The same over TLS. Every URL that it hands out then begins with `https`.
    ///
    /// # Errors
    /// When the address cannot be listened on.
    pub async fn start_tls(
        &self,
        env: &Env,
        at: Addr,
        tls: tls::Acceptor,
    ) -> io::Result<calamity_base::http::Server> {
        let handler: Arc<dyn Handler> = Arc::new(self.clone());
        calamity_base::http::serve_tls(env, at, handler, ServerLimits::default(), tls).await
    }

    /// Changes whenever something may have been added to the logs: a request was answered, a user
    /// acted.
    #[must_use]
    pub fn pulse(&self) -> watch::Receiver<()> {
        self.0.pulse.subscribe()
    }

    /// Places in the journal of the requests that are being served.
    #[must_use]
    pub fn in_hand(&self) -> BTreeSet<u64> {
        self.lock().open.clone()
    }

    /// What is stored, by id.
    #[must_use]
    pub fn items(&self) -> Vec<RawItem> {
        let state = Arc::clone(&self.lock().state);
        let account = state.account(Focus::calendars(UserId::OWNER));
        let native: &dyn Native = &*self.0.dialect;
        let raw = |item: &Arc<crate::account::Item>| {
            let facts = native.facts(item);
            RawItem {
                id: item.id.clone(),
                uid: item.uid.clone(),
                calendar: account.name_of_first(&item.calendars),
                lineage: Lineage::find(&facts.title),
                facts,
                body: item.raw(),
            }
        };
        account.items().map(raw).collect()
    }

    /// The calendars as (id, name), by id.
    #[must_use]
    pub fn calendars(&self) -> Vec<(String, String)> {
        let state = Arc::clone(&self.lock().state);
        let account = state.account(Focus::calendars(UserId::OWNER));
        account.calendars().map(|found| (found.id.clone(), found.name.clone())).collect()
    }

    /// Arms a fault from now on, in place of the one with the same id.
    pub fn arm(&self, rule: Rule) {
        let now = self.0.clock.now();
        self.release(&rule.id);
        let mut inner = self.lock();
        inner.state().faults.arm(rule, now);
        inner.remember(now);
    }

    /// Takes a fault away. Its hits stay on record, and what it holds back goes on.
    pub fn clear(&self, id: &str) {
        self.lock().state().faults.clear(id);
        self.release(id);
    }

    /// How many items one account may hold from now on; none for any number. One more is refused as
    /// a full mailbox refuses it: `overQuota`, `ErrorQuotaExceeded`, `DAV:quota-not-exceeded`.
    pub fn set_quota(&self, items_max: Option<usize>) {
        self.lock().state().items_max = items_max;
    }

    /// How many items one account may hold.
    #[must_use]
    pub fn quota(&self) -> Option<usize> {
        self.lock().state.items_max
    }

    /// The faults that are armed, each with how often it fired since.
    #[must_use]
    pub fn armed(&self) -> Vec<(String, u64)> {
        self.lock().state.faults.list()
    }

    /// The faults that are armed, in the order in which they are asked, each with how often it fired
    /// since.
    #[must_use]
    pub fn rules(&self) -> Vec<(Rule, u64)> {
        self.lock().state.faults.rules()
    }

    /// Calls back after each request, carried out and committed or refused, before a byte of its
    /// answer goes out. The hook may kill the client.
    pub fn on_answer(&self, hook: Option<AnswerHook>) {
        self.lock().hook = hook;
    }

    /// The whole state as it is now.
    #[must_use]
    pub fn snapshot(&self) -> Snapshot {
        Snapshot(Arc::clone(&self.lock().state))
    }

    /// A state that was written to a file, as one that can be restored here.
    ///
    /// # Errors
    /// When it is not of a server of the same configuration, or does not fit together.
    pub(crate) fn recall(&self, stored: StoredState) -> Result<Snapshot, Unreadable> {
        let shared = &*self.0;
        let host = shared.directory.host(UserId::OWNER);
        let empty = State::new(host.seed, shared.side, shared.directory.users().count());
        let now = shared.clock.now();
        let mut faults = Armed::new(host.seed, shared.side);
        faults.keep(&host.profile.rules, now);
        let texts = match shared.protocol {
            Protocol::Dav => Texts::Kept,
            Protocol::Jmap | Protocol::Graph => Texts::None,
        };
        let mut state = stored.read(empty, faults, texts, now)?;
        state.bound_logs(self.read(|state| state.journal.requests().most()));
        Ok(Snapshot(Arc::new(state)))
    }

    /// Puts a server of the same configuration back into an earlier state, logs included.
    pub fn restore(&self, snapshot: &Snapshot) {
        let now = self.0.clock.now();
        let mut inner = self.lock();
        inner.state = Arc::clone(&snapshot.0);
        // What was stored in between never was.
        inner.past.forget();
        inner.remember(now);
        // Rules that hold requests back may be gone, and messages that wait may be due.
        inner.barrier.release_all();
        drop(inner);
        self.0.released.notify_waiters();
        self.0.wake.notify_one();
        self.keep_delivering();
        self.beat();
    }

    /// Wakes whoever follows the logs.
    pub(crate) fn beat(&self) {
        if self.0.pulse.receiver_count() > 0 {
            self.0.pulse.send_replace(());
        }
    }

    pub(crate) fn shared(&self) -> &Shared {
        &self.0
    }

    /// A handle on the server behind a value that it was taken from.
    pub(crate) fn of(shared: Arc<Shared>) -> Self {
        Self(shared)
    }

    /// A handle that does not keep the server alive.
    pub(crate) fn weak(&self) -> Weak<Shared> {
        Arc::downgrade(&self.0)
    }

    /// Reads the state as it is now; a clone that lived on would make the next change copy it.
    pub(crate) fn read<T>(&self, read: impl FnOnce(&State) -> T) -> T {
        read(&self.lock().state)
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, Inner> {
        // Changes are made in steps that do not panic in between.
        self.0.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A user's act: one turn without faults, on the calendars of the owner.
    pub(crate) fn act<T>(
        &self,
        actor: Actor,
        act: impl FnOnce(&mut Turn<'_>, &dyn Native) -> T,
    ) -> T {
        self.act_on(Focus::calendars(UserId::OWNER), actor, act)
    }

    /// One turn on an account.
    pub(crate) fn act_on<T>(
        &self,
        focus: Focus,
        actor: Actor,
        act: impl FnOnce(&mut Turn<'_>, &dyn Native) -> T,
    ) -> T {
        let shared = &*self.0;
        let now = shared.clock.now();
        let native: &dyn Native = &*shared.dialect;
        let mut inner = self.lock();
        let (directory, side, protocol) = (&shared.directory, shared.side, shared.protocol);
        let at = Place { directory, side, protocol, now, focus };
        let mut turn = Turn::new(inner.state(), native, at, actor);
        let done = act(&mut turn, native);
        inner.remember(now);
        let delivers = inner.delivers;
        drop(inner);
        if delivers {
            shared.wake.notify_one();
        }
        self.beat();
        done
    }

    /// Reads an account as it is now.
    pub(crate) fn look<T>(
        &self,
        focus: Focus,
        look: impl FnOnce(&Account, &dyn Native, &Host) -> T,
    ) -> T {
        let shared = &*self.0;
        let inner = self.lock();
        look(inner.state.account(focus), &*shared.dialect, shared.directory.host(focus.user))
    }

    /// A change that nobody made.
    pub(crate) fn change<T>(&self, change: impl FnOnce(&mut Account, &Host) -> T) -> T {
        let now = self.0.clock.now();
        let mut inner = self.lock();
        let focus = Focus::calendars(UserId::OWNER);
        let account = inner.state().account_mut(focus);
        account.set_now(now);
        let outcome = change(account, self.0.directory.host(focus.user));
        inner.remember(now);
        if inner.delivers {
            self.0.wake.notify_one();
        }
        self.beat();
        outcome
    }
}
