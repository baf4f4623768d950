//! `CalendarEvent/queryChanges` (RFC 8620 section 5.6): a list that is kept in step equals the one
//! that is asked for anew.

use serde_json::{Value, json};

use super::harness::{World, error_rule, simulated};
use crate::faults::{Effect, Site};

/// Splices changes into a list as section 5.6 tells it.
fn splice(list: &mut Vec<String>, answer: &Value) {
    let removed: Vec<String> = serde_json::from_value(answer["removed"].clone()).unwrap();
    list.retain(|id| !removed.contains(id));
    for added in answer["added"].as_array().unwrap() {
        let index = added["index"].as_u64().unwrap() as usize;
        list.insert(index, added["id"].as_str().unwrap().to_owned());
    }
}

async fn all(world: &World, query: &Value) -> (Vec<String>, Value) {
    let answer = world.ok("CalendarEvent/query", query.clone()).await;
    (serde_json::from_value(answer["ids"].clone()).unwrap(), answer["queryState"].clone())
}

fn since(query: &Value, state: &Value) -> Value {
    let mut arguments = query.clone();
    arguments["sinceQueryState"] = state.clone();
    arguments
}

#[test]
fn a_list_that_is_kept_in_step_equals_a_new_one() {
    simulated(async |world| {
        let query = json!({
            "filter": { "inCalendar": world.work, "title": "event" },
            "sort": [{ "property": "start" }, { "property": "uid", "isAscending": false }],
        });
        world.seed(6);
        let (mut list, mut state) = all(&world, &query).await;
        assert_eq!(list.len(), 6);
        let steps: Vec<Value> = vec![
            json!({ "update": { list[2].as_str(): { "start": "2026-05-01T09:00:00" } } }),
            json!({ "update": { list[3].as_str(): { "title": "other" } } }),
            json!({ "destroy": [list[0], list[1]] }),
            json!({ "create": { "a": world.event("new", "New event"), "b": world.event("x", "x") } }),
            json!({ "update": { list[3].as_str(): { "title": "event again" }, list[4].as_str(): { "color": "red" } } }),
            json!({ "update": { list[5].as_str(): { "title": "gone" } }, "destroy": [list[2]] }),
        ];
        for step in steps {
            world.ok("CalendarEvent/set", step).await;
            let answer = world.ok("CalendarEvent/queryChanges", since(&query, &state)).await;
            splice(&mut list, &answer);
            let (fresh, now) = all(&world, &query).await;
            assert_eq!(list, fresh);
            assert_eq!(answer["newQueryState"], now);
            state = now;
        }
        let answer = world.ok("CalendarEvent/queryChanges", since(&query, &state)).await;
        assert_eq!((&answer["added"], &answer["removed"]), (&json!([]), &json!([])));
    });
}

#[test]
fn what_cannot_be_calculated_is_said() {
    simulated(async |world| {
        world.seed(2);
        let query = json!({ "filter": { "inCalendar": world.work } });
        let (_, state) = all(&world, &query).await;
        let err = async |arguments| world.err("CalendarEvent/queryChanges", arguments).await;
        assert_eq!(err(json!({ "sinceQueryState": state })).await, "cannotCalculateChanges");
        assert_eq!(err(since(&query, &json!("made.up.1"))).await, "cannotCalculateChanges");
        let events = world.state().await;
        assert_eq!(err(since(&query, &events)).await, "cannotCalculateChanges");
        assert_eq!(err(query.clone()).await, "invalidArguments");
        let expanded = json!({
            "filter": { "after": "2026-05-01T00:00:00", "before": "2026-06-01T00:00:00" },
            "expandRecurrences": true,
        });
        let answer = world.ok("CalendarEvent/query", expanded.clone()).await;
        assert_eq!(answer["canCalculateChanges"], false);
        let arguments =
            json!({ "filter": expanded["filter"], "sinceQueryState": answer["queryState"] });
        assert_eq!(err(arguments).await, "cannotCalculateChanges");
        world.ok("CalendarEvent/queryChanges", since(&query, &state)).await;
        world.server.expire_tokens();
        assert_eq!(err(since(&query, &state)).await, "cannotCalculateChanges");
    });
}

#[test]
fn faults_reach_changes_of_queries() {
    simulated(async |world| {
        let query = json!({});
        let (_, state) = all(&world, &query).await;
        world.seed(2);
        world.server.arm(super::harness::rule("e", Site::Feed, "feed.query", Effect::Empty));
        let answer = world.ok("CalendarEvent/queryChanges", since(&query, &state)).await;
        assert_eq!(answer["added"], json!([]));
        world.server.clear("e");
        world.server.arm(error_rule("x", Site::Feed, "feed.query", "serverFail"));
        assert_eq!(
            world.err("CalendarEvent/queryChanges", since(&query, &state)).await,
            "serverFail"
        );
    });
}
