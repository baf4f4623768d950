//! `CalendarEvent/query`: filters, order, pages.

use serde_json::{Value, json};

use super::harness::{World, simulated, simulated_as};

async fn found(world: &World, filter: Value) -> Vec<String> {
    let asked = json!({ "filter": filter, "sort": [{ "property": "uid" }] });
    let ids = world.ok("CalendarEvent/query", asked).await["ids"].clone();
    let mut uids = Vec::new();
    for id in ids.as_array().unwrap() {
        uids.push(world.shown(id.as_str().unwrap()).await["uid"].as_str().unwrap().to_owned());
    }
    uids
}

#[test]
fn filters_select() {
    simulated(async |world| {
        let make = json!({ "create": { "h": { "name": "Home" } } });
        let home = world.ok("Calendar/set", make).await["created"]["h"]["id"].clone();
        let mut a = world.event("a", "Budget meeting");
        a["participants"] = json!({ "p": {
            "name": "Ada", "calendarAddress": "mailto:ada@example.com", "roles": { "attendee": true },
        } });
        let mut b = world.event("b", "Dentist");
        b["start"] = json!("2026-06-01T09:00:00");
        b["calendarIds"] = json!({ home.as_str().unwrap(): true });
        b["locations"] = json!({ "1": { "name": "Main Street 5" } });
        let mut c = world.event("c", "Weekly budget");
        c["recurrenceRule"] = json!({ "frequency": "weekly", "count": 3 });
        for event in [a, b, c] {
            world.made(event).await;
        }
        let cases = [
            (json!({}), "abc"),
            (json!({ "inCalendar": home }), "b"),
            (json!({ "inCalendar": "nothing" }), ""),
            (json!({ "uid": "c" }), "c"),
            (json!({ "uid": "c", "inCalendar": home }), ""),
            (json!({ "title": "budget" }), "ac"),
            (json!({ "title": "'budget meeting'" }), "a"),
            (json!({ "text": "ada BUDGET" }), "a"),
            (json!({ "attendee": "ada@example" }), "a"),
            (json!({ "owner": "ada" }), ""),
            (json!({ "location": "street" }), "b"),
            (json!({ "before": "2026-05-04T07:00:00" }), ""),
            (json!({ "before": "2026-05-04T07:00:01" }), "ac"),
            (json!({ "after": "2026-05-18T07:59:59" }), "bc"),
            (json!({ "after": "2026-05-18T08:00:00" }), "b"),
            (json!({ "operator": "OR", "conditions": [{ "uid": "a" }, { "uid": "b" }] }), "ab"),
            (json!({ "operator": "NOT", "conditions": [{ "uid": "a" }, { "uid": "b" }] }), "c"),
            (
                json!({ "operator": "AND", "conditions": [{ "title": "budget" }, { "uid": "a" }] }),
                "a",
            ),
        ];
        for (filter, expected) in cases {
            assert_eq!(found(&world, filter.clone()).await.concat(), expected, "{filter}");
        }
        let wrong = json!({ "filter": { "inCalendar": [] } });
        assert_eq!(world.err("CalendarEvent/query", wrong).await, "invalidArguments");
        for unknown in [json!({ "inCalendars": [] }), json!({ "colour": "red" })] {
            let unknown = json!({ "filter": unknown });
            assert_eq!(world.err("CalendarEvent/query", unknown).await, "unsupportedFilter");
        }
        let unknown = json!({ "sort": [{ "property": "colour" }] });
        assert_eq!(world.err("CalendarEvent/query", unknown).await, "unsupportedSort");
        let changes = json!({ "sinceQueryState": "x" });
        assert_eq!(
            world.err("CalendarEvent/queryChanges", changes).await,
            "cannotCalculateChanges"
        );
    });
}

#[test]
fn pages_are_cut_by_position_anchor_and_limit() {
    simulated(async |world| {
        world.seed(5);
        let page = async |mut asked: Value| {
            asked["sort"] = json!([{ "property": "uid", "isAscending": false }]);
            world.ok("CalendarEvent/query", asked).await
        };
        let all = page(json!({ "calculateTotal": true })).await;
        let ids = all["ids"].as_array().unwrap().clone();
        assert_eq!((ids.len(), &all["total"], &all["position"]), (5, &json!(5), &json!(0)));
        assert_eq!(all["limit"], 500, "the server's own limit is told");
        let two = page(json!({ "position": 2, "limit": 2 })).await;
        assert_eq!((&two["ids"], &two["position"]), (&json!(ids[2..4]), &json!(2)));
        assert_eq!((two.get("limit"), two.get("total")), (None, None));
        assert_eq!(page(json!({ "position": -2 })).await["ids"], json!(ids[3..]));
        assert_eq!(page(json!({ "position": -9 })).await["position"], 0);
        assert_eq!(page(json!({ "position": 5 })).await["ids"], json!([]));
        let anchored = page(json!({ "anchor": ids[3], "anchorOffset": -1, "limit": 2 })).await;
        assert_eq!(anchored["ids"], json!(ids[2..4]));
        assert_eq!(
            world.err("CalendarEvent/query", json!({ "anchor": "x" })).await,
            "anchorNotFound"
        );
        assert_eq!(
            world.err("CalendarEvent/query", json!({ "limit": -1 })).await,
            "invalidArguments"
        );
        assert_eq!(all["queryState"], page(json!({ "limit": 1 })).await["queryState"]);
        world.made(world.event("new", "x")).await;
        assert_ne!(all["queryState"], page(json!({})).await["queryState"]);
    });
}

#[test]
fn a_query_is_cut_at_the_limit_of_the_server() {
    simulated_as("stalwart", async |world| {
        world.seed(3);
        let all = world.ok("CalendarEvent/query", json!({ "limit": 9_000 })).await;
        assert_eq!(all["limit"], 5_000);
    });
}
