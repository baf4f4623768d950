//! Rules for some requests only, and for some states of the server.

use std::time::Duration;

use serde_json::{Value, json};

use super::rig::{GUEST, OWNER, World, with, with_each};
use crate::Protocol;

fn selecting(world: &World, select: Value) {
    world.arm(json!({
        "id": "f", "site": "request", "op": "*", "select": select, "what": world.busy(),
    }));
}

#[test]
fn by_protocol_account_client_and_header() {
    with_each(async |world| {
        let own = world.protocol.to_string();
        for protocol in ["jmap", "graph", "dav"] {
            selecting(&world, json!({ "protocol": protocol }));
            assert_eq!(world.create("a").await.status == 503, own == protocol);
        }
        let agent = [("user-agent", "davx5/4.4"), ("x-mode", "bulk")];
        let status = async |name: &str| world.try_create(name, &agent).await.unwrap().status;
        let cases = [
            (json!({ "account": OWNER }), true),
            (json!({ "account": format!("mailto:{OWNER}") }), true),
            (json!({ "account": GUEST }), false),
            (json!({ "client": "davx5/*" }), true),
            (json!({ "client": "vdirsyncer*" }), false),
            (json!({ "header": { "name": "X-Mode", "value": "b*k" } }), true),
            (json!({ "header": { "name": "X-Mode" } }), true),
            (json!({ "header": { "name": "X-Mode", "value": "one" } }), false),
            (json!({ "header": { "name": "If-Match" } }), false),
            (json!({ "client": "davx5/*", "account": GUEST }), false),
        ];
        for (nth, (select, fires)) in cases.into_iter().enumerate() {
            selecting(&world, select.clone());
            assert_eq!(status(&format!("b{nth}")).await == 503, fires, "{select}");
        }
    });
}

#[test]
fn by_what_stands_in_a_json_body() {
    with(Protocol::Jmap, "strict", async |world| {
        let at = "/methodCalls/0/1/create/*/title";
        let cases = [
            (json!({ "path": at, "value": "Event a" }), true),
            (json!({ "path": at, "value": "Event b" }), false),
            (json!({ "path": "/methodCalls/*/0", "value": "CalendarEvent/*" }), true),
            (json!({ "path": "/methodCalls/0/1/create/*/alerts" }), false),
            (json!({ "path": "/methodCalls/0/1/create/*/calendarIds/*", "value": "true" }), true),
            (json!({ "path": "/methodCalls/7" }), false),
        ];
        for (json, fires) in cases {
            selecting(&world, json!({ "json": json }));
            assert_eq!(world.create("a").await.status == 503, fires, "{json}");
        }
    });
}

#[test]
fn by_what_stands_in_an_xml_body() {
    with(Protocol::Dav, "strict", async |world| {
        let token = world.token().await;
        let cases = [
            (json!({ "path": "/sync-collection/sync-token", "value": token.as_str() }), true),
            (json!({ "path": "/sync-collection/sync-token", "value": "" }), false),
            (json!({ "path": "//getetag" }), true),
            (json!({ "path": "//getetag/@x" }), false),
            (json!({ "path": "/*/prop/*" }), true),
            (json!({ "path": "/propfind" }), false),
            (json!({ "path": "/sync-collection/limit" }), false),
        ];
        for (xml, fires) in cases {
            selecting(&world, json!({ "xml": xml }));
            assert_eq!(world.ask_changes(&token).await.status == 503, fires, "{xml}");
        }
        selecting(&world, json!({ "xml": { "path": "//@name", "value": "VEVENT" } }));
        let filter = "<C:calendar-query xmlns:D=\"DAV:\" \
                      xmlns:C=\"urn:ietf:params:xml:ns:caldav\"><D:prop/><C:filter>\
                      <C:comp-filter name=\"VCALENDAR\"><C:comp-filter name=\"VEVENT\"/>\
                      </C:comp-filter></C:filter></C:calendar-query>";
        let path = world.calendar.clone();
        assert_eq!(world.send("REPORT", &path, &[("depth", "1")], filter).await.status, 503);
    });
}

#[test]
fn by_attendees_and_by_how_much_is_stored() {
    with_each(async |world| {
        let with_guests = world.event("a", &["x@example.com"]);
        for (has, fires) in [(true, true), (false, false)] {
            selecting(&world, json!({ "stored": { "has_attendees": has } }));
            let answer = world.try_store("a", &[], &with_guests).await.unwrap();
            assert_eq!(answer.status == 503, fires, "{has}");
        }
        selecting(&world, json!({ "stored": { "has_attendees": true } }));
        world.fill(&["b"]).await;
        assert_eq!(world.delete("a").await.status, 503, "a stored one counts by what it is");
        selecting(&world, json!({ "stored": { "items_min": 3, "items_max": 3 } }));
        world.fill(&["c"]).await;
        assert_eq!(world.create("d").await.status, 503);
        selecting(&world, json!({ "stored": { "items_max": 2 } }));
        world.fill(&["d"]).await;
    });
}

#[test]
fn by_the_age_of_a_token() {
    with_each(async |world| {
        world.fill(&["a"]).await;
        let token = world.token().await;
        world.arm(json!({
            "id": "f", "site": "feed", "op": "feed.page", "what": { "token": "expire" },
            "select": { "stored": { "token_age_ms_min": 5_000 } },
        }));
        let lost = |text: &str| {
            ["cannotCalculateChanges", "syncStateNotFound", "valid-sync-token"]
                .iter()
                .any(|code| text.contains(code))
        };
        assert!(!lost(&world.ask_changes(&token).await.text()));
        world.env.clock.sleep(Duration::from_secs(6)).await;
        assert!(lost(&world.ask_changes(&token).await.text()));
        world.fill(&["b"]).await;
        world.server.clear("f");
        let young = world.changes(&token).await.token;
        world.arm(json!({
            "id": "f", "site": "feed", "op": "feed.page", "what": { "token": "expire" },
            "select": { "stored": { "token_age_ms_min": 5_000 } },
        }));
        assert!(!lost(&world.ask_changes(&young).await.text()), "it knows a change of just now");
    });
}

#[test]
fn by_the_place_among_the_items_of_a_page() {
    with_each(async |world| {
        world.fill(&["a", "b", "c"]).await;
        let token = world.token().await;
        for name in ["a", "b", "c"] {
            let tag = world.tag(name).await;
            world.update(name, &tag).await;
        }
        let all = world.changes(&token).await.rows;
        assert_eq!(all.len(), 3);
        world.arm(json!({
            "id": "f", "site": "feed", "op": "feed.*", "item": { "index": 1 }, "what": "omit",
        }));
        assert_eq!(world.changes(&token).await.rows, [all[0].clone(), all[2].clone()]);
    });
}
