//! The simulated network: endpoints by name, pipes between them, and what a scenario does to them.

use std::{
    collections::{BTreeMap, VecDeque},
    fmt, io,
    sync::{Arc, Mutex},
    task::{Poll, Waker},
    time::Duration,
};

use super::{
    Abort, Addr, Conn, Connection, DialError, Endpoint, Listener, Net,
    pipe::{Connections, Latency, Owner, Pipe, PipeEnd},
};
use crate::{BoxFuture, Entropy, Process, digest::Emitter, sync::lock};

/// The first port that is given to whoever asks for any.
const FIRST_PORT: u16 = 49152;

/// How many connections wait to be accepted before more are refused.
const BACKLOG_MAX: usize = 1024;

/// How long a dial into the void takes to fail.
const CONNECT_MAX: Duration = Duration::from_secs(20);

/// What a scenario sets about the way to an endpoint.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LinkState {
    /// Connections are made and bytes flow.
    #[default]
    Up,
    /// New connections fail at once in this way ([`DialError::Timeout`] after 20 s); those that are
    /// open live on.
    Failing(DialError),
    /// Nothing arrives in either direction, and nobody is told: new connections time out, and what
    /// open ones send is held back until the link is up again.
    Cut,
}

/// The network of a simulation. Cheap to clone.
#[derive(Clone)]
pub struct SimNet(Arc<Shared>);

struct Shared {
    entropy: Entropy,
    connections: Connections,
    state: Mutex<State>,
}

struct State {
    listeners: BTreeMap<Endpoint, Arc<Mutex<Queue>>>,
    links: BTreeMap<Endpoint, LinkState>,
    /// The endpoint that each connection was dialled to.
    dialled: BTreeMap<u64, Endpoint>,
    ports: BTreeMap<String, u16>,
    made: u64,
    latency_ms: (u64, u64),
    jitter_ms_max: u64,
}

#[derive(Default)]
struct Queue {
    owner: Option<Owner>,
    waiting: VecDeque<PipeEnd>,
    acceptor: Option<Waker>,
    closed: bool,
}

impl SimNet {
    pub(crate) fn new(entropy: Entropy) -> SimNet {
        let state = State {
            listeners: BTreeMap::new(),
            links: BTreeMap::new(),
            dialled: BTreeMap::new(),
            ports: BTreeMap::new(),
            made: 0,
            latency_ms: (1, 8),
            jitter_ms_max: 2,
        };
        SimNet(Arc::new(Shared {
            entropy,
            connections: Connections::default(),
            state: Mutex::new(state),
        }))
    }

    /// Sets what the connections made from now on take for a chunk one way: a base that is drawn
    /// for each connection from this range, and up to so much more for each chunk; milliseconds.
    pub fn set_latency(&self, base_ms: std::ops::RangeInclusive<u64>, jitter_ms_max: u64) {
        let mut state = lock(&self.0.state);
        state.latency_ms = base_ms.into_inner();
        state.jitter_ms_max = jitter_ms_max;
    }

    /// Sets the way to an endpoint.
    pub fn set_link(&self, to: &Endpoint, link: LinkState) {
        let to = canonical(to);
        let numbers = {
            let mut state = lock(&self.0.state);
            state.links.insert(to.clone(), link);
            state.numbers_to(&to)
        };
        for pipe in self.pipes(&numbers) {
            pipe.set_cut(link == LinkState::Cut);
        }
    }

    /// Resets every connection to an endpoint, for both ends.
    pub fn reset(&self, to: &Endpoint) {
        let numbers = lock(&self.0.state).numbers_to(&canonical(to));
        for pipe in self.pipes(&numbers) {
            pipe.sever();
        }
    }

    /// How many connections are open: made, and not yet left by both ends.
    #[must_use]
    pub fn open_connections(&self) -> usize {
        lock(&self.0.connections).len()
    }

    pub(crate) fn silence(&self, process: u64) {
        let mut state = lock(&self.0.state);
        let dead: Vec<_> = state
            .listeners
            .extract_if(.., |_, queue| {
                lock(queue).owner.as_ref().is_some_and(|owner| owner.number == process)
            })
            .collect();
        drop(state);
        for (_, queue) in dead {
            lock(&queue).closed = true;
        }
        for pipe in self.all_pipes() {
            pipe.silence(process);
        }
    }

    pub(crate) fn bury(&self, process: u64) {
        for pipe in self.all_pipes() {
            pipe.bury(process);
        }
    }

    /// Lets go of everything when the simulation is over.
    pub(crate) fn clear(&self) {
        let listeners = std::mem::take(&mut lock(&self.0.state).listeners);
        for queue in listeners.into_values() {
            let waiting = std::mem::take(&mut lock(&queue).waiting);
            drop(waiting);
        }
        let connections = std::mem::take(&mut *lock(&self.0.connections));
        drop(connections);
    }

    fn all_pipes(&self) -> Vec<Arc<Pipe>> {
        lock(&self.0.connections).values().cloned().collect()
    }

    fn pipes(&self, numbers: &[u64]) -> Vec<Arc<Pipe>> {
        let connections = lock(&self.0.connections);
        numbers.iter().filter_map(|number| connections.get(number).cloned()).collect()
    }

    /// Makes a connection and puts its far end before the listener.
    fn connect(&self, from: Owner, to: &Endpoint) -> Result<(PipeEnd, Duration), DialError> {
        let mut state = lock(&self.0.state);
        let queue = state.listener(to).ok_or(DialError::Refused)?;
        let mut queue = lock(&queue);
        let owner = match &queue.owner {
            Some(owner) if !queue.closed && queue.waiting.len() < BACKLOG_MAX => owner.clone(),
            _ => return Err(DialError::Refused),
        };
        state.made += 1;
        let number = state.made;
        let open = lock(&self.0.connections);
        state.dialled.retain(|number, _| open.contains_key(number));
        drop(open);
        state.dialled.insert(number, to.clone());
        let mut jitter = self.0.entropy.stream("net", &format!("connection {number}"));
        let (least, most) = state.latency_ms;
        let latency =
            Latency { base_ms: jitter.range(least, most), jitter_ms_max: state.jitter_ms_max };
        let back = Duration::from_millis(latency.base_ms);
        let [near, far] =
            Pipe::connect(number, [from, owner], latency, jitter, &self.0.connections);
        queue.waiting.push_back(far);
        let acceptor = queue.acceptor.take();
        drop(queue);
        drop(state);
        acceptor.into_iter().for_each(Waker::wake);
        Ok((near, back))
    }
}

impl State {
    fn numbers_to(&self, to: &Endpoint) -> Vec<u64> {
        self.dialled.iter().filter(|(_, at)| *at == to).map(|(number, _)| *number).collect()
    }

    fn listener(&self, to: &Endpoint) -> Option<Arc<Mutex<Queue>>> {
        let everywhere = Endpoint { host: "0.0.0.0".to_owned(), port: to.port };
        self.listeners.get(to).or_else(|| self.listeners.get(&everywhere)).cloned()
    }

    fn port(&mut self, host: &str) -> u16 {
        let next = self.ports.entry(host.to_owned()).or_insert(FIRST_PORT);
        loop {
            let port = *next;
            *next = next.checked_add(1).unwrap_or(FIRST_PORT);
            if !self.listeners.contains_key(&Endpoint { host: host.to_owned(), port }) {
                return port;
            }
        }
    }
}

impl fmt::Debug for SimNet {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("SimNet").field("open", &self.open_connections()).finish()
    }
}

/// The simulated network as one process has it.
#[derive(Debug)]
pub(crate) struct ProcessNet {
    net: SimNet,
    process: Process,
    owner: Owner,
}

impl ProcessNet {
    pub(crate) fn new(net: SimNet, process: Process, number: u64, emitter: Emitter) -> ProcessNet {
        ProcessNet { net, process, owner: Owner { number, emitter } }
    }
}

impl Net for ProcessNet {
    fn dial(&self, to: Endpoint) -> BoxFuture<'_, Result<Connection, DialError>> {
        Box::pin(async move {
            if !self.process.is_alive() {
                return std::future::pending().await;
            }
            let to = canonical(&to);
            self.owner.emitter.emit("net.dial", &[to.to_string().as_bytes()]);
            let (link, least_ms) = {
                let state = lock(&self.net.0.state);
                (state.links.get(&to).copied().unwrap_or_default(), state.latency_ms.0)
            };
            let there = Duration::from_millis(least_ms);
            match link {
                LinkState::Up => tokio::time::sleep(there).await,
                LinkState::Cut | LinkState::Failing(DialError::Timeout) => {
                    tokio::time::sleep(CONNECT_MAX).await;
                    return Err(DialError::Timeout);
                }
                LinkState::Failing(error) => {
                    tokio::time::sleep(there * 2).await;
                    return Err(error);
                }
            }
            if !self.process.is_alive() {
                return std::future::pending().await;
            }
            let (near, back) = match self.net.connect(self.owner.clone(), &to) {
                Ok(connected) => connected,
                Err(error) => {
                    tokio::time::sleep(there).await;
                    return Err(error);
                }
            };
            let abort = Abort::new(near.ending());
            tokio::time::sleep(back).await;
            Ok((Box::new(near) as Box<dyn Conn>, abort))
        })
    }

    fn listen(&self, at: Addr) -> BoxFuture<'_, io::Result<Box<dyn Listener>>> {
        Box::pin(async move {
            if !self.process.is_alive() {
                return std::future::pending().await;
            }
            let mut local = canonical(&Endpoint { host: at.host, port: at.port });
            let mut state = lock(&self.net.0.state);
            if local.port == 0 {
                local.port = state.port(&local.host);
            }
            if state.listeners.contains_key(&local) {
                return Err(io::ErrorKind::AddrInUse.into());
            }
            let queue = Queue { owner: Some(self.owner.clone()), ..Queue::default() };
            let queue = Arc::new(Mutex::new(queue));
            state.listeners.insert(local.clone(), queue.clone());
            self.owner.emitter.emit("net.listen", &[local.to_string().as_bytes()]);
            Ok(Box::new(SimListener { net: self.net.clone(), local, queue }) as Box<dyn Listener>)
        })
    }
}

struct SimListener {
    net: SimNet,
    local: Endpoint,
    queue: Arc<Mutex<Queue>>,
}

impl Listener for SimListener {
    fn accept(&mut self) -> BoxFuture<'_, io::Result<Connection>> {
        Box::pin(std::future::poll_fn(|context| {
            let mut queue = lock(&self.queue);
            if queue.closed {
                return Poll::Pending;
            }
            let Some(end) = queue.waiting.pop_front() else {
                queue.acceptor = Some(context.waker().clone());
                return Poll::Pending;
            };
            let abort = Abort::new(end.ending());
            Poll::Ready(Ok((Box::new(end) as Box<dyn Conn>, abort)))
        }))
    }

    fn local(&self) -> Endpoint {
        self.local.clone()
    }
}

impl Drop for SimListener {
    fn drop(&mut self) {
        let mut state = lock(&self.net.0.state);
        if state.listeners.get(&self.local).is_some_and(|queue| Arc::ptr_eq(queue, &self.queue)) {
            state.listeners.remove(&self.local);
        }
        drop(state);
        let waiting = {
            let mut queue = lock(&self.queue);
            queue.closed = true;
            std::mem::take(&mut queue.waiting)
        };
        for end in waiting {
            end.ending().reset();
        }
    }
}

impl fmt::Debug for SimListener {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("SimListener").field(&self.local).finish()
    }
}

/// One name for the one loopback interface of a simulation.
fn canonical(endpoint: &Endpoint) -> Endpoint {
    let host = match endpoint.host.to_ascii_lowercase() {
        host if matches!(host.as_str(), "localhost" | "::1") => "127.0.0.1".to_owned(),
        host => host,
    };
    Endpoint { host, port: endpoint.port }
}
