//! Why nothing was run: told on standard error, exit code 2.

use calamity_scenarios::language::{Colour, Rejected};
use calamity_scenarios::{expand, script};

/// Everything held.
pub(crate) const PASSED: u8 = 0;
/// At least one drill failed.
pub(crate) const FAILED: u8 = 1;
/// Usage or bad input: nothing was run.
pub(crate) const USAGE: u8 = 2;

/// Usage or bad input.
#[derive(Debug)]
pub(crate) enum Failure {
    /// A scenario with mistakes; it renders itself, with the lines around them.
    Rejected(Rejected),
    /// Anything else, in one line.
    Other(anyhow::Error),
}

impl Failure {
    /// The text for people.
    pub(crate) fn render(&self, colour: Colour) -> String {
        match self {
            Self::Rejected(rejected) => rejected.render(colour),
            Self::Other(error) => format!("error: {error:#}"),
        }
    }
}

impl From<Rejected> for Failure {
    fn from(rejected: Rejected) -> Self {
        Self::Rejected(rejected)
    }
}

impl From<expand::Error> for Failure {
    fn from(error: expand::Error) -> Self {
        match error {
            expand::Error::Rejected(rejected) => Self::Rejected(rejected),
            other => Self::Other(other.into()),
        }
    }
}

impl From<script::Unreadable> for Failure {
    fn from(error: script::Unreadable) -> Self {
        Self::Other(error.into())
    }
}

impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Self {
        Self::Other(error)
    }
}

impl From<calamity_reports::Error> for Failure {
    fn from(error: calamity_reports::Error) -> Self {
        Self::Other(error.into())
    }
}
