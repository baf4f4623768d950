//! Durable operations, and what can happen at one.

use std::{borrow::Cow, ops::Range};

/// What happens at a durable operation instead of its landing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mishap {
    /// It does not land, and the process that wanted it dies.
    Stop,
    /// It fails, and the process is told.
    Fail,
    /// It fails because the disk is full, and the process is told.
    Full,
    /// Of a write only so many bytes land, and the process that wanted it dies. Anything but a
    /// write does not land.
    Tear {
        /// How many.
        bytes: usize,
    },
    /// It does not land, nothing that was not synced before remains, and every process of the disk
    /// dies.
    LosePower,
}

/// An operation that outlives the process. Reads, locks and shared memory do not.
#[derive(Clone, Copy, Debug)]
pub(super) enum Op<'a> {
    Write { offset: usize, bytes: &'a [u8] },
    Sync,
    Truncate { length: usize },
    Delete,
}

impl Op<'_> {
    /// Its kind in the digest.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Op::Write { .. } => "disk.write",
            Op::Sync => "disk.sync",
            Op::Truncate { .. } => "disk.truncate",
            Op::Delete => "disk.delete",
        }
    }
}

/// What became of a durable operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Landing {
    Landed,
    Failed,
    Full,
    /// The process that wanted it must die.
    Fatal,
    /// Every process of the disk must die.
    PowerLost,
}

/// The length of the header of a write-ahead log, and of one of its frames
/// (sqlite.org/fileformat2.html, section 4.1).
const WAL_HEADER_BYTES: usize = 32;
const WAL_FRAME_HEADER_BYTES: usize = 24;

/// How page 1 of a database begins, and where in it are the file change counter and the number of
/// that change for which other fields are valid (section 1.3 there).
const MAGIC: &[u8] = b"SQLite format 3\0";
const CHANGE_COUNTERS: [Range<usize>; 2] = [24..28, 92..96];

/// What of a write goes into the digest: all of it, except for what depends on other simulations in
/// the same machine process, and on whose value nothing depends.
///
/// SQLite draws the salts of the write-ahead log (under its checksums) and the nonce of a rollback
/// journal from one generator, and counts a change of the file anew when another connection's need
/// has pushed page 1 out of the page cache that they share.
pub(super) fn masked<'a>(file: &str, offset: usize, bytes: &'a [u8]) -> Cow<'a, [u8]> {
    let hidden = if file.ends_with("-journal") {
        // Copies of pages as they were; where they go says enough.
        [0..bytes.len(), 0..0]
    } else if bytes.starts_with(MAGIC) {
        CHANGE_COUNTERS
    } else if !file.ends_with("-wal") {
        return bytes.into();
    } else if bytes.len() == WAL_HEADER_BYTES && offset == 0 {
        [16..WAL_HEADER_BYTES, 0..0]
    } else if bytes.len() == WAL_FRAME_HEADER_BYTES {
        [8..WAL_FRAME_HEADER_BYTES, 0..0]
    } else {
        return bytes.into();
    };
    let mut bytes = bytes.to_vec();
    for hidden in hidden {
        if let Some(hidden) = bytes.get_mut(hidden) {
            hidden.fill(0);
        }
    }
    bytes.into()
}
