//! All behaviour of the command line, behind a [`Terminal`], so that a drill and the binary run the
//! same code. The exit code is an answer, never a call to exit.

#![forbid(unsafe_code)]

pub mod commands;
mod terminal;

pub use commands::{Finished, Mode};
pub use terminal::{Reply, Terminal};
