//! `ContactCard/query` and `/queryChanges` (RFC 9610 sections 3.3 and 3.4).

use calamity_evidence::Actor;
use serde_json::{Value, json};

use super::harness::{World, simulated};

/// Three cards: Ada in "People", Bob in "People" and "Others", the group Club in "Others".
async fn with_cards(world: &World) -> [String; 2] {
    let books =
        ["People", "Others"].map(|name| world.server.create_address_book(Actor::Seed, name));
    let [people, others] = &books;
    let create = json!({ "create": {
        "a": {
            "uid": "ada", "addressBookIds": { people.as_str(): true },
            "created": "2020-01-01T00:00:00Z", "updated": "2026-01-01T00:00:00Z",
            "name": { "components": [
                { "kind": "given", "value": "Ada" }, { "kind": "surname", "value": "Lovelace" },
                { "kind": "surname2", "value": "Byron" },
            ] },
            "nicknames": { "n": { "name": "Enchantress" } },
            "organizations": { "o": { "name": "Analytical Engines" } },
            "emails": { "e": { "address": "ada@example.com", "label": "Home" } },
            "addresses": { "a": { "full": "12 St James Sq", "components": [
                { "kind": "locality", "value": "London" },
            ] } },
            "notes": { "n": { "note": "Wrote the \"first program\"" } },
            "keywords": { "pioneer": true },
        },
        "b": {
            "uid": "bob", "addressBookIds": { people.as_str(): true, others.as_str(): true },
            "created": "2021-01-01T00:00:00Z", "updated": "2025-01-01T00:00:00Z",
            "name": { "full": "Bob", "components": [{ "kind": "given", "value": "Bob" }] },
            "phones": { "p": { "number": "+43 1 234", "label": "Desk" } },
            "onlineServices": { "s": { "service": "Mastodon", "user": "@bob" } },
        },
        "c": {
            "uid": "club", "kind": "group", "addressBookIds": { others.as_str(): true },
            "created": "2022-01-01T00:00:00Z", "updated": "2024-01-01T00:00:00Z",
            "name": { "full": "Club" }, "members": { "ada": true },
        },
    }});
    let answer = world.ok("ContactCard/set", create).await;
    assert_eq!(answer["notCreated"], Value::Null, "{answer}");
    books
}

async fn uids(world: &World, arguments: Value) -> Vec<String> {
    let found = world.ok("ContactCard/query", arguments).await;
    let get = json!({ "ids": found["ids"], "properties": ["uid"] });
    let cards = world.ok("ContactCard/get", get).await["list"].clone();
    let uid = |card: &Value| card["uid"].as_str().unwrap().to_owned();
    cards.as_array().unwrap().iter().map(uid).collect()
}

#[test]
fn every_condition_filters() {
    simulated(async |world| {
        let [people, _] = with_cards(&world).await;
        let cases = [
            (json!({}), "ada bob club"),
            (json!({ "inAddressBook": people }), "ada bob"),
            (json!({ "inAddressBook": "nobody" }), ""),
            (json!({ "uid": "bob" }), "bob"),
            (json!({ "hasMember": "ada" }), "club"),
            (json!({ "kind": "individual" }), "ada bob"),
            (json!({ "kind": "group" }), "club"),
            (json!({ "createdBefore": "2021-01-01T00:00:00Z" }), "ada"),
            (json!({ "createdAfter": "2021-01-01T00:00:00Z" }), "bob club"),
            (json!({ "updatedBefore": "2025-01-01T00:00:00Z" }), "club"),
            (json!({ "updatedAfter": "2025-01-01T00:00:00Z" }), "ada bob"),
            (json!({ "text": "LONDON pioneer" }), "ada"),
            (json!({ "text": "ada mastodon" }), ""),
            (json!({ "name": "lovelace" }), "ada"),
            (json!({ "name": "Club" }), "club"),
            (json!({ "name/given": "ada" }), "ada"),
            (json!({ "name/given": "lovelace" }), ""),
            (json!({ "name/surname": "lovelace" }), "ada"),
            (json!({ "name/surname2": "byron" }), "ada"),
            (json!({ "nickname": "enchant" }), "ada"),
            (json!({ "organization": "engines" }), "ada"),
            (json!({ "email": "home" }), "ada"),
            (json!({ "email": "example.com" }), "ada"),
            (json!({ "phone": "desk" }), "bob"),
            (json!({ "onlineService": "@bob" }), "bob"),
            (json!({ "address": "london" }), "ada"),
            (json!({ "address": "james" }), "ada"),
            (json!({ "note": "'wrote the'" }), "ada"),
            (json!({ "note": "'the wrote'" }), ""),
            (json!({ "inAddressBook": people, "kind": "individual", "name": "bob" }), "bob"),
            (
                json!({ "operator": "OR", "conditions": [{ "uid": "ada" }, { "kind": "group" }] }),
                "ada club",
            ),
            (
                json!({ "operator": "NOT", "conditions": [
                    { "operator": "AND", "conditions": [{ "uid": "ada" }, {}] },
                ] }),
                "bob club",
            ),
        ];
        for (filter, expected) in cases {
            let sort = json!([{ "property": "created" }]);
            let found = uids(&world, json!({ "filter": filter, "sort": sort })).await;
            assert_eq!(found.join(" "), expected, "{filter}");
        }
    });
}

#[test]
fn filters_and_sorts_that_are_none_are_refused() {
    simulated(async |world| {
        with_cards(&world).await;
        let mut deep = json!({});
        for _ in 0..10 {
            deep = json!({ "operator": "AND", "conditions": [deep] });
        }
        let cases = [
            (json!({ "filter": { "color": "x" } }), "unsupportedFilter"),
            (json!({ "filter": { "nope": true } }), "unsupportedFilter"),
            (json!({ "filter": deep }), "unsupportedFilter"),
            (json!({ "filter": { "uid": 1 } }), "invalidArguments"),
            (json!({ "filter": { "createdAfter": "yesterday" } }), "invalidArguments"),
            (json!({ "filter": [] }), "invalidArguments"),
            (json!({ "filter": { "operator": "XOR", "conditions": [] } }), "invalidArguments"),
            (json!({ "sort": [{ "property": "uid" }] }), "unsupportedSort"),
            (json!({ "sort": [{ "property": "created", "collation": "x" }] }), "unsupportedSort"),
            (json!({ "sort": [{}] }), "invalidArguments"),
            (json!({ "limit": -1 }), "invalidArguments"),
            (json!({ "anchor": "nobody" }), "anchorNotFound"),
            (json!({ "inAddressBook": "x" }), "invalidArguments"),
        ];
        for (arguments, kind) in cases {
            assert_eq!(
                world.err("ContactCard/query", arguments.clone()).await,
                kind,
                "{arguments}"
            );
        }
    });
}

#[test]
fn every_sort_orders() {
    simulated(async |world| {
        with_cards(&world).await;
        let cases = [
            (json!([{ "property": "created", "isAscending": false }]), "club bob ada"),
            (json!([{ "property": "updated", "collation": "i;ascii-casemap" }]), "club bob ada"),
            // Those without such a part come first.
            (json!([{ "property": "name/given" }]), "club ada bob"),
            (json!([{ "property": "name/given", "isAscending": false }]), "bob ada club"),
            (
                json!([{ "property": "name/surname", "isAscending": false }, { "property": "created" }]),
                "ada bob club",
            ),
            (
                json!([{ "property": "name/surname2", "isAscending": false }, { "property": "updated" }]),
                "ada club bob",
            ),
        ];
        for (sort, expected) in cases {
            assert_eq!(uids(&world, json!({ "sort": sort })).await.join(" "), expected, "{sort}");
        }
        let sort = json!([{ "property": "created" }]);
        let page = json!({ "sort": sort, "position": -2, "limit": 1, "calculateTotal": true });
        let page = world.ok("ContactCard/query", page).await;
        assert_eq!((&page["position"], &page["total"]), (&json!(1), &json!(3)));
        let anchor = json!({ "sort": sort, "anchor": page["ids"][0], "anchorOffset": 1 });
        assert_eq!(uids(&world, anchor).await, ["club"]);
    });
}

#[test]
fn a_cached_list_follows() {
    simulated(async |world| {
        let [people, others] = with_cards(&world).await;
        let query = json!({
            "filter": { "inAddressBook": people },
            "sort": [{ "property": "name/given" }],
        });
        let first = world.ok("ContactCard/query", query.clone()).await;
        assert_eq!(first["canCalculateChanges"], true);
        let ids: Vec<String> = serde_json::from_value(first["ids"].clone()).unwrap();
        let [ada, bob] = &ids[..] else { panic!("{first}") };
        let changes = json!({
            "create": { "n": {
                "addressBookIds": { people.as_str(): true },
                "name": { "components": [{ "kind": "given", "value": "Aa" }] },
            } },
            "update": { bob.as_str(): { format!("addressBookIds/{people}"): null } },
        });
        let made = world.ok("ContactCard/set", changes).await;
        let new = made["created"]["n"]["id"].as_str().unwrap().to_owned();
        let mut since = query.clone();
        since["sinceQueryState"] = first["queryState"].clone();
        since["calculateTotal"] = json!(true);
        let answer = world.ok("ContactCard/queryChanges", since.clone()).await;
        assert_eq!(answer["oldQueryState"], first["queryState"]);
        assert_eq!(answer["removed"], json!([bob]));
        assert_eq!(answer["added"], json!([{ "id": new, "index": 0 }]));
        assert_eq!(answer["total"], 2);

        let again = world.ok("ContactCard/query", query.clone()).await;
        assert_eq!(again["ids"], json!([new, ada]));
        assert_eq!(again["queryState"], answer["newQueryState"]);

        since["maxChanges"] = json!(1);
        assert_eq!(world.err("ContactCard/queryChanges", since.clone()).await, "tooManyChanges");
        since["maxChanges"] = json!(2);
        world.ok("ContactCard/queryChanges", since.clone()).await;
        since["filter"] = json!({ "inAddressBook": others });
        assert_eq!(
            world.err("ContactCard/queryChanges", since.clone()).await,
            "cannotCalculateChanges"
        );
        since["filter"] = query["filter"].clone();
        world.server.expire_tokens();
        world.ok("ContactCard/queryChanges", since).await;
    });
}
