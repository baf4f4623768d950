//! The seam itself: dial, listen, and what they give.

use std::{fmt, io};

use tokio::io::{AsyncRead, AsyncWrite};

use super::{Abort, Addr, Endpoint};
use crate::BoxFuture;

/// A connection, and what ends it from outside.
pub type Connection = (Box<dyn Conn>, Abort);

/// The network of a process.
pub trait Net: fmt::Debug + Send + Sync {
    /// Connects.
    fn dial(&self, to: Endpoint) -> BoxFuture<'_, Result<Connection, DialError>>;

    /// Begins to listen.
    fn listen(&self, at: Addr) -> BoxFuture<'_, io::Result<Box<dyn Listener>>>;
}

/// An open listening socket; closed when dropped.
pub trait Listener: fmt::Debug + Send {
    /// The next connection.
    fn accept(&mut self) -> BoxFuture<'_, io::Result<Connection>>;

    /// Where it listens, with the port that it got.
    fn local(&self) -> Endpoint;
}

/// A connection: bytes both ways. `poll_shutdown` closes the way out and leaves the way in open.
pub trait Conn: AsyncRead + AsyncWrite + fmt::Debug + Send + Unpin {}

/// Why there is no connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub enum DialError {
    /// Nobody listens there.
    #[error("connection refused")]
    Refused,
    /// The name or the network does not exist, or the machine has no way to it.
    #[error("host unreachable")]
    Unreachable,
    /// No answer in time.
    #[error("connecting timed out")]
    Timeout,
    /// The peer is not who it should be, or does not speak TLS.
    #[error("TLS handshake failed")]
    Tls,
}
