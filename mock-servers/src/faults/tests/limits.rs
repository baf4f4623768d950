//! True limiters: of rate, of concurrency, by client, account, operation and connection.

use std::time::Duration;

use serde_json::{Value, json};

use super::rig::{Answer, World, on_loopback, with_each};

fn throttle(quota: Value) -> Value {
    json!({
        "id": "limit", "site": "request", "op": "event.create",
        "when": { "quota": quota },
        "what": { "error": { "code": "ApplicationThrottled", "status": 429 } },
    })
}

async fn statuses(world: &World, names: &[&str], headers: &[(&str, &str)]) -> Vec<u16> {
    let mut all = Vec::new();
    for name in names {
        all.push(world.try_create(name, headers).await.unwrap().status / 100);
    }
    all
}

#[test]
fn what_is_beyond_the_rate_is_refused_until_the_window_has_moved() {
    with_each(async |world| {
        world.arm(throttle(json!({ "limit": 3, "window_ms": 10_000, "says_when": true })));
        assert_eq!(statuses(&world, &["a", "b"], &[]).await, [2, 2]);
        world.env.clock.sleep(Duration::from_millis(6_000)).await;
        assert_eq!(statuses(&world, &["c", "d", "e"], &[]).await, [2, 4, 4]);
        let refused = world.create("d").await;
        let wait: u64 = refused.header("retry-after").parse().unwrap();
        assert!((3..=4).contains(&wait), "{wait}");
        // A client that waits as it was told gets through, and what was refused did not count.
        world.env.clock.sleep(Duration::from_secs(wait)).await;
        assert_eq!(statuses(&world, &["d", "e", "f"], &[]).await, [2, 2, 4]);
        assert_eq!(world.server.items().len(), 5);
        assert_eq!(world.server.fault_hits().len(), 4);
    });
}

#[test]
fn each_key_has_a_limit_of_its_own() {
    with_each(async |world| {
        let one = json!({ "limit": 1, "window_ms": 60_000, "key": ["client", "account"] });
        world.arm(throttle(one));
        assert_eq!(statuses(&world, &["a", "b"], &[("user-agent", "one/1")]).await, [2, 4]);
        assert_eq!(statuses(&world, &["b", "c"], &[("user-agent", "two/1")]).await, [2, 4]);
        let of = json!({ "limit": 1, "window_ms": 60_000, "key": ["operation"] });
        let mut rule = throttle(of);
        rule["op"] = json!("*");
        world.arm(rule);
        assert_eq!(statuses(&world, &["c", "d"], &[]).await, [2, 4]);
        assert!(!world.delete("a").await.is_refused(), "another operation");
        assert!(world.delete("b").await.is_refused());
        let own = json!({ "limit": 1, "window_ms": 60_000, "key": ["connection"] });
        world.arm(throttle(own));
        assert_eq!(statuses(&world, &["d", "e"], &[]).await, [2, 4], "one connection is kept");
    });
}

async fn two_at_a_time(world: World) {
    world.arm(throttle(json!({ "concurrency": 2, "key": ["account"] })));
    world.arm(json!({
        "id": "hold", "site": "response", "op": "event.create",
        "when": { "hold": 1 }, "what": { "delay": { "ms": 0 } },
    }));
    let create = |name: &'static str| {
        let world = &world;
        async move { world.create(name).await.status }
    };
    // The first is held when it is done; the second passes; with both gone all pass again.
    let held = async {
        world.server.until_held("hold").await;
        assert_eq!(create("b").await / 100, 2);
        world.arm(throttle(json!({ "concurrency": 1, "key": ["account"] })));
        assert_eq!(create("c").await / 100, 2, "armed anew, it counts from now on");
        world.server.release("hold");
    };
    let (first, ()) = tokio::join!(create("a"), held);
    assert_eq!(first / 100, 2);
    world.arm(throttle(json!({ "concurrency": 1 })));
    world.arm(json!({
        "id": "hold", "site": "response", "op": "event.create",
        "when": { "hold": 1 }, "what": { "delay": { "ms": 0 } },
    }));
    let meanwhile = async {
        world.server.until_held("hold").await;
        assert_eq!(create("e").await, 429);
        assert_eq!(world.server.release("hold"), 1);
    };
    let (first, ()) = tokio::join!(create("d"), meanwhile);
    assert_eq!(first / 100, 2);
    assert_eq!(create("e").await / 100, 2, "what is answered counts no more");
}

#[test]
fn only_so_many_are_under_way_at_a_time() {
    with_each(two_at_a_time);
    for protocol in super::rig::ALL {
        on_loopback(protocol, two_at_a_time);
    }
}

#[test]
fn a_full_account_refuses_more_and_no_fault_is_armed() {
    with_each(async |world| {
        world.server.set_quota(Some(2));
        let refused = async |name: &str| -> Answer { world.create(name).await };
        assert!(!refused("a").await.is_refused());
        assert!(!refused("b").await.is_refused());
        let third = refused("c").await;
        assert!(third.is_refused());
        let codes = ["overQuota", "ErrorQuotaExceeded", "quota-not-exceeded"];
        assert!(codes.iter().any(|code| third.text().contains(code)), "{}", third.text());
        assert!(third.status == 507 || third.status == 200);
        world.delete("a").await;
        assert!(!refused("c").await.is_refused());
        world.server.set_quota(None);
        assert!(!refused("d").await.is_refused());
        assert_eq!(world.server.fault_hits(), []);
    });
}
