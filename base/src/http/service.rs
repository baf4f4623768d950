//! What a server of ours is: a handler from requests to answers.

use std::time::Duration;

use ::http::{HeaderMap, Method, Response, Uri};
use bytes::Bytes;
use tokio::sync::mpsc;

use crate::BoxFuture;

/// In how many pieces a throttled body goes out each second.
const PIECES_PER_SECOND: u32 = 10;

/// A request with its whole body.
#[derive(Clone, Debug)]
pub struct Incoming {
    /// The method.
    pub method: Method,
    /// The target as the client wrote it.
    pub uri: Uri,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
    /// The connection that it came on: counted from 1 for each server.
    pub connection: u64,
}

/// What goes back, which need not be an answer.
#[derive(Debug)]
pub enum Answer {
    /// This response.
    Full(Response<Bytes>),
    /// The response's head with the whole content length, only so many bytes of its body, and the
    /// end of the connection. A response that says `transfer-encoding: chunked` goes without a
    /// length, and its last chunk does not come. On HTTP/2 the stream ends with RST_STREAM.
    Truncated {
        /// The response.
        response: Response<Bytes>,
        /// How many bytes of its body are sent.
        after: usize,
    },
    /// This response, but its body only so many bytes at a time, with a wait on the process's clock
    /// before each.
    Dribbled {
        /// The response.
        response: Response<Bytes>,
        /// How many bytes are sent at a time; at least 1.
        bytes: usize,
        /// How long each wait is.
        every: Duration,
    },
    /// This head, and a body of pieces as they come, until their sender is dropped: server-sent
    /// events. A client that goes away or does not read drops the receiver; the channel's bound is
    /// the bound of what is held for it.
    Streamed {
        /// The head.
        head: Response<()>,
        /// The pieces. Empty ones are passed over.
        pieces: mpsc::Receiver<Bytes>,
    },
    /// These bytes in the place of a response, and the end of the connection.
    Garbage(Bytes),
    /// A reset of the connection (on TCP a real RST), and not a byte.
    Reset,
    /// The end of the connection, and not a byte.
    Close,
    /// The end of what is sent, and not a byte; what the client sends is still taken, until it closes
    /// the connection.
    HalfClose,
    /// Nothing, ever; the connection stays open until the client closes it. On HTTP/2 the other
    /// streams go on.
    Hang,
}

impl Answer {
    /// This response, with its body at so many bytes a second on the process's clock: ten pieces a
    /// second, or one byte at a time where that is less.
    #[must_use]
    pub fn throttled(response: Response<Bytes>, bytes_per_second: u32) -> Answer {
        let rate = bytes_per_second.max(1);
        let bytes = (rate / PIECES_PER_SECOND).max(1);
        let every = Duration::from_secs(1) * bytes / rate;
        Answer::Dribbled { response, bytes: bytes as usize, every }
    }
}

/// What becomes of a connection that was made, before anything is read from it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Accept {
    /// It is served.
    #[default]
    Serve,
    /// It is reset.
    Reset,
    /// It is closed.
    Close,
    /// Nothing is sent on it; it stays open until the client closes it.
    Hang,
    /// Its sending side is closed; it stays open until the client closes the other.
    HalfClose,
    /// These bytes are sent in the place of a TLS handshake or of HTTP, and it is closed.
    Garbage(Bytes),
    /// It is left alone for so long on the process's clock, and then this.
    After(Duration, Box<Accept>),
}

/// Answers requests. It runs as a task of the process: a client that goes away does not stop it.
pub trait Handler: Send + Sync + 'static {
    /// Answers one request.
    fn handle(&self, request: Incoming) -> BoxFuture<'_, Answer>;

    /// Says what becomes of a connection, by its number: counted from 1 for each server.
    fn accept(&self, connection: u64) -> Accept {
        let _ = connection;
        Accept::Serve
    }
}

impl<F, A> Handler for F
where
    F: Fn(Incoming) -> A + Send + Sync + 'static,
    A: Future<Output = Answer> + Send + 'static,
{
    fn handle(&self, request: Incoming) -> BoxFuture<'_, Answer> {
        Box::pin(self(request))
    }
}
