//! What has to hold for every event.

use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::model::Mailbox;
use super::{event, object};
use crate::content::{Event, generate};
use crate::provider::graph::convert::{Exceptions, patch, project, write};

proptest! {
    #[test]
    fn projecting_twice_changes_nothing(event in any_event()) {
        let Ok(once) = project(&event) else { return Ok(()) };
        prop_assert_eq!(project(&once), Ok(once));
    }

    #[test]
    fn a_projection_is_written_as_the_event_was(event in any_event()) {
        let Ok(projected) = project(&event) else { return Ok(()) };
        prop_assert_eq!(write(&projected), write(&event));
    }

    #[test]
    fn what_was_created_is_read_as_it_was_projected(event in any_event()) {
        let Ok(written) = write(&event) else { return Ok(()) };
        let projected = project(&event);
        prop_assert_eq!(Ok(Mailbox::create(written).event()), projected);
    }

    #[test]
    fn a_patch_leads_from_one_to_the_other((before, after) in change()) {
        let Ok(written) = write(&before) else { return Ok(()) };
        let mut mailbox = Mailbox::create(written);
        let held = mailbox.event();
        let Ok(patch) = patch(&held, &after) else { return Ok(()) };
        mailbox.patch(patch);
        prop_assert_eq!(Ok(mailbox.event()), project(&after));
    }

    #[test]
    fn nothing_is_patched_where_nothing_changes(event in any_event()) {
        let Ok(projected) = project(&event) else { return Ok(()) };
        let patch = patch(&projected, &event).expect("both can be held");
        prop_assert_eq!(patch.master, Map::new());
        prop_assert_eq!(patch.exceptions, Exceptions::Kept);
        prop_assert_eq!(patch.overrides, vec![]);
    }
}

fn any_event() -> impl Strategy<Value = Event> {
    prop_oneof![generate::event(), series()]
}

fn change() -> impl Strategy<Value = (Event, Event)> {
    prop_oneof![
        generate::changed(),
        (series(), series()),
        // The same series with other occurrences.
        (members(), overrides(), overrides()).prop_map(|(members, one, other)| {
            (with(members.clone(), one), with(members, other))
        }),
    ]
}

/// A series that Graph can mostly hold, with overrides of its occurrences.
fn series() -> impl Strategy<Value = Event> {
    (members(), overrides()).prop_map(|(members, overrides)| with(members, overrides))
}

fn with(mut members: Map<String, Value>, overrides: Map<String, Value>) -> Event {
    members.insert("recurrenceOverrides".to_owned(), Value::Object(overrides));
    event(Value::Object(members))
}

fn members() -> impl Strategy<Value = Map<String, Value>> {
    let rule = prop_oneof![
        Just(json!({"frequency": "daily", "count": 20})),
        Just(json!({"frequency": "daily", "interval": 2})),
        Just(json!({"frequency": "weekly", "byDay": [{"day": "mo"}, {"day": "th"}]})),
        Just(json!({"frequency": "weekly", "interval": 2, "until": "2026-07-01T00:00:00"})),
        Just(json!({"frequency": "monthly", "byDay": [{"day": "mo", "nthOfPeriod": 1}]})),
    ];
    let zone = prop_oneof![Just("Europe/Berlin"), Just("Europe/Vienna"), Just("Asia/Tokyo")];
    let texts = (option::of("[a-z&<>\n ]{0,12}"), option::of("<p>[a-z]{0,5}</p>|[a-z]{1,4}<br>x"));
    let length = prop_oneof![Just("PT1H"), Just("P1D"), Just("PT26H")];
    (rule, zone, "[A-Z]{0,3}", texts, length, any::<bool>()).prop_map(
        |(rule, zone, title, (text, html), length, free)| {
            let mut members = object(json!({
                "recurrenceRule": rule, "timeZone": zone, "title": title, "duration": length,
                "freeBusyStatus": if free { "free" } else { "busy" },
            }));
            let description = match (text, html) {
                (Some(text), _) => json!({"description": text}),
                (None, Some(html)) => {
                    json!({"description": html, "descriptionContentType": "text/html"})
                }
                (None, None) => json!({}),
            };
            members.extend(object(description));
            members
        },
    )
}

fn overrides() -> impl Strategy<Value = Map<String, Value>> {
    let patch = prop_oneof![
        Just(json!({"excluded": true})),
        "[a-z]{0,3}".prop_map(|title| json!({"title": title})),
        Just(json!({"start": "T14:30:00", "duration": "PT30M"})),
        Just(json!({"alerts": {"1": {"trigger": {"offset": "-PT5M"}}}})),
        Just(json!({"freeBusyStatus": "free", "description": "other"})),
        vec("[a-b]", 0..2).prop_map(|words| {
            let words: Map<String, Value> =
                words.into_iter().map(|word| (word, json!(true))).collect();
            json!({"keywords": words})
        }),
        Just(json!({"start": "T00:00:00", "showWithoutTime": true, "duration": "P1D"})),
    ];
    btree_map(4_u8..=24, patch, 0..4).prop_map(|overrides| {
        let overrides = overrides.into_iter().map(|(day, mut patch)| {
            if let Some(Value::String(start)) = patch.get_mut("start") {
                *start = format!("2026-05-{day:02}{start}");
            }
            (format!("2026-05-{day:02}T09:00:00"), patch)
        });
        overrides.collect()
    })
}
