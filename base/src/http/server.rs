//! The accept loop, and the handle of a running server.

use std::{
    collections::BTreeMap,
    fmt, io,
    sync::{Arc, Mutex},
    time::Duration,
};

use tokio::sync::{Semaphore, watch};

use super::{Handler, ServerLimits, connection, receive::Budget};
use crate::{
    Clock, Env, Process,
    net::{Abort, Addr, Endpoint, Listener},
    process::Task,
    sync::lock,
    tls,
};

/// How long to wait after a failed accept, as when the machine has no more file descriptors.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// A running server. Dropping the handle lets it run on until its process ends.
pub struct Server {
    /// Where it listens.
    pub endpoint: Endpoint,
    shared: Arc<Shared>,
    accepting: Task<()>,
    listening: watch::Receiver<()>,
}

/// How a graceful stop ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Drained {
    /// How many connections were still open at the deadline and were closed.
    pub cut: usize,
}

impl Server {
    /// The URL of this server, `http` or `https`, without a slash at the end.
    #[must_use]
    pub fn url(&self) -> String {
        match &self.shared.tls {
            None => self.endpoint.http(),
            Some(_) => self.endpoint.https(),
        }
    }

    /// Stops listening and closes every connection, also those with a request in hand. The port is
    /// free once [`Server::stopped`] returns.
    pub fn stop(&self) {
        self.accepting.abort();
        self.shared.each_connection(Abort::close);
    }

    /// Stops listening, lets requests in hand be answered, and closes what is still open after
    /// `within`, which counts on the transport.
    pub async fn drain(&self, within: Duration) -> Drained {
        self.accepting.abort();
        self.stopped().await;
        self.shared.draining.send_replace(true);
        let mut open = self.shared.open.subscribe();
        // The sender lives as long as `self`.
        drop(tokio::time::timeout(within, open.wait_for(|open| *open == 0)).await);
        let cut = self.connections();
        self.shared.each_connection(Abort::close);
        Drained { cut }
    }

    /// Waits until the server does not listen any more.
    pub async fn stopped(&self) {
        let mut listening = self.listening.clone();
        // Nothing is ever sent: it changes by the listener's end.
        while listening.changed().await.is_ok() {}
    }

    /// Resets every connection, and goes on listening.
    pub fn reset_connections(&self) {
        self.shared.each_connection(Abort::reset);
    }

    /// How many connections are served. One that the server has ended is not, although it is read
    /// from for a moment more.
    #[must_use]
    pub fn connections(&self) -> usize {
        lock(&self.shared.connections).len()
    }
}

impl fmt::Debug for Server {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let connections = self.connections();
        formatter
            .debug_struct("Server")
            .field("endpoint", &self.endpoint)
            .field("connections", &connections)
            .finish_non_exhaustive()
    }
}

/// Listens at `at` and answers requests with `handler` until the process ends: HTTP/1.1, and HTTP/2
/// for who begins with its preface (RFC 9113, section 3.3).
///
/// # Errors
/// When it cannot listen there.
pub async fn serve(
    env: &Env,
    at: Addr,
    handler: Arc<dyn Handler>,
    limits: ServerLimits,
) -> io::Result<Server> {
    start(env, at, handler, limits, None).await
}

/// [`serve`] over TLS: HTTP/2 for who asks for it (RFC 9113, section 3.2), else HTTP/1.1.
///
/// # Errors
/// When it cannot listen there.
pub async fn serve_tls(
    env: &Env,
    at: Addr,
    handler: Arc<dyn Handler>,
    limits: ServerLimits,
    tls: tls::Acceptor,
) -> io::Result<Server> {
    start(env, at, handler, limits, Some(tls)).await
}

async fn start(
    env: &Env,
    at: Addr,
    handler: Arc<dyn Handler>,
    limits: ServerLimits,
    tls: Option<tls::Acceptor>,
) -> io::Result<Server> {
    let listener = env.net.listen(at).await?;
    let endpoint = listener.local();
    let shared = Arc::new(Shared {
        process: env.process.clone(),
        clock: env.clock.clone(),
        permits: Arc::new(Semaphore::new(limits.max_connections.min(Semaphore::MAX_PERMITS))),
        bodies: Budget::new(limits.max_bodies),
        handler,
        limits,
        tls,
        connections: Mutex::default(),
        open: watch::Sender::new(0),
        draining: watch::Sender::new(false),
    });
    let (ending, listening) = watch::channel(());
    let accepting = env.process.spawn("http.accept", accept(shared.clone(), listener, ending));
    Ok(Server { endpoint, shared, accepting, listening })
}

/// What the connections of a server share.
pub(super) struct Shared {
    pub(super) process: Process,
    pub(super) clock: Clock,
    pub(super) bodies: Arc<Budget>,
    pub(super) handler: Arc<dyn Handler>,
    pub(super) limits: ServerLimits,
    pub(super) tls: Option<tls::Acceptor>,
    /// Whether connections end when they have nothing in hand.
    pub(super) draining: watch::Sender<bool>,
    permits: Arc<Semaphore>,
    connections: Mutex<BTreeMap<u64, Abort>>,
    /// How many there are.
    open: watch::Sender<usize>,
}

impl Shared {
    fn each_connection(&self, end: impl Fn(&Abort)) {
        let connections: Vec<Abort> = lock(&self.connections).values().cloned().collect();
        connections.iter().for_each(end);
    }
}

/// Takes connections as long as there are permits. `_ending` is dropped after the listener.
async fn accept(shared: Arc<Shared>, listener: Box<dyn Listener>, _ending: watch::Sender<()>) {
    let mut listener = listener;
    let mut number = 0;
    loop {
        let Ok(permit) = shared.permits.clone().acquire_owned().await else { return };
        let Ok((conn, abort)) = listener.accept().await else {
            tokio::time::sleep(ACCEPT_PAUSE).await;
            continue;
        };
        number += 1;
        let listed = Listed::new(shared.clone(), number, abort.clone());
        drop(shared.process.spawn("http.connection", async move {
            let _permit = permit;
            connection::run(listed, conn, abort).await;
        }));
    }
}

/// A connection in the server's list, taken out when dropped.
pub(super) struct Listed {
    pub(super) shared: Arc<Shared>,
    /// Counted from 1 for each server.
    pub(super) number: u64,
}

impl Listed {
    fn new(shared: Arc<Shared>, number: u64, abort: Abort) -> Listed {
        let mut connections = lock(&shared.connections);
        connections.insert(number, abort);
        shared.open.send_replace(connections.len());
        drop(connections);
        Listed { shared, number }
    }
}

impl Drop for Listed {
    fn drop(&mut self) {
        let mut connections = lock(&self.shared.connections);
        connections.remove(&self.number);
        self.shared.open.send_replace(connections.len());
    }
}
