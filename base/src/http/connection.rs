//! One connection: who serves it, how long it may take, and how it ends.

use std::{
    future::poll_fn,
    io,
    pin::{Pin, pin},
    sync::Arc,
    task::{Context, Poll},
};

use bytes::Bytes;
use hyper::{
    server::conn::{http1, http2},
    service::service_fn,
};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    sync::{Semaphore, watch},
    time::{Instant, Sleep},
};

use super::{
    Accept, ServerLimits,
    activity::{Activity, Ending, Expired, Heads},
    exchange::{Wire, answer, date},
    io::Tracked,
    server::{Listed, Shared},
    sniff::{Version, sniff},
};
use crate::{
    net::{Abort, Conn},
    tls::Agreed,
};

/// What is sent when a head did not come in time (RFC 9110, section 15.5.9).
const TOO_SLOW: &str = "HTTP/1.1 408 Request Timeout\r\nconnection: close\r\ncontent-length: 0\r\n";

/// Why a connection is served no more.
enum End {
    /// Both sides are done with it, or it failed, which the client sees and the journal of whoever
    /// handles requests shows by what arrived.
    Served,
    /// A handler wants it so.
    Told(Ending),
    /// Its time is up.
    Expired(Expired),
}

/// Serves a connection until it ends.
pub(super) async fn run(listed: Listed, conn: Box<dyn Conn>, abort: Abort) {
    let (shared, number) = (&listed.shared, listed.number);
    let mut draining = shared.draining.subscribe();
    let mut verdict = shared.handler.accept(number);
    while let Accept::After(wait, next) = verdict {
        tokio::select! {
            biased;
            () = shared.clock.sleep(wait) => verdict = *next,
            _ = draining.wait_for(|draining| *draining) => return,
        }
    }
    match verdict {
        Accept::Serve | Accept::After(..) => {}
        Accept::Reset => return abort.reset(),
        Accept::Close => return abort.close(),
        Accept::Hang => return hang(conn).await,
        Accept::HalfClose => return half_close(conn).await,
        Accept::Garbage(bytes) => {
            let limits = &shared.limits;
            let parting = part(conn, bytes, limits.max_body);
            return drop(tokio::time::timeout(limits.linger_timeout, parting).await);
        }
    }
    let accepted = Instant::now();
    let opened = tokio::select! {
        biased;
        opened = tokio::time::timeout_at(accepted + shared.limits.header_timeout, open(shared, conn)) => opened,
        _ = draining.wait_for(|draining| *draining) => return,
    };
    // Who says nothing, or nothing that can be understood, is told nothing.
    let Ok(Ok((version, conn, first))) = opened else { return };
    let heads = if version == Version::One { Heads::Bytes } else { Heads::Frames };
    let activity = Activity::new(accepted, heads);
    let mut conn = Tracked::new(conn, first, activity.clone());
    let turns = Arc::new(Semaphore::new(shared.limits.max_streams as usize));
    let wire = Wire { number, version, flushes: conn.flushes(), activity, turns };
    let end = match version {
        Version::One => one(shared, &wire, &mut conn, draining).await,
        Version::Two => two(shared, &wire, &mut conn, draining).await,
    };
    finish(end, version, conn.into_inner(), &abort, listed).await;
}

/// Finds out what the client speaks: over TLS it was agreed on (RFC 7301), else its first bytes say.
async fn open(
    shared: &Shared,
    mut conn: Box<dyn Conn>,
) -> io::Result<(Version, Box<dyn Conn>, Bytes)> {
    let Some(tls) = &shared.tls else {
        let (version, first) = sniff(&mut conn).await?;
        return Ok((version, conn, first));
    };
    let (conn, agreed) = tls.accept(conn).await?;
    let version = match agreed {
        Agreed::One => Version::One,
        Agreed::Two => Version::Two,
    };
    Ok((version, conn, Bytes::new()))
}

async fn one(
    shared: &Arc<Shared>,
    wire: &Wire,
    conn: &mut Tracked,
    draining: watch::Receiver<bool>,
) -> End {
    let service = service_fn(|request| Box::pin(answer(shared.clone(), wire.clone(), request)));
    let limits = &shared.limits;
    let serving = http1::Builder::new()
        // The activity's deadlines tell idle from slow.
        .header_read_timeout(None)
        .auto_date_header(false)
        .max_headers(limits.max_headers)
        .max_header_size(limits.max_header_bytes)
        .serve_connection(TokioIo::new(conn), service);
    watched(pin!(serving), wire, limits, draining).await
}

async fn two(
    shared: &Arc<Shared>,
    wire: &Wire,
    conn: &mut Tracked,
    draining: watch::Receiver<bool>,
) -> End {
    let (service_shared, service_wire) = (shared.clone(), wire.clone());
    let service = service_fn(move |request| {
        Box::pin(answer(service_shared.clone(), service_wire.clone(), request))
    });
    let limits = &shared.limits;
    let max_header_bytes = u32::try_from(limits.max_header_bytes).unwrap_or(u32::MAX);
    let serving = http2::Builder::new(shared.process.executor())
        .timer(TokioTimer::new())
        .auto_date_header(false)
        .max_concurrent_streams(limits.max_streams)
        .max_header_list_size(max_header_bytes)
        .serve_connection(TokioIo::new(conn), service);
    watched(pin!(serving), wire, limits, draining).await
}

/// A connection in hyper's hands.
trait Serving: Future {
    /// Lets it finish what it has in hand, and nothing more.
    fn wind_down(self: Pin<&mut Self>);
}

impl<I, B, S> Serving for http1::Connection<I, S>
where
    Self: Future,
    S: hyper::service::HttpService<hyper::body::Incoming, ResBody = B>,
    S::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
    I: hyper::rt::Read + hyper::rt::Write + Unpin,
    B: hyper::body::Body + 'static,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    fn wind_down(self: Pin<&mut Self>) {
        self.graceful_shutdown();
    }
}

impl<I, B, S, E> Serving for http2::Connection<I, S, E>
where
    Self: Future,
    S: hyper::service::HttpService<hyper::body::Incoming, ResBody = B>,
    S::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
    I: hyper::rt::Read + hyper::rt::Write + Unpin,
    B: hyper::body::Body + 'static,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
    E: hyper::rt::bounds::Http2ServerConnExec<S::Future, B>,
{
    fn wind_down(self: Pin<&mut Self>) {
        self.graceful_shutdown();
    }
}

/// Runs a connection until it is done, a handler ends it, or its time is up.
async fn watched(
    mut serving: Pin<&mut impl Serving>,
    wire: &Wire,
    limits: &ServerLimits,
    mut draining: watch::Receiver<bool>,
) -> End {
    let mut told = pin!(draining.wait_for(|draining| *draining));
    let mut winding_down = false;
    let mut timer = Timer(None);
    poll_fn(|context| {
        if !winding_down && told.as_mut().poll(context).is_ready() {
            winding_down = true;
            serving.as_mut().wind_down();
        }
        let served = serving.as_mut().poll(context).is_ready();
        if let Some(ending) = wire.activity.ending(context.waker()) {
            return Poll::Ready(End::Told(ending));
        }
        if served {
            return Poll::Ready(End::Served);
        }
        while let Some((deadline, expired)) = wire.activity.deadline(limits) {
            if deadline <= Instant::now() {
                return Poll::Ready(End::Expired(expired));
            }
            std::task::ready!(timer.poll(deadline, context));
        }
        Poll::Pending
    })
    .await
}

/// Wakes a task at a moment or before it, so that a moment that moves away costs nothing.
struct Timer(Option<Pin<Box<Sleep>>>);

impl Timer {
    /// Ready when somebody should look whether it is `moment`.
    fn poll(&mut self, moment: Instant, context: &mut Context<'_>) -> Poll<()> {
        let sleep = self.0.get_or_insert_with(|| Box::pin(tokio::time::sleep_until(moment)));
        if sleep.deadline() > moment || sleep.deadline() <= Instant::now() {
            sleep.as_mut().reset(moment);
        }
        sleep.as_mut().poll(context)
    }
}

async fn finish(end: End, version: Version, conn: Box<dyn Conn>, abort: &Abort, listed: Listed) {
    let last = match end {
        End::Told(Ending::Reset) | End::Expired(Expired::Unread) => return abort.reset(),
        End::Told(Ending::Close) => return abort.close(),
        End::Told(Ending::Hang) => return hang(conn).await,
        End::Told(Ending::HalfClose) => return half_close(conn).await,
        End::Told(Ending::Garbage(bytes)) => bytes,
        End::Expired(Expired::Head) if version == Version::One => too_slow(&listed.shared),
        End::Served | End::Expired(_) => Bytes::new(),
    };
    let limits = listed.shared.limits.clone();
    // All is said: nobody needs to wait for it, or to end it.
    drop(listed);
    // After that the machine sends on what it holds, or resets when something came that nobody read.
    drop(tokio::time::timeout(limits.linger_timeout, part(conn, last, limits.max_body)).await);
}

fn too_slow(shared: &Shared) -> Bytes {
    let now = date(&shared.clock);
    let now = now.as_ref().and_then(|now| now.to_str().ok());
    let date = now.map(|now| format!("date: {now}\r\n")).unwrap_or_default();
    format!("{TOO_SLOW}{date}\r\n").into()
}

/// Says the last, and reads on so that the client gets to read it: a socket that is closed with
/// bytes unread is reset (RFC 9112, section 9.6).
async fn part(mut conn: Box<dyn Conn>, last: Bytes, max: usize) {
    if conn.write_all(&last).await.is_err() || conn.shutdown().await.is_err() {
        return;
    }
    let mut dropped = [0; 4096];
    let mut left = max;
    while let Ok(length) = conn.read(&mut dropped).await {
        left = left.saturating_sub(length);
        if length == 0 || left == 0 {
            return;
        }
    }
}

/// Says that nothing more is sent, and takes what comes until the client closes the connection.
async fn half_close(mut conn: Box<dyn Conn>) {
    if conn.shutdown().await.is_ok() {
        hang(conn).await;
    }
}

/// Holds a connection open until the client closes it.
async fn hang(mut conn: Box<dyn Conn>) {
    let mut dropped = [0; 1024];
    while conn.read(&mut dropped).await.is_ok_and(|length| length > 0) {}
}
