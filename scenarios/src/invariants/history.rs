//! What users did to each item and what of it has reached the other side, read from the write log.
//!
//! This is the judges' own idea of what a sync has to do, and it is much simpler than an engine's:
//! it knows items by lineage and edits only as "something changed here".

use std::collections::{BTreeMap, BTreeSet};

use calamity_evidence::{Actor, Lineage, Side, Write, WriteOp};
use calamity_mock_servers::Edit;

use crate::language::Reply;
use crate::script::{Act, EditedItem};
use crate::view::{RunRecord, View};

use super::replay::Happened;
use super::runs::{answer, exit, mails_wanted, requests_of, syncs};

/// One item on one side.
#[derive(Clone, Debug, Default)]
pub(super) struct Place {
    /// How many items there carry the lineage, by the log.
    pub(super) live: u64,
    /// The calendar, in lower case, from which a user deleted it, unless it was made there again.
    pub(super) deleted: Option<String>,
    /// A user made or edited it here, and the other side has not been written since.
    pub(super) edited: bool,
    /// Whether a run may write it here: a user did something to it on the other side, and no run
    /// has finished writing it here since.
    pub(super) open: bool,
    /// Guests that it has here by the will of a user; none when no user ever wrote it here.
    pub(super) guests: Option<BTreeSet<String>>,
}

/// One item on both sides.
#[derive(Clone, Debug, Default)]
pub(super) struct Item {
    places: [Place; 2],
}

impl Item {
    pub(super) fn on(&self, side: Side) -> &Place {
        &self.places[usize::from(side == Side::B)]
    }

    fn on_mut(&mut self, side: Side) -> &mut Place {
        &mut self.places[usize::from(side == Side::B)]
    }

    /// Whether the users want it to exist: nobody deleted it, or an edit that the deleting user had
    /// not seen stands against it.
    pub(super) fn wanted(&self) -> bool {
        let beaten = |side: Side| {
            let other = self.on(side.other());
            self.on(side).deleted.is_none() || (other.edited && other.deleted.is_none())
        };
        beaten(Side::A) && beaten(Side::B)
    }
}

/// Every item of a run.
#[derive(Clone, Debug, Default)]
pub(super) struct History {
    items: BTreeMap<Lineage, Item>,
    /// In the current run: what the client wrote, and what it was refused.
    written: BTreeSet<(Lineage, Side)>,
    refused: BTreeSet<(Lineage, Side)>,
    /// The step whose edits were looked at, and items of it of which only guests changed.
    step: Option<usize>,
    only_guests: BTreeSet<(Lineage, Side)>,
}

impl History {
    /// What is known of an item.
    pub(super) fn item(&self, lineage: &Lineage) -> Option<&Item> {
        self.items.get(lineage)
    }

    /// Every item, by lineage.
    pub(super) fn items(&self) -> impl Iterator<Item = (&Lineage, &Item)> {
        self.items.iter()
    }

    /// Takes in what happened next.
    pub(super) fn note(&mut self, view: &View<'_>, happened: Happened<'_>) {
        self.look_at_edits(view);
        match happened {
            Happened::Began => {
                self.written.clear();
                self.refused.clear();
            }
            Happened::Wrote(write) => self.wrote(mails_wanted(view), write),
            Happened::Ended(run) => self.ended(view, run),
        }
    }

    fn wrote(&mut self, mails_wanted: bool, write: &Write) {
        let Some(lineage) = &write.lineage else { return };
        let side = write.server;
        if write.by_client() {
            let set = if write.applied() { &mut self.written } else { &mut self.refused };
            set.insert((lineage.clone(), side));
        }
        if !write.applied() {
            return;
        }
        // What users do to guests stays on its side unless guests are copied.
        let more_than_guests = !self.only_guests.contains(&(lineage.clone(), side));
        let item = self.items.entry(lineage.clone()).or_default();
        match write.op {
            WriteOp::Create => {
                let place = item.on_mut(side);
                place.live += 1;
                place.deleted = None;
            }
            WriteOp::Delete => {
                let place = item.on_mut(side);
                place.live = place.live.saturating_sub(1);
            }
            _ => {}
        }
        match (&write.actor, write.op) {
            (Actor::Client(_), WriteOp::Create | WriteOp::Update) => {
                // Both are settled when the written side had its say as well.
                if item.on(side.other()).edited {
                    item.on_mut(side).edited = false;
                }
                item.on_mut(side.other()).edited = false;
            }
            (Actor::Client(_), _) => {}
            (_, WriteOp::Create | WriteOp::Update) => {
                let guests = write.attendees.iter().cloned().collect();
                item.on_mut(side).guests = Some(guests);
                if write.op == WriteOp::Create || mails_wanted || more_than_guests {
                    item.on_mut(side).edited = true;
                    item.on_mut(side.other()).open = true;
                }
            }
            (_, WriteOp::Delete) => {
                let place = item.on_mut(side);
                place.deleted = Some(write.container.to_lowercase());
                place.guests = None;
                place.edited = false;
            }
            _ => {}
        }
    }

    /// Looks at the edits of the step, before its writes.
    fn look_at_edits(&mut self, view: &View<'_>) {
        if self.step == Some(view.step) {
            return;
        }
        self.step = Some(view.step);
        self.only_guests.clear();
        let Some(Act::Edit(acted)) = view.script.steps.get(view.step).map(|step| &step.act) else {
            return;
        };
        let (guests, more): (Vec<_>, Vec<_>) =
            acted.items.iter().partition(|item| matches!(item.edit, Edit::Invite(_)));
        let key = |item: &EditedItem| (item.lineage.clone(), acted.on);
        let more: BTreeSet<_> = more.into_iter().map(key).collect();
        self.only_guests = guests.into_iter().map(key).filter(|key| !more.contains(key)).collect();
    }

    fn ended(&mut self, view: &View<'_>, run: &RunRecord) {
        let Some(exit) = exit(run).filter(|_| syncs(run)) else { return };
        if answer(view, run) == Some(Reply::N) {
            return;
        }
        if exit == 0 {
            // It says that nothing is left to do.
            for place in self.items.values_mut().flat_map(|item| &mut item.places) {
                place.edited = false;
                place.open = false;
            }
            return;
        }
        // After a broken answer the client has to look again, and may write again.
        if requests_of(view, run).iter().any(|request| request.status.is_none()) {
            return;
        }
        for (lineage, side) in self.written.difference(&self.refused) {
            if let Some(item) = self.items.get_mut(lineage) {
                item.on_mut(*side).open = false;
            }
        }
    }
}
