//! What came of one drill, and of a whole catalogue of them. The JSON form is versioned.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{FaultHit, Summary, Violation};

/// The version of the JSON form of [`Catalogue`]. It grows when a reader of the older one would
/// misread the newer one.
pub const FORMAT: u32 = 1;

/// How a drill ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// Every expectation and every invariant held, and every fault fired.
    Passed,
    /// Something did not hold.
    Failed,
}

/// One step as it was carried out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// Its place in the script, counted from 0.
    pub index: usize,
    /// What it was, in a few words: `sync`, `user a create 40`, `fault refuse`.
    pub name: String,
    /// When it ended, on the virtual clock.
    pub at: Timestamp,
    /// For a sync: the exit code.
    pub exit: Option<u8>,
    /// For a sync: its counters.
    pub summary: Option<Summary>,
    /// For a sync: how many operations it held, by reason.
    pub held: BTreeMap<String, u64>,
    /// What the system under test printed, at most 64 KiB.
    pub printed: String,
}

/// An item that was not synced.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Refused {
    /// Its title, or what else names it.
    pub title: String,
    /// Why: which server cannot hold what of it, or what could not be read and where.
    pub reason: String,
}

/// What came of one drill.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// The drill's name: its file name without ending, or the scenario's path.
    pub drill: String,
    /// Its title, a sentence.
    pub title: String,
    /// Tags: the folder of the catalogue and those of the file.
    pub tags: Vec<String>,
    /// The entry of the list of public incidents that it reproduces.
    pub reproduces: Option<u32>,
    /// What was drilled: `engine`, or the name of a known-bad engine.
    pub sut: String,
    /// The seed of its world.
    pub seed: u64,
    /// How it ended.
    pub verdict: Verdict,
    /// The digest of the run: equal for equal script and binary.
    pub digest: String,
    /// Steps carried out.
    pub steps: Vec<Step>,
    /// What was found wrong.
    pub violations: Vec<Violation>,
    /// Faults that fired.
    pub faults: Vec<FaultHit>,
    /// Invariants and expectations that were evaluated, with how often each was.
    pub checks: BTreeMap<String, u64>,
    /// Facts worth a line: points of a crash enumeration, items of a world, ...
    pub facts: BTreeMap<String, String>,
    /// Items that were not synced.
    pub refused: Vec<Refused>,
    /// Virtual time from first to last step, in milliseconds.
    pub virtual_ms: u64,
    /// Requests that reached the two servers.
    pub requests: u64,
    /// The shell command that runs this very drill again.
    pub replay: String,
}

impl Outcome {
    /// Whether everything held.
    #[must_use]
    pub fn passed(&self) -> bool {
        self.verdict == Verdict::Passed
    }
}

/// What came of several drills; the root of the JSON report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Catalogue {
    /// [`FORMAT`] of the writer.
    pub format: u32,
    /// The version of the binary.
    pub version: String,
    /// The drills in the order in which they ran.
    pub outcomes: Vec<Outcome>,
}

impl Catalogue {
    /// How many drills passed.
    #[must_use]
    pub fn passed(&self) -> usize {
        self.outcomes.iter().filter(|outcome| outcome.passed()).count()
    }

    /// How many drills failed.
    #[must_use]
    pub fn failed(&self) -> usize {
        self.outcomes.len() - self.passed()
    }
}
