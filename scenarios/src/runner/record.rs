//! What is written down while a script is carried out.

use std::collections::BTreeMap;

use calamity_evidence::{Intent, Lineage, Step, Violation};
use jiff::Timestamp;

use crate::view::{Marks, RunRecord};

/// The most violations that are kept of one kind; the rest is only counted.
const KEPT_MAX: u64 = 50;

/// Everything that is known beside the servers' logs.
#[derive(Clone, Debug, Default)]
pub(super) struct Record {
    pub(super) steps: Vec<Step>,
    pub(super) intents: Vec<Intent>,
    pub(super) runs: Vec<RunRecord>,
    pub(super) violations: Vec<Violation>,
    pub(super) checks: BTreeMap<String, u64>,
    pub(super) story: Marks,
    pub(super) settled: bool,
    /// Items of which something was approved, with the moment.
    pub(super) approved: BTreeMap<Lineage, Timestamp>,
    /// Faults that are or were armed, with how often each has to fire and the step of its begin.
    pub(super) faults: BTreeMap<String, Promised>,
    found: BTreeMap<String, u64>,
}

/// A fault that has to fire.
#[derive(Clone, Debug)]
pub(super) struct Promised {
    pub(super) step: usize,
    pub(super) hits: crate::language::Amount,
    pub(super) rules: Vec<String>,
    pub(super) side: calamity_evidence::Side,
    pub(super) armed: bool,
}

impl Record {
    /// Notes that something was looked at so many times.
    pub(super) fn checked(&mut self, what: &str, times: u64) {
        if times > 0 {
            *self.checks.entry(what.to_owned()).or_default() += times;
        }
    }

    /// Notes what is broken. The same finding of a later step is not noted again.
    pub(super) fn broken(&mut self, violations: impl IntoIterator<Item = Violation>) {
        for violation in violations {
            let known = self.violations.iter().any(|known| {
                known.invariant == violation.invariant
                    && known.expected == violation.expected
                    && known.found == violation.found
            });
            if known {
                continue;
            }
            let count = self.found.entry(violation.invariant.clone()).or_default();
            *count += 1;
            if *count <= KEPT_MAX {
                self.violations.push(violation);
            }
        }
    }
}
