//! An append-only log of changes, from which every feed is read.
//!
//! A feed costs what changed since its token, not what is stored.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

/// What happened to an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    /// It was made.
    Created,
    /// It was changed.
    Updated,
    /// It is gone.
    Destroyed,
}

/// One change of one object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Change {
    /// The account's modification sequence of this change; strictly rising in the log.
    pub(crate) modseq: u64,
    /// The object's id.
    pub(crate) id: String,
    /// Calendars that held it before or hold it after the change.
    pub(crate) calendars: BTreeSet<String>,
    /// What happened.
    pub(crate) kind: Kind,
}

/// What a stretch of the log comes to for each object that it names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Collapsed {
    /// Made in the stretch and still there.
    pub(crate) created: BTreeSet<String>,
    /// There before the stretch and changed in it.
    pub(crate) updated: BTreeSet<String>,
    /// There before the stretch and gone in it.
    pub(crate) destroyed: BTreeSet<String>,
    /// Made in the stretch and gone in it.
    pub(crate) fleeting: BTreeSet<String>,
    /// The sequence number up to which the stretch reaches.
    pub(crate) upto: u64,
    /// Whether the log goes on after the stretch.
    pub(crate) more: bool,
}

impl Collapsed {
    /// How many ids it names, without those that came and went.
    pub(crate) fn len(&self) -> usize {
        self.created.len() + self.updated.len() + self.destroyed.len()
    }
}

/// The log.
#[derive(Clone, Debug, Default)]
pub(crate) struct ChangeLog {
    entries: Vec<Change>,
    /// When each entry was made.
    times: Vec<Timestamp>,
    /// The time of the entries that follow.
    now: Timestamp,
    last_in: BTreeMap<String, u64>,
}

impl ChangeLog {
    /// Appends a change.
    pub(crate) fn push(&mut self, change: Change) {
        debug_assert!(self.last() < change.modseq, "sequence numbers rise");
        for calendar in &change.calendars {
            self.last_in.insert(calendar.clone(), change.modseq);
        }
        self.entries.push(change);
        self.times.push(self.now);
    }

    /// What follows is made at this time.
    pub(super) fn set_now(&mut self, now: Timestamp) {
        self.now = now;
    }

    /// Every change, oldest first, and when it was made.
    pub(super) fn all(&self) -> impl Iterator<Item = (&Change, Timestamp)> {
        self.entries.iter().zip(self.times.iter().copied())
    }

    /// When the newest change was made that somebody knows who knows all up to a sequence number.
    pub(crate) fn made_at(&self, modseq: u64) -> Option<Timestamp> {
        let behind = self.entries.partition_point(|change| change.modseq <= modseq);
        self.times.get(behind.checked_sub(1)?).copied()
    }

    /// The sequence number of the newest change; 0 when there is none.
    pub(crate) fn last(&self) -> u64 {
        self.entries.last().map_or(0, |change| change.modseq)
    }

    /// The sequence number of the newest change in a calendar; 0 when there is none.
    pub(crate) fn last_in(&self, calendar: &str) -> u64 {
        self.last_in.get(calendar).copied().unwrap_or(0)
    }

    /// The changes after a sequence number, oldest first.
    pub(crate) fn since(&self, modseq: u64) -> &[Change] {
        let start = self.entries.partition_point(|change| change.modseq <= modseq);
        &self.entries[start..]
    }

    /// The net effect of the changes after `modseq`, cut before it would name more than `most` ids.
    pub(crate) fn collapse(&self, modseq: u64, most: usize) -> Collapsed {
        self.collapse_where(modseq, most, |_| true)
    }

    /// The same for one calendar.
    pub(crate) fn collapse_in(&self, modseq: u64, most: usize, calendar: &str) -> Collapsed {
        self.collapse_where(modseq, most, |change| change.calendars.contains(calendar))
    }

    fn collapse_where(
        &self,
        modseq: u64,
        most: usize,
        counts: impl Fn(&Change) -> bool,
    ) -> Collapsed {
        let mut effects: BTreeMap<&str, (Kind, Kind)> = BTreeMap::new();
        let mut upto = modseq;
        let mut more = false;
        for change in self.since(modseq).iter().filter(|change| counts(change)) {
            let known = effects.contains_key(change.id.as_str());
            if !known && effects.len() == most {
                more = true;
                break;
            }
            effects
                .entry(&change.id)
                .and_modify(|(_, last)| *last = change.kind)
                .or_insert((change.kind, change.kind));
            upto = change.modseq;
        }
        let mut collapsed = Collapsed { upto, more, ..Collapsed::default() };
        for (id, (first, last)) in effects {
            let set = match (first, last) {
                (Kind::Created, Kind::Destroyed) => &mut collapsed.fleeting,
                (Kind::Created, _) => &mut collapsed.created,
                (_, Kind::Destroyed) => &mut collapsed.destroyed,
                _ => &mut collapsed.updated,
            };
            set.insert(id.to_owned());
        }
        collapsed
    }

    /// Calls an object by another id, in the past as well.
    pub(crate) fn rename(&mut self, names: &BTreeMap<String, String>) {
        for change in &mut self.entries {
            if let Some(name) = names.get(&change.id) {
                change.id.clone_from(name);
            }
        }
    }
}
