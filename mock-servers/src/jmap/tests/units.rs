//! Small parts by themselves.

use jiff::civil::date;
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use crate::jmap::{patch, times, validate};
use crate::world::{Span, When, Zone};

#[test]
fn durations_are_read() {
    let cases = [
        ("PT0S", Some((0, 0))),
        ("P1D", Some((1, 0))),
        ("P2W", Some((14, 0))),
        ("P1DT2H3M4S", Some((1, 7384))),
        ("PT1.5S", Some((0, 1))),
        ("P", None),
        ("PT", None),
        ("P1DT", None),
        ("PT1M1H", None),
        ("P1Y", None),
        ("1H", None),
        ("-PT1H", None),
        ("PT1.5H", None),
        ("PT99999999999999999999S", None),
        ("Pü", None),
    ];
    for (text, expected) in cases {
        let expected = expected.map(|(days, seconds)| Span { days, seconds });
        assert_eq!(times::duration(text, false), expected, "{text}");
    }
    assert_eq!(times::duration("-P1DT1H", true), Some(Span { days: -1, seconds: -3600 }));
}

#[test]
fn local_and_utc_times_are_told_apart() {
    assert_eq!(times::local("2026-05-04T09:00:00"), Some(date(2026, 5, 4).at(9, 0, 0, 0)));
    for text in [
        "2026-05-04T09:00:00Z",
        "2026-05-04",
        "2026-05-04 09:00:00",
        "2026-02-30T00:00:00",
        "2026-05-04T09:00:00.50",
        "ü",
    ] {
        assert_eq!(times::local(text), None, "{text}");
    }
    assert_eq!(times::utc("2026-05-04T09:00:00Z").unwrap().to_string(), "2026-05-04T09:00:00Z");
    assert_eq!(times::utc("2026-05-04T09:00:00"), None);
}

#[test]
fn days_are_nominal_and_seconds_exact() {
    // The clocks go forward in the night of 29 March 2026.
    let zone = Zone::iana("Europe/Berlin").unwrap();
    let start = When::Zoned(date(2026, 3, 28).at(12, 0, 0, 0), zone.clone());
    let end = |days, seconds| times::end(&start, Span { days, seconds }).unwrap().local();
    assert_eq!(end(1, 0), date(2026, 3, 29).at(12, 0, 0, 0));
    assert_eq!(end(0, 86_400), date(2026, 3, 29).at(13, 0, 0, 0));
}

fn object(value: Value) -> Map<String, Value> {
    value.as_object().unwrap().clone()
}

#[test]
fn a_patch_is_applied_as_a_whole_or_not_at_all() {
    let mut event = object(json!({ "a": { "b": 1 }, "c": 2 }));
    let before = event.clone();
    let bad = object(json!({ "c": 3, "x/y": 1 }));
    let invalid = patch::apply(&mut event, &bad).unwrap_err();
    assert_eq!((invalid.pointer.as_str(), invalid.reason), ("x/y", "a parent does not exist"));
    assert_eq!(event, before);
    let good = object(json!({ "a/b": null, "a/d~1e~0": true, "n": null }));
    patch::apply(&mut event, &good).unwrap();
    assert_eq!(event, object(json!({ "a": { "d/e~": true }, "c": 2 })));
}

fn json_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        any::<i64>().prop_map(Value::from),
        "[a-z~/ü0-9:TZ-]{0,20}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::Array),
            prop::collection::btree_map("[a-z~/@ü]{0,6}", inner, 0..4)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

fn names() -> impl Strategy<Value = String> {
    let names = [
        "start",
        "duration",
        "timeZone",
        "recurrenceRule",
        "recurrenceOverrides",
        "alerts",
        "participants",
        "locations",
        "title",
        "showWithoutTime",
        "calendarIds",
        "updated",
    ];
    prop::sample::select(names.to_vec()).prop_map(str::to_owned)
}

proptest! {
    #[test]
    fn no_object_makes_reading_it_panic(
        members in prop::collection::btree_map(names(), json_value(), 0..8),
        changes in prop::collection::btree_map("[a-z~/]{0,8}", json_value(), 0..4),
    ) {
        let mut body: Map<String, Value> = members.into_iter().collect();
        let _ = validate::event(&body);
        let _ = patch::apply(&mut body, &changes.into_iter().collect());
        let item = crate::account::Item {
            id: "i".to_owned(),
            uid: "u".to_owned(),
            calendars: std::collections::BTreeSet::new(),
            body,
            exceptions: std::collections::BTreeMap::new(),
            cancelled: std::collections::BTreeSet::new(),
            text: None,
            sequence: 0,
            transaction: None,
            created: jiff::Timestamp::UNIX_EPOCH,
            updated: jiff::Timestamp::UNIX_EPOCH,
            created_modseq: 0,
            modseq: 0,
            rendered: crate::account::Rendered::default(),
        };
        let facts = crate::jmap::facts::facts(&item);
        prop_assert_eq!(facts.clone(), facts);
        let _ = crate::jmap::schedule::schedule(None, Some(&item), "o");
    }
}

#[test]
fn shipped_events_are_valid_as_they_are_seeded() {
    let lineage = calamity_evidence::Lineage::from_number(1);
    let mut wrong = Vec::new();
    for (name, octets) in crate::world::calendars() {
        for event in crate::world::read(&octets).unwrap().events {
            let body = crate::world::jscalendar(&event, &lineage, "owner@example.com").unwrap();
            if let Err(error) = validate::event(&body) {
                wrong.push((name.clone(), error.properties));
            }
        }
    }
    // Addresses that are paths, as the product writes them: held, but a client could not write them.
    let paths = ["organizerCalendarAddress", "participants/0aa9b8b29897d41e/calendarAddress"];
    let paths = paths.map(str::to_owned).to_vec();
    assert_eq!(wrong, [("apple-attendees-without-mailto.ics".to_owned(), paths)]);
}
