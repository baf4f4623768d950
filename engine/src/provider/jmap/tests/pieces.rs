//! Tests of what needs no server.

use serde_json::{Value, json};

use super::super::answers::{SetError, judge};
use super::super::body;
use super::super::prepare::patch;
use super::event;
use crate::model::{Change, Transaction};
use crate::provider::{Answer, Error, Meaning};

fn create() -> Change {
    Change::Create {
        container: "work".into(),
        uid: "u".into(),
        event: event(json!({})),
        transaction: Transaction("t".to_owned()),
    }
}

#[track_caller]
fn check_text(error: Value, text: &str, meaning: Meaning) {
    let rejection = SetError::read(&error).rejection(&create());
    assert_eq!((rejection.to_string().as_str(), rejection.meaning), (text, meaning));
}

#[test]
fn a_refusal_reads_as_it_always_did() {
    check_text(
        json!({"type": "invalidProperties", "description": "no", "properties": ["alerts", "title"]}),
        "JMAP create calendar event failed: invalidProperties — no (properties: ['alerts', 'title'])",
        Meaning::No,
    );
    check_text(
        json!({"type": "overQuota"}),
        "JMAP create calendar event failed: overQuota — ",
        Meaning::No,
    );
    check_text(json!({}), "JMAP create calendar event failed: unknown — ", Meaning::No);
    check_text(Value::Null, "JMAP create calendar event failed: unknown — ", Meaning::No);
    check_text(
        json!({"type": "invalidProperties", "properties": []}),
        "JMAP create calendar event failed: invalidProperties — ",
        Meaning::No,
    );
    check_text(
        json!({"type": "invalidProperties", "properties": ["uid"]}),
        "JMAP create calendar event failed: invalidProperties —  (properties: ['uid'])",
        Meaning::Exists,
    );
    check_text(
        json!({"type": "rateLimit"}),
        "JMAP create calendar event failed: rateLimit — ",
        Meaning::Busy { retry_at: None },
    );
}

/// Judges a create by an answer: the new id, the kind of refusal, or `?` for a doubt.
fn judged(answer: Value) -> String {
    let answer = answer.as_object().cloned().unwrap_or_default();
    let lost = |problem: String| Error::Malformed {
        provider: "jmap".to_owned(),
        what: "event.create".to_owned(),
        problem,
    };
    match judge(&create(), "new1", &answer, lost) {
        Answer::Done { id, .. } => id.0,
        Answer::Refused(rejection) => rejection.kind,
        Answer::Unknown(_) => "?".to_owned(),
        Answer::Unsent(error) => error.to_string(),
    }
}

#[test]
fn a_create_is_judged_by_its_own_part_of_the_answer() {
    assert_eq!(judged(json!({"created": {"new1": {"id": "e1"}}, "notCreated": null})), "e1");
    assert_eq!(
        judged(json!({"created": null, "notCreated": {"new1": {"type": "forbidden"}}})),
        "forbidden"
    );
    assert_eq!(
        judged(
            json!({"created": {"new1": {"id": "e1"}}, "notCreated": {"new1": {"type": "forbidden"}}})
        ),
        "forbidden"
    );
    for nothing in [
        json!({}),
        json!({"created": {}, "notCreated": {}}),
        json!({"created": {"new1": null}}),
        json!({"created": {"new1": {}}}),
        json!({"created": {"new2": {"id": "e2"}}, "notCreated": {"new3": {"type": "forbidden"}}}),
        json!({"created": [], "notCreated": "no"}),
    ] {
        assert_eq!(judged(nothing.clone()), "?", "{nothing}");
    }
}

#[test]
fn a_patch_holds_only_what_changed() {
    let before = event(json!({
        "title": "T", "color": "red", "locations": {"1": {"name": "Room"}}, "priority": 1,
    }));
    let after = event(json!({
        "title": "T", "locations": {"1": {"name": "Hall"}}, "priority": 2,
    }));
    let hall = after.members()["locations"].as_object().and_then(|all| all.keys().next().cloned());
    let hall = hall.expect("a location");
    assert_eq!(
        Value::Object(patch(&before, &after)),
        json!({
            "color": null,
            "locations": {hall: {"@type": "Location", "name": "Hall"}},
            "priority": 2,
        })
    );
}

#[test]
fn overrides_are_patched_one_by_one() {
    let series = |title: &str, overrides: Value| {
        event(json!({
            "title": title, "recurrenceRule": {"frequency": "daily"},
            "recurrenceOverrides": overrides,
        }))
    };
    let before = series(
        "T",
        json!({
            "2026-04-17T09:00:00": {"title": "old"}, "2026-04-18T09:00:00": {"excluded": true},
            "2026-04-19T09:00:00": {"title": "same"},
        }),
    );
    let after = series(
        "T",
        json!({
            "2026-04-17T09:00:00": {"title": "new", "priority": 3},
            "2026-04-19T09:00:00": {"title": "same"}, "2026-04-20T09:00:00": {"title": null},
        }),
    );
    assert_eq!(
        Value::Object(patch(&before, &after)),
        json!({
            "recurrenceOverrides/2026-04-17T09:00:00": {"title": "new", "priority": 3},
            "recurrenceOverrides/2026-04-18T09:00:00": null,
            "recurrenceOverrides/2026-04-20T09:00:00": {"title": null},
        })
    );
    let none = series("T", json!({}));
    assert_eq!(Value::Object(patch(&before, &none)), json!({"recurrenceOverrides": null}));
    assert_eq!(
        Value::Object(patch(&none, &before)),
        json!({"recurrenceOverrides": before.members()["recurrenceOverrides"]})
    );
}

#[test]
fn parts_that_are_renamed_take_the_overrides_with_them() {
    let series = |room: &str| {
        event(json!({
            "locations": {"1": {"name": room}}, "recurrenceRule": {"frequency": "daily"},
            "recurrenceOverrides": {"2026-04-17T09:00:00": {"title": "same"}},
        }))
    };
    let patch = patch(&series("Room"), &series("Hall"));
    let names: Vec<&str> = patch.keys().map(String::as_str).collect();
    assert_eq!(names, ["locations", "recurrenceOverrides"]);
}

#[test]
fn objects_on_the_wire_name_their_types() {
    let rule = json!({"frequency": "weekly", "byDay": [{"day": "mo"}]});
    assert_eq!(
        body::wire("recurrenceRule", &rule),
        json!({
            "@type": "RecurrenceRule", "frequency": "weekly", "byDay": [{"@type": "NDay", "day": "mo"}],
        })
    );
    let alerts = json!({"1": {"trigger": {"offset": "-PT5M"}}, "2": {"trigger": {"when": "2026-04-16T08:00:00Z"}}});
    assert_eq!(
        body::wire("alerts", &alerts),
        json!({
            "1": {"@type": "Alert", "trigger": {"@type": "OffsetTrigger", "offset": "-PT5M"}},
            "2": {"@type": "Alert", "trigger": {"@type": "AbsoluteTrigger", "when": "2026-04-16T08:00:00Z"}},
        })
    );
}

#[test]
fn what_goes_out_comes_back_as_it_was() {
    let whole = event(json!({
        "title": "T", "keywords": {"x": true}, "alerts": {"1": {"trigger": {"offset": "-PT5M"}}},
        "participants": {"1": {"calendarAddress": "mailto:a@example.com", "roles": {"attendee": true}}},
        "recurrenceRule": {"frequency": "weekly"},
        "recurrenceOverrides": {"2026-04-23T09:00:00": {"title": "special"}},
    }));
    let wire = body::creation(&"work".into(), &"u1".into(), &whole);
    assert!(body::is_in(&wire, &"work".into()));
    let item = body::item("e1".into(), &"work".into(), wire).expect("an item");
    assert_eq!((item.uid.as_str(), &item.event, item.own), ("u1", &whole, true));
}

#[test]
fn what_a_server_counts_does_not_change_the_raw_hash() {
    let raw = |updated: &str, title: &str| {
        let object = json!({
            "id": "e1", "uid": "u", "start": "2026-04-16T09:00:00", "title": title,
            "updated": updated, "sequence": 1, "isOrigin": false, "calendarIds": {"work": true},
        });
        let object = object.as_object().cloned().unwrap_or_default();
        body::item("e1".into(), &"work".into(), object).expect("an item")
    };
    let one = raw("2026-04-16T08:00:00Z", "T");
    let touched = raw("2026-04-17T08:00:00Z", "T");
    assert_eq!((&one.raw, &one.revision), (&touched.raw, &touched.revision));
    assert_ne!(one.revision, raw("2026-04-16T08:00:00Z", "U").revision);
    assert!(!one.own);
    assert_eq!(one.updated.map(|at| at.to_string()).as_deref(), Some("2026-04-16T08:00:00Z"));
}
