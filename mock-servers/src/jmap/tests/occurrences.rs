//! What organizer and guest, both users of the server, have of single occurrences of a series.

use serde_json::{Map, Value, json};

use super::harness::{GUEST, OWNER, World, simulated_with_guest};

const SERIES: &str = "the series";

fn day(nth: usize) -> String {
    format!("2026-05-{:02}T09:00:00", 3 + nth)
}

/// A daily series of four with the guest; its ids for the organizer and for the guest.
async fn invited(owner: &World, guest: &World) -> (String, String) {
    let mut event = owner.event(SERIES, "Daily");
    event["recurrenceRule"] = json!({ "frequency": "daily", "count": 4 });
    event["locations"] = json!({ "x": { "name": "X" }, "y": { "name": "Y" } });
    event["participants"] = json!({
        "me": { "calendarAddress": format!("mailto:{OWNER}"), "roles": { "owner": true } },
        "b": { "calendarAddress": format!("mailto:{GUEST}"), "roles": { "attendee": true } },
    });
    let create = json!({ "create": { "e": event }, "sendSchedulingMessages": true });
    let made = owner.ok("CalendarEvent/set", create).await;
    let id = made["created"]["e"]["id"].as_str().expect("an id").to_owned();
    let theirs = guest.ok("CalendarEvent/get", json!({ "properties": ["id"] })).await;
    (id, theirs["list"][0]["id"].as_str().expect("a copy").to_owned())
}

async fn update(world: &World, id: &str, patch: Value) {
    let update = json!({ "update": { id: patch }, "sendSchedulingMessages": true });
    let answer = world.ok("CalendarEvent/set", update).await;
    assert_eq!(answer["notUpdated"], Value::Null, "{answer}");
}

/// The synthetic id of the nth occurrence.
async fn occurrence(world: &World, nth: usize) -> String {
    let query = json!({
        "filter": { "uid": SERIES, "after": "2026-05-01T00:00:00", "before": "2026-06-01T00:00:00" },
        "expandRecurrences": true, "sort": [{ "property": "start" }],
    });
    let found = world.ok("CalendarEvent/query", query).await;
    found["ids"][nth - 1].as_str().expect("an occurrence").to_owned()
}

async fn overrides(world: &World, id: &str) -> Map<String, Value> {
    let all = world.shown(id).await["recurrenceOverrides"].clone();
    all.as_object().cloned().unwrap_or_default()
}

#[test]
fn an_answer_to_one_occurrence_by_its_id_reaches_the_organizer() {
    for profile in ["strict", "stalwart"] {
        simulated_with_guest(profile, async |owner, guest| {
            let (id, _) = invited(&owner, &guest).await;
            let second = occurrence(&guest, 2).await;
            let status = "participants/b/participationStatus";
            for said in ["accepted", "declined"] {
                update(&guest, &second, json!({ status: said })).await;
                let found = overrides(&owner, &id).await;
                assert_eq!(found[&day(2)][status], said, "{profile} {found:?}");
            }
            assert_eq!(overrides(&owner, &id).await.len(), 1);
            let first = owner.shown(&occurrence(&owner, 1).await).await;
            assert_eq!(first["participants"]["b"].get("participationStatus"), None);
        });
    }
}

#[test]
fn an_answer_with_all_participants_reaches_the_organizer_whatever_stands_there() {
    simulated_with_guest("strict", async |owner, guest| {
        let (id, copy) = invited(&owner, &guest).await;
        let people = owner.shown(&id).await["participants"].clone();
        let overridden = |people: &Value| json!({ "recurrenceOverrides": { day(3): { "participants": people } } });
        let mut other = people.clone();
        other["me"]["name"] = json!("Me");
        update(&owner, &id, overridden(&other)).await;
        other["b"]["participationStatus"] = json!("tentative");
        update(&guest, &copy, overridden(&other)).await;
        let found = overrides(&owner, &id).await;
        let guest_there = &found[&day(3)]["participants"]["b"];
        assert_eq!(guest_there["participationStatus"], "tentative", "{found:?}");
        let third = owner.shown(&occurrence(&owner, 3).await).await;
        assert_eq!(third["participants"]["b"]["participationStatus"], "tentative");
        assert_eq!(third["participants"]["me"]["name"], "Me");
    });
}

#[test]
fn what_an_occurrence_does_not_change_follows_the_series() {
    simulated_with_guest("strict", async |owner, guest| {
        let (id, _) = invited(&owner, &guest).await;
        let second = occurrence(&owner, 2).await;
        update(&owner, &second, json!({ "locations/x/name": "X2" })).await;
        assert_eq!(overrides(&owner, &id).await[&day(2)], json!({ "locations/x/name": "X2" }));
        update(&owner, &id, json!({ "locations/y/name": "Y2" })).await;
        let places = owner.shown(&second).await["locations"].clone();
        assert_eq!((&places["x"]["name"], &places["y"]["name"]), (&json!("X2"), &json!("Y2")));
        update(&owner, &second, json!({ "locations/x": null })).await;
        assert_eq!(overrides(&owner, &id).await[&day(2)], json!({ "locations/x": null }));
        // What is given as a whole stands for itself.
        let own = json!({ "z": { "@type": "Location", "name": "Z" } });
        update(&owner, &second, json!({ "locations": own })).await;
        assert_eq!(overrides(&owner, &id).await[&day(2)]["locations"]["z"]["name"], "Z");
        update(&owner, &id, json!({ "locations/y/name": "Y3" })).await;
        assert_eq!(owner.shown(&second).await["locations"].get("y"), None);
    });
}

#[test]
fn a_message_leaves_the_guest_what_is_theirs_of_each_occurrence() {
    simulated_with_guest("strict", async |owner, guest| {
        let (id, copy) = invited(&owner, &guest).await;
        let first = occurrence(&guest, 1).await;
        update(&guest, &first, json!({ "keywords": { "mine": true } })).await;
        let third = json!({ format!("recurrenceOverrides/{}", day(3)): { "excluded": true } });
        update(&guest, &copy, third).await;
        let second = json!({ "title": "Other", "keywords": { "theirs": true } });
        update(&owner, &occurrence(&owner, 2).await, second).await;
        let found = overrides(&guest, &copy).await;
        assert_eq!(found[&day(1)], json!({ "keywords": { "mine": true } }), "{found:?}");
        assert_eq!(found[&day(2)], json!({ "title": "Other" }));
        // The whole series was sent, so the third is back; a message about the fourth says nothing of it.
        assert_eq!(found.get(&day(3)), None);
        let third = json!({ format!("recurrenceOverrides/{}", day(3)): { "excluded": true } });
        update(&guest, &copy, third.clone()).await;
        let fourth = json!({ format!("recurrenceOverrides/{}", day(4)): { "excluded": true } });
        update(&owner, &id, fourth).await;
        let found = overrides(&guest, &copy).await;
        let excluded: Vec<&String> =
            found.iter().filter(|(_, one)| one["excluded"] == true).map(|(key, _)| key).collect();
        assert_eq!(excluded, [&day(3), &day(4)]);
        assert_eq!(found[&day(1)]["keywords"]["mine"], true);
    });
}

#[test]
fn what_was_said_of_a_thing_goes_with_it() {
    simulated_with_guest("strict", async |owner, guest| {
        let (id, copy) = invited(&owner, &guest).await;
        let second = occurrence(&guest, 2).await;
        update(&guest, &second, json!({ "participants/b/participationStatus": "accepted" })).await;
        let second = occurrence(&owner, 2).await;
        update(&owner, &second, json!({ "title": "second", "locations/x/name": "X2" })).await;
        update(&owner, &id, json!({ "locations/x": null })).await;
        assert_eq!(owner.shown(&second).await["title"], "second");
        let third = occurrence(&guest, 3).await;
        update(&guest, &third, json!({ "participants/b/participationStatus": "declined" })).await;
        let seen = guest.shown(&occurrence(&guest, 2).await).await;
        assert_eq!(seen["title"], "second", "and on the copy");
        update(&owner, &id, json!({ "participants/b": null })).await;
        assert_eq!(overrides(&owner, &id).await[&day(2)], json!({ "title": "second" }));
        let third = occurrence(&owner, 3).await;
        update(&owner, &third, json!({ "title": "third" })).await;
        assert_eq!(owner.shown(&third).await["title"], "third");
        // A pointer that never led anywhere is refused all the same.
        let nowhere = json!({ "recurrenceOverrides": { day(4): { "locations/none/name": "x" } } });
        let set = json!({ "update": { id.as_str(): nowhere } });
        let refused = owner.ok("CalendarEvent/set", set).await["notUpdated"][&id].clone();
        assert_eq!(refused["type"], "invalidProperties");
        assert_ne!(copy, id);
    });
}

#[test]
fn overrides_nest_nothing_without_end() {
    simulated_with_guest("strict", async |owner, guest| {
        let (id, _) = invited(&owner, &guest).await;
        let nested = |levels: usize| (0..levels).fold(json!({}), |inner, _| json!({ "a": inner }));
        update(&owner, &id, json!({ "example.com:k": nested(60) })).await;
        let pointer = format!("example.com:k{}/b", "/a".repeat(59));
        let deep = json!({ "recurrenceOverrides": { day(2): { pointer: nested(50) } } });
        let set = json!({ "update": { id.as_str(): deep } });
        let refused = owner.ok("CalendarEvent/set", set).await["notUpdated"][&id].clone();
        assert_eq!(refused["type"], "invalidProperties");
    });
}

#[test]
fn a_name_with_a_slash_is_one_name_in_an_override() {
    simulated_with_guest("strict", async |owner, guest| {
        let (id, _) = invited(&owner, &guest).await;
        update(&owner, &id, json!({ "example.com:p~1q": { "c": 1 } })).await;
        let second = occurrence(&owner, 2).await;
        update(&owner, &second, json!({ "example.com:p~1q": { "c": 2 } })).await;
        assert_eq!(owner.shown(&second).await["example.com:p/q"], json!({ "c": 2 }));
    });
}
