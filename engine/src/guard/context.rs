//! What the rules may look at besides the operation: facts, gathered before they are asked.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::Attendees;
use crate::plan::{Key, Names, PairId};

use super::Thresholds;

/// When the guard is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Before anybody is asked and anything is written.
    BeforeConfirmation,
    /// After creates and merges, before the deletes.
    BeforeDeletes,
}

/// Whether somebody answers for the run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attended {
    /// A person sees the plan and is asked.
    Yes,
    /// Nobody does.
    No,
}

/// What a provider said when it was asked about an item that is to be deleted on the other side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Confirmation {
    /// It says that the item does not exist.
    Gone,
    /// It says that the item is there.
    StillThere,
    /// It could not be asked, or not within the budget.
    Unasked(String),
}

/// Facts of a container pair.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PairFacts {
    /// Items of the baseline: what both sides held when they last agreed.
    pub agreed: u64,
    /// Items that are on side a, and on side b.
    pub present: [u64; 2],
    /// Deletes planned on side a, and on side b, that nobody has approved.
    pub deletes: [u64; 2],
    /// Why the observation of this run is incomplete, if it is.
    pub incomplete: Option<String>,
    /// Creates and merges that are unresolved: failed in an earlier run or in this one, and not
    /// done since. At [`Stage::BeforeConfirmation`] those that this run will try again are left
    /// out, because the guard is asked again when they have been tried.
    pub unresolved: u64,
}

/// Everything that the rules may look at.
#[derive(Debug)]
pub struct Context<'a> {
    /// When the guard is asked.
    pub stage: Stage,
    /// Whether somebody answers for the run.
    pub attended: Attended,
    /// Names and promises of the providers.
    pub names: &'a Names,
    /// What the pair does with guests.
    pub attendees: Attendees,
    /// The ceiling.
    pub thresholds: &'a Thresholds,
    /// Facts by container pair.
    pub pairs: &'a BTreeMap<PairId, PairFacts>,
    /// Unapproved deletes planned in this run over all pairs.
    pub deletes_run: u64,
    /// Unapproved deletes carried out within the window, this run's not counted.
    pub deletes_window: u64,
    /// Whether filters or lists differ from those of the last run.
    pub reconfigured: bool,
    /// Confirmations of deletes.
    pub confirmations: &'a BTreeMap<Key, Confirmation>,
    /// Operations that a person has approved.
    pub approved: &'a BTreeSet<Key>,
}
