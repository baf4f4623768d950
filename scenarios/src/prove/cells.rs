//! One cell of the matrix: one engine in one drill.

use std::collections::BTreeSet;

use calamity_evidence::{Outcome, Violation};

use crate::known_bad::KnownBad;
use crate::runner::{self, Options};
use crate::sut::SutChoice;

use super::plan::Drill;

/// A panic is no verdict of an invariant.
const PANIC: &str = "panic";

/// What a drill says of itself when it cannot go on as written. After a catch that is no wonder: the
/// item that a user is to edit is gone. Without one the drill is wrong.
const AFTERMATH: &[&str] = &["story", "sweep"];

/// What came of one engine in one drill.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    /// The engine: a known-bad one, or `engine`.
    pub engine: String,
    /// The drill.
    pub drill: String,
    /// The invariants that caught it.
    pub caught_by: BTreeSet<String>,
    /// What else went wrong: panics, which count as no catch, and mistakes of the drill.
    pub mishaps: Vec<String>,
    /// The first violation of each invariant, as evidence.
    pub evidence: Vec<Violation>,
}

impl Cell {
    /// Runs the healthy engine in a drill.
    pub(super) fn healthy(drill: &Drill<'_>) -> Self {
        Self::run(&SutChoice::engine(), drill)
    }

    /// Runs a known-bad engine in a drill.
    pub(super) fn known_bad(known: &KnownBad, drill: &Drill<'_>) -> Self {
        Self::run(&known.sut(), drill)
    }

    fn run(sut: &SutChoice, drill: &Drill<'_>) -> Self {
        Self::of(drill.name, &runner::run(drill.script, sut, &Options::default()))
    }

    pub(super) fn of(drill: &str, outcome: &Outcome) -> Self {
        let mut cell = Self {
            engine: outcome.sut.clone(),
            drill: drill.to_owned(),
            caught_by: BTreeSet::new(),
            mishaps: Vec::new(),
            evidence: Vec::new(),
        };
        for violation in &outcome.violations {
            let name = violation.invariant.as_str();
            if name == PANIC || AFTERMATH.contains(&name) {
                cell.mishaps.push(format!("{name}: {}", violation.found));
            } else if cell.caught_by.insert(violation.invariant.clone()) {
                cell.evidence.push(violation.clone());
            }
        }
        if !cell.caught_by.is_empty() {
            cell.mishaps.retain(|mishap| mishap.starts_with(PANIC));
        }
        cell
    }
}
