//! The accept loop, and one connection of it.

use std::{
    collections::BTreeMap,
    fmt,
    future::poll_fn,
    io,
    sync::{Arc, Mutex},
    time::Duration,
};

use ::http::{HeaderValue, Request, Response, StatusCode, header};
use bytes::Bytes;
use hyper::{body::Incoming as Received, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    sync::{Semaphore, watch},
};

use super::{
    Accept, Answer, Handler, Incoming, Problem,
    body::{Sent, Uncollected, Wait, collect, drain, waits_for_continue},
    io::{Flushes, Tracked},
};
use crate::{
    Clock, Env, Process,
    net::{Abort, Addr, Conn, Endpoint, Listener},
    process::{Stopped, Task},
    sync::lock,
};

/// How long to wait after a failed accept, as when the machine has no more file descriptors.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// What a server bears.
#[derive(Clone, Debug)]
pub struct ServerLimits {
    /// The largest request body, in bytes; beyond it the answer is 413.
    pub max_body: usize,
    /// How many connections are served at a time; others wait to be accepted.
    pub max_connections: usize,
    /// How long a request's head may take, from the end of the answer before, and how long its body
    /// may. Longer than clients keep idle connections, so that it is them who close those.
    pub receive_timeout: Duration,
}

impl Default for ServerLimits {
    fn default() -> ServerLimits {
        ServerLimits {
            max_body: 64 * 1024 * 1024,
            max_connections: 1024,
            receive_timeout: Duration::from_secs(600),
        }
    }
}

/// A running server. Dropping the handle lets it run on until its process ends.
pub struct Server {
    /// Where it listens.
    pub endpoint: Endpoint,
    shared: Arc<Shared>,
    accepting: Task<()>,
    listening: watch::Receiver<()>,
}

impl Server {
    /// Stops listening and closes every connection, also those with a request in hand. The port is
    /// free once [`Server::stopped`] returns.
    pub fn stop(&self) {
        self.accepting.abort();
        self.shared.each_connection(Abort::close);
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

    /// How many connections are open.
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

/// Listens at `at` and answers requests with `handler` until the process ends.
///
/// # Errors
/// When it cannot listen there.
pub async fn serve(
    env: &Env,
    at: Addr,
    handler: Arc<dyn Handler>,
    limits: ServerLimits,
) -> io::Result<Server> {
    let listener = env.net.listen(at).await?;
    let endpoint = listener.local();
    let shared = Arc::new(Shared {
        process: env.process.clone(),
        clock: env.clock.clone(),
        permits: Arc::new(Semaphore::new(limits.max_connections.min(Semaphore::MAX_PERMITS))),
        handler,
        limits,
        connections: Mutex::default(),
    });
    let (ending, listening) = watch::channel(());
    let accepting = env.process.spawn("http.accept", accept(shared.clone(), listener, ending));
    Ok(Server { endpoint, shared, accepting, listening })
}

struct Shared {
    process: Process,
    clock: Clock,
    permits: Arc<Semaphore>,
    handler: Arc<dyn Handler>,
    limits: ServerLimits,
    connections: Mutex<BTreeMap<u64, Abort>>,
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
        lock(&shared.connections).insert(number, abort.clone());
        let listed = Listed { shared: shared.clone(), number };
        drop(shared.process.spawn("http.connection", async move {
            let _permit = permit;
            connection(&listed, conn, abort).await;
        }));
    }
}

/// A connection in the server's list, taken out when dropped.
struct Listed {
    shared: Arc<Shared>,
    number: u64,
}

impl Drop for Listed {
    fn drop(&mut self) {
        lock(&self.shared.connections).remove(&self.number);
    }
}

async fn connection(listed: &Listed, conn: Box<dyn Conn>, abort: Abort) {
    match listed.shared.handler.accept(listed.number) {
        Accept::Serve => {}
        Accept::Reset => return abort.reset(),
        Accept::Close => return abort.close(),
        Accept::Hang => return hang(conn).await,
    }
    let conn = Tracked::new(conn);
    let garbage = Arc::default();
    let wire = Wire { flushes: conn.flushes(), abort, number: listed.number, garbage };
    let service = service_fn(|request| Box::pin(answer(&listed.shared, wire.clone(), request)));
    let mut serving = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(listed.shared.limits.receive_timeout)
        .auto_date_header(false)
        .serve_connection(TokioIo::new(conn), service);
    // A connection that fails has nobody to tell: the client sees it, and the journal of whoever
    // handles requests has what arrived.
    drop(poll_fn(|context| serving.poll_without_shutdown(context)).await);
    let mut conn = serving.into_parts().io.into_inner();
    let garbage = lock(&wire.garbage).take();
    if let Some(garbage) = garbage {
        drop(conn.write_all(&garbage).await);
    }
    drop(conn.shutdown().await);
}

/// Holds a connection open until the client closes it.
async fn hang(mut conn: Box<dyn Conn>) {
    let mut dropped = [0; 1024];
    while conn.read(&mut dropped).await.is_ok_and(|length| length > 0) {}
}

/// What of a connection an answer needs.
#[derive(Clone, Debug)]
struct Wire {
    flushes: Flushes,
    abort: Abort,
    number: u64,
    /// What is sent when the connection ends without an answer.
    garbage: Arc<Mutex<Option<Bytes>>>,
}

/// The connection ends without an answer.
#[derive(Debug, thiserror::Error)]
#[error("the connection ends here")]
struct Ended;

async fn answer(
    shared: &Shared,
    wire: Wire,
    request: Request<Received>,
) -> Result<Response<Sent>, Ended> {
    let (parts, mut body) = request.into_parts();
    let receive = receive(&mut body, shared.limits.max_body, waits_for_continue(&parts.headers));
    let body = match tokio::time::timeout(shared.limits.receive_timeout, receive).await {
        Ok(Ok(body)) => body,
        Ok(Err(Refused::Gone)) => return Err(Ended),
        Ok(Err(Refused::TooLarge)) => {
            let detail = format!("the body exceeds {} bytes", shared.limits.max_body);
            return Ok(last(Problem::new(StatusCode::PAYLOAD_TOO_LARGE).detail(detail)));
        }
        Err(_) => return Ok(last(Problem::new(StatusCode::REQUEST_TIMEOUT))),
    };
    let connection = wire.number;
    let incoming =
        Incoming { method: parts.method, uri: parts.uri, headers: parts.headers, body, connection };
    let handler = shared.handler.clone();
    // A task of its own, so that a client that goes away does not stop half-way what it asked for.
    let handled =
        shared.process.spawn("http.handle", async move { handler.handle(incoming).await }).await;
    match handled {
        Ok(Answer::Full(response)) => Ok(response.map(Sent::whole)),
        Ok(Answer::Truncated { response, after }) => Ok(truncated(response, after, &wire)),
        Ok(Answer::Dribbled { response, bytes, every }) => {
            let wait = Wait { clock: shared.clock.clone(), every };
            Ok(response.map(|body| Sent::dribbled(body, bytes, wait)))
        }
        Ok(Answer::Garbage(bytes)) => {
            *lock(&wire.garbage) = Some(bytes);
            Err(Ended)
        }
        Ok(Answer::Reset) => {
            wire.abort.reset();
            Err(Ended)
        }
        Ok(Answer::Close) => {
            wire.abort.close();
            Err(Ended)
        }
        Ok(Answer::Hang) => std::future::pending().await,
        Err(Stopped::Killed { .. } | Stopped::Aborted) => std::future::pending().await,
        Err(Stopped::Panicked { message }) => panic!("a request handler panicked: {message}"),
    }
}

enum Refused {
    TooLarge,
    Gone,
}

async fn receive(body: &mut Received, max: usize, waits: bool) -> Result<Bytes, Refused> {
    match collect(body, max).await {
        Ok(body) => Ok(body),
        Err(Uncollected::Failed(_)) => Err(Refused::Gone),
        Err(Uncollected::TooLarge) => {
            if !waits {
                drain(body, max).await;
            }
            Err(Refused::TooLarge)
        }
    }
}

/// The last answer of a connection, which cannot go on after half a request.
fn last(problem: Problem) -> Response<Sent> {
    let mut response = problem.response();
    response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    response.map(Sent::whole)
}

fn truncated(response: Response<Bytes>, after: usize, wire: &Wire) -> Response<Sent> {
    if after >= response.body().len() {
        return response.map(Sent::whole);
    }
    let (mut parts, body) = response.into_parts();
    parts.headers.remove(header::TRANSFER_ENCODING);
    parts.headers.insert(header::CONTENT_LENGTH, HeaderValue::from(body.len()));
    let sent = Sent::cut(body.slice(..after), wire.flushes.clone(), wire.abort.clone());
    Response::from_parts(parts, sent)
}
