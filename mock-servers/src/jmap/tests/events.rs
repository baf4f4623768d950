//! `CalendarEvent/set` and `/get`: what is made, changed and refused.

use calamity_evidence::{Refusal, WriteOp, WriteResult};
use serde_json::{Value, json};

use super::harness::{simulated, simulated_as};

#[test]
fn a_new_event_gets_what_the_server_sets() {
    simulated(async |world| {
        let mut event = world.event("u1", "Planning");
        event["description"] = Value::Null;
        event["participants"] = json!({ "p": { "calendarAddress": "mailto:guest@example.com", "roles": { "attendee": true } } });
        let answer = world.ok("CalendarEvent/set", json!({ "create": { "n": event } })).await;
        let made = &answer["created"]["n"];
        let now = "2026-04-16T08:00:00Z";
        assert_eq!(
            *made,
            json!({
                "id": made["id"],
                "created": now,
                "updated": now,
                "isDraft": false,
                "isOrigin": true,
                "organizerCalendarAddress": "mailto:owner@example.com",
                "version": "2.0",
            })
        );
        let shown = world.shown(made["id"].as_str().unwrap()).await;
        assert_eq!(shown.get("description"), None, "null is as good as nothing");
        assert_eq!(shown["calendarIds"], event["calendarIds"]);
        assert_ne!(answer["oldState"], answer["newState"]);
        assert_eq!(answer["newState"], world.state().await);
    });
}

#[test]
fn a_uid_is_made_where_none_was_sent_and_is_held_once() {
    simulated(async |world| {
        let mut event = world.event("", "x");
        event.as_object_mut().unwrap().remove("uid");
        let create = json!({ "create": { "a": event, "b": event } });
        let answer = world.ok("CalendarEvent/set", create).await;
        let uid = |name: &str| answer["created"][name]["uid"].as_str().unwrap().to_owned();
        assert_eq!(uid("a").len(), 36);
        assert_ne!(uid("a"), uid("b"));

        let again = json!({ "create": { "c": world.event(&uid("a"), "y") } });
        let error = world.ok("CalendarEvent/set", again).await["notCreated"]["c"].clone();
        assert_eq!(error["type"], "invalidProperties");
        assert_eq!(error["properties"], json!(["uid"]));
        assert_eq!(error["existingId"], answer["created"]["a"]["id"]);
    });
}

#[test]
fn each_object_is_refused_on_its_own_and_logged() {
    simulated(async |world| {
        let good = |n: u32| world.event(&format!("good-{n}"), &format!("good {n}"));
        let bad = |n: u32| {
            let mut event = world.event(&format!("bad-{n}"), &format!("bad {n}"));
            event["recurrenceRules"] = json!([]);
            event["alerts"] = json!({ "1": { "trigger": { "offset": "soon" } } });
            event
        };
        for refused in [vec![0, 1, 2, 3], vec![0], vec![3], vec![0, 2], vec![1, 3], vec![]] {
            let from = world.server.writes(0).len();
            let creates: serde_json::Map<String, Value> = (0..4)
                .map(|n| {
                    let object = if refused.contains(&n) { bad(n) } else { good(n) };
                    (format!("c{n}"), object)
                })
                .collect();
            let answer = world.ok("CalendarEvent/set", json!({ "create": creates })).await;
            for n in 0..4 {
                let (made, error) =
                    (&answer["created"][format!("c{n}")], &answer["notCreated"][format!("c{n}")]);
                if refused.contains(&n) {
                    assert_eq!(*made, Value::Null);
                    assert_eq!(error["type"], "invalidProperties");
                    assert_eq!(
                        error["properties"],
                        json!(["alerts/1/trigger/offset", "recurrenceRules"])
                    );
                } else {
                    assert_eq!(*error, Value::Null, "{n}");
                }
            }
            assert_eq!(answer["created"].is_null(), refused.len() == 4, "null when none was made");
            assert_eq!(answer["notCreated"].is_null(), refused.is_empty());
            let log = world.server.writes(from);
            let applied: Vec<bool> = log.iter().map(calamity_evidence::Write::applied).collect();
            let expected: Vec<bool> = (0..4).map(|n| !refused.contains(&n)).collect();
            assert_eq!(applied, expected, "one entry an attempt");
            let ids: Vec<String> = world.server.items().into_iter().map(|item| item.id).collect();
            world.ok("CalendarEvent/set", json!({ "destroy": ids })).await;
        }
    });
}

#[test]
fn a_refused_create_stands_in_the_log_with_its_reason() {
    simulated(async |world| {
        let mut event = world.event("u", "Lunch ~L0000000007");
        event["start"] = json!("tomorrow");
        world.ok("CalendarEvent/set", json!({ "create": { "n": event } })).await;
        let entry = world.server.writes(1).remove(0);
        assert_eq!((entry.op, entry.container.as_str()), (WriteOp::Create, "Work"));
        assert_eq!((entry.title.as_str(), entry.item.as_str()), ("Lunch", ""));
        assert_eq!(entry.lineage.unwrap().as_str(), "~L0000000007");
        assert_eq!(
            entry.result,
            WriteResult::Refused(Refusal {
                code: "invalidProperties".to_owned(),
                detail: "the event is not valid: start".to_owned(),
            })
        );
    });
}

#[test]
fn invalid_values_are_named_all_at_once() {
    simulated(async |world| {
        let mut event = world.event("u", "x");
        let wrong = json!({
            "sequence": -1,
            "priority": 10,
            "color": 3,
            "timeZone": "Middle/Earth",
            "duration": "1 hour",
            "status": "maybe",
            "keywords": { "a": false },
            "sendTo": {},
            "participants": { "p!": {}, "q": { "sendTo": {}, "kind": "cat" } },
            "locations": { "1": { "description": "x" } },
            "recurrenceRule": { "frequency": "weekly", "count": 2, "until": "2026-01-01T00:00:00", "byDay": [{}] },
            "recurrenceOverrides": { "soon": {}, "2026-05-11T09:00:00": { "uid": "x" } },
            "example.com:own": { "any": "thing" },
        });
        for (name, value) in wrong.as_object().unwrap() {
            event[name] = value.clone();
        }
        let answer = world.ok("CalendarEvent/set", json!({ "create": { "n": event } })).await;
        assert_eq!(
            answer["notCreated"]["n"]["properties"],
            json!([
                "color",
                "duration",
                "keywords",
                "locations/1/description",
                "participants/p!",
                "participants/q/kind",
                "participants/q/sendTo",
                "priority",
                "recurrenceOverrides/2026-05-11T09:00:00/uid",
                "recurrenceOverrides/soon",
                "recurrenceRule/byDay/0/day",
                "recurrenceRule/until",
                "sendTo",
                "sequence",
                "status",
                "timeZone",
            ])
        );
    });
}

#[test]
fn only_the_server_sets_some_properties() {
    simulated(async |world| {
        let refused = async |name: &str, value: Value| {
            let mut event = world.event(name, "x");
            event[name] = value;
            let answer = world.ok("CalendarEvent/set", json!({ "create": { "n": event } })).await;
            answer["notCreated"]["n"]["properties"].clone()
        };
        assert_eq!(refused("id", json!("mine")).await, json!(["id"]));
        assert_eq!(refused("baseEventId", json!("x")).await, json!(["baseEventId"]));
        assert_eq!(refused("method", json!("request")).await, json!(["method"]));
        assert_eq!(refused("isOrigin", json!(false)).await, json!(["isOrigin"]));
        assert_eq!(refused("calendarIds", json!({})).await, json!(["calendarIds"]));
        assert_eq!(refused("calendarIds", json!({ "x": true })).await, json!(["calendarIds"]));
        assert_eq!(refused("utcStart", json!("2026-05-04T07:00:00Z")).await, json!(["utcStart"]));
        assert_eq!(refused("isOrigin", json!(true)).await, Value::Null);
    });
}

#[test]
fn a_patch_reaches_into_objects_and_null_removes() {
    simulated(async |world| {
        let mut event = world.event("u", "x");
        event["locations"] = json!({ "1": { "name": "here" }, "2": { "name": "there" } });
        event["alerts"] = json!({ "a": { "trigger": { "offset": "-PT5M" } } });
        event["categories"] = json!({ "http://x/": true, "http://y/": true });
        event["keywords"] = json!({ "one": true });
        let id = world.made(event).await;
        let patch = json!({
            "title": "y",
            "locations/1/name": "elsewhere",
            "locations/2": null,
            "alerts/a/trigger/offset": "-PT10M",
            "categories/http:~1~1x~1": null,
            "keywords": null,
            "description": null,
            "color": "red",
        });
        assert_eq!(world.patched(&id, patch).await, Value::Null);
        let shown = world.shown(&id).await;
        assert_eq!(shown["title"], "y");
        assert_eq!(shown["locations"], json!({ "1": { "name": "elsewhere" } }));
        assert_eq!(shown["alerts"]["a"]["trigger"]["offset"], "-PT10M");
        assert_eq!(shown["categories"], json!({ "http://y/": true }));
        assert_eq!(shown.get("keywords"), None);
        assert_eq!(shown["sequence"], 1, "raised by the server");

        world.patched(&id, json!({ "color": "blue" })).await;
        assert_eq!(world.shown(&id).await["sequence"], 1, "a per-user property raises nothing");
        world.patched(&id, json!({ "title": "z", "sequence": 7 })).await;
        assert_eq!(world.shown(&id).await["sequence"], 7, "the client's own is higher");
        let whole = world.shown(&id).await;
        assert_eq!(world.patched(&id, whole).await, Value::Null, "a whole object is a patch");
    });
}

#[test]
fn a_patch_that_breaks_the_rules_changes_nothing() {
    simulated(async |world| {
        let mut event = world.event("u", "x");
        event["recurrenceRule"] = json!({ "frequency": "weekly", "byDay": [{ "day": "mo" }] });
        let id = world.made(event).await;
        let before = world.shown(&id).await;
        let invalid = [
            json!({ "title": "y", "locations/1/name": "no such parent" }),
            json!({ "title": "y", "recurrenceRule/byDay/0/day": "tu" }),
            json!({ "title": "y", "recurrenceRule": null, "recurrenceRule/frequency": "daily" }),
            json!({ "title": "y", "uid/x": 1 }),
            json!({ "title": "y", "a~": 1 }),
        ];
        for patch in invalid {
            assert_eq!(world.patched(&id, patch.clone()).await["type"], "invalidPatch", "{patch}");
        }
        let fixed = [
            (json!({ "uid": "other" }), "uid"),
            (json!({ "id": "other" }), "id"),
            (json!({ "isOrigin": false }), "isOrigin"),
            (json!({ "isDraft": true }), "isDraft"),
            (json!({ "calendarIds": null }), "calendarIds"),
            (json!({ "method": null }), "method"),
            (json!({ "start": null }), "start"),
            (
                json!({ "utcStart": "2026-05-04T07:00:00Z", "start": "2026-05-04T07:00:00" }),
                "utcStart",
            ),
        ];
        for (patch, name) in fixed {
            let error = world.patched(&id, patch).await;
            assert_eq!(
                (&error["type"], &error["properties"]),
                (&json!("invalidProperties"), &json!([name]))
            );
        }
        assert_eq!(world.shown(&id).await, before);
        let update = json!({ "update": { "nobody": { "title": "y" } }, "destroy": ["nobody"] });
        let answer = world.ok("CalendarEvent/set", update).await;
        assert_eq!(answer["notUpdated"]["nobody"], json!({ "type": "notFound" }));
        assert_eq!(answer["notDestroyed"]["nobody"], json!({ "type": "notFound" }));
    });
}

#[test]
fn an_event_moves_between_calendars() {
    simulated(async |world| {
        let id = world.made(world.event("u", "x")).await;
        let make = json!({ "create": { "h": { "name": "Home" } } });
        let home = world.ok("Calendar/set", make).await["created"]["h"]["id"].clone();
        let home = home.as_str().unwrap();
        let pointer = format!("calendarIds/{home}");
        let old = format!("calendarIds/{}", world.work);
        assert_eq!(world.patched(&id, json!({ pointer: true, old: null })).await, Value::Null);
        assert_eq!(world.shown(&id).await["calendarIds"], json!({ home: true }));
        assert_eq!(world.server.items()[0].calendar, "Home");
        let last = world.server.writes(0).pop().unwrap();
        assert_eq!((last.op, last.container.as_str()), (WriteOp::Update, "Home"));
    });
}

#[test]
fn utc_times_are_translated() {
    simulated(async |world| {
        let mut event = world.event("u", "x");
        for name in ["start", "duration", "timeZone"] {
            event.as_object_mut().unwrap().remove(name);
        }
        event["utcStart"] = json!("2026-05-04T07:00:00Z");
        event["utcEnd"] = json!("2026-05-04T08:30:00Z");
        let id = world.made(event).await;
        let shown = world.shown(&id).await;
        assert_eq!(shown["start"], "2026-05-04T07:00:00");
        assert_eq!(
            (&shown["timeZone"], &shown["duration"]),
            (&json!("Etc/UTC"), &json!("PT1H30M"))
        );
        world.patched(&id, json!({ "timeZone": "Europe/Berlin" })).await;
        world.patched(&id, json!({ "utcStart": "2026-05-04T10:00:00Z" })).await;
        assert_eq!(world.shown(&id).await["start"], "2026-05-04T12:00:00");
        let asked = json!({ "ids": [id], "properties": ["utcStart", "utcEnd"] });
        let shown = world.ok("CalendarEvent/get", asked).await["list"][0].clone();
        assert_eq!(shown["utcEnd"], "2026-05-04T11:30:00Z");
        let both = json!({ "ids": [id], "properties": ["utcStart", "recurrenceOverrides"] });
        assert_eq!(world.err("CalendarEvent/get", both).await, "invalidArguments");
    });
}

#[test]
fn a_get_answers_each_id_once() {
    simulated(async |world| {
        let ids = world.seed(2);
        let asked = json!({ "ids": [ids[0], "x", ids[0], "x"], "properties": ["title"] });
        let answer = world.ok("CalendarEvent/get", asked).await;
        assert_eq!(answer["list"], json!([{ "id": ids[0], "title": "Event 0 ~L0000000000" }]));
        assert_eq!(answer["notFound"], json!(["x"]));
        let all = world.ok("CalendarEvent/get", json!({ "ids": null })).await;
        assert_eq!(all["list"].as_array().unwrap().len(), 2);
        let none = world.ok("CalendarEvent/get", json!({ "ids": [] })).await;
        assert_eq!((&none["list"], &none["notFound"]), (&json!([]), &json!([])));
    });
}

#[test]
fn if_in_state_guards_the_whole_call() {
    simulated(async |world| {
        let state = world.state().await;
        let set =
            |state: &Value| json!({ "ifInState": state, "create": { "n": world.event("u", "x") } });
        assert_eq!(world.err("CalendarEvent/set", set(&json!("old"))).await, "stateMismatch");
        let entry = world.server.writes(1).remove(0);
        assert_eq!(entry.uid, "u");
        assert!(matches!(entry.result, WriteResult::Refused(why) if why.code == "stateMismatch"));
        world.ok("CalendarEvent/set", set(&state)).await;
        assert_eq!(world.err("CalendarEvent/set", set(&state)).await, "stateMismatch");
    });
}

#[test]
fn a_calendar_with_events_is_destroyed_only_when_asked_and_silently() {
    simulated(async |world| {
        let mut event = world.event("u", "x");
        event["participants"] = json!({ "p": { "calendarAddress": "mailto:g@example.com" } });
        world.made(event).await;
        let destroy = json!({ "destroy": [world.work] });
        let answer = world.ok("Calendar/set", destroy.clone()).await;
        assert_eq!(answer["notDestroyed"][&world.work]["type"], "calendarHasEvent");
        let mut with_events = destroy;
        with_events["onDestroyRemoveEvents"] = json!(true);
        let answer = world.ok("Calendar/set", with_events).await;
        assert_eq!(answer["destroyed"], json!([world.work]));
        assert_eq!(world.server.items(), vec![]);
        let ops: Vec<_> = world.server.writes(3).into_iter().map(|write| write.op).collect();
        assert_eq!(ops, [WriteOp::Delete, WriteOp::DeleteContainer]);
        assert_eq!(world.server.mails(0), vec![]);
    });
}

#[test]
fn calendars_are_made_changed_and_checked() {
    simulated(async |world| {
        let create = json!({ "create": {
            "a": { "name": "Private", "color": "#ff0000" },
            "b": { "name": "" },
            "c": { "name": "x", "isDefault": true },
            "d": { "name": "y", "unheard": 1 },
        }, "onSuccessSetIsDefault": "#a" });
        let answer = world.ok("Calendar/set", create).await;
        assert_eq!(answer["notCreated"]["b"]["properties"], json!(["name"]));
        assert_eq!(answer["notCreated"]["c"]["properties"], json!(["isDefault"]));
        assert_eq!(answer["notCreated"]["d"]["properties"], json!(["unheard"]));
        assert_eq!(answer["created"]["a"]["isDefault"], false, "not all succeeded");
        let id = answer["created"]["a"]["id"].as_str().unwrap().to_owned();
        let update = json!({
            "update": { &id: { "name": "Own", "color": null } }, "onSuccessSetIsDefault": id,
        });
        let answer = world.ok("Calendar/set", update).await;
        assert_eq!(answer["updated"][&id], json!({ "isDefault": true }));
        assert_eq!(answer["updated"][&world.work], json!({ "isDefault": false }));
        let got =
            world.ok("Calendar/get", json!({ "ids": [id], "properties": ["name", "color"] })).await;
        assert_eq!(got["list"], json!([{ "id": id, "name": "Own", "color": null }]));
        assert_eq!(
            world.err("Calendar/get", json!({ "properties": ["x"] })).await,
            "invalidArguments"
        );
        let refused = json!({ "update": { &id: { "myRights": null } } });
        let answer = world.ok("Calendar/set", refused).await;
        assert_eq!(answer["notUpdated"][&id]["properties"], json!(["myRights"]));
    });
}

#[test]
fn stalwart_drops_alerts_at_the_very_start() {
    let alerts = json!({
        "now": { "trigger": { "@type": "OffsetTrigger", "offset": "PT0S" } },
        "soon": { "trigger": { "@type": "OffsetTrigger", "offset": "-PT5M" } },
    });
    for (profile, kept) in [("strict", 2), ("stalwart", 1)] {
        simulated_as(profile, async |world| {
            let mut event = world.event("u", "x");
            event["alerts"] = alerts.clone();
            let id = world.made(event).await;
            assert_eq!(world.shown(&id).await["alerts"].as_object().unwrap().len(), kept);
        });
    }
}
