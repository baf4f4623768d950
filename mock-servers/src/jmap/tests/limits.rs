//! Advertised limits are enforced, with no fault armed.

use std::time::Duration;

use serde_json::{Map, Value, json};

use super::harness::{World, json_of, rule, simulated, simulated_as};
use crate::faults::{Effect, Site};

fn limit(name: &str) -> Value {
    json!({
        "type": "urn:ietf:params:jmap:error:limit",
        "status": 400,
        "limit": name,
        "detail": format!("the request is beyond {name}"),
    })
}

#[test]
fn too_many_calls_and_too_large_a_request_are_problems() {
    simulated(async |world| {
        let calls = |n: usize| json!(vec![json!(["Core/echo", {}, "0"]); n]);
        assert_eq!(world.calls(calls(16)).await.len(), 16);
        let answer = world.try_calls(calls(17)).await.unwrap();
        assert_eq!((answer.status().as_u16(), json_of(&answer)), (400, limit("maxCallsInRequest")));
        let padding = "x".repeat(10_000_001);
        let answer = world.post(padding).await.unwrap();
        assert_eq!(json_of(&answer), limit("maxSizeRequest"));
    });
}

#[test]
fn a_fifth_concurrent_request_is_refused() {
    simulated(async |world| {
        world.server.arm(rule("slow", Site::Request, "other", Effect::Delay { ms: 1_000 }));
        let echo = || world.try_calls(json!([["Core/echo", {}, "0"]]));
        let fifth = async {
            world.env.clock.sleep(Duration::from_millis(500)).await;
            echo().await
        };
        let (a, b, c, d, fifth) = tokio::join!(echo(), echo(), echo(), echo(), fifth);
        for answer in [a, b, c, d] {
            assert_eq!(answer.unwrap().status(), 200);
        }
        assert_eq!(json_of(&fifth.unwrap()), limit("maxConcurrentRequests"));
        assert_eq!(echo().await.unwrap().status(), 200, "they count only while they are served");
    });
}

#[test]
fn nothing_is_nested_without_end_piece_by_piece() {
    simulated(async |world| {
        let nested = |levels: usize| (0..levels).fold(json!({}), |inner, _| json!({ "a": inner }));
        let mut event = world.event("u", "deep");
        event["example.com:x"] = nested(70);
        let create = json!({ "create": { "c": event.clone() } });
        let refused = world.ok("CalendarEvent/set", create).await["notCreated"]["c"].clone();
        assert_eq!(refused["type"], "invalidProperties");
        assert_eq!(refused["properties"], json!(["example.com:x"]));
        event["example.com:x"] = nested(60);
        let made = world.ok("CalendarEvent/set", json!({ "create": { "c": event } })).await;
        let id = made["created"]["c"]["id"].as_str().unwrap().to_owned();
        let pointer = format!("example.com:x{}", "/a".repeat(50));
        let update = async |levels: usize| {
            let patch = json!({ pointer.as_str(): nested(levels) });
            world.ok("CalendarEvent/set", json!({ "update": { id.as_str(): patch } })).await
        };
        let refused = update(30).await["notUpdated"][&id].clone();
        assert_eq!(refused["type"], "invalidProperties");
        assert!(update(5).await["updated"].get(&id).is_some());
    });
}

async fn set_of(world: &World, count: usize) -> (String, Value) {
    let creates: Map<String, Value> =
        (0..count).map(|n| (format!("c{n}"), world.event(&format!("u{n}"), "x"))).collect();
    world.call("CalendarEvent/set", json!({ "create": creates })).await
}

#[test]
fn too_many_objects_are_refused_as_a_whole() {
    simulated(async |world| {
        let (name, error) = set_of(&world, 501).await;
        assert_eq!((name.as_str(), &error["type"]), ("error", &json!("requestTooLarge")));
        assert_eq!(world.server.items().len(), 0);
        let refused = world.server.writes(1);
        assert_eq!((refused.len(), refused.iter().filter(|w| w.applied()).count()), (501, 0));
        assert_eq!(set_of(&world, 500).await.0, "CalendarEvent/set");
        assert_eq!(world.server.items().len(), 500);

        let ids: Vec<String> = (0..501).map(|n| format!("x{n}")).collect();
        assert_eq!(world.err("CalendarEvent/get", json!({ "ids": ids })).await, "requestTooLarge");
        let all = world.ok("CalendarEvent/get", json!({ "properties": ["uid"] })).await;
        assert_eq!(all["list"].as_array().unwrap().len(), 500);
        world.made(world.event("one-more", "x")).await;
        assert_eq!(world.err("CalendarEvent/get", json!({})).await, "requestTooLarge");
    });
}

#[test]
fn stalwart_cuts_a_get_of_everything_without_a_word() {
    simulated_as("stalwart", async |world| {
        world.seed(501);
        let all = world.ok("CalendarEvent/get", json!({ "properties": ["uid"] })).await;
        assert_eq!(all["list"].as_array().unwrap().len(), 500);
    });
}
