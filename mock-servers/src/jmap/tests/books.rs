//! Address books (RFC 9610 section 2).

use calamity_evidence::{Actor, WriteOp};
use serde_json::{Value, json};

use super::harness::{World, error_rule, json_of, simulated};
use crate::faults::Site;

async fn one(world: &World, id: &str) -> Value {
    world.ok("AddressBook/get", json!({ "ids": [id] })).await["list"][0].clone()
}

#[test]
fn the_session_says_what_contacts_there_are() {
    simulated(async |world| {
        let session = json_of(&world.get("/jmap/session").await);
        let contacts = "urn:ietf:params:jmap:contacts";
        assert_eq!(session["capabilities"][contacts], json!({}));
        assert_eq!(session["primaryAccounts"][contacts], json!(world.account));
        assert_eq!(
            session["accounts"][&world.account]["accountCapabilities"][contacts],
            json!({ "maxAddressBooksPerCard": null, "mayCreateAddressBook": true })
        );
        let body = json!({
            "using": ["urn:ietf:params:jmap:core", "urn:ietf:params:jmap:calendars"],
            "methodCalls": [["AddressBook/get", { "accountId": world.account }, "0"]],
        });
        let answer = json_of(&world.post(body.to_string()).await.unwrap());
        assert_eq!(answer["methodResponses"][0][1]["type"], "unknownMethod", "not asked for");
    });
}

#[test]
fn books_are_made_changed_and_destroyed() {
    simulated(async |world| {
        let before = world.ok("AddressBook/get", json!({})).await;
        assert_eq!(before["list"], json!([]));
        let create = json!({ "create": { "a": { "name": "People", "description": "d" } } });
        let made = world.ok("AddressBook/set", create).await;
        let id = made["created"]["a"]["id"].as_str().unwrap().to_owned();
        assert_eq!(
            one(&world, &id).await,
            json!({
                "id": id, "name": "People", "description": "d", "sortOrder": 0, "isDefault": true,
                "isSubscribed": true, "shareWith": null,
                "myRights": {
                    "mayRead": true, "mayWrite": true, "mayShare": false, "mayDelete": true,
                },
            })
        );
        let update =
            json!({ "update": { id.as_str(): { "sortOrder": 3, "isSubscribed": false } } });
        assert_eq!(
            world.ok("AddressBook/set", update).await["updated"],
            json!({ id.as_str(): null })
        );
        let shown = one(&world, &id).await;
        assert_eq!((&shown["sortOrder"], &shown["isSubscribed"]), (&json!(3), &json!(false)));
        let since = json!({ "sinceState": before["state"] });
        let changes = world.ok("AddressBook/changes", since).await;
        assert_eq!((&changes["created"], &changes["updated"]), (&json!([id]), &json!([])));

        let gone = world.ok("AddressBook/set", json!({ "destroy": [id] })).await;
        assert_eq!(gone["destroyed"], json!([id]));
        let calendars = world.ok("Calendar/get", json!({})).await;
        assert_eq!(calendars["list"].as_array().unwrap().len(), 1, "calendars are not touched");
        let ops: Vec<WriteOp> = world.server.writes(1).iter().map(|write| write.op).collect();
        assert_eq!(
            ops,
            [WriteOp::CreateContainer, WriteOp::UpdateContainer, WriteOp::DeleteContainer]
        );
    });
}

#[test]
fn what_is_no_address_book_is_refused_with_its_properties() {
    simulated(async |world| {
        let blamed = async |book: Value| {
            let answer = world.ok("AddressBook/set", json!({ "create": { "a": book } })).await;
            answer["notCreated"]["a"].clone()
        };
        let cases = [
            (json!({}), json!(["name"])),
            (json!({ "name": "" }), json!(["name"])),
            (json!({ "name": "x".repeat(256) }), json!(["name"])),
            (json!({ "name": "x", "sortOrder": -1 }), json!(["sortOrder"])),
            (
                json!({ "name": "x", "shareWith": { "p": { "mayRead": true } } }),
                json!(["shareWith"]),
            ),
            (json!({ "name": "x", "color": "red" }), json!(["color"])),
            (json!({ "name": "x", "isDefault": true }), json!(["isDefault"])),
            (json!({ "name": "x", "myRights": {} }), json!(["myRights"])),
        ];
        for (book, properties) in cases {
            let error = blamed(book.clone()).await;
            assert_eq!(error["type"], "invalidProperties", "{book}");
            assert_eq!(error["properties"], properties, "{book}");
        }
    });
}

#[test]
fn a_book_with_cards_is_destroyed_only_when_asked() {
    simulated(async |world| {
        let books =
            ["People", "Others"].map(|name| world.server.create_address_book(Actor::Seed, name));
        let [people, others] = &books;
        let create = json!({ "create": {
            "only": { "addressBookIds": { people.as_str(): true }, "name": { "full": "A" } },
            "both": {
                "addressBookIds": { people.as_str(): true, others.as_str(): true },
                "name": { "full": "B" },
            },
        }});
        let made = world.ok("ContactCard/set", create).await;
        let both = made["created"]["both"]["id"].clone();
        let refused = world.ok("AddressBook/set", json!({ "destroy": [people] })).await;
        assert_eq!(refused["notDestroyed"][people]["type"], "addressBookHasContents");
        let destroy = json!({ "destroy": [people], "onDestroyRemoveContents": true });
        assert_eq!(world.ok("AddressBook/set", destroy).await["destroyed"], json!([people]));
        let left = world.ok("ContactCard/get", json!({})).await["list"].clone();
        assert_eq!(left.as_array().unwrap().len(), 1);
        assert_eq!(left[0]["id"], both);
        assert_eq!(left[0]["addressBookIds"], json!({ others.as_str(): true }));
    });
}

#[test]
fn the_default_moves_when_everything_succeeded() {
    simulated(async |world| {
        let first = world.server.create_address_book(Actor::Seed, "First");
        let wish = json!({
            "create": { "n": { "name": "Second" } },
            "onSuccessSetIsDefault": "#n",
        });
        let answer = world.ok("AddressBook/set", wish).await;
        let second = answer["created"]["n"]["id"].as_str().unwrap().to_owned();
        assert_eq!(answer["created"]["n"]["isDefault"], true);
        assert_eq!(answer["updated"], json!({ first.as_str(): { "isDefault": false } }));
        let wish = json!({ "destroy": ["nobody"], "onSuccessSetIsDefault": first });
        world.ok("AddressBook/set", wish).await;
        assert_eq!(one(&world, &second).await["isDefault"], true, "not all succeeded");
        let ignored =
            world.ok("AddressBook/set", json!({ "onSuccessSetIsDefault": "nobody" })).await;
        assert_eq!(ignored["updated"], Value::Null);
    });
}

#[test]
fn faults_tell_books_from_calendars() {
    simulated(async |world| {
        world.server.arm(error_rule("b", Site::Request, "addressbook.create", "forbidden"));
        let create = json!({ "create": { "c": { "name": "x" } } });
        assert_eq!(world.ok("Calendar/set", create.clone()).await["notCreated"], Value::Null);
        assert_eq!(world.err("AddressBook/set", create.clone()).await, "forbidden");
        world.server.clear("b");
        world.server.arm(error_rule("i", Site::Item, "addressbook.*", "overQuota"));
        let answer = world.ok("AddressBook/set", create).await;
        assert_eq!(answer["notCreated"]["c"]["type"], "overQuota");
        assert_eq!(world.server.fault_hits()[1].op, "addressbook.create");
        let calendars =
            world.ok("Calendar/set", json!({ "create": { "c": { "name": "y" } } })).await;
        assert_eq!(calendars["notCreated"], Value::Null);
    });
}
