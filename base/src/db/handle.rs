//! The handle of an open database.

use std::{fmt, sync::Arc};

use rusqlite::{Connection, Transaction, TransactionBehavior};
use tokio::sync::oneshot;

use super::{
    Error, Options,
    job::{Closure, Job},
};
use crate::{Env, Process, disk::Database};

/// An open database. Cheap to clone; clones share one connection, on which one transaction runs at
/// a time. The connection closes when the last clone is dropped.
#[derive(Clone)]
pub struct Db {
    name: Arc<str>,
    process: Process,
    database: Arc<dyn Database>,
}

impl Db {
    /// Opens a database of the process's disk, and creates it when there is none.
    ///
    /// # Errors
    /// When the name is no relative path, or SQLite cannot open the file.
    pub async fn open(env: &Env, name: &str) -> Result<Db, Error> {
        Db::open_with(env, name, Options::default()).await
    }

    /// [`Db::open`] with more to say about it.
    ///
    /// # Errors
    /// As [`Db::open`].
    pub async fn open_with(env: &Env, name: &str, options: Options) -> Result<Db, Error> {
        let database = env.disk.open(env, name, options).await?;
        Ok(Db { name: name.into(), process: env.process.clone(), database })
    }

    /// The name under which it was opened.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Runs a transaction, which begins with the write lock (`BEGIN IMMEDIATE`) and commits when
    /// `f` returns `Ok`. Once submitted it completes, whatever becomes of the caller.
    ///
    /// # Errors
    /// What `f` returned, after a rollback. [`Error::Busy`] when the write lock was not to be had;
    /// [`Error::InDoubt`] when COMMIT failed.
    ///
    /// # Panics
    /// When `f` panics, after a rollback; the database stays usable.
    pub async fn tx<T, E>(
        &self,
        name: &'static str,
        f: impl FnOnce(&Transaction<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let behavior = TransactionBehavior::Immediate;
        self.run(name, Closure::Transaction(behavior, Box::new(f))).await
    }

    /// Runs a read-only look at the database, which takes no write lock. What `f` writes is rolled
    /// back.
    ///
    /// # Errors
    /// What `f` returned.
    ///
    /// # Panics
    /// When `f` panics; the database stays usable.
    pub async fn read<T, E>(
        &self,
        name: &'static str,
        f: impl FnOnce(&Transaction<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let behavior = TransactionBehavior::Deferred;
        self.run(name, Closure::Transaction(behavior, Box::new(f))).await
    }

    /// Runs what cannot run inside a transaction of ours: migrations, VACUUM, checkpoints.
    ///
    /// # Errors
    /// What `f` returned. A transaction that it left open is rolled back.
    ///
    /// # Panics
    /// When `f` panics; the database stays usable.
    pub async fn exclusive<T, E>(
        &self,
        name: &'static str,
        f: impl FnOnce(&mut Connection) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        self.run(name, Closure::Connection(Box::new(f))).await
    }

    /// Closes the connection once the submitted transactions have completed, for all clones.
    pub async fn close(&self) {
        self.database.close().await;
    }

    async fn run<T, E>(&self, name: &'static str, closure: Closure<T, E>) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let (sender, receiver) = oneshot::channel();
        self.database.submit(Job::new(name, closure, sender)).await?;
        match receiver.await {
            Ok(Ok(result)) => result,
            Ok(Err(panic)) => std::panic::resume_unwind(panic),
            // The connection's owner died with the process, which gets no answer any more.
            Err(_) if !self.process.is_alive() => std::future::pending().await,
            // The connection was closed before the job's turn came.
            Err(_) => Err(Error::Closed { database: self.name.to_string() }.into()),
        }
    }
}

impl fmt::Debug for Db {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Db").field("name", &self.name).finish_non_exhaustive()
    }
}
