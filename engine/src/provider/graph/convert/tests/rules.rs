//! Rules and patterns.

use serde_json::{Value, json};

use super::{event, object};
use crate::provider::graph::convert::{project, write};

/// Checks the pattern of a rule, and that the rule comes back.
#[track_caller]
fn check(start: &str, rule: Value, pattern: Value) {
    let series = event(json!({"start": start, "recurrenceRule": rule}));
    let written = write(&series).expect("graph can hold it");
    assert_eq!(written.master["recurrence"]["pattern"], pattern);
    assert_eq!(project(&series), Ok(series));
}

/// Checks that a rule comes back as another that means the same.
#[track_caller]
fn becomes(start: &str, rule: Value, other: Value) {
    let series = |rule| event(json!({"start": start, "recurrenceRule": rule}));
    assert_eq!(project(&series(rule)), Ok(series(other)));
}

const MONDAY: &str = "2026-05-04T09:00:00";
const LAST: &str = "2026-05-31T09:00:00";

#[test]
fn rules_are_patterns() {
    check(
        MONDAY,
        json!({"frequency": "daily", "interval": 3}),
        json!({"type": "daily", "interval": 3}),
    );
    check(
        MONDAY,
        json!({"frequency": "weekly"}),
        json!({"type": "weekly", "interval": 1,
        "daysOfWeek": ["monday"], "firstDayOfWeek": "monday"}),
    );
    check(
        MONDAY,
        json!({"frequency": "weekly", "interval": 2, "firstDayOfWeek": "su",
        "byDay": [{"day": "fr"}, {"day": "mo"}]}),
        json!({"type": "weekly", "interval": 2,
        "daysOfWeek": ["monday", "friday"], "firstDayOfWeek": "sunday"}),
    );
    check(
        MONDAY,
        json!({"frequency": "monthly", "interval": 2}),
        json!({"type": "absoluteMonthly", "interval": 2, "dayOfMonth": 4}),
    );
    check(
        MONDAY,
        json!({"frequency": "monthly", "byDay": [{"day": "mo", "nthOfPeriod": 1}]}),
        json!({"type": "relativeMonthly", "interval": 1, "daysOfWeek": ["monday"],
            "index": "first"}),
    );
    check(
        MONDAY,
        json!({"frequency": "yearly"}),
        json!({"type": "absoluteYearly", "interval": 1, "dayOfMonth": 4, "month": 5}),
    );
    check(
        MONDAY,
        json!({"frequency": "yearly", "byMonth": ["5"],
        "byDay": [{"day": "mo", "nthOfPeriod": 1}]}),
        json!({"type": "relativeYearly",
        "interval": 1, "daysOfWeek": ["monday"], "index": "first", "month": 5}),
    );
    // The last weekday of a month is 29 May 2026.
    let weekdays: Vec<Value> =
        ["mo", "tu", "we", "th", "fr"].iter().map(|day| json!({"day": day})).collect();
    check(
        "2026-05-29T09:00:00",
        json!({"frequency": "monthly", "byDay": weekdays,
        "bySetPosition": [-1]}),
        json!({"type": "relativeMonthly", "interval": 1,
        "daysOfWeek": ["monday", "tuesday", "wednesday", "thursday", "friday"],
        "index": "last"}),
    );
}

#[test]
fn the_end_of_a_month_is_a_day_that_moves() {
    check(
        LAST,
        json!({"frequency": "monthly", "byMonthDay": [-1]}),
        json!({"type": "absoluteMonthly", "interval": 1, "dayOfMonth": 31}),
    );
    check(
        "2026-05-30T09:00:00",
        json!({"frequency": "monthly", "byMonthDay": [28, 29, 30],
        "bySetPosition": [-1]}),
        json!({"type": "absoluteMonthly", "interval": 1,
        "dayOfMonth": 30}),
    );
    check(
        "2028-02-29T09:00:00",
        json!({"frequency": "yearly", "byMonth": ["2"],
        "byMonthDay": [-1]}),
        json!({"type": "absoluteYearly", "interval": 1, "dayOfMonth": 29,
        "month": 2}),
    );
    becomes(
        LAST,
        json!({"frequency": "monthly", "byMonthDay": [31], "skip": "backward"}),
        json!({"frequency": "monthly", "byMonthDay": [-1]}),
    );
    becomes(
        "2026-05-29T09:00:00",
        json!({"frequency": "monthly", "byMonthDay": [29], "skip": "backward"}),
        json!({"frequency": "monthly", "byMonthDay": [28, 29], "bySetPosition": [-1]}),
    );
    // A month whose length is always the same has a last day by number.
    becomes(
        LAST,
        json!({"frequency": "yearly", "byMonth": ["5"], "byMonthDay": [-1]}),
        json!({"frequency": "yearly", "byMonth": ["5"], "byMonthDay": [31]}),
    );
    becomes(
        MONDAY,
        json!({"frequency": "monthly", "byMonthDay": [4], "skip": "forward"}),
        json!({"frequency": "monthly", "byMonthDay": [4]}),
    );
}

#[test]
fn series_end_in_three_ways() {
    let range = |rule: Value| {
        let mut all = object(json!({"frequency": "daily"}));
        all.extend(object(rule));
        let series = event(json!({"recurrenceRule": all}));
        assert_eq!(project(&series).as_ref(), Ok(&series));
        write(&series).expect("graph can hold it").master["recurrence"]["range"].clone()
    };
    let common = |other: Value| {
        let mut range = object(json!({"startDate": "2026-05-04",
            "recurrenceTimeZone": "Europe/Berlin"}));
        range.extend(object(other));
        Value::Object(range)
    };
    assert_eq!(range(json!({})), common(json!({"type": "noEnd"})));
    assert_eq!(
        range(json!({"count": 7})),
        common(json!({"type": "numbered", "numberOfOccurrences": 7}))
    );
    assert_eq!(
        range(json!({"until": "2026-05-09T23:00:00"})),
        common(json!({"type": "endDate", "endDate": "2026-05-09"}))
    );
    assert_eq!(
        range(json!({"until": "2026-05-09T08:00:00"})),
        common(json!({"type": "endDate", "endDate": "2026-05-08"}))
    );
}

#[test]
fn days_repeat_without_a_zone() {
    let series = event(json!({
        "start": "2026-05-04T00:00:00", "timeZone": null, "duration": "P1D",
        "showWithoutTime": true, "recurrenceRule": {"frequency": "weekly"},
        "recurrenceOverrides": {"2026-05-11T00:00:00": {"excluded": true},
            "2026-05-18T00:00:00": {"start": "2026-05-19T00:00:00"}},
    }));
    let written = write(&series).expect("graph can hold it");
    assert_eq!(written.master["recurrence"]["range"]["recurrenceTimeZone"], "UTC");
    let instants: Vec<String> =
        written.overrides.iter().map(|one| one.instant.to_string()).collect();
    assert_eq!(instants, ["2026-05-11T00:00:00Z", "2026-05-18T00:00:00Z"]);
    assert_eq!(project(&series), Ok(series));
}
