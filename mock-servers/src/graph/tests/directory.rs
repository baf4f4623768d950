//! Users, and who reaches whose mailbox.

use http::Method;
use serde_json::json;

use super::rig::{AS_GUEST, GUEST, OWNER, run, timed, with_people};

#[test]
fn me_has_the_properties_that_are_answered_by_default() {
    run(async |rig| {
        let me = rig.get("/me").await;
        assert_eq!(me.body["userPrincipalName"], OWNER);
        assert_eq!(me.body["businessPhones"], json!([]));
        assert_eq!(me.body["jobTitle"], json!(null));
        let id = me.id();
        assert_eq!(id.split('-').map(str::len).collect::<Vec<_>>(), [8, 4, 4, 4, 12]);
        let members = me.body.as_object().map(serde_json::Map::len);
        assert_eq!(members, Some(12), "ten properties, the id and the context");
        let some = rig.get("/me?$select=mail,userType").await;
        assert_eq!(
            (some.body["mail"].as_str(), some.body["userType"].as_str(), &some.body["surname"]),
            (Some(OWNER), Some("Member"), &json!(null))
        );
        assert_eq!(rig.get("/me?$select=email").await.code(), "BadRequest");
        assert_eq!(rig.get(&format!("/users/{id}")).await.body["mail"], OWNER);
        assert_eq!(rig.get(&format!("/users('{id}')/calendars")).await.status, 200);
    });
}

#[test]
fn everybody_is_listed_and_found() {
    with_people(async |rig| {
        let all = rig.get("/users?$count=true&$top=2").await;
        assert_eq!(all.column("mail"), [OWNER, GUEST]);
        assert_eq!(all.body["@odata.count"], 3);
        let next = rig.get(&all.link("@odata.nextLink")).await;
        assert_eq!(next.column("mail"), ["third@example.com"]);
        let one = rig.get("/users?$filter=mail%20eq%20'Guest@example.com'").await;
        assert_eq!(one.column("userPrincipalName"), [GUEST]);
        let other = rig.get("/users?$filter=surname%20eq%20'x'").await;
        assert_eq!((other.status, other.code()), (400, "Request_UnsupportedQuery"));
        assert_eq!(rig.get("/users/$count").await.text, "3");
        assert_eq!(rig.get(&format!("/users/{GUEST}")).await.body["mail"], GUEST);
        let none = rig.get("/users/nobody@example.com").await;
        assert_eq!((none.status, none.code()), (404, "Request_ResourceNotFound"));
        let none = rig.get("/users/nobody@example.com/events").await;
        assert_eq!((none.status, none.code()), (404, "ErrorInvalidUser"));
    });
}

#[test]
fn a_user_reaches_no_other_mailbox() {
    with_people(async |rig| {
        let calendar = rig.calendar("Calendar").await;
        rig.event(&calendar, &timed("mine", 4, 9)).await;
        for target in ["events", "calendars", "contacts"] {
            let target = format!("/users/{GUEST}/{target}");
            let refused = rig.get(&target).await;
            assert_eq!((refused.status, refused.code()), (403, "ErrorAccessDenied"), "{target}");
        }
        let write = rig.post(&format!("/users/{GUEST}/events"), &timed("x", 4, 9)).await;
        assert_eq!(write.status, 403);
        assert_eq!(rig.refusals(), ["ErrorAccessDenied"]);
        let own = rig.by(AS_GUEST, Method::POST, "/me/events", Some(&timed("own", 4, 9))).await;
        assert_eq!(own.status, 201, "a mailbox has a calendar from the beginning");
        let listed = rig.by(AS_GUEST, Method::GET, "/me/events", None).await;
        assert_eq!(listed.column("subject"), ["own"]);
        assert_eq!(rig.get("/me/events").await.column("subject"), ["mine"]);
    });
}
