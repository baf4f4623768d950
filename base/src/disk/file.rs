//! The machine's disk: a directory, and for each open database a thread of its own.
//!
//! The thread is the reasoned exception to the rule that nothing starts threads: SQLite blocks, and
//! tokio's pool for blocking work neither keeps an order nor a bound per database.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
    time::Duration,
};

use rusqlite::{Connection, OpenFlags};
use tokio::{
    runtime::Handle,
    sync::{mpsc, oneshot},
};

use super::seam::{Database, Disk, check};
use crate::{
    BoxFuture, Env, Process,
    db::{BACKOFF, Error, Job, Options, Progress, Slot, prepare},
    sync::lock,
};

/// How many jobs wait for a database before their callers do.
const JOBS_MAX: usize = 64;

/// A directory of the machine.
#[derive(Clone, Debug)]
pub struct FileDisk {
    directory: PathBuf,
}

impl FileDisk {
    /// Databases of this directory, which is created when the first is opened.
    #[must_use]
    pub fn new(directory: impl Into<PathBuf>) -> FileDisk {
        FileDisk { directory: directory.into() }
    }
}

impl Disk for FileDisk {
    fn open<'a>(
        &'a self,
        env: &'a Env,
        name: &'a str,
        options: Options,
    ) -> BoxFuture<'a, Result<Arc<dyn Database>, Error>> {
        Box::pin(async move {
            check(name)?;
            let path = self.directory.join(name);
            let mut attempts = 0;
            loop {
                match Threaded::start(env, name, &path, options).await {
                    Ok(database) => return Ok(Arc::new(database) as Arc<dyn Database>),
                    Err(Error::Busy { source }) => match BACKOFF.after(attempts) {
                        Some(wait) => tokio::time::sleep(wait).await,
                        None => return Err(Error::Busy { source }),
                    },
                    Err(error) => return Err(error),
                }
                attempts += 1;
            }
        })
    }
}

/// A database on a thread of its own.
struct Threaded {
    name: String,
    jobs: Mutex<Option<mpsc::Sender<Queued>>>,
    ended: tokio::sync::watch::Receiver<()>,
}

/// A job and how often it was attempted. It carries its own way back into the queue, so that the
/// thread lives as long as a submitted job does.
struct Queued {
    job: Job,
    attempts: u32,
    jobs: mpsc::Sender<Queued>,
}

impl Threaded {
    #[expect(clippy::disallowed_methods, reason = "the one thread of a database, named after it")]
    async fn start(
        env: &Env,
        name: &str,
        path: &Path,
        options: Options,
    ) -> Result<Threaded, Error> {
        let (jobs, queue) = mpsc::channel(JOBS_MAX);
        let (opened, opening) = oneshot::channel();
        let (ending, ended) = tokio::sync::watch::channel(());
        let path = path.to_owned();
        let retry = Retry { process: env.process.clone(), runtime: Handle::current() };
        let thread = std::thread::Builder::new().name(format!("db {name}"));
        let spawned = thread.spawn(move || {
            // Dropped when the thread ends, after the connection.
            let _ending = ending;
            match Slot::open(Box::new(move || open(&path, options))) {
                Ok(slot) => {
                    drop(opened.send(Ok(())));
                    work(slot, queue, &retry);
                }
                Err(error) => drop(opened.send(Err(error))),
            }
        });
        if spawned.is_err() {
            return Err(Error::Closed { database: name.to_owned() });
        }
        match opening.await {
            Ok(Ok(())) => {
                Ok(Threaded { name: name.to_owned(), jobs: Mutex::new(Some(jobs)), ended })
            }
            Ok(Err(error)) => Err(error),
            Err(_) => Err(Error::Closed { database: name.to_owned() }),
        }
    }
}

impl Database for Threaded {
    fn submit(&self, job: Job) -> BoxFuture<'_, Result<(), Error>> {
        Box::pin(async move {
            let closed = || Error::Closed { database: self.name.clone() };
            let jobs = lock(&self.jobs).clone().ok_or_else(closed)?;
            let queued = Queued { job, attempts: 0, jobs: jobs.clone() };
            jobs.send(queued).await.map_err(|_| closed())
        })
    }

    fn close(&self) -> BoxFuture<'_, ()> {
        Box::pin(async move {
            drop(lock(&self.jobs).take());
            let mut ended = self.ended.clone();
            // Nothing is ever sent: it changes by the thread's end.
            while ended.changed().await.is_ok() {}
        })
    }
}

/// Carries out jobs until nobody can submit any more.
fn work(mut slot: Slot, mut queue: mpsc::Receiver<Queued>, retry: &Retry) {
    while let Some(Queued { mut job, attempts, jobs }) = queue.blocking_recv() {
        match slot.attempt(&mut job) {
            Progress::Done | Progress::Reopen => job.deliver(),
            Progress::Busy(source) => match BACKOFF.after(attempts) {
                Some(wait) => retry.later(Queued { job, attempts: attempts + 1, jobs }, wait),
                None => {
                    job.fail(Error::Busy { source });
                    job.deliver();
                }
            },
        }
    }
}

/// Brings a job back to the queue after a while, so that the thread does not wait.
struct Retry {
    process: Process,
    runtime: Handle,
}

impl Retry {
    fn later(&self, queued: Queued, wait: Duration) {
        drop(self.process.spawn_on(&self.runtime, "db.retry", async move {
            // The lock is the machine's, so it is tokio's time: a mock's clock may stand still.
            tokio::time::sleep(wait).await;
            let jobs = queued.jobs.clone();
            drop(jobs.send(queued).await);
        }));
    }
}

fn open(path: &Path, options: Options) -> Result<Connection, Error> {
    if let Some(directory) = path.parent() {
        // SQLite says what is wrong when the directory is not there.
        drop(std::fs::create_dir_all(directory));
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_CREATE
        | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    prepare(&connection, options)?;
    Ok(connection)
}
