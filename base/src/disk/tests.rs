//! Tests of the simulated disk: crashes, failures, lost power, images.

use rusqlite::Transaction;

use super::{DiskImage, ImageError, Mishap, SimDisk};
use crate::{Db, Env, Sim, db::Error, process::Stopped};

/// How many transactions the workload makes. Each inserts two rows, a pair that belongs together.
const TRANSACTIONS: i64 = 12;

fn insert_pair(transaction: &Transaction<'_>, n: i64) -> Result<(), Error> {
    // Large enough for several pages, so that a transaction is several writes.
    let text = "x".repeat(3000);
    for half in ["left", "right"] {
        let mut statement =
            transaction.prepare_cached("INSERT INTO pair (n, half, text) VALUES (?1, ?2, ?3)")?;
        statement.execute((n, half, &text))?;
    }
    Ok(())
}

async fn open(env: &Env) -> Result<Db, Error> {
    let db = Db::open(env, "store.db").await?;
    db.tx("schema", |transaction| {
        let schema = "CREATE TABLE IF NOT EXISTS pair \
            (n INTEGER, half TEXT, text TEXT, PRIMARY KEY (n, half))";
        Ok::<_, Error>(transaction.execute_batch(schema)?)
    })
    .await?;
    Ok(db)
}

/// Runs the workload to its end or the process's, and says how many transactions were
/// acknowledged.
async fn workload(sim: &Sim, checkpoint: bool) -> i64 {
    let env = sim.process("engine");
    let acknowledged = std::sync::Arc::new(std::sync::atomic::AtomicI64::new(0));
    let count = acknowledged.clone();
    let own = env.clone();
    let run = env.process.spawn("run", async move {
        let db = open(&own).await.unwrap();
        for n in 0..TRANSACTIONS {
            db.tx("pair", move |transaction| insert_pair(transaction, n)).await.unwrap();
            count.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            if checkpoint && n % 4 == 3 {
                db.exclusive("checkpoint", |connection| {
                    let sql = "PRAGMA wal_checkpoint(TRUNCATE)";
                    Ok::<_, Error>(connection.query_row(sql, [], |_| Ok(()))?)
                })
                .await
                .unwrap();
            }
        }
        db.close().await;
    });
    match run.await {
        Ok(()) => assert!(env.process.is_alive()),
        Err(Stopped::Killed { .. }) => assert!(!env.process.is_alive()),
        Err(stopped) => panic!("{stopped}"),
    }
    acknowledged.load(std::sync::atomic::Ordering::Relaxed)
}

/// The numbers of the pairs that are there, each whole.
fn pairs(image: &DiskImage) -> Vec<i64> {
    if image.files().all(|(_, bytes)| bytes.is_empty()) {
        return Vec::new();
    }
    assert_eq!(image.complaints("store.db").unwrap(), [""; 0]);
    let connection = image.open("store.db").unwrap();
    let tables = "SELECT count(*) FROM sqlite_schema WHERE name = 'pair'";
    if connection.query_row(tables, [], |row| row.get::<_, i64>(0)).unwrap() == 0 {
        return Vec::new();
    }
    let halves = "SELECT n, count(*), sum(length(text)) FROM pair GROUP BY n ORDER BY n";
    let mut statement = connection.prepare(halves).unwrap();
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).unwrap();
    rows.map(|row| {
        let (n, count, length): (i64, i64, i64) = row.unwrap();
        assert_eq!((count, length), (2, 6000), "pair {n} is not whole");
        n
    })
    .collect()
}

fn first(count: i64) -> Vec<i64> {
    (0..count).collect()
}

/// What the workload does without a mishap: its durable operations.
fn operations(checkpoint: bool) -> u64 {
    Sim::run(1, async |sim| {
        assert_eq!(workload(&sim, checkpoint).await, TRANSACTIONS);
        assert_eq!(pairs(&sim.disk("engine").snapshot()), first(TRANSACTIONS));
        sim.disk("engine").durable_ops()
    })
}

/// Runs the workload with a mishap at every durable operation, and looks at what is left.
fn at_every_operation(mishap: Mishap, checkpoint: bool) {
    let operations = operations(checkpoint);
    assert!(operations > 60, "{operations}");
    for k in 1..=operations {
        Sim::run(1, async |sim| {
            let disk = sim.disk("engine");
            disk.arm(k, mishap);
            let acknowledged = workload(&sim, checkpoint).await;
            assert_eq!(disk.met(), [k]);
            assert_eq!(disk.durable_ops(), k - 1, "nothing lands after the death");

            // As a judge sees it, without touching the disk.
            let image = disk.snapshot();
            let there = pairs(&image);
            let count = i64::try_from(there.len()).unwrap();
            assert_eq!(there, first(count));
            // What was acknowledged is there; of the rest, one transaction at most, whose COMMIT
            // was under way.
            assert!(
                count == acknowledged || count == acknowledged + 1,
                "{count} pairs are there, {acknowledged} were acknowledged, stopped at {k}"
            );
            assert_eq!(disk.snapshot(), image);

            // As the next life of the process sees it, which then does the rest.
            let db = open(&sim.process("engine")).await.unwrap();
            for n in count..TRANSACTIONS {
                db.tx("pair", move |transaction| insert_pair(transaction, n)).await.unwrap();
            }
            db.close().await;
            assert_eq!(pairs(&disk.snapshot()), first(TRANSACTIONS));
        });
    }
}

#[test]
fn what_was_committed_is_there_after_a_stop_at_every_operation() {
    at_every_operation(Mishap::Stop, false);
}

#[test]
fn what_was_committed_is_there_after_a_stop_at_every_operation_of_checkpoints() {
    at_every_operation(Mishap::Stop, true);
}

#[test]
fn what_was_committed_is_there_after_a_torn_write_at_every_operation() {
    at_every_operation(Mishap::Tear { bytes: 11 }, true);
}

#[test]
fn what_was_committed_is_there_after_power_was_lost_at_every_operation() {
    at_every_operation(Mishap::LosePower, true);
}

#[test]
fn a_failure_at_every_operation_is_told_and_leaves_the_database_usable() {
    for mishap in [Mishap::Fail, Mishap::Full] {
        let mut in_doubt = 0;
        for k in 1.. {
            let met = Sim::run(1, async |sim| {
                let disk = sim.disk("engine");
                disk.arm(k, mishap);
                let env = sim.process("engine");
                // Opening fails when the mishap is there, and succeeds the second time.
                let db = match open(&env).await {
                    Ok(db) => db,
                    Err(_) => open(&env).await.unwrap(),
                };
                let mut expect = Vec::new();
                let mut doubted = None;
                for n in 0..TRANSACTIONS {
                    match db.tx("pair", move |transaction| insert_pair(transaction, n)).await {
                        Ok(()) => expect.push(n),
                        Err(Error::InDoubt { transaction, .. }) => {
                            assert_eq!(transaction, "pair");
                            doubted = Some(n);
                            in_doubt += 1;
                        }
                        Err(Error::Io { .. }) => assert_eq!(mishap, Mishap::Fail),
                        Err(Error::Full { .. }) => assert_eq!(mishap, Mishap::Full),
                        Err(error) => panic!("{error:?}"),
                    }
                }
                db.close().await;
                let there = pairs(&disk.snapshot());
                // What is in doubt must be looked up; everything else is as it was told.
                let mut settled = there.clone();
                settled.retain(|n| Some(*n) != doubted);
                assert_eq!(settled, expect, "{mishap:?} at {k}");
                disk.met().len()
            });
            if met == 0 {
                assert!(k > 40);
                break;
            }
        }
        assert!(in_doubt > 5, "{in_doubt}");
    }
}

#[test]
fn a_commit_in_doubt_has_its_connection_opened_anew() {
    Sim::run(1, async |sim| {
        let env = sim.process("engine");
        let db = open(&env).await.unwrap();
        let temporary = |db: Db| async move {
            db.exclusive("look", |connection| {
                let sql = "SELECT count(*) FROM sqlite_temp_schema";
                Ok::<i64, Error>(connection.query_row(sql, [], |row| row.get(0))?)
            })
            .await
            .unwrap()
        };
        db.exclusive("mark", |connection| {
            Ok::<_, Error>(connection.execute_batch("CREATE TEMP TABLE mark (n INTEGER)")?)
        })
        .await
        .unwrap();
        assert_eq!(temporary(db.clone()).await, 1);
        let disk = sim.disk("engine");
        disk.fail_at(disk.durable_ops() + 2);
        let doubt = db.tx("pair", |transaction| insert_pair(transaction, 0)).await;
        assert!(matches!(doubt, Err(Error::InDoubt { transaction: "pair", .. })), "{doubt:?}");
        assert_eq!(temporary(db.clone()).await, 0);
        db.tx("pair", |transaction| insert_pair(transaction, 0)).await.unwrap();
    });
}

#[test]
fn the_dead_hold_no_lock_although_somebody_still_holds_their_handle() {
    Sim::run(1, async |sim| {
        let disk = sim.disk("engine");
        let env = sim.process("engine");
        let db = open(&env).await.unwrap();
        let own = db.clone();
        let me = env.process.clone();
        let run = env.process.spawn("run", async move {
            let dying = own.tx("pair", move |transaction| {
                insert_pair(transaction, 0)?;
                // Dies while it has the write lock, which the rollback cannot give back then.
                me.kill();
                Err::<(), _>(Error::Closed { database: "store.db".to_owned() })
            });
            dying.await.unwrap();
        });
        assert!(matches!(run.await, Err(Stopped::Killed { .. })));
        let next = open(&sim.process("engine")).await.unwrap();
        let before = sim.clock().now();
        next.tx("pair", |transaction| insert_pair(transaction, 1)).await.unwrap();
        assert!(sim.clock().now().duration_since(before).as_millis() < 5);
        drop(db);
        next.tx("pair", |transaction| insert_pair(transaction, 2)).await.unwrap();
        next.close().await;
        assert_eq!(pairs(&disk.snapshot()), [1, 2]);
    });
}

#[test]
fn power_that_is_lost_takes_what_was_not_synced() {
    Sim::run(1, async |sim| {
        let env = sim.process("engine");
        let db = open(&env).await.unwrap();
        db.exclusive("lazy", |connection| {
            Ok::<_, Error>(connection.pragma_update(None, "synchronous", "OFF")?)
        })
        .await
        .unwrap();
        db.tx("pair", |transaction| insert_pair(transaction, 0)).await.unwrap();
        let disk = sim.disk("engine");
        assert_eq!(pairs(&disk.snapshot()), [0]);
        disk.lose_power();
        assert!(!env.process.is_alive());
        assert_eq!(pairs(&disk.snapshot()), first(0));
    });
}

#[test]
fn an_image_starts_other_runs_and_is_not_changed_by_them() {
    let image = Sim::run(1, async |sim| {
        workload(&sim, false).await;
        let db = open(&sim.process("engine")).await.unwrap();
        db.tx("pair", |transaction| insert_pair(transaction, 100)).await.unwrap();
        // The database is still open, so that its log is part of the image.
        sim.disk("engine").snapshot()
    });
    assert_eq!(
        image.files().map(|(name, _)| name).collect::<Vec<_>>(),
        ["store.db", "store.db-wal"]
    );
    assert_eq!(image.files_with(b"xxxxxxxx"), ["store.db", "store.db-wal"]);
    assert_eq!(image.files_with(b"a secret"), [""; 0]);
    let before = image.clone();
    let last = |n: i64| [first(TRANSACTIONS), vec![100], vec![n]].concat();
    for n in [101, 102] {
        Sim::run(2, async |sim| {
            let disk: SimDisk = sim.disk_from("engine", &image);
            assert_eq!(disk.durable_ops(), 0);
            let db = open(&sim.process("engine")).await.unwrap();
            db.tx("pair", move |transaction| insert_pair(transaction, n)).await.unwrap();
            assert_eq!(pairs(&disk.snapshot()), last(n));
        });
    }
    assert_eq!(image, before);
    let error = image.open("other.db").unwrap_err();
    assert!(matches!(error, ImageError::Missing { database } if database == "other.db"));
}

#[test]
fn an_image_that_is_opened_takes_no_writes() {
    let image = Sim::run(1, async |sim| {
        workload(&sim, false).await;
        sim.disk("engine").snapshot()
    });
    let connection = image.open("store.db").unwrap();
    let error = connection.execute("DELETE FROM pair", []).unwrap_err();
    assert_eq!(error.sqlite_error_code(), Some(rusqlite::ErrorCode::ReadOnly));
}

#[test]
fn a_damaged_image_is_complained_about() {
    let image = Sim::run(1, async |sim| {
        workload(&sim, true).await;
        sim.disk("engine").snapshot()
    });
    let mut damaged = image.clone();
    let bytes = damaged.files.get_mut("store.db").unwrap();
    // The second page holds the root of the table.
    std::sync::Arc::make_mut(bytes)[4096..4200].fill(0xff);
    match damaged.complaints("store.db") {
        Ok(complaints) => assert_ne!(complaints, [""; 0]),
        Err(ImageError::Unreadable { source, .. }) => {
            assert!(matches!(source, Error::Corrupt { .. }), "{source:?}");
        }
        Err(error) => panic!("{error}"),
    }
    assert_eq!(image.complaints("store.db").unwrap(), [""; 0]);
}

#[test]
fn after_a_stop_no_operation_of_any_of_the_processes_connections_lands() {
    Sim::run(1, async |sim| {
        let disk = sim.disk("engine");
        let env = sim.process("engine");
        let [db, other] = [open(&env).await.unwrap(), open(&env).await.unwrap()];
        disk.stop_at(disk.durable_ops() + 3);
        let stopped = disk.durable_ops() + 2;
        let run = env.process.spawn("run", async move {
            db.tx("pair", |transaction| insert_pair(transaction, 0)).await.unwrap();
        });
        assert!(matches!(run.await, Err(Stopped::Killed { .. })));
        let image = disk.snapshot();
        // Closing a connection would copy the log and delete it.
        drop(other);
        assert_eq!(disk.durable_ops(), stopped);
        assert_eq!(disk.snapshot(), image);
    });
}
