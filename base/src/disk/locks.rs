//! Locks on a database file and on its shared memory, as the protocol of SQLite has them
//! (sqlite.org/lockingv3.html, sqlite.org/walformat.html section 2.3).

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
    sync::{Arc, Mutex},
};

use super::store::Holder;

/// The slots of shared memory that can be locked (SQLITE_SHM_NLOCK).
pub(super) const SLOTS: usize = 8;

/// The slot of the write lock (WAL_WRITE_LOCK).
pub(super) const WRITE_SLOT: usize = 0;

/// How far a database file is locked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Level {
    None,
    Shared,
    Reserved,
    Pending,
    Exclusive,
}

/// What to do with slots of the shared memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Change {
    Share,
    Exclude,
    Release,
}

/// The locks on one database.
#[derive(Default)]
pub(super) struct FileLocks {
    levels: BTreeMap<Holder, Level>,
    memory: Option<Arc<SharedMemory>>,
    attached: BTreeSet<Holder>,
    slots: [Slot; SLOTS],
}

#[derive(Default)]
struct Slot {
    sharing: BTreeSet<Holder>,
    exclusive: Option<Holder>,
}

/// The memory that the connections of one database share. It lives as long as somebody is attached
/// or still has it mapped; a database that nobody alive is attached to gets a fresh one, from which
/// SQLite knows that it must recover.
#[derive(Debug, Default)]
pub(super) struct SharedMemory {
    /// Regions in order, each of whole 64-bit words, boxed so that they never move.
    pub(super) regions: Mutex<Vec<Box<[std::sync::atomic::AtomicU64]>>>,
}

impl FileLocks {
    /// Raises a lock; false when somebody else is in the way.
    pub(super) fn lock(&mut self, holder: Holder, level: Level) -> bool {
        let others = self.levels.iter().filter(|(other, _)| **other != holder);
        let highest = others.map(|(_, level)| *level).max().unwrap_or(Level::None);
        let (reached, granted) = match level {
            Level::None => return true,
            Level::Shared => (Level::Shared, highest < Level::Pending),
            Level::Reserved => (Level::Reserved, highest < Level::Reserved),
            // New readers are kept out while the old ones leave.
            Level::Pending | Level::Exclusive => match highest {
                Level::None => (level, true),
                Level::Shared => {
                    self.raise(holder, Level::Pending);
                    return level == Level::Pending;
                }
                _ => (level, false),
            },
        };
        if granted {
            self.raise(holder, reached);
        }
        granted
    }

    fn raise(&mut self, holder: Holder, level: Level) {
        let held = self.levels.entry(holder).or_insert(Level::None);
        *held = level.max(*held);
    }

    /// Lowers a lock to `level`.
    pub(super) fn unlock(&mut self, holder: Holder, level: Level) {
        if level == Level::None {
            self.levels.remove(&holder);
        } else if let Some(held) = self.levels.get_mut(&holder) {
            *held = level.min(*held);
        }
    }

    pub(super) fn is_reserved(&self) -> bool {
        self.levels.values().any(|level| *level >= Level::Reserved)
    }

    pub(super) fn attach(&mut self, holder: Holder) -> Arc<SharedMemory> {
        self.attached.insert(holder);
        self.memory.get_or_insert_default().clone()
    }

    pub(super) fn detach(&mut self, holder: Holder) {
        self.attached.remove(&holder);
        for slot in &mut self.slots {
            slot.sharing.remove(&holder);
            slot.exclusive.take_if(|other| *other == holder);
        }
        if self.attached.is_empty() {
            self.memory = None;
        }
    }

    /// Changes the lock on slots, all or none.
    pub(super) fn change(&mut self, holder: Holder, slots: Range<usize>, change: Change) -> bool {
        let Some(slots) = self.slots.get_mut(slots) else { return false };
        let held_by_other = |slot: &Slot| slot.exclusive.is_some_and(|other| other != holder);
        let shared_by_other = |slot: &Slot| slot.sharing.iter().any(|other| *other != holder);
        let granted = match change {
            Change::Release => true,
            Change::Share => !slots.iter().any(held_by_other),
            Change::Exclude => {
                !slots.iter().any(|slot| held_by_other(slot) || shared_by_other(slot))
            }
        };
        if granted {
            for slot in slots {
                slot.sharing.remove(&holder);
                slot.exclusive.take_if(|other| *other == holder);
                match change {
                    Change::Share => drop(slot.sharing.insert(holder)),
                    Change::Exclude => slot.exclusive = Some(holder),
                    Change::Release => {}
                }
            }
        }
        granted
    }

    /// Takes away all that one opening holds.
    pub(super) fn release(&mut self, holder: Holder) {
        self.levels.remove(&holder);
        self.detach(holder);
    }

    /// Takes away all that a process holds.
    pub(super) fn release_process(&mut self, process: u64) {
        let held = self.levels.keys().chain(&self.attached).copied();
        let held: BTreeSet<Holder> = held.filter(|holder| holder.process == process).collect();
        for holder in held {
            self.release(holder);
        }
    }

    pub(super) fn is_free(&self) -> bool {
        let free = |slot: &Slot| slot.sharing.is_empty() && slot.exclusive.is_none();
        self.levels.is_empty() && self.attached.is_empty() && self.slots.iter().all(free)
    }
}
