//! Tests of series: several requests for one change, each of which may be made again.

use calamity_base::http::Answer as Served;
use serde_json::{Value, json};

use super::{create, event, ok, refusal, run, told, update};
use crate::content::Event;
use crate::provider::scripted::json_answer;
use crate::provider::{Answer, Provider};

const SECOND: &str = "2026-05-05T09:00:00";
const THIRD: &str = "2026-05-06T09:00:00";

fn series(title: &str, start: &str, overrides: Value) -> Event {
    event(json!({
        "title": title, "start": start, "recurrenceRule": {"frequency": "daily", "count": 9},
        "recurrenceOverrides": overrides,
    }))
}

fn at_nine(overrides: Value) -> Event {
    series("T", "2026-05-04T09:00:00", overrides)
}

fn created() -> Served {
    json_answer(201, &told("e1", "k1", json!({"type": "seriesMaster"})))
}

/// What the master says of its changed occurrences.
fn master(key: &str, changed: &[(&str, &str)]) -> Served {
    let changed: Vec<Value> =
        changed.iter().map(|(id, at)| json!({"id": id, "originalStart": at})).collect();
    ok(
        json!({"id": "e1", "changeKey": key, "exceptionOccurrences": changed, "cancelledOccurrences": []}),
    )
}

fn instances(all: &[(&str, &str)]) -> Served {
    let all: Vec<Value> =
        all.iter().map(|(id, at)| json!({"id": id, "originalStart": at})).collect();
    ok(json!({"value": all}))
}

fn both() -> Served {
    instances(&[
        ("i1", "2026-05-04T07:00:00Z"),
        ("i2", "2026-05-05T07:00:00Z"),
        ("i3", "2026-05-06T07:00:00Z"),
    ])
}

fn gone() -> Served {
    json_answer(204, &Value::Null)
}

fn overrides() -> Value {
    json!({SECOND: {"title": "special"}, THIRD: {"excluded": true}})
}

#[test]
fn a_series_is_created_step_by_step() {
    let answers = vec![created(), master("k1", &[]), both(), ok(json!({"id": "i2"})), gone()];
    run(answers, async |graph, log| {
        let answers = graph.send(&[create(&graph, at_nine(overrides()))]).await;
        let [Answer::Done { id, revision: None }] = answers.as_slice() else {
            panic!("{answers:?}")
        };
        assert_eq!(id.as_str(), "e1");
        assert_eq!(
            log.lines(),
            [
                "POST /v1.0/me/calendars/c1/events",
                "GET /v1.0/me/events/e1",
                "GET /v1.0/me/events/e1/instances",
                "PATCH /v1.0/me/events/i2",
                "DELETE /v1.0/me/events/i3",
            ]
        );
        let window = "startDateTime=2026-05-04T07:00:00Z&endDateTime=2026-05-07T07:00:00Z";
        assert!(log.all()[2].target.contains(window), "{}", log.all()[2].target);
        assert_eq!(log.all()[3].body, json!({"subject": "special"}));
    });
}

#[test]
fn the_same_create_again_changes_nothing_more() {
    // The occurrence is an exception already, and the other one has gone.
    let answers = vec![
        created(),
        master("k3", &[("i2", "2026-05-05T07:00:00Z")]),
        instances(&[]),
        ok(json!({"id": "i2"})),
    ];
    run(answers, async |graph, log| {
        let answers = graph.send(&[create(&graph, at_nine(overrides()))]).await;
        assert!(matches!(answers.as_slice(), [Answer::Done { .. }]), "{answers:?}");
        assert_eq!(log.lines().last().map(String::as_str), Some("PATCH /v1.0/me/events/i2"));
    });
}

#[test]
fn a_step_that_is_refused_is_a_doubt() {
    let answers =
        vec![created(), master("k1", &[]), both(), refusal(400, "ErrorOccurrenceCrossingBoundary")];
    run(answers, async |graph, log| {
        let answers = graph.send(&[create(&graph, at_nine(overrides()))]).await;
        let [Answer::Unknown(error)] = answers.as_slice() else { panic!("{answers:?}") };
        assert_eq!(
            error.to_string(),
            "graph: Graph create calendar event is incomplete: occurrence 2026-05-05T09:00:00: \
            graph: event.update: HTTP 400 ErrorOccurrenceCrossingBoundary — why"
        );
        assert_eq!(log.lines().len(), 4);
    });
    run(vec![created(), master("k1", &[]), instances(&[])], async |graph, _| {
        let answers = graph.send(&[create(&graph, at_nine(overrides()))]).await;
        let [Answer::Unknown(error)] = answers.as_slice() else { panic!("{answers:?}") };
        let missing = "the series has no occurrence 2026-05-05T09:00:00";
        assert!(error.to_string().ends_with(missing), "{error}");
    });
}

#[test]
fn a_lost_answer_to_a_step_is_a_doubt() {
    let answers = vec![created(), master("k1", &[]), both(), Served::Reset];
    run(answers, async |graph, log| {
        let answers = graph.send(&[create(&graph, at_nine(overrides()))]).await;
        assert!(matches!(answers.as_slice(), [Answer::Unknown(_)]), "{answers:?}");
        assert_eq!(log.lines().len(), 4, "not sent again");
    });
}

#[test]
fn only_the_occurrences_that_change_are_written() {
    let answers = vec![
        master("k1", &[]),
        master("k1", &[("i2", "2026-05-05T07:00:00Z")]),
        both(),
        ok(json!({"id": "i2"})),
        gone(),
    ];
    run(answers, async |graph, log| {
        let before = at_nine(json!({SECOND: {"title": "special"}}));
        let after = at_nine(json!({SECOND: {"title": "other"}, THIRD: {"excluded": true}}));
        let answers = graph.send(&[update(&graph, before, after)]).await;
        assert!(matches!(answers.as_slice(), [Answer::Done { .. }]), "{answers:?}");
        assert_eq!(
            log.lines(),
            [
                "GET /v1.0/me/events/e1",
                "GET /v1.0/me/events/e1",
                "GET /v1.0/me/events/e1/instances",
                "PATCH /v1.0/me/events/i2",
                "DELETE /v1.0/me/events/i3",
            ]
        );
        assert_eq!(log.all()[3].body, json!({"subject": "other"}));
    });
}

#[test]
fn a_series_that_changed_since_it_was_read_is_left_alone() {
    run(vec![master("k9", &[])], async |graph, log| {
        let change =
            update(&graph, at_nine(json!({})), at_nine(json!({THIRD: {"excluded": true}})));
        let answers = graph.send(&[change]).await;
        let [Answer::Refused(rejection)] = answers.as_slice() else { panic!("{answers:?}") };
        assert_eq!(rejection.description, "the series changed since it was read");
        assert_eq!(log.lines().len(), 1);
    });
}

#[test]
fn a_new_time_of_day_writes_all_occurrences_again() {
    let at = |hour: &str, day: &str| format!("2026-05-{day}T{hour}:00:00");
    let (second, third) = (at("10", "05"), at("10", "06"));
    let moved = [("i2", "2026-05-05T08:00:00Z"), ("i3", "2026-05-06T08:00:00Z")];
    let answers = vec![
        ok(told("e1", "k2", json!({}))),
        master("k2", &[]),
        instances(&moved),
        ok(json!({"id": "i2"})),
        gone(),
    ];
    run(answers, async |graph, log| {
        let before = at_nine(overrides());
        let after = series(
            "T",
            &at("10", "04"),
            json!({second: {"title": "special"}, third: {"excluded": true}}),
        );
        let answers = graph.send(&[update(&graph, before, after)]).await;
        assert!(matches!(answers.as_slice(), [Answer::Done { .. }]), "{answers:?}");
        let asked = log.all();
        assert_eq!(asked[0].header("if-match"), Some("W/\"k1\""));
        let start = &asked[0].body["start"];
        assert_eq!(start["dateTime"], "2026-05-04T10:00:00");
        assert_eq!(asked[0].body["recurrence"]["range"]["recurrenceTimeZone"], start["timeZone"]);
        assert_eq!(log.lines()[3..], ["PATCH /v1.0/me/events/i2", "DELETE /v1.0/me/events/i3"]);
    });
}

#[test]
fn an_occurrence_that_comes_back_makes_the_series_start_afresh() {
    let rule = json!({
        "pattern": {"type": "daily", "interval": 1, "firstDayOfWeek": "sunday"},
        "range": {"type": "numbered", "startDate": "2026-05-04", "numberOfOccurrences": 9,
            "recurrenceTimeZone": "W. Europe Standard Time"},
    });
    let answers = vec![
        ok(told("e1", "k1", json!({"type": "seriesMaster", "recurrence": rule}))),
        ok(told("e1", "k2", json!({}))),
        master("k2", &[]),
        both(),
        ok(json!({"id": "i2"})),
    ];
    run(answers, async |graph, log| {
        let after = at_nine(json!({SECOND: {"title": "special"}}));
        let answers = graph.send(&[update(&graph, at_nine(overrides()), after)]).await;
        assert!(matches!(answers.as_slice(), [Answer::Done { .. }]), "{answers:?}");
        assert_eq!(
            log.lines(),
            [
                "GET /v1.0/me/calendars/c1/events/e1",
                "PATCH /v1.0/me/events/e1",
                "GET /v1.0/me/events/e1",
                "GET /v1.0/me/events/e1/instances",
                "PATCH /v1.0/me/events/i2",
            ]
        );
        assert_eq!(log.all()[1].body["recurrence"]["pattern"]["firstDayOfWeek"], "monday");
    });
}
