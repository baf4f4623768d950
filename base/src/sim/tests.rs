//! Tests of the simulation as a whole: the digest above all.

use std::{
    collections::BTreeSet,
    io::Write,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, Mutex},
    time::Duration,
};

use ::http::{Request, Response};
use bytes::Bytes;

use super::{Config, Sim};
use crate::{
    Db,
    db::Error,
    http::{Answer, Client, Incoming, ServerLimits, serve},
    net::Addr,
    process::message,
    sync::lock,
};

/// Tells a test binary that was started by a test to print a digest.
const CHILD: &str = "CALAMITY_BASE_DIGEST_CHILD";

/// Order in which a workload sends its items.
#[derive(Clone, Copy)]
enum Order {
    Sorted,
    /// As a std `HashMap` gives them: another in every process.
    Planted,
}

#[expect(clippy::disallowed_types, reason = "the planted mistake that the digest must show")]
fn items(order: Order) -> Vec<u32> {
    match order {
        Order::Sorted => (0..64).collect(),
        Order::Planted => {
            let map: std::collections::HashMap<u32, ()> = (0..64).map(|key| (key, ())).collect();
            map.into_keys().collect()
        }
    }
}

/// A bit of everything: two servers, concurrent requests, a database, randomness, a crash.
async fn workload(sim: Sim, order: Order) -> String {
    let mut servers = Vec::new();
    for host in ["a.test", "b.test"] {
        let env = sim.process(host);
        let (clock, entropy) = (env.clock.clone(), env.entropy.clone());
        let handler = move |request: Incoming| {
            let clock = clock.clone();
            let mut stream = entropy.stream("delay", request.uri.path());
            async move {
                clock.sleep(Duration::from_millis(stream.below(20))).await;
                let body = format!("{} at {}", stream.uuid(), clock.now());
                Answer::Full(Response::new(body.into()))
            }
        };
        let limits = ServerLimits::default();
        servers.push(serve(&env, Addr::new(host, 0), Arc::new(handler), limits).await.unwrap());
    }
    for life in 0..2 {
        let env = sim.process("engine");
        if life == 0 {
            sim.disk("engine").stop_at(100);
        }
        let urls: Vec<String> = servers.iter().map(|server| server.endpoint.http()).collect();
        let own = env.clone();
        let run = env.process.spawn("run", async move {
            let client = Client::new(&own);
            let db = Db::open(&own, "store.db").await.unwrap();
            let schema = "CREATE TABLE IF NOT EXISTS item (key INTEGER, life INTEGER, body TEXT)";
            db.tx("schema", move |tx| Ok::<_, Error>(tx.execute_batch(schema)?)).await.unwrap();
            for pair in items(order).chunks(2) {
                let sent: Vec<_> = pair
                    .iter()
                    .zip(&urls)
                    .map(|(key, url)| {
                        let uri = format!("{url}/item/{key}");
                        let request = Request::get(uri).body(Bytes::new()).unwrap();
                        let client = client.clone();
                        own.process.spawn("send", async move { client.send(request).await })
                    })
                    .collect();
                for (task, key) in sent.into_iter().zip(pair.to_vec()) {
                    let body = task.await.unwrap().unwrap().into_body();
                    db.tx("item", move |tx| {
                        let sql = "INSERT INTO item VALUES (?1, ?2, ?3)";
                        tx.execute(sql, (key, life, body.as_ref()))?;
                        Ok::<_, Error>(())
                    })
                    .await
                    .unwrap();
                }
            }
        });
        assert_eq!(run.await.is_ok(), life == 1);
    }
    sim.advance(Duration::from_secs(600)).await;
    assert_eq!(sim.net().open_connections(), 0);
    format!("{} of {} records", sim.digest(), sim.records())
}

fn digest(seed: u64) -> String {
    Sim::run(seed, async |sim| workload(sim, Order::Sorted).await)
}

#[test]
fn the_digest_is_equal_over_repeats_and_differs_by_seed() {
    let first = digest(1);
    for _ in 0..4 {
        assert_eq!(digest(1), first);
    }
    assert_ne!(digest(2), first);
}

#[test]
#[expect(clippy::disallowed_methods, reason = "the threads are what the digest must not depend on")]
fn the_digest_is_equal_over_fresh_threads() {
    let threads: Vec<_> = (0..4).map(|_| std::thread::spawn(|| digest(1))).collect();
    let digests: BTreeSet<String> =
        threads.into_iter().map(|thread| thread.join().unwrap()).collect();
    assert_eq!(digests.into_iter().collect::<Vec<_>>(), [digest(1)]);
}

/// Writes more in a transaction than SQLite keeps in memory, so that it writes some of it early.
fn digest_of_large_transactions() -> String {
    Sim::run(1, async |sim| {
        let db = Db::open(&sim.process("engine"), "store.db").await.unwrap();
        let schema = "CREATE TABLE item (key INTEGER PRIMARY KEY, body BLOB)";
        db.tx("schema", move |tx| Ok::<_, Error>(tx.execute_batch(schema)?)).await.unwrap();
        for turn in 0..2_i64 {
            db.tx("fill", move |tx| {
                let mut insert =
                    tx.prepare_cached("INSERT INTO item VALUES (?1, zeroblob(2000))")?;
                for key in 0..1500 {
                    insert.execute([(key * 7919) % 100_003 * 3 + turn])?;
                }
                Ok::<_, Error>(())
            })
            .await
            .unwrap();
        }
        let ops = sim.disk("engine").durable_ops();
        assert!(ops > 3000, "{ops}");
        format!("{} after {ops} operations", sim.digest())
    })
}

#[test]
#[expect(clippy::disallowed_methods, reason = "the threads are what the digest must not depend on")]
fn the_digest_does_not_depend_on_what_other_simulations_keep_in_memory() {
    let alone = digest_of_large_transactions();
    let threads: Vec<_> =
        (0..3).map(|_| std::thread::spawn(digest_of_large_transactions)).collect();
    for thread in threads {
        assert_eq!(thread.join().unwrap(), alone);
    }
}

/// Does nothing unless the test below started it.
#[test]
fn digest_child() {
    if std::env::var_os(CHILD).is_some() {
        writeln!(std::io::stdout(), "digest: {}", digest(1)).unwrap();
    }
}

#[test]
fn the_digest_is_equal_over_fresh_processes() {
    let expect = digest(1);
    for _ in 0..3 {
        let output = std::process::Command::new(std::env::current_exe().unwrap())
            .args(["sim::tests::digest_child", "--exact", "--nocapture"])
            .env(CHILD, "1")
            .output()
            .unwrap();
        let printed = String::from_utf8(output.stdout).unwrap();
        let line = printed.lines().find_map(|line| line.split_once("digest: "));
        assert_eq!(line.map(|(_, digest)| digest), Some(expect.as_str()), "{printed}");
    }
}

#[test]
fn an_iteration_over_a_std_hash_map_changes_the_digest() {
    let run = || Sim::run(1, async |sim| workload(sim, Order::Planted).await);
    let digests: BTreeSet<String> = (0..3).map(|_| run()).collect();
    assert_eq!(digests.len(), 3);
    assert!(!digests.contains(&digest(1)));
}

#[test]
fn a_kill_at_any_moment_leaves_what_was_acknowledged_and_a_world_that_goes_on() {
    let killed_after = |wait: Duration| {
        Sim::run(1, async |sim| {
            let server_env = sim.process("a.test");
            let handled = Arc::new(Mutex::new(BTreeSet::new()));
            let seen = handled.clone();
            let handler = move |request: Incoming| {
                lock(&seen).insert(request.uri.path().to_owned());
                async { Answer::Full(Response::new(Bytes::new())) }
            };
            let limits = ServerLimits::default();
            let at = Addr::new("a.test", 80);
            drop(serve(&server_env, at, Arc::new(handler), limits).await.unwrap());
            let env = sim.process("engine");
            let own = env.clone();
            let run = env.process.spawn("run", async move {
                let client = Client::new(&own);
                let db = Db::open(&own, "store.db").await.unwrap();
                let schema = "CREATE TABLE item (path TEXT)";
                db.tx("schema", move |tx| Ok::<_, Error>(tx.execute_batch(schema)?)).await.unwrap();
                for key in 0..30 {
                    let path = format!("/item/{key}");
                    let uri = format!("http://a.test{path}");
                    client.send(Request::put(uri).body(Bytes::new()).unwrap()).await.unwrap();
                    db.tx("item", move |tx| {
                        Ok::<_, Error>(tx.execute("INSERT INTO item VALUES (?1)", [path])?)
                    })
                    .await
                    .unwrap();
                }
            });
            tokio::time::sleep(wait).await;
            env.process.kill();
            let done = run.await.is_ok();
            let image = sim.disk("engine").snapshot();
            sim.advance(Duration::from_secs(60)).await;
            assert_eq!(sim.net().open_connections(), 0);
            assert_eq!(sim.disk("engine").snapshot(), image);
            if image.files().all(|(_, bytes)| bytes.is_empty()) {
                return done;
            }
            assert_eq!(image.complaints("store.db").unwrap(), [""; 0]);
            let db = Db::open(&sim.process("engine"), "store.db").await.unwrap();
            let stored = db.read("look", |tx| {
                let mut statement = tx.prepare("SELECT path FROM item")?;
                let rows = statement.query_map([], |row| row.get(0))?;
                Ok::<_, Error>(rows.collect::<Result<BTreeSet<String>, _>>()?)
            });
            match stored.await {
                // Never stored without having been done; done at most one more than stored.
                Ok(stored) => {
                    assert!(stored.is_subset(&lock(&handled)));
                    assert!(lock(&handled).len() - stored.len() <= 1);
                }
                Err(error) => assert!(matches!(error, Error::Sqlite { .. }), "{error}"),
            }
            done
        })
    };
    let mut kills = 0;
    while !killed_after(Duration::from_millis(kills * 3)) {
        kills += 1;
    }
    assert!(kills > 40, "{kills}");
}

#[test]
fn the_trace_holds_the_last_records() {
    let config = Config { trace_max: 8, ..Config::new(1) };
    Sim::run_with(&config, async |sim| {
        let env = sim.process("engine");
        for _ in 0..20 {
            env.points.reach("step").await.unwrap();
        }
        sim.advance(Duration::from_millis(5)).await;
        env.entropy.stream("ids", "run").next_u64();
        let trace = sim.trace();
        assert_eq!(trace.len(), 8);
        let last = trace.last().unwrap();
        assert_eq!((last.number, last.at_ns, last.kind), (sim.records(), 5_000_000, "entropy"));
        assert_eq!(&*last.process, "engine#1");
        assert!(last.to_string().contains("5000000ns engine#1 entropy [15] ids/run "), "{last}");
    });
}

#[test]
fn a_run_in_which_everybody_waits_is_given_up() {
    let run = AssertUnwindSafe(|| Sim::run(1, async |_| std::future::pending::<()>().await));
    let panic = catch_unwind(run).unwrap_err();
    assert!(message(panic.as_ref()).contains("everybody waits"), "{}", message(panic.as_ref()));
}

#[test]
fn a_year_of_hourly_wake_ups_is_a_year() {
    Sim::run(1, async |sim| {
        let env = sim.process("service");
        let clock = env.clock.clone();
        let task = env.process.spawn("hourly", async move {
            for _ in 0..365 * 24 {
                clock.sleep(Duration::from_secs(3600)).await;
            }
        });
        task.await.unwrap();
        assert_eq!(sim.clock().now().to_string(), "2027-04-16T08:00:00Z");
    });
}

#[test]
fn nothing_of_a_run_is_left_when_it_is_over() {
    let probe = Arc::new(());
    let held = probe.clone();
    let core = Sim::run(1, async move |sim| {
        let env = sim.process("server");
        let handler = |_: Incoming| async { Answer::Hang };
        let limits = ServerLimits::default();
        let server = serve(&env, Addr::new("a.test", 0), Arc::new(handler), limits).await.unwrap();
        let client = Client::new(&sim.process("client"));
        let db = Db::open(&env, "store.db").await.unwrap();
        let request = Request::get(server.endpoint.http()).body(Bytes::new()).unwrap();
        drop(env.process.spawn("hangs", async move {
            let _held = (held, db);
            client.send(request).await
        }));
        sim.advance(Duration::from_secs(1)).await;
        sim.weak()
    });
    assert_eq!(Arc::strong_count(&probe), 1);
    assert!(core.upgrade().is_none());
}

#[test]
fn a_run_that_panics_is_left_clean_too() {
    let run = || -> String { Sim::run(1, async |_| panic!("a bug in the scenario")) };
    let panic = catch_unwind(run).unwrap_err();
    assert_eq!(message(panic.as_ref()), "a bug in the scenario");
    assert_eq!(digest(1), digest(1));
}
