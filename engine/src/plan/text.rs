//! The text of a plan, byte for byte: programs and people compare it.

use calamity_evidence::Side;

use crate::model::{Capability, Policy};

use super::{Action, OpType, Operation, Target};

/// How the two providers are called in a plan, and what they promise.
#[derive(Clone, Debug)]
pub struct Names {
    /// Side a's short name, with `:NAME` when both sides speak the same protocol.
    pub a: String,
    /// Side b's.
    pub b: String,
    /// What side a promises about notifications.
    pub policy_a: Policy,
    /// What side b promises.
    pub policy_b: Policy,
}

impl Names {
    /// The name of a side.
    #[must_use]
    pub fn of(&self, side: Side) -> &str {
        match side {
            Side::A => &self.a,
            Side::B => &self.b,
        }
    }

    /// The promises of a side.
    #[must_use]
    pub fn policy(&self, side: Side) -> &Policy {
        match side {
            Side::A => &self.policy_a,
            Side::B => &self.policy_b,
        }
    }

    /// How silent an operation is; none for those that cannot mail by their nature.
    #[must_use]
    pub fn capability(&self, operation: &Operation) -> Option<Capability> {
        match (&operation.action, operation.target()) {
            (Action::CreateItem { .. }, Target::One(on)) => Some(self.policy(on).create_item),
            (Action::DeleteItem { .. }, Target::One(on)) => Some(self.policy(on).delete_item),
            (Action::MergeItem { .. }, _) => {
                Some(self.policy_a.update_item.max(self.policy_b.update_item))
            }
            _ => None,
        }
    }
}

/// The line of an operation.
#[must_use]
pub fn line(operation: &Operation, names: &Names) -> String {
    let op = operation.op().word();
    let base = match &operation.action {
        Action::SkipSubtree => format!("PLAN {op} {}", operation.container),
        Action::CreateContainer { on } => {
            format!("PLAN {op} \"{}\" on {}", operation.container, names.of(*on))
        }
        Action::CreateItem { on, source, .. } => {
            format!("PLAN {op} {} on {}", source.id, names.of(*on))
        }
        Action::MergeItem { a, b, .. } => format!("PLAN {op} {} <-> {}", a.id, b.id),
        Action::DeleteItem { on, leaf, .. } => {
            format!("PLAN {op} {} on {}", leaf.id, names.of(*on))
        }
        Action::Forget { mapping } => {
            format!("PLAN {op} {} <-> {} (both gone)", mapping.a_id, mapping.b_id)
        }
    };
    match names.capability(operation) {
        None | Some(Capability::Suppressed) => base,
        Some(capability) => format!("{base}    [!] notifications {}", capability.word()),
    }
}

/// Counters of a plan.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PlanCounts {
    /// Containers to be created.
    pub containers: u64,
    /// Items to be created.
    pub created: u64,
    /// Merges.
    pub updated: u64,
    /// Items to be deleted, bookkeeping included.
    pub deleted: u64,
    /// Of these, bookkeeping only: nothing is written for them.
    pub forgotten: u64,
    /// Subtrees passed over.
    pub skipped: u64,
}

/// Counts operations.
#[must_use]
pub fn counts<'a>(operations: impl IntoIterator<Item = &'a Operation>) -> PlanCounts {
    let mut counts = PlanCounts::default();
    for operation in operations {
        match operation.op() {
            OpType::CreateContainer => counts.containers += 1,
            OpType::CreateItem => counts.created += 1,
            OpType::MergeItem => counts.updated += 1,
            OpType::DeleteItem => counts.deleted += 1,
            OpType::SkipSubtree => counts.skipped += 1,
            OpType::DeleteContainer => {}
        }
        if matches!(operation.action, Action::Forget { .. }) {
            counts.forgotten += 1;
        }
    }
    counts
}

/// The line after the operations.
#[must_use]
pub fn summary_line(counts: &PlanCounts) -> String {
    let PlanCounts { containers, created, updated, deleted, skipped, .. } = counts;
    format!(
        "SUMMARY containers={containers} created={created} updated={updated} deleted={deleted} \
         skipped={skipped}"
    )
}

/// The note under a plan of which some line carries a mark.
#[must_use]
pub fn note() -> &'static str {
    "NOTE: some ops may emit attendee notifications (see [!] markers above)"
}
