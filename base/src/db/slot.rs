//! A connection and the way to open it again.

use std::{fmt, time::Duration};

use rusqlite::{Connection, config::DbConfig};

use super::{Durability, Error, Job, OnClose, Options, Progress};

/// The waits between attempts to get a lock: about 20 seconds altogether.
pub(crate) const BACKOFF: Backoff = Backoff { first: Duration::from_millis(1), attempts_max: 208 };

/// A prepared statement cache of this size holds what one store uses.
const STATEMENTS_MAX: usize = 128;

/// How long to wait between attempts, and how many there are.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Backoff {
    first: Duration,
    attempts_max: u32,
}

impl Backoff {
    /// The wait after this many attempts, or nothing when it is time to give up.
    pub(crate) fn after(&self, attempts: u32) -> Option<Duration> {
        (attempts < self.attempts_max).then(|| self.first * (1 << attempts.min(8)).min(100))
    }
}

/// Opens a connection.
pub(crate) type Opener = Box<dyn Fn() -> Result<Connection, Error> + Send>;

/// A connection that is opened anew when it must be.
pub(crate) struct Slot {
    // Before the opener, which may own what the connection needs until it is closed.
    connection: Option<Connection>,
    open: Opener,
}

impl Slot {
    /// Opens the connection for the first time.
    pub(crate) fn open(open: Opener) -> Result<Slot, Error> {
        let connection = Some(open()?);
        Ok(Slot { connection, open })
    }

    /// Attempts a job. Afterwards, unless it was busy, its result waits to be delivered.
    pub(crate) fn attempt(&mut self, job: &mut Job) -> Progress {
        if self.connection.is_none() {
            match (self.open)() {
                Ok(connection) => self.connection = Some(connection),
                Err(Error::Busy { source }) => return Progress::Busy(source),
                Err(error) => {
                    job.fail(error);
                    return Progress::Done;
                }
            }
        }
        let Some(connection) = &mut self.connection else { return Progress::Done };
        let progress = job.attempt(connection);
        if let Progress::Reopen = progress {
            // Closed before it is opened, so that its locks are gone. A failure to open shows in
            // the next job.
            self.connection = None;
            self.connection = (self.open)().ok();
        }
        progress
    }
}

impl fmt::Debug for Slot {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Slot").field("open", &self.connection.is_some()).finish()
    }
}

/// Makes a fresh connection ours: the same in production and in simulation.
pub(crate) fn prepare(connection: &Connection, options: Options) -> Result<(), Error> {
    connection.busy_timeout(Duration::ZERO)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS_MAX);
    // Temporary tables and sorts stay off the disk, which is not theirs to fail on.
    connection.execute_batch(
        "PRAGMA temp_store = MEMORY; PRAGMA journal_mode = WAL; PRAGMA foreign_keys = ON;",
    )?;
    let synchronous = match options.durability {
        Durability::Full => "FULL",
        Durability::Normal => "NORMAL",
    };
    connection.pragma_update(None, "synchronous", synchronous)?;
    let leave = options.on_close == OnClose::Leave;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, leave)?;
    Ok(())
}
