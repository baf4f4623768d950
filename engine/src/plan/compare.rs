//! Comparing the three trees of each container pair.
//!
//! The rule kept here: a delete needs a baseline entry whose other side is gone *and* whose
//! remaining side is what the baseline says. Whatever was edited since then is brought back instead.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use calamity_evidence::Side;

use crate::content::{self, Event, Inexpressible, Sides};
use crate::model::{Attendees, ItemId, Uid};

use super::{
    Action, Leaf, Mapping, MappingSide, MergeWrites, Operation, PairTree, Plan, Rebase, Trees,
    pair_hash,
};

/// What a provider makes of events: the pure half of an adapter.
pub trait Projector: Sync {
    /// What it would hold after storing the event and giving it back.
    ///
    /// # Errors
    /// [`Inexpressible`] when it cannot hold the event at all.
    fn project(&self, event: &Event) -> Result<Event, Inexpressible>;

    /// Whether writes lead there, from an event that it holds or from none.
    ///
    /// # Errors
    /// [`Inexpressible`] when they do not.
    fn reach(&self, before: Option<&Event>, after: &Event) -> Result<(), Inexpressible>;
}

/// What each side makes of events.
#[derive(Clone, Copy)]
pub struct Projectors<'a> {
    /// Side a.
    pub a: &'a dyn Projector,
    /// Side b.
    pub b: &'a dyn Projector,
    /// What the pair does with guests.
    pub attendees: Attendees,
}

impl fmt::Debug for Projectors<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Projectors").field("attendees", &self.attendees).finish_non_exhaustive()
    }
}

impl<'a> Projectors<'a> {
    fn of(&self, side: Side) -> &'a dyn Projector {
        match side {
            Side::A => self.a,
            Side::B => self.b,
        }
    }
}

/// What has to happen so that every container pair agrees again.
#[must_use]
pub fn plan(trees: &Trees, projectors: &Projectors<'_>) -> Plan {
    let mut plan = Plan::default();
    for pair in trees.pairs.iter().filter(|pair| pair.complete) {
        let lacking = match (&pair.a.container, &pair.b.container) {
            (Some(_), Some(_)) => None,
            (Some(_), None) => Some(Side::B),
            (None, Some(_)) => Some(Side::A),
            (None, None) => continue,
        };
        if let Some(on) = lacking {
            plan.operations.push(Operation {
                pair: pair.id,
                container: pair.name.clone(),
                uid: None,
                action: Action::CreateContainer { on },
            });
        } else if pair.stored_hash.as_ref() == Some(&pair_hash(&pair.a, &pair.b)) {
            plan.operations.push(Operation {
                pair: pair.id,
                container: pair.name.clone(),
                uid: None,
                action: Action::SkipSubtree,
            });
            continue;
        }
        Comparison { pair, projectors, plan: &mut plan }.leaves();
    }
    plan
}

/// Items of one side by identity, those of one identity in the order of their ids.
type Index<'a> = BTreeMap<&'a Uid, Vec<&'a Leaf>>;

struct Comparison<'a, 'p> {
    pair: &'a PairTree,
    projectors: &'a Projectors<'a>,
    plan: &'p mut Plan,
}

impl<'a> Comparison<'a, '_> {
    fn leaves(&mut self) {
        let pair = self.pair;
        let indexes = [self.index(Side::A), self.index(Side::B)];
        let uids: BTreeSet<&Uid> = pair
            .baseline
            .keys()
            .chain(indexes[0].keys().copied())
            .chain(indexes[1].keys().copied())
            .collect();
        for uid in uids {
            let mapping = pair.baseline.get(uid);
            let a = self.pick(Side::A, mapping, indexes[0].get(uid));
            let b = self.pick(Side::B, mapping, indexes[1].get(uid));
            match (a, b, mapping) {
                (Some(a), Some(b), mapping) => self.on_both(uid, a, b, mapping),
                (Some(leaf), None, mapping) => self.on_one(uid, Side::A, leaf, mapping),
                (None, Some(leaf), mapping) => self.on_one(uid, Side::B, leaf, mapping),
                (None, None, Some(mapping)) => {
                    self.push(uid, Action::Forget { mapping: mapping.clone() });
                }
                (None, None, None) => {}
            }
        }
    }

    /// Items by identity, without those that a baseline entry of another identity holds by id.
    fn index(&self, side: Side) -> Index<'a> {
        let held: BTreeMap<&ItemId, &Uid> =
            self.pair.baseline.values().map(|mapping| (mapping.id(side), &mapping.uid)).collect();
        let mut index = Index::new();
        for leaf in self.pair.side(side).items.values() {
            let uid = held.get(&leaf.id).copied().unwrap_or(&leaf.uid);
            index.entry(uid).or_default().push(leaf);
        }
        index
    }

    /// The leaf that stands for an identity on a side: the one that the baseline names where it is
    /// there, else the first by id. The others are reported and left alone.
    fn pick(
        &mut self,
        side: Side,
        mapping: Option<&Mapping>,
        leaves: Option<&Vec<&'a Leaf>>,
    ) -> Option<&'a Leaf> {
        let leaves = leaves?;
        let named = mapping
            .and_then(|mapping| leaves.iter().find(|leaf| leaf.id == *mapping.id(side)))
            .or_else(|| leaves.first())
            .copied()?;
        let others = leaves.iter().filter(|leaf| leaf.id != named.id);
        self.plan.duplicates.extend(others.map(|leaf| (side, leaf.id.clone())));
        Some(named)
    }

    fn push(&mut self, uid: &Uid, action: Action) {
        self.plan.operations.push(Operation {
            pair: self.pair.id,
            container: self.pair.name.clone(),
            uid: Some(uid.clone()),
            action,
        });
    }

    fn on_one(&mut self, uid: &Uid, side: Side, leaf: &Leaf, mapping: Option<&Mapping>) {
        let action = match mapping {
            Some(mapping) if !drifted(mapping.side(side), leaf) => {
                Action::DeleteItem { on: side, leaf: leaf.clone(), mapping: mapping.clone() }
            }
            revives => Action::CreateItem {
                on: side.other(),
                source: leaf.clone(),
                event: self.copy(side.other(), &leaf.event),
                revives: revives.cloned(),
            },
        };
        self.push(uid, action);
    }

    /// What a side is to hold of an event that it lacks.
    fn copy(&self, on: Side, event: &Arc<Event>) -> Result<Arc<Event>, Inexpressible> {
        let copy = match self.projectors.attendees {
            Attendees::Strip => Arc::new(event.without_attendees()),
            Attendees::Hold | Attendees::Send => Arc::clone(event),
        };
        self.projectors.of(on).reach(None, &copy).map(|()| copy)
    }

    fn on_both(&mut self, uid: &Uid, a: &Leaf, b: &Leaf, mapping: Option<&Mapping>) {
        let healed = mapping.is_some_and(|known| known.a_id != a.id || known.b_id != b.id);
        let unread = mapping.is_some_and(|known| known.a.hash.is_none() || known.b.hash.is_none());
        let drift = mapping.is_none_or(|known| drifted(&known.a, a) || drifted(&known.b, b));
        if !drift && !healed && !unread {
            return;
        }
        if drift {
            let action = self.merge(a, b, mapping);
            let writes = match &action {
                Action::MergeItem { writes: Ok(writes), .. } => {
                    writes.a.is_some() || writes.b.is_some()
                }
                _ => true,
            };
            if writes {
                self.push(uid, action);
                return;
            }
        }
        self.plan.rebases.push(Rebase { pair: self.pair.id, mapping: agreed(uid, a, b), healed });
    }

    fn merge(&self, a: &Leaf, b: &Leaf, mapping: Option<&Mapping>) -> Action {
        let base = |side: Side| mapping.and_then(|known| known.side(side).event.as_deref());
        let merged = content::merge(
            Sides { base: base(Side::A), now: &a.event, updated: a.updated },
            Sides { base: base(Side::B), now: &b.event, updated: b.updated },
            self.projectors.attendees,
        );
        let write = |side: Side, now: &Event, then: Event| {
            let holder = self.projectors.of(side);
            if holder.project(now)? == holder.project(&then)? {
                return Ok(None);
            }
            holder.reach(Some(now), &then)?;
            Ok(Some(Arc::new(then)))
        };
        let writes = write(Side::A, &a.event, merged.a)
            .and_then(|a| Ok(MergeWrites { a, b: write(Side::B, &b.event, merged.b)? }));
        Action::MergeItem {
            a: a.clone(),
            b: b.clone(),
            mapping: mapping.cloned(),
            writes,
            conflicts: merged.conflicts,
            drift: [merged.drift_a, merged.drift_b],
        }
    }
}

/// Whether a side holds something else than the baseline says. A baseline without a hash says
/// nothing.
fn drifted(known: &MappingSide, leaf: &Leaf) -> bool {
    known.hash.as_ref().is_some_and(|hash| *hash != leaf.hash)
}

/// The baseline entry of two items that agree.
fn agreed(uid: &Uid, a: &Leaf, b: &Leaf) -> Mapping {
    let side = |leaf: &Leaf| MappingSide {
        hash: Some(leaf.hash.clone()),
        raw: Some(leaf.raw.clone()),
        event: Some(Arc::clone(&leaf.event)),
    };
    Mapping { uid: uid.clone(), a_id: a.id.clone(), b_id: b.id.clone(), a: side(a), b: side(b) }
}
