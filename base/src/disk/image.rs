//! The files of a disk at one moment.

use std::{collections::BTreeMap, sync::Arc};

use rusqlite::Connection;

use super::{ProcessDisk, SimDisk, sim::share_no_cache};
use crate::{Clock, Entropy, Process, clock::epoch, db};

/// The files of a simulated disk at one moment. Cheap to clone.
///
/// The salts in the log of a database differ from run to run, so two runs are compared by their
/// digests and by what their databases hold, not by images.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DiskImage {
    pub(super) files: BTreeMap<String, Arc<Vec<u8>>>,
}

/// Why an image gave no database.
#[derive(Debug, thiserror::Error)]
pub enum ImageError {
    /// There is no such file.
    #[error("the image has no database {database}")]
    Missing {
        /// The name.
        database: String,
    },
    /// SQLite could not read it.
    #[error("the database {database} of the image cannot be opened")]
    Unreadable {
        /// The name.
        database: String,
        /// Why.
        #[source]
        source: db::Error,
    },
}

impl DiskImage {
    /// The files, by name, and their bytes.
    pub fn files(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice()))
    }

    /// Which files contain these bytes.
    #[must_use]
    pub fn files_with(&self, bytes: &[u8]) -> Vec<&str> {
        let holds = |file: &[u8]| {
            !bytes.is_empty() && file.windows(bytes.len()).any(|window| window == bytes)
        };
        self.files().filter(|(_, file)| holds(file)).map(|(name, _)| name).collect()
    }

    /// Opens a database of the image as it is after recovery, read-only, on a copy in memory.
    ///
    /// # Errors
    /// When there is no such database, or it cannot be read.
    pub fn open(&self, database: &str) -> Result<Connection, ImageError> {
        let name = || database.to_owned();
        let unreadable = |source| ImageError::Unreadable { database: name(), source };
        if !self.files.contains_key(database) {
            return Err(ImageError::Missing { database: name() });
        }
        let bytes = self.recovered(database).map_err(unreadable)?;
        let copy = || {
            let mut copy = Connection::open_in_memory()?;
            share_no_cache(&copy)?;
            copy.deserialize_read_exact("main", bytes.as_slice(), bytes.len(), true)?;
            Ok(copy)
        };
        copy().map_err(|source: rusqlite::Error| unreadable(source.into()))
    }

    /// What `PRAGMA integrity_check` and `PRAGMA foreign_key_check` complain about after recovery;
    /// empty when all is well.
    ///
    /// # Errors
    /// As [`DiskImage::open`].
    pub fn complaints(&self, database: &str) -> Result<Vec<String>, ImageError> {
        let connection = self.open(database)?;
        let check = || {
            let mut complaints = Vec::new();
            connection.pragma_query(None, "integrity_check", |row| {
                complaints.push(row.get::<_, String>(0)?);
                Ok(())
            })?;
            complaints.retain(|complaint| complaint != "ok");
            connection.pragma_query(None, "foreign_key_check", |row| {
                let [table, parent] = [row.get::<_, String>(0)?, row.get(2)?];
                complaints.push(format!("a row of {table} has no parent in {parent}"));
                Ok(())
            })?;
            Ok(complaints)
        };
        check().map_err(|source: rusqlite::Error| ImageError::Unreadable {
            database: database.to_owned(),
            source: source.into(),
        })
    }

    /// The bytes of a database with its log folded in, recovered by SQLite itself on a copy.
    fn recovered(&self, database: &str) -> Result<Vec<u8>, db::Error> {
        let disk = SimDisk::from_image("judge", self);
        let process = Process::production("judge");
        let (clock, _hand) = Clock::manual(epoch());
        let judge = ProcessDisk::new(&disk, &process, 0, None, &clock, &Entropy::seeded(0));
        let opener = judge.opener(database, db::Options::default());
        let connection = opener()?;
        // Leaving the log mode copies the log into the database and removes it.
        connection.pragma_update(None, "journal_mode", "DELETE")?;
        // The connection is closed before the file system that it uses, which the opener owns.
        drop(connection);
        drop(opener);
        let image = disk.snapshot();
        Ok(image.files.get(database).map(|bytes| bytes.to_vec()).unwrap_or_default())
    }
}
