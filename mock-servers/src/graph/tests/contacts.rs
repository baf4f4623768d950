//! Contacts over the wire.

use calamity_evidence::{Actor, Lineage};
use http::Method;
use serde_json::{Value, json};

use super::rig::{AS_GUEST, PROPERTY, Rig, run, with_people};
use crate::faults::Rule;

fn arm(rig: &Rig, rule: Value) {
    let rule: Rule = serde_json::from_value(rule).expect("a rule");
    rule.check().expect("a rule that can fire");
    rig.server.arm(rule);
}

async fn contact(rig: &Rig, body: Value) -> String {
    let made = rig.post("/me/contacts", &body).await;
    assert_eq!(made.status, 201, "{}", made.body);
    made.id()
}

async fn named(rig: &Rig, names: &[(&str, &str)]) {
    for (given, family) in names {
        let address = format!("{given}@example.com");
        let mails = json!([{ "address": address, "name": given }]);
        let body = json!({ "givenName": given, "surname": family, "emailAddresses": mails });
        contact(rig, body).await;
    }
}

#[test]
fn a_contact_is_made_read_changed_and_deleted() {
    run(async |rig| {
        let body = json!({
            "givenName": "Pavel", "surname": "Bansky", "birthday": "1974-07-22T00:00:00Z",
            "emailAddresses": [{ "address": "pavelb@example.com", "name": "Pavel Bansky" }],
            "businessPhones": ["+1 732 555 0102"], "homeAddress": { "city": "Prague" },
        });
        let made = rig.post("/me/contacts", &body).await;
        assert_eq!(made.status, 201);
        assert_eq!(made.body["displayName"], "Pavel Bansky");
        assert_eq!(made.body["fileAs"], "Bansky, Pavel");
        assert_eq!(made.body["birthday"], "1974-07-22T11:59:00Z");
        assert_eq!(made.body["primaryEmailAddress"]["address"], "pavelb@example.com");
        assert_eq!(made.body["secondaryEmailAddress"], json!(null));
        assert_eq!(made.body["imAddresses"], json!([]));
        assert_eq!(made.body["otherAddress"], json!({}));
        let (id, etag) = (made.id(), made.link("@odata.etag"));
        assert_eq!(etag, format!("W/\"{}\"", made.link("changeKey")));

        let target = format!("/me/contacts/{id}");
        let change = json!({ "jobTitle": "Baker", "homeAddress": null, "businessPhones": null });
        let changed = rig.patch(&target, &change).await;
        assert_eq!((changed.status, changed.body["jobTitle"].as_str()), (200, Some("Baker")));
        assert_eq!(changed.body["homeAddress"], json!({}));
        assert_eq!(changed.body["businessPhones"], json!([]));
        assert_eq!(changed.body["givenName"], "Pavel");

        let stale = [("if-match", etag.as_str())];
        let refused = rig.send(Method::PATCH, &target, &stale, Some(&change)).await;
        assert_eq!((refused.status, refused.code()), (412, "ErrorIrresolvableConflict"));
        let refused = rig.send(Method::DELETE, &target, &stale, None).await;
        assert_eq!(refused.status, 412);
        let present = changed.link("@odata.etag");
        let deleted = rig.send(Method::DELETE, &target, &[("if-match", &present)], None).await;
        assert_eq!(deleted.status, 204);
        assert_eq!(rig.get(&target).await.code(), "ErrorItemNotFound");
        assert_eq!(rig.server.mails(0), []);
        assert_eq!(rig.refusals(), ["ErrorIrresolvableConflict"; 2]);
        assert_eq!(rig.server.items(), [], "events and contacts are apart");
    });
}

#[test]
fn the_list_of_mail_addresses_and_the_places_say_the_same() {
    run(async |rig| {
        let id = contact(&rig, json!({ "displayName": "x" })).await;
        let target = format!("/me/contacts/{id}");
        let second = json!({ "secondaryEmailAddress": { "address": "b@example.com" } });
        let changed = rig.patch(&target, &second).await;
        let expected = json!([{ "address": "b@example.com", "name": "b@example.com" }]);
        assert_eq!(changed.body["emailAddresses"], expected);
        let many = json!({ "emailAddresses": [{}, {}, {}, {}] });
        assert_eq!(rig.patch(&target, &many).await.code(), "ErrorPropertyValidationFailure");
    });
}

#[test]
fn bodies_that_do_not_fit_are_refused() {
    run(async |rig| {
        for body in [
            json!({ "name": "x" }),
            json!({ "displayName": 1 }),
            json!({ "businessPhones": "1" }),
            json!({ "emailAddresses": [{ "mail": "x" }] }),
            json!({ "birthday": "soon" }),
        ] {
            let refused = rig.post("/me/contacts", &body).await;
            assert_eq!((refused.status, refused.code()), (400, "RequestBodyRead"), "{body}");
        }
        assert_eq!(rig.get("/me/contacts").await.rows().len(), 0);
        assert_eq!(rig.get("/me/contacts/not-an-id!").await.code(), "ErrorInvalidIdMalformed");
    });
}

#[test]
fn lists_are_selected_filtered_ordered_paged_and_counted() {
    run(async |rig| {
        named(&rig, &[("Ann", "Zoll"), ("Bob", "Young"), ("Cid", "Young")]).await;
        let page = rig.get("/me/contacts?$select=givenName&$top=2&$count=true").await;
        assert_eq!(page.column("givenName"), ["Ann", "Bob"]);
        assert_eq!(
            (page.body["@odata.count"].as_u64(), page.rows()[0].get("surname")),
            (Some(3), None)
        );
        let next = rig.get(&page.link("@odata.nextLink")).await;
        assert_eq!(next.column("givenName"), ["Cid"]);
        assert_eq!(rig.get("/me/contacts/$count").await.text, "3");
        for (query, expected) in [
            ("$filter=surname eq 'young'", vec!["Bob", "Cid"]),
            ("$filter=surname eq 'Young' and startswith(givenName,'C')", vec!["Cid"]),
            ("$filter=emailAddresses/any(a:a/address eq 'bob@example.com')", vec!["Bob"]),
            ("$filter=createdDateTime ge 2026-01-01T00:00:00Z", vec!["Ann", "Bob", "Cid"]),
            ("$orderby=surname desc,givenName desc", vec!["Ann", "Cid", "Bob"]),
            ("$skip=2", vec!["Cid"]),
        ] {
            let found = rig.get(&format!("/me/contacts?{}", query.replace(' ', "%20"))).await;
            assert_eq!(found.column("givenName"), expected, "{query}");
        }
        for query in ["$filter=subject eq 'x'", "$filter=emailAddresses/any(a:a/name eq 'x')"] {
            let refused = rig.get(&format!("/me/contacts?{}", query.replace(' ', "%20"))).await;
            assert_eq!((refused.status, refused.code()), (400, "ErrorInvalidUrlQueryFilter"));
        }
    });
}

#[test]
fn extended_properties_are_expanded_and_filtered_over_the_mailbox() {
    run(async |rig| {
        let folder = rig.post("/me/contactFolders", &json!({ "displayName": "Team" })).await.id();
        let one = json!({ "id": PROPERTY, "value": "7" });
        let body = json!({ "displayName": "x", "singleValueExtendedProperties": [one] });
        let id = rig.post(&format!("/me/contactFolders/{folder}/contacts"), &body).await.id();
        let expand = format!("$expand=singleValueExtendedProperties($filter=id eq '{PROPERTY}')");
        let read = rig.get(&format!("/me/contacts/{id}?{}", expand.replace(' ', "%20"))).await;
        assert_eq!(read.body["singleValueExtendedProperties"], json!([one]));
        let any = format!("ep: ep/id eq '{PROPERTY}' and ep/value eq '7'");
        let filter = format!("$filter=singleValueExtendedProperties/Any({any})");
        let found = rig.get(&format!("/me/contacts?{}", filter.replace(' ', "%20"))).await;
        assert_eq!(found.column("id"), [id.as_str()]);
        assert_eq!(rig.get("/me/contacts").await.rows().len(), 0, "the default folder is empty");
    });
}

#[test]
fn no_contact_has_a_photo() {
    run(async |rig| {
        let id = contact(&rig, json!({ "displayName": "x" })).await;
        for path in ["photo", "photo/$value"] {
            let none = rig.get(&format!("/me/contacts/{id}/{path}")).await;
            assert_eq!((none.status, none.code()), (404, "ImageNotFound"));
        }
    });
}

#[test]
fn seeded_contacts_are_read_and_faults_find_them() {
    run(async |rig| {
        let card = b"BEGIN:VCARD\r\nVERSION:4.0\r\nUID:u\r\nFN:Ann Zoll\r\nN:Zoll;Ann;;;\r\n\
            EMAIL:ann@example.com\r\nEND:VCARD\r\n";
        let source = crate::world::contacts::read(card).expect("cards").contacts.remove(0);
        let token = Lineage::from_number(1);
        let id = rig.server.create_contact(Actor::Seed, "Contacts", &source, &token);
        let id = id.expect("a contact").expect("contacts");
        let read = rig.get(&format!("/me/contacts/{id}")).await;
        assert_eq!(read.body["displayName"], token.mark("Ann Zoll"));
        assert_eq!(read.body["primaryEmailAddress"]["address"], "ann@example.com");
        arm(
            &rig,
            json!({ "id": "f", "site": "item", "op": "contact.update", "item": { "title": "Ann*" },
            "what": { "error": { "code": "ErrorQuotaExceeded" } } }),
        );
        let refused = rig.patch(&format!("/me/contacts/{id}"), &json!({ "title": "Dr" })).await;
        assert_eq!((refused.status, refused.code()), (507, "ErrorQuotaExceeded"));
        let write = rig.server.writes(0).pop().expect("a write");
        assert_eq!((write.lineage, write.container.as_str()), (Some(token), "Contacts"));
    });
}

#[test]
fn every_user_has_contacts_of_their_own() {
    with_people(async |rig| {
        contact(&rig, json!({ "displayName": "mine" })).await;
        let theirs = rig.by(AS_GUEST, Method::GET, "/me/contacts", None).await;
        assert_eq!(theirs.rows().len(), 0);
    });
}
