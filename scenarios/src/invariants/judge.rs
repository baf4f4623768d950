//! The shape of an invariant.

use std::fmt::Debug;

use calamity_evidence::Violation;

use crate::view::View;

/// What an invariant must be able to look at. It is left out where the system under test does not
/// show it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Need {
    /// The servers' items, write logs and requests. Every system under test meets the servers.
    WriteLog,
    /// The servers' outboxes.
    Outbox,
    /// The store of the system under test.
    Store,
    /// Exit codes, counters and printed lines.
    Printed,
}

/// One thing that must hold in every scenario.
pub trait Invariant: Debug + Sync {
    /// Its name in reports and in the proof; it never changes.
    fn name(&self) -> &'static str;

    /// What it says, as a sentence.
    fn about(&self) -> &'static str;

    /// What it looks at.
    fn needs(&self) -> &'static [Need];

    /// Begins to judge one run of a script.
    fn start(&self) -> Box<dyn Judge>;
}

/// One invariant watching one run of a script. It reads each log once.
pub trait Judge: Debug + Send + Sync {
    /// What is wrong after a step. What was told once is not told again.
    fn after_step(&mut self, view: &View<'_>) -> Vec<Violation>;

    /// The same judge, having seen the same: for a run that goes on in two ways.
    fn fork(&self) -> Box<dyn Judge>;

    /// What is wrong at the end, after the last [`Judge::after_step`].
    fn at_end(&mut self, _view: &View<'_>) -> Vec<Violation> {
        Vec::new()
    }
}
