//! Events as Graph returns them.

use serde_json::{Map, Value, json};

use super::{daily, event, object};
use crate::model::Uid;
use crate::provider::graph::convert::{Read, Stored, UID_PROPERTY, project, read};

/// A single instance as a GET returns it, with some properties replaced.
fn body(other: Value) -> Map<String, Value> {
    let mut body = object(json!({
        "@odata.context": "https://graph.example/$metadata#event", "@odata.etag": "W/\"k1\"",
        "id": "AAMk1", "changeKey": "k1", "iCalUId": "040000008200E00074C5B7101A82E008",
        "createdDateTime": "2026-04-01T00:00:00Z", "lastModifiedDateTime": "2026-04-02T03:04:05Z",
        "subject": null, "bodyPreview": "", "body": {"contentType": "html", "content": ""},
        "start": {"dateTime": "2026-05-04T07:00:00.0000000", "timeZone": "UTC"},
        "end": {"dateTime": "2026-05-04T08:00:00.0000000", "timeZone": "UTC"},
        "originalStartTimeZone": "W. Europe Standard Time",
        "originalEndTimeZone": "W. Europe Standard Time",
        "isAllDay": false, "isCancelled": false, "isOrganizer": true, "isReminderOn": false,
        "reminderMinutesBeforeStart": 15, "showAs": "busy", "importance": "normal",
        "sensitivity": "normal", "hideAttendees": false, "categories": [], "attendees": [],
        "locations": [], "location": {"displayName": ""}, "recurrence": null,
        "organizer": {"emailAddress": {"address": "Me@example.com", "name": "Me"}},
        "onlineMeeting": null, "type": "singleInstance", "webLink": "https://outlook.example/1",
    }));
    body.extend(object(other));
    body
}

/// The same as the first of five days.
fn series(other: Value) -> Map<String, Value> {
    let mut series = body(json!({"type": "seriesMaster", "recurrence": {
        "pattern": {"type": "daily", "interval": 1, "month": 0, "dayOfMonth": 0,
            "daysOfWeek": [], "firstDayOfWeek": "sunday", "index": "first"},
        "range": {"type": "numbered", "startDate": "2026-05-04", "endDate": "0001-01-01",
            "recurrenceTimeZone": "W. Europe Standard Time", "numberOfOccurrences": 5},
    }}));
    series.extend(object(other));
    series
}

#[track_caller]
fn single(other: Value) -> Read {
    let stored = Stored { master: body(other), ..Stored::default() };
    read(&stored).expect("graph's event is one")
}

/// Checks the members that a body comes to, beside start, zone and length.
#[track_caller]
fn check(other: Value, members: Value) {
    let read = single(other).event;
    assert_eq!(read, event(members));
    // What Graph holds it can be told to hold, except for what it alone decides.
    project(&read).expect("graph holds it already");
}

#[test]
fn a_plain_event_says_when_it_is() {
    check(json!({}), json!({}));
    check(
        json!({"subject": "T", "originalStartTimeZone": "Europe/Berlin",
        "originalEndTimeZone": "Europe/Berlin"}),
        json!({"title": "T"}),
    );
    // In the zone that was asked for, the instant is the same.
    check(
        json!({
            "start": {"dateTime": "2026-05-04T03:00:00.0000000", "timeZone": "US/Eastern"},
            "end": {"dateTime": "2026-05-04T04:00:00.0000000", "timeZone": "Eastern Standard Time"},
        }),
        json!({}),
    );
    check(
        json!({"originalStartTimeZone": "tzone://Microsoft/Utc",
        "originalEndTimeZone": "tzone://Microsoft/Utc"}),
        json!({"start": "2026-05-04T07:00:00", "timeZone": "Etc/UTC"}),
    );
    // A zone of somebody's own is unknown; the instant is not.
    check(
        json!({"originalStartTimeZone": "tzone://Microsoft/Custom",
        "originalEndTimeZone": "tzone://Microsoft/Custom"}),
        json!({"start": "2026-05-04T07:00:00", "timeZone": "Etc/UTC"}),
    );
    check(
        json!({"originalEndTimeZone": "GMT Standard Time"}),
        json!({"endTimeZone": "Europe/London"}),
    );
}

#[test]
fn all_day_events_have_dates() {
    check(
        json!({
            "isAllDay": true,
            "start": {"dateTime": "2026-05-04T00:00:00.0000000", "timeZone": "UTC"},
            "end": {"dateTime": "2026-05-06T00:00:00.0000000", "timeZone": "UTC"},
        }),
        json!({
            "start": "2026-05-04T00:00:00", "timeZone": null, "duration": "P2D",
            "showWithoutTime": true,
        }),
    );
}

#[test]
fn words_have_counterparts() {
    check(json!({"showAs": "free"}), json!({"freeBusyStatus": "free"}));
    check(json!({"showAs": "workingElsewhere"}), json!({"freeBusyStatus": "free"}));
    check(json!({"showAs": "tentative"}), json!({"status": "tentative"}));
    check(json!({"showAs": "oof"}), json!({}));
    check(json!({"showAs": "unknown"}), json!({}));
    check(
        json!({"isCancelled": true, "showAs": "free"}),
        json!({"status": "cancelled", "freeBusyStatus": "free"}),
    );
    check(json!({"importance": "high"}), json!({"priority": 1}));
    check(json!({"importance": "low"}), json!({"priority": 9}));
    check(json!({"sensitivity": "private"}), json!({"privacy": "private"}));
    check(json!({"sensitivity": "personal"}), json!({"privacy": "private"}));
    check(json!({"sensitivity": "confidential"}), json!({"privacy": "secret"}));
    check(json!({"hideAttendees": true}), json!({"hideAttendees": true}));
    check(json!({"categories": ["b", "a"]}), json!({"keywords": {"a": true, "b": true}}));
    check(
        json!({"isReminderOn": true}),
        json!({"alerts": {"1": {"trigger": {"offset": "-PT15M"}}}}),
    );
    check(
        json!({"isReminderOn": true, "reminderMinutesBeforeStart": 0}),
        json!({"alerts": {"1": {"trigger": {"offset": "PT0S"}}}}),
    );
}

#[test]
fn places_are_read() {
    check(
        json!({"locations": [
            {"displayName": "Room", "uniqueId": "x", "locationType": "conferenceRoom",
                "coordinates": {"latitude": 48.25, "longitude": -16.5, "altitude": 170.0}},
            {"displayName": "", "coordinates": {}},
        ]}),
        json!({"locations": {"1": {"name": "Room", "coordinates": "geo:48.25,-16.5,170"}}}),
    );
    check(
        json!({"location": {"displayName": "Old"}}),
        json!({"locations": {"1": {"name": "Old"}}}),
    );
    check(
        json!({"onlineMeeting": {"joinUrl": "https://teams.example/1"}}),
        json!({"virtualLocations": {"1": {"uri": "https://teams.example/1"}}}),
    );
}

#[test]
fn guests_are_read_with_their_answers() {
    let attendee = |address: &str, kind: &str, response: &str| {
        json!({"emailAddress": {"address": address, "name": address}, "type": kind,
            "status": {"response": response, "time": "0001-01-01T00:00:00Z"}})
    };
    let attendees = json!({"attendees": [
        attendee("Ann@Example.com", "required", "accepted"),
        attendee("bob@example.com", "optional", "tentativelyAccepted"),
        attendee("room@example.com", "resource", "declined"),
        attendee("eve@example.com", "required", "notResponded"),
    ]});
    let guest = |name: &str, role: &str| {
        let address = format!("mailto:{name}@example.com");
        json!({"calendarAddress": address, "roles": {role: true}})
    };
    let mut people = json!({
        "0": guest("me", "owner"),
        "1": guest("ann", "required"),
        "2": guest("bob", "optional"),
        "3": guest("room", "required"),
        "4": guest("eve", "required"),
    });
    people["0"]["name"] = json!("Me");
    people["1"]["participationStatus"] = json!("accepted");
    people["2"]["participationStatus"] = json!("tentative");
    people["3"]["participationStatus"] = json!("declined");
    people["3"]["kind"] = json!("resource");
    check(
        attendees.clone(),
        json!({
            "participants": people, "organizerCalendarAddress": "mailto:me@example.com",
        }),
    );
    assert_eq!(single(attendees).event.attendees(), 4);
    // One who is known by Exchange's own address only still counts.
    let hidden = json!({"attendees": [{"emailAddress": {"address": "/o=X/cn=1", "name": "Ann"}}]});
    assert_eq!(single(hidden).event.attendees(), 1);
}

#[test]
fn who_owns_an_event() {
    assert!(single(json!({})).own);
    assert!(!single(json!({"isOrganizer": false})).own);
    assert!(single(json!({"isOrganizer": false, "organizer": null})).own);
    // An invitation has an organizer, also when its guests are hidden.
    check(
        json!({"isOrganizer": false}),
        json!({
            "organizerCalendarAddress": "mailto:me@example.com",
            "participants": {"1": {"calendarAddress": "mailto:me@example.com", "name": "Me",
                "roles": {"owner": true}}},
        }),
    );
}

#[test]
fn the_identity_is_that_of_the_source() {
    assert_eq!(single(json!({})).uid, Uid::from("040000008200E00074C5B7101A82E008"));
    let own = json!({"singleValueExtendedProperties": [
        {"id": "String {00000000-0000-0000-0000-000000000000} Name other", "value": "no"},
        {"id": UID_PROPERTY.replace("7c9a", "7C9A"), "value": "source@example.com"},
    ]});
    assert_eq!(single(own).uid, Uid::from("source@example.com"));
    let updated = single(json!({})).updated.map(|at| at.to_string());
    assert_eq!(updated.as_deref(), Some("2026-04-02T03:04:05Z"));
    let nameless = Stored { master: body(json!({"iCalUId": null})), ..Stored::default() };
    assert_eq!(read(&nameless).expect_err("no identity").to_string(), "iCalUId is missing");
}

#[test]
fn the_raw_hash_follows_content_only() {
    let raw = |other: Value| single(other).raw;
    let same = raw(json!({}));
    assert_eq!(
        raw(json!({
            "@odata.etag": "W/\"k2\"", "id": "AAMk2", "changeKey": "k2", "webLink": "x",
            "lastModifiedDateTime": "2026-04-03T00:00:00Z", "bodyPreview": "x", "iCalUId": "y",
        })),
        same
    );
    assert_ne!(raw(json!({"subject": "T"})), same);
    // What only the server can say counts, although no member stands for it.
    assert_ne!(raw(json!({"showAs": "oof"})), same);
    let cancelled = |name: &str| {
        let cancelled = vec![name.to_owned()];
        read(&Stored { master: series(json!({})), cancelled, exceptions: Vec::new() })
            .expect("an event")
            .raw
    };
    assert_eq!(cancelled("OID.a.2026-05-05"), cancelled("OID.b.c.2026-05-05"));
    assert_ne!(cancelled("OID.a.2026-05-05"), cancelled("OID.a.2026-05-06"));
}

#[test]
fn a_series_has_exceptions_and_cancelled_occurrences() {
    let exception = |original: &str, other: Value| {
        let at = |hour: &str| {
            let text = original.replace("07:00:00Z", hour);
            json!({"dateTime": text, "timeZone": "UTC"})
        };
        let mut exception = object(json!({
            "originalStart": original, "start": at("07:00:00"), "end": at("08:00:00"),
        }));
        exception.extend(object(other));
        exception
    };
    let stored = Stored {
        master: series(json!({"subject": "T", "isReminderOn": true})),
        exceptions: vec![
            exception("2026-05-05T07:00:00Z", json!({"subject": "U", "isReminderOn": false})),
            exception(
                "2026-05-06T07:00:00Z",
                json!({
                    "start": {"dateTime": "2026-05-06T12:00:00.0000000", "timeZone": "UTC"},
                    "end": {"dateTime": "2026-05-06T12:30:00.0000000", "timeZone": "UTC"},
                    // An exception is shown by the clock of its series.
                    "originalStartTimeZone": "Tokyo Standard Time",
                }),
            ),
        ],
        cancelled: vec!["OID.AAMk.1.2026-05-07".to_owned(), "2026-05-08T07:00:00Z".to_owned()],
    };
    let alerts = json!({"1": {"trigger": {"offset": "-PT15M"}}});
    let expected = daily(json!({"title": "T", "alerts": alerts, "recurrenceOverrides": {
        "2026-05-05T09:00:00": {"title": "U", "alerts": null},
        "2026-05-06T09:00:00": {"start": "2026-05-06T14:00:00", "duration": "PT30M"},
        "2026-05-07T09:00:00": {"excluded": true},
        "2026-05-08T09:00:00": {"excluded": true},
    }}));
    let read = read(&stored).expect("an event").event;
    assert_eq!(read, expected);
    assert_eq!(project(&read), Ok(expected));
}

#[test]
fn occurrences_keep_their_time_of_day_where_the_clocks_skip_it() {
    // At two in the morning of 29 March 2026 the clocks go to three.
    let at = |day: &str, hour: &str| {
        json!({"dateTime": format!("2026-03-{day}T{hour}:30:00"),
        "timeZone": "UTC"})
    };
    let master = series(json!({"start": at("28", "01"), "end": at("28", "02")}));
    let skipped = object(json!({
        "originalStart": "2026-03-29T01:30:00Z", "subject": "U",
        "start": at("29", "01"), "end": at("29", "02"),
    }));
    let stored = Stored { master, exceptions: vec![skipped], cancelled: Vec::new() };
    let read = read(&stored).expect("an event").event;
    let keys: Vec<&String> = read.overrides().expect("an override").keys().collect();
    assert_eq!(keys, ["2026-03-29T02:30:00"]);
    assert_eq!(project(&read).as_ref(), Ok(&read));
}

#[test]
fn all_day_occurrences_are_dates_whatever_zone_they_are_in() {
    let days = |zone: &str, original: &str| {
        let at = |day: &str| {
            json!({"dateTime": format!("2026-05-{day}T00:00:00.0000000"),
            "timeZone": "UTC"})
        };
        let master = series(json!({"isAllDay": true, "start": at("04"), "end": at("05"),
            "originalStartTimeZone": zone, "originalEndTimeZone": zone}));
        let own = json!({"originalStart": original, "subject": "U", "start": at("06"),
            "end": at("07"), "isAllDay": true});
        let stored = Stored { master, exceptions: vec![object(own)], cancelled: Vec::new() };
        read(&stored).expect("an event").event
    };
    let expected = daily(json!({
        "start": "2026-05-04T00:00:00", "timeZone": null, "duration": "P1D",
        "showWithoutTime": true, "recurrenceOverrides": {"2026-05-06T00:00:00": {"title": "U"}},
    }));
    assert_eq!(days("UTC", "2026-05-06T00:00:00Z"), expected);
    assert_eq!(days("W. Europe Standard Time", "2026-05-05T22:00:00Z"), expected);
    assert_eq!(days("W. Europe Standard Time", "2026-05-06T00:00:00Z"), expected);
}

#[test]
fn malformed_bodies_say_where() {
    let error = |other: Value| {
        let stored = Stored { master: series(other), ..Stored::default() };
        read(&stored).expect_err("no event").to_string()
    };
    assert_eq!(error(json!({"start": null})), "start is missing");
    assert_eq!(error(json!({"end": {"dateTime": "soon"}})), "end is no date and time");
    assert_eq!(
        error(json!({"start": {"dateTime": "2026-05-04T07:00:00", "timeZone": "X"}})),
        "start is in a zone unknown here"
    );
    assert_eq!(
        error(json!({"recurrence": {"pattern": {"type": "x"}, "range": {}}})),
        "recurrence is of no known type"
    );
    assert_eq!(
        error(json!({"originalStartTimeZone": "tzone://Microsoft/Custom", "recurrence": {
        "pattern": {"type": "daily", "interval": 1}, "range": {"type": "noEnd"}}})),
        "originalStartTimeZone is no zone known here"
    );
    let exception = |own: Value| {
        let exceptions = vec![object(own)];
        let stored = Stored { master: series(json!({})), exceptions, cancelled: Vec::new() };
        read(&stored).expect_err("no event").to_string()
    };
    assert_eq!(exception(json!({})), "originalStart is no instant");
    assert_eq!(exception(json!({"originalStart": "2026-05-05T07:00:00Z"})), "start is missing");
    let stored = Stored {
        master: series(json!({})),
        exceptions: Vec::new(),
        cancelled: vec!["OID.x".to_owned()],
    };
    assert_eq!(
        read(&stored).expect_err("no event").to_string(),
        "cancelledOccurrences names no date"
    );
}
