//! The files of a simulated disk, with their locks: the state behind the SQLite file system.
//!
//! Every durable operation is counted here and may meet a mishap instead of landing. Undo records
//! since the last sync of a file are what a loss of power takes back.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use super::{
    DiskImage, Mishap,
    locks::{Change, FileLocks, Level, SharedMemory, WRITE_SLOT},
    ops::{Landing, Op},
};
use crate::{Process, sync::lock};

/// The state of a disk.
#[derive(Default)]
pub(super) struct Store(Mutex<State>);

#[derive(Default)]
struct State {
    files: BTreeMap<String, File>,
    /// What is locked, by database; it outlives no process.
    locks: BTreeMap<String, FileLocks>,
    processes: Vec<Process>,
    mishaps: BTreeMap<u64, Mishap>,
    met: Vec<u64>,
    durable_ops: u64,
    handles: u64,
}

#[derive(Default)]
struct File {
    bytes: Arc<Vec<u8>>,
    /// How to take back what was not synced, oldest first.
    unsynced: Vec<Undo>,
}

/// What was there before an operation.
struct Undo {
    length: usize,
    offset: usize,
    bytes: Vec<u8>,
}

/// Who opens a file: a number for each opening, and the process.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Holder {
    pub(super) process: u64,
    pub(super) handle: u64,
}

impl Store {
    pub(super) fn from_image(image: &DiskImage) -> Store {
        let file = |bytes: &Arc<Vec<u8>>| File { bytes: bytes.clone(), unsynced: Vec::new() };
        let files = image.files.iter().map(|(name, bytes)| (name.clone(), file(bytes)));
        Store(Mutex::new(State { files: files.collect(), ..State::default() }))
    }

    pub(super) fn image(&self) -> DiskImage {
        let state = lock(&self.0);
        let files = state.files.iter();
        DiskImage { files: files.map(|(name, file)| (name.clone(), file.bytes.clone())).collect() }
    }

    pub(super) fn arm(&self, k: u64, mishap: Mishap) {
        lock(&self.0).mishaps.insert(k, mishap);
    }

    pub(super) fn disarm(&self) {
        lock(&self.0).mishaps.clear();
    }

    pub(super) fn met(&self) -> Vec<u64> {
        lock(&self.0).met.clone()
    }

    pub(super) fn durable_ops(&self) -> u64 {
        lock(&self.0).durable_ops
    }

    /// The processes that are alive.
    pub(super) fn processes(&self) -> Vec<Process> {
        let mut state = lock(&self.0);
        state.processes.retain(Process::is_alive);
        state.processes.clone()
    }

    pub(super) fn join(&self, process: &Process) {
        let mut state = lock(&self.0);
        state.processes.retain(Process::is_alive);
        state.processes.push(process.clone());
    }

    /// Takes away what a dead process held.
    pub(super) fn release(&self, process: u64) {
        let mut state = lock(&self.0);
        for locks in state.locks.values_mut() {
            locks.release_process(process);
        }
        state.locks.retain(|_, locks| !locks.is_free());
    }

    /// Takes back everything that was not synced.
    pub(super) fn lose_unsynced(&self) {
        lock(&self.0).lose_unsynced();
    }

    pub(super) fn open(&self, name: &str, create: bool, process: u64) -> Option<Holder> {
        let mut state = lock(&self.0);
        if !state.files.contains_key(name) {
            if !create {
                return None;
            }
            state.files.insert(name.to_owned(), File::default());
        }
        state.handles += 1;
        Some(Holder { process, handle: state.handles })
    }

    pub(super) fn exists(&self, name: &str) -> bool {
        lock(&self.0).files.contains_key(name)
    }

    pub(super) fn length(&self, name: &str) -> usize {
        lock(&self.0).files.get(name).map_or(0, |file| file.bytes.len())
    }

    /// Reads from `offset`, and says how many bytes there were.
    pub(super) fn read(&self, name: &str, offset: usize, buffer: &mut [u8]) -> usize {
        let state = lock(&self.0);
        let bytes = state.files.get(name).map(|file| file.bytes.as_slice()).unwrap_or_default();
        let rest = bytes.get(offset..).unwrap_or_default();
        let length = rest.len().min(buffer.len());
        buffer[..length].copy_from_slice(&rest[..length]);
        length
    }

    /// Carries out a durable operation, or lets it meet its mishap.
    pub(super) fn durable(&self, name: &str, op: Op<'_>) -> Landing {
        let mut state = lock(&self.0);
        let k = state.durable_ops + 1;
        let mishap = state.mishaps.remove(&k);
        if mishap.is_some() {
            state.met.push(k);
        }
        match mishap {
            None => {
                state.durable_ops = k;
                state.carry_out(name, op);
                Landing::Landed
            }
            Some(Mishap::Fail) => {
                state.durable_ops = k;
                Landing::Failed
            }
            Some(Mishap::Full) => {
                state.durable_ops = k;
                Landing::Full
            }
            Some(Mishap::Stop) => Landing::Fatal,
            Some(Mishap::Tear { bytes: landing }) => {
                if let Op::Write { offset, bytes } = op {
                    let bytes = &bytes[..landing.min(bytes.len())];
                    state.carry_out(name, Op::Write { offset, bytes });
                }
                Landing::Fatal
            }
            Some(Mishap::LosePower) => {
                state.lose_unsynced();
                Landing::PowerLost
            }
        }
    }

    pub(super) fn lock_file(&self, name: &str, holder: Holder, level: Level) -> bool {
        lock(&self.0).locks.entry(name.to_owned()).or_default().lock(holder, level)
    }

    pub(super) fn unlock_file(&self, name: &str, holder: Holder, level: Level) {
        if let Some(locks) = lock(&self.0).locks.get_mut(name) {
            locks.unlock(holder, level);
        }
    }

    pub(super) fn is_reserved(&self, name: &str) -> bool {
        lock(&self.0).locks.get(name).is_some_and(FileLocks::is_reserved)
    }

    /// Everything that an opening held goes with it.
    pub(super) fn close(&self, name: &str, holder: Holder) {
        let mut state = lock(&self.0);
        let Some(locks) = state.locks.get_mut(name) else { return };
        locks.release(holder);
        if locks.is_free() {
            state.locks.remove(name);
        }
    }

    /// Takes the write lock for somebody who has no connection; nothing when it is taken.
    pub(super) fn lock_out(&self, name: &str) -> Option<Holder> {
        let mut state = lock(&self.0);
        state.handles += 1;
        let holder = Holder { process: 0, handle: state.handles };
        let locks = state.locks.entry(name.to_owned()).or_default();
        let slots = WRITE_SLOT..WRITE_SLOT + 1;
        let taken = locks.lock(holder, Level::Shared)
            && locks.lock(holder, Level::Reserved)
            && locks.change(holder, slots, Change::Exclude);
        if !taken {
            locks.release(holder);
        }
        taken.then_some(holder)
    }

    pub(super) fn attach_memory(&self, name: &str, holder: Holder) -> Arc<SharedMemory> {
        lock(&self.0).locks.entry(name.to_owned()).or_default().attach(holder)
    }

    pub(super) fn detach_memory(&self, name: &str, holder: Holder) {
        if let Some(locks) = lock(&self.0).locks.get_mut(name) {
            locks.detach(holder);
        }
    }

    /// Locks or unlocks slots of the shared memory; false when somebody else is in the way.
    pub(super) fn memory_slots(
        &self,
        name: &str,
        holder: Holder,
        slots: std::ops::Range<usize>,
        change: Change,
    ) -> bool {
        lock(&self.0).locks.entry(name.to_owned()).or_default().change(holder, slots, change)
    }
}

impl State {
    fn carry_out(&mut self, name: &str, op: Op<'_>) {
        if let Op::Delete = op {
            self.files.remove(name);
            return;
        }
        let file = self.files.entry(name.to_owned()).or_default();
        let length = file.bytes.len();
        let tail = |from: usize, to: usize| {
            file.bytes.get(from.min(length)..to.min(length)).unwrap_or_default().to_vec()
        };
        match op {
            Op::Write { offset, bytes } => {
                let end = offset.saturating_add(bytes.len());
                file.unsynced.push(Undo { length, offset, bytes: tail(offset, end) });
                let stored = Arc::make_mut(&mut file.bytes);
                if stored.len() < end {
                    stored.resize(end, 0);
                }
                stored[offset..end].copy_from_slice(bytes);
            }
            Op::Truncate { length: wanted } => {
                if wanted < length {
                    file.unsynced.push(Undo {
                        length,
                        offset: wanted,
                        bytes: tail(wanted, length),
                    });
                    Arc::make_mut(&mut file.bytes).truncate(wanted);
                }
            }
            Op::Sync => file.unsynced.clear(),
            Op::Delete => {}
        }
    }

    fn lose_unsynced(&mut self) {
        for file in self.files.values_mut() {
            let stored = Arc::make_mut(&mut file.bytes);
            for Undo { length, offset, bytes } in file.unsynced.drain(..).rev() {
                stored.resize(length, 0);
                let end = (offset + bytes.len()).min(length);
                if offset < end {
                    stored[offset..end].copy_from_slice(&bytes[..end - offset]);
                }
            }
        }
    }
}
