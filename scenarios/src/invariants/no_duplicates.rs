//! At most one item of a lineage in a calendar, whatever crashed, was lost or was tried again.

use std::collections::{BTreeMap, BTreeSet};

use calamity_evidence::{Actor, Lineage, Side, Violation, Write, WriteOp};

use crate::view::View;

use super::{Invariant, Judge, Need, runs::caused_by};

const NAME: &str = "no-duplicates";

/// See the module.
#[derive(Clone, Copy, Debug)]
pub(super) struct NoDuplicates;

impl Invariant for NoDuplicates {
    fn name(&self) -> &'static str {
        NAME
    }

    fn about(&self) -> &'static str {
        "a calendar holds an item at most once, unless users made it several times"
    }

    fn needs(&self) -> &'static [Need] {
        &[Need::WriteLog]
    }

    fn start(&self) -> Box<dyn Judge> {
        Box::<Watch>::default()
    }
}

/// An item in a calendar, its name in lower case.
type Spot = (Side, String, Lineage);

#[derive(Clone, Debug, Default)]
struct Watch {
    writes: usize,
    /// How many there are by the log, and how many of them users made.
    live: BTreeMap<Spot, (u64, u64)>,
    told: BTreeSet<Spot>,
}

impl Judge for Watch {
    fn fork(&self) -> Box<dyn Judge> {
        Box::new(self.clone())
    }

    fn after_step(&mut self, view: &View<'_>) -> Vec<Violation> {
        let fresh = view.writes.get(self.writes..).unwrap_or_default();
        self.writes = view.writes.len();
        let mut suspects = BTreeSet::new();
        for write in fresh.iter().filter(|write| write.applied()) {
            let Some(spot) = spot(write) else { continue };
            let (live, users) = self.live.entry(spot.clone()).or_default();
            match (write.op, &write.actor) {
                (WriteOp::Create, Actor::Client(_)) => *live += 1,
                (WriteOp::Create, _) => {
                    *live += 1;
                    *users += 1;
                }
                (WriteOp::Delete, _) => {
                    *live = live.saturating_sub(1);
                    *users = (*users).min(*live);
                }
                _ => {}
            }
            if *live > (*users).max(1) {
                suspects.insert(spot);
            }
        }
        // The log does not know of rows that a server lost: its state says what there is.
        if suspects.is_empty() { Vec::new() } else { self.look(view, Some(&suspects)) }
    }

    fn at_end(&mut self, view: &View<'_>) -> Vec<Violation> {
        self.look(view, None)
    }
}

impl Watch {
    fn look(&mut self, view: &View<'_>, only: Option<&BTreeSet<Spot>>) -> Vec<Violation> {
        let mut there: BTreeMap<Spot, u64> = BTreeMap::new();
        for side in Side::BOTH {
            for item in view.items(side) {
                let Some(lineage) = item.lineage.clone() else { continue };
                *there.entry((side, item.calendar.to_lowercase(), lineage)).or_default() += 1;
            }
        }
        let mut wrong = BTreeSet::new();
        for (spot, count) in there {
            let users = self.live.get(&spot).map_or(0, |(_, users)| *users);
            let asked = only.is_none_or(|only| only.contains(&spot));
            if asked && count > users.max(1) && self.told.insert(spot.clone()) {
                wrong.insert(spot);
            }
        }
        if wrong.is_empty() {
            return Vec::new();
        }
        let creates = view.writes.iter().filter(|write| {
            write.op == WriteOp::Create
                && write.applied()
                && spot(write).is_some_and(|spot| wrong.contains(&spot))
        });
        let creates: Vec<&Write> = creates.collect();
        let mails = caused_by(view, &creates);
        let found = format!("{} items are there more than once", wrong.len());
        vec![
            Violation::new(NAME, view.step, "each item once in its calendar", found)
                .with_writes(creates)
                .with_mails(mails),
        ]
    }
}

fn spot(write: &Write) -> Option<Spot> {
    let lineage = write.lineage.clone()?;
    Some((write.server, write.container.to_lowercase(), lineage))
}
