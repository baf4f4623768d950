//! The names of RFC 8984 (a trait of a profile).

use serde_json::{Value, json};

use super::harness::{OWNER, World, simulated, simulated_as};

const OLD: &str = "strict+rfc8984-names";

fn old_event(world: &World) -> Value {
    let mut event = world.event("u", "Plan");
    let more = json!({
        "recurrenceRules": [{ "@type": "RecurrenceRule", "frequency": "daily", "count": 3 }],
        "replyTo": { "imip": format!("mailto:{OWNER}") },
        "participants": {
            "g": { "sendTo": { "imip": "mailto:g@x.y" }, "roles": { "attendee": true }, "language": "de" },
        },
        "locations": { "l": { "name": "Room", "description": "up", "timeZone": "Europe/Berlin" } },
        "links": { "k": { "href": "https://a.b/", "cid": "c", "display": "badge" } },
        "localizations": { "de": { "title": "Plan" } },
        "recurrenceOverrides": {
            "2026-05-05T09:00:00": {
                "participants/g/sendTo/imip": "mailto:h@x.y",
                "locations": { "l": { "name": "Hall", "description": "down" } },
            },
        },
    });
    event.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    event
}

#[test]
fn old_names_come_back_as_they_were_sent() {
    simulated_as(OLD, async |world| {
        let sent = old_event(&world);
        let answer = world.ok("CalendarEvent/set", json!({ "create": { "c": sent } })).await;
        assert_eq!(answer["notCreated"], Value::Null, "{answer}");
        let created = answer["created"]["c"].as_object().unwrap();
        let names: Vec<&String> = created.keys().collect();
        assert_eq!(names, ["created", "id", "isDraft", "isOrigin", "updated"]);
        let shown = world.shown(created["id"].as_str().unwrap()).await;
        for (name, value) in sent.as_object().unwrap() {
            assert_eq!(shown[name], *value, "{name}");
        }
        for name in ["recurrenceRule", "organizerCalendarAddress"] {
            assert_eq!(shown.get(name), None);
        }
        let facts = world.server.items().remove(0).facts;
        assert_eq!(facts.rule, "FREQ=DAILY;INTERVAL=1;COUNT=3");
        assert_eq!(facts.attendees.into_iter().collect::<Vec<_>>(), ["g@x.y"]);
        let body = world.server.items().remove(0).body;
        assert_eq!(body["participants"]["g"]["calendarAddress"], "mailto:g@x.y");
        let get = json!({ "ids": [created["id"]], "properties": ["recurrenceRules"] });
        let some = world.ok("CalendarEvent/get", get).await["list"][0].clone();
        assert_eq!(some.as_object().unwrap().len(), 2);
    });
}

#[test]
fn patches_speak_old_names() {
    simulated_as(OLD, async |world| {
        let id = world.made(old_event(&world)).await;
        let patch = json!({
            "participants/g/sendTo/imip": "mailto:i@x.y",
            "recurrenceRules": [{ "frequency": "weekly", "count": 2 }],
        });
        assert_eq!(world.patched(&id, patch).await, Value::Null);
        let shown = world.shown(&id).await;
        assert_eq!(shown["participants"]["g"]["sendTo"], json!({ "imip": "mailto:i@x.y" }));
        assert_eq!(shown["recurrenceRules"], json!([{ "frequency": "weekly", "count": 2 }]));
        assert_eq!(
            world
                .patched(&id, json!({ "recurrenceRules": null, "recurrenceOverrides": null }))
                .await,
            Value::Null
        );
        assert_eq!(world.shown(&id).await.get("recurrenceRules"), None);
    });
}

#[test]
fn each_server_refuses_the_names_of_the_other() {
    let wrong_new = [
        (json!({ "recurrenceRule": { "frequency": "daily" } }), "recurrenceRule"),
        (json!({ "organizerCalendarAddress": "mailto:a@b.c" }), "organizerCalendarAddress"),
        (
            json!({ "participants": { "g": { "calendarAddress": "mailto:a@b.c" } } }),
            "participants/g/calendarAddress",
        ),
        (
            json!({ "recurrenceRules": [{ "frequency": "daily" }, { "frequency": "weekly" }] }),
            "recurrenceRules",
        ),
        (
            json!({ "excludedRecurrenceRules": [{ "frequency": "daily" }] }),
            "excludedRecurrenceRules",
        ),
        (json!({ "recurrenceRules": [{ "frequency": "often" }] }), "recurrenceRules/0/frequency"),
        (json!({ "replyTo": "mailto:a@b.c" }), "replyTo"),
    ];
    simulated_as(OLD, async |world| {
        for (change, property) in wrong_new {
            let mut event = world.event("u", "x");
            event.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
            let answer = world.ok("CalendarEvent/set", json!({ "create": { "c": event } })).await;
            assert_eq!(answer["notCreated"]["c"]["properties"], json!([property]), "{change}");
        }
    });
    simulated(async |world| {
        let mut event = world.event("u", "x");
        event["replyTo"] = json!({ "imip": "mailto:a@b.c" });
        event["recurrenceRules"] = json!([{ "frequency": "daily" }]);
        let answer = world.ok("CalendarEvent/set", json!({ "create": { "c": event } })).await;
        let properties = &answer["notCreated"]["c"]["properties"];
        assert_eq!(*properties, json!(["recurrenceRules", "replyTo"]));
    });
}

#[test]
fn single_occurrences_speak_old_names() {
    simulated_as(OLD, async |world| {
        world.made(old_event(&world)).await;
        let query = json!({
            "filter": { "after": "2026-05-01T00:00:00", "before": "2026-06-01T00:00:00" },
            "expandRecurrences": true, "sort": [{ "property": "start" }],
        });
        let ids = world.ok("CalendarEvent/query", query).await["ids"].clone();
        let ids: Vec<String> = serde_json::from_value(ids).unwrap();
        assert_eq!(
            world.shown(&ids[1]).await["participants"]["g"]["sendTo"]["imip"],
            "mailto:h@x.y"
        );
        let patch = json!({ "participants/g/sendTo": { "imip": "mailto:k@x.y" } });
        assert_eq!(world.patched(&ids[2], patch).await, Value::Null);
        assert_eq!(
            world.shown(&ids[2]).await["participants"]["g"]["sendTo"]["imip"],
            "mailto:k@x.y"
        );
        assert_eq!(
            world.shown(&ids[0]).await["participants"]["g"]["sendTo"]["imip"],
            "mailto:g@x.y"
        );
        let gone = world.ok("CalendarEvent/set", json!({ "destroy": [ids[0]] })).await;
        assert_eq!(gone["destroyed"], json!([ids[0]]));
    });
}
