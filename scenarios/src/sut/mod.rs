//! What is drilled, whatever form it has: the engine in simulation; later the binary as a process
//! and other people's clients.
//!
//! A system under test is told to do something and says how that ended. What really happened is
//! read from the servers, never from it.

mod engine;
mod terminal;

use std::collections::BTreeMap;

use calamity_base::disk::DiskImage;
use calamity_base::{BoxFuture, Process};
use calamity_engine::Assembly;
use calamity_evidence::Summary;

use crate::language::{Mode, Reply};

pub use engine::{Access, ENGINE, Engine, STORE};

/// The most that is kept of what one command printed, in bytes.
pub const PRINTED_MAX: usize = 64 * 1024;

/// Which system under test.
#[derive(Clone, Debug)]
pub struct SutChoice {
    /// Its name in outcomes: `engine`, or that of a known-bad engine.
    pub name: String,
    /// What is changed in the engine before it runs.
    pub build: fn(Assembly) -> Assembly,
}

impl SutChoice {
    /// The built-in engine as it is.
    #[must_use]
    pub fn engine() -> SutChoice {
        SutChoice { name: "engine".to_owned(), build: std::convert::identity }
    }
}

/// What a system under test offers to those who judge it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Capabilities {
    /// Its store can be read.
    pub store: bool,
    /// It lives on virtual time.
    pub virtual_time: bool,
    /// It can be killed and started again.
    pub kill: bool,
}

/// What a system under test is told to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command {
    /// Sync the pair.
    Sync {
        /// Whether somebody watches.
        mode: Mode,
        /// What that somebody answers.
        answer: Option<Reply>,
    },
    /// List what is held.
    Held,
    /// Approve what is held, if it is this many.
    Approve {
        /// How many.
        count: u64,
    },
}

/// How a command ended.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Run {
    /// Whether it ended by itself.
    pub ending: Ending,
    /// The exit code; 255 when it did not end by itself.
    pub exit: u8,
    /// The counters of a sync.
    pub summary: Option<Summary>,
    /// How many operations are held, by the rule that holds each.
    pub held: BTreeMap<String, u64>,
    /// What it printed, output and errors in their order, at most [`PRINTED_MAX`] bytes.
    pub printed: String,
}

/// Whether a command ended by itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Ending {
    /// It did.
    #[default]
    Exited,
    /// Its process was killed.
    Killed,
    /// It panicked, with this message.
    Panicked(String),
}

/// The exit code of a command that did not end by itself.
pub(crate) const NO_EXIT: u8 = 255;

/// A system under test.
pub trait Sut: Send {
    /// Its name in outcomes.
    fn name(&self) -> &str;

    /// What it offers.
    fn capabilities(&self) -> Capabilities;

    /// Carries out a command, to its end or to its death.
    fn run<'a>(&'a mut self, command: &'a Command) -> BoxFuture<'a, Run>;

    /// Kills it. Its disk stays.
    fn kill(&mut self) -> BoxFuture<'_, ()>;

    /// Starts it again on the disk that it has.
    fn restart(&mut self) -> BoxFuture<'_, ()>;

    /// The process that [`Sut::kill`] kills, for those who have to kill it in the middle of something;
    /// none where it is none of the simulation's.
    fn process(&self) -> Option<Process>;

    /// The files of its disk as they stand; none where it shows none.
    fn disk(&self) -> Option<DiskImage>;
}
