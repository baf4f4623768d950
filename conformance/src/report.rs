//! What a run found, as data: versioned, and the same for every protocol.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::check::Level;
use crate::exchange::Exchange;
use crate::target::Protocol;

/// The version of [`Report`]'s form; it goes up when a reader of the old form would be misled.
pub const VERSION: u32 = 1;

/// What a run found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// [`VERSION`].
    pub version: u32,
    /// What the server was asked to speak.
    pub protocol: Protocol,
    /// Its URL, without secrets.
    pub url: String,
    /// What it calls itself in the `Server` header.
    pub server: Option<String>,
    /// When the run began.
    pub started: Timestamp,
    /// Every check that was asked for, in the order of the catalogue.
    pub rows: Vec<Row>,
    /// Collections of the run that could not be removed again.
    pub left_behind: Vec<String>,
    /// Whether somebody stopped the run before its end.
    pub interrupted: bool,
}

/// One check and how it ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// The check's name.
    pub id: String,
    /// What is true of a conformant server.
    pub title: String,
    /// The specification and its section.
    pub source: String,
    /// How strongly it asks.
    pub level: Level,
    /// How the check ended.
    pub outcome: Outcome,
}

/// How a check ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// As the specification says.
    Pass,
    /// Otherwise.
    Fail(Failure),
    /// The server does not say that it can do this.
    NotApplicable {
        /// What it does not say.
        reason: String,
    },
    /// What the check stands on is not there.
    Skipped {
        /// What is missing, and which check tells of it.
        reason: String,
    },
}

/// What was wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// What the specification asks for.
    pub expected: String,
    /// What the server did.
    pub found: String,
    /// The requests of the check and their answers.
    pub exchanges: Vec<Exchange>,
}

/// Rows by outcome.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totals {
    /// As the specification says.
    pub passed: usize,
    /// A MUST that does not hold.
    pub failed: usize,
    /// A SHOULD or MAY that does not hold.
    pub warned: usize,
    /// Not claimed by the server.
    pub not_applicable: usize,
    /// Not looked at.
    pub skipped: usize,
}

impl Report {
    /// Rows by outcome.
    #[must_use]
    pub fn totals(&self) -> Totals {
        let mut totals = Totals::default();
        for row in &self.rows {
            let counter = match (&row.outcome, row.level) {
                (Outcome::Pass, _) => &mut totals.passed,
                (Outcome::Fail(_), Level::Must) => &mut totals.failed,
                (Outcome::Fail(_), _) => &mut totals.warned,
                (Outcome::NotApplicable { .. }, _) => &mut totals.not_applicable,
                (Outcome::Skipped { .. }, _) => &mut totals.skipped,
            };
            *counter += 1;
        }
        totals
    }

    /// Whether every MUST that was looked at holds, something was looked at, nothing is left on the
    /// server, and the run came to its end.
    #[must_use]
    pub fn is_conformant(&self) -> bool {
        let clean = self.left_behind.is_empty() && !self.interrupted;
        self.totals().failed == 0 && self.has_looked() && clean
    }

    /// Whether anything was looked at: not every check was skipped, got no answer, or is about what the
    /// server does not claim.
    #[must_use]
    pub fn has_looked(&self) -> bool {
        self.rows.iter().any(|row| match &row.outcome {
            Outcome::Pass => true,
            Outcome::Fail(failure) => failure.exchanges.iter().any(|one| one.status.is_ok()),
            Outcome::NotApplicable { .. } | Outcome::Skipped { .. } => false,
        })
    }

    /// The checks that failed, whatever their level.
    pub fn failed(&self) -> impl Iterator<Item = &Row> {
        self.rows.iter().filter(|row| matches!(row.outcome, Outcome::Fail(_)))
    }
}
