//! Calendars, the user, and what every answer has in common.

use http::Method;
use serde_json::json;

use super::rig::{run, timed};

#[test]
fn a_request_without_the_credential_is_refused_in_graphs_shape() {
    run(async |rig| {
        let wrong = [("authorization", "Bearer other"), ("client-request-id", "mine")];
        let answer = rig.send(Method::GET, "/me/calendars", &wrong, None).await;
        assert_eq!((answer.status, answer.code()), (401, "InvalidAuthenticationToken"));
        assert_eq!(answer.body["error"]["innerError"]["client-request-id"], "mine");
        assert_eq!(answer.header("client-request-id"), "mine");
        let request = answer.header("request-id").to_owned();
        assert_eq!(answer.body["error"]["innerError"]["request-id"], request.as_str());
        assert_eq!(request.split('-').map(str::len).collect::<Vec<_>>(), [8, 4, 4, 4, 12]);
    });
}

#[test]
fn errors_carry_the_servers_date() {
    run(async |rig| {
        let answer = rig.get(&format!("/me/events/{}", "0".repeat(24))).await;
        assert_eq!((answer.status, answer.code()), (404, "ErrorItemNotFound"));
        assert_eq!(answer.body["error"]["innerError"]["date"], "2026-04-16T08:00:00");
    });
}

#[test]
fn calendars_are_made_listed_renamed_and_deleted() {
    run(async |rig| {
        let first = rig.calendar("Calendar").await;
        let work = rig.calendar("Work").await;
        let listed = rig.get("/me/calendars").await;
        assert_eq!(listed.column("name"), ["Calendar", "Work"]);
        assert_eq!(listed.rows()[0]["isDefaultCalendar"], true);
        assert_eq!(listed.rows()[0]["isRemovable"], false);
        assert_eq!(listed.rows()[1]["owner"]["address"], "owner@example.com");
        assert_eq!(rig.get("/me/calendar").await.id(), first);
        let before = rig.get(&format!("/me/calendars/{work}")).await;

        let taken = rig.post("/me/calendars", &json!({ "name": "work" })).await;
        assert_eq!((taken.status, taken.code()), (409, "ErrorFolderExists"));
        let named = rig.patch(&format!("/me/calendars/{work}"), &json!({ "name": "Job" })).await;
        assert_eq!((named.status, &named.body["name"]), (200, &json!("Job")));
        assert_ne!(named.body["changeKey"], before.body["changeKey"]);

        rig.event(&work, &timed("x", 4, 9)).await;
        assert_eq!(rig.delete(&format!("/me/calendars/{work}")).await.status, 204);
        assert_eq!(rig.get(&format!("/me/calendars/{work}")).await.status, 404);
        let kept = rig.delete(&format!("/me/calendars/{first}")).await;
        assert_eq!((kept.status, kept.code()), (400, "ErrorDeleteDistinguishedFolder"));
        assert_eq!(rig.server.items(), []);
        assert_eq!(rig.refusals(), ["ErrorFolderExists", "ErrorDeleteDistinguishedFolder"]);
    });
}

#[test]
fn calendars_come_in_pages() {
    run(async |rig| {
        for name in ["a", "b", "c"] {
            rig.calendar(name).await;
        }
        let first = rig.get("/me/calendars?$top=2&$select=name").await;
        assert_eq!(first.rows().len(), 2);
        assert_eq!(first.rows()[0].as_object().map(serde_json::Map::len), Some(2));
        let second = rig.get(&first.link("@odata.nextLink")).await;
        assert_eq!(second.rows().len(), 1);
        assert_eq!(second.body["@odata.nextLink"], serde_json::Value::Null);
    });
}

#[test]
fn unknown_paths_and_methods_are_refused() {
    run(async |rig| {
        rig.calendar("Calendar").await;
        assert_eq!(rig.get("/me/messages").await.status, 404);
        assert_eq!(rig.get("/users/other@example.com/calendars").await.status, 404);
        assert_eq!(rig.get("/users/owner@example.com/calendars").await.rows().len(), 1);
        assert_eq!(rig.delete("/me/calendars").await.status, 405);
        assert_eq!(rig.get("/me").await.body["mail"], "owner@example.com");
    });
}
