//! What goes wrong with the store.

use calamity_base::db;

/// The store could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The database said no.
    #[error(transparent)]
    Database(#[from] db::Error),
    /// The schema could not be brought up to date.
    #[error("the schema cannot be brought up to date; is the store from a newer version?")]
    Schema(#[source] rusqlite_migration::Error),
    /// A row holds what this program never writes.
    #[error("table {table}, {row}: {problem}")]
    Row {
        /// The table.
        table: &'static str,
        /// What names the row.
        row: String,
        /// What is wrong with it.
        problem: String,
    },
}

impl From<rusqlite::Error> for Error {
    fn from(source: rusqlite::Error) -> Self {
        Self::Database(source.into())
    }
}
