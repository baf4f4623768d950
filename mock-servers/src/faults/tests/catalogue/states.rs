//! Ways to the codes of the catalogue with no fault armed. A rule named `slow` may make requests
//! overlap.

use std::time::Duration;

use serde_json::{Value, json};

use super::super::listener::{Listener, Manner};
use super::super::rig::World;
use super::{Known, Outcome, prepare};
use crate::Protocol;
use crate::faults::catalogue::Entry;
use crate::users::Drift;

/// The profile on which the state leads to a code.
pub(super) fn profile(entry: &Entry) -> &'static str {
    match (entry.protocol, entry.code) {
        (Protocol::Graph, "ApplicationThrottled") => "m365",
        (_, "429" | "limits below what clients assume" | "a duplicate uid is stored") => "hostile",
        _ => "strict",
    }
}

/// Brings a code about and tells what is seen of it.
pub(super) async fn reach(world: &World, code: &str) -> String {
    if let Some(heard) = heard(world, code).await {
        return heard;
    }
    let outcome = match code {
        "429" => many_in_a_moment(world).await,
        "limits below what clients assume" => too_many_objects(world, 50).await,
        "a duplicate uid is stored" => same_uid(world).await,
        _ => {
            let known = prepare(world).await;
            match world.protocol {
                Protocol::Jmap => jmap(world, code, &known).await,
                Protocol::Graph => graph(world, code, &known).await,
                Protocol::Dav => dav(world, code, &known).await,
            }
        }
    };
    world.dump(&outcome)
}

/// What a subscriber hears; none where the code is about no subscription.
async fn heard(world: &World, code: &str) -> Option<String> {
    let begin = world.env.clock.now();
    match code {
        "webhook: validationToken handshake" => {
            Listener::start(world).await.takes(&[Manner::Wrongly]);
            return Some(world.dump(&Ok(world.subscribe().await)));
        }
        "StateChange dropped"
        | "webhook: retried for four hours"
        | "webhook: duplicates"
        | "webhook: out of order"
        | "lifecycle: reauthorizationRequired"
        | "lifecycle: missed"
        | "lifecycle: subscriptionRemoved" => {}
        _ => return None,
    }
    let listener = world.listened().await;
    match code {
        "webhook: duplicates" => {
            listener.takes(&[Manner::Silently, Manner::Well]);
            return Some(world.told_of_two(&listener).await);
        }
        "webhook: out of order" => {
            listener.takes(&[Manner::Badly, Manner::Badly, Manner::Well]);
            return Some(world.told_of_two(&listener).await);
        }
        "lifecycle: reauthorizationRequired" => world.rest(8 * 86_400).await,
        "lifecycle: subscriptionRemoved" => {
            assert_eq!(world.server.withdraw_subscriptions(), 1);
            world.rest(1).await;
        }
        _ => {
            listener.takes(&[Manner::Badly]);
            world.fill(&["1"]).await;
            world.rest(5 * 3_600).await;
        }
    }
    Some(listener.dump(world, begin))
}

/// More requests in one second than a hostile server takes.
async fn many_in_a_moment(world: &World) -> Outcome {
    for _ in 0..1_000 {
        // Some of them break on such a server.
        let answer = match world.protocol {
            Protocol::Dav => world.try_send("OPTIONS", &world.calendar, &[], "").await,
            _ => world.try_call(&[], "Core/echo", json!({})).await,
        };
        if answer.as_ref().is_ok_and(|answer| answer.status == 429) {
            return answer;
        }
    }
    panic!("there is no limit");
}

/// Five at once, of which four are served.
async fn five_at_once(world: &World) -> Outcome {
    world.arm(json!({
        "id": "slow", "site": "request", "op": "*", "what": { "delay": { "ms": 1_000 } },
    }));
    let one = |name: &'static str| async move { world.try_create(name, &[]).await };
    let last = async {
        world.env.clock.sleep(Duration::from_millis(500)).await;
        one("new").await
    };
    tokio::join!(one("p"), one("q"), one("r"), one("s"), last).4
}

async fn too_many_objects(world: &World, count: usize) -> Outcome {
    let event: Value = serde_json::from_str(&world.event("x", &[])).unwrap();
    let creates: serde_json::Map<String, Value> =
        (0..count).map(|nth| (format!("c{nth}"), event.clone())).collect();
    Ok(world.call("CalendarEvent/set", json!({ "create": creates })).await)
}

async fn jmap(world: &World, code: &str, known: &Known) -> Outcome {
    let post = async |body: &str| world.try_send("POST", "/jmap/api", &[], body).await;
    let update = async |id: String, patch: Value| {
        let arguments = json!({ "update": { id: patch } });
        Ok(world.call("CalendarEvent/set", arguments).await)
    };
    let query = async |arguments: Value| Ok(world.call("CalendarEvent/query", arguments).await);
    match code {
        "unknownCapability" => post("{\"using\":[\"urn:x\"],\"methodCalls\":[]}").await,
        "notJSON" => post("{").await,
        "notRequest" => post("[]").await,
        "limit maxSizeRequest" => post(&"x".repeat(10_000_001)).await,
        "limit maxCallsInRequest" => {
            let calls = vec![json!(["Core/echo", {}, "0"]); 17];
            let using = ["urn:ietf:params:jmap:core"];
            post(&json!({ "using": using, "methodCalls": calls }).to_string()).await
        }
        "limit maxConcurrentRequests" => five_at_once(world).await,
        "unknownMethod" => Ok(world.call("Nothing/get", json!({})).await),
        "invalidArguments" => Ok(world.call("CalendarEvent/get", json!({ "idz": [] })).await),
        "invalidResultReference" => {
            let reference = json!({ "resultOf": "9", "name": "x/get", "path": "/list" });
            Ok(world.call("CalendarEvent/get", json!({ "#ids": reference })).await)
        }
        "accountNotFound" => {
            let using = ["urn:ietf:params:jmap:core", "urn:ietf:params:jmap:calendars"];
            let call = json!(["CalendarEvent/get", { "accountId": "another", "ids": [] }, "0"]);
            post(&json!({ "using": using, "methodCalls": [call] }).to_string()).await
        }
        "requestTooLarge" => {
            let ids: Vec<String> = (0..501).map(|nth| format!("id{nth}")).collect();
            Ok(world.call("CalendarEvent/get", json!({ "ids": ids })).await)
        }
        "stateMismatch" => {
            world.fill(&["c"]).await;
            Ok(world.update("a", &known.tag).await)
        }
        "cannotCalculateChanges" => {
            world.server.expire_tokens();
            Ok(world.ask_changes(&known.token).await)
        }
        "anchorNotFound" => query(json!({ "anchor": "nothing" })).await,
        "unsupportedSort" => query(json!({ "sort": [{ "property": "colour" }] })).await,
        "unsupportedFilter" => query(json!({ "filter": { "colour": "red" } })).await,
        "tooManyChanges" => {
            let answer: Outcome = query(json!({})).await;
            let before = answer.unwrap().json()["methodResponses"][0][1]["queryState"].clone();
            world.fill(&["c", "d"]).await;
            let arguments = json!({ "sinceQueryState": before, "maxChanges": 1 });
            Ok(world.call("CalendarEvent/queryChanges", arguments).await)
        }
        "expandDurationTooLarge" => {
            let filter = json!({ "after": "2020-01-01T00:00:00", "before": "2026-01-01T00:00:00" });
            query(json!({ "expandRecurrences": true, "filter": filter })).await
        }
        "overQuota" => {
            world.server.set_quota(Some(2));
            world.try_create("new", &[]).await
        }
        "notFound" => update("nothing".to_owned(), json!({ "title": "x" })).await,
        "invalidPatch" => update(world.id("a"), json!({ "locations/x/name": "y" })).await,
        "invalidProperties" => {
            let mut event: Value = serde_json::from_str(&world.event("new", &[])).unwrap();
            event["title"] = json!(5);
            world.try_store("new", &[], &event.to_string()).await
        }
        "addressBookHasContents" => {
            let book = world.book_with_a_card().await;
            Ok(world.call_contacts("AddressBook/set", json!({ "destroy": [book] })).await)
        }
        "calendarHasEvent" => {
            let destroy = json!({ "destroy": [world.calendar] });
            Ok(world.call("Calendar/set", destroy).await)
        }
        "paging with hasMoreChanges" => {
            let arguments = json!({ "sinceState": known.token, "maxChanges": 1 });
            Ok(world.call("CalendarEvent/changes", arguments).await)
        }
        "all ids change between queries" => {
            let before: Outcome = query(json!({})).await;
            world.server.drift_ids(Drift::Silent, 1.0);
            let after: Outcome = query(json!({})).await;
            let ids = |outcome: &Outcome| {
                outcome.as_ref().unwrap().json()["methodResponses"][0][1]["ids"].clone()
            };
            let known: Vec<Value> = ids(&before).as_array().unwrap().clone();
            let same = ids(&after).as_array().unwrap().iter().any(|id| known.contains(id));
            assert!(!known.is_empty() && !same, "{known:?}");
            after
        }
        other => panic!("no way leads to `{other}`"),
    }
}

async fn graph(world: &World, code: &str, known: &Known) -> Outcome {
    let post = async |path: &str, body: Value| {
        world.try_send("POST", &format!("/v1.0/me/{path}"), &[], &body.to_string()).await
    };
    match code {
        "ApplicationThrottled" => five_at_once(world).await,
        "410 with Location and an empty token" | "syncStateNotFound as 410" => {
            world.server.expire_tokens();
            Ok(world.ask_changes(&known.token).await)
        }
        "ErrorDuplicateTransactionId as 409" => {
            let mut event: Value = serde_json::from_str(&world.event("x", &[])).unwrap();
            event["transactionId"] = json!("one");
            post("events", event.clone()).await.unwrap();
            event["subject"] = json!("another");
            post("events", event).await
        }
        "ErrorIrresolvableConflict" => {
            assert_eq!(world.update("a", &known.tag).await.status, 200);
            Ok(world.update("a", &known.tag).await)
        }
        "409" => {
            post("calendars", json!({ "name": "twice" })).await.unwrap();
            post("calendars", json!({ "name": "twice" })).await
        }
        "$batch: 424 for dependents" => {
            let mut second = world.step("2");
            second["dependsOn"] = json!(["1"]);
            let first = json!({ "id": "1", "method": "GET", "url": "/me/events/nothing" });
            Ok(world.batch(json!([first, second])).await)
        }
        "$batch: 400 on a duplicate id" => {
            Ok(world.batch(json!([world.step("1"), world.step("1")])).await)
        }
        "$batch: more than 20 requests" => {
            let steps: Vec<Value> = (0..21).map(|nth| world.step(&nth.to_string())).collect();
            Ok(world.batch(json!(steps)).await)
        }
        "507" => {
            world.server.set_quota(Some(2));
            world.try_create("new", &[]).await
        }
        other => panic!("no way leads to `{other}`"),
    }
}

async fn same_uid(world: &World) -> Outcome {
    world.try_create("x", &[]).await.unwrap();
    world.try_store("new", &[], &world.event("x", &[])).await
}

async fn dav(world: &World, code: &str, known: &Known) -> Outcome {
    let put = async |name: &str, headers: &[(&str, &str)], body: &str| {
        world.try_store(name, headers, body).await
    };
    match code {
        "207 with 404 in a status" => {
            let href = format!("<D:href>{}nothing.ics</D:href>", world.calendar);
            world.multiget(&href).await
        }
        "507 for the collection, with a token" => {
            let body = format!(
                "<D:sync-collection xmlns:D=\"DAV:\"><D:sync-token>{}</D:sync-token>\
                 <D:sync-level>1</D:sync-level><D:limit><D:nresults>1</D:nresults></D:limit>\
                 <D:prop><D:getetag/></D:prop></D:sync-collection>",
                known.token
            );
            world.try_send("REPORT", &world.calendar, &[], &body).await
        }
        "valid-sync-token as 403" => {
            world.server.expire_tokens();
            Ok(world.ask_changes(&known.token).await)
        }
        "412 on If-Match" => {
            assert_eq!(world.update("a", &known.tag).await.status, 204);
            Ok(world.update("a", &known.tag).await)
        }
        "412 on If-None-Match" => world.try_create("a", &[("if-none-match", "*")]).await,
        "no-uid-conflict with an href" => same_uid(world).await,
        "valid-calendar-data" => put("new", &[], "BEGIN:VCALENDAR\r\nEND").await,
        "max-resource-size" => {
            let long = format!("DESCRIPTION:{}\r\nDTEND", "x".repeat(10_000_000));
            put("new", &[], &world.event("new", &[]).replace("DTEND", &long)).await
        }
        "supported-calendar-component" => {
            let path = "/dav/calendars/owner@example.com/tasks/";
            let body = "<C:mkcalendar xmlns:D=\"DAV:\" xmlns:C=\"urn:ietf:params:xml:ns:caldav\">\
                        <D:set><D:prop><C:supported-calendar-component-set>\
                        <C:comp name=\"VTODO\"/></C:supported-calendar-component-set></D:prop>\
                        </D:set></C:mkcalendar>";
            assert_eq!(world.send("MKCALENDAR", path, &[], body).await.status, 201);
            let headers = [("content-type", "text/calendar")];
            let event = world.event("new", &[]);
            world.try_send("PUT", &format!("{path}new.ics"), &headers, &event).await
        }
        "507 quota-not-exceeded" => {
            world.server.set_quota(Some(2));
            world.try_create("new", &[]).await
        }
        "423 lock-token-submitted" => {
            let body = "<D:lockinfo xmlns:D=\"DAV:\"><D:lockscope><D:exclusive/></D:lockscope>\
                        <D:locktype><D:write/></D:locktype></D:lockinfo>";
            let path = format!("{}a.ics", world.calendar);
            assert_eq!(world.send("LOCK", &path, &[], body).await.status, 200);
            put("a", &[], &world.event("a", &[])).await
        }
        "409 without a collection" => {
            let headers = [("content-type", "text/calendar")];
            let path = "/dav/calendars/owner@example.com/nothing/new.ics";
            world.try_send("PUT", path, &headers, &world.event("new", &[])).await
        }
        "SCHEDULE-STATUS" => {
            put("new", &[], &world.event("new", &["far@elsewhere.test"])).await.unwrap();
            world.try_send("GET", &format!("{}new.ics", world.calendar), &[], "").await
        }
        "412 on If-Schedule-Tag-Match" => {
            let body = world.event("new", &["far@elsewhere.test"]);
            put("new", &[], &body).await.unwrap();
            put("new", &[("if-schedule-tag-match", "\"old\"")], &body).await
        }
        other => panic!("no way leads to `{other}`"),
    }
}
