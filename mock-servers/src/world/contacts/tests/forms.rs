//! Every contact of ours in every form, and what is left of it when it is read back.

use calamity_evidence::Lineage;

use super::super::content::Version;
use super::super::{
    ContactFacts, SourceContact, contact_files, from_graph, from_jscontact, graph, jscontact, read,
    vcard, vcard_facts,
};

/// (File, why a form cannot hold one of its contacts).
const REFUSED: &[(&str, &str)] = &[
    (
        "apple-anniversary-and-related-names.vcf",
        "graph: ANNIVERSARY: an anniversary: Graph v1.0 knows birthdays only",
    ),
    ("apple-birthday-without-year.vcf", "graph: BDAY: a birthday without a year"),
    (
        "apple-group-of-addressbookserver.vcf",
        "graph: KIND: a Graph contact is a person or a firm, not a group, place or thing",
    ),
    (
        "apple-item-groups-with-labels.vcf",
        "graph: TEL: a number that is not for home or for work alone",
    ),
    (
        "apple-photo-base64-folded.vcf",
        "graph: PHOTO: a picture: Graph keeps it beside the contact, not in it",
    ),
    (
        "davx5-group-with-members.vcf",
        "graph: KIND: a Graph contact is a person or a firm, not a group, place or thing",
    ),
    ("davx5-group-with-members.vcf", "graph: RELATED: somebody related who is another contact"),
    (
        "davx5-work-and-home-in-one-type.vcf",
        "graph: TEL: a number that is not for home or for work alone",
    ),
    (
        "evolution-extensions.vcf",
        "graph: ANNIVERSARY: an anniversary: Graph v1.0 knows birthdays only",
    ),
    ("evolution-vendor-messengers.vcf", "graph: IMPP: more than three messengers"),
    ("google-six-mail-addresses.vcf", "graph: EMAIL: more than three mail addresses"),
    (
        "nextcloud-birthday-without-year.vcf",
        "graph: ANNIVERSARY: an anniversary: Graph v1.0 knows birthdays only",
    ),
    (
        "nextcloud-photo-as-data-uri.vcf",
        "graph: PHOTO: a picture: Graph keeps it beside the contact, not in it",
    ),
    (
        "sogo-members-by-mail-list.vcf",
        "graph: KIND: a Graph contact is a person or a firm, not a group, place or thing",
    ),
    (
        "stalwart-kind-location.vcf",
        "vcard 3.0: KIND: version 3.0 knows people, organizations and groups only",
    ),
    (
        "stalwart-kind-location.vcf",
        "graph: KIND: a Graph contact is a person or a firm, not a group, place or thing",
    ),
    ("thunderbird-pref-parameter.vcf", "graph: NICKNAME: more than one nickname"),
];

/// Every contact of ours with its file.
fn every() -> Vec<(String, SourceContact)> {
    let mut all = Vec::new();
    for (name, octets) in contact_files() {
        let read = read(&octets).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(read.skipped, [], "{name}");
        all.extend(read.contacts.into_iter().map(|contact| (name.clone(), contact)));
    }
    all
}

#[test]
fn every_form_gives_back_the_same_facts_but_for_what_is_refused() {
    let mut refused = Vec::new();
    for (number, (file, contact)) in every().into_iter().enumerate() {
        let lineage = Lineage::from_number(number as u64);
        let full_name = lineage.mark(&contact.full_name);
        let expect = ContactFacts { full_name, ..ContactFacts::of(&contact) };
        for version in [Version::V3, Version::V4] {
            let form = format!("vcard {}", version.number());
            match vcard(&contact, &lineage, version) {
                Ok(card) => assert_eq!(vcard_facts(card.as_bytes()), Ok(expect.clone()), "{card}"),
                Err(reason) => refused.push((file.clone(), format!("{form}: {reason}"))),
            }
        }
        let card = jscontact(&contact, &lineage).expect("JSContact holds it");
        assert_eq!(ContactFacts::of(&from_jscontact(&card)), expect, "{card:?}");
        match graph(&contact, &lineage) {
            Ok(body) => {
                assert_eq!(ContactFacts::of(&from_graph(&body, &contact.uid)), expect, "{body:?}");
            }
            Err(reason) => refused.push((file.clone(), format!("graph: {reason}"))),
        }
    }
    let expect: Vec<(String, String)> =
        REFUSED.iter().map(|(file, why)| ((*file).to_owned(), (*why).to_owned())).collect();
    assert_eq!(refused, expect);
}

#[test]
fn a_written_card_is_read_as_the_contact_that_it_was() {
    let lineage = Lineage::from_number(9);
    for (file, contact) in every() {
        for version in [Version::V3, Version::V4] {
            let Ok(card) = vcard(&contact, &lineage, version) else { continue };
            assert!(card.split("\r\n").all(|line| line.len() <= 75), "{card}");
            let again = read(card.as_bytes()).expect("readable");
            assert_eq!(again.skipped, [], "{file}");
            let full_name = lineage.mark(&contact.full_name);
            let expect = SourceContact { full_name, line: 1, ..contact.clone() };
            assert_eq!(again.contacts, [expect], "{file}: {card}");
        }
    }
}

#[test]
fn every_contact_of_one_uid_only() {
    let mut uids: Vec<String> = every().into_iter().map(|(_, contact)| contact.uid).collect();
    let number = uids.len();
    uids.sort();
    uids.dedup();
    assert_eq!(uids.len(), number);
}
