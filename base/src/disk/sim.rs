//! The simulated disk and the databases on it.

use std::{
    fmt,
    sync::{
        Arc, Mutex, OnceLock,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use rusqlite::{Connection, OpenFlags, functions::FunctionFlags, types::Value};

use super::{
    DiskImage, Mishap,
    seam::{Database, Disk, check},
    store::{Holder, Store},
    vfs::{Context, Registered},
};
use crate::{
    BoxFuture, Clock, Entropy, Env, Process,
    db::{BACKOFF, Error, Job, Options, Progress, Slot, prepare},
    digest::Emitter,
    sync::lock,
};

/// What a transaction costs, and what each of its durable operations does, in virtual microseconds.
const TRANSACTION_US: u64 = 50;
const DURABLE_OP_US: u64 = 20;

/// The bound of a page cache that simulated databases stay below: 1 GiB.
const CACHE_KIB: i64 = 1 << 20;

/// The largest result of the SQL function `randomblob` here.
const RANDOM_BLOB_BYTES_MAX: i64 = 1 << 20;

/// A simulated disk. Cheap to clone; its files survive the processes.
#[derive(Clone)]
pub struct SimDisk {
    name: Arc<str>,
    store: Arc<Store>,
}

impl SimDisk {
    pub(crate) fn new(name: &str) -> SimDisk {
        SimDisk { name: name.into(), store: Arc::new(Store::default()) }
    }

    pub(crate) fn from_image(name: &str, image: &DiskImage) -> SimDisk {
        SimDisk { name: name.into(), store: Arc::new(Store::from_image(image)) }
    }

    /// How many durable operations there were: writes, syncs, truncations and deletions of files.
    #[must_use]
    pub fn durable_ops(&self) -> u64 {
        self.store.durable_ops()
    }

    /// Lets the `k`-th durable operation of this disk, counted from 1, meet a mishap instead of
    /// landing.
    pub fn arm(&self, k: u64, mishap: Mishap) {
        self.store.arm(k, mishap);
    }

    /// Takes back every mishap that has not happened.
    pub fn disarm(&self) {
        self.store.disarm();
    }

    /// The numbers of the operations that met a mishap, in order.
    #[must_use]
    pub fn met(&self) -> Vec<u64> {
        self.store.met()
    }

    /// Kills the process that comes to the `k`-th durable operation, which does not land.
    pub fn stop_at(&self, k: u64) {
        self.arm(k, Mishap::Stop);
    }

    /// Fails the `k`-th durable operation.
    pub fn fail_at(&self, k: u64) {
        self.arm(k, Mishap::Fail);
    }

    /// Kills every process of the disk and takes back what was not synced.
    pub fn lose_power(&self) {
        self.store.lose_unsynced();
        for process in self.store.processes() {
            process.kill();
        }
    }

    /// Takes the write lock of a database, as another program would, until the guard is dropped.
    /// Nothing when a connection has it.
    #[must_use]
    pub fn lock_database(&self, database: &str) -> Option<DatabaseLock> {
        let holder = self.store.lock_out(database)?;
        Some(DatabaseLock { store: self.store.clone(), database: database.to_owned(), holder })
    }

    /// The files as they are: as landed, whether synced or not.
    #[must_use]
    pub fn snapshot(&self) -> DiskImage {
        self.store.image()
    }

    /// Takes away the locks and the shared memory of a dead process.
    pub(crate) fn release(&self, process: u64) {
        self.store.release(process);
    }
}

impl fmt::Debug for SimDisk {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ops = self.durable_ops();
        formatter.debug_struct("SimDisk").field("name", &self.name).field("ops", &ops).finish()
    }
}

/// A write lock that another program holds. Released when dropped.
#[must_use = "the lock is released when this is dropped"]
pub struct DatabaseLock {
    store: Arc<Store>,
    database: String,
    holder: Holder,
}

impl Drop for DatabaseLock {
    fn drop(&mut self) {
        self.store.close(&self.database, self.holder);
    }
}

impl fmt::Debug for DatabaseLock {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("DatabaseLock").field(&self.database).finish()
    }
}

/// A simulated disk as one process has it.
pub(crate) struct ProcessDisk {
    context: Arc<Context>,
    entropy: Entropy,
    vfs: OnceLock<Arc<Registered>>,
    opened: Arc<AtomicU64>,
}

impl ProcessDisk {
    pub(crate) fn new(
        disk: &SimDisk,
        process: &Process,
        number: u64,
        emitter: Option<Emitter>,
        clock: &Clock,
        entropy: &Entropy,
    ) -> ProcessDisk {
        disk.store.join(process);
        let context = Arc::new(Context {
            store: disk.store.clone(),
            process: process.clone(),
            number,
            emitter,
            clock: clock.clone(),
            randomness: Mutex::new(entropy.stream("sqlite", "vfs")),
            durable_ops: AtomicU64::new(0),
            owed_us: AtomicU64::new(0),
        });
        let vfs = OnceLock::new();
        ProcessDisk { context, entropy: entropy.clone(), vfs, opened: Arc::default() }
    }

    /// What opens connections to a database.
    pub(super) fn opener(
        &self,
        name: &str,
        options: Options,
    ) -> impl Fn() -> Result<Connection, Error> + Send + use<> {
        let vfs = self.vfs.get_or_init(|| Arc::new(Registered::new(self.context.clone()))).clone();
        let name = name.to_owned();
        let (entropy, opened) = (self.entropy.clone(), self.opened.clone());
        move || {
            let number = opened.fetch_add(1, Ordering::Relaxed);
            let connection = open(&vfs, &name, &entropy, number)?;
            prepare(&connection, options)?;
            share_no_cache(&connection)?;
            Ok(connection)
        }
    }
}

impl Disk for ProcessDisk {
    fn open<'a>(
        &'a self,
        env: &'a Env,
        name: &'a str,
        options: Options,
    ) -> BoxFuture<'a, Result<Arc<dyn Database>, Error>> {
        Box::pin(async move {
            check(name)?;
            let mut attempts = 0;
            loop {
                self.context.alive().await;
                let before = self.context.durable_ops.load(Ordering::Relaxed);
                let opened = Slot::open(Box::new(self.opener(name, options)));
                self.context.charge(before).await;
                match opened {
                    Ok(slot) => {
                        let context = self.context.clone();
                        let process = env.process.clone();
                        let inline = Inline { slot: Mutex::new(Some(slot)), context, process };
                        let name = name.to_owned();
                        return Ok(Arc::new(SimDatabase { name, inline: Arc::new(inline) })
                            as Arc<dyn Database>);
                    }
                    Err(Error::Busy { source }) => match BACKOFF.after(attempts) {
                        Some(wait) => env.clock.sleep(wait).await,
                        None => return Err(Error::Busy { source }),
                    },
                    Err(error) => return Err(error),
                }
                attempts += 1;
            }
        })
    }
}

impl fmt::Debug for ProcessDisk {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("ProcessDisk").finish_non_exhaustive()
    }
}

impl Context {
    /// Goes on only when the process is alive.
    async fn alive(&self) {
        if !self.process.is_alive() {
            std::future::pending::<()>().await;
        }
    }

    /// Charges virtual time for what landed since `before`, and lets others run.
    ///
    /// Paused tokio time moves in whole milliseconds, so smaller costs add up until they are one.
    async fn charge(&self, before: u64) {
        self.alive().await;
        let ops = self.durable_ops.load(Ordering::Relaxed).saturating_sub(before);
        let cost_us = TRANSACTION_US + ops * DURABLE_OP_US;
        let owed_us = self.owed_us.fetch_add(cost_us, Ordering::Relaxed) + cost_us;
        let due_ms = owed_us / 1000;
        self.owed_us.fetch_sub(due_ms * 1000, Ordering::Relaxed);
        if due_ms > 0 {
            tokio::time::sleep(Duration::from_millis(due_ms)).await;
        } else {
            tokio::task::yield_now().await;
        }
        self.alive().await;
    }
}

/// An open database of a simulation.
struct SimDatabase {
    name: String,
    inline: Arc<Inline>,
}

/// A connection that runs its jobs where they are submitted.
struct Inline {
    slot: Mutex<Option<Slot>>,
    context: Arc<Context>,
    process: Process,
}

impl Inline {
    /// Attempts a job once. Gives it back when the database is busy.
    async fn attempt(&self, name: &str, mut job: Job) -> Option<(Job, rusqlite::Error)> {
        self.context.alive().await;
        let before = self.context.durable_ops.load(Ordering::Relaxed);
        if let Some(emitter) = &self.context.emitter {
            emitter.emit("db.tx", &[name.as_bytes(), job.name().as_bytes()]);
        }
        let progress = match &mut *lock(&self.slot) {
            Some(slot) => slot.attempt(&mut job),
            None => {
                job.fail(Error::Closed { database: name.to_owned() });
                Progress::Done
            }
        };
        self.context.charge(before).await;
        match progress {
            Progress::Done | Progress::Reopen => {
                job.deliver();
                None
            }
            Progress::Busy(source) => Some((job, source)),
        }
    }

    /// Attempts a job that was busy until it is not, or too often.
    async fn retry(self: Arc<Inline>, name: String, mut job: Job, mut source: rusqlite::Error) {
        for attempts in 0.. {
            let Some(wait) = BACKOFF.after(attempts) else { break };
            tokio::time::sleep(wait).await;
            match self.attempt(&name, job).await {
                None => return,
                Some(busy) => (job, source) = busy,
            }
        }
        job.fail(Error::Busy { source });
        job.deliver();
    }
}

impl Database for SimDatabase {
    fn submit(&self, job: Job) -> BoxFuture<'_, Result<(), Error>> {
        Box::pin(async move {
            if let Some((job, source)) = self.inline.attempt(&self.name, job).await {
                let retry = self.inline.clone().retry(self.name.clone(), job, source);
                drop(self.inline.process.spawn("db.retry", retry));
            }
            Ok(())
        })
    }

    fn close(&self) -> BoxFuture<'_, ()> {
        Box::pin(async move {
            self.inline.context.alive().await;
            let before = self.inline.context.durable_ops.load(Ordering::Relaxed);
            drop(lock(&self.inline.slot).take());
            self.inline.context.charge(before).await;
        })
    }
}

/// Makes a connection depend on no other's use of the page cache, which all connections of a
/// machine process share: a bound that is never reached pushes no page out, and a large transaction
/// writes none of its pages before it commits.
pub(super) fn share_no_cache(connection: &Connection) -> rusqlite::Result<()> {
    connection.pragma_update(None, "cache_size", -CACHE_KIB)?;
    connection.pragma_update(None, "cache_spill", "OFF")
}

fn open(vfs: &Registered, name: &str, entropy: &Entropy, number: u64) -> Result<Connection, Error> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_CREATE
        | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags_and_vfs(name, flags, vfs.name())?;
    // SQLite's own generator is one for the whole machine process and cannot be seeded for one
    // simulation, so its SQL functions are ours here.
    let stream = |function: &str| {
        Mutex::new(entropy.stream("sqlite", &format!("{function} {name} {number}")))
    };
    let random = stream("random");
    let flags = FunctionFlags::SQLITE_UTF8;
    connection.create_scalar_function("random", 0, flags, move |_| {
        Ok(lock(&random).next_u64().cast_signed())
    })?;
    let random_blob = stream("randomblob");
    connection.create_scalar_function("randomblob", 1, flags, move |call| {
        let length = call.get::<i64>(0)?.clamp(1, RANDOM_BLOB_BYTES_MAX);
        let mut stream = lock(&random_blob);
        let words = (0..length.div_euclid(8) + 1).map(|_| stream.next_u64());
        let mut bytes: Vec<u8> = words.flat_map(u64::to_le_bytes).collect();
        bytes.truncate(usize::try_from(length).unwrap_or_default());
        Ok(Value::Blob(bytes))
    })?;
    Ok(connection)
}
