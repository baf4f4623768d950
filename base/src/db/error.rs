//! What goes wrong with a database.

use rusqlite::ErrorCode;

/// Why a transaction did not take place, or may not have.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Another connection kept the write lock for longer than the retries last.
    #[error("the database is busy: another connection holds the write lock")]
    Busy {
        /// What SQLite said last.
        #[source]
        source: rusqlite::Error,
    },
    /// The disk failed; the transaction did not take place.
    #[error("the disk failed under the database")]
    Io {
        /// What SQLite said.
        #[source]
        source: rusqlite::Error,
    },
    /// The disk is full; the transaction did not take place.
    #[error("the disk is full")]
    Full {
        /// What SQLite said.
        #[source]
        source: rusqlite::Error,
    },
    /// The file is damaged, or no database.
    #[error("the database is damaged; restore it from a copy")]
    Corrupt {
        /// What SQLite said.
        #[source]
        source: rusqlite::Error,
    },
    /// COMMIT failed: whether the transaction took place must be looked up. The connection has been
    /// reopened, so that the next transaction sees what is so.
    #[error("the commit of {transaction} failed; whether it took place must be looked up")]
    InDoubt {
        /// The transaction's name.
        transaction: &'static str,
        /// What SQLite said to the COMMIT.
        #[source]
        source: rusqlite::Error,
    },
    /// SQLite refused a statement: a constraint, or a bug.
    #[error("the database refused a statement")]
    Sqlite {
        /// What SQLite said.
        #[source]
        source: rusqlite::Error,
    },
    /// The database has been closed.
    #[error("the database {database} is closed")]
    Closed {
        /// The database's name.
        database: String,
    },
    /// The database cannot be opened by this name.
    #[error("{database:?} is no name for a database; use a relative path without ..")]
    Name {
        /// The name.
        database: String,
    },
}

impl From<rusqlite::Error> for Error {
    fn from(source: rusqlite::Error) -> Error {
        match source.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Error::Busy { source },
            Some(ErrorCode::SystemIoFailure | ErrorCode::CannotOpen | ErrorCode::ReadOnly) => {
                Error::Io { source }
            }
            Some(ErrorCode::DiskFull) => Error::Full { source },
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Error::Corrupt { source },
            _ => Error::Sqlite { source },
        }
    }
}
