//! The network of the machine: TCP, without delay for small writes.

use std::{
    fmt,
    io::{self, Read},
    pin::Pin,
    sync::{Arc, Mutex},
    task::{Context, Poll, Waker},
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::{TcpListener, TcpStream},
};

use super::{Abort, Addr, Conn, Connection, DialError, Endpoint, Listener, Net, abort::Ending};
use crate::{BoxFuture, sync::lock};

/// How long connecting may take.
const CONNECT_MAX: Duration = Duration::from_secs(20);

/// How often a connection that is closed is read from, 4 KiB each time.
const DISCARDED_READS_MAX: usize = 1024;

/// TCP of this machine.
#[derive(Clone, Copy, Debug, Default)]
pub struct TcpNet;

impl Net for TcpNet {
    #[expect(clippy::disallowed_methods, reason = "the production form of the network seam")]
    fn dial(&self, to: Endpoint) -> BoxFuture<'_, Result<Connection, DialError>> {
        Box::pin(async move {
            let connecting = TcpStream::connect((to.host.as_str(), to.port));
            let stream = tokio::time::timeout(CONNECT_MAX, connecting)
                .await
                .map_err(|_| DialError::Timeout)?
                .map_err(|error| dial_error(&error))?;
            connection(stream).map_err(|error| dial_error(&error))
        })
    }

    #[expect(clippy::disallowed_methods, reason = "the production form of the network seam")]
    fn listen(&self, at: Addr) -> BoxFuture<'_, io::Result<Box<dyn Listener>>> {
        Box::pin(async move {
            let listener = TcpListener::bind((at.host.as_str(), at.port)).await?;
            let local = Endpoint { host: at.host, port: listener.local_addr()?.port() };
            Ok(Box::new(TcpAccept { listener, local }) as Box<dyn Listener>)
        })
    }
}

#[derive(Debug)]
struct TcpAccept {
    listener: TcpListener,
    local: Endpoint,
}

impl Listener for TcpAccept {
    fn accept(&mut self) -> BoxFuture<'_, io::Result<Connection>> {
        Box::pin(async move {
            let (stream, _) = self.listener.accept().await?;
            connection(stream)
        })
    }

    fn local(&self) -> Endpoint {
        self.local.clone()
    }
}

fn connection(stream: TcpStream) -> io::Result<Connection> {
    stream.set_nodelay(true)?;
    let state = State { stream: Some(stream), ended: None, reader: None, writer: None };
    let shared = Arc::new(Shared(Mutex::new(state)));
    Ok((Box::new(TcpConn(shared.clone())), Abort::new(shared)))
}

fn dial_error(error: &io::Error) -> DialError {
    match error.kind() {
        io::ErrorKind::ConnectionRefused | io::ErrorKind::ConnectionReset => DialError::Refused,
        io::ErrorKind::TimedOut => DialError::Timeout,
        _ => DialError::Unreachable,
    }
}

/// A stream that its owner reads and writes and its [`Abort`] may take away.
struct Shared(Mutex<State>);

struct State {
    stream: Option<TcpStream>,
    ended: Option<io::ErrorKind>,
    reader: Option<Waker>,
    writer: Option<Waker>,
}

impl Shared {
    /// Takes the stream away from its owner and wakes whoever waits for it.
    fn end(&self, kind: io::ErrorKind) -> Option<TcpStream> {
        let mut state = lock(&self.0);
        let stream = state.stream.take()?;
        state.ended = Some(kind);
        let wakers = [state.reader.take(), state.writer.take()];
        drop(state);
        wakers.into_iter().flatten().for_each(Waker::wake);
        Some(stream)
    }
}

impl Ending for Shared {
    fn reset(&self) {
        if let Some(stream) = self.end(io::ErrorKind::ConnectionReset) {
            // Lingering for zero seconds is how the kernel is told to send RST. When it refuses,
            // the connection has ended already.
            drop(stream.set_zero_linger());
        }
    }

    fn close(&self) {
        if let Some(stream) = self.end(io::ErrorKind::BrokenPipe)
            && let Ok(mut stream) = stream.into_std()
        {
            discard(&mut stream);
        }
    }
}

/// Reads what has arrived: the kernel resets a connection that is closed with bytes unread (RFC
/// 9293, section 3.10.4), and this one is to end with what was written.
fn discard(stream: &mut std::net::TcpStream) {
    let mut dropped = [0; 4096];
    for _ in 0..DISCARDED_READS_MAX {
        match stream.read(&mut dropped) {
            Ok(length) if length > 0 => {}
            _ => return,
        }
    }
}

#[derive(Clone, Copy)]
enum Way {
    In,
    Out,
}

struct TcpConn(Arc<Shared>);

impl TcpConn {
    /// Runs one poll on the stream, and remembers whom to wake when it is taken away.
    fn poll<T>(
        &self,
        way: Way,
        context: &mut Context<'_>,
        poll: impl FnOnce(Pin<&mut TcpStream>, &mut Context<'_>) -> Poll<io::Result<T>>,
    ) -> Poll<io::Result<T>> {
        let mut state = lock(&self.0.0);
        let state = &mut *state;
        let Some(stream) = &mut state.stream else {
            return Poll::Ready(Err(state.ended.unwrap_or(io::ErrorKind::BrokenPipe).into()));
        };
        let polled = poll(Pin::new(stream), context);
        if polled.is_pending() {
            let slot = match way {
                Way::In => &mut state.reader,
                Way::Out => &mut state.writer,
            };
            match slot {
                Some(waker) => waker.clone_from(context.waker()),
                None => *slot = Some(context.waker().clone()),
            }
        }
        polled
    }
}

impl AsyncRead for TcpConn {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.poll(Way::In, context, |stream, context| stream.poll_read(context, buffer))
    }
}

impl AsyncWrite for TcpConn {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.poll(Way::Out, context, |stream, context| stream.poll_write(context, bytes))
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.poll(Way::Out, context, |stream, context| stream.poll_write_vectored(context, slices))
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.poll(Way::Out, context, |stream, context| stream.poll_flush(context))
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.poll(Way::Out, context, |stream, context| stream.poll_shutdown(context))
    }
}

impl Conn for TcpConn {}

impl fmt::Debug for TcpConn {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("TcpConn")
    }
}
