//! What invariants may look at: the servers' own logs and state, what users meant, how runs ended.
//!
//! Nothing here has passed through the engine's code; its store is open as a plain database.

use std::{cell::OnceCell, collections::BTreeMap, ops::Range};

use calamity_base::disk::DiskImage;
use calamity_evidence::{FaultHit, Intent, Mail, Request, Side, Summary, Write};
use calamity_mock_servers::{RawItem, Server};
use rusqlite::Connection;

use crate::language::Amount;
use crate::script::Script;
use crate::sut::Ending;

/// Everything that happened up to the end of a step.
#[derive(Debug)]
pub struct View<'a> {
    /// What is being carried out.
    pub script: &'a Script,
    /// The step that has just ended, counted from 0.
    pub step: usize,
    /// The servers of side a and of side b.
    pub servers: [&'a Server; 2],
    /// Attempts to write on both servers, in the order of time.
    pub writes: &'a [Write],
    /// Mail of both servers, in the order of time.
    pub mails: &'a [Mail],
    /// Requests that reached either server, in the order of time.
    pub requests: &'a [Request],
    /// Faults that fired, in the order of time.
    pub hits: &'a [FaultHit],
    /// What users meant, in the order of the story. What the harness seeded counts as meant.
    pub intents: &'a [Intent],
    /// Runs of the system under test, in order.
    pub runs: &'a [RunRecord],
    /// Places in the logs at which the story began: what is before is seeding and baseline.
    pub story: Marks,
    /// Whether the story is over and the system under test has come to rest.
    pub settled: bool,
    /// The store of the system under test; none where it has none, or offers none.
    pub store: Option<&'a StoreImage>,
    /// What must appear nowhere.
    pub secrets: &'a [&'a str],
    /// Faults of the story that were armed so far.
    pub faults: &'a [FaultRecord],
    /// What the servers hold, read when somebody first looks.
    pub held: Held,
}

impl View<'_> {
    /// What a server holds, by its ids.
    #[must_use]
    pub fn items(&self, side: Side) -> &[RawItem] {
        let place = usize::from(side == Side::B);
        self.held.0[place].get_or_init(|| self.servers[place].items())
    }
}

/// What the servers held after a step; nothing yet when it is made.
#[derive(Debug, Default)]
pub struct Held([OnceCell<Vec<RawItem>>; 2]);

/// A fault of the story.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FaultRecord {
    /// Its id in the scenario.
    pub id: String,
    /// The step in which it began, counted from 0.
    pub step: usize,
    /// How often it has to fire.
    pub expected: Amount,
    /// How often it fired so far.
    pub fired: u64,
}

/// Places in the three logs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Marks {
    /// In [`View::writes`].
    pub writes: usize,
    /// In [`View::mails`].
    pub mails: usize,
    /// In [`View::requests`].
    pub requests: usize,
}

/// One run of the system under test.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunRecord {
    /// The step in which it ran, counted from 0.
    pub step: usize,
    /// What it was told.
    pub kind: RunKind,
    /// Its part of [`View::writes`].
    pub writes: Range<usize>,
    /// Its part of [`View::mails`].
    pub mails: Range<usize>,
    /// Its part of [`View::requests`].
    pub requests: Range<usize>,
    /// Whether it ended by itself.
    pub ending: Ending,
    /// Its exit code.
    pub exit: u8,
    /// Its counters.
    pub summary: Option<Summary>,
    /// How many operations it held, by the rule that held each.
    pub held: BTreeMap<String, u64>,
    /// What it printed.
    pub printed: String,
}

/// What a run was told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RunKind {
    /// To sync without asking.
    Sync,
    /// To show the plan and ask.
    SyncInteractive,
    /// To show the plan.
    DryRun,
    /// To list what is held.
    Held,
    /// To approve what is held.
    Approve,
}

/// The files of a store at one moment. The database is opened when somebody first looks, on a
/// copy, and once.
#[derive(Debug)]
pub struct StoreImage {
    image: DiskImage,
    database: String,
    opened: OnceCell<Result<Connection, String>>,
}

impl StoreImage {
    /// The image of a disk that holds this database, or will.
    #[must_use]
    pub fn new(image: DiskImage, database: &str) -> Self {
        Self { image, database: database.to_owned(), opened: OnceCell::new() }
    }

    /// Whether there is a store at all.
    #[must_use]
    pub fn exists(&self) -> bool {
        self.image.files().any(|(name, bytes)| name == self.database && !bytes.is_empty())
    }

    /// The database as a reader finds it after recovery; none when there is no store yet.
    ///
    /// # Errors
    /// What SQLite says, when it cannot be read.
    pub fn open(&self) -> Result<Option<&Connection>, &str> {
        if !self.exists() {
            return Ok(None);
        }
        let open = || self.image.open(&self.database).map_err(|error| chain(&error));
        match self.opened.get_or_init(open) {
            Ok(connection) => Ok(Some(connection)),
            Err(error) => Err(error),
        }
    }

    /// Whether it has a table. A run that was killed early leaves a store without.
    ///
    /// # Errors
    /// What SQLite says, when it cannot be read.
    pub fn has(&self, table: &str) -> Result<bool, String> {
        let query = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name = ?1";
        let found = self.rows(query, &[table], |row| row.get::<_, String>(0))?;
        Ok(!found.is_empty())
    }

    /// The rows of a query; none when there is no store yet.
    ///
    /// # Errors
    /// What SQLite says, when it cannot be read.
    pub fn rows<T>(
        &self,
        query: &str,
        parameters: &[&str],
        mut read: impl FnMut(&rusqlite::Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>, String> {
        let Some(connection) = self.open()? else { return Ok(Vec::new()) };
        let mut all = || -> rusqlite::Result<Vec<T>> {
            let mut statement = connection.prepare(query)?;
            let parameters = rusqlite::params_from_iter(parameters);
            statement.query_map(parameters, &mut read)?.collect()
        };
        all().map_err(|error| chain(&error))
    }

    /// Which files contain these bytes.
    #[must_use]
    pub fn files_with(&self, bytes: &[u8]) -> Vec<&str> {
        self.image.files_with(bytes)
    }
}

/// An error with its causes, in one line.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        text.push_str(": ");
        text.push_str(&inner.to_string());
        cause = inner.source();
    }
    text
}
