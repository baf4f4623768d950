//! What a known-bad engine says of itself, and the list of all.

use calamity_engine::Assembly;

use crate::sut::SutChoice;

/// How a known-bad engine fares in the healthy control run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Control {
    /// It passes: its defect shows only when something goes wrong.
    Passes,
    /// It fails: it is over-cautious and does not do its work.
    Fails,
}

/// An engine with one defect.
#[derive(Clone, Copy, Debug)]
pub struct KnownBad {
    /// Its name in reports and in the expected rows.
    pub name: &'static str,
    /// What is wrong with it, as a sentence.
    pub about: &'static str,
    /// The invariant that it breaks, declared before it was ever run.
    pub breaks: &'static str,
    /// How it fares in the control run.
    pub control: Control,
    /// Puts the defect in.
    pub build: fn(Assembly) -> Assembly,
}

impl KnownBad {
    /// It, as a system under test.
    #[must_use]
    pub fn sut(&self) -> SutChoice {
        SutChoice { name: self.name.to_owned(), build: self.build }
    }
}

/// Every known-bad engine, in the order of the proof.
#[must_use]
pub fn all() -> &'static [KnownBad] {
    const ALL: &[KnownBad] = &[
        super::swallow_not_created::KNOWN_BAD,
        super::deletes_after_failed_creates::KNOWN_BAD,
        super::deletes_first::KNOWN_BAD,
        super::partial_taken_as_complete::KNOWN_BAD,
        super::identity_by_id::KNOWN_BAD,
        super::hashes_advanced_over_failed_write::KNOWN_BAD,
        super::token_stored_early::KNOWN_BAD,
        super::doubt_believed::KNOWN_BAD,
        super::answers_believed::KNOWN_BAD,
        super::impatient::KNOWN_BAD,
        super::suppression_believed::KNOWN_BAD,
        super::no_notifies::KNOWN_BAD,
        super::no_confirm_gone::KNOWN_BAD,
        super::no_ceiling::KNOWN_BAD,
        super::hold_everything::KNOWN_BAD,
        super::never_write::KNOWN_BAD,
    ];
    ALL
}

/// The one of this name.
#[must_use]
pub fn find(name: &str) -> Option<&'static KnownBad> {
    all().iter().find(|known| known.name == name)
}
