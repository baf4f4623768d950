//! Tests of the merge.

use jiff::Timestamp;
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::{Merged, Sides, merge};
use crate::content::{Event, generate};
use crate::model::Attendees;

fn event(raw: Value) -> Event {
    let mut members = raw.as_object().cloned().unwrap_or_default();
    members.entry("start").or_insert(json!("2026-04-16T09:00:00"));
    Event::canonical(members).expect("the test's event is one")
}

fn side<'a>(base: Option<&'a Event>, now: &'a Event) -> Sides<'a> {
    Sides { base, now, updated: None }
}

fn later(side: Sides<'_>) -> Sides<'_> {
    Sides { updated: Some(Timestamp::UNIX_EPOCH), ..side }
}

/// Merges changes of one base that both sides hold.
fn both(base: &Value, a: Value, b: Value) -> Merged {
    let over = |changes: Value| {
        let mut members = base.as_object().cloned().unwrap_or_default();
        members.extend(changes.as_object().cloned().unwrap_or_default());
        event(Value::Object(members))
    };
    let base = over(json!({}));
    let (a, b) = (over(a), over(b));
    merge(side(Some(&base), &a), side(Some(&base), &b), Attendees::Send)
}

/// The event without a few of its members: what a poorer provider holds of it.
fn poorer(event: &Event) -> Event {
    let mut members = event.members().clone();
    for name in ["keywords", "priority", "status", "locations", "mainLocationId"] {
        members.remove(name);
    }
    if let Some(Value::Object(alerts)) = members.get_mut("alerts") {
        let first = alerts.keys().next().cloned();
        alerts.retain(|key, _| Some(key) == first.as_ref());
    }
    Event::canonical(members).expect("still an event")
}

proptest! {
    #[test]
    fn nothing_changed_writes_nothing(event in generate::event()) {
        let merged = merge(side(Some(&event), &event), side(Some(&event), &event), Attendees::Send);
        prop_assert_eq!(&merged.a, &event);
        prop_assert_eq!(&merged.b, &event);
        prop_assert_eq!(merged.conflicts, 0);
        prop_assert!(merged.drift_a.is_empty() && merged.drift_b.is_empty());
        let first = merge(side(None, &event), side(None, &event), Attendees::Send);
        prop_assert_eq!((&first.a, &first.b, first.conflicts), (&event, &event, 0));
    }

    #[test]
    fn a_change_on_one_side_arrives_on_the_other((base, now) in generate::changed()) {
        let merged = merge(side(Some(&base), &now), side(Some(&base), &base), Attendees::Send);
        prop_assert_eq!(&merged.a, &now);
        prop_assert_eq!(&merged.b, &now);
        prop_assert_eq!(merged.conflicts, 0);
    }

    #[test]
    fn what_a_side_cannot_hold_is_never_removed((base, now) in generate::changed()) {
        let (poor_base, poor_now) = (poorer(&base), poorer(&now));
        // Whatever happens on the poorer side, the richer one keeps what the poorer never had.
        let merged = merge(side(Some(&base), &base), side(Some(&poor_base), &poor_now), Attendees::Send);
        for name in ["keywords", "priority", "status", "locations"] {
            prop_assert_eq!(merged.a.members().get(name), base.members().get(name), "{}", name);
        }
        let still = merge(side(Some(&base), &base), side(Some(&poor_base), &poor_base), Attendees::Send);
        prop_assert_eq!(&still.a, &base);
        prop_assert_eq!(&still.b, &poor_base);
    }

    #[test]
    fn sides_may_be_swapped((base, a) in generate::changed(), b in generate::event()) {
        let one = merge(later(side(Some(&base), &a)), side(Some(&base), &b), Attendees::Send);
        let two = merge(side(Some(&base), &b), later(side(Some(&base), &a)), Attendees::Send);
        prop_assert_eq!((one.a, one.b, one.conflicts), (two.b, two.a, two.conflicts));
        prop_assert_eq!((one.drift_a, one.drift_b), (two.drift_b, two.drift_a));
    }

    #[test]
    fn sides_agree_when_both_can_hold_everything(
        (base, a) in generate::changed(),
        b in generate::event(),
    ) {
        let merged = merge(side(Some(&base), &a), side(Some(&base), &b), Attendees::Send);
        prop_assert_eq!(merged.a, merged.b);
    }

    #[test]
    fn guests_stay_where_they_are_when_stripped(a in generate::event(), b in generate::event()) {
        let merged = merge(side(None, &a), side(None, &b), Attendees::Strip);
        prop_assert_eq!(merged.a.members().get("participants"), a.members().get("participants"));
        prop_assert_eq!(merged.b.members().get("participants"), b.members().get("participants"));
    }
}

#[test]
fn the_later_change_wins_and_counts() {
    let base = event(json!({"title": "old"}));
    let (a, b) = (event(json!({"title": "a"})), event(json!({"title": "b"})));
    let title = |a: Sides<'_>, b: Sides<'_>| {
        let merged = merge(a, b, Attendees::Send);
        assert_eq!((merged.conflicts, merged.a.title()), (1, merged.b.title()));
        merged.a.title().to_owned()
    };
    let (on_a, on_b) = (side(Some(&base), &a), side(Some(&base), &b));
    assert_eq!(title(on_a, on_b), "a", "two missing times go to a");
    assert_eq!(title(later(on_a), later(on_b)), "a", "a tie goes to a");
    assert_eq!(title(on_a, later(on_b)), "b", "a missing time loses");
    let newest = Sides { updated: Some(Timestamp::MAX), ..on_b };
    assert_eq!(title(later(on_a), newest), "b");
    let same = merge(on_a, side(Some(&base), &a), Attendees::Send);
    assert_eq!((same.conflicts, same.a.title()), (0, "a"));
}

#[test]
fn a_removed_element_is_removed_on_the_other_side() {
    let base = json!({"keywords": {"x": true, "y": true}});
    let merged = both(
        &base,
        json!({"keywords": {"x": true}}),
        json!({"keywords": {"x": true, "y": true, "z": true}}),
    );
    assert_eq!(merged.a.members()["keywords"], json!({"x": true, "z": true}));
    assert_eq!(merged.a, merged.b);
    assert_eq!(merged.conflicts, 0);
    let emptied = both(&base, json!({"keywords": {}}), json!({}));
    assert_eq!(emptied.b.members().get("keywords"), None);
    assert_eq!(emptied.drift_b, ["keywords"]);
}

#[test]
fn without_a_base_collections_are_united_and_nothing_is_removed() {
    let a = event(json!({"title": "same", "keywords": {"x": true}, "color": "red"}));
    let b = event(json!({"title": "same", "keywords": {"y": true}}));
    let merged = merge(side(None, &a), side(None, &b), Attendees::Send);
    assert_eq!(merged.a.members()["keywords"], json!({"x": true, "y": true}));
    assert_eq!(merged.a.members()["color"], "red");
    assert_eq!((merged.conflicts, &merged.a), (0, &merged.b));
    assert_eq!(merged.drift_b, ["color", "keywords"]);
}

#[test]
fn a_reminder_changed_on_the_poorer_side_leaves_the_others() {
    let alerts = |offsets: &[&str]| {
        let alerts: Map<String, Value> = offsets
            .iter()
            .map(|offset| ((*offset).to_owned(), json!({"trigger": {"offset": offset}})))
            .collect();
        event(json!({"alerts": alerts}))
    };
    let rich = alerts(&["-PT10M", "-P1D"]);
    let (poor, now) = (alerts(&["-PT10M"]), alerts(&["-PT15M"]));
    let merged = merge(side(Some(&rich), &rich), side(Some(&poor), &now), Attendees::Send);
    assert_eq!(merged.a, alerts(&["-PT15M", "-P1D"]));
    assert_eq!(merged.b, now);
}

const FIRST: &str = "2026-04-17T09:00:00";
const SECOND: &str = "2026-04-18T09:00:00";

fn series(overrides: Value) -> Value {
    json!({
        "title": "T", "recurrenceRule": {"frequency": "daily"}, "recurrenceOverrides": overrides,
    })
}

#[test]
fn occurrences_are_merged_one_by_one_and_member_by_member() {
    let base = series(json!({FIRST: {"title": "old", "priority": 1}}));
    let merged = both(
        &base,
        json!({"recurrenceOverrides": {FIRST: {"title": "new", "priority": 1}}}),
        json!({"recurrenceOverrides": {
            FIRST: {"title": "old", "priority": 2}, SECOND: {"excluded": true},
        }}),
    );
    let expected = json!({FIRST: {"title": "new", "priority": 2}, SECOND: {"excluded": true}});
    assert_eq!(merged.a.members()["recurrenceOverrides"], expected);
    assert_eq!((merged.conflicts, &merged.a), (0, &merged.b));
}

#[test]
fn an_edited_occurrence_beats_a_cancelled_one() {
    let base = series(json!({}));
    let merged = both(
        &base,
        json!({"recurrenceOverrides": {FIRST: {"excluded": true}}}),
        json!({"recurrenceOverrides": {FIRST: {"title": "moved"}}}),
    );
    assert_eq!(merged.a.members()["recurrenceOverrides"], json!({FIRST: {"title": "moved"}}));
    assert_eq!((merged.conflicts, &merged.a), (1, &merged.b));
}

#[test]
fn an_override_that_one_side_took_back_goes() {
    let base = series(json!({FIRST: {"title": "special"}, SECOND: {"excluded": true}}));
    let merged =
        both(&base, json!({"recurrenceOverrides": {SECOND: {"excluded": true}}}), json!({}));
    assert_eq!(merged.b.members()["recurrenceOverrides"], json!({SECOND: {"excluded": true}}));
    assert_eq!(merged.conflicts, 0);
}

#[test]
fn an_occurrence_that_both_changed_differently_is_one_conflict() {
    let base = series(json!({FIRST: {"title": "old"}}));
    let merged = both(
        &base,
        json!({"recurrenceOverrides": {FIRST: {"title": "a"}}}),
        json!({"recurrenceOverrides": {FIRST: {"title": "b"}}}),
    );
    assert_eq!(merged.b.members()["recurrenceOverrides"], json!({FIRST: {"title": "a"}}));
    assert_eq!(merged.conflicts, 1);
}

#[test]
fn start_and_zone_go_together_and_the_length_follows_an_all_day_event() {
    let base = json!({"timeZone": "Europe/Berlin", "duration": "PT1H"});
    let moved = both(
        &base,
        json!({"start": "2026-04-16T15:00:00", "timeZone": "America/New_York"}),
        json!({"duration": "PT2H"}),
    );
    assert_eq!(moved.b.members()["start"], "2026-04-16T15:00:00");
    assert_eq!(moved.b.members()["timeZone"], "America/New_York");
    assert_eq!((&moved.b.members()["duration"], moved.conflicts), (&json!("PT2H"), 0));
    let all_day = both(
        &base,
        json!({"start": "2026-04-16T00:00:00", "showWithoutTime": true, "duration": "P1D"}),
        json!({"title": "new"}),
    );
    assert_eq!(all_day.b.members()["duration"], "P1D");
    assert_eq!(all_day.a, all_day.b);
}
