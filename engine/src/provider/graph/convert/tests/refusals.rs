//! Every reason for which Graph cannot hold an event, once.

use serde_json::{Value, json};

use super::{daily, event};
use crate::content::Event;
use crate::provider::graph::convert::{patch, project, write};

/// Checks why an event can neither be projected nor written.
#[track_caller]
fn check(event: &Event, expected: &str) {
    let reason = project(event).expect_err("graph cannot hold it");
    assert_eq!(reason.to_string(), format!("graph cannot express {expected}"));
    assert_eq!(write(event), Err(reason));
}

/// The same for a rule that starts on Monday, 4 May 2026.
#[track_caller]
fn rule(rule: Value, expected: &str) {
    check(&event(json!({"recurrenceRule": rule})), &format!("recurrenceRule/{expected}"));
}

#[test]
fn times_and_zones() {
    check(
        &event(json!({"timeZone": null})),
        "timeZone: floating time: every time in graph has a zone",
    );
    check(&event(json!({"timeZone": "Mars/Olympus"})), "timeZone: graph documents no such zone");
    check(
        &event(json!({"timeZone": "Antarctica/Troll"})),
        "timeZone: graph documents no such zone",
    );
    check(&event(json!({"duration": "P9999999D"})), "duration: ends after the last date");
    check(
        &event(json!({"start": "2026-03-29T02:30:00", "recurrenceRule": {"frequency": "daily"}})),
        "start: the series starts at a time that its zone does not have",
    );
    check(
        &event(json!({"recurrenceRule": {"frequency": "weekly", "byDay": [{"day": "tu"}]}})),
        "start: graph starts a series with the first day of its pattern",
    );
}

#[test]
fn parts_that_no_pattern_has() {
    rule(
        json!({"frequency": "daily", "rscale": "hebrew"}),
        "rscale: graph knows no other calendar than the gregorian",
    );
    let time = "graph repeats at the time of day of the start only";
    rule(json!({"frequency": "daily", "byHour": [9, 15]}), &format!("byHour: {time}"));
    rule(json!({"frequency": "daily", "byMinute": [0, 30]}), &format!("byMinute: {time}"));
    rule(json!({"frequency": "daily", "bySecond": [0, 30]}), &format!("bySecond: {time}"));
    rule(
        json!({"frequency": "yearly", "byYearDay": [124]}),
        "byYearDay: graph does not count the days of a year",
    );
    rule(
        json!({"frequency": "yearly", "byWeekNo": [19]}),
        "byWeekNo: graph does not count the weeks of a year",
    );
    rule(
        json!({"frequency": "daily", "byMoon": [1]}),
        "byMoon: graph has no such part of a pattern",
    );
    rule(json!({"frequency": "hourly"}), "frequency: graph repeats once a day at most");
    rule(json!({"frequency": "fortnightly"}), "frequency: graph has no such pattern");
    rule(json!({"frequency": "daily", "interval": 0}), "interval: no whole number");
    rule(json!({"frequency": "daily", "count": 0}), "count: no whole number");
    rule(
        json!({"frequency": "daily", "count": 3, "until": "2026-06-01T09:00:00"}),
        "until: graph ends a series in one way only",
    );
}

#[test]
fn days_of_the_week() {
    let days = json!([{"day": "mo"}, {"day": "we"}]);
    rule(
        json!({"frequency": "daily", "interval": 2, "byDay": days}),
        "byDay: graph repeats by days or on weekdays, not both",
    );
    rule(
        json!({"frequency": "weekly", "byDay": [{"day": "mo", "nthOfPeriod": 1}]}),
        "byDay: graph counts weekdays within months only",
    );
    rule(
        json!({"frequency": "weekly", "byDay": days, "bySetPosition": [1]}),
        "bySetPosition: graph counts weekdays within months only",
    );
    rule(
        json!({"frequency": "monthly", "byDay": days}),
        "byDay: graph names one weekday of a month only",
    );
    rule(
        json!({"frequency": "monthly",
        "byDay": [{"day": "mo", "nthOfPeriod": 1}, {"day": "mo", "nthOfPeriod": 3}]}),
        "byDay: graph names one weekday of a month only",
    );
    let counts = "graph counts from the first to the fourth, and the last";
    rule(
        json!({"frequency": "monthly", "byDay": [{"day": "mo", "nthOfPeriod": 5}]}),
        &format!("byDay: {counts}"),
    );
    rule(
        json!({"frequency": "monthly", "byDay": days, "bySetPosition": [-2]}),
        &format!("bySetPosition: {counts}"),
    );
    rule(
        json!({"frequency": "monthly", "byDay": days, "bySetPosition": [1, 3]}),
        "bySetPosition: graph counts once within one set of weekdays",
    );
}

#[test]
fn days_of_the_month() {
    rule(
        json!({"frequency": "monthly", "byMonthDay": [4, 18]}),
        "byMonthDay: graph names one day of a month only",
    );
    rule(
        json!({"frequency": "monthly", "byMonthDay": [4, 18], "bySetPosition": [1]}),
        "bySetPosition: graph counts within weekdays only",
    );
    rule(
        json!({"frequency": "monthly", "byMonthDay": [-2]}),
        "byMonthDay: graph does not count days from the end",
    );
    rule(
        json!({"frequency": "monthly", "byMonthDay": [31]}),
        "byMonthDay: graph moves a day that a month does not have to its last day",
    );
    rule(
        json!({"frequency": "yearly", "byMonth": ["2"], "byMonthDay": [29]}),
        "byMonthDay: graph moves a day that a month does not have to its last day",
    );
    rule(
        json!({"frequency": "monthly", "byMonthDay": [4], "byDay": [{"day": "mo"}]}),
        "byMonthDay: graph takes a day of the month or a weekday, not both",
    );
    rule(
        json!({"frequency": "weekly", "byDay": [{"day": "mo"}], "byMonthDay": [4]}),
        "byMonthDay: graph names days of the month in monthly and yearly patterns only",
    );
}

#[test]
fn months() {
    rule(
        json!({"frequency": "daily", "byMonth": ["5"]}),
        "byMonth: graph names a month in yearly patterns only",
    );
    rule(
        json!({"frequency": "monthly", "byMonth": ["5"], "byMonthDay": [4]}),
        "byMonth: graph names a month in yearly patterns only",
    );
    rule(
        json!({"frequency": "yearly", "byMonth": ["5", "6"], "byMonthDay": [4]}),
        "byMonth: graph names one month only",
    );
    rule(
        json!({"frequency": "yearly", "byDay": [{"day": "mo", "nthOfPeriod": 18}]}),
        "byMonth: graph needs a month in yearly patterns",
    );
    rule(
        json!({"frequency": "yearly", "byMonth": ["5L"], "byMonthDay": [4]}),
        "byMonth: no month of the gregorian calendar",
    );
}

#[test]
fn occurrences() {
    let added = "recurrenceOverrides: graph adds no occurrence to a rule";
    check(&daily(json!({"recurrenceOverrides": {"2026-05-05T12:00:00": {}}})), added);
    check(&event(json!({"recurrenceOverrides": {"2026-05-05T09:00:00": {}}})), added);
    let crossing = "recurrenceOverrides: graph moves no occurrence to or past the day of another";
    let weekly = |overrides: Value| {
        event(json!({"recurrenceRule": {"frequency": "weekly"}, "recurrenceOverrides": overrides}))
    };
    let moved = |from: &str, to: &str| {
        weekly(json!({format!("2026-05-{from}T09:00:00"):
            {"start": format!("2026-05-{to}T09:00:00")}}))
    };
    check(&moved("04", "11"), crossing);
    check(&moved("11", "04"), crossing);
    check(&moved("11", "26"), crossing);
    assert_eq!(project(&moved("11", "17")), Ok(moved("11", "17")));
    // The next one is out of the way.
    let both = weekly(json!({
        "2026-05-11T09:00:00": {"start": "2026-05-19T09:00:00"},
        "2026-05-18T09:00:00": {"excluded": true},
    }));
    assert_eq!(project(&both).as_ref(), Ok(&both));
    // Two that change places.
    check(
        &weekly(json!({
            "2026-05-11T09:00:00": {"start": "2026-05-20T09:00:00"},
            "2026-05-18T09:00:00": {"start": "2026-05-12T09:00:00"},
        })),
        crossing,
    );
}

#[test]
fn what_graph_can_hold_but_not_be_brought_to() {
    let confirmed = event(json!({}));
    let cancelled = event(json!({"status": "cancelled"}));
    assert_eq!(project(&cancelled).as_ref(), Ok(&cancelled));
    let error = write(&cancelled).expect_err("graph creates none").to_string();
    assert_eq!(error, "graph cannot express status: graph creates no cancelled event");
    for (before, after) in [(&confirmed, &cancelled), (&cancelled, &confirmed)] {
        let error = patch(before, after).expect_err("graph does not do it").to_string();
        assert_eq!(
            error,
            "graph cannot express status: \
            graph neither cancels an event by a write nor revives it"
        );
    }
    // Every second week: there the first day of the week cannot be changed to start afresh.
    let series = |overrides: Value| {
        event(json!({"recurrenceRule": {"frequency": "weekly", "interval": 2},
            "recurrenceOverrides": overrides}))
    };
    let without = series(json!({"2026-05-18T09:00:00": {"excluded": true}}));
    let error = patch(&without, &series(json!({}))).expect_err("graph does not do it").to_string();
    assert_eq!(
        error,
        "graph cannot express recurrenceOverrides: \
        graph brings back no cancelled occurrence"
    );
}
