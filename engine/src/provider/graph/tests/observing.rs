//! Tests of listings and of the change feed.

use calamity_base::http::Answer as Served;
use serde_json::{Value, json};

use super::{known, ok, refusal, run, told, work};
use crate::model::{Observation, Seen, Token};
use crate::provider::scripted::json_answer;
use crate::provider::{Known, Provider};

const DELTA: &str = "http://graph.example/v1.0/me/calendars/c1/calendarView/delta?$deltatoken=";

/// One page of the change feed that ends it.
fn delta(entries: Value, token: &str) -> Served {
    ok(json!({"value": entries, "@odata.deltaLink": format!("{DELTA}{token}")}))
}

fn rows(rows: &[(&str, &str)]) -> Served {
    ok(json!({"value": rows_of(rows)}))
}

fn rows_of(rows: &[(&str, &str)]) -> Value {
    rows.iter()
        .map(|(id, key)| {
            json!({"id": id, "changeKey": key, "type": "singleInstance", "lastModifiedDateTime": "2026-04-16T07:30:00Z"})
        })
        .collect()
}

fn single(id: &str, key: &str) -> Value {
    told(id, key, json!({}))
}

fn removed(id: &str) -> Value {
    json!({"@odata.type": "#microsoft.graph.event", "id": id, "@removed": {"reason": "deleted"}})
}

fn one(id: &str, key: &str) -> Served {
    ok(json!({"id": id, "changeKey": key, "type": "singleInstance"}))
}

fn not_found() -> Served {
    refusal(404, "ErrorItemNotFound")
}

/// A token of a window of 10 days back and 20 ahead.
fn token(outside: bool) -> Token {
    token_until("2026-05-06T00:00:00Z", outside)
}

fn token_until(to: &str, outside: bool) -> Token {
    let from = "2026-04-06T00:00:00Z";
    Token(
        json!({
            "version": 1, "deltaLink": format!("{DELTA}old"), "span": {"from": from, "to": to},
            "watermark": "2026-04-16T07:00:00Z", "outside": outside,
        })
        .to_string(),
    )
}

/// Says what came of an observation in one line.
fn told_of(observation: &Observation) -> String {
    let seen = |all: &[Seen]| {
        let one = |seen: &Seen| {
            format!("{}:{}", seen.id, seen.revision.as_ref().map_or("-", |key| key.as_str()))
        };
        let mut names: Vec<String> = all.iter().map(one).collect();
        names.sort();
        names.join(" ")
    };
    let end = |token: &Token| {
        let token: Value = serde_json::from_str(token.as_str()).expect("our token");
        let link =
            token["deltaLink"].as_str().unwrap_or_default().trim_start_matches(DELTA).to_owned();
        format!("{link}{}", if token["outside"] == json!(true) { " outside" } else { "" })
    };
    match observation {
        Observation::Unchanged { token } => format!("unchanged at {}", end(token)),
        Observation::Delta { changed, gone, token } => {
            let gone: Vec<&str> = gone.iter().map(|id| id.as_str()).collect();
            format!("changed [{}] gone [{}] at {}", seen(changed), gone.join(" "), end(token))
        }
        Observation::Listing(listing) => {
            let at = listing.token().map(end).unwrap_or_default();
            format!("all [{}] at {at}: {}", seen(listing.items()), listing.proof())
        }
        Observation::Partial { seen: part, errors } => {
            let errors: Vec<String> = errors.iter().map(ToString::to_string).collect();
            format!("part [{}]: {}", seen(part), errors.join("; "))
        }
    }
}

#[track_caller]
fn check(since: Option<Token>, held: &Known, answers: Vec<Served>, expected: &str) {
    run(answers, async |graph, _| {
        let observation = graph.observe(&work(), since.as_ref(), held).await;
        assert_eq!(told_of(&observation), expected);
    });
}

#[test]
fn a_first_look_opens_the_feed_and_lists_everything() {
    let answers = vec![
        delta(json!([single("e1", "k1")]), "1"),
        ok(
            json!({"value": rows_of(&[("e1", "k1")]), "@odata.nextLink": "http://graph.example/v1.0/p2"}),
        ),
        ok(json!({"value": [], "@odata.nextLink": "/v1.0/p3"})),
        rows(&[("e2", "k2")]),
    ];
    run(answers, async |graph, log| {
        let observation = graph.observe(&work(), None, &Known::new()).await;
        assert_eq!(
            told_of(&observation),
            "all [e1:k1 e2:k2] at 1 outside: \
            all 3 pages followed, 2 ids; 0 missing ids asked for, 0 of them gone"
        );
        let asked = log.all();
        assert_eq!(
            asked[0].target,
            "/v1.0/me/calendars/c1/calendarView/delta\
            ?startDateTime=2026-04-06T00:00:00Z&endDateTime=2026-05-06T00:00:00Z"
        );
        assert!(
            asked[0]
                .header("prefer")
                .is_some_and(|prefer| prefer.contains("odata.maxpagesize=200"))
        );
        assert_eq!(
            asked[1].target,
            "/v1.0/me/calendars/c1/events\
            ?$select=id,changeKey,lastModifiedDateTime,type&$top=100"
        );
        assert_eq!(log.lines()[2..], ["GET /v1.0/p2", "GET /v1.0/p3"]);
    });
}

#[test]
fn an_empty_calendar_is_a_proven_zero_once_its_items_were_asked_for() {
    check(
        None,
        &known(&[("e1", "k1")]),
        vec![delta(json!([]), "1"), rows(&[]), not_found()],
        "all [] at 1: all 1 pages followed, 0 ids; 1 missing ids asked for, 1 of them gone",
    );
    check(
        None,
        &known(&[("e1", "k1")]),
        vec![delta(json!([]), "1"), rows(&[]), one("e1", "k1")],
        "all [e1:k1] at 1: all 1 pages followed, 1 ids; 1 missing ids asked for, 0 of them gone",
    );
    check(
        None,
        &known(&[("e1", "k1")]),
        vec![delta(json!([]), "1"), rows(&[]), refusal(403, "denied")],
        "part []: graph: event.get: HTTP 403 denied — why",
    );
}

#[test]
fn a_row_that_slips_through_the_pages_is_found_by_the_feed() {
    let answers = vec![
        delta(json!([single("e1", "k1"), single("e2", "k2")]), "1"),
        rows(&[("e1", "k1")]),
        one("e2", "k2"),
    ];
    check(
        None,
        &Known::new(),
        answers,
        "all [e1:k1 e2:k2] at 1: all 1 pages followed, 2 ids; 1 missing ids asked for, 0 of them gone",
    );
}

#[test]
fn many_missing_ids_need_a_second_list() {
    let names: Vec<String> = (0..101).map(|nth| format!("e{nth}")).collect();
    let held: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "k")).collect();
    let answers = vec![delta(json!([]), "1"), rows(&[]), rows(&[("e7", "k")])];
    check(
        None,
        &known(&held),
        answers,
        "all [e7:k] at 1: all 1 pages followed, 1 ids; 101 missing ids asked for, 100 of them gone",
    );
}

#[test]
fn what_cannot_be_read_whole_is_partial() {
    let first = || delta(json!([]), "1");
    let page = |link: &str| ok(json!({"value": rows_of(&[("e1", "k1")]), "@odata.nextLink": link}));
    let held = known(&[("e1", "k1"), ("e2", "k2")]);
    check(
        None,
        &held,
        vec![refusal(403, "denied")],
        "part []: graph: feed.delta: HTTP 403 denied — why",
    );
    check(
        None,
        &held,
        vec![first(), page("/v1.0/p2"), refusal(400, "bad")],
        "part [e1:k1]: graph: feed.page: HTTP 400 bad — why",
    );
    check(
        None,
        &held,
        vec![first(), page("http://evil.example/v1.0/p2")],
        "part [e1:k1]: graph: feed.page: holds a link to another host, evil.example: not followed",
    );
    check(
        None,
        &held,
        vec![first(), page("/v1.0/p2"), page("/v1.0/p2")],
        "part [e1:k1]: graph: feed.page is incomplete: a page links to an earlier one",
    );
    check(
        None,
        &held,
        vec![first(), ok(json!({}))],
        "part []: graph: feed.page: a page has no value",
    );
    check(
        None,
        &held,
        vec![first(), json_answer(200, &Value::Null)],
        "part []: graph: feed.page: the answer is no JSON object",
    );
    check(
        None,
        &held,
        vec![first(), ok(json!({"value": [{"changeKey": "k"}]}))],
        "part []: graph: feed.page: a row has no id",
    );
    check(
        None,
        &held,
        vec![ok(json!({"value": []}))],
        "part []: graph: feed.delta is incomplete: the last page has no deltaLink",
    );
    let lost = (0..4).map(|_| Served::Reset);
    check(
        None,
        &held,
        [first()].into_iter().chain(lost).collect(),
        "part []: graph: feed.page got no answer",
    );
}

#[test]
fn a_link_that_leads_on_for_ever_ends() {
    let answers: Vec<Served> = (0..200)
        .map(|nth| ok(json!({"value": [], "@odata.nextLink": format!("/v1.0/p{nth}")})))
        .collect();
    run(answers, async |graph, log| {
        let observation = graph.observe(&work(), None, &Known::new()).await;
        assert_eq!(
            told_of(&observation),
            "part []: graph: feed.delta is incomplete: 101 empty pages in a row"
        );
        assert_eq!(log.lines().len(), 101);
    });
}

#[test]
fn nothing_new_is_unchanged() {
    let held = known(&[("e1", "k1")]);
    check(Some(token(false)), &held, vec![delta(json!([]), "2"), rows(&[])], "unchanged at 2");
    // A replay of what is known already.
    check(
        Some(token(false)),
        &held,
        vec![delta(json!([single("e1", "k1"), single("e1", "k1")]), "2"), rows(&[("e1", "k1")])],
        "unchanged at 2",
    );
}

#[test]
fn the_feed_goes_on_where_it_stood_and_time_covers_the_rest() {
    run(vec![delta(json!([]), "2"), rows(&[])], async |graph, log| {
        let since = token(false);
        let _ = graph.observe(&work(), Some(&since), &Known::new()).await;
        let asked = log.all();
        assert_eq!(asked[0].target, "/v1.0/me/calendars/c1/calendarView/delta?$deltatoken=old");
        assert!(
            asked[0]
                .header("prefer")
                .is_some_and(|prefer| prefer.contains("odata.maxpagesize=200"))
        );
        assert!(
            asked[1].target.ends_with("&$filter=lastModifiedDateTime ge 2026-04-16T07:00:00Z"),
            "{}",
            asked[1].target
        );
    });
}

#[test]
fn occurrences_stand_for_their_series() {
    let stub = |kind: &str, id: &str| json!({"id": id, "type": kind, "seriesMasterId": "s1"});
    let answers = vec![
        delta(
            json!([
                told("s1", "k2", json!({"type": "seriesMaster"})),
                stub("occurrence", "o1"),
                stub("exception", "x1"),
                single("e1", "k2"),
            ]),
            "2",
        ),
        rows(&[("s1", "k2"), ("e1", "k2")]),
    ];
    check(
        Some(token(false)),
        &known(&[("s1", "k1"), ("e1", "k1")]),
        answers,
        "changed [e1:k2 s1:-] gone [] at 2",
    );
}

#[test]
fn a_tombstone_is_only_a_candidate() {
    let held = known(&[("e1", "k1"), ("e2", "k1"), ("e3", "k1")]);
    let answers = vec![
        delta(json!([removed("e1"), removed("e2"), removed("never")]), "2"),
        not_found(),
        one("e2", "k2"),
        not_found(),
        // One is out of the window, so that the rest is listed whole.
        rows(&[("e2", "k2"), ("e3", "k1")]),
    ];
    check(Some(token(false)), &held, answers, "changed [e2:k2] gone [e1] at 2 outside");
}

#[test]
fn what_lies_outside_of_the_window_is_listed() {
    let held = known(&[("e1", "k1"), ("far", "k1"), ("farther", "k1"), ("lost", "k1")]);
    let answers = vec![
        delta(json!([]), "2"),
        rows(&[("e1", "k1"), ("far", "k2"), ("new", "k1")]),
        not_found(),
        one("lost", "k1"),
    ];
    check(Some(token(true)), &held, answers, "changed [far:k2 new:k1] gone [farther] at 2 outside");
}

#[test]
fn a_new_item_outside_of_the_window_is_told_by_its_time() {
    let answers = vec![delta(json!([]), "2"), rows(&[("e1", "k1"), ("far", "k1")])];
    check(
        Some(token(false)),
        &known(&[("e1", "k1")]),
        answers,
        "changed [far:k1] gone [] at 2 outside",
    );
}

#[test]
fn a_lost_token_is_a_listing() {
    let gone =
        || json_answer(410, &json!({"error": {"code": "syncStateNotFound", "message": "why"}}));
    for lost in [gone(), refusal(400, "ErrorInvalidUrlQuery"), refusal(404, "syncStateNotFound")] {
        let answers =
            vec![lost, delta(json!([single("e1", "k1")]), "1"), rows(&[("e1", "k1")]), not_found()];
        check(
            Some(token(false)),
            &known(&[("e1", "k1"), ("e2", "k1")]),
            answers,
            "all [e1:k1] at 1: all 1 pages followed, 1 ids; 1 missing ids asked for, 1 of them gone",
        );
    }
}

#[test]
fn another_window_is_another_feed() {
    let all = || vec![delta(json!([]), "1"), rows(&[])];
    let listed =
        "all [] at 1: all 1 pages followed, 0 ids; 0 missing ids asked for, 0 of them gone";
    // Of another length, with too little of its future left, and of another version.
    check(Some(token_until("2026-05-07T00:00:00Z", false)), &Known::new(), all(), listed);
    let old =
        token(false).0.replace("2026-05-06", "2026-04-20").replace("2026-04-06", "2026-03-21");
    check(Some(Token(old)), &Known::new(), all(), listed);
    check(Some(Token::from("older")), &Known::new(), all(), listed);
}

#[test]
fn a_feed_that_fails_is_partial_and_no_listing() {
    for status in [401, 403, 500] {
        let answers = (0..4).map(|_| refusal(status, "x")).collect();
        let expected = format!("part []: graph: feed.delta: HTTP {status} x — why");
        check(Some(token(false)), &known(&[("e1", "k1")]), answers, &expected);
    }
    let foreign = token(false).0.replace("graph.example", "evil.example");
    check(
        Some(Token(foreign)),
        &Known::new(),
        Vec::new(),
        "part []: graph: feed.delta: holds a link to another host, evil.example: not followed",
    );
}
