//! Tests of databases: what holds on either disk, and what each has of its own.

use std::{
    panic::AssertUnwindSafe,
    pin::pin,
    sync::{Arc, mpsc},
    task::Poll,
    time::Duration,
};

use rusqlite::{Connection, Transaction};

use super::{BACKOFF, Db, Error};
use crate::{Env, Sim, process};

/// An error of a caller's own.
#[derive(Debug, thiserror::Error)]
enum Refused {
    #[error("not today")]
    NotToday,
    #[error(transparent)]
    Db(#[from] Error),
}

fn insert(transaction: &Transaction<'_>, n: i64) -> Result<(), Error> {
    transaction.prepare_cached("INSERT INTO item (n) VALUES (?1)")?.execute([n])?;
    Ok(())
}

async fn items(db: &Db) -> Vec<i64> {
    db.read("items", |transaction| {
        let mut statement = transaction.prepare("SELECT n FROM item ORDER BY n")?;
        let rows = statement.query_map([], |row| row.get(0))?;
        Ok::<_, Error>(rows.collect::<Result<Vec<i64>, _>>()?)
    })
    .await
    .unwrap()
}

async fn opened(env: &Env) -> Db {
    let db = Db::open(env, "store.db").await.unwrap();
    let schema = "CREATE TABLE IF NOT EXISTS item (n INTEGER PRIMARY KEY); \
        CREATE TABLE IF NOT EXISTS part (item INTEGER NOT NULL REFERENCES item (n) \
        DEFERRABLE INITIALLY DEFERRED)";
    db.tx("schema", move |transaction| Ok::<_, Error>(transaction.execute_batch(schema)?))
        .await
        .unwrap();
    db
}

async fn on_either_disk(env: &Env) {
    let db = opened(env).await;
    let added = db.tx("add", |transaction| insert(transaction, 1).map(|()| 7)).await.unwrap();
    assert_eq!(added, 7);

    let refused = db.tx("refuse", |transaction| {
        insert(transaction, 2)?;
        Err::<(), _>(Refused::NotToday)
    });
    assert!(matches!(refused.await, Err(Refused::NotToday)));
    let twice = db.tx("twice", |transaction| insert(transaction, 1)).await;
    assert!(matches!(twice, Err(Error::Sqlite { .. })), "{twice:?}");
    assert_eq!(items(&db).await, [1]);

    let mut panicking = pin!(db.tx("panic", |transaction| {
        insert(transaction, 3)?;
        if transaction.is_autocommit() { Ok(()) } else { panic!("a bug") }
    }));
    let caught = std::future::poll_fn(|context| {
        match std::panic::catch_unwind(AssertUnwindSafe(|| panicking.as_mut().poll(context))) {
            Ok(Poll::Pending) => Poll::Pending,
            Ok(Poll::Ready(result)) => Poll::Ready(Ok::<Result<(), Error>, _>(result)),
            Err(panic) => Poll::Ready(Err(panic)),
        }
    });
    assert_eq!(*caught.await.unwrap_err().downcast::<&str>().unwrap(), "a bug");
    assert_eq!(items(&db).await, [1]);

    // A deferred constraint is refused at COMMIT, and is not in doubt.
    let orphan = db.tx("orphan", |transaction| {
        insert(transaction, 4)?;
        transaction.execute("INSERT INTO part (item) VALUES (99)", [])?;
        Ok::<_, Error>(())
    });
    let orphan = orphan.await;
    assert!(matches!(orphan, Err(Error::Sqlite { .. })), "{orphan:?}");

    let looked = db.read("look", |transaction| insert(transaction, 5)).await;
    assert_eq!(looked.map_err(|error| error.to_string()), Ok(()));
    assert_eq!(items(&db).await, [1]);

    let mode = db.exclusive("mode", |connection: &mut Connection| {
        // What is left open is rolled back.
        connection.execute_batch("BEGIN; INSERT INTO item VALUES (6)")?;
        let pragma = |name| connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
        let full = pragma("synchronous")?;
        let keys = pragma("foreign_keys")?;
        let wait = pragma("busy_timeout")?;
        let mode = connection.pragma_query_value(None, "journal_mode", |row| row.get(0))?;
        Ok::<(i64, i64, i64, String), Error>((full, keys, wait, mode))
    });
    assert_eq!(mode.await.unwrap(), (2, 1, 0, "wal".to_owned()));
    assert_eq!(items(&db).await, [1]);

    let other = db.clone();
    db.close().await;
    let closed = other.tx("late", |transaction| insert(transaction, 6)).await;
    assert!(matches!(closed, Err(Error::Closed { database }) if database == "store.db"));
    for name in ["", "/etc/store.db", "../store.db", "a//b", "a?mode=memory"] {
        let error = Db::open(env, name).await.map(drop).unwrap_err();
        assert!(matches!(error, Error::Name { .. }), "{name}");
    }
    assert_eq!(items(&opened(env).await).await, [1]);
}

#[test]
fn a_simulated_database_behaves() {
    Sim::run(1, async |sim| on_either_disk(&sim.process("engine")).await);
}

#[tokio::test]
async fn a_real_database_behaves() {
    let directory = tempfile::tempdir().unwrap();
    on_either_disk(&Env::production("test", directory.path())).await;
}

#[tokio::test]
async fn a_busy_real_database_is_retried_and_completes_although_the_caller_is_gone() {
    let directory = tempfile::tempdir().unwrap();
    let env = Env::production("test", directory.path());
    let [first, second] = [opened(&env).await, opened(&env).await];
    let (release, wait) = mpsc::channel::<()>();
    let (begun, begins) = tokio::sync::oneshot::channel();
    let holder = env.process.spawn("hold", async move {
        first
            .tx("hold", move |transaction| {
                begun.send(()).unwrap();
                wait.recv().unwrap();
                insert(transaction, 1)
            })
            .await
            .unwrap();
    });
    begins.await.unwrap();
    let waiting = second.clone();
    let waiter = env.process.spawn("wait", async move {
        waiting.tx("wait", |transaction| insert(transaction, 2)).await.unwrap();
    });
    // Its caller goes away after it was submitted: the queue is taken in order, so a look that came
    // after it has been answered before.
    let mut abandoned = Box::pin(second.tx("abandoned", |transaction| insert(transaction, 3)));
    std::future::poll_fn(|context| {
        assert!(abandoned.as_mut().poll(context).is_pending());
        Poll::Ready(())
    })
    .await;
    drop(abandoned);
    assert_eq!(items(&second).await, Vec::<i64>::new());
    release.send(()).unwrap();
    holder.await.unwrap();
    waiter.await.unwrap();
    while items(&second).await.len() < 3 {
        tokio::task::yield_now().await;
    }
    assert_eq!(items(&second).await, [1, 2, 3]);
}

#[test]
fn a_busy_simulated_database_is_retried_and_given_up_after_a_bounded_while() {
    Sim::run(1, async |sim| {
        let env = sim.process("engine");
        let [first, second] = [opened(&env).await, opened(&env).await];
        assert!(sim.disk("engine").lock_database("store.db").is_some());
        let locked = sim.disk("engine").lock_database("store.db").unwrap();
        assert!(sim.disk("engine").lock_database("store.db").is_none());
        let start = sim.clock().now();
        let writer = first.clone();
        let task = env.process.spawn("write", async move {
            writer.tx("write", |transaction| insert(transaction, 1)).await
        });
        // Looking needs no write lock.
        assert_eq!(items(&second).await, Vec::<i64>::new());
        sim.advance(Duration::from_secs(2)).await;
        assert!(!task.is_finished());
        drop(locked);
        task.await.unwrap().unwrap();
        assert_eq!(items(&second).await, [1]);

        let locked = sim.disk("engine").lock_database("store.db");
        let before = sim.clock().now();
        let busy = first.tx("write", |transaction| insert(transaction, 2)).await;
        assert!(matches!(busy, Err(Error::Busy { .. })), "{busy:?}");
        let waited = sim.clock().now().duration_since(before).as_millis();
        assert!((19_000..21_000).contains(&waited), "{waited} ms after {start}");
        drop(locked);
        first.tx("write", |transaction| insert(transaction, 2)).await.unwrap();
        assert_eq!(items(&second).await, [1, 2]);
    });
    assert_eq!(BACKOFF.after(0), Some(Duration::from_millis(1)));
    assert_eq!(BACKOFF.after(1_000_000), None);
}

#[test]
fn many_connections_and_processes_write_one_database() {
    Sim::run(1, async |sim| {
        let envs: Vec<Env> = (0..3).map(|_| sim.process("engine")).collect();
        let mut tasks = Vec::new();
        for (number, env) in envs.iter().enumerate() {
            for half in 0..2 {
                let own = env.clone();
                let first = i64::try_from(number * 200 + half * 100).unwrap();
                tasks.push(env.process.spawn("write", async move {
                    let db = opened(&own).await;
                    for n in first..first + 50 {
                        db.tx("write", move |transaction| insert(transaction, n)).await.unwrap();
                    }
                }));
            }
        }
        for task in tasks {
            task.await.unwrap();
        }
        let db = opened(&envs[0]).await;
        assert_eq!(items(&db).await.len(), 300);
        // One of them dies; the others go on with the memory that they share.
        envs[1].process.kill();
        db.tx("write", |transaction| insert(transaction, 1000)).await.unwrap();
        assert_eq!(items(&opened(&envs[2]).await).await.len(), 301);
        assert_eq!(sim.disk("engine").snapshot().complaints("store.db").unwrap(), [""; 0]);
    });
}

#[test]
fn database_futures_of_a_dead_process_stay_pending() {
    Sim::run(1, async |sim| {
        let env = sim.process("engine");
        let db = opened(&env).await;
        let (me, late) = (env.process.clone(), db.clone());
        let run = env.process.spawn("run", async move {
            let killed = db.tx("kill", move |transaction| {
                insert(transaction, 1)?;
                me.kill();
                Ok::<_, Error>(())
            });
            unreachable!("the dead were told {:?}", killed.await);
        });
        assert!(matches!(run.await, Err(process::Stopped::Killed { .. })));
        let ops = sim.disk("engine").durable_ops();
        tokio::select! {
            biased;
            result = late.tx("late", |transaction| insert(transaction, 2)) => panic!("{result:?}"),
            opened = Db::open(&env, "other.db") => panic!("{opened:?}"),
            () = sim.advance(Duration::from_secs(3600)) => {}
        }
        drop(late);
        assert_eq!(sim.disk("engine").durable_ops(), ops);
        assert_eq!(items(&opened(&sim.process("engine")).await).await, Vec::<i64>::new());
    });
}

#[test]
fn time_and_randomness_of_sql_are_those_of_the_simulation() {
    let looked = || {
        Sim::run(1, async |sim| {
            let env = sim.process("engine");
            sim.advance(Duration::from_secs(90)).await;
            let db = Db::open(&env, "store.db").await.unwrap();
            db.read("look", |transaction| {
                let sql = "SELECT strftime('%Y-%m-%dT%H:%M', 'now'), random(), \
                    hex(randomblob(9)), random() = random()";
                let row = transaction.query_row(sql, [], |row| {
                    Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
                })?;
                Ok::<(String, i64, String, bool), Error>(row)
            })
            .await
            .unwrap()
        })
    };
    let first = looked();
    assert_eq!((first.0.as_str(), first.2.len(), first.3), ("2026-04-16T08:01", 18, false));
    assert_eq!(looked(), first);
}

#[test]
fn a_transaction_takes_virtual_time_by_what_it_writes() {
    Sim::run(1, async |sim| {
        let env = sim.process("engine");
        let db = opened(&env).await;
        let disk = sim.disk("engine");
        let (start, ops) = (sim.clock().now(), disk.durable_ops());
        for n in 0..100 {
            db.tx("write", move |transaction| insert(transaction, n)).await.unwrap();
        }
        let cost_us = 100 * 50 + (disk.durable_ops() - ops) * 20;
        let passed = sim.clock().now().duration_since(start).as_micros();
        let cost_us = i128::from(cost_us);
        assert!((cost_us - 1000..=cost_us + 1000).contains(&passed), "{passed} {cost_us}");
    });
}

#[tokio::test]
async fn a_real_database_on_a_frozen_clock_is_retried_all_the_same() {
    let directory = tempfile::tempdir().unwrap();
    let (clock, _hand) = crate::Clock::manual(crate::clock::epoch());
    let env = Env::production("mock", directory.path()).with_clock(clock);
    let db = Arc::new(opened(&env).await);
    let other = Connection::open(directory.path().join("store.db")).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let writer = db.clone();
    let task = env.process.spawn("write", async move {
        writer.tx("write", |transaction| insert(transaction, 1)).await
    });
    assert_eq!(items(&db).await, Vec::<i64>::new());
    other.execute_batch("COMMIT").unwrap();
    task.await.unwrap().unwrap();
    assert_eq!(items(&db).await, [1]);
}
