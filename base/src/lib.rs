//! The seams between Calamity and the machine it runs on: time, randomness, network, storage and
//! process life, each with a production and a simulated form behind one value, [`Env`].
//!
//! Nothing above this crate reads the clock, draws randomness, opens a socket or a file, or spawns
//! a task in any other way. That is what makes a run a pure function of its script and its seed.
//! See `ARCHITECTURE.md`, "Seams".

pub mod clock;
pub mod db;
pub mod digest;
pub mod disk;
pub mod entropy;
pub mod env;
pub mod http;
pub mod net;
pub mod points;
pub mod process;
pub mod redact;
pub mod sim;
pub mod tls;

mod sync;

pub use clock::{Clock, ManualClock, SteeredClock};
pub use db::Db;
pub use digest::Digest;
pub use entropy::Entropy;
pub use env::Env;
pub use points::Points;
pub use process::Process;
pub use sim::Sim;

/// A boxed, sendable future: the form in which object-safe seams return their work.
pub type BoxFuture<'a, T> = std::pin::Pin<Box<dyn Future<Output = T> + Send + 'a>>;
