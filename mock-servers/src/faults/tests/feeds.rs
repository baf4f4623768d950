//! Rows and tokens of feeds that are not what they should be.

use serde_json::{Value, json};

use super::rig::{Page, World, with, with_each};
use crate::Protocol;

/// A world of four events and a token from before them.
async fn filled(world: &World) -> String {
    let token = world.token().await;
    world.fill(&["a", "b", "c", "d"]).await;
    token
}

fn arm(world: &World, what: Value) {
    world.arm(json!({ "id": "f", "site": "feed", "op": "feed.*", "what": what }));
}

async fn damaged(world: &World, token: &str, what: Value) -> Page {
    arm(world, what);
    let page = world.changes(token).await;
    assert_eq!(world.server.armed(), [("f".to_owned(), 1)]);
    world.server.clear("f");
    page
}

#[test]
fn rows_are_dropped_doubled_and_put_in_another_order() {
    with_each(async |world| {
        let token = filled(&world).await;
        let whole = world.changes(&token).await;
        let rows = whole.rows.clone();
        assert_eq!(rows.len(), 4);
        let pick = |places: &[usize]| -> Vec<String> {
            places.iter().map(|place| rows[*place].clone()).collect()
        };
        let cases = [
            (json!({ "drop": [0, 2, 9] }), pick(&[1, 3])),
            (json!({ "duplicate": [1, 9] }), pick(&[0, 1, 2, 3, 1])),
            (json!({ "reorder": "reverse" }), pick(&[3, 2, 1, 0])),
        ];
        for (sequence, expected) in cases {
            let page = damaged(&world, &token, json!({ "sequence": sequence })).await;
            assert_eq!(page.rows, expected, "{sequence}");
            assert_eq!((page.token, page.more), (whole.token.clone(), false));
        }
        let shuffled = damaged(&world, &token, json!({ "sequence": { "reorder": "shuffle" } }));
        let mut shuffled = shuffled.await.rows;
        let again = damaged(&world, &token, json!({ "sequence": { "reorder": "shuffle" } })).await;
        assert_eq!(again.rows, shuffled, "from one seed");
        shuffled.sort();
        let mut sorted = rows.clone();
        sorted.sort();
        assert_eq!(shuffled, sorted);
    });
}

#[test]
fn rows_are_made_up() {
    with_each(async |world| {
        let token = filled(&world).await;
        let whole = world.changes(&token).await;
        let rows = match world.protocol {
            Protocol::Dav => {
                json!(["<D:response><D:href>/dav/x/ghost</D:href><D:status>HTTP/1.1 404 Not Found\
                 </D:status></D:response>"])
            }
            Protocol::Graph => json!([{ "id": "ghost", "@removed": { "reason": "deleted" } }]),
            Protocol::Jmap => json!([{ "destroyed": "ghost" }]),
        };
        let page = damaged(&world, &token, json!({ "sequence": { "inject": rows } })).await;
        let mut expected = whole.rows.clone();
        // JMAP's lists have an order of their own.
        let at = if world.protocol == Protocol::Jmap { 4 } else { 0 };
        expected.insert(at, "ghost".to_owned());
        assert_eq!(page.rows, expected);
        let now = world.token().await;
        let page = damaged(&world, &now, json!({ "sequence": { "inject": rows } })).await;
        assert_eq!(page.rows, ["ghost"], "into an empty page as well");
    });
}

#[test]
fn query_pages_and_listings_have_rows_too() {
    let drop = json!({ "sequence": { "drop": [0] } });
    with(Protocol::Jmap, "strict", async |world| {
        filled(&world).await;
        arm(&world, drop.clone());
        let answer = world.call("CalendarEvent/query", json!({})).await.json();
        let ids = answer["methodResponses"][0][1]["ids"].as_array().unwrap().len();
        assert_eq!(ids, 3);
    });
    with(Protocol::Graph, "strict", async |world| {
        filled(&world).await;
        arm(&world, drop.clone());
        let path = format!("/v1.0/me/calendars/{}/events", world.calendar);
        assert_eq!(world.send("GET", &path, &[], "").await.json()["value"][3], Value::Null);
    });
    with(Protocol::Dav, "strict", async |world| {
        filled(&world).await;
        arm(&world, drop.clone());
        let path = world.calendar.clone();
        let list = world.send("PROPFIND", &path, &[("depth", "1")], "").await;
        assert_eq!(world.page(&list).rows, ["a", "b", "c", "d"], "the collection itself went");
        assert!(!list.text().contains(&format!("<D:href>{path}</D:href>")));
    });
}

#[test]
fn each_part_of_a_batch_has_a_page_of_its_own() {
    with(Protocol::Graph, "strict", async |world| {
        filled(&world).await;
        let url = format!("/me/calendars/{}/events?$top=3", world.calendar);
        let pages = async || {
            let get = |id: &str| json!({ "id": id, "method": "GET", "url": url });
            let answer = world.batch(json!([get("1"), get("2")])).await.json();
            let page = |place: usize| {
                let body = &answer["responses"][place]["body"];
                let next = body["@odata.nextLink"].as_str().unwrap_or_default().to_owned();
                (body["value"].as_array().unwrap().len(), next)
            };
            [page(0), page(1)]
        };
        let whole = pages().await;
        assert_eq!((whole[0].0, &whole[0]), (3, &whole[1]));
        world.arm(json!({
            "id": "f", "site": "feed", "op": "feed.*", "when": { "times": 1 },
            "what": { "sequence": { "drop": [0, 1] } },
        }));
        let [first, second] = pages().await;
        assert_eq!((first.0, &second), (1, &whole[1]), "the first one only");
        arm(&world, json!({ "token": "loop" }));
        let [first, second] = pages().await;
        assert!(first.1.ends_with(&format!("/v1.0{url}")), "{}", first.1);
        assert_eq!(first.1, second.1);
    });
}

#[test]
fn a_loop_can_be_read_whatever_the_collection_is_called() {
    with(Protocol::Dav, "strict", async |world| {
        let path = "/dav/calendars/owner@example.com/a&b/";
        assert_eq!(world.send("MKCALENDAR", path, &[], "").await.status, 201);
        arm(&world, json!({ "token": "loop" }));
        let body = "<D:sync-collection xmlns:D=\"DAV:\"><D:sync-token/><D:sync-level>1</D:sync-level>\
                    <D:prop><D:getetag/></D:prop></D:sync-collection>";
        let answer = world.send("REPORT", path, &[], body).await;
        assert_eq!(world.server.armed()[0].1, 1);
        let text = world.dump(&Ok(answer));
        assert!(text.contains("/a&amp;b/</D:href>") && !text.contains("no XML"), "{text}");
    });
}

#[test]
fn each_call_of_a_request_has_a_page_of_its_own() {
    with(Protocol::Jmap, "strict", async |world| {
        let token = world.token().await;
        let read = world.call("Calendar/get", json!({ "ids": [] })).await.json();
        let calendars = read["methodResponses"][0][1]["state"].clone();
        let asked = world.call("CalendarEvent/query", json!({})).await.json();
        let asked = asked["methodResponses"][0][1]["queryState"].clone();
        world.fill(&["a", "b", "c", "d"]).await;
        arm(&world, json!({ "sequence": { "drop": [0] } }));
        let account = &world.account;
        let since = |state: &Value| json!({ "accountId": account, "sinceState": state });
        let using = ["urn:ietf:params:jmap:core", "urn:ietf:params:jmap:calendars"];
        let body = json!({ "using": using, "methodCalls": [
            ["Calendar/changes", since(&calendars), "0"],
            ["CalendarEvent/changes", since(&json!("none")), "1"],
            ["CalendarEvent/changes", since(&json!(token)), "2"],
            ["CalendarEvent/query", { "accountId": account }, "3"],
            ["CalendarEvent/queryChanges", { "accountId": account, "sinceQueryState": asked }, "4"],
        ] });
        let answer = world.send("POST", "/jmap/api", &[], &body.to_string()).await.json();
        let of = |nth: usize, list: &str| {
            answer["methodResponses"][nth][1][list].as_array().map_or(99, Vec::len)
        };
        assert_eq!(answer["methodResponses"][1][0], "error");
        assert_eq!((of(2, "created"), of(3, "ids"), of(4, "added")), (3, 3, 3), "{answer:#}");
    });
}

#[test]
fn a_token_loops() {
    with_each(async |world| {
        let token = filled(&world).await;
        let whole = world.changes(&token).await;
        for _ in 0..3 {
            let page = damaged(&world, &token, json!({ "token": "loop" })).await;
            assert_eq!((page.rows, page.more), (whole.rows.clone(), true));
            assert_eq!(page.token, token, "it leads to where the request was");
        }
    });
}

#[test]
fn a_token_skips_a_row() {
    with_each(async |world| {
        let token = filled(&world).await;
        let whole = world.changes(&token).await;
        let page = damaged(&world, &token, json!({ "token": "skip" })).await;
        assert_eq!(page.rows, whole.rows[..3]);
        assert_eq!(world.changes(&page.token).await.rows, Vec::<String>::new(), "it is lost");
    });
}

#[test]
fn half_a_token_is_refused() {
    with_each(async |world| {
        let token = filled(&world).await;
        let whole = world.changes(&token).await;
        let page = damaged(&world, &token, json!({ "token": "truncate" })).await;
        assert_eq!(page.rows, whole.rows);
        assert!(page.token.len() < whole.token.len() && !page.token.is_empty());
        assert!(whole.token.starts_with(&page.token));
        let refused = world.ask_changes(&page.token).await;
        assert!(refused.is_refused(), "{}", refused.text());
    });
}
