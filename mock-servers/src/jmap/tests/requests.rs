//! Discovery, credentials and errors of whole requests (RFC 8620 sections 2 and 3.6).

use bytes::Bytes;
use http::{Method, Request};
use serde_json::{Value, json};

use super::harness::{World, json_of, on_loopback, simulated, simulated_as};

async fn a_session_leads_to_the_api(world: World) {
    let found = world.get("/.well-known/jmap").await;
    assert_eq!(found.status(), 301);
    let session = world.get(found.headers()["location"].to_str().unwrap()).await;
    let session = json_of(&session);
    assert_eq!(session["apiUrl"], format!("{}/jmap/api", world.base));
    assert_eq!(session["username"], "owner@example.com");
    let core = &session["capabilities"]["urn:ietf:params:jmap:core"];
    assert_eq!(core["maxObjectsInGet"], 500);
    assert_eq!(core["maxCallsInRequest"], 16);
    let account = &session["accounts"][&world.account]["accountCapabilities"];
    assert_eq!(account["urn:ietf:params:jmap:calendars"]["mayCreateCalendar"], true);

    let arguments = json!({ "hello": true, "high": 5 });
    let answer = world.try_calls(json!([["Core/echo", arguments, "b3ff"]])).await.unwrap();
    let answer = json_of(&answer);
    assert_eq!(answer["methodResponses"], json!([["Core/echo", arguments, "b3ff"]]));
    assert_eq!(answer["sessionState"], session["state"]);

    let list = world.ok("Calendar/get", json!({})).await["list"].clone();
    assert_eq!(list[0]["name"], "Work");
    assert_eq!(list[0]["isDefault"], true);
    assert_eq!(list[0]["myRights"]["mayWriteAll"], true);
    assert_eq!(list[0]["myRights"]["mayShare"], false);

    let list = world.ok("ParticipantIdentity/get", json!({ "ids": null })).await["list"].clone();
    assert_eq!(list[0]["calendarAddress"], "mailto:owner@example.com");
}

#[test]
fn a_session_leads_to_the_api_in_simulation() {
    simulated(a_session_leads_to_the_api);
}

#[test]
fn a_session_leads_to_the_api_on_loopback() {
    on_loopback(a_session_leads_to_the_api);
}

#[test]
fn a_request_without_the_credential_is_401_and_does_nothing() {
    simulated(async |world| {
        for header in [None, Some("Bearer wrong"), Some("Basic s3cret")] {
            let mut request = Request::post(format!("{}/jmap/api", world.base));
            if let Some(header) = header {
                request = request.header("authorization", header);
            }
            let event = world.event("u1", "x");
            let calls = json!([["CalendarEvent/set", {
                "accountId": world.account, "create": { "a": event },
            }, "0"]]);
            let body = json!({
                "using": ["urn:ietf:params:jmap:core", "urn:ietf:params:jmap:calendars"],
                "methodCalls": calls,
            });
            let request = request.header("content-type", "application/json");
            let request = request.body(Bytes::from(body.to_string())).unwrap();
            let response = world.client.send(request).await.unwrap();
            assert_eq!(response.status(), 401);
            assert_eq!(response.headers()["www-authenticate"], "Bearer realm=\"jmap\"");
        }
        assert_eq!(world.server.items(), vec![]);
        let refused: Vec<_> = world.server.writes(1).into_iter().map(|w| w.applied()).collect();
        assert_eq!(refused, [false, false, false]);
    });
}

async fn problem(world: &World, body: impl Into<Bytes>) -> (u16, Value) {
    let response = world.post(body).await.unwrap();
    assert_eq!(response.headers()["content-type"], "application/problem+json");
    (response.status().as_u16(), json_of(&response)["type"].clone())
}

#[test]
fn what_is_no_request_is_answered_with_its_problem() {
    simulated(async |world| {
        let kind = |name: &str| json!(format!("urn:ietf:params:jmap:error:{name}"));
        let cases: [(&str, &str); 8] = [
            ("{", "notJSON"),
            ("", "notJSON"),
            ("\u{feff}{}", "notJSON"),
            (r#"{"using":[],"using":[],"methodCalls":[]}"#, "notJSON"),
            ("[]", "notRequest"),
            (r#"{"using":[],"methodCalls":[["a"]]}"#, "notRequest"),
            (r#"{"using":["urn:ietf:params:jmap:core"],"methodCalls":{}}"#, "notRequest"),
            (r#"{"using":["urn:x:unheard"],"methodCalls":[]}"#, "unknownCapability"),
        ];
        for (body, expected) in cases {
            assert_eq!(problem(&world, body).await, (400, kind(expected)), "{body}");
        }
        let request = Request::post(format!("{}/jmap/api", world.base))
            .header("authorization", "Bearer s3cret")
            .header("content-type", "text/plain")
            .body(Bytes::from_static(b"{}"))
            .unwrap();
        let response = world.client.send(request).await.unwrap();
        assert_eq!(json_of(&response)["type"], kind("notJSON"));
    });
}

#[test]
fn no_bytes_make_the_server_panic() {
    // A panic in a handler would fail the simulation.
    simulated(async |world| {
        let whole = json!({
            "using": ["urn:ietf:params:jmap:core", "urn:ietf:params:jmap:calendars"],
            "methodCalls": [["CalendarEvent/set", {
                "accountId": world.account,
                "create": { "a": world.event("ü", "~L0123456789 ü") },
                "update": { "x": { "a~": 1, "ü/~2": null } },
                "destroy": ["", "_o20260101T000000", "ü_oü"],
            }, "0"]],
        })
        .to_string();
        for end in (0..whole.len()).step_by(7) {
            world.post(whole.as_bytes()[..end].to_vec()).await.unwrap();
        }
        for odd in [json!(null), json!(1), json!([[]]), json!({ "a": [[["x"]]] }), json!("ü")] {
            for name in ["ids", "properties", "create", "update", "destroy", "filter", "sort"] {
                for method in ["Calendar/get", "CalendarEvent/get", "CalendarEvent/set"] {
                    world.call(method, json!({ name: odd })).await;
                }
                world.call("CalendarEvent/query", json!({ name: odd })).await;
            }
        }
    });
}

#[test]
fn methods_need_their_name_their_capability_and_their_account() {
    simulated(async |world| {
        assert_eq!(world.err("Email/get", json!({})).await, "unknownMethod");
        assert_eq!(world.err("Calendar/get", json!({ "x": 1 })).await, "invalidArguments");
        assert_eq!(world.err("Calendar/get", json!({ "ids": 3 })).await, "invalidArguments");
        let body = json!({
            "using": ["urn:ietf:params:jmap:core"],
            "methodCalls": [["Calendar/get", { "accountId": world.account }, "0"]],
        });
        let answer = json_of(&world.post(body.to_string()).await.unwrap());
        assert_eq!(answer["methodResponses"], json!([["error", { "type": "unknownMethod" }, "0"]]));
        let responses = world
            .calls(json!([
                ["Calendar/get", { "accountId": "nobody" }, "0"],
                ["Calendar/get", {}, "1"],
                ["Core/echo", {}, "2"],
            ]))
            .await;
        assert_eq!(responses[0], json!(["error", { "type": "accountNotFound" }, "0"]));
        assert_eq!(responses[1][1]["type"], "invalidArguments");
        assert_eq!(responses[2], json!(["Core/echo", {}, "2"]), "later calls still run");
    });
}

#[test]
fn other_paths_and_methods_are_not_found() {
    simulated(async |world| {
        assert_eq!(world.get("/nothing").await.status(), 404);
        assert_eq!(world.get("/jmap/api").await.status(), 405);
        let request = world.request(Method::DELETE, "/jmap/session").body(Bytes::new()).unwrap();
        assert_eq!(world.client.send(request).await.unwrap().status(), 405);
    });
}

#[test]
fn every_request_is_in_the_journal_with_what_it_asked_for() {
    simulated(async |world| {
        world.seed(1);
        world.get("/nothing").await;
        world
            .calls(json!([
                ["Calendar/get", { "accountId": world.account }, "0"],
                ["CalendarEvent/set", {
                    "accountId": world.account,
                    "create": { "a": world.event("u", "t") },
                    "destroy": ["x"],
                }, "1"],
            ]))
            .await;
        let requests = world.server.requests(1);
        let told: Vec<_> = requests
            .iter()
            .map(|r| (r.target.as_str(), r.operations.join(" "), r.status))
            .collect();
        assert_eq!(
            told,
            [
                ("/nothing", "other".to_owned(), Some(404)),
                ("/jmap/api", "calendar.list event.create event.delete".to_owned(), Some(200)),
            ]
        );
    });
}

#[test]
fn an_unknown_profile_is_an_error_that_names_those_that_exist() {
    simulated_as("stalwart+ignores-marker", async |world| {
        let mut config = super::harness::config("radicale");
        let error = crate::Server::new(&world.env, config.clone()).unwrap_err();
        assert!(error.to_string().starts_with("no profile `radicale` for jmap; there are strict,"));
        config.profile = "m365".to_owned();
        assert_eq!(crate::Server::new(&world.env, config).unwrap_err().name, "m365");
    });
}
