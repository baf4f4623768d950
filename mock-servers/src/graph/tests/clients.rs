//! What stock client libraries send and expect.

use calamity_evidence::Method as M;
use http::Method;
use serde_json::{Value, json};

use super::rig::{
    AS_GUEST, GUEST, OWNER, Rig, and, invited, run, timed, weekly, with_people, with_profile,
};
use crate::graph::odata::encode;

const SEVERAL: &str = "StringArray {66f5a359-4659-4830-9070-00040ec6ac6e} Name Recreation";

#[test]
fn texts_that_stand_for_flags_and_numbers_are_converted() {
    run(async |rig| {
        rig.calendar("Calendar").await;
        let strings = json!({ "isOnlineMeeting": " False ", "reminderMinutesBeforeStart": "20" });
        let made = rig.post("/me/events", &and(timed("x", 4, 9), strings)).await;
        assert_eq!(made.status, 201, "{}", made.body);
        assert_eq!(made.body["isOnlineMeeting"], false);
        assert_eq!(made.body["reminderMinutesBeforeStart"], 20);
        for wrong in [json!({ "isAllDay": "yes" }), json!({ "reminderMinutesBeforeStart": "2e1" })]
        {
            let refused = rig.post("/me/events", &and(timed("x", 4, 9), wrong)).await;
            assert_eq!((refused.status, refused.code()), (400, "RequestBodyRead"));
        }
    });
}

#[test]
fn extended_properties_of_several_values_are_kept_apart_and_expanded() {
    run(async |rig| {
        let calendar = rig.calendar("Calendar").await;
        let own =
            json!({ "multiValueExtendedProperties": [{ "id": SEVERAL, "value": ["a", "b"] }] });
        let filter = format!(
            "($filter=id eq '{}')",
            SEVERAL.to_uppercase().replace("NAME RECREATION", "name Recreation")
        );
        let expand = encode(&format!("multiValueExtendedProperties{filter}"));
        let event = rig.post("/me/events", &and(timed("x", 4, 9), own.clone())).await;
        let folder =
            rig.post("/me/contactFolders", &and(json!({ "displayName": "f" }), own.clone())).await;
        let contact =
            rig.post("/me/contacts", &and(json!({ "displayName": "c" }), own.clone())).await;
        rig.patch(&format!("/me/calendars/{calendar}"), &own).await;
        for target in [
            format!("/me/events/{}", event.id()),
            format!("/me/contacts/{}", contact.id()),
            format!("/me/contactFolders/{}", folder.id()),
            format!("/me/calendars/{calendar}"),
        ] {
            let plain = rig.get(&target).await;
            assert_eq!(plain.body.get("multiValueExtendedProperties"), None, "{target}");
            let read = rig.get(&format!("{target}?$expand={expand}")).await;
            let found = &read.body["multiValueExtendedProperties"][0]["value"];
            assert_eq!(found, &json!(["a", "b"]), "{target}");
        }
        let target = format!("/me/events/{}", event.id());
        let gone = json!({ "multiValueExtendedProperties": [{ "id": SEVERAL, "value": null }] });
        rig.patch(&target, &gone).await;
        let read = rig.get(&format!("{target}?$expand={expand}")).await;
        assert_eq!(read.body.get("multiValueExtendedProperties"), None);
        let single = SEVERAL.replace("StringArray", "String");
        let wrong = json!({ "multiValueExtendedProperties": [{ "id": single, "value": ["a"] }] });
        assert_eq!(rig.patch(&target, &wrong).await.code(), "ErrorInvalidProperty");
    });
}

#[test]
fn many_extended_properties_and_extensions_cost_little() {
    run(async |rig| {
        let calendar = rig.calendar("Calendar").await;
        let id = rig.event(&calendar, &timed("x", 4, 9)).await;
        let one = |nth: usize| json!({ "id": format!("Integer 0x{nth:x}"), "value": "1" });
        let all: Vec<Value> = (0..5_000).map(one).collect();
        let target = format!("/me/events/{id}");
        let body = json!({ "singleValueExtendedProperties": all });
        assert_eq!(rig.patch(&target, &body).await.status, 200);
        assert_eq!(rig.patch(&target, &body).await.status, 200);
        let extension = |nth: usize| json!({ "extensionName": format!("x{nth}") });
        let some: Vec<Value> = (0..100).map(extension).collect();
        assert_eq!(rig.patch(&target, &json!({ "extensions": some })).await.status, 200);
        let more = rig.post(&format!("{target}/extensions"), &extension(100)).await;
        assert_eq!((more.status, more.code()), (507, "ErrorQuotaExceeded"));
        assert_eq!(rig.get(&format!("{target}/extensions")).await.rows().len(), 100);
    });
}

#[test]
fn events_are_filtered_by_what_clients_ask_for() {
    run(async |rig| {
        let calendar = rig.calendar("Calendar").await;
        let marked = json!({
            "categories": ["Red"], "importance": "high", "sensitivity": "private", "showAs": "oof",
        });
        rig.event(&calendar, &and(timed("marked", 4, 9), marked)).await;
        rig.event(&calendar, &timed("plain", 4, 9)).await;
        for (filter, found) in [
            ("categories/any(c:c eq 'red')", vec!["marked"]),
            ("not categories/any(c: c eq 'Red')", vec!["plain"]),
            ("importance eq 'high'", vec!["marked"]),
            ("sensitivity ne 'private'", vec!["plain"]),
            ("showAs eq 'oof' and hasAttachments eq false", vec!["marked"]),
        ] {
            let rows = rig.get(&format!("/me/events?$filter={}", encode(filter))).await;
            assert_eq!(rows.column("subject"), found, "{filter}");
        }
        let wrong = encode("attendees/any(a:a/emailAddress/address eq 'x')");
        assert_eq!(rig.get(&format!("/me/events?$filter={wrong}")).await.status, 400);
        let contact = json!({ "displayName": "c", "categories": ["Red"] });
        rig.post("/me/contacts", &contact).await;
        let filter = encode("categories/any(c:c eq 'Red')");
        assert_eq!(rig.get(&format!("/me/contacts?$filter={filter}")).await.rows().len(), 1);
    });
}

#[test]
fn instants_count_in_steps_of_a_hundred_nanoseconds() {
    let at: jiff::Timestamp = "2026-11-21T21:19:49.301815919Z".parse().expect("an instant");
    assert_eq!(crate::graph::moment::stamp(at), "2026-11-21T21:19:49.3018159Z");
}

#[test]
fn a_context_names_the_mailbox_and_what_was_selected() {
    with_people(async |rig| {
        rig.by(AS_GUEST, Method::GET, "/me/calendars", None).await;
        let target = format!("/users/{GUEST}/calendars?$select=id,name");
        let found = rig.by(AS_GUEST, Method::GET, &target, None).await;
        let context = found.link("@odata.context");
        let expected = "$metadata#users('guest%40example.com')/calendars(id,name)";
        assert!(context.ends_with(expected), "{context}");
        let one = rig.by(AS_GUEST, Method::GET, "/me?$select=mail", None).await;
        assert!(one.link("@odata.context").ends_with("#users(mail)/$entity"), "{}", one.body);
    });
}

#[test]
fn every_request_has_a_name_of_its_own() {
    run(async |rig| {
        rig.calendar("Calendar").await;
        let names = [rig.get("/me/calendars").await, rig.get("/me/calendars").await];
        assert_ne!(names[0].header("request-id"), names[1].header("request-id"));
        let get = |id: &str| json!({ "id": id, "method": "GET", "url": "/me/events/AAA" });
        let batch = rig.batch(json!([get("1"), get("2")])).await;
        let of = |place: usize| &batch.body["responses"][place]["body"]["error"]["innerError"];
        assert_ne!(of(0)["request-id"], of(1)["request-id"]);
        let none = rig.send(Method::GET, "/me", &[("authorization", "Bearer no")], None).await;
        assert_eq!(none.status, 401);
        assert_eq!(none.body["error"]["innerError"]["date"], "2026-04-16T08:00:00");
    });
}

#[test]
fn what_is_no_id_is_malformed() {
    run(async |rig| {
        let calendar = rig.calendar("Calendar").await;
        let id = rig.event(&calendar, &timed("x", 4, 9)).await;
        rig.delete(&format!("/me/events/{id}")).await;
        let gone = rig.get(&format!("/me/events/{id}")).await;
        assert_eq!((gone.status, gone.code()), (404, "ErrorItemNotFound"));
        for target in ["/me/events/AAA", "/me/contacts/AAA"] {
            let malformed = rig.get(target).await;
            assert_eq!((malformed.status, malformed.code()), (400, "ErrorInvalidIdMalformed"));
        }
    });
}

#[test]
fn a_range_may_name_another_zone_than_the_start() {
    run(async |rig| {
        rig.calendar("Calendar").await;
        let mut body = weekly("x");
        body["recurrence"]["range"]["recurrenceTimeZone"] = json!("Tokyo Standard Time");
        let made = rig.post("/me/events", &body).await;
        assert_eq!(made.status, 201, "{}", made.body);
        let range = &made.body["recurrence"]["range"];
        assert_eq!(range["recurrenceTimeZone"], "Tokyo Standard Time");
        let window = "startDateTime=2026-05-01&endDateTime=2026-07-01";
        let rows = rig.get(&format!("/me/events/{}/instances?{window}", made.id())).await;
        assert_eq!(rows.rows().len(), 5);
        assert_eq!(rows.rows()[0]["start"]["dateTime"], "2026-05-04T07:00:00.0000000");
    });
}

#[test]
fn methods_that_are_not_there_are_answered_with_those_that_are() {
    with_profile("strict", async |rig| {
        rig.calendar("Calendar").await;
        for (target, allowed) in [
            ("/me/events", "GET, HEAD, POST"),
            ("/me/events/x", "GET, HEAD, PATCH, DELETE"),
            ("/me/calendarView", "GET, HEAD"),
            ("/me/calendar/getSchedule", "POST"),
            ("/me/contacts/x/extensions", "GET, HEAD, POST"),
            ("/$batch", "POST"),
        ] {
            let refused = rig.send(Method::PUT, target, &[], None).await;
            assert_eq!((refused.status, refused.header("allow")), (405, allowed), "{target}");
        }
        let head = rig.send(Method::HEAD, "/me", &[], None).await;
        assert_eq!((head.status, head.text.as_str()), (200, ""));
        let token = format!("{}/common/oauth2/v2.0/token", rig.base);
        assert_eq!(rig.get(&token).await.header("allow"), "POST");
    });
}

#[test]
fn a_body_in_a_content_coding_is_refused_so_that_it_comes_again_without() {
    run(async |rig| {
        rig.calendar("Calendar").await;
        let body = timed("x", 4, 9);
        for target in ["/me/events", "/$batch"] {
            let coded = [("content-encoding", "gzip")];
            let refused = rig.send(Method::POST, target, &coded, Some(&body)).await;
            assert_eq!((refused.status, refused.header("accept-encoding")), (415, "identity"));
        }
        for coding in ["identity", "Identity, "] {
            let coded = [("content-encoding", coding)];
            assert_eq!(rig.send(Method::POST, "/me/events", &coded, Some(&body)).await.status, 201);
        }
        let coded = [("content-encoding", "gzip")];
        assert_eq!(rig.send(Method::GET, "/me/events", &coded, None).await.status, 200);
    });
}

#[test]
fn a_mailbox_has_settings_time_zones_and_a_group_of_calendars() {
    run(async |rig| {
        let calendar = rig.calendar("Calendar").await;
        let settings = rig.get("/me/mailboxSettings").await;
        assert_eq!(settings.body["timeZone"], "UTC");
        assert_eq!(settings.body["workingHours"]["daysOfWeek"][0], "monday");
        let some = rig.get("/me/mailboxSettings?$select=timeZone").await;
        assert_eq!(some.body.get("language"), None);
        let wrong = rig.get("/me/mailboxSettings?$select=foo").await;
        assert_eq!((wrong.status, wrong.code()), (400, "BadRequest"));
        assert_eq!(rig.get("/me/mailboxSettings/timeZone").await.body["value"], "UTC");
        let language = rig.get("/me/mailboxSettings/language").await;
        assert_eq!(language.body["locale"], "en-US");
        assert_eq!(rig.get("/me/mailboxSettings/foo").await.status, 404);
        assert_eq!(rig.delete("/me/mailboxSettings/timeZone").await.header("allow"), "GET, HEAD");
        let zones = rig.get("/me/outlook/supportedTimeZones()").await;
        assert!(zones.column("alias").contains(&"W. Europe Standard Time"));
        let iana = "TimeZoneStandard=microsoft.graph.timeZoneStandard'Iana'";
        let zones = rig.get(&format!("/me/outlook/supportedTimeZones({iana})")).await;
        assert!(zones.column("alias").contains(&"Europe/Berlin"));
        let groups = rig.get("/me/calendarGroups").await;
        assert_eq!(groups.column("name"), ["My Calendars"]);
        let target = format!("/me/calendarGroups/{}", groups.rows()[0]["id"].as_str().expect("it"));
        assert_eq!(rig.get(&target).await.body["name"], "My Calendars");
        let calendars = rig.get(&format!("{target}/calendars")).await;
        assert_eq!(calendars.column("id"), [calendar.as_str()]);
        assert_eq!(rig.get("/me/calendarGroups/x").await.status, 404);
    });
}

#[test]
fn a_group_of_calendars_leads_to_all_that_is_in_it() {
    run(async |rig| {
        let calendar = rig.calendar("Calendar").await;
        let group = rig.get("/me/calendarGroups?$select=name").await.rows()[0].clone();
        let members: Vec<&String> = group.as_object().expect("a group").keys().collect();
        assert_eq!(members, ["id", "name"]);
        let target = format!("/me/calendarGroups/{}", group["id"].as_str().expect("an id"));
        let expanded = rig.get(&format!("{target}?$expand=calendars&$select=id")).await;
        assert_eq!(expanded.body["calendars"][0]["id"], calendar.as_str());
        for option in ["$select=foo", "$expand=foo", "$expand=extensions"] {
            let refused = rig.get(&format!("{target}?{option}")).await;
            assert_eq!((refused.status, refused.code()), (400, "BadRequest"), "{option}");
        }
        assert_eq!(rig.get("/me/calendarGroups/$count").await.text, "1");
        let none = rig.get("/me/calendarGroups?$filter=name%20eq%20'x'").await;
        assert_eq!(none.rows().len(), 0);

        let calendars = format!("{target}/calendars");
        let work = rig.post(&calendars, &json!({ "name": "Work" })).await;
        assert_eq!(work.status, 201, "{}", work.body);
        let work = work.header("location").to_owned();
        let event = rig.post(&format!("{work}/events"), &timed("x", 4, 9)).await;
        assert_eq!(event.status, 201, "{}", event.body);
        assert_eq!(rig.get(&format!("{work}/events")).await.column("subject"), ["x"]);
        let view = format!("{work}/calendarView?startDateTime=2026-05-01&endDateTime=2026-06-01");
        assert_eq!(rig.get(&view).await.column("subject"), ["x"]);
        let of = rig.get(&format!("/me/events/{}/calendar?$select=name", event.id())).await;
        assert_eq!(of.body["name"], "Work");
        let expanded = async |target: &str| {
            let joint = if target.contains('?') { '&' } else { '?' };
            let answer = rig.get(&format!("{target}{joint}$expand=calendar&$select=subject")).await;
            let event = answer.body["value"].get(0).unwrap_or(&answer.body).clone();
            event["calendar"]["name"].as_str().unwrap_or_default().to_owned()
        };
        let single = format!("/me/events/{}", event.id());
        let targets = [single.clone(), format!("{work}/events"), view];
        for target in &targets {
            assert_eq!(expanded(target).await, "Work", "{target}");
        }
        rig.patch(&work, &json!({ "name": "Job" })).await;
        for target in &targets {
            assert_eq!(expanded(target).await, "Job", "{target}");
        }
        assert_eq!(rig.get(&single).await.body.get("calendar"), None);
        rig.patch(&work, &json!({ "name": "Work" })).await;
        let path = format!("/me/calendarGroup/calendars/{calendar}/events/{}/calendar", event.id());
        assert_eq!(rig.get(&path).await.status, 404, "the path must be true");

        let made = rig.post("/me/calendarGroups/x/calendars", &json!({ "name": "No" })).await;
        assert_eq!((made.status, rig.refusals()), (404, vec!["ErrorItemNotFound".to_owned()]));
        assert_eq!(rig.get(&calendars).await.column("name"), ["Calendar", "Work"]);
    });
}

#[test]
fn an_event_has_no_attachments() {
    run(async |rig| {
        let calendar = rig.calendar("Calendar").await;
        let id = rig.event(&calendar, &timed("x", 4, 9)).await;
        assert_eq!(rig.get(&format!("/me/events/{id}/attachments")).await.rows(), [] as [Value; 0]);
        let none = json!({ "attachments": [] });
        assert_eq!(rig.post("/me/events", &and(timed("x", 4, 9), none)).await.status, 201);
        let some = json!({ "attachments": [{ "name": "x" }] });
        assert_eq!(rig.post("/me/events", &and(timed("x", 4, 9), some)).await.status, 400);
        let other = "0".repeat(24);
        assert_eq!(rig.get(&format!("/me/events/{other}/attachments")).await.status, 404);
        let read = rig.get(&format!("/me/events/{id}?$expand=attachments")).await;
        assert_eq!(read.body["attachments"], json!([]));
    });
}

fn question(schedules: &[&str]) -> Value {
    let at =
        |hour: u8| json!({ "dateTime": format!("2026-05-04T{hour:02}:00:00"), "timeZone": "UTC" });
    json!({
        "schedules": schedules, "startTime": at(8), "endTime": at(12),
        "availabilityViewInterval": 60,
    })
}

#[test]
fn schedules_tell_when_people_are_free() {
    with_people(async |rig| {
        rig.calendar("Calendar").await;
        let oof = json!({ "showAs": "oof", "location": { "displayName": "Room" } });
        rig.post("/me/events", &and(timed("x", 4, 9), oof)).await;
        rig.by(AS_GUEST, Method::POST, "/me/events", Some(&timed("y", 4, 10))).await;
        let asked = question(&[OWNER, GUEST, "nobody@example.com"]);
        let answer = rig.post("/me/calendar/getSchedule", &asked).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        assert_eq!(answer.column("availabilityView"), ["0300", "0020", ""]);
        let own = &answer.rows()[0]["scheduleItems"][0];
        assert_eq!((&own["subject"], &own["location"]), (&json!("x"), &json!("Room")));
        let theirs = &answer.rows()[1]["scheduleItems"][0];
        assert_eq!((&theirs["status"], theirs.get("subject")), (&json!("busy"), None));
        assert_eq!(theirs["start"]["dateTime"], "2026-05-04T10:00:00.0000000");
        let nobody = &answer.rows()[2]["error"]["responseCode"];
        assert_eq!(nobody, "ErrorMailRecipientNotFound");
        let mut long = question(&[OWNER]);
        long["endTime"]["dateTime"] = json!("2026-08-04T12:00:00");
        let refused = rig.post("/me/calendar/getSchedule", &long).await;
        assert_eq!((refused.status, refused.code()), (400, "ErrorInvalidParameter"));
    });
}

#[test]
fn a_meeting_is_forwarded_to_five_hundred_people_at_most() {
    with_people(async |rig| {
        let calendar = rig.calendar("Calendar").await;
        let id = rig.event(&calendar, &and(timed("x", 4, 9), invited(&["a@x.org"]))).await;
        let before = rig.server.mails(0).len();
        let to = |count: usize| {
            let one =
                |nth: usize| json!({ "emailAddress": { "address": format!("p{nth}@x.org") } });
            json!({ "ToRecipients": (0..count).map(one).collect::<Vec<_>>() })
        };
        let target = format!("/me/events/{id}/forward");
        let refused = rig.post(&target, &to(501)).await;
        assert_eq!((refused.status, refused.code()), (400, "ErrorInvalidRecipients"));
        assert_eq!(rig.post(&target, &to(500)).await.status, 202);
        let told = rig.told(before);
        assert_eq!(told.iter().filter(|(method, _)| *method == M::Request).count(), 500);
    });
}

#[test]
fn the_list_of_users_in_a_batch_asks_the_faults_once() {
    fn hits(rig: &Rig) -> u64 {
        rig.server.armed()[0].1
    }
    run(async |rig| {
        let rule = json!({
            "id": "once", "site": "item", "op": "session", "when": { "skip": 1, "times": 1 },
            "what": { "error": { "code": "ErrorServerBusy" } },
        });
        let rule: crate::faults::Rule = serde_json::from_value(rule).expect("a rule");
        rig.server.arm(rule);
        let users = json!([{ "id": "1", "method": "GET", "url": "/users" }]);
        let first = rig.batch(users.clone()).await;
        assert_eq!(first.body["responses"][0]["status"], 200, "{}", first.body);
        assert_eq!(hits(&rig), 0);
        let second = rig.batch(users).await;
        assert_eq!(second.body["responses"][0]["status"], 503, "{}", second.body);
    });
}
