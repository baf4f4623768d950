//! Files whose events or contacts a server is given: what was taken from each, and what was not,
//! with the line where it stands.

use schemars::JsonSchema;
use serde::Serialize;

use crate::world::Skipped;

/// The most lines that are told of one file.
const TOLD_MAX: usize = 1_000;

/// What became of one file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Import {
    /// The file, as the configuration names it.
    pub file: String,
    /// The server.
    pub server: String,
    /// The user.
    pub user: String,
    /// The calendar or address book.
    pub collection: String,
    /// How many events or contacts it gave.
    pub items: u64,
    /// How many components were passed over.
    pub skipped_total: u64,
    /// Those, the first 1,000.
    pub skipped: Vec<SkippedLine>,
}

/// One thing that was passed over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SkippedLine {
    /// The line in the file, from 1.
    pub line: u64,
    /// The uid of what it belongs to, where known.
    pub uid: Option<String>,
    /// Why.
    pub reason: String,
}

impl Import {
    /// Notes the id of what an item of the file became, or why it was passed over.
    pub(super) fn note(&mut self, line: u64, uid: String, outcome: Result<String, String>) {
        match outcome {
            Ok(_) => self.items += 1,
            Err(reason) => self.skip(line, Some(uid), reason),
        }
    }

    fn skip(&mut self, line: u64, uid: Option<String>, reason: String) {
        self.skipped_total += 1;
        if self.skipped.len() < TOLD_MAX {
            self.skipped.push(SkippedLine { line, uid, reason });
        }
    }

    pub(super) fn skip_all(&mut self, skipped: Vec<Skipped>) {
        for Skipped { line, uid, reason } in skipped {
            self.skip(line, uid, reason);
        }
    }

    /// In the order of the file.
    pub(super) fn sorted(mut self) -> Self {
        self.skipped.sort_by_key(|skipped| skipped.line);
        self
    }
}
