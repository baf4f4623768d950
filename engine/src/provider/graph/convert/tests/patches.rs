//! What is written to turn one event into another.

use serde_json::{Value, json};

use super::{daily, event};
use crate::content::Event;
use crate::provider::graph::convert::{Change, Exceptions, patch};

/// Checks the master's patch, what becomes of the exceptions, and the occurrences' patches.
#[track_caller]
fn check(before: &Event, after: &Event, master: Value, exceptions: Exceptions, own: Value) {
    let patch = patch(before, after).expect("graph can do it");
    assert_eq!(Value::Object(patch.master), master);
    assert_eq!(patch.exceptions, exceptions);
    let found: serde_json::Map<String, Value> = patch
        .overrides
        .into_iter()
        .map(|one| {
            let change = match one.change {
                Change::Cancel => json!("cancel"),
                Change::Patch(own) => json!({"patch": own}),
                Change::Restore(own) => json!({"restore": own}),
            };
            (one.original_start.date().to_string(), change)
        })
        .collect();
    assert_eq!(Value::Object(found), own);
}

fn berlin(text: &str) -> Value {
    json!({"dateTime": text, "timeZone": "Europe/Berlin"})
}

#[test]
fn only_what_changed_is_written() {
    let kept = Exceptions::Kept;
    let before = event(json!({"title": "T", "keywords": {"a": true}}));
    check(&before, &before, json!({}), kept, json!({}));
    let titled = event(json!({"title": "U", "keywords": {"a": true}}));
    check(&before, &titled, json!({"subject": "U"}), kept, json!({}));
    let moved = event(json!({"title": "T", "keywords": {"a": true}, "duration": "PT2H"}));
    check(
        &before,
        &moved,
        json!({
            "start": berlin("2026-05-04T09:00:00"), "end": berlin("2026-05-04T11:00:00"),
        }),
        kept,
        json!({}),
    );
    // Members that Graph has no place for, and zones that it takes for the same.
    let other = event(json!({"title": "T", "keywords": {"a": true}, "color": "red",
        "timeZone": "Europe/Vienna"}));
    check(&before, &other, json!({}), kept, json!({}));
}

#[test]
fn a_reminder_is_switched_off() {
    let on = event(json!({"alerts": {"1": {"trigger": {"offset": "-PT10M"}}}}));
    check(&on, &event(json!({})), json!({"isReminderOn": false}), Exceptions::Kept, json!({}));
}

#[test]
fn an_event_becomes_a_series_and_the_other_way_round() {
    let series = daily(json!({"recurrenceOverrides": {"2026-05-05T09:00:00": {"excluded": true}}}));
    let single = event(json!({}));
    let recurrence = json!({
        "pattern": {"type": "daily", "interval": 1},
        "range": {"type": "numbered", "numberOfOccurrences": 5, "startDate": "2026-05-04",
            "recurrenceTimeZone": "Europe/Berlin"},
    });
    check(
        &single,
        &series,
        json!({"recurrence": recurrence}),
        Exceptions::Dropped,
        json!({"2026-05-05": "cancel"}),
    );
    check(&series, &single, json!({"recurrence": null}), Exceptions::Kept, json!({}));
}

#[test]
fn occurrences_are_compared_one_by_one() {
    let series = |overrides: Value| daily(json!({"title": "T", "recurrenceOverrides": overrides}));
    let before = series(json!({
        "2026-05-05T09:00:00": {"title": "U", "priority": 1},
        "2026-05-06T09:00:00": {"title": "V"},
        "2026-05-07T09:00:00": {"title": "W"},
        "2026-05-08T09:00:00": {"excluded": true},
    }));
    let after = series(json!({
        "2026-05-05T09:00:00": {"title": "U", "freeBusyStatus": "free"},
        "2026-05-06T09:00:00": {"excluded": true},
        "2026-05-08T09:00:00": {"excluded": true},
        "2026-05-04T09:00:00": {"start": "2026-05-04T10:00:00"},
    }));
    check(
        &before,
        &after,
        json!({}),
        Exceptions::Kept,
        json!({
            "2026-05-04": {"patch": {"start": berlin("2026-05-04T10:00:00"),
                "end": berlin("2026-05-04T11:00:00")}},
            "2026-05-05": {"patch": {"importance": "normal", "showAs": "free"}},
            "2026-05-06": "cancel",
            "2026-05-07": {"restore": {"subject": "T"}},
        }),
    );
}

#[test]
fn a_series_at_another_time_starts_afresh() {
    let series = |hour: u8, count: u8| {
        let at = |day: u8| format!("2026-05-{day:02}T{hour:02}:00:00");
        daily(json!({
            "start": at(4), "recurrenceRule": {"frequency": "daily", "count": count},
            "recurrenceOverrides": {at(5): {"title": "U"}, at(6): {"excluded": true}},
        }))
    };
    let recurrence = |count: u8| {
        json!({
            "pattern": {"type": "daily", "interval": 1},
            "range": {"type": "numbered", "numberOfOccurrences": count, "startDate": "2026-05-04",
                "recurrenceTimeZone": "Europe/Berlin"},
        })
    };
    check(
        &series(9, 5),
        &series(10, 5),
        json!({
            "start": berlin("2026-05-04T10:00:00"), "end": berlin("2026-05-04T11:00:00"),
            "recurrence": recurrence(5),
        }),
        Exceptions::Dropped,
        json!({
            "2026-05-05": {"patch": {"subject": "U"}}, "2026-05-06": "cancel",
        }),
    );
    // Another end does not drop anything.
    check(
        &series(9, 5),
        &series(9, 6),
        json!({"recurrence": recurrence(6)}),
        Exceptions::Kept,
        json!({}),
    );
}

#[test]
fn a_cancelled_occurrence_comes_back_with_a_series_that_starts_afresh() {
    let series = |overrides: Value| daily(json!({"recurrenceOverrides": overrides}));
    let before = series(json!({
        "2026-05-05T09:00:00": {"excluded": true}, "2026-05-06T09:00:00": {"title": "U"},
    }));
    let after = series(json!({"2026-05-06T09:00:00": {"title": "U"}}));
    let recurrence = json!({
        "pattern": {"type": "daily", "interval": 1},
        "range": {"type": "numbered", "numberOfOccurrences": 5, "startDate": "2026-05-04",
            "recurrenceTimeZone": "Europe/Berlin"},
    });
    check(
        &before,
        &after,
        json!({"recurrence": recurrence}),
        Exceptions::ToDrop,
        json!({"2026-05-06": {"patch": {"subject": "U"}}}),
    );
    // In a series that ends before it, there is nothing to bring back.
    let rule = json!({"frequency": "daily", "count": 1});
    let short = event(json!({"recurrenceRule": rule}));
    let mut shorter = recurrence;
    shorter["range"]["numberOfOccurrences"] = json!(1);
    check(&before, &short, json!({"recurrence": shorter}), Exceptions::Kept, json!({}));
}
