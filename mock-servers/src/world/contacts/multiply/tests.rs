//! Copies: how many, how alike, how different.

use calamity_base::Entropy;
use calamity_evidence::Lineage;

use super::super::{embedded_contacts, graph};
use super::*;

fn multiplied(n: usize, seed: u64) -> Vec<SourceContact> {
    let mut stream = Entropy::seeded(seed).stream("world", "Contacts");
    multiply(&embedded_contacts(), n, &mut stream)
}

#[test]
fn the_originals_come_first_and_equal_streams_give_equal_contacts() {
    let set = embedded_contacts();
    let contacts = multiplied(500, 7);
    assert_eq!(contacts.len(), 500);
    assert_eq!(&contacts[..set.len()], &set[..]);
    assert_eq!(contacts, multiplied(500, 7));
    assert_ne!(contacts[set.len()..], multiplied(500, 8)[set.len()..]);
    assert_eq!(multiplied(5, 7), &set[..5]);
    let mut stream = Entropy::seeded(7).stream("world", "Contacts");
    assert_eq!(multiply(&[], 5, &mut stream), []);
}

#[test]
fn every_copy_has_its_own_uid_and_addresses_and_fits_wherever_its_original_does() {
    let set = embedded_contacts();
    let contacts = multiplied(5 * set.len(), 7);
    let uids: BTreeSet<&str> = contacts.iter().map(|contact| contact.uid.as_str()).collect();
    assert_eq!(uids.len(), contacts.len());
    let mails = contacts.iter().flat_map(|contact| &contact.mails);
    let mails: Vec<&str> = mails.map(|mail| mail.address.as_str()).collect();
    assert_eq!(mails.iter().collect::<BTreeSet<_>>().len(), mails.len());
    let lineage = Lineage::from_number(1);
    for (nth, contact) in contacts.iter().enumerate() {
        let original = &set[nth % set.len()];
        let verdict = |contact: &SourceContact| graph(contact, &lineage).map(|_| ());
        let linked = original.related.iter().any(super::super::Related::is_uri);
        // A relation that leads out of the set has no copy to lead to.
        assert!(linked || verdict(contact) == verdict(original), "{}", contact.full_name);
        let same = |contact: &SourceContact| {
            (contact.kind, contact.phones.len(), contact.note.clone(), contact.birthday)
        };
        assert_eq!(same(contact), same(original));
        assert_eq!(nth >= set.len(), contact.full_name != original.full_name);
        assert_eq!(contact.extra, original.extra);
    }
}

#[test]
fn members_of_a_copied_group_are_the_copies_of_its_members() {
    let set = embedded_contacts();
    let contacts = multiplied(3 * set.len(), 7);
    let group = |round: usize| {
        let of_round = &contacts[round * set.len()..(round + 1) * set.len()];
        let nth = set.iter().position(|one| one.full_name == "Singers").expect("the group");
        let members = of_round[nth - 2..nth].iter().map(|one| format!("urn:uuid:{}", one.uid));
        (of_round[nth].members.clone(), members.collect::<Vec<_>>())
    };
    for round in 0..3 {
        let (members, expect) = group(round);
        assert_eq!(members, expect);
    }
    assert_ne!(group(0).0, group(1).0);
}
