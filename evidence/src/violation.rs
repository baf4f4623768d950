//! A broken invariant, with the evidence for it.

use serde::{Deserialize, Serialize};

use crate::{Mail, Write};

/// What was found wrong, when, and on what evidence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Violation {
    /// The invariant's name, or `expectation` for a step's own `expect`.
    pub invariant: String,
    /// The step of the script after which it was found, counted from 0.
    pub step: usize,
    /// What was expected, as a sentence fragment.
    pub expected: String,
    /// What was found instead.
    pub found: String,
    /// The writes that broke it, at most [`Violation::EVIDENCE_MAX`].
    pub writes: Vec<Write>,
    /// Who would have been mailed, at most [`Violation::EVIDENCE_MAX`].
    pub mails: Vec<Mail>,
    /// How many writes broke it in all.
    pub writes_total: u64,
    /// How many mails there were in all.
    pub mails_total: u64,
}

impl Violation {
    /// The most writes, and the most mails, that are kept as evidence.
    pub const EVIDENCE_MAX: usize = 100;

    /// A violation without writes or mails.
    #[must_use]
    pub fn new(
        invariant: &str,
        step: usize,
        expected: impl Into<String>,
        found: impl Into<String>,
    ) -> Self {
        Self {
            invariant: invariant.to_owned(),
            step,
            expected: expected.into(),
            found: found.into(),
            writes: Vec::new(),
            mails: Vec::new(),
            writes_total: 0,
            mails_total: 0,
        }
    }

    /// The same violation with these writes as its evidence.
    #[must_use]
    pub fn with_writes<'a>(mut self, writes: impl IntoIterator<Item = &'a Write>) -> Self {
        for write in writes {
            self.writes_total += 1;
            if self.writes.len() < Self::EVIDENCE_MAX {
                self.writes.push(write.clone());
            }
        }
        self
    }

    /// The same violation with these mails as its evidence.
    #[must_use]
    pub fn with_mails<'a>(mut self, mails: impl IntoIterator<Item = &'a Mail>) -> Self {
        for mail in mails {
            self.mails_total += 1;
            if self.mails.len() < Self::EVIDENCE_MAX {
                self.mails.push(mail.clone());
            }
        }
        self
    }
}
