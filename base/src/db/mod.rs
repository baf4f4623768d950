//! Databases: SQLite behind a handle. No connection and no transaction crosses an await.

mod error;
mod handle;
mod job;
mod options;
mod slot;

pub use error::Error;
pub use handle::Db;
pub use job::Job;
pub use options::{Durability, OnClose, Options};

pub(crate) use job::Progress;
pub(crate) use slot::{BACKOFF, Slot, prepare};

#[cfg(test)]
mod tests;
