//! The seam itself: a disk opens databases, a database carries out jobs.

use std::{fmt, sync::Arc};

use crate::{
    BoxFuture, Env,
    db::{Error, Job, Options},
};

/// The disk of a process. Used through [`crate::Db`].
pub trait Disk: fmt::Debug + Send + Sync {
    /// Opens a database, and creates it when there is none. `name` is a relative path.
    fn open<'a>(
        &'a self,
        env: &'a Env,
        name: &'a str,
        options: Options,
    ) -> BoxFuture<'a, Result<Arc<dyn Database>, Error>>;
}

/// An open database. Used through [`crate::Db`].
pub trait Database: Send + Sync {
    /// Takes a job. Once this has returned, the job completes and delivers its result itself. In a
    /// dead process it never returns.
    fn submit(&self, job: Job) -> BoxFuture<'_, Result<(), Error>>;

    /// Closes the connection after the jobs that were submitted.
    fn close(&self) -> BoxFuture<'_, ()>;
}

/// Refuses names that leave the disk.
pub(super) fn check(name: &str) -> Result<(), Error> {
    let fine = !name.is_empty()
        && !name.contains(['\0', '\\', '?', '#'])
        && name.split('/').all(|part| !matches!(part, "" | "." | ".."));
    if fine { Ok(()) } else { Err(Error::Name { database: name.to_owned() }) }
}
