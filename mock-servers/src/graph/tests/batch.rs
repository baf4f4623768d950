//! `$batch`, seen from outside.

use serde_json::{Value, json};

use super::rig::{Rig, run, timed};
use crate::faults::Rule;

fn arm(rig: &Rig, rule: Value) {
    let rule: Rule = serde_json::from_value(rule).expect("a rule");
    rule.check().expect("a rule that can fire");
    rig.server.arm(rule);
}

fn get(id: &str, url: &str) -> Value {
    json!({ "id": id, "method": "GET", "url": url })
}

fn post(id: &str, url: &str, body: &Value) -> Value {
    let headers = json!({ "Content-Type": "application/json" });
    json!({ "id": id, "method": "POST", "url": url, "headers": headers, "body": body })
}

fn statuses(answer: &super::rig::Answer) -> Vec<(String, u64)> {
    let all = answer.body["responses"].as_array().expect("responses").iter();
    all.map(|one| {
        let id = one["id"].as_str().unwrap_or_default().to_owned();
        (id, one["status"].as_u64().unwrap_or_default())
    })
    .collect()
}

fn ids(pairs: &[(&str, u64)]) -> Vec<(String, u64)> {
    pairs.iter().map(|(id, status)| ((*id).to_owned(), *status)).collect()
}

#[test]
fn requests_are_carried_out_one_by_one() {
    run(async |rig| {
        let calendar = rig.calendar("Calendar").await;
        let url = format!("me/calendars/{calendar}/events");
        let answer = rig
            .batch(json!([
                post("a", "/me/contacts", &json!({ "displayName": "x" })),
                post("b", &url, &timed("y", 4, 9)),
                get("c", "/me/events?$select=subject&$filter=subject eq 'y'"),
                get("d", "/me/nothing"),
                { "id": "e", "method": "delete", "url": "/me/contacts/0123456789abcdef01234567" },
                get("f", "/me/contacts/$count"),
            ]))
            .await;
        assert_eq!(answer.status, 200);
        let expected = [("a", 201), ("b", 201), ("c", 200), ("d", 404), ("e", 404), ("f", 200)];
        assert_eq!(statuses(&answer), ids(&expected));
        let responses = answer.body["responses"].as_array().expect("responses");
        assert_eq!(responses[2]["body"]["value"][0]["subject"], "y");
        assert!(
            responses[2]["headers"]["Content-Type"].as_str().is_some_and(|it| it.contains("json"))
        );
        assert_eq!(responses[5]["body"], "MQ==", "what is no JSON comes in base64");
        let request = rig.server.requests(0).pop().expect("a request");
        assert_eq!(request.operations.len(), 6);
        assert_eq!(rig.server.writes(1).len(), 3, "two applied, one refused");
    });
}

#[test]
fn dependents_wait_and_fail_with_what_they_depend_on() {
    run(async |rig| {
        rig.calendar("Calendar").await;
        let on = |mut request: Value, ids: &[&str]| {
            request["dependsOn"] = json!(ids);
            request
        };
        let answer = rig
            .batch(json!([
                on(get("1", "/me/events?$select=subject"), &["2"]),
                post("2", "/me/events", &timed("first", 4, 9)),
                on(post("3", "/me/events", &timed("never", 4, 9)), &["4"]),
                get("4", "/me/events/0123456789abcdef01234567"),
                on(get("5", "/me/calendars"), &["3", "2"]),
            ]))
            .await;
        let expected = [("1", 200), ("2", 201), ("3", 424), ("4", 404), ("5", 424)];
        assert_eq!(statuses(&answer), ids(&expected));
        let first = &answer.body["responses"][0]["body"];
        assert_eq!(first["value"][0]["subject"], "first", "it was carried out after the other");
        assert_eq!(answer.body["responses"][2]["body"]["error"]["code"], "FailedDependency");
        assert_eq!(rig.refusals(), ["FailedDependency"]);
    });
}

#[test]
fn a_batch_that_makes_no_sense_is_refused_as_a_whole() {
    run(async |rig| {
        rig.calendar("Calendar").await;
        let on = |id: &str, other: &str| json!({ "id": id, "method": "GET", "url": "/me", "dependsOn": [other] });
        let many: Vec<Value> = (0..21).map(|nth| get(&nth.to_string(), "/me")).collect();
        for (what, requests, code) in [
            ("no list", json!({}), "BadRequest"),
            ("duplicate", json!([get("a", "/me"), get("A", "/me")]), "BadRequest"),
            ("no id", json!([{ "method": "GET", "url": "/me" }]), "BadRequest"),
            ("too many", json!(many), "MaximumValueExceeded"),
            ("circle", json!([on("a", "b"), on("b", "a")]), "BadRequest"),
            ("unknown", json!([on("a", "c")]), "BadRequest"),
            ("method", json!([{ "id": "a", "method": "BREW", "url": "/me" }]), "BadRequest"),
            ("url", json!([get("a", "")]), "BadRequest"),
            ("absolute", json!([get("a", "http://graph.example/v1.0/me")]), "BadRequest"),
            (
                "no body",
                json!([{ "id": "a", "method": "POST", "url": "/me/events" }]),
                "BadRequest",
            ),
        ] {
            let refused = rig.batch(requests).await;
            assert_eq!((refused.status, refused.code()), (400, code), "{what}");
        }
        let twenty: Vec<Value> = (0..20).map(|nth| get(&nth.to_string(), "/me")).collect();
        assert_eq!(statuses(&rig.batch(json!(twenty)).await).len(), 20);
        assert_eq!(rig.get("/$batch").await.status, 405);
        assert_eq!(rig.server.items(), []);
    });
}

#[test]
fn item_faults_hit_single_requests_of_a_batch() {
    run(async |rig| {
        rig.calendar("Calendar").await;
        arm(
            &rig,
            json!({ "id": "f", "site": "item", "op": "event.create", "when": { "skip": 1, "times": 1 },
            "what": { "error": { "code": "ApplicationThrottled", "retry_after_s": 9 } } }),
        );
        arm(&rig, json!({ "id": "g", "site": "item", "op": "contact.create", "what": "omit" }));
        arm(
            &rig,
            json!({ "id": "h", "site": "item", "op": "calendar.list",
            "what": { "error": { "code": "ErrorServerBusy" } } }),
        );
        let answer = rig
            .batch(json!([
                post("1", "/me/events", &timed("one", 4, 9)),
                post("2", "/me/events", &timed("two", 4, 9)),
                post("3", "/me/contacts", &json!({ "displayName": "x" })),
                get("4", "/me/calendars"),
            ]))
            .await;
        assert_eq!(answer.status, 200);
        assert_eq!(statuses(&answer), ids(&[("1", 201), ("2", 429), ("4", 503)]));
        assert_eq!(answer.body["responses"][1]["headers"]["Retry-After"], "9");
        assert_eq!(rig.server.items().len(), 1);
        assert_eq!(rig.server.fault_hits().len(), 3);
    });
}

#[test]
fn a_request_fault_refuses_the_whole_batch() {
    run(async |rig| {
        rig.calendar("Calendar").await;
        arm(
            &rig,
            json!({ "id": "f", "site": "request", "op": "contact.create",
            "what": { "error": { "code": "ErrorServerBusy" } } }),
        );
        let answer = rig
            .batch(json!([
                post("1", "/me/events", &timed("one", 4, 9)),
                post("2", "/me/contacts", &json!({ "displayName": "x" })),
            ]))
            .await;
        assert_eq!((answer.status, answer.code()), (503, "ErrorServerBusy"));
        assert_eq!((rig.server.items().len(), rig.refusals().len()), (0, 2));
    });
}
