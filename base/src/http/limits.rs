//! What a server bears from its clients.
//!
//! Every wait, queue and buffer of a connection has its bound here. The times are the transport's:
//! they pass although a mock's own clock stands still.

use std::time::Duration;

/// What a server bears. Times count on the transport, not on the server's clock.
#[derive(Clone, Debug)]
pub struct ServerLimits {
    /// How many connections are served at a time; others wait to be accepted.
    pub max_connections: usize,
    /// How many requests one HTTP/2 connection may have in hand at a time, those included whose
    /// stream the client has reset but whose handler still runs (RFC 9113, section 5.1.2).
    pub max_streams: u32,
    /// The most header lines of a request; beyond it the answer is 431 (RFC 6585, section 5).
    pub max_headers: usize,
    /// The largest head of a request, in bytes; beyond it the answer is 431.
    pub max_header_bytes: usize,
    /// The largest request body, in bytes; beyond it the answer is 413, and the rest is not read.
    pub max_body: usize,
    /// How many bytes of request bodies are held at a time, over all connections, until they are
    /// answered; beyond it the answer is 503.
    pub max_bodies: usize,
    /// How long a request's head may take, from its first byte; for the first request of a
    /// connection from the moment it was accepted, TLS included. Then the answer is 408.
    pub header_timeout: Duration,
    /// How long a request's body may take as a whole. Then the answer is 408.
    pub body_timeout: Duration,
    /// How long a request's body may go without a byte. Then the answer is 408.
    pub body_stall_timeout: Duration,
    /// How long a client may leave what is sent to it unread. Then the connection is reset.
    pub write_timeout: Duration,
    /// How long a connection may be idle between requests. Longer than clients keep theirs, so that
    /// it is them who close those.
    pub idle_timeout: Duration,
    /// How long a connection that the server ends is still read from, so that a client which is
    /// sending gets to read the answer (RFC 9112, section 9.6).
    pub linger_timeout: Duration,
}

impl Default for ServerLimits {
    fn default() -> ServerLimits {
        ServerLimits {
            max_connections: 1024,
            max_streams: 128,
            max_headers: 100,
            max_header_bytes: 64 * 1024,
            max_body: 64 * 1024 * 1024,
            max_bodies: 512 * 1024 * 1024,
            header_timeout: Duration::from_secs(75),
            body_timeout: Duration::from_secs(600),
            body_stall_timeout: Duration::from_secs(75),
            write_timeout: Duration::from_secs(75),
            idle_timeout: Duration::from_secs(600),
            linger_timeout: Duration::from_secs(2),
        }
    }
}
