//! The logs as one sequence of what happened, each part of it once.

use calamity_evidence::Write;

use crate::view::{RunRecord, View};

/// Something that happened, in order.
#[derive(Clone, Copy, Debug)]
pub(super) enum Happened<'v> {
    /// A run of the system under test began.
    Began,
    /// Somebody attempted to write.
    Wrote(&'v Write),
    /// The run ended, or was killed.
    Ended(&'v RunRecord),
}

/// How far the logs were read.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Replay {
    writes: usize,
    runs: usize,
}

impl Replay {
    /// What happened since the last call.
    pub(super) fn next<'v>(&mut self, view: &View<'v>) -> Vec<Happened<'v>> {
        let mut happened = Vec::new();
        let runs = view.runs.get(self.runs..).unwrap_or_default();
        self.runs += runs.len();
        for run in runs {
            self.writes_to(view, run.writes.start, &mut happened);
            happened.push(Happened::Began);
            self.writes_to(view, run.writes.end, &mut happened);
            happened.push(Happened::Ended(run));
        }
        self.writes_to(view, view.writes.len(), &mut happened);
        happened
    }

    fn writes_to<'v>(&mut self, view: &View<'v>, to: usize, happened: &mut Vec<Happened<'v>>) {
        let to = to.min(view.writes.len());
        let fresh = view.writes.get(self.writes..to).unwrap_or_default();
        happened.extend(fresh.iter().map(Happened::Wrote));
        self.writes = self.writes.max(to);
    }
}
