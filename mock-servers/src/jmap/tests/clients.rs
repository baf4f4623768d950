//! What stock client libraries send and expect.

use calamity_evidence::Method as M;
use http::{Method, Request};
use serde_json::{Value, json};

use super::harness::{GUEST, OWNER, World, json_of, simulated, simulated_as, simulated_with_guest};

fn instance(world: &World, uid: &str, day: u8) -> Value {
    let mut event = world.event(uid, "x");
    event["start"] = json!(format!("2026-12-{day:02}T12:00:00"));
    event["recurrenceId"] = json!(format!("2026-12-{day:02}T12:00:00"));
    event["recurrenceIdTimeZone"] = json!("Europe/Berlin");
    event
}

#[test]
fn a_series_takes_the_place_of_its_instances_in_one_call() {
    simulated(async |world| {
        let one = world.made(instance(&world, "si-1", 2)).await;
        let two = world.made(instance(&world, "si-1", 9)).await;
        let mut series = world.event("si-1", "series");
        series["recurrenceRule"] = json!({ "frequency": "weekly" });
        let alone = json!({ "create": { "e": series } });
        let refused = world.ok("CalendarEvent/set", alone).await;
        assert_eq!(refused["notCreated"]["e"]["properties"], json!(["uid"]));
        let both = json!({ "create": { "e": series }, "destroy": [one, two] });
        let answer = world.ok("CalendarEvent/set", both).await;
        assert_eq!(answer["destroyed"], json!([one, two]));
        let id = answer["created"]["e"]["id"].as_str().expect("an id").to_owned();
        assert_eq!(world.shown(&id).await["title"], "series");
        // What is not destroyed makes no room.
        let other = world.made(world.event("si-2", "other")).await;
        let create = json!({ "create": { "e": world.event("si-1", "y") }, "destroy": [other] });
        let answer = world.ok("CalendarEvent/set", create).await;
        assert_eq!(answer["notCreated"]["e"]["existingId"], json!(id));
    });
}

#[test]
fn the_occurrence_of_an_event_is_fixed() {
    simulated(async |world| {
        let id = world.made(instance(&world, "st-9", 2)).await;
        let error = world.patched(&id, json!({ "recurrenceId": null })).await;
        assert_eq!(error["properties"], json!(["recurrenceId"]));
        let error = world.patched(&id, json!({ "recurrenceId": "2026-12-03T12:00:00" })).await;
        assert_eq!(error["type"], "invalidProperties");
        assert_eq!(world.patched(&id, json!({ "title": "y" })).await, Value::Null);
    });
}

#[test]
fn dates_beyond_those_of_the_session_are_refused() {
    simulated(async |world| {
        let session = json_of(&world.get("/jmap/session").await);
        let capability = &session["accounts"][&world.account]["accountCapabilities"]["urn:ietf:params:jmap:calendars"];
        let [earliest, latest] = ["minDateTime", "maxDateTime"].map(|name| {
            capability[name].as_str().expect("a date").trim_end_matches('Z').to_owned()
        });
        for (start, fits) in [
            (earliest.as_str(), true),
            (latest.as_str(), true),
            ("1600-12-31T23:59:59", false),
            ("2200-01-01T00:00:01", false),
        ] {
            let mut event = world.event(&format!("at-{start}"), "x");
            event["start"] = json!(start);
            event["timeZone"] = json!("Etc/UTC");
            let answer = world.ok("CalendarEvent/set", json!({ "create": { "e": event } })).await;
            let blamed = &answer["notCreated"]["e"]["properties"];
            let expected = if fits { Value::Null } else { json!(["start"]) };
            assert_eq!(*blamed, expected, "{start}");
        }
        let mut series = world.event("far", "x");
        series["recurrenceRule"] = json!({ "frequency": "weekly" });
        series["recurrenceOverrides"] = json!({
            "2026-05-11T09:00:00": { "start": "2300-05-11T09:00:00" },
        });
        let answer = world.ok("CalendarEvent/set", json!({ "create": { "e": series } })).await;
        let blamed = json!(["recurrenceOverrides/2026-05-11T09:00:00"]);
        assert_eq!(answer["notCreated"]["e"]["properties"], blamed);
    });
}

#[test]
fn unknown_properties_are_refused_by_every_get() {
    simulated(async |world| {
        for kind in ["ParticipantIdentity", "CalendarEventNotification"] {
            let name = format!("{kind}/get");
            let error = world.err(&name, json!({ "properties": ["nope"] })).await;
            assert_eq!(error, "invalidArguments", "{kind}");
            world.ok(&name, json!({ "properties": ["id"] })).await;
        }
    });
}

/// An event to which the guest is invited, with the agent that tells them.
fn meeting(world: &World, agent: &str) -> Value {
    let mut event = world.event("meeting", "x");
    event["participants"] = json!({
        "me": { "calendarAddress": format!("mailto:{OWNER}"), "roles": { "owner": true } },
        "b": {
            "calendarAddress": format!("mailto:{GUEST}"), "roles": { "attendee": true },
            "scheduleAgent": agent,
        },
    });
    event
}

#[test]
fn the_server_tells_only_those_whose_agent_it_is() {
    for agent in ["none", "client"] {
        simulated_with_guest("strict", async |world, guest| {
            let create = json!({
                "create": { "e": meeting(&world, agent) }, "sendSchedulingMessages": true,
            });
            let made = world.ok("CalendarEvent/set", create).await;
            let id = made["created"]["e"]["id"].as_str().expect("an id").to_owned();
            assert_eq!(world.server.mails(0), [], "{agent}");
            let there = guest.ok("CalendarEvent/get", json!({})).await;
            assert_eq!(there["list"], json!([]), "{agent}");
            for (now, told) in [("server", M::Request), (agent, M::Cancel)] {
                let before = world.server.mails(0).len();
                let patch = json!({ "participants/b/scheduleAgent": now });
                let update = json!({
                    "update": { &id: patch }, "sendSchedulingMessages": true,
                });
                world.ok("CalendarEvent/set", update).await;
                let mails = world.server.mails(before);
                let mails: Vec<_> = mails.iter().map(|it| (it.method, it.to.as_str())).collect();
                assert_eq!(mails, [(told, GUEST)], "to {now}");
            }
        });
    }
}

#[test]
fn an_event_that_stands_by_itself_has_a_version() {
    simulated(async |world| {
        let create = json!({ "create": { "e": world.event("v", "x") } });
        let made = world.ok("CalendarEvent/set", create).await;
        assert_eq!(made["created"]["e"]["version"], "2.0");
        let seeded = world.seed(1).remove(0);
        assert_eq!(world.shown(&seeded).await["version"], "2.0");
    });
    simulated_as("strict+rfc8984-names", async |world| {
        let id = world.made(world.event("v", "x")).await;
        assert_eq!(world.shown(&id).await.get("version"), None, "RFC 8984 has no such property");
    });
}

#[test]
fn a_body_in_a_content_coding_is_refused_so_that_it_comes_again_without() {
    simulated(async |world| {
        for path in ["/jmap/api".to_owned(), format!("/jmap/upload/{}", world.account)] {
            let request = world.request(Method::POST, &path).header("content-encoding", "gzip");
            let request = request.body("x".into()).expect("a request");
            let answer = world.client.send(request).await.expect("an answer");
            assert_eq!(answer.status(), 415);
            assert_eq!(answer.headers()["accept-encoding"], "identity");
        }
    });
}

#[test]
fn both_schemes_are_offered_and_methods_named() {
    simulated(async |world| {
        let request = Request::get(format!("{}/jmap/session", world.base));
        let answer = world.client.send(request.body(Default::default()).expect("a request"));
        let answer = answer.await.expect("an answer");
        let offered: Vec<&str> = answer
            .headers()
            .get_all("www-authenticate")
            .iter()
            .map(|value| value.to_str().expect("a text"))
            .collect();
        assert_eq!(answer.status(), 401);
        assert!(offered.iter().any(|it| it.starts_with("Bearer ")), "{offered:?}");
        assert!(offered.iter().any(|it| it.starts_with("Basic ")), "{offered:?}");
        for (method, path, status, allowed) in [
            (Method::GET, "/jmap/api", 405, "POST"),
            (Method::POST, "/jmap/session", 405, "GET, HEAD"),
            (Method::POST, "/jmap/eventsource", 405, "GET"),
            (Method::HEAD, "/jmap/session", 200, ""),
            (Method::HEAD, "/.well-known/jmap", 301, ""),
        ] {
            let request = world.request(method, path).body(Default::default());
            let answer = world.client.send(request.expect("a request")).await.expect("an answer");
            let found = answer.headers().get("allow").and_then(|it| it.to_str().ok());
            assert_eq!((answer.status().as_u16(), found.unwrap_or_default()), (status, allowed));
            assert!(status == 405 || answer.body().is_empty(), "{path}");
        }
    });
}
