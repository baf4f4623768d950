//! All invariants together, as the runner uses them.

use std::collections::BTreeMap;

use calamity_evidence::Violation;

use crate::view::View;

use super::{
    Invariant, Judge, Need, approved_goes_through::ApprovedGoesThrough, converged::Converged,
    delete_has_intent::DeleteHasIntent, edit_beats_delete::EditBeatsDelete,
    explained_by_intent::ExplainedByIntent, faults_fired::FaultsFired, guests_kept::GuestsKept,
    no_delete_while_unresolved::NoDeleteWhileUnresolved, no_duplicates::NoDuplicates,
    no_secrets::NoSecrets, no_swallowed_error::NoSwallowedError, outbox_quiet::OutboxQuiet,
    store_acknowledged::StoreAcknowledged, store_integrity::StoreIntegrity,
};

/// Every invariant, in the order of the design.
#[must_use]
pub fn all() -> &'static [&'static dyn Invariant] {
    &[
        &DeleteHasIntent,
        &OutboxQuiet,
        &StoreAcknowledged,
        &StoreIntegrity,
        &NoDuplicates,
        &Converged,
        &ExplainedByIntent,
        &GuestsKept,
        &EditBeatsDelete,
        &NoDeleteWhileUnresolved,
        &ApprovedGoesThrough,
        &FaultsFired,
        &NoSwallowedError,
        &NoSecrets,
    ]
}

/// The invariants that watch one run of a script.
#[derive(Clone, Debug)]
pub struct Judges {
    seats: Vec<Seat>,
}

#[derive(Debug)]
struct Seat {
    name: &'static str,
    judge: Box<dyn Judge>,
    checks: u64,
}

impl Clone for Seat {
    fn clone(&self) -> Self {
        Self { name: self.name, judge: self.judge.fork(), checks: self.checks }
    }
}

impl Judges {
    /// Those whose needs the system under test meets.
    #[must_use]
    pub fn start(offered: &[Need]) -> Self {
        let met = |invariant: &&&dyn Invariant| {
            invariant.needs().iter().all(|need| offered.contains(need))
        };
        let seat = |invariant: &&dyn Invariant| Seat {
            name: invariant.name(),
            judge: invariant.start(),
            checks: 0,
        };
        Self { seats: all().iter().filter(met).map(seat).collect() }
    }

    /// What is wrong after a step.
    pub fn after_step(&mut self, view: &View<'_>) -> Vec<Violation> {
        let mut found = Vec::new();
        for seat in &mut self.seats {
            seat.checks += 1;
            found.extend(seat.judge.after_step(view));
        }
        found
    }

    /// What is wrong at the end.
    pub fn at_end(&mut self, view: &View<'_>) -> Vec<Violation> {
        let mut found = self.after_step(view);
        for seat in &mut self.seats {
            found.extend(seat.judge.at_end(view));
        }
        found
    }

    /// How often each invariant was evaluated.
    #[must_use]
    pub fn checks(&self) -> BTreeMap<String, u64> {
        self.seats.iter().map(|seat| (seat.name.to_owned(), seat.checks)).collect()
    }
}
