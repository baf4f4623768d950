//! What is kept of an answer makes no difference but in time.

use serde_json::{Value, json};

use super::harness::{World, error_rule, rule, simulated, simulated_as, simulated_with_guest};
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

#[test]
fn a_whole_answer_is_given_again_to_the_same_request_alone() {
    simulated(async |world| {
        let id = world.made(world.event("u", "Plan")).await;
        let asked = json!({ "ids": [id, "other"] });
        let first = world.ok("CalendarEvent/get", asked.clone()).await;
        assert_eq!(first, world.ok("CalendarEvent/get", asked.clone()).await);
        assert_eq!(first["notFound"], json!(["other"]));
        // Tokens that are refused from now on are not handed out again.
        world.server.expire_tokens();
        let fresh = world.ok("CalendarEvent/get", asked.clone()).await["state"].clone();
        assert_ne!(first["state"], fresh);
        assert_eq!(world.state().await, fresh);
        let other = world.made(world.event("v", "Other")).await;
        assert_ne!(world.ok("CalendarEvent/get", asked).await["state"], fresh);
        let call = |id: &str, name: &str| json!([["CalendarEvent/get", { "accountId": world.account, "ids": [id] }, name]]);
        let names = async |call: Value| world.calls(call).await[0][2].clone();
        assert_eq!(names(call(&other, "a")).await, "a");
        assert_eq!(names(call(&other, "b")).await, "b");
        let lost = world.server.lose(1.0);
        let gone = world.calls(call(&other, "a")).await;
        assert_eq!((lost, &gone[0][1]["notFound"]), (2, &json!([other])));
        // An error is made anew, and a refusal of a fault is not kept.
        let wrong = json!({ "ids": [], "properties": ["utcStart", "recurrenceOverrides"] });
        for _ in 0..2 {
            assert_eq!(world.err("CalendarEvent/get", wrong.clone()).await, "invalidArguments");
        }
    });
}

#[test]
fn an_answer_that_was_kept_is_nothing_to_a_fault() {
    simulated(async |world| {
        let id = world.made(world.event("u", "Plan")).await;
        let plain = world.shown(&id).await;
        assert_eq!(world.shown(&id).await, plain);
        world.server.arm(rule("omit", Site::Item, "event.get", Effect::Omit));
        assert_eq!(got(&world, json!({ "ids": [id] })).await, json!([]));
        world.server.clear("omit");
        assert_eq!(world.shown(&id).await, plain);
        world.server.arm(error_rule("down", Site::Request, "event.get", "serverFail"));
        assert_eq!(world.err("CalendarEvent/get", json!({ "ids": [id] })).await, "serverFail");
        world.server.clear("down");
        assert_eq!(world.shown(&id).await, plain);
    });
}

#[test]
fn a_card_is_shown_as_it_is_now() {
    simulated(async |world| {
        let book = json!({ "create": { "b": { "name": "Friends" } } });
        let book = world.ok("AddressBook/set", book).await["created"]["b"]["id"].clone();
        let card = json!({
            "@type": "Card", "version": "1.0", "uid": "c", "name": { "full": "Ada" },
            "addressBookIds": { book.as_str().unwrap(): true },
        });
        let made = world.ok("ContactCard/set", json!({ "create": { "c": card } })).await;
        let id = made["created"]["c"]["id"].clone();
        let asked = json!({ "ids": [id], "properties": ["name"] });
        let get = async || world.ok("ContactCard/get", asked.clone()).await;
        let first = get().await;
        assert_eq!(first, get().await);
        let patch = json!({ "update": { id.as_str().unwrap(): { "name/full": "Bea" } } });
        let done = world.ok("ContactCard/set", patch).await;
        assert_eq!(done["notUpdated"], Value::Null, "{done}");
        let after = get().await;
        assert_ne!(after["state"], first["state"]);
        assert_eq!(after["list"][0]["name"]["full"], "Bea");
    });
}
