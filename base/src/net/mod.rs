//! Connections, out and in.
//!
//! TLS runs above [`Conn`]; the simulation injects [`DialError::Tls`] instead.

mod abort;
mod endpoint;
mod pipe;
mod seam;
mod sim;
mod tcp;

pub use abort::Abort;
pub use endpoint::{Addr, Endpoint, EndpointError};
pub use seam::{Conn, Connection, DialError, Listener, Net};
pub use sim::{LinkState, SimNet};
pub use tcp::TcpNet;

pub(crate) use sim::ProcessNet;

#[cfg(test)]
mod tests;
