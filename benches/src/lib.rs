//! What the benches share: a mock server on a port of its own with so many events, and beside it
//! the floor, a bare hyper server that answers the same bytes.

#![forbid(unsafe_code)]
#![expect(clippy::disallowed_methods, reason = "a bench measures on real sockets and threads")]

mod floor;
mod mock;
mod ratio;

pub use floor::Floor;
pub use mock::{DAV_WORK, Mock, OWNER};
pub use ratio::{Pairs, Ratio};
