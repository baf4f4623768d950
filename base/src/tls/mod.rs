//! TLS 1.2 and 1.3 above [`Conn`](crate::net::Conn), so the same on TCP and on a simulated network.
//!
//! rustls with ring. Certificates are judged by the clock seam. What the entropy seam cannot reach:
//! ring takes keys, key exchanges and nonces from the operating system and lets nobody else give
//! them. So a handshake in a simulation succeeds, fails and takes its time as the script says, but
//! its bytes, and with them the run's digest, differ from run to run: a drill whose digest matters
//! speaks plain HTTP and injects [`DialError::Tls`](crate::net::DialError::Tls) instead.

mod accept;
mod connect;
mod error;
mod generate;
mod identity;
mod provider;
mod stream;
mod trust;

pub use accept::Acceptor;
pub use connect::Connector;
pub use error::Error;
pub use identity::Identity;
pub use trust::Trust;

pub(crate) use stream::Agreed;

#[cfg(test)]
mod tests;
