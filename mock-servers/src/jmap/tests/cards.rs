//! Cards: `ContactCard/get`, `/set` and `/changes` (RFC 9610 section 3, RFC 9553).

use calamity_evidence::{Actor, Lineage, WriteOp, WriteResult};
use serde_json::{Value, json};

use super::harness::{World, error_rule, simulated, simulated_as};
use crate::faults::{Effect, PatchEffect, Site};
use crate::world::contacts;

/// A world with the address book "People".
fn with_book(world: &World) -> String {
    world.server.create_address_book(Actor::Seed, "People")
}

fn card(book: &str, uid: &str, full: &str) -> Value {
    json!({
        "@type": "Card", "version": "1.0", "uid": uid,
        "addressBookIds": { book: true },
        "name": { "full": full },
    })
}

async fn made(world: &World, card: Value) -> String {
    let answer = world.ok("ContactCard/set", json!({ "create": { "c": card } })).await;
    assert_eq!(answer["notCreated"], Value::Null, "{answer}");
    answer["created"]["c"]["id"].as_str().unwrap().to_owned()
}

async fn refused(world: &World, card: Value) -> Value {
    let answer = world.ok("ContactCard/set", json!({ "create": { "c": card } })).await;
    answer["notCreated"]["c"].clone()
}

async fn shown(world: &World, id: &str) -> Value {
    world.ok("ContactCard/get", json!({ "ids": [id] })).await["list"][0].clone()
}

async fn patched(world: &World, id: &str, patch: Value) -> Value {
    let answer = world.ok("ContactCard/set", json!({ "update": { id: patch } })).await;
    answer["notUpdated"][id].clone()
}

#[test]
fn a_card_comes_back_as_it_was_sent() {
    simulated(async |world| {
        let book = with_book(&world);
        let sent = json!({
            "@type": "Card", "version": "1.0", "uid": "urn:uuid:1", "kind": "individual",
            "addressBookIds": { book.as_str(): true },
            "created": "2020-01-02T03:04:05Z", "updated": "2021-01-02T03:04:05Z",
            "language": "de-AT", "prodId": "x",
            "name": {
                "components": [
                    { "kind": "given", "value": "Ada" }, { "kind": "separator", "value": " " },
                    { "kind": "surname", "value": "B" },
                ],
                "isOrdered": true, "defaultSeparator": "", "sortAs": { "surname": "B" },
            },
            "nicknames": { "n": { "name": "Lady" } },
            "organizations": { "o": { "name": "Acme", "units": [{ "name": "R&D" }] } },
            "speakToAs": { "grammaticalGender": "feminine", "pronouns": { "p": { "pronouns": "she" } } },
            "titles": { "t": { "name": "Boss", "kind": "role", "organizationId": "o" } },
            "emails": { "e": { "address": "a@b.c", "contexts": { "work": true }, "pref": 1 } },
            "onlineServices": { "s": { "service": "M", "user": "@a" } },
            "phones": { "p": { "number": "+1", "features": { "mobile": true } } },
            "preferredLanguages": { "l": { "language": "de" } },
            "calendars": { "c": { "kind": "freeBusy", "uri": "https://a.b/c" } },
            "schedulingAddresses": { "s": { "uri": "mailto:a@b.c" } },
            "addresses": { "a": {
                "components": [{ "kind": "locality", "value": "Wien" }],
                "countryCode": "AT", "coordinates": "geo:1,2", "timeZone": "Europe/Vienna",
            } },
            "cryptoKeys": { "k": { "uri": "https://a.b/k" } },
            "directories": { "d": { "kind": "entry", "uri": "https://a.b/d", "listAs": 1 } },
            "links": { "l": { "uri": "https://a.b/", "kind": "contact" } },
            "media": { "m": { "kind": "logo", "uri": "https://a.b/logo.png" } },
            "localizations": { "en": { "organizations/o/name": "Acme Ltd", "nicknames": null } },
            "anniversaries": {
                "b": { "kind": "birth", "date": { "year": 1980, "month": 2, "day": 3 } },
                "d": { "kind": "death", "date": { "@type": "Timestamp", "utc": "2020-01-01T00:00:00Z" } },
            },
            "keywords": { "friend": true },
            "notes": { "n": { "note": "hi", "author": { "name": "me" } } },
            "personalInfo": { "p": { "kind": "hobby", "value": "chess", "level": "high" } },
            "relatedTo": { "urn:uuid:2": { "relation": { "spouse": true } } },
            "vCardProps": [["x-foo", {}, "unknown", "bar"]],
            "example.com:color": "red", "futureProperty": { "a": 1 },
        });
        let answer = world.ok("ContactCard/set", json!({ "create": { "c": sent } })).await;
        assert_eq!(answer["notCreated"], Value::Null, "{answer}");
        let created = answer["created"]["c"].as_object().unwrap();
        assert_eq!(created.keys().collect::<Vec<_>>(), ["id"], "all else was sent");
        let mut expected = sent;
        expected["id"] = created["id"].clone();
        assert_eq!(shown(&world, created["id"].as_str().unwrap()).await, expected);
    });
}

#[test]
fn the_server_adds_what_a_card_must_have() {
    simulated(async |world| {
        let book = with_book(&world);
        let sent = json!({ "addressBookIds": { book.as_str(): true }, "name": { "full": "A" }, "kind": null });
        let answer = world.ok("ContactCard/set", json!({ "create": { "c": sent } })).await;
        let created = answer["created"]["c"].clone();
        assert_eq!((&created["@type"], &created["version"]), (&json!("Card"), &json!("1.0")));
        assert!(created["uid"].as_str().unwrap().starts_with("urn:uuid:"), "{created}");
        assert_eq!(created["created"], created["updated"]);
        assert_eq!(created.get("kind"), None);
        let other = world
            .ok(
                "ContactCard/set",
                json!({ "create": { "c": {
            "addressBookIds": { book.as_str(): true }, "name": { "full": "A" },
        } } }),
            )
            .await;
        assert_ne!(other["created"]["c"]["uid"], created["uid"]);
    });
}

#[test]
fn what_is_no_card_is_refused_with_its_properties() {
    simulated(async |world| {
        let book = with_book(&world);
        let cases = [
            (json!({ "version": "9" }), json!(["version"])),
            (json!({ "uid": "" }), json!(["uid"])),
            (json!({ "kind": "robot" }), json!(["kind"])),
            (json!({ "@type": "Event" }), json!(["@type"])),
            (json!({ "name": {} }), json!(["name"])),
            (
                json!({ "name": { "components": [{ "kind": "given" }] } }),
                json!(["name/components/0/value"]),
            ),
            (
                json!({ "name": { "full": "a", "defaultSeparator": " " } }),
                json!(["name/defaultSeparator"]),
            ),
            (json!({ "emails": { "e": {} } }), json!(["emails/e/address"])),
            (json!({ "emails": { "e e": { "address": "x" } } }), json!(["emails/e e"])),
            (json!({ "emails": [] }), json!(["emails"])),
            (json!({ "phones": { "p": { "number": "1", "pref": 0 } } }), json!(["phones/p/pref"])),
            (json!({ "keywords": { "x": false } }), json!(["keywords"])),
            (json!({ "members": { "u": true } }), json!(["members"])),
            (
                json!({ "anniversaries": { "a": { "kind": "birth" } } }),
                json!(["anniversaries/a/date"]),
            ),
            (
                json!({ "anniversaries": { "a": { "kind": "birth", "date": { "@type": "X" } } } }),
                json!(["anniversaries/a/date/@type"]),
            ),
            (json!({ "localizations": { "de": { "a/b": 1 } } }), json!(["localizations/de/a~1b"])),
            (json!({ "media": { "m": { "kind": "photo" } } }), json!(["media/m/uri"])),
            (
                json!({ "media": { "m": { "kind": "photo", "blobId": "x" } } }),
                json!(["media/m/blobId"]),
            ),
            (json!({ "extra": 1 }), json!(["extra"])),
            (json!({ "no name": 1 }), json!(["no name"])),
            (json!({ "id": "x" }), json!(["id"])),
            (json!({ "addressBookIds": {} }), json!(["addressBookIds"])),
            (json!({ "addressBookIds": { "nobody": true } }), json!(["addressBookIds"])),
            (json!({ "addressBookIds": { book.as_str(): false } }), json!(["addressBookIds"])),
            (json!({ "addressBookIds": null }), json!(["addressBookIds"])),
        ];
        for (change, properties) in cases {
            let mut card = card(&book, "u", "A");
            card.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
            let error = refused(&world, card).await;
            assert_eq!(error["type"], "invalidProperties", "{change}");
            assert_eq!(error["properties"], properties, "{change}");
        }
        let log = world.server.writes(2);
        assert!(log.iter().all(|write| matches!(write.result, WriteResult::Refused(_))));
        assert_eq!(world.ok("ContactCard/get", json!({})).await["list"], json!([]));
    });
}

#[test]
fn an_account_has_a_uid_once() {
    simulated(async |world| {
        let book = with_book(&world);
        let first = made(&world, card(&book, "u1", "A")).await;
        let error = refused(&world, card(&book, "u1", "B")).await;
        assert_eq!(error["type"], "invalidProperties");
        assert_eq!((&error["properties"], &error["existingId"]), (&json!(["uid"]), &json!(first)));
        let second = made(&world, card(&book, "u2", "B")).await;
        assert_eq!(patched(&world, &second, json!({ "uid": "u1" })).await["existingId"], first);
        assert_eq!(patched(&world, &second, json!({ "uid": "u3" })).await, Value::Null);
        assert_eq!(shown(&world, &second).await["uid"], "u3");
        // Events have uids of their own.
        world.made(world.event("u1", "x")).await;
    });
}

#[test]
fn patches_change_what_they_point_at() {
    simulated(async |world| {
        let book = with_book(&world);
        let mut sent = card(&book, "u", "A");
        sent["emails"] = json!({ "a": { "address": "a@x" }, "b": { "address": "b@x" } });
        let id = made(&world, sent).await;
        let before = shown(&world, &id).await;
        world.env.clock.sleep(std::time::Duration::from_secs(2)).await;
        let patch = json!({
            "emails/a": null, "emails/b/label": "Club", "emails/c": { "address": "c@x" },
            "notes": { "n": { "note": "new" } },
        });
        let answer = world.ok("ContactCard/set", json!({ "update": { id.as_str(): patch } })).await;
        let server_set = answer["updated"][&id].as_object().unwrap();
        assert_eq!(server_set.keys().collect::<Vec<_>>(), ["updated"]);
        let after = shown(&world, &id).await;
        assert_eq!(
            after["emails"],
            json!({ "b": { "address": "b@x", "label": "Club" }, "c": { "address": "c@x" } })
        );
        assert_eq!((&after["created"], &after["uid"]), (&before["created"], &before["uid"]));

        let wrong = [
            (json!({ "emails/x/label": "y" }), "invalidPatch"),
            (json!({ "emails": {}, "emails/b": null }), "invalidPatch"),
            (json!({ "id": "other" }), "invalidProperties"),
            (json!({ "uid": null }), "invalidProperties"),
            (json!({ "emails/b/address": null }), "invalidProperties"),
            (json!({ "addressBookIds": {} }), "invalidProperties"),
        ];
        for (patch, kind) in wrong {
            assert_eq!(patched(&world, &id, patch.clone()).await["type"], kind, "{patch}");
        }
        assert_eq!(shown(&world, &id).await, after, "nothing of it was applied");
        assert_eq!(patched(&world, "nobody", json!({})).await["type"], "notFound");
        let whole = shown(&world, &id).await;
        assert_eq!(patched(&world, &id, whole).await, Value::Null, "the object itself is a patch");
    });
}

#[test]
fn groups_have_members() {
    simulated(async |world| {
        let book = with_book(&world);
        let mut group = card(&book, "g", "Family");
        group["kind"] = json!("group");
        group["members"] = json!({ "urn:uuid:1": true, "gone": true });
        let id = made(&world, group).await;
        assert_eq!(patched(&world, &id, json!({ "members/gone": null })).await, Value::Null);
        assert_eq!(shown(&world, &id).await["members"], json!({ "urn:uuid:1": true }));
        let error = patched(&world, &id, json!({ "kind": "individual" })).await;
        assert_eq!(error["type"], "invalidProperties", "only a group has members");
    });
}

#[test]
fn cards_move_between_books_and_refer_to_new_ones() {
    simulated(async |world| {
        let book = with_book(&world);
        let calls = json!([
            ["AddressBook/set", { "accountId": world.account, "create": { "n": { "name": "New" } } }, "0"],
            ["ContactCard/set", { "accountId": world.account, "create": { "c": {
                "addressBookIds": { "#n": true }, "name": { "full": "A" },
            } } }, "1"],
            ["ContactCard/get", { "accountId": world.account, "ids": ["#c"], "properties": ["addressBookIds"] }, "2"],
            ["CalendarEvent/get", { "accountId": world.account, "ids": [] }, "3"],
        ]);
        let responses = world.calls(calls).await;
        let new = responses[0][1]["created"]["n"]["id"].as_str().unwrap().to_owned();
        let id = responses[1][1]["created"]["c"]["id"].as_str().unwrap().to_owned();
        let expected = json!([{ "id": id, "addressBookIds": { new.as_str(): true } }]);
        assert_eq!(responses[2][1]["list"], expected);
        assert_eq!(responses[3][0], "CalendarEvent/get", "the next call is about calendars again");
        let patch = json!({ format!("addressBookIds/{new}"): null, format!("addressBookIds/{book}"): true });
        assert_eq!(patched(&world, &id, patch).await, Value::Null);
        assert_eq!(shown(&world, &id).await["addressBookIds"], json!({ book.as_str(): true }));
    });
}

#[test]
fn a_card_is_in_no_more_books_than_allowed() {
    simulated_as("strict", async |world| {
        let book = with_book(&world);
        let state = world.ok("ContactCard/get", json!({ "ids": [] })).await["state"].clone();
        made(&world, card(&book, "u", "A")).await;
        let stale = json!({ "ifInState": state, "destroy": [] });
        assert_eq!(world.err("ContactCard/set", stale).await, "stateMismatch");
        let ids: Vec<String> = (0..501).map(|n| format!("x{n}")).collect();
        assert_eq!(world.err("ContactCard/get", json!({ "ids": ids })).await, "requestTooLarge");
        assert_eq!(
            world.err("ContactCard/set", json!({ "destroy": ids })).await,
            "requestTooLarge"
        );
        let unknown = json!({ "sendSchedulingMessages": true });
        assert_eq!(world.err("ContactCard/set", unknown).await, "invalidArguments");
    });
}

#[test]
fn changes_of_cards_have_a_state_of_their_own() {
    simulated(async |world| {
        let book = with_book(&world);
        let state =
            async || world.ok("ContactCard/get", json!({ "ids": [] })).await["state"].clone();
        let (before, events) = (state().await, world.state().await);
        let [a, b] =
            [made(&world, card(&book, "a", "A")).await, made(&world, card(&book, "b", "B")).await];
        patched(&world, &a, json!({ "kind": "org" })).await;
        let middle = state().await;
        world.ok("ContactCard/set", json!({ "destroy": [b] })).await;
        let changes = world.ok("ContactCard/changes", json!({ "sinceState": before })).await;
        assert_eq!(changes["created"], json!([a]));
        let changes = world.ok("ContactCard/changes", json!({ "sinceState": middle })).await;
        assert_eq!(
            (&changes["destroyed"], &changes["hasMoreChanges"]),
            (&json!([b]), &json!(false))
        );
        assert_eq!(world.state().await, events, "events did not change");
        let foreign = json!({ "sinceState": events });
        assert_eq!(world.err("ContactCard/changes", foreign).await, "cannotCalculateChanges");
        let mut more = json!({ "sinceState": before, "maxChanges": 1 });
        more["maxChanges"] = json!(1);
        assert_eq!(world.ok("ContactCard/changes", more).await["created"], json!([a]));
    });
}

#[test]
fn seeded_contacts_are_cards() {
    simulated(async |world| {
        let text = "BEGIN:VCARD\nVERSION:4.0\nUID:u1\nFN:Ada B\nEMAIL:a@x.y\n\
                    PHOTO:data:image/png;base64,iVBORw0KGgo=\nEND:VCARD\n";
        let contact = contacts::read(text.as_bytes()).unwrap().contacts.remove(0);
        let lineage = Lineage::from_number(3);
        let id = world.server.create_contact(Actor::Seed, "People", &contact, &lineage);
        let id = id.unwrap().unwrap();
        let card = shown(&world, &id).await;
        assert_eq!(card["name"]["full"], lineage.mark("Ada B"));
        assert_eq!(card["emails"]["e1"]["address"], "a@x.y");
        let photo = card["media"]["m1"].as_object().unwrap();
        assert_eq!(photo.get("uri"), None, "data is shown by id");
        assert_eq!(photo["mediaType"], "image/png");
        assert_eq!(patched(&world, &id, json!({ "kind": "individual" })).await, Value::Null);
        let log = world.server.writes(2);
        assert_eq!(log[0].op, WriteOp::Create);
        assert_eq!((log[0].lineage.as_ref(), log[0].title.as_str()), (Some(&lineage), "Ada B"));
        assert_eq!((log[0].container.as_str(), log[1].op), ("People", WriteOp::Update));
        assert_eq!(world.server.items(), vec![], "they are no events");
    });
}

#[test]
fn faults_hit_cards_by_uid_title_and_book() {
    simulated(async |world| {
        let book = with_book(&world);
        let mut rule = error_rule("q", Site::Item, "contact.create", "overQuota");
        rule.item = Some(crate::faults::ItemSelector::Uid("u1".to_owned()));
        rule.calendar = Some("People".to_owned());
        world.server.arm(rule);
        assert_eq!(refused(&world, card(&book, "u1", "A")).await["type"], "overQuota");
        let id = made(&world, card(&book, "u2", "Ada")).await;
        let set = json!({ "kind": "org" }).as_object().unwrap().clone();
        let patch = Effect::Patch(PatchEffect {
            set,
            drop: vec!["name".to_owned()],
            ..PatchEffect::default()
        });
        let mut rule = super::harness::rule("p", Site::Item, "contact.get", patch);
        rule.item = Some(crate::faults::ItemSelector::Title("Ad*".to_owned()));
        world.server.arm(rule);
        let card = shown(&world, &id).await;
        assert_eq!((&card["kind"], card.get("name")), (&json!("org"), None));
        world.server.clear("p");
        let mut rule = error_rule("r", Site::Request, "contact.delete", "serverUnavailable");
        rule.item = Some(crate::faults::ItemSelector::Title("Ada".to_owned()));
        world.server.arm(rule);
        assert_eq!(
            world.err("ContactCard/set", json!({ "destroy": [id] })).await,
            "serverUnavailable"
        );
        let last = world.server.writes(0).pop().unwrap();
        assert_eq!(
            (last.op, last.uid.as_str(), last.container.as_str()),
            (WriteOp::Delete, "u2", "People")
        );
    });
}
