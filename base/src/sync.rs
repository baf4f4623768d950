//! A mutex that a panic elsewhere does not poison.
//!
//! The state behind these locks is changed in single steps that do not panic in between, and the
//! callbacks of the SQLite file system must never unwind. Never held across an await.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// Locks, whatever became of an earlier holder.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
