//! Tests of listings and change feeds: what is proven, and what is partial.

use calamity_base::http::Answer as Served;
use serde_json::{Value, json};

use super::{calls, error, ids, method, run, work};
use crate::model::{ItemId, Observation, Revision, Token};
use crate::provider::scripted::{cut, json_answer};
use crate::provider::{Known, Provider};

fn state(state: &str) -> Served {
    method("CalendarEvent/get", json!({"list": [], "notFound": [], "state": state}))
}

fn page(ids: &[&str], position: usize, total: usize) -> Served {
    method(
        "CalendarEvent/query",
        json!({
            "ids": ids, "position": position, "total": total, "queryState": "q", "canCalculateChanges": false,
        }),
    )
}

fn changes(
    created: &[&str],
    updated: &[&str],
    destroyed: &[&str],
    new: &str,
    more: bool,
) -> Served {
    method(
        "CalendarEvent/changes",
        json!({
            "created": created, "updated": updated, "destroyed": destroyed, "newState": new,
            "hasMoreChanges": more,
        }),
    )
}

fn places(places: &[(&str, &str)]) -> Served {
    let list: Vec<Value> = places
        .iter()
        .map(|(id, calendar)| json!({"id": id, "calendarIds": {*calendar: true}}))
        .collect();
    method("CalendarEvent/get", json!({"list": list, "notFound": [], "state": "9"}))
}

fn known(names: &[&str]) -> Known {
    names.iter().map(|name| (ItemId::from(*name), Revision::from("r"))).collect()
}

/// Observes the container and says what came of it in one line.
fn observed(since: Option<&str>, held: &[&str], answers: Vec<Served>) -> String {
    run(answers, async |jmap, _| {
        let token = since.map(Token::from);
        let seen = |seen: &[crate::model::Seen]| {
            let mut names: Vec<&str> = seen.iter().map(|one| one.id.as_str()).collect();
            names.sort_unstable();
            names.join(" ")
        };
        match jmap.observe(&work(), token.as_ref(), &known(held)).await {
            Observation::Unchanged { token } => format!("unchanged at {token}"),
            Observation::Delta { changed, mut gone, token } => {
                gone.sort();
                let gone: Vec<&str> = gone.iter().map(ItemId::as_str).collect();
                format!("changed [{}] gone [{}] at {token}", seen(&changed), gone.join(" "))
            }
            Observation::Listing(listing) => {
                let token = listing.token().map(Token::as_str).unwrap_or_default();
                format!("all [{}] at {token}: {}", seen(listing.items()), listing.proof())
            }
            Observation::Partial { seen: part, errors } => {
                let errors: Vec<String> = errors.iter().map(ToString::to_string).collect();
                format!("part [{}]: {}", seen(&part), errors.join("; "))
            }
        }
    })
}

#[test]
fn a_listing_is_proven_by_its_total() {
    assert_eq!(
        observed(
            None,
            &[],
            vec![state("5"), page(&["e1", "e2"], 0, 3), page(&["e3"], 2, 3), state("5")]
        ),
        "all [e1 e2 e3] at 5: query total 3 equals 3 distinct ids, state unchanged"
    );
    assert_eq!(
        observed(None, &["e1"], vec![state("5"), page(&[], 0, 0), state("5")]),
        "all [] at 5: query total 0 equals 0 distinct ids, state unchanged"
    );
}

#[test]
fn the_container_is_asked_for_and_every_page_from_where_the_last_ended() {
    let answers = vec![state("5"), page(&["e1", "e2"], 0, 3), page(&["e3"], 2, 3), state("5")];
    run(answers, async |jmap, log| {
        let _ = jmap.observe(&work(), None, &Known::new()).await;
        let asked: Vec<Value> = calls(&log)
            .into_iter()
            .filter(|(name, _)| name == "CalendarEvent/query")
            .map(|(_, arguments)| arguments)
            .collect();
        let expected = |position: usize| {
            json!({
                "accountId": "acc", "filter": {"inCalendar": "work"}, "position": position, "limit": 3,
                "calculateTotal": true,
            })
        };
        assert_eq!(asked, [expected(0), expected(2)]);
    });
}

#[test]
fn changes_during_a_listing_are_applied() {
    let answers = vec![
        state("5"),
        page(&["e1", "e2", "e3"], 0, 3),
        state("7"),
        changes(&["e4", "e5"], &["e2"], &["e1"], "7", false),
        places(&[("e2", "home"), ("e4", "work"), ("e5", "home")]),
    ];
    assert_eq!(
        observed(None, &[], answers),
        "all [e3 e4] at 7: query total 3 equals 3 distinct ids, changes during the listing applied"
    );
}

#[test]
fn a_server_without_the_filter_is_listed_whole() {
    let answers = vec![
        state("5"),
        error("unsupportedFilter"),
        page(&["e1", "e2"], 0, 2),
        places(&[("e1", "work"), ("e2", "home")]),
        state("5"),
    ];
    assert_eq!(
        observed(None, &[], answers),
        "all [e1] at 5: query total 2 equals 1 distinct ids, state unchanged"
    );
}

/// Checks that a listing that breaks is partial, with what was read until then.
#[track_caller]
fn check_partial(answers: Vec<Served>, expected: &str) {
    let mut all = vec![state("5")];
    all.extend(answers);
    assert_eq!(observed(None, &["e1", "e2"], all), expected);
}

#[test]
fn what_is_not_proven_is_partial() {
    check_partial(vec![error("serverFail")], "part []: jmap: feed.query: serverFail — why");
    check_partial(
        vec![page(&["e1"], 0, 3), page(&[], 1, 3)],
        "part [e1]: jmap: feed.query is incomplete: 1 ids were given of a total of 3",
    );
    check_partial(
        vec![page(&["e1", "e2"], 0, 1)],
        "part [e1 e2]: jmap: feed.query is incomplete: 2 ids were given of a total of 1",
    );
    check_partial(
        vec![page(&["e1"], 0, 2), error("anchorNotFound")],
        "part [e1]: jmap: feed.query: anchorNotFound — why",
    );
    check_partial(
        vec![page(&["e1"], 3, 2)],
        "part []: jmap: feed.query is incomplete: position 3 was given for 0",
    );
    check_partial(
        vec![method(
            "CalendarEvent/query",
            json!({"ids": ["e1"], "position": 0, "queryState": "q"}),
        )],
        "part []: jmap: feed.query is incomplete: the answer has no total",
    );
    check_partial(
        vec![json_answer(200, &json!(null))],
        "part []: jmap: feed.query: the answer is no JSON",
    );
    check_partial(
        vec![json_answer(200, &json!({}))],
        "part []: jmap: feed.query: the answer has no methodResponses",
    );
    check_partial(
        (0..4).map(|_| cut(&json!({"a": "b"}))).collect(),
        "part []: jmap: feed.query got no answer",
    );
    check_partial(
        vec![json_answer(403, &json!({"type": "about:blank", "detail": "closed"}))],
        "part []: jmap: feed.query: HTTP 403 blank — closed",
    );
}

#[test]
fn a_container_that_keeps_changing_is_partial() {
    let twice = || [page(&["e1"], 0, 2), page(&["e1"], 1, 2)];
    check_partial(
        (0..3).flat_map(|_| twice()).collect(),
        "part [e1]: jmap: feed.query is incomplete: an id is listed twice",
    );
    let moving = || [page(&["e1"], 0, 2), page(&["e2"], 1, 3)];
    check_partial(
        (0..3).flat_map(|_| moving()).collect(),
        "part [e1]: jmap: feed.query is incomplete: the result changed between two pages",
    );
}

#[test]
fn changes_of_other_calendars_are_none_of_this_one() {
    let answers = vec![
        changes(&["n1", "n2"], &["e1", "e2"], &["e3", "x"], "6", false),
        places(&[("e1", "work"), ("e2", "home"), ("n1", "work")]),
        places(&[("n2", "home")]),
    ];
    assert_eq!(
        observed(Some("5"), &["e1", "e2", "e3", "e4"], answers),
        "changed [e1 n1] gone [e2 e3] at 6"
    );
    let elsewhere = vec![changes(&[], &["x"], &["y"], "6", false), places(&[("x", "home")])];
    assert_eq!(observed(Some("5"), &["e1"], elsewhere), "unchanged at 6");
}

#[test]
fn pages_of_changes_follow_each_other() {
    let answers = vec![
        changes(&["n1"], &[], &[], "6", true),
        changes(&[], &[], &[], "7", true),
        changes(&[], &["e1"], &["n1"], "8", false),
        places(&[("e1", "work")]),
    ];
    run(answers, async |jmap, log| {
        let token = Token::from("5");
        let observation = jmap.observe(&work(), Some(&token), &known(&["e1"])).await;
        let Observation::Delta { changed, gone, token } = observation else {
            panic!("{observation:?}")
        };
        assert_eq!((changed.len(), gone, token.as_str()), (1, ids(&[]), "8"));
        let since: Vec<Value> =
            calls(&log).iter().map(|(_, call)| call["sinceState"].clone()).collect();
        assert_eq!(since, [json!("5"), json!("6"), json!("7"), json!(null)]);
    });
}

#[test]
fn a_lost_state_is_a_listing() {
    let answers =
        vec![error("cannotCalculateChanges"), state("9"), page(&["e1"], 0, 1), state("9")];
    assert_eq!(
        observed(Some("5"), &["e1", "e2"], answers),
        "all [e1] at 9: query total 1 equals 1 distinct ids, state unchanged"
    );
}

#[test]
fn changes_that_cannot_be_read_are_partial() {
    assert_eq!(
        observed(Some("5"), &["e1"], vec![error("serverUnavailable")]),
        "part []: jmap: feed.changes: serverUnavailable — why"
    );
    assert_eq!(
        observed(Some("5"), &["e1"], vec![changes(&[], &[], &[], "5", true)]),
        "part []: jmap: feed.changes: more changes are announced, and the state does not move"
    );
    assert_eq!(
        observed(
            Some("5"),
            &["e1"],
            vec![method("CalendarEvent/changes", json!({"newState": "6"}))]
        ),
        "part []: jmap: feed.changes: the answer has no created"
    );
    let silent = vec![changes(&[], &["e1", "e2"], &[], "6", false), places(&[("e1", "work")])];
    assert_eq!(
        observed(Some("5"), &["e1"], silent),
        "part [e1 e2]: jmap: event.get is incomplete: 1 of 2 changed items are not mentioned"
    );
}
