//! `/copy` between accounts (RFC 8620 sections 5.4 and 6.3). Only where users see each other's.

use bytes::Bytes;
use calamity_evidence::Actor;
use http::Method;
use serde_json::{Value, json};

use super::harness::{GUEST, World, error_rule, json_of, simulated_with_guest};
use crate::faults::Site;

const SHARED: &str = "strict+shared-accounts";

async fn book(world: &World) -> String {
    let made = world.ok("AddressBook/set", json!({ "create": { "b": { "name": "B" } } })).await;
    made["created"]["b"]["id"].as_str().unwrap().to_owned()
}

/// A call about the account of somebody else.
async fn about(world: &World, other: &World, name: &str, mut arguments: Value) -> (String, Value) {
    arguments["accountId"] = json!(other.account);
    let response = world.calls(json!([[name, arguments, "0"]])).await.remove(0);
    (response[0].as_str().unwrap().to_owned(), response[1].clone())
}

#[test]
fn accounts_are_private_unless_shared() {
    simulated_with_guest("strict", async |owner, guest| {
        let (name, answer) = about(&guest, &owner, "Calendar/get", json!({})).await;
        assert_eq!((name.as_str(), &answer["type"]), ("error", &json!("accountNotFound")));
        let copy = json!({ "fromAccountId": owner.account, "create": {} });
        assert_eq!(guest.err("CalendarEvent/copy", copy).await, "fromAccountNotFound");
        let session = json_of(&guest.get("/jmap/session").await);
        assert_eq!(session["accounts"].as_object().unwrap().len(), 1);
    });
    simulated_with_guest(SHARED, async |owner, guest| {
        let session = json_of(&guest.get("/jmap/session").await);
        assert_eq!(session["username"], GUEST);
        assert_eq!(session["accounts"][&guest.account]["isPersonal"], true);
        assert_eq!(session["accounts"][&owner.account]["isPersonal"], false);
        let (name, answer) = about(&guest, &owner, "Calendar/get", json!({})).await;
        assert_eq!((name.as_str(), &answer["list"][0]["name"]), ("Calendar/get", &json!("Work")));
        assert_eq!(answer["accountId"], json!(owner.account));
    });
}

#[test]
fn an_event_is_copied_and_the_original_destroyed() {
    simulated_with_guest(SHARED, async |owner, guest| {
        let mut event = owner.event("u", "Plan");
        event["description"] = json!("d");
        let id = owner.made(event).await;
        let calls = json!([
            ["CalendarEvent/copy", {
                "accountId": guest.account, "fromAccountId": owner.account,
                "onSuccessDestroyOriginal": true,
                "create": {
                    "c": { "id": id, "calendarIds": { guest.work.as_str(): true }, "title": "Mine" },
                    "x": { "id": "nobody", "calendarIds": { guest.work.as_str(): true } },
                    "y": { "calendarIds": {} },
                },
            }, "0"],
            ["CalendarEvent/get", {
                "accountId": guest.account, "ids": ["#c"], "properties": ["uid", "title", "description", "isOrigin"],
            }, "1"],
        ]);
        let responses = guest.calls(calls).await;
        let names: Vec<&Value> = responses.iter().map(|response| &response[0]).collect();
        assert_eq!(names, ["CalendarEvent/copy", "CalendarEvent/set", "CalendarEvent/get"]);
        let copied = &responses[0][1];
        assert_eq!(copied["fromAccountId"], json!(owner.account));
        let new = copied["created"]["c"]["id"].clone();
        assert_ne!(new, json!(id));
        assert_eq!(copied["notCreated"]["x"]["type"], "notFound");
        assert_eq!(copied["notCreated"]["y"]["type"], "invalidProperties");
        assert_eq!(responses[1][1]["destroyed"], json!([id]));
        assert_eq!(responses[1][1]["accountId"], json!(owner.account));
        assert_eq!(responses[1][2], "0", "under the id of the copy");
        let expected = json!([{
            "id": new, "uid": "u", "title": "Mine", "description": "d", "isOrigin": true,
        }]);
        assert_eq!(responses[2][1]["list"], expected);
    });
}

#[test]
fn copies_are_refused_for_good_reasons() {
    simulated_with_guest(SHARED, async |owner, guest| {
        let id = owner.made(owner.event("u", "Plan")).await;
        let create = json!({ "c": { "id": id, "calendarIds": { guest.work.as_str(): true } } });
        let from = |more: Value| {
            let mut arguments = json!({ "fromAccountId": owner.account, "create": create });
            arguments.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            arguments
        };
        let err = async |more: Value| guest.err("CalendarEvent/copy", from(more)).await;
        assert_eq!(err(json!({ "fromAccountId": "x" })).await, "fromAccountNotFound");
        assert_eq!(err(json!({ "fromAccountId": guest.account })).await, "invalidArguments");
        assert_eq!(err(json!({ "ifFromInState": "x" })).await, "stateMismatch");
        assert_eq!(err(json!({ "ifInState": "x" })).await, "stateMismatch");
        assert_eq!(err(json!({ "x": 1 })).await, "invalidArguments");
        let theirs = owner.state().await;
        let copied = guest.ok("CalendarEvent/copy", from(json!({ "ifFromInState": theirs }))).await;
        let new = copied["created"]["c"]["id"].clone();
        let again = guest.ok("CalendarEvent/copy", from(json!({}))).await;
        let error = &again["notCreated"]["c"];
        assert_eq!((&error["type"], &error["existingId"]), (&json!("alreadyExists"), &new));
        assert_eq!(error.get("properties"), None);
        guest.server.arm(error_rule("q", Site::Item, "event.create", "overQuota"));
        let faulty = guest.ok("CalendarEvent/copy", from(json!({}))).await;
        assert_eq!(faulty["notCreated"]["c"]["type"], "overQuota");
    });
}

#[test]
fn cards_are_copied_with_their_pictures() {
    simulated_with_guest(SHARED, async |owner, guest| {
        let (theirs, own) = (book(&owner).await, book(&guest).await);
        let request = owner.request(Method::POST, &format!("/jmap/upload/{}", owner.account));
        let png = Bytes::from_static(b"\x89PNG\r\n\x1a\n");
        let request = request.body(png.clone()).unwrap();
        let blob = json_of(&owner.client.send(request).await.unwrap())["blobId"].clone();
        let card = json!({
            "addressBookIds": { theirs.as_str(): true }, "uid": "u", "name": { "full": "A" },
            "media": { "m": { "kind": "photo", "blobId": blob } },
        });
        let made = owner.ok("ContactCard/set", json!({ "create": { "c": card } })).await;
        let copy = json!({ "fromAccountId": owner.account, "create": {
            "c": { "id": made["created"]["c"]["id"], "addressBookIds": { own.as_str(): true } },
        } });
        let copied = guest.ok("ContactCard/copy", copy).await;
        let id = copied["created"]["c"]["id"].as_str().unwrap();
        let shown = guest.ok("ContactCard/get", json!({ "ids": [id] })).await["list"][0].clone();
        assert_eq!(shown["uid"], "u");
        let new = shown["media"]["m"]["blobId"].as_str().unwrap();
        assert_ne!(json!(new), blob);
        let found = guest.get(&format!("/jmap/download/{}/{new}/x", guest.account)).await;
        assert_eq!(found.body(), &png);

        let copy = json!({ "fromAccountId": owner.account, "blobIds": [blob, "nobody"] });
        let answer = guest.ok("Blob/copy", copy).await;
        assert_eq!(answer["copied"], json!({ blob.as_str().unwrap(): new }));
        assert_eq!(answer["notCopied"], json!({ "nobody": { "type": "notFound" } }));
        assert_eq!(answer["fromAccountId"], json!(owner.account));
    });
}

#[test]
fn writes_of_another_user_are_in_the_log() {
    simulated_with_guest(SHARED, async |owner, guest| {
        let create = json!({ "create": { "c": owner.event("u", "From a guest") } });
        let before = owner.server.writes(0).len();
        about(&guest, &owner, "CalendarEvent/set", create).await;
        let log = owner.server.writes(before);
        assert_eq!((log.len(), log[0].uid.as_str()), (1, "u"));
        assert!(matches!(log[0].actor, Actor::Client(_)));
        assert_eq!(owner.server.items().len(), 1);
    });
}
