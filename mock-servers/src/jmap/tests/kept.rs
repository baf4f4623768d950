//! What is kept of an answer makes no difference but in time.

use serde_json::{Value, json};

use super::harness::{World, rule, simulated, simulated_as, simulated_with_guest};
use crate::faults::{Effect, PatchEffect, Site};

async fn got(world: &World, arguments: Value) -> Value {
    world.ok("CalendarEvent/get", arguments).await["list"].clone()
}

#[test]
fn an_event_is_shown_as_it_is_now_and_as_it_is_asked_for() {
    simulated(async |world| {
        let id = world.made(world.event("u", "Before")).await;
        let all = json!({ "ids": [id] });
        let first = got(&world, all.clone()).await;
        assert_eq!(first, got(&world, all.clone()).await, "the same again");
        let title = got(&world, json!({ "ids": [id], "properties": ["title"] })).await;
        assert_eq!(title, json!([{ "id": id, "title": "Before" }]));
        let utc = json!({ "ids": [id], "properties": ["utcStart"], "timeZone": "Asia/Tokyo" });
        assert_eq!(got(&world, utc).await[0]["utcStart"], "2026-05-04T07:00:00Z");
        assert_eq!(first, got(&world, all.clone()).await, "two others later");
        assert_eq!(world.patched(&id, json!({ "title": "After" })).await, Value::Null);
        let after = got(&world, all).await;
        assert_eq!(
            (&after[0]["title"], after.as_array().map(Vec::len)),
            (&json!("After"), Some(1))
        );
        let twice = json!({ "ids": [id, id, "no"], "properties": ["id"] });
        let twice = world.ok("CalendarEvent/get", twice).await;
        assert_eq!((&twice["list"], &twice["notFound"]), (&json!([{ "id": id }]), &json!(["no"])));
    });
}

#[test]
fn what_a_fault_puts_into_an_answer_is_not_kept() {
    simulated(async |world| {
        let id = world.made(world.event("u", "Plain")).await;
        let plain = world.shown(&id).await;
        let set = [("title".to_owned(), json!("Patched"))].into_iter().collect();
        let patch = Effect::Patch(PatchEffect { set, ..PatchEffect::default() });
        world.server.arm(rule("patch", Site::Item, "event.get", patch));
        assert_eq!(world.shown(&id).await["title"], "Patched");
        world.server.clear("patch");
        assert_eq!(world.shown(&id).await, plain);
    });
}

#[test]
fn what_the_owner_read_is_not_shown_to_others() {
    simulated_with_guest("strict+shared-accounts", async |owner, guest| {
        let mut event = owner.event("u", "Plan");
        event["privacy"] = json!("private");
        let id = owner.made(event).await;
        assert_eq!(owner.shown(&id).await["title"], "Plan");
        let arguments = json!({ "ids": [id], "accountId": owner.account });
        let other = guest.calls(json!([["CalendarEvent/get", arguments, "0"]])).await;
        assert_eq!(other[0][1]["list"][0].get("title"), None, "{other:?}");
        assert_eq!(owner.shown(&id).await["title"], "Plan");
    });
}

#[test]
fn a_snapshot_has_the_events_of_its_time() {
    simulated_as("stalwart", async |world| {
        let id = world.made(world.event("u", "Early")).await;
        let early = world.shown(&id).await;
        let snapshot = world.server.snapshot();
        assert_eq!(world.patched(&id, json!({ "title": "Late" })).await, Value::Null);
        assert_eq!(world.shown(&id).await["title"], "Late");
        world.server.restore(&snapshot);
        assert_eq!(world.shown(&id).await, early);
    });
}

#[test]
fn an_answer_has_its_members_in_the_order_of_their_names() {
    simulated(async |world| {
        let id = world.made(world.event("u", "Plan")).await;
        let call =
            json!([["CalendarEvent/get", { "accountId": world.account, "ids": [id] }, "a\"b"]]);
        for _ in 0..2 {
            let response = world.try_calls(call.clone()).await.unwrap();
            let read: Value = serde_json::from_slice(response.body()).unwrap();
            assert_eq!(read.to_string().as_bytes(), &response.body()[..]);
        }
    });
}
