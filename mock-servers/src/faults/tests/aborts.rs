//! Connections that break, on the simulated network and on sockets, and what is known of them.

use calamity_evidence::WriteResult;
use serde_json::json;

use super::rig::{ALL, World, on_loopback, with_each};

fn aborts(how: &str, site: &str) -> serde_json::Value {
    json!({ "id": "f", "site": site, "op": "event.create", "when": { "times": 1 },
            "what": { "abort": how } })
}

async fn bytes_that_are_no_http(world: World) {
    for site in ["link", "request", "item", "response"] {
        world.arm(aborts("garbage", site));
        let error = world.try_create(site, &[]).await.unwrap_err();
        assert!(error.is_in_doubt(), "{error}");
        assert_eq!(world.server.armed(), [("f".to_owned(), 1)]);
        let landed = world.server.items().len();
        assert_eq!(landed, usize::from(site == "response"), "{site}");
    }
}

#[test]
fn an_answer_can_be_garbage() {
    with_each(bytes_that_are_no_http);
    for protocol in ALL {
        on_loopback(protocol, bytes_that_are_no_http);
    }
}

async fn refused_connections(world: World) {
    // The connection that is there goes on; so it has to go first.
    world.arm(aborts("close", "request"));
    world.try_create("x", &[]).await.unwrap_err();
    world.arm(json!({
        "id": "f", "site": "link", "when": { "times": 1 }, "what": { "abort": "refuse" },
    }));
    let before = world.server.requests(0).len();
    world.try_create("a", &[]).await.unwrap_err();
    assert_eq!(world.server.requests(before), [], "nothing was read");
    let hits = world.server.fault_hits();
    assert_eq!((hits[1].site.as_str(), hits[1].request.0 as usize), ("link", before));
    world.fill(&["a"]).await;
}

/// What can become of a connection before anything is read from it.
async fn doors(mut world: World) {
    for how in ["reset", "close", "half-close", "hang", "garbage"] {
        world.arm(json!({
            "id": "f", "site": "link", "op": "connect", "when": { "times": 1 },
            "what": { "abort": how },
        }));
        world.connect_anew();
        let before = world.server.requests(0).len();
        world.try_create("a", &[]).await.unwrap_err();
        assert_eq!(world.server.requests(before), [], "{how}: nothing was read");
        assert_eq!(world.server.armed(), [("f".to_owned(), 1)], "{how}");
    }
    world.arm(json!({
        "id": "f", "site": "link", "op": "connect", "what": { "delay": { "ms": 1_500 } },
    }));
    world.connect_anew();
    let before = world.env.clock.now();
    world.fill(&["a"]).await;
    assert!(world.env.clock.now().as_millisecond() - before.as_millisecond() >= 1_500);
    // Those that were made before it do not meet it, and no request does.
    world.fill(&["b"]).await;
    assert_eq!(world.server.armed(), [("f".to_owned(), 1)]);
}

#[test]
fn a_rule_for_connections_that_could_never_fire_is_refused() {
    use crate::faults::Rule;
    let base = json!({ "id": "f", "site": "link", "op": "connect", "what": { "abort": "close" } });
    let check = |change: serde_json::Value| {
        let mut rule = base.clone();
        rule.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        serde_json::from_value::<Rule>(rule).unwrap().check().is_ok()
    };
    assert!(check(json!({})));
    assert!(!check(json!({ "op": "conn*" })));
    assert!(!check(json!({ "when": { "hold": 1 } })));
    assert!(!check(json!({ "site": "request" })));
}

#[test]
fn a_connection_can_go_wrong_before_anything_is_read_from_it() {
    with_each(doors);
}

#[test]
fn a_connection_can_be_refused() {
    with_each(refused_connections);
    for protocol in ALL {
        on_loopback(protocol, refused_connections);
    }
}

#[test]
fn a_write_that_is_lost_below_http_is_in_the_log() {
    with_each(async |world| {
        let from = world.server.writes(0).len();
        for (nth, how) in ["reset", "close", "garbage"].iter().enumerate() {
            world.arm(aborts(how, "link"));
            world.try_create("a", &[]).await.unwrap_err();
            let log = world.server.writes(from);
            assert_eq!(log.len(), nth + 1, "{how}");
            let WriteResult::Refused(why) = &log[nth].result else { panic!("{log:?}") };
            assert_eq!((why.code.as_str(), log[nth].title.as_str()), ("lost", "Event a"));
        }
        assert_eq!(world.server.items(), []);
    });
}
