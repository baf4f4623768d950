//! Random events for property tests.

use proptest::collection::{btree_map, btree_set, vec};
use proptest::option;
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::Event;

/// A JSCalendar object as a server might return it: with defaults, ids and types.
pub(crate) fn raw() -> impl Strategy<Value = Map<String, Value>> {
    (time(), texts(), parts(), option::of(recurrence())).prop_map(
        |(time, texts, parts, recurrence)| {
            let mut raw = Map::new();
            raw.insert("@type".to_owned(), json!("Event"));
            raw.insert("id".to_owned(), json!("e1"));
            raw.insert("sequence".to_owned(), json!(3));
            for object in [time, texts, parts, recurrence.unwrap_or_default()] {
                raw.extend(object);
            }
            raw
        },
    )
}

/// An event in canonical form.
pub(crate) fn event() -> impl Strategy<Value = Event> {
    raw().prop_map(canonical)
}

/// Two events of which the second is a change of the first.
pub(crate) fn changed() -> impl Strategy<Value = (Event, Event)> {
    (raw(), raw(), vec(any::<bool>(), 32)).prop_map(|(first, other, take)| {
        let mut second = first.clone();
        let names: Vec<String> = first.keys().chain(other.keys()).cloned().collect();
        // The start, its zone and what hangs on them stay together.
        let tied = ["start", "timeZone", "showWithoutTime", "recurrenceRule", "duration"];
        for (name, take) in names.iter().zip(take) {
            if take && !tied.contains(&name.as_str()) {
                match other.get(name) {
                    Some(value) => second.insert(name.clone(), value.clone()),
                    None => second.remove(name),
                };
            }
        }
        (canonical(first), canonical(second))
    })
}

fn canonical(raw: Map<String, Value>) -> Event {
    Event::canonical(raw).expect("generated events are events")
}

fn object(value: Value) -> Map<String, Value> {
    value.as_object().cloned().unwrap_or_default()
}

fn time() -> impl Strategy<Value = Map<String, Value>> {
    let zone = prop_oneof![
        Just(json!("Europe/Berlin")),
        Just(json!("America/New_York")),
        Just(json!("Etc/UTC")),
        Just(json!("UTC")),
        Just(Value::Null),
    ];
    let length = prop_oneof![
        Just("PT1H"),
        Just("PT90M"),
        Just("P1D"),
        Just("PT24H"),
        Just("P1DT2H"),
        Just("PT0S"),
    ];
    (1_u8..=28, 1_u8..=12, 0_u8..=23, any::<bool>(), zone, length).prop_map(
        |(day, month, hour, all_day, zone, length)| {
            let hour = if all_day { 0 } else { hour };
            object(json!({
                "start": format!("2026-{month:02}-{day:02}T{hour:02}:00:00"),
                "showWithoutTime": all_day,
                "timeZone": zone,
                "duration": length,
            }))
        },
    )
}

fn texts() -> impl Strategy<Value = Map<String, Value>> {
    let title = "[a-z]{0,6}";
    let description = option::of("[a-z\r\n]{0,8}");
    let status = option::of(prop_oneof![Just("confirmed"), Just("tentative"), Just("cancelled")]);
    let privacy = option::of(prop_oneof![Just("public"), Just("private")]);
    (title, description, status, privacy, 0_i64..=9).prop_map(
        |(title, description, status, privacy, priority)| {
            object(json!({
                "title": title,
                "description": description,
                "status": status,
                "privacy": privacy,
                "priority": priority,
            }))
        },
    )
}

fn parts() -> impl Strategy<Value = Map<String, Value>> {
    let keywords = btree_set("[a-c]", 0..3);
    let alerts =
        btree_map("[a-z]{2}", prop_oneof![Just("-PT5M"), Just("-P1D"), Just("PT0S")], 0..3);
    let locations = btree_map("[0-9]", "[A-C]", 0..3);
    let guests = btree_map("[0-9]", "[a-d]", 0..3);
    (keywords, alerts, locations, guests).prop_map(|(keywords, alerts, locations, guests)| {
        let keywords: Map<String, Value> =
            keywords.into_iter().map(|word| (word, json!(true))).collect();
        let alerts: Map<String, Value> = alerts
            .into_iter()
            .map(|(id, offset)| {
                let trigger = json!({"@type": "OffsetTrigger", "offset": offset});
                (id, json!({"@type": "Alert", "trigger": trigger, "action": "display"}))
            })
            .collect();
        let locations: Map<String, Value> = locations
            .into_iter()
            .map(|(id, name)| (id, json!({"@type": "Location", "name": name})))
            .collect();
        let guests: Map<String, Value> = guests
            .into_iter()
            .map(|(id, name)| {
                let address = format!("mailto:{name}@example.com");
                (id, json!({"calendarAddress": address, "roles": {"attendee": true}}))
            })
            .collect();
        object(json!({
            "keywords": keywords,
            "alerts": alerts,
            "locations": locations,
            "participants": guests,
        }))
    })
}

fn recurrence() -> impl Strategy<Value = Map<String, Value>> {
    let frequency = prop_oneof![Just("daily"), Just("weekly"), Just("monthly"), Just("yearly")];
    let patch = prop_oneof![
        Just(json!({"excluded": true})),
        Just(json!({})),
        "[a-z]{0,4}".prop_map(|title| json!({"title": title})),
        Just(json!({"keywords": null, "start": "2026-06-01T08:00:00"})),
    ];
    let overrides = btree_map(1_u8..=28, patch, 0..4);
    (frequency, 1_i64..=3, option::of(1_i64..=9), overrides).prop_map(
        |(frequency, interval, count, overrides)| {
            let overrides: Map<String, Value> = overrides
                .into_iter()
                .map(|(day, patch)| (format!("2026-05-{day:02}T09:00:00"), patch))
                .collect();
            object(json!({
                "recurrenceRule": {"frequency": frequency, "interval": interval, "count": count},
                "recurrenceOverrides": overrides,
            }))
        },
    )
}
