//! Tests of the canonical form, its hash and the identities.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::generate;
use super::time::{Length, local};
use super::{Event, identity_fallback, unwrap_goid};

fn event(raw: Value) -> Event {
    let mut members = raw.as_object().cloned().unwrap_or_default();
    members.entry("start").or_insert(json!("2026-04-16T09:00:00"));
    Event::canonical(members).expect("the test's event is one")
}

/// Checks one member of the canonical form.
#[track_caller]
fn check(raw: Value, member: &str, expected: Value) {
    let found = event(raw).members().get(member).cloned().unwrap_or(Value::Null);
    assert_eq!(found, expected);
}

proptest! {
    #[test]
    fn canonical_is_idempotent(raw in generate::raw()) {
        let once = Event::canonical(raw).expect("an event");
        let twice = Event::canonical(once.members().clone()).expect("an event");
        prop_assert_eq!(once, twice);
    }

    #[test]
    fn the_hash_does_not_depend_on_the_order_of_members(event in generate::event()) {
        let reversed: serde_json::Map<String, Value> =
            event.members().clone().into_iter().rev().collect();
        let text = serde_json::to_string(&reversed).expect("JSON");
        let read: Event = serde_json::from_str(&text).expect("an event");
        prop_assert_eq!(read.hash(), event.hash());
    }

    #[test]
    fn durations_survive_their_text(days in 0_u64..400, seconds in 0_u64..90_000) {
        let length = Length { negative: false, days, seconds, nanoseconds: 0 };
        prop_assert_eq!(Length::parse(&length.text()), Some(length));
    }

    #[test]
    fn goid_never_panics(text in "\\PC{0,200}") {
        let _ = unwrap_goid(&text);
    }
}

#[test]
fn what_servers_set_is_no_content() {
    let with = event(json!({
        "@type": "Event", "id": "x", "uid": "u", "calendarIds": {"c": true}, "prodId": "p",
        "created": "2026-01-01T00:00:00Z", "updated": "2026-01-02T00:00:00Z", "sequence": 4,
        "isDraft": false, "isOrigin": true, "title": "T",
    }));
    assert_eq!(with, event(json!({"title": "T"})));
}

#[test]
fn a_default_says_nothing() {
    let full = event(json!({
        "status": "confirmed", "privacy": "public", "freeBusyStatus": "busy", "priority": 0,
        "duration": "PT0S", "showWithoutTime": false, "title": "", "description": "",
        "descriptionContentType": "text/plain", "keywords": {}, "timeZone": null,
    }));
    assert_eq!(full, event(json!({})));
}

#[test]
fn parts_are_named_by_what_they_say() {
    let one = event(json!({"alerts": {
        "1": {"@type": "Alert", "trigger": {"@type": "OffsetTrigger", "offset": "-PT15M"}},
        "2": {"trigger": {"offset": "-P1D", "relativeTo": "start"}, "action": "display"},
    }}));
    let other = event(json!({"alerts": {
        "x": {"trigger": {"offset": "-PT24H"}},
        "y": {"trigger": {"offset": "-PT900S"}},
    }}));
    assert_eq!(one, other);
    assert_eq!(one.members()["alerts"].as_object().map(serde_json::Map::len), Some(2));
}

#[test]
fn a_participant_that_is_named_twice_is_one() {
    let twice = event(json!({"participants": {
        "1": {"calendarAddress": "mailto:Ann@Example.com", "name": "Ann", "roles": {"owner": true}},
        "2": {"calendarAddress": "mailto:ann@example.com", "roles": {"attendee": true}},
    }}));
    let guests = twice.members()["participants"].as_object().expect("participants");
    let only: Vec<&Value> = guests.values().collect();
    assert_eq!(
        only,
        [&json!({
            "calendarAddress": "mailto:ann@example.com", "name": "Ann",
            "roles": {"attendee": true, "owner": true},
        })]
    );
}

#[test]
fn the_main_location_follows_its_new_name() {
    let event = event(json!({
        "locations": {"1": {"name": "Room"}, "2": {"name": "Hall"}}, "mainLocationId": "2",
    }));
    let id = event.members()["mainLocationId"].as_str().expect("a main location");
    assert_eq!(event.members()["locations"][id]["name"], "Hall");
    check(
        json!({"locations": {"1": {"name": "Room"}}, "mainLocationId": "1"}),
        "mainLocationId",
        Value::Null,
    );
}

#[test]
fn durations_have_one_form() {
    check(json!({"duration": "PT60M"}), "duration", json!("PT1H"));
    check(json!({"duration": "P1W", "showWithoutTime": true}), "duration", json!("P7D"));
    check(json!({"duration": "PT48H", "showWithoutTime": true}), "duration", json!("P2D"));
    check(json!({"duration": "P1D"}), "duration", json!("PT24H"));
    // The clocks go forward on 29 March 2026: that day has 23 hours.
    let spring = json!({
        "start": "2026-03-28T12:00:00", "timeZone": "Europe/Berlin", "duration": "P1D",
    });
    check(spring.clone(), "duration", json!("PT23H"));
    let mut series = spring;
    series["recurrenceRule"] = json!({"frequency": "daily"});
    check(series, "duration", json!("P1D"));
}

#[test]
fn a_rule_says_what_its_start_implied() {
    // 16 April 2026 is a Thursday.
    let rule = |rule: Value| json!({"recurrenceRule": rule});
    check(
        rule(json!({"frequency": "weekly", "interval": 1})),
        "recurrenceRule",
        json!({"frequency": "weekly", "byDay": [{"day": "th"}]}),
    );
    check(
        rule(json!({"frequency": "monthly"})),
        "recurrenceRule",
        json!({"frequency": "monthly", "byMonthDay": [16]}),
    );
    check(
        rule(json!({"frequency": "yearly"})),
        "recurrenceRule",
        json!({"frequency": "yearly", "byMonth": ["4"], "byMonthDay": [16]}),
    );
    check(
        rule(json!({"frequency": "daily", "byDay": [{"day": "fr"}, {"day": "mo"}]})),
        "recurrenceRule",
        json!({"frequency": "weekly", "byDay": [{"day": "mo"}, {"day": "fr"}]}),
    );
    check(
        rule(json!({"frequency": "monthly", "byDay": [{"day": "tu"}], "bySetPosition": [2]})),
        "recurrenceRule",
        json!({"frequency": "monthly", "byDay": [{"day": "tu", "nthOfPeriod": 2}]}),
    );
    check(
        rule(json!({"frequency": "daily", "until": "2026-05-01T23:59:59", "byHour": [9]})),
        "recurrenceRule",
        json!({"frequency": "daily", "until": "2026-05-01T09:00:00"}),
    );
    check(
        rule(json!({"frequency": "daily", "until": "2026-05-01T08:59:59"})),
        "recurrenceRule",
        json!({"frequency": "daily", "until": "2026-04-30T09:00:00"}),
    );
    check(
        rule(json!({"frequency": "daily", "rscale": "HEBREW"})),
        "recurrenceRule",
        json!({"frequency": "daily", "rscale": "hebrew"}),
    );
}

#[test]
fn overrides_hold_only_what_differs() {
    let series = |overrides: Value| {
        json!({
            "title": "T", "locations": {"1": {"name": "Room"}},
            "recurrenceRule": {"frequency": "daily"}, "recurrenceOverrides": overrides,
        })
    };
    let key = "2026-04-18T09:00:00";
    check(series(json!({key: {"title": "T", "start": key}})), "recurrenceOverrides", Value::Null);
    check(
        series(json!({key: {"locations/1": null}})),
        "recurrenceOverrides",
        json!({key: {"locations": null}}),
    );
    check(
        series(json!({key: {"excluded": true, "title": "gone"}})),
        "recurrenceOverrides",
        json!({key: {"excluded": true}}),
    );
    check(
        series(json!({key: {"privacy": "private", "nowhere/at/all": 1}})),
        "recurrenceOverrides",
        Value::Null,
    );
    // No occurrence of the rule: this adds one.
    check(
        series(json!({"2026-04-18T12:00:00": {}})),
        "recurrenceOverrides",
        json!({"2026-04-18T12:00:00": {}}),
    );
}

#[test]
fn malformed_events_say_where() {
    let error = |raw: Value| {
        let members = raw.as_object().cloned().unwrap_or_default();
        Event::canonical(members).expect_err("no event").to_string()
    };
    assert_eq!(error(json!({"title": "T"})), "start is missing");
    assert_eq!(error(json!({"start": "2026-04-16"})), "start is no local date and time");
    assert_eq!(error(json!({"start": "2026-04-16T09:00:00Z"})), "start is no local date and time");
    assert_eq!(
        error(json!({"start": "2026-04-16T09:00:00", "duration": "-PT1H"})),
        "duration is no duration"
    );
    assert_eq!(
        error(json!({"start": "2026-04-16T09:00:00", "keywords": ["a"]})),
        "keywords is no object"
    );
    assert_eq!(
        error(json!({"start": "2026-04-16T09:00:00", "recurrenceRule": {"count": 1}})),
        "recurrenceRule/frequency is missing"
    );
}

#[test]
fn guests_are_counted_and_taken_out_everywhere() {
    let guest = |name: &str| json!({"calendarAddress": format!("mailto:{name}@example.com")});
    let key = "2026-04-18T09:00:00";
    let event = event(json!({
        "organizerCalendarAddress": "mailto:boss@example.com",
        "participants": {"1": guest("boss"), "2": guest("ann")},
        "recurrenceRule": {"frequency": "daily"},
        "recurrenceOverrides": {key: {"participants": {"3": guest("bob")}}},
    }));
    assert_eq!(event.attendees(), 2);
    let without = event.without_attendees();
    assert!(!without.has_attendees());
    assert_eq!(without.members().keys().collect::<Vec<_>>(), ["recurrenceRule", "start"]);
}

#[test]
fn the_start_is_an_instant() {
    let utc = |raw: Value| event(raw).start_utc();
    assert_eq!(utc(json!({"timeZone": "Europe/Berlin"})).as_deref(), Some("2026-04-16T07:00:00Z"));
    assert_eq!(utc(json!({})).as_deref(), Some("2026-04-16T09:00:00"));
    assert_eq!(utc(json!({"showWithoutTime": true})).as_deref(), Some("2026-04-16"));
    let named = event(json!({"title": "  Stand UP ", "timeZone": "Europe/Berlin"}));
    assert_eq!(identity_fallback(&named).as_deref(), Some("stand up|2026-04-16T07:00:00Z"));
    assert_eq!(identity_fallback(&event(json!({}))), None);
}

#[test]
fn a_wrapped_uid_is_unwrapped() {
    let uid = "ABC-123@example.com";
    let mut bytes =
        vec![0x04, 0, 0, 0, 0x82, 0, 0xE0, 0, 0x74, 0xC5, 0xB7, 0x10, 0x1A, 0x82, 0xE0, 0x08];
    bytes.extend([0; 20]);
    let mut data = b"vCal-Uid\x01\0\0\0".to_vec();
    data.extend(uid.as_bytes());
    data.push(0);
    bytes.extend(u32::try_from(data.len()).expect("short").to_le_bytes());
    bytes.extend(&data);
    let upper: String = bytes.iter().map(|byte| format!("{byte:02X}")).collect();
    assert_eq!(unwrap_goid(&upper), uid);
    assert_eq!(unwrap_goid(&upper.to_lowercase()), uid);
    let cut = &upper[..upper.len() - 2];
    assert_eq!(unwrap_goid(cut), cut);
    assert_eq!(unwrap_goid(uid), uid);
    assert_eq!(unwrap_goid("ä"), "ä");
}

#[test]
fn local_times_have_no_zone() {
    assert!(local("2026-04-16T09:00:00").is_some());
    assert!(local("2026-04-16T09:00:00.5").is_some());
    for wrong in
        ["2026-04-16T09:00:00Z", "2026-04-16", "2026-04-16 09:00:00", "2026-02-30T09:00:00"]
    {
        assert_eq!(local(wrong), None, "{wrong}");
    }
}
