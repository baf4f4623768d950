//! The card as RFC 9553 wants it, and cards of other writers read.

use serde_json::{from_value, json};

use super::super::{ContactFacts, read};
use super::*;

fn written(lines: &str) -> Value {
    let text = format!("BEGIN:VCARD\nVERSION:4.0\nUID:u1\nFN:Ada B\n{lines}END:VCARD\n");
    let contact = read(text.as_bytes()).expect("readable").contacts.remove(0);
    Value::Object(jscontact(&contact, &Lineage::from_number(1)).expect("writable"))
}

#[track_caller]
fn check(lines: &str, name: &str, expect: Value) {
    assert_eq!(written(lines)[name], expect);
}

#[test]
fn the_head_of_a_card() {
    let card = written("KIND:group\nREV:20260504T080000Z\n");
    assert_eq!((&card["@type"], &card["version"]), (&json!("Card"), &json!("1.0")));
    assert_eq!((&card["kind"], &card["uid"]), (&json!("group"), &json!("u1")));
    assert_eq!(card["updated"], "2026-05-04T08:00:00Z");
    assert_eq!(card["name"]["full"], format!("Ada B {}", Lineage::from_number(1)));
    assert_eq!(card["members"], json!({}));
}

#[test]
fn each_property_has_its_object() {
    let components = json!({
        "components": [
            { "kind": "title", "value": "Dr." },
            { "kind": "given", "value": "Ada" },
            { "kind": "given2", "value": "C" },
            { "kind": "surname", "value": "B" },
            { "kind": "credential", "value": "MSc" },
        ],
        "full": format!("Ada B {}", Lineage::from_number(1)),
        "isOrdered": false,
    });
    check("N:B;Ada;C;Dr.;MSc\n", "name", components);
    check(
        "TEL;TYPE=home,cell;PREF=1:+1\n",
        "phones",
        json!({ "p1": { "number": "+1", "features": { "mobile": true }, "contexts": { "private": true }, "pref": 1 } }),
    );
    check(
        "i.EMAIL:a@example.com\ni.X-ABLabel:Club\n",
        "emails",
        json!({ "e1": { "address": "a@example.com", "label": "Club" } }),
    );
    check(
        "BDAY:--0203\nANNIVERSARY:20090808\n",
        "anniversaries",
        json!({
            "d1": { "kind": "birth", "date": { "@type": "PartialDate", "month": 2, "day": 3 } },
            "d2": { "kind": "wedding", "date": { "@type": "PartialDate", "year": 2009, "month": 8, "day": 8 } },
        }),
    );
    check(
        "ORG:X;Y\n",
        "organizations",
        json!({ "o1": { "name": "X", "units": [{ "name": "Y" }] } }),
    );
    check(
        "RELATED;TYPE=friend:urn:uuid:2\nX-MANAGER:Max\n",
        "relatedTo",
        json!({ "urn:uuid:2": { "relation": { "friend": true } }, "Max": { "relation": { "example.com:manager": true } } }),
    );
    check("CATEGORIES:a,b\n", "keywords", json!({ "a": true, "b": true }));
    check(
        "PHOTO:data:image/png;base64,AAAA\n",
        "media",
        json!({ "m1": { "kind": "photo", "mediaType": "image/png", "uri": "data:image/png;base64,AAAA" } }),
    );
    check(
        "g1.X-A;P=1,2;Q=3:v\\,w\n",
        "vCardProps",
        json!([["x-a", { "group": "g1", "p": ["1", "2"], "q": "3" }, "unknown", "v\\,w"]]),
    );
}

#[test]
fn members_belong_to_groups() {
    let contact =
        SourceContact { members: vec!["urn:uuid:1".to_owned()], ..SourceContact::default() };
    let refused = jscontact(&contact, &Lineage::from_number(1)).expect_err("no group");
    assert_eq!(refused.to_string(), "MEMBER: members of something that is no group");
}

#[test]
fn cards_of_other_writers_are_read_by_their_meaning() {
    let card: Map<String, Value> = from_value(json!({
        "@type": "Card", "version": "1.0", "uid": "u",
        "name": { "components": [
            { "kind": "given", "value": "Ada" }, { "kind": "separator", "value": "-" },
            { "kind": "surname", "value": "B" }, { "kind": "generation", "value": "Jr." },
        ] },
        "phones": { "x": { "number": "tel:+1-555", "features": { "voice": true, "fax": true }, "contexts": { "work": true } } },
        "addresses": { "x": { "components": [
            { "kind": "number", "value": "7" }, { "kind": "name", "value": "Row" }, { "kind": "locality", "value": "C" },
        ] }, "y": { "full": "Elsewhere 1" } },
        "anniversaries": { "x": { "kind": "birth", "date": { "@type": "Timestamp", "utc": "1985-04-12T23:00:00Z" } } },
        "onlineServices": { "x": { "service": "Mastodon", "user": "@ada" } },
        "titles": { "x": { "name": "Head" } },
        "emails": 7, "relatedTo": { "z": {} },
    }))
    .expect("an object");
    let facts = ContactFacts::of(&from_jscontact(&card));
    assert_eq!((facts.full_name.as_str(), facts.suffix.as_str()), ("Ada B Jr.", "Jr."));
    assert_eq!(facts.phones.iter().collect::<Vec<_>>(), ["work fax|+1555"]);
    let addresses: Vec<&String> = facts.addresses.iter().collect();
    assert_eq!(addresses, ["other|7 Row|C|||", "other|Elsewhere 1||||"]);
    assert_eq!((facts.birthday.as_str(), facts.title.as_str()), ("1985-04-12", "Head"));
    assert_eq!(facts.messengers.iter().collect::<Vec<_>>(), ["@ada"]);
    assert_eq!(facts.related.iter().collect::<Vec<_>>(), ["|z"]);
}
