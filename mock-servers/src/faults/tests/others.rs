//! Somebody else is faster, and reads from the past.

use std::time::Duration;

use calamity_evidence::Actor;
use serde_json::json;

use super::rig::{World, on_loopback, with, with_each};
use crate::Protocol;

async fn lost_races(world: World) {
    world.fill(&["a", "b"]).await;
    let tag = world.tag("a").await;
    world.arm(json!({
        "id": "second-actor", "site": "request", "op": "event.update",
        "what": { "race": { "edit": { "description": "somebody else's" } } },
    }));
    let late = world.update("a", &tag).await;
    let code = match world.protocol {
        Protocol::Jmap => "stateMismatch",
        Protocol::Graph => "ErrorIrresolvableConflict",
        Protocol::Dav => "",
    };
    assert_eq!(late.status, if world.protocol == Protocol::Jmap { 200 } else { 412 });
    assert!(late.is_refused() && late.text().contains(code), "{}", late.text());
    let items = world.server.items();
    let item = items.iter().find(|item| item.facts.title == "Event a").unwrap();
    assert_eq!(item.facts.description, "somebody else's");
    let log = world.server.writes(0);
    let by = &log[log.len() - 2];
    assert_eq!((&by.actor, by.applied()), (&Actor::User("second-actor".to_owned()), true));
    // The state is what it says it is: with the new tag the write goes through.
    world.server.clear("second-actor");
    let tag = world.tag("a").await;
    assert!(!world.update("a", &tag).await.is_refused());

    let tag = world.tag("b").await;
    let id = world.id("b");
    world.arm(json!({
        "id": "second-actor", "site": "request", "op": "event.update", "what": { "race": "delete" },
    }));
    let late = world.update("b", &tag).await;
    assert!(late.is_refused(), "{}", late.text());
    assert!(world.server.items().iter().all(|item| item.id != id));
}

#[test]
fn a_second_actor_edits_and_deletes_before_the_client_writes() {
    with_each(lost_races);
    for protocol in super::rig::ALL {
        on_loopback(protocol, lost_races);
    }
}

#[test]
fn what_cannot_happen_to_a_request_is_not_used_up_by_it() {
    with_each(async |world| {
        world.fill(&["a", "b"]).await;
        let rule = |what: serde_json::Value| json!({ "id": "once", "site": "request", "op": "*", "when": { "times": 1 }, "what": what });
        let fired = |world: &World| world.server.armed()[0].1;
        world.env.clock.sleep(Duration::from_secs(9)).await;
        world.arm(rule(json!({ "stale": { "lag_ms": 5_000 } })));
        world.env.clock.sleep(Duration::from_secs(1)).await;
        world.fill(&["c"]).await;
        assert_eq!(fired(&world), 0, "a write is not answered from the past");
        world.changes("").await;
        assert_eq!(fired(&world), 1);

        world.arm(rule(json!({ "race": "delete" })));
        world.read("a").await;
        world.fill(&["d"]).await;
        assert_eq!((fired(&world), world.server.items().len()), (0, 4), "nothing is overtaken");
        world.delete("a").await;
        assert_eq!((fired(&world), world.server.items().len()), (1, 3));
    });
}

#[test]
fn reads_lag_behind_writes() {
    with_each(async |world| {
        world.fill(&["a"]).await;
        world.arm(json!({
            "id": "lag", "site": "request", "op": "feed.*", "what": { "stale": { "lag_ms": 5_000 } },
        }));
        let token = world.token().await;
        world.env.clock.sleep(Duration::from_secs(6)).await;
        world.fill(&["b"]).await;
        assert_eq!(world.server.items().len(), 2);
        assert_eq!(world.changes(&token).await.rows, Vec::<String>::new(), "not yet");
        world.env.clock.sleep(Duration::from_secs(6)).await;
        assert_eq!(world.changes(&token).await.rows, ["b"]);
        world.fill(&["c"]).await;
        assert_eq!(world.server.items().len(), 3, "a read from the past changes nothing");
        world.server.clear("lag");
        assert_eq!(world.changes(&token).await.rows.len(), 2);
    });
}

#[test]
fn a_new_calendar_can_be_missing_for_some_time() {
    with(Protocol::Dav, "strict", async |world| {
        world.arm(json!({
            "id": "lag", "site": "request", "op": "*", "what": { "stale": { "lag_ms": 3_000 } },
        }));
        let path = "/dav/calendars/owner@example.com/new/";
        assert_eq!(world.send("MKCALENDAR", path, &[], "").await.status, 201);
        assert_eq!(world.send("PROPFIND", path, &[("depth", "0")], "").await.status, 404);
        world.env.clock.sleep(Duration::from_secs(4)).await;
        assert_eq!(world.send("PROPFIND", path, &[("depth", "0")], "").await.status, 207);
    });
}

#[test]
fn what_a_server_keeps_beside_its_items_is_never_written_into_the_past() {
    with(Protocol::Dav, "strict", async |world| {
        world.fill(&["a"]).await;
        world.arm(json!({
            "id": "lag", "site": "request", "op": "*", "what": { "stale": { "lag_ms": 9_000 } },
        }));
        world.fill(&["b"]).await;
        let path = format!("{}a.ics", world.calendar);
        let body = "<lockinfo xmlns=\"DAV:\"><lockscope><exclusive/></lockscope><locktype><write/>\
                    </locktype></lockinfo>";
        let mut tokens = Vec::new();
        for _ in 0..2 {
            let locked = world.send("LOCK", &path, &[], body).await;
            let token = locked.header("lock-token").to_owned();
            assert!(!token.is_empty(), "{}", locked.text());
            let freed = world.send("UNLOCK", &path, &[("lock-token", &token)], "").await;
            assert_eq!(freed.status, 204);
            tokens.push(token);
        }
        assert_ne!(tokens[0], tokens[1]);
    });
}
