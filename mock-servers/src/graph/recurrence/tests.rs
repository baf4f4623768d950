//! Patterns with the dates that they give.

use jiff::civil::DateTime;
use serde_json::{Value, json};

use super::{Expand, Recurrence, Remembered, Rrule};
use crate::graph::moment::Moment;

fn start(local: &str) -> Moment {
    Moment { local: local.parse().expect("a time"), zone: "Europe/Berlin".to_owned() }
}

fn recurrence(at: &str, pattern: Value, range: Value) -> Option<Recurrence> {
    let value = json!({ "pattern": pattern, "range": range });
    Recurrence::parse(&value, &start(at), true).ok()
}

/// The first days of a pattern that starts at nine o'clock of a day.
#[track_caller]
fn check(day: &str, pattern: Value, end: Value, expected: &[&str]) {
    let at = format!("{day}T09:00:00");
    let recurrence = recurrence(&at, pattern, end).expect("a recurrence");
    let all = (DateTime::MIN, DateTime::MAX);
    let starts = Rrule.starts(&recurrence, start(&at).local, all, expected.len() + 1);
    let days: Vec<String> = starts.iter().map(|start| start.date().to_string()).collect();
    let most = if days.len() > expected.len() { &days[..expected.len()] } else { &days[..] };
    assert_eq!(most, expected);
    assert!(starts.iter().all(|start| start.time() == jiff::civil::time(9, 0, 0, 0)));
}

fn never() -> Value {
    json!({ "type": "noEnd" })
}

#[test]
fn six_patterns() {
    check(
        "2026-01-30",
        json!({"type": "daily", "interval": 3}),
        never(),
        &["2026-01-30", "2026-02-02", "2026-02-05"],
    );
    let weekly = json!({"type": "weekly", "interval": 2, "daysOfWeek": ["sunday", "Monday"], "firstDayOfWeek": "monday"});
    check("2026-01-05", weekly, never(), &["2026-01-05", "2026-01-11", "2026-01-19", "2026-01-25"]);
    let weekly = json!({"type": "weekly", "interval": 2, "daysOfWeek": ["sunday", "Monday"]});
    check("2026-01-05", weekly, never(), &["2026-01-05", "2026-01-18", "2026-01-19", "2026-02-01"]);
    let monthly = json!({"type": "absoluteMonthly", "interval": 1, "dayOfMonth": 31});
    check(
        "2026-01-31",
        monthly,
        never(),
        &["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30"],
    );
    let relative = json!({"type": "relativeMonthly", "interval": 2, "daysOfWeek": ["thursday"], "index": "last"});
    check("2026-01-29", relative, never(), &["2026-01-29", "2026-03-26", "2026-05-28"]);
    let weekdays = ["monday", "tuesday", "wednesday", "thursday", "friday"];
    let relative =
        json!({"type": "relativeMonthly", "interval": 1, "daysOfWeek": weekdays, "index": "first"});
    check("2026-01-01", relative, never(), &["2026-01-01", "2026-02-02", "2026-03-02"]);
    let yearly = json!({"type": "absoluteYearly", "interval": 1, "month": 2, "dayOfMonth": 29});
    check(
        "2024-02-29",
        yearly,
        never(),
        &["2024-02-29", "2025-02-28", "2026-02-28", "2027-02-28", "2028-02-29"],
    );
    let yearly = json!({"type": "relativeYearly", "interval": 1, "month": 11, "daysOfWeek": ["thursday"], "index": "fourth"});
    check("2026-11-26", yearly, never(), &["2026-11-26", "2027-11-25", "2028-11-23"]);
}

#[test]
fn ranges_end_with_a_day_or_a_number() {
    let daily = json!({"type": "daily", "interval": 1});
    let numbered = json!({"type": "numbered", "numberOfOccurrences": 2, "startDate": "2026-01-30"});
    check("2026-01-30", daily.clone(), numbered, &["2026-01-30", "2026-01-31"]);
    let dated = json!({"type": "endDate", "endDate": "2026-02-01"});
    check("2026-01-30", daily, dated, &["2026-01-30", "2026-01-31", "2026-02-01"]);
}

#[test]
fn an_old_series_is_entered_near_the_window() {
    let weekly = json!({"type": "weekly", "interval": 3, "daysOfWeek": ["tuesday", "friday"], "firstDayOfWeek": "monday"});
    let recurrence = recurrence("1999-06-01T09:00:00", weekly, never()).expect("a recurrence");
    let all = (DateTime::MIN, "2027-01-01T00:00:00".parse().expect("a time"));
    let from: DateTime = "2026-05-01T00:00:00".parse().expect("a time");
    let first = start("1999-06-01T09:00:00").local;
    let whole = Rrule.starts(&recurrence, first, all, 5_000);
    let near = Rrule.starts(&recurrence, first, (from, all.1), 5_000);
    let expected: Vec<DateTime> = whole.into_iter().filter(|start| *start >= from).collect();
    assert_eq!((near.len(), near), (expected.len(), expected));
}

#[test]
fn expansion_is_bounded() {
    let daily = recurrence("2026-01-01T09:00:00", json!({"type": "daily", "interval": 1}), never());
    let all = (DateTime::MIN, DateTime::MAX);
    let starts =
        Rrule.starts(&daily.expect("a recurrence"), start("2026-01-01T09:00:00").local, all, 7);
    assert_eq!(starts.len(), 7);
}

#[test]
fn the_stored_form_is_the_one_that_graph_answers_with() {
    let weekly = json!({"type": "weekly", "interval": 1, "daysOfWeek": ["Friday", "monday"]});
    let stored = recurrence(
        "2026-05-04T09:00:00",
        weekly,
        json!({"type": "endDate", "endDate": "2026-06-01"}),
    );
    let stored = stored.expect("a recurrence");
    let expected = json!({
        "pattern": { "type": "weekly", "interval": 1, "month": 0, "dayOfMonth": 0,
            "daysOfWeek": ["monday", "friday"], "firstDayOfWeek": "sunday", "index": "first" },
        "range": { "type": "endDate", "startDate": "2026-05-04", "endDate": "2026-06-01",
            "recurrenceTimeZone": "Europe/Berlin", "numberOfOccurrences": 0 },
    });
    assert_eq!(stored.to_value(), expected);
    assert_eq!(Recurrence::stored(Some(&expected), &start("2026-05-04T09:00:00")), Some(stored));
}

#[test]
fn the_zone_of_the_range_is_one_that_there_is() {
    let range = |zone: &str| json!({ "type": "noEnd", "recurrenceTimeZone": zone });
    let daily = || json!({"type": "daily", "interval": 1});
    assert!(recurrence("2026-05-04T09:00:00", daily(), range("Europe/Berlin")).is_some());
    assert!(recurrence("2026-05-04T09:00:00", daily(), range("W. Europe Standard Time")).is_some());
    assert!(recurrence("2026-05-04T09:00:00", daily(), range("UTC")).is_some());
    assert!(recurrence("2026-05-04T09:00:00", daily(), range("Mars")).is_none());
}

#[test]
fn a_pattern_that_is_moved_by_days() {
    let weekly = json!({"type": "weekly", "interval": 1, "daysOfWeek": ["saturday", "sunday"]});
    let pattern = recurrence("2026-05-02T09:00:00", weekly, never()).expect("a recurrence").pattern;
    let moved = pattern.moved(2).expect("a pattern");
    let expected = json!({"type": "weekly", "interval": 1, "daysOfWeek": ["monday", "tuesday"]});
    let expected =
        recurrence("2026-05-04T09:00:00", expected, never()).expect("a recurrence").pattern;
    assert_eq!(moved, expected);
    let monthly = json!({"type": "absoluteMonthly", "interval": 1, "dayOfMonth": 31});
    let monthly =
        recurrence("2026-05-31T09:00:00", monthly, never()).expect("a recurrence").pattern;
    assert_eq!((monthly.moved(1), monthly.moved(0)), (None, Some(monthly.clone())));
}

#[test]
fn what_is_remembered_is_what_would_be_found() {
    let all = (DateTime::MIN, DateTime::MAX);
    let first = start("2026-01-05T09:00:00").local;
    for interval in 1..=3 {
        let rule = json!({
            "pattern": {"type": "daily", "interval": interval},
            "range": {"type": "noEnd", "startDate": "2026-01-05"},
        });
        let recurrence = Recurrence::stored(Some(&rule), &start("2026-01-05T09:00:00"));
        let recurrence = recurrence.expect("a recurrence");
        for most in [3, 5, 3] {
            let found = Remembered.starts(&recurrence, first, all, most);
            assert_eq!(found, Rrule.starts(&recurrence, first, all, most));
        }
    }
}
