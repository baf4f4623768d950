//! `/changes`: net effects, pages, expired tokens, drifting ids, lost rows.

use std::collections::BTreeSet;

use calamity_evidence::{Actor, Lineage};
use serde_json::{Value, json};

use super::harness::{World, simulated};
use crate::{Drift, Edit};

async fn changes(world: &World, since: &Value) -> Value {
    world.ok("CalendarEvent/changes", json!({ "sinceState": since })).await
}

fn sets(answer: &Value) -> [BTreeSet<String>; 3] {
    ["created", "updated", "destroyed"].map(|name| {
        let ids = answer[name].as_array().unwrap().iter();
        ids.map(|id| id.as_str().unwrap().to_owned()).collect()
    })
}

fn set(ids: &[&String]) -> BTreeSet<String> {
    ids.iter().map(|id| (*id).clone()).collect()
}

#[test]
fn changes_are_net_effects_since_the_state() {
    simulated(async |world| {
        let ids = world.seed(3);
        let user = || Actor::User("story".to_owned());
        let since = world.state().await;
        world
            .server
            .edit(user(), &Lineage::from_number(0), &Edit::Title("new".to_owned()))
            .unwrap();
        world.server.delete(user(), &Lineage::from_number(1)).unwrap();
        let made = world.made(world.event("u", "made")).await;
        world.patched(&made, json!({ "title": "made and changed" })).await;
        let gone = world.made(world.event("v", "made and gone")).await;
        world.ok("CalendarEvent/set", json!({ "destroy": [gone] })).await;

        let answer = changes(&world, &since).await;
        assert_eq!(sets(&answer), [set(&[&made]), set(&[&ids[0]]), set(&[&ids[1]])]);
        assert_eq!((&answer["oldState"], &answer["hasMoreChanges"]), (&since, &json!(false)));
        assert_eq!(answer["newState"], world.state().await);
        let answer = changes(&world, &answer["newState"]).await;
        assert_eq!(sets(&answer), [set(&[]), set(&[]), set(&[])]);
        assert_eq!(answer["oldState"], answer["newState"]);
    });
}

#[test]
fn pages_of_changes_add_up() {
    simulated(async |world| {
        let start = world.state().await;
        let ids = world.seed(7);
        let (mut since, mut seen, mut pages) = (start, BTreeSet::new(), 0);
        loop {
            let asked = json!({ "sinceState": since, "maxChanges": 3 });
            let answer = world.ok("CalendarEvent/changes", asked).await;
            let [created, updated, destroyed] = sets(&answer);
            assert!(created.len() <= 3 && updated.is_empty() && destroyed.is_empty());
            assert!(created.is_disjoint(&seen));
            seen.extend(created);
            pages += 1;
            since = answer["newState"].clone();
            if answer["hasMoreChanges"] == false {
                break;
            }
        }
        assert_eq!((pages, seen), (3, ids.into_iter().collect()));
        assert_eq!(since, world.state().await);
        let zero = json!({ "sinceState": since, "maxChanges": 0 });
        assert_eq!(world.err("CalendarEvent/changes", zero).await, "invalidArguments");
    });
}

#[test]
fn an_expired_or_unknown_state_cannot_be_calculated_from() {
    simulated(async |world| {
        world.seed(1);
        let old = world.state().await;
        let calendars = world.ok("Calendar/get", json!({ "ids": [] })).await["state"].clone();
        world.server.expire_tokens();
        for since in [old, json!(""), json!("e1.0.00000000"), json!("ü"), calendars] {
            let asked = json!({ "sinceState": since });
            assert_eq!(world.err("CalendarEvent/changes", asked).await, "cannotCalculateChanges");
        }
        let new = world.state().await;
        assert_eq!(sets(&changes(&world, &new).await), [set(&[]), set(&[]), set(&[])]);
        assert_eq!(world.err("CalendarEvent/changes", json!({})).await, "invalidArguments");
    });
}

#[test]
fn calendars_have_changes_of_their_own() {
    simulated(async |world| {
        let since = world.ok("Calendar/get", json!({ "ids": [] })).await["state"].clone();
        world.seed(2);
        let again = world.ok("Calendar/get", json!({ "ids": [] })).await["state"].clone();
        assert_eq!(since, again, "events do not move it");
        let id = world.server.create_calendar(Actor::User("s".to_owned()), "Two");
        let answer = world.ok("Calendar/changes", json!({ "sinceState": since })).await;
        assert_eq!(sets(&answer), [set(&[&id]), set(&[]), set(&[])]);
    });
}

#[test]
fn silent_drift_shows_in_queries_only() {
    simulated(async |world| {
        let before = world.seed(10);
        let state = world.state().await;
        assert_eq!(world.server.drift_ids(Drift::Silent, 0.3), 3);
        assert_eq!(world.state().await, state);
        assert_eq!(sets(&changes(&world, &state).await), [set(&[]), set(&[]), set(&[])]);
        let ids = world.ok("CalendarEvent/query", json!({})).await["ids"].clone();
        let after: BTreeSet<String> = serde_json::from_value(ids).unwrap();
        let gone: Vec<_> = before.iter().filter(|id| !after.contains(*id)).collect();
        assert_eq!((after.len(), gone.len()), (10, 3));
        let answer = world.ok("CalendarEvent/get", json!({ "ids": gone })).await;
        assert_eq!(answer["notFound"].as_array().unwrap().len(), 3);
        let uids: BTreeSet<String> =
            world.server.items().into_iter().map(|item| item.uid).collect();
        assert_eq!(uids.len(), 10);
        assert_eq!(world.server.writes(0).len(), 11, "nobody wrote");
    });
}

#[test]
fn announced_drift_tells_of_old_and_new_ids() {
    simulated(async |world| {
        let before: BTreeSet<String> = world.seed(4).into_iter().collect();
        let state = world.state().await;
        assert_eq!(world.server.drift_ids(Drift::Announced, 1.0), 4);
        let [created, updated, destroyed] = sets(&changes(&world, &state).await);
        assert_eq!((updated.len(), destroyed), (0, before.clone()));
        assert!(created.is_disjoint(&before));
        let stored: BTreeSet<String> =
            world.server.items().into_iter().map(|item| item.id).collect();
        assert_eq!(stored, created);
    });
}

#[test]
fn what_is_lost_comes_back_under_its_ids() {
    simulated(async |world| {
        world.seed(6);
        let (before, state) = (world.server.items(), world.state().await);
        assert_eq!(world.server.lose(0.5), 3);
        assert_eq!(world.server.items().len(), 3);
        let stale = json!({ "sinceState": state });
        assert_eq!(world.err("CalendarEvent/changes", stale).await, "cannotCalculateChanges");
        let between = world.state().await;
        assert_eq!(world.server.recover(), 3);
        assert_eq!(world.server.items(), before);
        let stale = json!({ "sinceState": between });
        assert_eq!(world.err("CalendarEvent/changes", stale).await, "cannotCalculateChanges");
        assert_eq!(world.server.writes(7), vec![]);
    });
}
