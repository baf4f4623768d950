//! Address books.

use calamity_evidence::{Actor, Lineage};

use super::rig::{BOOK, OWNER, World, card, event, rule, simulated, simulated_as};
use crate::faults::{Effect, ErrorEffect, Site};
use crate::world::contacts::{embedded_contacts, vcard_facts};

async fn put(world: &World, name: &str, body: &str) -> super::rig::Answer {
    let headers = [("content-type", "text/vcard")];
    world.send("PUT", &format!("{BOOK}{name}"), &headers, body).await
}

#[test]
fn cards_are_kept_found_and_told_of() {
    simulated(async |world| {
        let ann = card("1", "Ann");
        assert_eq!(put(&world, "ann.vcf", &ann).await.status, 201);
        assert_eq!(put(&world, "bob.vcf", &card("2", "Bob")).await.status, 201);
        let got = world.send("GET", &format!("{BOOK}ann.vcf"), &[], "").await;
        assert_eq!(
            (got.text(), got.header("content-type")),
            (ann.clone(), "text/vcard; charset=utf-8")
        );
        let query = |limit: &str, text: &str| {
            format!(
                "<D:prop><D:getetag/><A:address-data/></D:prop><A:filter><A:prop-filter name=\"FN\">\
                 <A:text-match>{text}</A:text-match></A:prop-filter></A:filter>{limit}"
            )
        };
        let found = world.report(BOOK, "A:addressbook-query", &query("", "ann")).await;
        assert_eq!(found.rows(), ["ann.vcf"]);
        assert!(found.text().contains("FN:Ann"));
        let limit = "<A:limit><A:nresults>1</A:nresults></A:limit>";
        let cut = world.report(BOOK, "A:addressbook-query", &query(limit, "n")).await;
        assert_eq!(cut.rows(), ["ann.vcf"]);
        let cut = world.report(BOOK, "A:addressbook-query", &query(limit, "")).await;
        assert_eq!(cut.rows().len(), 2, "one card and what says that there is more");
        assert!(cut.text().contains("507"));
        let hrefs = format!("<D:href>{BOOK}bob.vcf</D:href><D:href>{BOOK}none.vcf</D:href>");
        let inside = format!("<D:prop><A:address-data/></D:prop>{hrefs}");
        let some = world.report(BOOK, "A:addressbook-multiget", &inside).await;
        assert_eq!(some.rows(), ["bob.vcf", "none.vcf 404"]);
        let inside = "<D:sync-token/><D:sync-level>1</D:sync-level><D:prop><D:getetag/></D:prop>";
        let all = world.report(BOOK, "D:sync-collection", inside).await;
        assert_eq!(all.rows(), ["ann.vcf", "bob.vcf"]);
        let wrong = world.report(BOOK, "C:calendar-query", "").await;
        assert_eq!(wrong.status, 400);
    });
}

#[test]
fn cards_that_are_refused() {
    simulated(async |world| {
        put(&world, "ann.vcf", &card("1", "Ann")).await;
        let again = put(&world, "b.vcf", &card("1", "Bob")).await;
        assert_eq!((again.status, again.condition().as_str()), (403, "no-uid-conflict"));
        assert!(again.text().contains("ann.vcf"));
        let broken = put(&world, "b.vcf", "BEGIN:VCARD\r\nVERSION:3.0\r\nEND:VCARD\r\n").await;
        assert_eq!(broken.condition(), "valid-address-data");
        let path = format!("{BOOK}b.vcf");
        let typed = [("content-type", "text/calendar")];
        let typed = world.send("PUT", &path, &typed, &card("3", "C")).await;
        assert_eq!(typed.condition(), "supported-address-data");
        let none = world.send("PUT", &path, &[("if-match", "*")], &card("3", "C")).await;
        assert_eq!(none.status, 412);
    });
}

#[test]
fn lenient_servers_take_cards_of_old_forms() {
    let old = card("1", "Ann").replace("UID:1\r\n", "TEL;HOME:1\r\nPHOTO;BASE64:AAAA\r\n");
    for (profile, status) in [("strict", 403), ("nextcloud", 201), ("radicale", 201)] {
        simulated_as(profile, async |world| {
            let answer = put(&world, "a.vcf", &old).await;
            assert_eq!((answer.status, answer.header("etag")), (status, ""), "{profile}");
            if status == 201 {
                let got = world.send("GET", &format!("{BOOK}a.vcf"), &[], "").await.text();
                assert!(got.contains("TEL;TYPE=HOME:1\r\n") && got.contains("UID:"), "{got}");
            }
        });
    }
    simulated_as("nextcloud", async |world| {
        let path = format!("{BOOK}a.vcf");
        let typed = [("content-type", "application/xml")];
        assert_eq!(world.send("PUT", &path, &typed, &card("1", "Ann")).await.status, 201);
        assert_eq!(world.send("PUT", &path, &typed, "no card").await.status, 415);
        let report = world.report(BOOK, "D:version-tree", "").await;
        assert_eq!((report.status, report.condition().as_str()), (415, "supported-report"));
        let query = "<D:prop/><A:filter/>";
        let flat = world.report_at("0", BOOK, "A:addressbook-query", query).await;
        assert_eq!((flat.status, flat.condition().as_str()), (415, "supported-report"));
        let query = "<D:prop/><C:filter><C:comp-filter name=\"VCALENDAR\"/></C:filter>";
        let flat = world.report_at("0", super::rig::WORK, "C:calendar-query", query).await;
        assert_eq!(flat.status, 400);
    });
}

#[test]
fn every_shipped_contact_can_be_seeded_and_read_back() {
    simulated(async |world| {
        let all = embedded_contacts();
        for (number, contact) in all.iter().enumerate() {
            let lineage = Lineage::from_number(number as u64);
            let made = world.server.create_contact(Actor::Seed, "friends", contact, &lineage);
            let id = made.unwrap().unwrap();
            let path = format!("/dav/addressbooks/{OWNER}/{id}");
            let answer = world.send("GET", &path, &[], "").await;
            assert_eq!(answer.status, 200, "{path}: {}", answer.text());
            let facts = vcard_facts(answer.response.body()).unwrap();
            assert_eq!(facts.full_name, lineage.mark(&contact.full_name));
        }
        assert!(world.server.mails(0).is_empty());
    });
}

#[test]
fn faults_tell_contacts_from_events() {
    simulated(async |world| {
        let refusal = ErrorEffect { code: "403".to_owned(), ..ErrorEffect::default() };
        world.server.arm(rule("cards", Site::Request, "contact.create", Effect::Error(refusal)));
        assert_eq!(world.put("a.ics", &event("a", "")).await.status, 201);
        let path = format!("{BOOK}a.vcf");
        let headers = [("content-type", "text/vcard")];
        assert_eq!(world.send("PUT", &path, &headers, &card("a", "A")).await.status, 403);
        assert_eq!(world.server.fault_hits().len(), 1);
        let operations: Vec<String> =
            world.server.requests(0).into_iter().flat_map(|request| request.operations).collect();
        assert_eq!(operations[2..], ["event.create", "contact.create"]);
    });
}
