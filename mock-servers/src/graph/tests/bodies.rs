//! Bodies that are refused, each with its status and code.

use serde_json::{Value, json};

use super::rig::{and, run, timed, weekly};

#[track_caller]
fn check(cases: Vec<(&'static str, Value, &'static str)>) {
    run(async |rig| {
        let calendar = rig.calendar("Calendar").await;
        let mut codes = Vec::new();
        for (what, body, code) in cases {
            let answer = rig.post(&format!("/me/calendars/{calendar}/events"), &body).await;
            assert_eq!((answer.status, answer.code()), (400, code), "{what}: {}", answer.body);
            codes.push(code.to_owned());
        }
        assert_eq!(rig.server.items(), []);
        assert_eq!(rig.refusals(), codes);
    });
}

#[test]
fn bodies_that_do_not_fit_the_metadata() {
    let body = |more: Value| and(timed("x", 4, 9), more);
    check(vec![
        ("unknown property", body(json!({ "summary": "x" })), "RequestBodyRead"),
        ("wrong type", body(json!({ "isAllDay": "yes" })), "RequestBodyRead"),
        ("wrong type of a read-only property", body(json!({ "iCalUId": 1 })), "RequestBodyRead"),
        ("unknown value", body(json!({ "showAs": "asleep" })), "RequestBodyRead"),
        ("unknown member", body(json!({ "location": { "name": "x" } })), "RequestBodyRead"),
        ("no object", body(json!({ "body": "x" })), "RequestBodyRead"),
        ("no collection", body(json!({ "categories": "x" })), "RequestBodyRead"),
        ("no JSON object", json!([]), "BadRequest"),
    ]);
}

#[test]
fn bodies_that_fit_and_make_no_sense() {
    let body = |more: Value| and(timed("x", 4, 9), more);
    let at = |time: &str| json!({ "dateTime": time, "timeZone": "UTC" });
    check(vec![
        ("no start", json!({ "subject": "x" }), "ErrorPropertyValidationFailure"),
        (
            "ends before it starts",
            body(json!({ "end": at("2026-05-03T09:00:00") })),
            "ErrorPropertyValidationFailure",
        ),
        ("no time", body(json!({ "start": at("soon") })), "ErrorInvalidRequest"),
        (
            "no zone",
            body(json!({ "start": { "dateTime": "2026-05-04T09:00:00", "timeZone": "Mars" } })),
            "TimeZoneNotSupportedException",
        ),
        ("all day, not at midnight", body(json!({ "isAllDay": true })), "ErrorInvalidRequest"),
        (
            "no address",
            body(json!({ "attendees": [{ "type": "required" }] })),
            "ErrorInvalidRecipients",
        ),
        (
            "no property id",
            body(json!({ "singleValueExtendedProperties": [{ "id": "Uid", "value": "1" }] })),
            "ErrorInvalidProperty",
        ),
    ]);
}

#[test]
fn recurrences_that_make_no_sense() {
    let with = |path: &str, value: Value| {
        let mut body = weekly("x");
        *body.pointer_mut(&format!("/recurrence/{path}")).expect("a member") = value;
        ("recurrence", body, "ErrorPropertyValidationFailure")
    };
    let mut zone = weekly("x");
    zone["recurrence"]["range"]["recurrenceTimeZone"] = json!("Mars");
    check(vec![
        with("pattern/interval", json!(0)),
        with("pattern/daysOfWeek", json!([])),
        with("pattern/type", json!("absoluteMonthly")),
        with("range/startDate", json!("2026-05-05")),
        with("range/numberOfOccurrences", json!(0)),
        with(
            "range",
            json!({ "type": "endDate", "startDate": "2026-05-04", "endDate": "2026-05-03" }),
        ),
        ("no zone", zone, "ErrorPropertyValidationFailure"),
    ]);
}

#[test]
fn a_missing_start_of_the_range_is_taken_on_create_and_refused_on_update() {
    run(async |rig| {
        let calendar = rig.calendar("Calendar").await;
        let mut body = weekly("x");
        body["recurrence"]["range"] = json!({ "type": "noEnd" });
        let id = rig.event(&calendar, &body).await;
        let made = rig.get(&format!("/me/events/{id}")).await;
        assert_eq!(
            made.body["recurrence"]["range"],
            json!({
                "type": "noEnd", "startDate": "2026-05-04", "endDate": "0001-01-01",
                "recurrenceTimeZone": "Europe/Berlin", "numberOfOccurrences": 0,
            })
        );
        let change = json!({ "recurrence": body["recurrence"].clone() });
        let refused = rig.patch(&format!("/me/events/{id}"), &change).await;
        assert_eq!((refused.status, refused.code()), (400, "ErrorPropertyValidationFailure"));
    });
}

#[test]
fn an_offset_in_a_time_wins_over_its_zone() {
    run(async |rig| {
        let calendar = rig.calendar("Calendar").await;
        let body = json!({
            "start": { "dateTime": "2026-05-04T09:00:00+02:00", "timeZone": "Asia/Tokyo" },
            "end": { "dateTime": "2026-05-04T08:00:00Z", "timeZone": "Asia/Tokyo" },
        });
        let id = rig.event(&calendar, &body).await;
        let read = rig.get(&format!("/me/events/{id}")).await;
        assert_eq!(read.body["start"]["dateTime"], "2026-05-04T07:00:00.0000000");
        assert_eq!(read.body["end"]["dateTime"], "2026-05-04T08:00:00.0000000");
        assert_eq!(read.body["originalStartTimeZone"], "Asia/Tokyo");
    });
}
