//! Protocol checks against any URL: does a CalDAV, CardDAV, JMAP or Graph server do what its
//! specification says?
//!
//! A check is one row: what it looks at, the section that asks for it, how strongly, and a function.
//! It works on collections that it made itself and on nothing else; the client refuses every other
//! write. Nothing here imports the mock servers or the engine or shares a codec with them: a bug
//! that two of them had in common would pass unseen.

#![forbid(unsafe_code)]

mod check;
mod client;
mod dav;
mod exchange;
mod glob;
mod graph;
mod ical;
mod jmap;
mod reach;
mod report;
mod run;
mod table;
mod target;
mod xml;

pub use check::Level;
pub use client::{Error, Outside};
pub use exchange::Exchange;
pub use reach::{Unreachable, reach};
pub use report::{Failure, Outcome, Report, Row, Totals, VERSION};
pub use run::{Description, Options, catalogue, run, run_until, selected};
pub use table::{Columns, headline, summary, table, verdict};
pub use target::{Credentials, Protocol, Target, TargetError};

/// What every collection that a run makes begins with, so that nobody takes it for a user's.
pub const PREFIX: &str = "calamity-conform-";
