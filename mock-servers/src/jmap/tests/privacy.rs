//! What users see of each other's events where they see each other's accounts.

use serde_json::{Value, json};

use super::harness::{GUEST, World, simulated_with_guest};

const SHARED: &str = "strict+shared-accounts";

async fn about(world: &World, owner: &World, name: &str, mut arguments: Value) -> Value {
    arguments["accountId"] = json!(owner.account);
    let response = world.calls(json!([[name, arguments, "0"]])).await.remove(0);
    assert_eq!(response[0], name, "{response}");
    response[1].clone()
}

fn event(world: &World, privacy: &str) -> Value {
    let mut event = world.event(privacy, "Plan");
    event["privacy"] = json!(privacy);
    event["description"] = json!("d");
    event["recurrenceRule"] = json!({ "frequency": "daily", "count": 3 });
    event["recurrenceOverrides"] =
        json!({ "2026-05-05T09:00:00": { "title": "Other", "start": "2026-05-05T10:00:00" } });
    event
}

#[test]
fn secret_events_are_not_there_for_others() {
    simulated_with_guest(SHARED, async |owner, guest| {
        let state = owner.state().await;
        let id = owner.made(event(&owner, "secret")).await;
        let since = json!({ "sinceState": state });
        assert_eq!(owner.ok("CalendarEvent/changes", since.clone()).await["created"], json!([id]));
        assert_eq!(
            about(&guest, &owner, "CalendarEvent/changes", since).await["created"],
            json!([])
        );
        assert_eq!(about(&guest, &owner, "CalendarEvent/query", json!({})).await["ids"], json!([]));
        let get = about(&guest, &owner, "CalendarEvent/get", json!({ "ids": [id] })).await;
        assert_eq!(get["notFound"], json!([id]));
        let set = json!({ "update": { id.as_str(): { "title": "x" } }, "destroy": [id] });
        let set = about(&guest, &owner, "CalendarEvent/set", set).await;
        assert_eq!(set["notUpdated"][&id]["type"], "notFound");
        assert_eq!(set["notDestroyed"][&id]["type"], "notFound");
        assert_eq!(owner.patched(&id, json!({ "title": "y" })).await, Value::Null);
    });
}

#[test]
fn of_private_events_others_see_the_times() {
    simulated_with_guest(SHARED, async |owner, guest| {
        let id = owner.made(event(&owner, "private")).await;
        let get = json!({ "ids": [id] });
        let shown = about(&guest, &owner, "CalendarEvent/get", get).await["list"][0].clone();
        assert_eq!((shown.get("title"), shown.get("description")), (None, None));
        assert_eq!(
            (&shown["start"], &shown["uid"]),
            (&json!("2026-05-04T09:00:00"), &json!("private"))
        );
        let patch = json!({ "2026-05-05T09:00:00": { "start": "2026-05-05T10:00:00" } });
        assert_eq!(shown["recurrenceOverrides"], patch);
        let set = json!({ "update": { id.as_str(): { "color": "red" } }, "destroy": [id] });
        let set = about(&guest, &owner, "CalendarEvent/set", set).await;
        assert_eq!(set["notUpdated"][&id]["type"], "forbidden");
        assert_eq!(set["notDestroyed"][&id]["type"], "forbidden");
        let create = json!({ "create": { "c": event(&owner, "private") } });
        let set = about(&guest, &owner, "CalendarEvent/set", create).await;
        assert_eq!(set["notCreated"]["c"]["properties"], json!(["privacy"]));
    });
}

#[test]
fn hidden_guests_are_seen_by_owners_and_themselves() {
    simulated_with_guest(SHARED, async |owner, guest| {
        let mut event = owner.event("u", "Plan");
        event["hideAttendees"] = json!(true);
        event["participants"] = json!({
            "o": { "calendarAddress": "mailto:owner@example.com", "roles": { "owner": true } },
            "g": { "calendarAddress": format!("mailto:{GUEST}"), "roles": { "attendee": true } },
            "x": { "calendarAddress": "mailto:x@y.z", "roles": { "attendee": true } },
        });
        let id = owner.made(event).await;
        let people = |shown: Value| {
            let list = shown["list"][0]["participants"].as_object().unwrap().clone();
            list.keys().cloned().collect::<String>()
        };
        let get = json!({ "ids": [id] });
        assert_eq!(people(owner.ok("CalendarEvent/get", get.clone()).await), "gox");
        assert_eq!(people(about(&guest, &owner, "CalendarEvent/get", get).await), "go");
        let reduced = json!({ "ids": [id], "reduceParticipants": true });
        assert_eq!(people(owner.ok("CalendarEvent/get", reduced).await), "o");
    });
}
