//! Recurring events: expansion, synthetic ids, overrides.

use serde_json::{Value, json};

use super::harness::{World, simulated};

async fn series(world: &World) -> String {
    let mut event = world.event("series", "Standup");
    event["recurrenceRule"] = json!({ "frequency": "weekly", "count": 4 });
    event["recurrenceOverrides"] = json!({
        "2026-05-11T09:00:00": { "excluded": true },
        "2026-05-18T09:00:00": { "start": "2026-05-18T14:00:00", "title": "Late" },
        "2026-05-20T09:00:00": {},
    });
    world.made(event).await
}

async fn expanded(world: &World, after: &str, before: &str) -> Vec<String> {
    let asked = json!({
        "filter": { "after": after, "before": before },
        "sort": [{ "property": "start" }],
        "expandRecurrences": true,
    });
    let ids = world.ok("CalendarEvent/query", asked).await["ids"].clone();
    serde_json::from_value(ids).unwrap()
}

#[test]
fn a_series_is_expanded_into_its_occurrences() {
    simulated(async |world| {
        let base = series(&world).await;
        let ids = expanded(&world, "2026-05-01T00:00:00", "2026-06-01T00:00:00").await;
        let properties =
            ["start", "title", "baseEventId", "recurrenceId", "recurrenceRule", "utcStart"];
        let asked = json!({ "ids": ids, "properties": properties });
        let list = world.ok("CalendarEvent/get", asked).await["list"].clone();
        let shown: Vec<[&str; 3]> = list
            .as_array()
            .unwrap()
            .iter()
            .map(|event| {
                ["start", "title", "recurrenceId"].map(|name| event[name].as_str().unwrap())
            })
            .collect();
        assert_eq!(
            shown,
            [
                ["2026-05-04T09:00:00", "Standup", "2026-05-04T09:00:00"],
                ["2026-05-18T14:00:00", "Late", "2026-05-18T09:00:00"],
                ["2026-05-20T09:00:00", "Standup", "2026-05-20T09:00:00"],
                ["2026-05-25T09:00:00", "Standup", "2026-05-25T09:00:00"],
            ]
        );
        assert_eq!(list[1]["baseEventId"], base);
        assert_eq!(list[1]["recurrenceRule"], Value::Null);
        assert_eq!(list[1]["utcStart"], "2026-05-18T12:00:00Z");
        let window = expanded(&world, "2026-05-18T12:30:00", "2026-05-20T07:00:00").await;
        assert_eq!(window, [ids[1].clone()]);
        let whole = json!({ "expandRecurrences": true });
        assert_eq!(world.err("CalendarEvent/query", whole).await, "invalidArguments");
        let long = json!({ "expandRecurrences": true, "filter": {
            "after": "2026-01-01T00:00:00", "before": "2028-01-01T00:00:00",
        } });
        assert_eq!(world.err("CalendarEvent/query", long).await, "expandDurationTooLarge");
    });
}

#[test]
fn one_occurrence_is_changed_and_taken_out_by_its_synthetic_id() {
    simulated(async |world| {
        let base = series(&world).await;
        let ids = expanded(&world, "2026-05-01T00:00:00", "2026-06-01T00:00:00").await;
        assert_eq!(world.patched(&ids[0], json!({ "title": "First" })).await, Value::Null);
        assert_eq!(world.patched(&ids[1], json!({ "title": "Standup" })).await, Value::Null);
        let destroy = json!({ "destroy": [ids[2], ids[3]] });
        let answer = world.ok("CalendarEvent/set", destroy).await;
        assert_eq!(answer["destroyed"], json!([ids[2], ids[3]]));
        assert_eq!(
            world.shown(&base).await["recurrenceOverrides"],
            json!({
                "2026-05-04T09:00:00": { "title": "First" },
                "2026-05-11T09:00:00": { "excluded": true },
                "2026-05-18T09:00:00": { "start": "2026-05-18T14:00:00" },
                "2026-05-25T09:00:00": { "excluded": true },
            })
        );
        let again = world.ok("CalendarEvent/set", json!({ "destroy": [ids[3]] })).await;
        assert_eq!(again["notDestroyed"][&ids[3]]["type"], "notFound");
    });
}

#[test]
fn facts_tell_what_stands_out_of_the_rule() {
    simulated(async |world| {
        series(&world).await;
        let facts = world.server.items()[0].facts.clone();
        assert_eq!(facts.rule, "FREQ=WEEKLY;INTERVAL=1;BYDAY=MO;COUNT=4");
        assert_eq!(
            (facts.start.as_str(), facts.end.as_str()),
            ("2026-05-04T07:00:00Z", "2026-05-04T08:00:00Z")
        );
        assert_eq!(facts.excluded.into_iter().collect::<Vec<_>>(), ["2026-05-11T07:00:00Z"]);
        assert_eq!(
            facts.exceptions.into_iter().collect::<Vec<_>>(),
            [
                (
                    "2026-05-18T07:00:00Z".to_owned(),
                    "Late|2026-05-18T12:00:00Z|2026-05-18T13:00:00Z".to_owned()
                ),
                (
                    "2026-05-20T07:00:00Z".to_owned(),
                    "Standup|2026-05-20T07:00:00Z|2026-05-20T08:00:00Z".to_owned()
                ),
            ]
        );
        assert!(facts.recurring && facts.busy && !facts.cancelled && !facts.all_day);
    });
}

#[test]
fn overrides_are_limited_to_a_span_on_request() {
    simulated(async |world| {
        let id = series(&world).await;
        let asked = json!({
            "ids": [id],
            "recurrenceOverridesAfter": "2026-05-11T07:00:01Z",
            "recurrenceOverridesBefore": "2026-05-20T07:00:00Z",
        });
        let shown = world.ok("CalendarEvent/get", asked).await["list"][0].clone();
        let keys: Vec<&String> = shown["recurrenceOverrides"].as_object().unwrap().keys().collect();
        assert_eq!(keys, ["2026-05-18T09:00:00"]);
    });
}
