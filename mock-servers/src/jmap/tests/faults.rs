//! Faults at every site, as a client meets them.

use std::collections::BTreeSet;

use calamity_base::http::Error;
use calamity_evidence::{Lineage, WriteResult};
use serde_json::{Map, Value, json};

use super::harness::{World, error_rule, json_of, on_loopback, rule, simulated};
use crate::faults::{
    Abort, After, Effect, ErrorEffect, ItemSelector, PatchEffect, Rule, Site, When,
};

/// Creates c0, c1, ... and returns the answer's arguments.
async fn create(world: &World, count: usize) -> (String, Value) {
    let creates: Map<String, Value> = (0..count)
        .map(|n| (format!("c{n}"), world.event(&format!("u{n}"), &format!("Event {n}"))))
        .collect();
    world.call("CalendarEvent/set", json!({ "create": creates })).await
}

fn keys(map: &Value) -> Vec<&str> {
    map.as_object().map(|map| map.keys().map(String::as_str).collect()).unwrap_or_default()
}

fn counted(rule: Rule, when: When) -> Rule {
    Rule { when, ..rule }
}

async fn creates_are_refused_one_by_one(world: World) {
    let error = ErrorEffect {
        code: "invalidProperties".to_owned(),
        properties: vec!["alerts".to_owned()],
        ..ErrorEffect::default()
    };
    let refuse = rule("refuse", Site::Item, "event.create", Effect::Error(error));
    let cases = [
        (When { times: Some(1), ..When::default() }, vec!["c0"]),
        (When { skip: 3, ..When::default() }, vec!["c3"]),
        (When { every: Some(2), ..When::default() }, vec!["c0", "c2"]),
        (When { skip: 1, every: Some(2), ..When::default() }, vec!["c1", "c3"]),
        (When::default(), vec!["c0", "c1", "c2", "c3"]),
    ];
    for (when, refused) in cases {
        let from = world.server.writes(0).len();
        world.server.arm(counted(refuse.clone(), when));
        let (_, answer) = create(&world, 4).await;
        assert_eq!(keys(&answer["notCreated"]), refused);
        let error = &answer["notCreated"][refused[0]];
        assert_eq!(*error, json!({ "type": "invalidProperties", "properties": ["alerts"] }));
        assert_eq!(keys(&answer["created"]).len(), 4 - refused.len());
        assert_eq!(world.server.items().len(), 4 - refused.len());
        let log = world.server.writes(from);
        assert_eq!(log.iter().filter(|write| !write.applied()).count(), refused.len());
        assert_eq!(world.server.armed(), [("refuse".to_owned(), refused.len() as u64)]);
        world.server.clear("refuse");
        let ids: Vec<String> = world.server.items().into_iter().map(|item| item.id).collect();
        world.ok("CalendarEvent/set", json!({ "destroy": ids })).await;
    }
    let hits = world.server.fault_hits();
    let occurrences: Vec<u64> = hits.iter().map(|hit| hit.occurrence).collect();
    assert_eq!(occurrences, (1..=10).collect::<Vec<_>>(), "counted on over re-arming");
    assert_eq!((hits[0].site.as_str(), hits[0].op.as_str()), ("item", "event.create"));
    assert_eq!(hits[0].item.as_deref(), Some("c0"));
}

#[test]
fn creates_are_refused_one_by_one_in_simulation() {
    simulated(creates_are_refused_one_by_one);
}

#[test]
fn creates_are_refused_one_by_one_on_loopback() {
    on_loopback(creates_are_refused_one_by_one);
}

#[test]
fn an_omitted_item_is_in_no_list_and_not_applied() {
    simulated(async |world| {
        let omit = rule("omit", Site::Item, "event.create", Effect::Omit);
        world.server.arm(counted(omit, When { skip: 1, times: Some(1), ..When::default() }));
        let (_, answer) = create(&world, 3).await;
        assert_eq!(
            (keys(&answer["created"]), &answer["notCreated"]),
            (vec!["c0", "c2"], &Value::Null)
        );
        assert_eq!(world.server.items().len(), 2);
        let log = world.server.writes(1);
        assert!(matches!(&log[1].result, WriteResult::Refused(why) if why.code == "omitted"));
    });
}

#[test]
fn a_method_level_error_leaves_nothing_applied() {
    simulated(async |world| {
        let fail = error_rule("fail", Site::Item, "event.create", "serverFail");
        world.server.arm(counted(fail, When { skip: 2, ..When::default() }));
        let (name, error) = create(&world, 4).await;
        assert_eq!((name.as_str(), error), ("error", json!({ "type": "serverFail" })));
        assert_eq!(world.server.items(), vec![]);
        assert_eq!(world.server.writes(1).iter().filter(|write| !write.applied()).count(), 4);
        world.server.clear("fail");

        let partial = error_rule("part", Site::Item, "event.create", "serverPartialFail");
        world.server.arm(counted(partial, When { skip: 2, ..When::default() }));
        assert_eq!(create(&world, 4).await.1["type"], "serverPartialFail");
        assert_eq!(world.server.items().len(), 2, "the only error after which state may differ");
    });
}

#[test]
fn a_rule_selects_by_item_title_and_calendar() {
    simulated(async |world| {
        let lineage = Lineage::from_number(2);
        world.seed(4);
        let with = |item: ItemSelector| Rule {
            item: Some(item),
            ..error_rule("one", Site::Item, "event.*", "forbidden")
        };
        let selectors = [
            ItemSelector::Lineage(lineage),
            ItemSelector::Uid("uid-2".to_owned()),
            ItemSelector::Title("Ev*2".to_owned()),
        ];
        for selector in selectors {
            world.server.arm(with(selector));
            let ids: Vec<(String, String)> =
                world.server.items().into_iter().map(|item| (item.uid, item.id)).collect();
            let patches: Map<String, Value> =
                ids.iter().map(|(_, id)| (id.clone(), json!({ "color": "red" }))).collect();
            let answer = world.ok("CalendarEvent/set", json!({ "update": patches })).await;
            let refused = keys(&answer["notUpdated"]).concat();
            assert_eq!(ids.iter().find(|(uid, _)| uid == "uid-2").unwrap().1, refused);
        }
        world.server.arm(Rule {
            calendar: Some("Home".to_owned()),
            ..error_rule("one", Site::Item, "*", "forbidden")
        });
        assert_eq!(create(&world, 1).await.1["notCreated"], Value::Null);
        assert_eq!(world.server.armed(), [("one".to_owned(), 0)]);
    });
}

#[test]
fn a_request_is_refused_before_anything_of_it_is_done() {
    simulated(async |world| {
        let mut busy = error_rule("busy", Site::Request, "event.create", "");
        busy.what = Effect::Error(ErrorEffect {
            status: Some(429),
            retry_after_s: Some(30),
            description: Some("slow down".to_owned()),
            ..ErrorEffect::default()
        });
        world.server.arm(busy);
        let calls = json!([["CalendarEvent/set", {
            "accountId": world.account, "create": { "a": world.event("u", "x") },
        }, "0"]]);
        let answer = world.try_calls(calls.clone()).await.unwrap();
        assert_eq!(
            (answer.status().as_u16(), &answer.headers()["retry-after"]),
            (429, &"30".parse().unwrap())
        );
        assert_eq!(json_of(&answer)["detail"], "slow down");
        assert_eq!(world.calls(json!([["Core/echo", {}, "0"]])).await.len(), 1, "others pass");
        world.server.clear("busy");

        world.server.arm(error_rule("limit", Site::Request, "event.create", "limit"));
        let answer = world.try_calls(calls).await.unwrap();
        assert_eq!(json_of(&answer)["limit"], "maxConcurrentRequests");
        world.server.clear("limit");

        world.server.arm(error_rule("down", Site::Request, "event.create", "serverUnavailable"));
        let responses = world
            .calls(json!([
                ["CalendarEvent/set", {
                    "accountId": world.account, "create": { "a": world.event("u", "x") },
                }, "0"],
                ["Calendar/get", { "accountId": world.account }, "1"],
            ]))
            .await;
        assert_eq!(responses[0], json!(["error", { "type": "serverUnavailable" }, "0"]));
        assert_eq!(responses[1][0], "Calendar/get");
        assert_eq!(world.server.items(), vec![]);
        let codes: Vec<String> = world
            .server
            .writes(1)
            .into_iter()
            .map(|write| match write.result {
                WriteResult::Refused(why) => why.code,
                WriteResult::Applied => "applied".to_owned(),
            })
            .collect();
        assert_eq!(codes, ["429", "limit", "serverUnavailable"]);
    });
}

async fn connections_break(world: World) {
    let call = || {
        let create = json!({ "a": world.event("u", "x") });
        json!([["CalendarEvent/set", { "accountId": world.account, "create": create }, "0"]])
    };
    for (site, kept) in [(Site::Link, 0), (Site::Request, 0), (Site::Item, 0), (Site::Response, 1)]
    {
        for abort in [Abort::Reset, Abort::Close] {
            world.server.arm(rule("break", site, "event.create", Effect::Abort(abort)));
            let error = world.try_calls(call()).await.unwrap_err();
            assert!(
                matches!(error, Error::Reset { .. } | Error::Truncated { .. }),
                "{site:?} {abort:?} {error}"
            );
            assert_eq!(world.server.items().len(), kept, "{site:?}");
            assert_eq!(world.server.requests(0).last().unwrap().status, None);
            let ids: Vec<String> = world.server.items().into_iter().map(|item| item.id).collect();
            world.server.clear("break");
            world.ok("CalendarEvent/set", json!({ "destroy": ids })).await;
        }
    }
    for after in [After::Bytes(10), After::Fraction(0.5)] {
        let cut = Effect::Abort(Abort::Truncate(after));
        world.server.arm(rule("cut", Site::Response, "event.create", cut));
        let error = world.try_calls(call()).await.unwrap_err();
        assert!(matches!(error, Error::Truncated { .. } | Error::Reset { .. }), "{error}");
        assert_eq!(world.server.items().len(), 1, "committed all the same");
        world.server.clear("cut");
        let ids: Vec<String> = world.server.items().into_iter().map(|item| item.id).collect();
        world.ok("CalendarEvent/set", json!({ "destroy": ids })).await;
    }
}

#[test]
fn connections_break_in_simulation() {
    simulated(connections_break);
}

#[test]
fn connections_break_on_loopback() {
    on_loopback(connections_break);
}

#[test]
fn an_abort_between_items_keeps_what_came_before() {
    simulated(async |world| {
        let reset = rule("reset", Site::Item, "event.create", Effect::Abort(Abort::Reset));
        world.server.arm(counted(reset, When { skip: 2, ..When::default() }));
        let creates: Map<String, Value> =
            (0..4).map(|n| (format!("c{n}"), world.event(&format!("u{n}"), "x"))).collect();
        let calls = json!([
            ["CalendarEvent/set", { "accountId": world.account, "create": creates }, "0"],
            ["CalendarEvent/set", { "accountId": world.account, "create": { "z": world.event("z", "z") } }, "1"],
        ]);
        world.try_calls(calls).await.unwrap_err();
        let uids: BTreeSet<String> =
            world.server.items().into_iter().map(|item| item.uid).collect();
        assert_eq!(uids, ["u0", "u1"].map(str::to_owned).into());
    });
}

#[test]
fn a_hanging_request_times_out_at_the_client() {
    simulated(async |world| {
        world.server.arm(rule("hang", Site::Response, "event.create", Effect::Abort(Abort::Hang)));
        let create = json!({ "a": world.event("u", "x") });
        let calls =
            json!([["CalendarEvent/set", { "accountId": world.account, "create": create }, "0"]]);
        let error = world.try_calls(calls).await.unwrap_err();
        assert!(matches!(error, Error::Timeout { .. }), "{error}");
        assert_eq!(world.server.items().len(), 1);
    });
}

#[test]
fn a_delay_takes_its_time_before_or_after_the_work() {
    simulated(async |world| {
        let started = world.env.clock.now();
        world.server.arm(rule(
            "before",
            Site::Request,
            "event.create",
            Effect::Delay { ms: 2_000 },
        ));
        world.server.arm(rule(
            "after",
            Site::Response,
            "event.create",
            Effect::Delay { ms: 3_000 },
        ));
        create(&world, 1).await;
        let write = world.server.writes(1).remove(0);
        let waited = |until: jiff::Timestamp| until.duration_since(started).as_secs();
        assert_eq!((waited(write.at), waited(world.env.clock.now())), (2, 5));
        assert_eq!(world.server.fault_hits().len(), 2);
    });
}

#[test]
fn an_error_after_the_commit_replaces_the_answer_only() {
    simulated(async |world| {
        world.server.arm(error_rule("late", Site::Response, "event.create", "serverFail"));
        assert_eq!(create(&world, 2).await.1["type"], "serverFail");
        assert_eq!(world.server.items().len(), 2);
        world.server.clear("late");
        let mut gateway = error_rule("late", Site::Response, "event.update", "");
        gateway.what = Effect::Error(ErrorEffect { status: Some(504), ..ErrorEffect::default() });
        world.server.arm(gateway);
        let id = world.server.items()[0].id.clone();
        let calls = json!([["CalendarEvent/set", {
            "accountId": world.account, "update": { &id: { "title": "y" } },
        }, "0"]]);
        assert_eq!(world.try_calls(calls).await.unwrap().status(), 504);
        assert_eq!(world.shown(&id).await["title"], "y");

        let patch = PatchEffect {
            set: Map::from_iter([("/methodResponses/0/1/newState".to_owned(), json!("?"))]),
            drop: vec!["/methodResponses/0/1/created".to_owned()],
            ..PatchEffect::default()
        };
        world.server.clear("late");
        world.server.arm(rule("patch", Site::Response, "event.create", Effect::Patch(patch)));
        let made = json!({ "create": { "n": world.event("other", "x") } });
        let answer = world.ok("CalendarEvent/set", made).await;
        assert_eq!((answer.get("created"), &answer["newState"]), (None, &json!("?")));
    });
}

#[test]
fn a_server_rewrites_what_it_stores_and_what_it_shows() {
    simulated(async |world| {
        let rewrite = PatchEffect {
            set: Map::from_iter([("/locations/1/name".to_owned(), json!("HQ"))]),
            drop: vec!["alerts".to_owned()],
            ..PatchEffect::default()
        };
        world.server.arm(rule("rewrite", Site::Item, "event.*e", Effect::Patch(rewrite)));
        let mut event = world.event("u", "x");
        event["alerts"] = json!({ "1": { "trigger": { "offset": "-PT5M" } } });
        event["locations"] = json!({ "1": { "name": "here" } });
        let id = world.made(event).await;
        let shown = world.shown(&id).await;
        assert_eq!((shown.get("alerts"), &shown["locations"]["1"]["name"]), (None, &json!("HQ")));
        world.server.clear("rewrite");

        let hide = PatchEffect { drop: vec!["title".to_owned()], ..PatchEffect::default() };
        world.server.arm(rule("hide", Site::Item, "event.get", Effect::Patch(hide)));
        assert_eq!(world.shown(&id).await.get("title"), None);
        assert_eq!(world.server.items()[0].facts.title, "x", "only the answer lacks it");
        world.server.clear("hide");
        world.server.arm(rule("blind", Site::Item, "event.get", Effect::Omit));
        let answer = world.ok("CalendarEvent/get", json!({ "ids": [id] })).await;
        assert_eq!((&answer["list"], &answer["notFound"]), (&json!([]), &json!([])));
    });
}

#[test]
fn the_list_of_calendars_can_fail_and_lack_one() {
    simulated(async |world| {
        world.server.arm(error_rule("f", Site::Item, "calendar.list", "serverFail"));
        assert_eq!(world.err("Calendar/get", json!({})).await, "serverFail");
        world.server.arm(rule("f", Site::Item, "calendar.list", Effect::Omit));
        let answer = world.ok("Calendar/get", json!({})).await;
        assert_eq!((&answer["list"], &answer["notFound"]), (&json!([]), &json!([])));
        world.server.clear("f");
        let mut down = error_rule("s", Site::Request, "session", "");
        down.what = Effect::Error(ErrorEffect { status: Some(503), ..ErrorEffect::default() });
        world.server.arm(down);
        assert_eq!(world.get("/jmap/session").await.status(), 503);
    });
}

#[test]
fn the_hook_runs_after_the_commit_and_before_the_answer() {
    simulated(async |world| {
        let seen = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
        let log = std::sync::Arc::clone(&seen);
        world.server.on_answer(Some(std::sync::Arc::new(move |request| {
            log.lock().unwrap().push((request.operations.clone(), request.status));
        })));
        create(&world, 1).await;
        world.server.on_answer(None);
        create(&world, 1).await;
        let seen = seen.lock().unwrap().clone();
        assert_eq!(seen, [(vec!["event.create".to_owned()], None)]);
        assert_eq!(world.server.items().len(), 1);
    });
}

#[test]
fn a_fault_of_the_whole_request_fires_once_in_it() {
    simulated(async |world| {
        world.seed(1);
        let started = world.env.clock.now();
        world.server.arm(rule("slow", Site::Request, "*", Effect::Delay { ms: 1_000 }));
        let get = json!(["CalendarEvent/get", { "accountId": world.account, "ids": [] }, "0"]);
        let list = json!(["Calendar/get", { "accountId": world.account }, "1"]);
        world.calls(json!([get, list, get])).await;
        assert_eq!(world.env.clock.now().duration_since(started).as_secs(), 1);
        assert_eq!(world.server.armed(), [("slow".to_owned(), 1)]);
        world.server.clear("slow");
        world.server.arm(error_rule("down", Site::Request, "event.get", "serverFail"));
        let responses = world.calls(json!([get, list, get])).await;
        let names: Vec<&str> = responses.iter().map(|r| r[0].as_str().unwrap()).collect();
        assert_eq!(names, ["error", "Calendar/get", "error"]);
        assert_eq!(world.server.armed(), [("down".to_owned(), 1)]);
    });
}
