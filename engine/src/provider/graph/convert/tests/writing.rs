//! The properties that stand for an event's members.

use serde_json::{Value, json};

use super::{daily, event};
use crate::provider::graph::convert::{Change, project, write};

/// Checks one property of the body of a create.
#[track_caller]
fn check(members: Value, property: &str, expected: Value) {
    let written = write(&event(members)).expect("graph can hold it");
    let found = written.master.get(property).cloned().unwrap_or(Value::Null);
    assert_eq!(found, expected);
}

/// Checks that a member is projected to this value.
#[track_caller]
fn kept(members: Value, member: &str, expected: Value) {
    let projected = project(&event(members)).expect("graph can hold it");
    let found = projected.members().get(member).cloned().unwrap_or(Value::Null);
    assert_eq!(found, expected);
}

#[test]
fn every_property_is_said() {
    let written = write(&event(json!({}))).expect("graph can hold it");
    assert_eq!(
        Value::Object(written.master),
        json!({
            "subject": "",
            "body": {"contentType": "text", "content": ""},
            "start": {"dateTime": "2026-05-04T09:00:00", "timeZone": "Europe/Berlin"},
            "end": {"dateTime": "2026-05-04T10:00:00", "timeZone": "Europe/Berlin"},
            "isAllDay": false,
            "locations": [],
            "categories": [],
            "attendees": [],
            "hideAttendees": false,
            "showAs": "busy",
            "importance": "normal",
            "sensitivity": "normal",
            "isReminderOn": false,
        })
    );
}

#[test]
fn days_go_from_midnight_to_midnight() {
    let day = |duration: &str| {
        json!({"start": "2026-05-04T00:00:00", "timeZone": null, "duration": duration,
            "showWithoutTime": true})
    };
    check(day("P2D"), "start", json!({"dateTime": "2026-05-04T00:00:00", "timeZone": "UTC"}));
    check(day("P2D"), "end", json!({"dateTime": "2026-05-06T00:00:00", "timeZone": "UTC"}));
    check(day("P2D"), "isAllDay", json!(true));
    check(day("PT0S"), "end", json!({"dateTime": "2026-05-05T00:00:00", "timeZone": "UTC"}));
    kept(day("PT0S"), "duration", json!("P1D"));
    // An all-day event has no zone there.
    let mut zoned = day("P1D");
    zoned["timeZone"] = json!("Europe/Berlin");
    kept(zoned, "timeZone", Value::Null);
    // What begins at a time of day is not all-day there, however it is to be shown.
    let shown = json!({"showWithoutTime": true});
    check(shown.clone(), "isAllDay", json!(false));
    kept(shown, "showWithoutTime", Value::Null);
}

#[test]
fn an_event_may_end_in_another_zone() {
    let flight = json!({"duration": "PT9H", "endTimeZone": "America/New_York"});
    check(
        flight.clone(),
        "end",
        json!({"dateTime": "2026-05-04T12:00:00", "timeZone": "America/New_York"}),
    );
    kept(flight, "endTimeZone", json!("America/New_York"));
}

#[test]
fn lengths_follow_the_clock_of_the_zone() {
    // The clocks go forward on 29 March 2026.
    let long = json!({"start": "2026-03-28T12:00:00", "duration": "PT24H"});
    check(
        long.clone(),
        "end",
        json!({"dateTime": "2026-03-29T13:00:00", "timeZone": "Europe/Berlin"}),
    );
    kept(long, "duration", json!("PT24H"));
    let series = json!({
        "start": "2026-03-28T12:00:00", "duration": "P1D", "recurrenceRule": {"frequency": "daily"},
    });
    check(
        series.clone(),
        "end",
        json!({"dateTime": "2026-03-29T12:00:00", "timeZone": "Europe/Berlin"}),
    );
    kept(series.clone(), "duration", json!("P1D"));
    let mut exact = series;
    exact["duration"] = json!("PT26H");
    kept(exact, "duration", json!("P1DT2H"));
    // An occurrence whose end the clocks skip is as long as the others.
    let skipped = json!({
        "start": "2026-03-29T01:30:00", "recurrenceRule": {"frequency": "daily"},
    });
    check(
        skipped.clone(),
        "end",
        json!({"dateTime": "2026-03-29T03:30:00", "timeZone": "Europe/Berlin"}),
    );
    kept(skipped, "duration", json!("PT1H"));
    // A time that the zone does not have is the one that the clocks show.
    kept(json!({"start": "2026-03-29T02:30:00"}), "start", json!("2026-03-29T03:30:00"));
}

#[test]
fn words_have_counterparts() {
    check(json!({"freeBusyStatus": "free"}), "showAs", json!("free"));
    check(json!({"status": "tentative"}), "showAs", json!("tentative"));
    check(json!({"status": "tentative", "freeBusyStatus": "free"}), "showAs", json!("free"));
    check(json!({"priority": 4}), "importance", json!("high"));
    check(json!({"priority": 5}), "importance", json!("normal"));
    check(json!({"priority": 6}), "importance", json!("low"));
    check(json!({"privacy": "private"}), "sensitivity", json!("private"));
    check(json!({"privacy": "secret"}), "sensitivity", json!("confidential"));
    check(json!({"hideAttendees": true}), "hideAttendees", json!(true));
    check(json!({"keywords": {"b": true, "a": true}}), "categories", json!(["a", "b"]));
    kept(json!({"priority": 3}), "priority", json!(1));
    kept(json!({"privacy": "secret"}), "privacy", json!("secret"));
    kept(json!({"status": "tentative"}), "status", json!("tentative"));
}

#[test]
fn the_reminder_is_the_alert_nearest_to_the_start() {
    let alerts = json!({"alerts": {
        "1": {"trigger": {"offset": "-P1D"}},
        "2": {"trigger": {"offset": "-PT9M30S"}},
        "3": {"trigger": {"offset": "-PT1M"}, "action": "email"},
        "4": {"trigger": {"offset": "-PT2M", "relativeTo": "end"}},
        "5": {"trigger": {"offset": "PT5M"}},
        "6": {"trigger": {"@type": "AbsoluteTrigger", "when": "2026-05-04T06:00:00Z"}},
    }});
    check(alerts.clone(), "isReminderOn", json!(true));
    check(alerts.clone(), "reminderMinutesBeforeStart", json!(10));
    let projected = project(&event(alerts)).expect("graph can hold it");
    let only = event(json!({"alerts": {"x": {"trigger": {"offset": "-PT10M"}}}}));
    assert_eq!(projected, only);
}

#[test]
fn places_have_names_and_coordinates() {
    let places = json!({"locations": {
        "1": {"name": "Room", "coordinates": "geo:48.2,16.5;u=10",
            "locationTypes": {"office": true}},
        "2": {"name": "Cafe"},
        "3": {"name": "Cafe", "links": {}, "locationTypes": {"cafe": true}},
        "4": {"coordinates": "geo:nowhere"},
    }, "mainLocationId": "1", "virtualLocations": {"1": {"uri": "https://meet.example/1"}}});
    check(
        places.clone(),
        "locations",
        json!([
            {"coordinates": {"latitude": 48.2, "longitude": 16.5}, "displayName": "Room"},
            {"displayName": "Cafe"},
        ]),
    );
    let projected = project(&event(places)).expect("graph can hold it");
    let plain = event(json!({"locations": {
        "1": {"name": "Room", "coordinates": "geo:48.2,16.5"}, "2": {"name": "Cafe"},
    }}));
    assert_eq!(projected, plain);
}

#[test]
fn guests_are_attendees_and_the_organizer_is_none() {
    let guests = json!({
        "organizerCalendarAddress": "mailto:boss@example.com",
        "participants": {
            "1": {"calendarAddress": "mailto:boss@example.com", "roles": {"chair": true}},
            "2": {"calendarAddress": "mailto:Zoe@example.com", "name": "Zoe",
                "roles": {"optional": true}, "participationStatus": "accepted"},
            "3": {"calendarAddress": "mailto:ann@example.com", "roles": {"attendee": true}},
            "4": {"calendarAddress": "mailto:room@example.com", "kind": "location",
                "roles": {"required": true}},
            "5": {"calendarAddress": "urn:uuid:1", "roles": {"required": true}},
        },
    });
    check(
        guests.clone(),
        "attendees",
        json!([
            {"emailAddress": {"address": "ann@example.com"}, "type": "required"},
            {"emailAddress": {"address": "room@example.com"}, "type": "resource"},
            {"emailAddress": {"address": "zoe@example.com", "name": "Zoe"}, "type": "optional"},
        ]),
    );
    let projected = project(&event(guests)).expect("graph can hold it");
    assert_eq!(projected.attendees(), 3);
    assert!(!projected.members().contains_key("organizerCalendarAddress"));
}

#[test]
fn occurrences_say_only_what_differs() {
    let series = daily(json!({
        "title": "T", "alerts": {"1": {"trigger": {"offset": "-PT10M"}}},
        "recurrenceOverrides": {
            "2026-05-05T09:00:00": {"excluded": true},
            "2026-05-06T09:00:00": {"title": "U", "alerts": null},
            "2026-05-07T09:00:00": {"start": "2026-05-07T11:00:00"},
            "2026-05-08T09:00:00": {"status": "cancelled"},
        },
    }));
    let written = write(&series).expect("graph can hold it");
    assert_eq!(
        written.master["recurrence"],
        json!({
            "pattern": {"type": "daily", "interval": 1},
            "range": {"type": "numbered", "numberOfOccurrences": 5, "startDate": "2026-05-04",
                "recurrenceTimeZone": "Europe/Berlin"},
        })
    );
    let found: Vec<(String, String, Value)> = written
        .overrides
        .into_iter()
        .map(|one| {
            let change = match one.change {
                Change::Cancel => json!("cancel"),
                Change::Patch(own) => Value::Object(own),
                Change::Restore(_) => json!("restore"),
            };
            (one.original_start.to_string(), one.instant.to_string(), change)
        })
        .collect();
    let point = |hour: u8| {
        let text = format!("2026-05-07T{hour:02}:00:00");
        json!({"dateTime": text, "timeZone": "Europe/Berlin"})
    };
    let expected = [
        ("2026-05-05T09:00:00", "2026-05-05T07:00:00Z", json!("cancel")),
        (
            "2026-05-06T09:00:00",
            "2026-05-06T07:00:00Z",
            json!({"subject": "U", "isReminderOn": false}),
        ),
        (
            "2026-05-07T09:00:00",
            "2026-05-07T07:00:00Z",
            json!({"start": point(11), "end": point(12)}),
        ),
        ("2026-05-08T09:00:00", "2026-05-08T07:00:00Z", json!("cancel")),
    ];
    let expected: Vec<(String, String, Value)> =
        expected.map(|(at, utc, own)| (at.to_owned(), utc.to_owned(), own)).to_vec();
    assert_eq!(found, expected);
}

#[test]
fn an_override_that_graph_cannot_hold_is_left_out() {
    let series = daily(json!({"recurrenceOverrides": {
        "2026-05-05T09:00:00": {"virtualLocations": {"1": {"uri": "https://meet.example/1"}}},
        // No occurrence is left out by this.
        "2026-05-05T12:00:00": {"excluded": true},
    }}));
    assert_eq!(write(&series).expect("graph can hold it").overrides, []);
    assert_eq!(project(&series), Ok(daily(json!({}))));
}

#[test]
fn an_occurrence_in_another_zone_is_written_in_that_of_the_series() {
    let series = daily(json!({"recurrenceOverrides": {"2026-05-05T09:00:00": {
        "start": "2026-05-05T10:00:00", "timeZone": "Europe/London",
    }}}));
    let expected = daily(json!({"recurrenceOverrides": {"2026-05-05T09:00:00": {
        "start": "2026-05-05T11:00:00",
    }}}));
    assert_eq!(project(&series), Ok(expected));
}
