//! Rules as data, what is allowed, and when they fire.

use std::collections::BTreeSet;

use calamity_evidence::{RequestId, Side};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use crate::Protocol;
use crate::faults::glob::fits;
use crate::faults::{
    Abort, After, Armed, Effect, ErrorEffect, Forbidden, Known, Origin, PatchEffect, Probe, Reach,
    Rule, Site, TokenEffect, When, Window,
};
use crate::operation::Op;

fn rule(id: &str, when: When) -> Rule {
    Rule { op: "event.create".to_owned(), when, ..Rule::new(id, Site::Item, Effect::Omit) }
}

/// Which of the probes for `uids` fire, with `gap_ms` between them.
fn fired(armed: &mut Armed, uids: &[&str], gap_ms: i64) -> Vec<usize> {
    let calendars = BTreeSet::new();
    let mut fired = Vec::new();
    for (index, uid) in uids.iter().enumerate() {
        let known = Known { uid: (*uid).to_owned(), ..Known::default() };
        let after = SignedDuration::from_millis(gap_ms * index as i64);
        let probe = Probe {
            site: Site::Item,
            op: Op::EventCreate,
            reach: Reach::All,
            items: &[known],
            calendars: &calendars,
            request: RequestId(0),
            now: Timestamp::UNIX_EPOCH + after,
            spent: &BTreeSet::new(),
            protocol: Protocol::Jmap,
            asker: None,
            stored: 0,
            token_age_ms: None,
        };
        if armed.ask(&probe).effect.is_some() {
            fired.push(index);
        }
    }
    fired
}

fn armed(when: When) -> Armed {
    let mut armed = Armed::new(3, Side::A);
    armed.arm(rule("r", when), Timestamp::UNIX_EPOCH);
    armed
}

#[test]
fn conditions_of_time_and_number_are_joined() {
    let uids = ["u"; 8];
    let cases = [
        (When::default(), vec![0, 1, 2, 3, 4, 5, 6, 7]),
        (When { skip: 5, ..When::default() }, vec![5, 6, 7]),
        (When { times: Some(2), ..When::default() }, vec![0, 1]),
        (When { every: Some(3), ..When::default() }, vec![0, 3, 6]),
        (When { skip: 1, every: Some(3), times: Some(2), ..When::default() }, vec![1, 4]),
        (
            When { window: Some(Window { after_ms: 200, for_ms: 300 }), ..When::default() },
            vec![2, 3, 4],
        ),
        (
            When {
                skip: 1,
                window: Some(Window { after_ms: 200, for_ms: 300 }),
                ..When::default()
            },
            vec![3, 4],
        ),
    ];
    for (when, expected) in cases {
        assert_eq!(fired(&mut armed(when.clone()), &uids, 100), expected, "{when:?}");
    }
}

#[test]
fn draws_depend_on_the_item_and_not_on_the_order() {
    let half = When { probability: Some(0.5), ..When::default() };
    let names: Vec<String> = (0..400).map(|n| format!("u{n}")).collect();
    let mut uids: Vec<&str> = names.iter().map(String::as_str).collect();
    let hit = |uids: &[&str]| -> BTreeSet<String> {
        let fired = fired(&mut armed(half.clone()), uids, 0);
        fired.into_iter().map(|index| uids[index].to_owned()).collect()
    };
    let first = hit(&uids);
    assert!((150..250).contains(&first.len()), "{}", first.len());
    uids.reverse();
    assert_eq!(hit(&uids), first);
    let never = When { probability: Some(0.0), ..When::default() };
    assert_eq!(fired(&mut armed(never), &uids, 0), Vec::<usize>::new());
    let always = When { probability: Some(1.0), ..When::default() };
    assert_eq!(fired(&mut armed(always), &uids, 0).len(), 400);
}

#[test]
fn the_first_rule_that_is_due_wins_and_delays_add_up() {
    let mut armed = Armed::new(3, Side::A);
    for (id, what) in [
        ("slow", Effect::Delay { ms: 5 }),
        ("slower", Effect::Delay { ms: 7 }),
        ("first", Effect::Omit),
        ("second", Effect::Abort(Abort::Reset)),
    ] {
        armed.arm(Rule { what, ..rule(id, When::default()) }, Timestamp::UNIX_EPOCH);
    }
    let probe = Probe {
        site: Site::Item,
        op: Op::EventCreate,
        reach: Reach::All,
        items: &[],
        calendars: &BTreeSet::new(),
        request: RequestId(4),
        now: Timestamp::UNIX_EPOCH,
        spent: &BTreeSet::new(),
        protocol: Protocol::Jmap,
        asker: None,
        stored: 0,
        token_age_ms: None,
    };
    let met = armed.ask(&probe);
    assert_eq!((met.delay.as_millis(), met.effect), (12, Some(Effect::Omit)));
    let list: Vec<(String, u64)> = armed.list();
    let counts: Vec<u64> = list.iter().map(|(_, hits)| *hits).collect();
    assert_eq!(counts, [1, 1, 1, 0]);
    armed.clear("first");
    assert_eq!(armed.ask(&probe).effect, Some(Effect::Abort(Abort::Reset)));
    assert_eq!(armed.hits().end(), 6);
    assert_eq!(armed.hits().get(5).unwrap().request, RequestId(4));
}

#[test]
fn patterns_fit() {
    let cases = [
        ("*", "", true),
        ("event.*", "event.create", true),
        ("event.*", "events", false),
        ("*.create", "event.create", true),
        ("e*t.?reate", "event.create", true),
        ("e*e*e", "event.create", true),
        ("event.create", "event.creates", false),
        ("?", "", false),
        ("*a*b", "xaxbxab", true),
        ("ü?", "üé", true),
    ];
    for (pattern, text, expected) in cases {
        assert_eq!(fits(pattern, text), expected, "{pattern} {text}");
    }
}

#[test]
fn what_cannot_happen_is_refused() {
    let with = |site, what| Rule { site, what, ..rule("r", When::default()) };
    let not_there = |effect, site| Err(Forbidden::NotThere { id: "r".to_owned(), effect, site });
    let cut = Effect::Abort(Abort::Truncate(After::Bytes(1)));
    assert_eq!(with(Site::Item, cut.clone()).check(), not_there("abort", "item"));
    assert_eq!(with(Site::Response, cut).check(), Ok(()));
    assert_eq!(with(Site::Request, Effect::Empty).check(), not_there("empty", "request"));
    let error = Effect::Error(ErrorEffect::default());
    assert_eq!(with(Site::Link, error.clone()).check(), not_there("error", "link"));
    let late = with(Site::Response, error);
    let id = "r".to_owned();
    assert_eq!(late.check(), Err(Forbidden::AgainstTheSpecification { id }));
    let observed = Rule { origin: Origin::Observed, ..late };
    let id = "r".to_owned();
    assert_eq!(observed.check(), Err(Forbidden::Unsourced { id }));
    let source = Some("https://example.com/issues/1".to_owned());
    assert_eq!(Rule { source, ..observed.clone() }.check(), Ok(()));
    assert_eq!(Rule { origin: Origin::Hostile, ..observed }.check(), Ok(()));
    let feed = with(Site::Feed, Effect::Token(TokenEffect::Expire));
    let op = "event.create".to_owned();
    assert_eq!(feed.check(), Err(Forbidden::NoSuchOperation { id: "r".to_owned(), op }));
    assert_eq!(Rule { op: "feed.page".to_owned(), ..feed }.check(), Ok(()));
    let typo = Rule { op: "event.crate".to_owned(), ..rule("r", When::default()) };
    assert!(matches!(typo.check(), Err(Forbidden::NoSuchOperation { .. })));
    let odd = rule("r", When { every: Some(0), ..When::default() });
    assert!(matches!(odd.check(), Err(Forbidden::OutOfRange { what: "every", .. })));
}

#[test]
fn a_rule_is_read_as_it_stands_in_a_script() {
    let text = json!({
        "id": "refuse",
        "site": "item",
        "op": "event.create",
        "item": { "title": "Lunch*" },
        "when": { "skip": 2, "window": { "after_ms": 0, "for_ms": 1000 } },
        "what": { "error": { "code": "invalidProperties", "properties": ["alerts"] } },
    });
    let rule: Rule = serde_json::from_value(text).unwrap();
    assert_eq!((rule.when.skip, rule.when.times, rule.origin), (2, None, Origin::Spec));
    let again: Rule = serde_json::from_value(serde_json::to_value(&rule).unwrap()).unwrap();
    assert_eq!(again, rule);
    let effects = [
        json!({ "abort": "reset" }),
        json!({ "abort": { "truncate": { "bytes": 10 } } }),
        json!({ "abort": { "truncate": { "fraction": 0.5 } } }),
        json!({ "delay": { "ms": 10 } }),
        json!("omit"),
        json!("empty"),
        json!({ "token": "rewind" }),
        json!({ "cut": { "keep": 0.4 } }),
        json!({ "patch": { "set": { "a": 1 }, "drop": ["/b/c"] } }),
    ];
    for effect in effects {
        let read: Effect = serde_json::from_value(effect.clone()).unwrap();
        assert_eq!(serde_json::to_value(read).unwrap(), effect);
    }
    let unknown = json!({ "id": "x", "site": "item", "what": "omit", "wen": {} });
    assert!(serde_json::from_value::<Rule>(unknown).unwrap_err().to_string().contains("`wen`"));
}

#[test]
fn patches_reach_where_pointers_lead() {
    let patch = PatchEffect {
        set: serde_json::Map::from_iter([
            ("title".to_owned(), json!("x")),
            ("/a/0/b".to_owned(), json!(2)),
            ("/a/7".to_owned(), json!("beyond")),
            ("/no/where".to_owned(), json!(1)),
        ]),
        drop: vec![
            "gone".to_owned(),
            "/a/1".to_owned(),
            "/x~1y".to_owned(),
            "/no/where".to_owned(),
        ],
        ..PatchEffect::default()
    };
    let mut value = json!({ "a": [{ "b": 1 }, 5], "gone": 1, "x/y": 1 });
    patch.apply(&mut value);
    assert_eq!(value, json!({ "title": "x", "a": [{ "b": 2 }] }));
    let mut plain = json!(3);
    patch.apply(&mut plain);
    assert_eq!(plain, json!(3));
}
