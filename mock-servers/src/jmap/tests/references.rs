//! Result references and creation ids (RFC 8620 sections 3.7 and 5.3).

use serde_json::{Map, Value, json};

use super::harness::{json_of, simulated};

#[test]
fn a_result_of_an_earlier_call_becomes_an_argument() {
    simulated(async |world| {
        world.seed(3);
        let account = &world.account;
        let responses = world
            .calls(json!([
                ["CalendarEvent/query", { "accountId": account, "sort": [{ "property": "uid" }] }, "q"],
                ["CalendarEvent/get", {
                    "accountId": account,
                    "#ids": { "resultOf": "q", "name": "CalendarEvent/query", "path": "/ids" },
                    "properties": ["uid", "calendarIds"],
                }, "g"],
                ["CalendarEvent/get", {
                    "accountId": account,
                    "#ids": { "resultOf": "g", "name": "CalendarEvent/get", "path": "/list/*/id" },
                    "properties": ["title"],
                }, "h"],
                ["CalendarEvent/get", {
                    "accountId": account,
                    "#ids": { "resultOf": "q", "name": "CalendarEvent/query", "path": "/ids/1" },
                }, "i"],
            ]))
            .await;
        assert_eq!(responses[1][1]["list"].as_array().unwrap().len(), 3);
        let uids: Vec<_> = (0..3).map(|i| responses[1][1]["list"][i]["uid"].clone()).collect();
        assert_eq!(uids, ["uid-0", "uid-1", "uid-2"]);
        assert_eq!(responses[2][1]["list"][2].as_object().unwrap().len(), 2, "id and title");
        assert_eq!(responses[3][1]["type"], "invalidArguments", "a string is no list of ids");
    });
}

#[test]
fn a_map_through_arrays_flattens() {
    simulated(async |world| {
        let account = &world.account;
        let responses = world
            .calls(json!([
                ["Core/echo", { "list": [{ "ids": ["a", "b"] }, { "ids": ["c"] }] }, "e"],
                ["CalendarEvent/get", {
                    "accountId": account,
                    "#ids": { "resultOf": "e", "name": "Core/echo", "path": "/list/*/ids" },
                }, "g"],
            ]))
            .await;
        assert_eq!(responses[1][1]["notFound"], json!(["a", "b", "c"]));
    });
}

#[test]
fn a_reference_that_does_not_resolve_refuses_its_call_only() {
    simulated(async |world| {
        let account = &world.account;
        let reference = |of: &str, name: &str, path: &str| {
            json!(["CalendarEvent/get", {
                "accountId": account, "#ids": { "resultOf": of, "name": name, "path": path },
            }, "g"])
        };
        let cases = [
            reference("nobody", "Core/echo", "/x"),
            reference("e", "Calendar/get", "/x"),
            reference("e", "Core/echo", "/nothing"),
            reference("e", "Core/echo", "x"),
            reference("e", "Core/echo", "/x/01"),
            reference("e", "Core/echo", "/x/~3"),
            json!(["CalendarEvent/get", { "accountId": account, "#ids": 5 }, "g"]),
        ];
        for call in cases {
            let echo = json!(["Core/echo", { "x": ["1", "2"] }, "e"]);
            let last = json!(["Core/echo", {}, "z"]);
            let responses = world.calls(json!([echo, call, last])).await;
            assert_eq!(responses[1][1]["type"], "invalidResultReference", "{call}");
            assert_eq!(responses[2][0], "Core/echo");
        }
        let both =
            json!({ "ids": [], "#ids": { "resultOf": "e", "name": "Core/echo", "path": "/" } });
        assert_eq!(world.err("CalendarEvent/get", both).await, "invalidArguments");
    });
}

#[test]
fn what_references_bring_in_is_bounded_for_a_request() {
    simulated(async |world| {
        let account = &world.account;
        let of =
            |call: usize| json!({ "resultOf": call.to_string(), "name": "Core/echo", "path": "" });
        let ten = |call: usize| {
            let ten: Map<String, Value> = (0..10).map(|n| (format!("#a{n}"), of(call))).collect();
            json!(["Core/echo", ten, (call + 1).to_string()])
        };
        let mut calls = vec![json!(["Core/echo", { "x": "0123456789" }, "0"])];
        calls.extend((0..6).map(ten));
        let last = json!({ "resultOf": "0", "name": "Core/echo", "path": "/x" });
        calls.push(json!(["CalendarEvent/query", { "accountId": account, "filter": {}, "#anchor": last }, "q"]));
        calls.push(json!(["Core/echo", { "plain": true }, "z"]));
        let answer = world.try_calls(json!(calls)).await.unwrap();
        assert!(answer.body().len() < 40_000_000, "{}", answer.body().len());
        let responses = json_of(&answer)["methodResponses"].clone();
        let told: Vec<&str> =
            (0..9).map(|at| responses[at][1]["type"].as_str().unwrap_or("-")).collect();
        let large = "requestTooLarge";
        assert_eq!(
            told,
            ["-", "-", "-", "-", "-", large, "invalidResultReference", large, "-"],
            "ten times as much with each call, until there is no room for any"
        );
    });
}

#[test]
fn a_list_is_referred_to_as_often_as_there_is_room() {
    simulated(async |world| {
        world.seed(3);
        let account = &world.account;
        let id = json!({ "resultOf": "g", "name": "CalendarEvent/get", "path": "/list/*/id" });
        let many: Map<String, Value> = (0..500).map(|n| (format!("#a{n}"), id.clone())).collect();
        let get = json!(["CalendarEvent/get", { "accountId": account }, "g"]);
        let responses = world.calls(json!([get, ["Core/echo", many, "e"]])).await;
        assert_eq!(responses[1][1]["a499"].as_array().unwrap().len(), 3);
    });
}

#[test]
fn a_creation_id_stands_for_what_it_made() {
    simulated(async |world| {
        let account = &world.account;
        let mut event = world.event("u1", "first");
        event["calendarIds"] = json!({ "#cal": true });
        let body = json!({
            "using": ["urn:ietf:params:jmap:core", "urn:ietf:params:jmap:calendars"],
            "createdIds": { "before": "known" },
            "methodCalls": [
                ["Calendar/set", { "accountId": account, "create": { "cal": { "name": "New" } } }, "0"],
                ["CalendarEvent/set", { "accountId": account, "create": { "ev": event } }, "1"],
                ["CalendarEvent/set", { "accountId": account, "update": { "#ev": { "title": "second" } } }, "2"],
                ["CalendarEvent/get", { "accountId": account, "ids": ["#ev"] }, "3"],
                ["CalendarEvent/set", { "accountId": account, "destroy": ["#ev"] }, "4"],
            ],
        });
        let answer = json_of(&world.post(body.to_string()).await.unwrap());
        let responses = &answer["methodResponses"];
        let calendar = responses[0][1]["created"]["cal"]["id"].as_str().unwrap();
        let event = responses[1][1]["created"]["ev"]["id"].as_str().unwrap();
        assert!(responses[2][1]["updated"].get(event).is_some(), "{responses}");
        let shown = &responses[3][1]["list"][0];
        assert_eq!(
            (&shown["title"], &shown["calendarIds"]),
            (&json!("second"), &json!({ calendar: true }))
        );
        assert_eq!(responses[4][1]["destroyed"], json!([event]));
        assert_eq!(
            answer["createdIds"],
            json!({ "before": "known", "cal": calendar, "ev": event })
        );
    });
}
