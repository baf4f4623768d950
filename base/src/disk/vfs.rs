//! A SQLite file system in memory, one registration for each process of a simulation.
//!
//! With [`super::vfs_file`] the only unsafe code of the project: SQLite wants C functions. They turn
//! pointers into references, check that the process lives, and call the safe [`Store`]. They never
//! unwind. Connections must close before their [`Registered`] is dropped; whoever opens one keeps
//! an `Arc` of it beside.
#![expect(unsafe_code, reason = "SQLite calls its file system through C function pointers")]

use std::{
    ffi::{CStr, CString, c_char, c_int, c_void},
    fmt, ptr, slice,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
};

use rusqlite::ffi;

use super::{
    ops::{Landing, Op, masked},
    store::{Holder, Store},
    vfs_file::{self, Opened},
};
use crate::{Clock, Process, digest::Emitter, entropy::Stream, sync::lock};

/// The longest name of a file.
const NAME_BYTES_MAX: c_int = 512;

/// The Unix epoch in milliseconds of the Julian day number, which is what SQLite counts.
const UNIX_EPOCH_JULIAN_MS: i64 = 210_866_760_000_000;

/// What the file system of a process works on.
pub(super) struct Context {
    pub(super) store: Arc<Store>,
    pub(super) process: Process,
    /// The process's number.
    pub(super) number: u64,
    pub(super) emitter: Option<Emitter>,
    pub(super) clock: Clock,
    pub(super) randomness: Mutex<Stream>,
    /// How many durable operations this process had land.
    pub(super) durable_ops: AtomicU64,
    /// Virtual microseconds that it has not waited for yet.
    pub(super) owed_us: AtomicU64,
}

impl Context {
    /// Carries out a durable operation; gives SQLite's result code, `failure` when it failed.
    pub(super) fn durable(&self, name: &str, op: Op<'_>, failure: c_int) -> c_int {
        if !self.process.is_alive() {
            return failure;
        }
        match self.store.durable(name, op) {
            Landing::Landed => {
                self.durable_ops.fetch_add(1, Ordering::Relaxed);
                self.emit(name, op);
                ffi::SQLITE_OK
            }
            Landing::Failed => {
                self.emit_failure(name, op);
                failure
            }
            Landing::Full => {
                self.emit_failure(name, op);
                ffi::SQLITE_FULL
            }
            Landing::Fatal => {
                self.process.kill();
                failure
            }
            Landing::PowerLost => {
                for process in self.store.processes() {
                    process.kill();
                }
                failure
            }
        }
    }

    fn emit_failure(&self, name: &str, op: Op<'_>) {
        if let Some(emitter) = &self.emitter {
            emitter.emit("disk.failed", &[name.as_bytes(), op.kind().as_bytes()]);
        }
    }

    fn emit(&self, name: &str, op: Op<'_>) {
        let Some(emitter) = &self.emitter else { return };
        let (kind, file) = (op.kind(), name.as_bytes());
        match op {
            Op::Write { offset, bytes } => {
                let bytes = masked(name, offset, bytes);
                emitter.emit(kind, &[file, &(offset as u64).to_le_bytes(), &bytes]);
            }
            Op::Truncate { length } => {
                emitter.emit(kind, &[file, &(length as u64).to_le_bytes()]);
            }
            Op::Sync | Op::Delete => emitter.emit(kind, &[file]),
        }
    }
}

/// A registered file system. Unregistered when dropped.
pub(super) struct Registered {
    name: CString,
    vfs: *mut ffi::sqlite3_vfs,
    context: *mut Arc<Context>,
}

// SAFETY: the pointers are this value's own; SQLite guards its list of file systems with a mutex,
// and what they point to is never changed while registered, but through `Context`, which is Sync.
unsafe impl Send for Registered {}
// SAFETY: as above.
unsafe impl Sync for Registered {}

impl Registered {
    /// Registers a file system under a name of its own.
    pub(super) fn new(context: Arc<Context>) -> Registered {
        static REGISTERED: AtomicU64 = AtomicU64::new(0);
        let number = REGISTERED.fetch_add(1, Ordering::Relaxed);
        let name = CString::new(format!("calamity-{number}")).expect("the name has no zero byte");
        let context = Box::into_raw(Box::new(context));
        let vfs = Box::into_raw(Box::new(methods(name.as_ptr(), context.cast())));
        // SAFETY: `vfs` stays where it is, with its name and context, until it is unregistered.
        let code = unsafe { ffi::sqlite3_vfs_register(vfs, 0) };
        assert_eq!(code, ffi::SQLITE_OK, "SQLite registers a file system with a new name");
        Registered { name, vfs, context }
    }

    /// The name to open connections with.
    pub(super) fn name(&self) -> &CStr {
        &self.name
    }
}

impl Drop for Registered {
    fn drop(&mut self) {
        // SAFETY: both came from `Box::into_raw` in `new`, and no connection uses them any more.
        unsafe {
            ffi::sqlite3_vfs_unregister(self.vfs);
            drop(Box::from_raw(self.vfs));
            drop(Box::from_raw(self.context));
        }
    }
}

impl fmt::Debug for Registered {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Registered").field(&self.name).finish()
    }
}

fn methods(name: *const c_char, context: *mut c_void) -> ffi::sqlite3_vfs {
    ffi::sqlite3_vfs {
        iVersion: 2,
        szOsFile: size_of::<Opened>() as c_int,
        mxPathname: NAME_BYTES_MAX,
        pNext: ptr::null_mut(),
        zName: name,
        pAppData: context,
        xOpen: Some(open),
        xDelete: Some(delete),
        xAccess: Some(access),
        xFullPathname: Some(full_pathname),
        xDlOpen: None,
        xDlError: None,
        xDlSym: None,
        xDlClose: None,
        xRandomness: Some(randomness),
        xSleep: Some(sleep),
        xCurrentTime: Some(current_time),
        xGetLastError: Some(last_error),
        xCurrentTimeInt64: Some(current_time_ms),
        xSetSystemCall: None,
        xGetSystemCall: None,
        xNextSystemCall: None,
    }
}

/// The context of a file system.
///
/// # Safety
/// `vfs` is one that [`Registered::new`] made and that is still registered.
unsafe fn context<'a>(vfs: *mut ffi::sqlite3_vfs) -> &'a Arc<Context> {
    // SAFETY: the caller's promise; `pAppData` was set there and never changed.
    unsafe { &*(*vfs).pAppData.cast::<Arc<Context>>() }
}

/// The name of a file; nothing when it has none, or one that is no UTF-8.
///
/// # Safety
/// `name` is null or a C string that outlives the result.
unsafe fn text<'a>(name: *const c_char) -> Option<&'a str> {
    if name.is_null() {
        return None;
    }
    // SAFETY: the caller's promise.
    unsafe { CStr::from_ptr(name) }.to_str().ok()
}

unsafe extern "C" fn open(
    vfs: *mut ffi::sqlite3_vfs,
    name: ffi::sqlite3_filename,
    file: *mut ffi::sqlite3_file,
    flags: c_int,
    flags_out: *mut c_int,
) -> c_int {
    // SAFETY: SQLite gives the registered `vfs`, a name or null, `szOsFile` bytes for the file, and
    // null or a place for the flags.
    unsafe {
        let context = context(vfs);
        let file = file.cast::<Opened>();
        (*file).forget();
        if !context.process.is_alive() {
            return ffi::SQLITE_CANTOPEN;
        }
        let holder = match text(name) {
            None => Holder { process: context.number, handle: 0 },
            Some(name) => {
                let create = flags & ffi::SQLITE_OPEN_CREATE != 0;
                match context.store.open(name, create, context.number) {
                    Some(holder) => holder,
                    None => return ffi::SQLITE_CANTOPEN,
                }
            }
        };
        let on_close = flags & ffi::SQLITE_OPEN_DELETEONCLOSE != 0;
        file.write(vfs_file::opened(context.clone(), text(name), holder, on_close));
        if !flags_out.is_null() {
            *flags_out = flags;
        }
    }
    ffi::SQLITE_OK
}

unsafe extern "C" fn delete(
    vfs: *mut ffi::sqlite3_vfs,
    name: *const c_char,
    _sync_directory: c_int,
) -> c_int {
    // SAFETY: SQLite gives the registered `vfs` and a name.
    let (context, name) = unsafe { (context(vfs), text(name)) };
    match name {
        Some(name) if context.store.exists(name) => {
            context.durable(name, Op::Delete, ffi::SQLITE_IOERR_DELETE)
        }
        _ => ffi::SQLITE_IOERR_DELETE_NOENT,
    }
}

unsafe extern "C" fn access(
    vfs: *mut ffi::sqlite3_vfs,
    name: *const c_char,
    _flags: c_int,
    result: *mut c_int,
) -> c_int {
    // SAFETY: SQLite gives the registered `vfs`, a name and a place for the result.
    unsafe {
        let exists = text(name).is_some_and(|name| context(vfs).store.exists(name));
        *result = c_int::from(exists);
    }
    ffi::SQLITE_OK
}

unsafe extern "C" fn full_pathname(
    _vfs: *mut ffi::sqlite3_vfs,
    name: *const c_char,
    size: c_int,
    out: *mut c_char,
) -> c_int {
    // SAFETY: SQLite gives a name and `size` bytes to copy it to.
    unsafe {
        let bytes = CStr::from_ptr(name).to_bytes_with_nul();
        if bytes.len() > usize::try_from(size).unwrap_or_default() {
            return ffi::SQLITE_CANTOPEN;
        }
        ptr::copy_nonoverlapping(bytes.as_ptr().cast(), out, bytes.len());
    }
    ffi::SQLITE_OK
}

unsafe extern "C" fn randomness(
    vfs: *mut ffi::sqlite3_vfs,
    length: c_int,
    out: *mut c_char,
) -> c_int {
    // SAFETY: SQLite gives the registered `vfs` and `length` bytes to fill.
    let (context, bytes) = unsafe {
        let length = usize::try_from(length).unwrap_or_default();
        (context(vfs), slice::from_raw_parts_mut(out.cast::<u8>(), length))
    };
    let mut stream = lock(&context.randomness);
    for chunk in bytes.chunks_mut(8) {
        let value = stream.next_u64().to_le_bytes();
        chunk.copy_from_slice(&value[..chunk.len()]);
    }
    length
}

/// Virtual time does not pass inside SQLite.
unsafe extern "C" fn sleep(_vfs: *mut ffi::sqlite3_vfs, microseconds: c_int) -> c_int {
    microseconds
}

unsafe extern "C" fn current_time(vfs: *mut ffi::sqlite3_vfs, out: *mut f64) -> c_int {
    // SAFETY: SQLite gives the registered `vfs` and a place for the result.
    unsafe { *out = julian_ms(context(vfs)) as f64 / 86_400_000.0 };
    ffi::SQLITE_OK
}

unsafe extern "C" fn current_time_ms(vfs: *mut ffi::sqlite3_vfs, out: *mut i64) -> c_int {
    // SAFETY: SQLite gives the registered `vfs` and a place for the result.
    unsafe { *out = julian_ms(context(vfs)) };
    ffi::SQLITE_OK
}

unsafe extern "C" fn last_error(_: *mut ffi::sqlite3_vfs, _: c_int, _: *mut c_char) -> c_int {
    0
}

fn julian_ms(context: &Context) -> i64 {
    context.clock.now().as_millisecond() + UNIX_EPOCH_JULIAN_MS
}
