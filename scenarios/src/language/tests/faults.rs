//! Faults of the language as rules of the mock servers, one of everything, and what is said about
//! mistakes in them.

use calamity_evidence::Lineage;
use serde_json::{Value, json};

use super::super::{Colour, Step, read, rules};
use super::check;

const FAULT: &str = "what: {error: {code: invalidProperties, properties: [alerts]}}";

/// A scenario with this fault; the rest of it is of no interest.
fn scenario(fault: &str) -> String {
    format!(
        "scenario: 1\nname: A fault\nworld:\n  seed: 1\n  a: {{graph: {{calendars: [{{name: Work}}]}}}}\n  \
         b: {{jmap: {{calendars: [{{name: Work}}]}}}}\nstory:\n  - fault: {{id: f, {fault}}}\n"
    )
}

/// The rule that a fault arms, as it stands in a script.
#[track_caller]
fn rule(fault: &str) -> Value {
    let text = scenario(fault);
    let reading = read("fault.yaml", &text, &[])
        .unwrap_or_else(|rejected| panic!("{fault}\n{}", rejected.render(Colour::Plain)));
    let Step::Fault(fault) = &reading.scenario.story[0].value else { panic!("it is a fault") };
    let items = [("x".to_owned(), Lineage::from_number(0))];
    serde_json::to_value(&rules(fault, &fault.when.value, &items)[0]).expect("a rule is JSON")
}

#[test]
fn every_effect_can_be_written() {
    let effects = [
        ("link", "abort: refuse", json!({ "abort": "refuse" })),
        ("request", "abort: garbage", json!({ "abort": "garbage" })),
        (
            "request",
            "delay-uniform: {from: 1s, upto: 1m}",
            json!({ "delay-uniform": { "from_ms": 1_000, "upto_ms": 60_000 } }),
        ),
        (
            "request",
            "delay-lognormal: {median: 300ms, sigma: 1.5, most: 20s}",
            json!({ "delay-lognormal": { "median_ms": 300, "sigma": 1.5, "most_ms": 20_000 } }),
        ),
        (
            "response",
            "throttle: {bytes_per_second: 500}",
            json!({ "throttle": { "bytes_per_second": 500 } }),
        ),
        (
            "feed",
            "dribble: {bytes: 10, every: 1s}",
            json!({ "dribble": { "bytes": 10, "every_ms": 1_000 } }),
        ),
        ("feed", "sequence: {drop: [0, 2]}", json!({ "sequence": { "drop": [0, 2] } })),
        ("feed", "sequence: {duplicate: [1]}", json!({ "sequence": { "duplicate": [1] } })),
        (
            "response",
            "sequence: {reorder: shuffle}",
            json!({ "sequence": { "reorder": "shuffle" } }),
        ),
        (
            "push",
            "sequence: {inject: [{lifecycleEvent: missed}]}",
            json!({ "sequence": { "inject": [{ "lifecycleEvent": "missed" }] } }),
        ),
        ("feed", "token: loop", json!({ "token": "loop" })),
        ("feed", "token: skip", json!({ "token": "skip" })),
        ("feed", "token: truncate", json!({ "token": "truncate" })),
        ("request", "stale: 5s", json!({ "stale": { "lag_ms": 5_000 } })),
        ("request", "race: delete", json!({ "race": "delete" })),
        (
            "request",
            "race: {edit: {location: There}}",
            json!({ "race": { "edit": { "location": "There" } } }),
        ),
        (
            "request",
            "race: {edit: {later: 2h}}",
            json!({ "race": { "edit": { "shift": { "minutes": 120 } } } }),
        ),
        (
            "response",
            "patch: {status: 299, headers: {X-A: b}, drop_headers: [etag], etag: weak, \
             replace: [{find: a, upto: b, with: c}]}",
            json!({ "patch": { "set": {}, "drop": [], "status": 299, "headers": { "X-A": "b" },
                "drop_headers": ["etag"], "etag": "weak",
                "replace": [{ "find": "a", "upto": "b", "with": "c" }] } }),
        ),
        (
            "item",
            "error: {code: alreadyExists, headers: {X-A: b}, members: {existingId: other}}",
            json!({ "error": { "code": "alreadyExists", "headers": { "X-A": "b" },
                "members": { "existingId": "other" } } }),
        ),
    ];
    for (site, yaml, expected) in effects {
        let text = format!("where: {{site: {site}, on: b}}, what: {{{yaml}}}, origin: hostile");
        assert_eq!(rule(&text)["what"], expected, "{yaml}");
    }
}

#[test]
fn every_condition_and_selector_can_be_written() {
    let conditions = [
        ("state: maintenance", json!({ "skip": 0, "state": "maintenance" })),
        ("hold: 2", json!({ "skip": 0, "hold": 2 })),
        (
            "quota: {key: [account, operation], limit: 10, window: 1m, concurrency: 4, says_when: true}",
            json!({ "skip": 0, "quota": { "key": ["account", "operation"], "limit": 10,
                "window_ms": 60_000, "concurrency": 4, "says_when": true } }),
        ),
    ];
    for (yaml, expected) in conditions {
        let text =
            format!("where: {{site: request, on: b}}, when: {{{yaml}}}, what: {{delay: 1s}}");
        assert_eq!(rule(&text)["when"], expected, "{yaml}");
    }
    let select = "select: {account: me@b.example, client: 'davx5/*', target: '*/api', \
                  header: {name: x-a, value: 'b*'}, json: {path: /using/0, value: '*'}, \
                  xml: {path: //nresults}, stored: {token_age: 1d, has_attendees: true, \
                  items_min: 1, items_max: 9}}";
    let text = format!("where: {{site: request, on: b, {select}}}, what: {{delay: 1s}}");
    let expected = json!({
        "account": "me@b.example", "client": "davx5/*", "target": "*/api",
        "header": { "name": "x-a", "value": "b*" }, "json": { "path": "/using/0", "value": "*" },
        "xml": { "path": "//nresults" },
        "stored": { "token_age_ms_min": 86_400_000, "has_attendees": true, "items_min": 1,
            "items_max": 9 },
    });
    assert_eq!(rule(&text)["select"], expected);
    for (yaml, expected) in [
        ("{title: 'Dentist*'}", json!({ "title": "Dentist*" })),
        ("{uid: u1}", json!({ "uid": "u1" })),
        ("{index: 3}", json!({ "index": 3 })),
    ] {
        let text = format!("where: {{site: item, on: b, item: {yaml}}}, what: {{delay: 1s}}");
        assert_eq!(rule(&text)["item"], expected, "{yaml}");
    }
}

#[test]
fn a_fault_without_any_of_it_is_the_rule_that_it_was() {
    let old = rule("where: {site: request, on: b, op: event.create}, what: {delay: 1s}");
    let expected = json!({
        "id": "f", "site": "request", "op": "event.create", "when": { "skip": 0 },
        "what": { "delay": { "ms": 1_000 } }, "origin": "spec",
    });
    assert_eq!(old, expected);
}

#[test]
fn mistakes_in_conditions() {
    let when = |to: &str| format!("when: {{{to}}}\n      what: {{delay: 1s}}");
    check("unknown_condition", FAULT, &when("quote: {limit: 1}"));
    check("quota_without_a_limit", FAULT, &when("quota: {key: [account]}"));
    check("quota_without_a_window", FAULT, &when("quota: {limit: 5}"));
    check("quota_by_an_unknown_key", FAULT, &when("quota: {key: [user], limit: 5, window: 1s}"));
    check("hold_of_nothing", FAULT, &when("hold: 0"));
    check("release_of_what_is_not_held", "  - clear: refuse", "  - release: refuse");
    check("release_of_an_unknown_fault", "  - clear: refuse", "  - release: refused");
    check("state_that_nobody_asks_for", "  - clear: refuse", "  - state: {on: b, is: busy}");
}

#[test]
fn mistakes_in_selectors() {
    let place = "where: {site: item, on: b, op: event.create}";
    let select = |to: &str| format!("where: {{site: item, on: b, op: event.create, {to}}}");
    check("unknown_selector", place, &select("select: {clients: x}"));
    check("path_without_a_slash", place, &select("select: {json: {path: using}}"));
    check("item_and_items", place, &select("item: {uid: x}, items: seeded"));
    check("unknown_kind_of_item", place, &select("item: {name: x}"));
    check(
        "operation_of_another_site",
        "site: item, on: b, op: event.create",
        "site: push, on: b, op: event.create",
    );
}

#[test]
fn mistakes_in_effects() {
    check("unknown_effect", FAULT, "what: {throtle: {bytes_per_second: 1}}");
    check(
        "throttle_to_nothing",
        "site: item, on: b, op: event.create}\n      what: {error: {code: invalidProperties, properties: [alerts]}}",
        "site: response, on: b, op: event.create}\n      what: {throttle: {bytes_per_second: 0}}",
    );
    check("throttle_of_an_item", FAULT, "what: {throttle: {bytes_per_second: 1}}");
    check("delay_backwards", FAULT, "what: {delay-uniform: {from: 5s, upto: 1s}}");
    check("race_that_writes_everything", FAULT, "what: {race: {edit: {colour: red}}}");
    check("stale_without_a_span", FAULT, "what: {stale: soon}");
    check(
        "dropped_rows_by_the_specification",
        "site: item, on: b, op: event.create}\n      what: {error: {code: invalidProperties, properties: [alerts]}}",
        "site: feed, on: b}\n      what: {sequence: {drop: [0]}}",
    );
    check("unknown_form_of_an_entity_tag", FAULT, "what: {patch: {etag: strong}}");
}
