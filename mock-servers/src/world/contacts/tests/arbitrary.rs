//! Whatever the octets, nothing panics: neither the reader nor the writers of what it read.

use calamity_base::Entropy;
use calamity_evidence::Lineage;
use proptest::prelude::*;

use super::super::content::Version;
use super::super::{
    ContactFacts, contact_files, from_graph, from_jscontact, graph, jscontact, multiply, read,
    vcard,
};

/// Reads, and writes whatever came out.
fn survive(octets: &[u8]) {
    let Ok(read) = read(octets) else { return };
    let lineage = Lineage::from_number(1);
    for contact in &read.contacts {
        for version in [Version::V3, Version::V4] {
            if let Ok(card) = vcard(contact, &lineage, version) {
                let again = super::super::read(card.as_bytes());
                assert!(again.is_ok_and(|again| again.contacts.len() == 1), "{card}");
            }
        }
        if let Ok(card) = jscontact(contact, &lineage) {
            let _ = ContactFacts::of(&from_jscontact(&card));
        }
        if let Ok(body) = graph(contact, &lineage) {
            let _ = ContactFacts::of(&from_graph(&body, "u"));
        }
    }
    let mut stream = Entropy::seeded(1).stream("world", "arbitrary");
    let n = 2 * read.contacts.len();
    assert_eq!(multiply(&read.contacts, n, &mut stream).len(), n);
}

/// Lines of cards, of which many make sense together.
fn lines() -> impl Strategy<Value = Vec<String>> {
    let value = prop_oneof![
        "[0-9]{4}-?[0-9]{2}-?[0-9]{2}(T[0-9]{6}Z?)?",
        "--[0-9]{2}-?[0-9]{2}",
        "(tel|mailto|urn:uuid|data:image/png;base64,):?[A-Za-z0-9+/=]{0,12}",
        "[a-zA-Z,;\\\\:]{0,20}",
        "\\PC{0,20}",
    ];
    let line = ("(item1\\.)?(FN|N|UID|TEL|EMAIL|ADR|BDAY|ANNIVERSARY|X-ABDATE|X-ABLabel|ORG|NOTE|PHOTO|IMPP|RELATED|X-ABRELATEDNAMES|MEMBER|KIND|REV|X-JABBER|NICKNAME|URL|X-A)(;(TYPE=[a-z,]{0,12}|PREF=1|ENCODING=b|X-APPLE-OMIT-YEAR=[0-9]{4}|VALUE=(text|uri))){0,2}", value)
        .prop_map(|(name, value)| format!("{name}:{value}"));
    prop::collection::vec(line, 0..20)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn arbitrary_octets(octets in prop::collection::vec(any::<u8>(), 0..1_000)) {
        survive(&octets);
    }

    #[test]
    fn arbitrary_lines_in_a_card(lines in lines(), version in "[34]\\.0") {
        survive(format!("BEGIN:VCARD\nVERSION:{version}\n{}\nEND:VCARD\n", lines.join("\n")).as_bytes());
    }

    #[test]
    fn damaged_files(
        which in any::<prop::sample::Index>(),
        cuts in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0_u8..4), 1..12),
    ) {
        let files = contact_files();
        let mut octets = which.get(&files).1.to_vec();
        for (at, octet, how) in cuts {
            if octets.is_empty() {
                break;
            }
            let at = at.index(octets.len());
            match how {
                0 => octets[at] = octet,
                1 => octets.insert(at, octet),
                2 => drop(octets.remove(at)),
                _ => octets.truncate(at),
            }
        }
        survive(&octets);
    }
}
