//! The open files of the SQLite file system: see [`super::vfs`].
#![expect(unsafe_code, reason = "SQLite calls the methods of a file through C function pointers")]

use std::{
    ffi::{c_int, c_void},
    ptr, slice,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use rusqlite::ffi;

use super::{
    locks::{Change, Level, SLOTS, SharedMemory},
    ops::Op,
    store::Holder,
    vfs::Context,
};
use crate::sync::lock;

/// Both the sector and the device that SQLite is told of: a write never damages its neighbours, as
/// the file system for Unix says too.
const SECTOR_BYTES: c_int = 4096;

/// What SQLite keeps for an open file: its own part first, then ours.
#[repr(C)]
pub(super) struct Opened {
    base: ffi::sqlite3_file,
    file: *mut File,
}

/// An open file.
struct File {
    context: Arc<Context>,
    content: Content,
    holder: Holder,
    memory: Option<Arc<SharedMemory>>,
}

enum Content {
    Named {
        name: String,
        delete_on_close: bool,
    },
    /// A temporary file, which nobody else sees and which is not durable.
    Temporary(Vec<u8>),
}

impl Opened {
    /// Says that the file is not open, so that SQLite does not close it.
    pub(super) fn forget(&mut self) {
        self.base.pMethods = ptr::null();
        self.file = ptr::null_mut();
    }
}

/// What SQLite keeps for a file that was just opened.
pub(super) fn opened(
    context: Arc<Context>,
    name: Option<&str>,
    holder: Holder,
    delete_on_close: bool,
) -> Opened {
    let content = match name {
        Some(name) => Content::Named { name: name.to_owned(), delete_on_close },
        None => Content::Temporary(Vec::new()),
    };
    let file = Box::new(File { context, content, holder, memory: None });
    Opened { base: ffi::sqlite3_file { pMethods: &raw const METHODS }, file: Box::into_raw(file) }
}

static METHODS: ffi::sqlite3_io_methods = ffi::sqlite3_io_methods {
    iVersion: 2,
    xClose: Some(close),
    xRead: Some(read),
    xWrite: Some(write),
    xTruncate: Some(truncate),
    xSync: Some(sync),
    xFileSize: Some(file_size),
    xLock: Some(lock_file),
    xUnlock: Some(unlock_file),
    xCheckReservedLock: Some(check_reserved_lock),
    xFileControl: Some(file_control),
    xSectorSize: Some(sector_size),
    xDeviceCharacteristics: Some(device_characteristics),
    xShmMap: Some(shm_map),
    xShmLock: Some(shm_lock),
    xShmBarrier: Some(shm_barrier),
    xShmUnmap: Some(shm_unmap),
    xFetch: None,
    xUnfetch: None,
};

impl File {
    fn is_alive(&self) -> bool {
        self.context.process.is_alive()
    }

    fn durable(&mut self, op: Op<'_>, failure: c_int) -> c_int {
        let bytes = match &mut self.content {
            Content::Named { name, .. } => return self.context.durable(name, op, failure),
            Content::Temporary(bytes) => bytes,
        };
        match op {
            Op::Write { offset, bytes: written } => {
                let end = offset.saturating_add(written.len());
                if bytes.len() < end {
                    bytes.resize(end, 0);
                }
                bytes[offset..end].copy_from_slice(written);
            }
            Op::Truncate { length } => bytes.truncate(length),
            Op::Sync | Op::Delete => {}
        }
        ffi::SQLITE_OK
    }

    /// Reads, and says how many bytes there were.
    fn read(&self, offset: usize, buffer: &mut [u8]) -> usize {
        match &self.content {
            Content::Named { name, .. } => self.context.store.read(name, offset, buffer),
            Content::Temporary(bytes) => {
                let rest = bytes.get(offset..).unwrap_or_default();
                let length = rest.len().min(buffer.len());
                buffer[..length].copy_from_slice(&rest[..length]);
                length
            }
        }
    }

    fn length(&self) -> usize {
        match &self.content {
            Content::Named { name, .. } => self.context.store.length(name),
            Content::Temporary(bytes) => bytes.len(),
        }
    }

    fn detach(&mut self) {
        if let (Some(_), Content::Named { name, .. }) = (self.memory.take(), &self.content) {
            self.context.store.detach_memory(name, self.holder);
        }
    }

    /// The place of a region of the shared memory, or null when there is none and none is wanted.
    fn region(&mut self, index: usize, bytes: usize, extend: bool) -> *mut c_void {
        let Content::Named { name, .. } = &self.content else { return ptr::null_mut() };
        let memory =
            self.memory.get_or_insert_with(|| self.context.store.attach_memory(name, self.holder));
        let mut regions = lock(&memory.regions);
        while extend && regions.len() <= index {
            let words = bytes.div_ceil(size_of::<u64>());
            regions.push((0..words).map(|_| AtomicU64::new(0)).collect());
        }
        regions.get(index).map_or(ptr::null_mut(), |region| region.as_ptr().cast_mut().cast())
    }
}

/// The file behind SQLite's pointer.
///
/// # Safety
/// `file` is one that [`opened`] made and that is not closed, and nobody else has it now: SQLite
/// calls a connection's methods from one thread at a time, and never from within one another.
unsafe fn file<'a>(file: *mut ffi::sqlite3_file) -> &'a mut File {
    // SAFETY: the caller's promise.
    unsafe { &mut *(*file.cast::<Opened>()).file }
}

unsafe extern "C" fn close(pointer: *mut ffi::sqlite3_file) -> c_int {
    // SAFETY: SQLite closes an open file once; the box came from `opened`.
    let mut file = unsafe {
        let opened = &mut *pointer.cast::<Opened>();
        let file = Box::from_raw(opened.file);
        opened.forget();
        file
    };
    file.detach();
    if let Content::Named { name, delete_on_close } = &file.content {
        file.context.store.close(name, file.holder);
        if *delete_on_close {
            return file.context.durable(name, Op::Delete, ffi::SQLITE_IOERR_DELETE);
        }
    }
    ffi::SQLITE_OK
}

unsafe extern "C" fn read(
    pointer: *mut ffi::sqlite3_file,
    out: *mut c_void,
    length: c_int,
    offset: i64,
) -> c_int {
    // SAFETY: SQLite gives an open file and `length` bytes to fill.
    let (file, buffer) = unsafe {
        let length = usize::try_from(length).unwrap_or_default();
        (file(pointer), slice::from_raw_parts_mut(out.cast::<u8>(), length))
    };
    if !file.is_alive() {
        return ffi::SQLITE_IOERR_READ;
    }
    let read = file.read(usize::try_from(offset).unwrap_or(usize::MAX), buffer);
    if read == buffer.len() {
        return ffi::SQLITE_OK;
    }
    // SQLite wants the rest of a short read to be zero.
    buffer[read..].fill(0);
    ffi::SQLITE_IOERR_SHORT_READ
}

unsafe extern "C" fn write(
    pointer: *mut ffi::sqlite3_file,
    bytes: *const c_void,
    length: c_int,
    offset: i64,
) -> c_int {
    // SAFETY: SQLite gives an open file and `length` bytes to write.
    let (file, bytes) = unsafe {
        let length = usize::try_from(length).unwrap_or_default();
        (file(pointer), slice::from_raw_parts(bytes.cast::<u8>(), length))
    };
    match usize::try_from(offset) {
        Ok(offset) => file.durable(Op::Write { offset, bytes }, ffi::SQLITE_IOERR_WRITE),
        Err(_) => ffi::SQLITE_IOERR_WRITE,
    }
}

unsafe extern "C" fn truncate(pointer: *mut ffi::sqlite3_file, length: i64) -> c_int {
    // SAFETY: SQLite gives an open file.
    let file = unsafe { file(pointer) };
    match usize::try_from(length) {
        Ok(length) => file.durable(Op::Truncate { length }, ffi::SQLITE_IOERR_TRUNCATE),
        Err(_) => ffi::SQLITE_IOERR_TRUNCATE,
    }
}

unsafe extern "C" fn sync(pointer: *mut ffi::sqlite3_file, _flags: c_int) -> c_int {
    // SAFETY: SQLite gives an open file.
    unsafe { file(pointer) }.durable(Op::Sync, ffi::SQLITE_IOERR_FSYNC)
}

unsafe extern "C" fn file_size(pointer: *mut ffi::sqlite3_file, out: *mut i64) -> c_int {
    // SAFETY: SQLite gives an open file and a place for the result.
    unsafe {
        let file = file(pointer);
        if !file.is_alive() {
            return ffi::SQLITE_IOERR_FSTAT;
        }
        *out = i64::try_from(file.length()).unwrap_or(i64::MAX);
    }
    ffi::SQLITE_OK
}

unsafe extern "C" fn lock_file(pointer: *mut ffi::sqlite3_file, level: c_int) -> c_int {
    // SAFETY: SQLite gives an open file.
    let file = unsafe { file(pointer) };
    if !file.is_alive() {
        return ffi::SQLITE_IOERR_LOCK;
    }
    let Content::Named { name, .. } = &file.content else { return ffi::SQLITE_OK };
    let granted = file.context.store.lock_file(name, file.holder, level_of(level));
    if granted { ffi::SQLITE_OK } else { ffi::SQLITE_BUSY }
}

unsafe extern "C" fn unlock_file(pointer: *mut ffi::sqlite3_file, level: c_int) -> c_int {
    // SAFETY: SQLite gives an open file.
    let file = unsafe { file(pointer) };
    if let Content::Named { name, .. } = &file.content {
        file.context.store.unlock_file(name, file.holder, level_of(level));
    }
    ffi::SQLITE_OK
}

unsafe extern "C" fn check_reserved_lock(
    pointer: *mut ffi::sqlite3_file,
    out: *mut c_int,
) -> c_int {
    // SAFETY: SQLite gives an open file and a place for the result.
    unsafe {
        let file = file(pointer);
        *out = match &file.content {
            Content::Named { name, .. } => c_int::from(file.context.store.is_reserved(name)),
            Content::Temporary(_) => 0,
        };
    }
    ffi::SQLITE_OK
}

unsafe extern "C" fn file_control(_: *mut ffi::sqlite3_file, _: c_int, _: *mut c_void) -> c_int {
    ffi::SQLITE_NOTFOUND
}

unsafe extern "C" fn sector_size(_: *mut ffi::sqlite3_file) -> c_int {
    SECTOR_BYTES
}

unsafe extern "C" fn device_characteristics(_: *mut ffi::sqlite3_file) -> c_int {
    ffi::SQLITE_IOCAP_POWERSAFE_OVERWRITE
}

unsafe extern "C" fn shm_map(
    pointer: *mut ffi::sqlite3_file,
    index: c_int,
    bytes: c_int,
    extend: c_int,
    out: *mut *mut c_void,
) -> c_int {
    // SAFETY: SQLite gives an open file and a place for the result.
    unsafe {
        let file = file(pointer);
        *out = ptr::null_mut();
        let (Ok(index), Ok(bytes)) = (usize::try_from(index), usize::try_from(bytes)) else {
            return ffi::SQLITE_IOERR_SHMMAP;
        };
        if !file.is_alive() {
            return ffi::SQLITE_IOERR_SHMMAP;
        }
        *out = file.region(index, bytes, extend != 0);
    }
    ffi::SQLITE_OK
}

unsafe extern "C" fn shm_lock(
    pointer: *mut ffi::sqlite3_file,
    offset: c_int,
    count: c_int,
    flags: c_int,
) -> c_int {
    // SAFETY: SQLite gives an open file.
    let file = unsafe { file(pointer) };
    let (Ok(from), Ok(count)) = (usize::try_from(offset), usize::try_from(count)) else {
        return ffi::SQLITE_IOERR_SHMLOCK;
    };
    let slots = from..(from + count).min(SLOTS);
    let change = if flags & ffi::SQLITE_SHM_UNLOCK != 0 {
        Change::Release
    } else if flags & ffi::SQLITE_SHM_SHARED != 0 {
        Change::Share
    } else {
        Change::Exclude
    };
    if !file.is_alive() {
        return ffi::SQLITE_IOERR_SHMLOCK;
    }
    let Content::Named { name, .. } = &file.content else { return ffi::SQLITE_IOERR_SHMLOCK };
    let granted = file.context.store.memory_slots(name, file.holder, slots, change);
    if granted { ffi::SQLITE_OK } else { ffi::SQLITE_BUSY }
}

unsafe extern "C" fn shm_barrier(_: *mut ffi::sqlite3_file) {
    std::sync::atomic::fence(Ordering::SeqCst);
}

unsafe extern "C" fn shm_unmap(pointer: *mut ffi::sqlite3_file, _delete: c_int) -> c_int {
    // SAFETY: SQLite gives an open file.
    unsafe { file(pointer) }.detach();
    ffi::SQLITE_OK
}

fn level_of(level: c_int) -> Level {
    match level {
        ffi::SQLITE_LOCK_SHARED => Level::Shared,
        ffi::SQLITE_LOCK_RESERVED => Level::Reserved,
        ffi::SQLITE_LOCK_PENDING => Level::Pending,
        ffi::SQLITE_LOCK_EXCLUSIVE => Level::Exclusive,
        _ => Level::None,
    }
}
