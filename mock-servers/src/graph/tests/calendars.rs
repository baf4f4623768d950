//! Calendars, the user, and what every answer has in common.

use http::Method;
use serde_json::{Value, json};

use super::rig::{PROPERTY, run, timed};
use crate::graph::odata::encode;

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
        assert_eq!(second.body["@odata.nextLink"], Value::Null);
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

#[test]
fn calendars_are_found_by_their_names_and_put_in_order() {
    run(async |rig| {
        for name in ["Calendar", "Work", "Private"] {
            rig.calendar(name).await;
        }
        let names = async |options: &str| {
            let page = rig.get(&format!("/me/calendars?{}", options.replace(' ', "%20"))).await;
            assert_eq!(page.status, 200, "{options} {}", page.body);
            page.column("name").join(" ")
        };
        assert_eq!(names("$filter=name eq 'private'&$top=1").await, "Private");
        assert_eq!(names("$filter=name eq 'nobody'").await, "");
        assert_eq!(names("$filter=startswith(name,'W')&$select=name").await, "Work");
        assert_eq!(names("$filter=isDefaultCalendar eq true").await, "Calendar");
        assert_eq!(names("$orderby=name").await, "Calendar Private Work");
        assert_eq!(names("$orderby=name desc&$top=2").await, "Work Private");
        let id = rig.get("/me/calendars").await.rows()[2]["id"].as_str().expect("an id").to_owned();
        assert_eq!(
            rig.get(&format!("/me/calendars?$filter=id%20eq%20'{id}'")).await.column("id"),
            [id]
        );
        let number = rig.get("/me/calendars/$count?$filter=name%20eq%20'Work'").await;
        assert_eq!(number.text, "1");
        for (option, code) in [
            ("$filter=subject eq 'x'", "ErrorInvalidUrlQueryFilter"),
            ("$filter=categories/any(c:c eq 'x')", "ErrorInvalidUrlQueryFilter"),
            ("$filter=name", "ErrorInvalidUrlQueryFilter"),
            ("$orderby=owner", "ErrorInvalidUrlQuery"),
        ] {
            let refused = rig.get(&format!("/me/calendars?{}", option.replace(' ', "%20"))).await;
            assert_eq!((refused.status, refused.code()), (400, code), "{option}");
        }
    });
}

#[test]
fn calendars_are_found_by_their_extended_properties() {
    run(async |rig| {
        rig.calendar("Calendar").await;
        let properties = json!([{ "id": PROPERTY, "value": "v" }]);
        let body = json!({ "name": "Work", "singleValueExtendedProperties": properties });
        assert_eq!(rig.post("/me/calendars", &body).await.status, 201);
        for (value, expected) in [("v", vec!["Work"]), ("w", vec![])] {
            let filter = format!(
                "singleValueExtendedProperties/Any(ep: ep/id eq '{PROPERTY}' and ep/value eq '{value}')"
            );
            let page = rig.get(&format!("/me/calendars?$filter={}", encode(&filter))).await;
            assert_eq!(page.column("name"), expected, "{}", page.body);
        }
    });
}

#[test]
fn what_is_made_says_where_it_is() {
    run(async |rig| {
        rig.calendar("Calendar").await;
        let check = async |target: &str, body: Value| {
            let made = rig.post(target, &body).await;
            assert_eq!(made.status, 201, "{target} {}", made.body);
            let place = made.header("location").to_owned();
            assert!(place.starts_with(&format!("http://graph.example/v1.0{target}/")), "{place}");
            let found = rig.get(&place).await;
            assert_eq!((found.status, found.id()), (200, made.id()), "{place}");
            made.id()
        };
        let work = check("/me/calendars", json!({ "name": "Work" })).await;
        let event = check("/me/events", timed("x", 4, 9)).await;
        check(&format!("/me/calendars/{work}/events"), timed("y", 4, 9)).await;
        let extension = json!({ "extensionName": "com.x y", "n": 1 });
        check(&format!("/me/events/{event}/extensions"), extension).await;
        check("/users/owner@example.com/contacts", json!({ "displayName": "x" })).await;
        let folder = check("/me/contactFolders", json!({ "displayName": "f" })).await;
        let children = format!("/me/contactFolders/{folder}/childFolders");
        check(&children, json!({ "displayName": "g" })).await;
        let changed = rig.patch(&format!("/me/events/{event}"), &json!({ "subject": "z" })).await;
        assert_eq!((changed.status, changed.header("location")), (200, ""));
        let headers = json!({ "Content-Type": "application/json" });
        let step = json!({ "id": "1", "method": "POST", "url": "/me/events", "headers": headers,
            "body": timed("b", 4, 9) });
        let answer = rig.batch(json!([step])).await;
        let place = answer.body["responses"][0]["headers"]["Location"].as_str().expect("a place");
        assert_eq!(rig.get(place).await.body["subject"], "b");
    });
}
