//! Every card of ours as an address object: kept, edited, converted.

use super::convert::convert;
use super::edit::{Edit, edit};
use super::object::{AddressObject, Refused};
use crate::world::contacts::content::{Version, cards};
use crate::world::contacts::{contact_files, vcard_facts};

/// Every card of our files by itself, with the file's name.
fn own() -> Vec<(String, AddressObject)> {
    let mut own = Vec::new();
    for (name, octets) in contact_files() {
        for card in cards(&octets) {
            let octets = &octets[card.expect("a card").octets];
            match AddressObject::read(octets) {
                Ok(object) => {
                    assert_eq!(object.octets(), octets);
                    own.push((name.clone(), object));
                }
                Err(refused) => {
                    assert_eq!(name, "google-card-without-uid.vcf");
                    assert_eq!(refused, Refused::Missing { line: 1, property: "UID" });
                }
            }
        }
    }
    assert!(own.len() >= 40, "{} cards", own.len());
    own
}

#[test]
fn every_card_of_ours_says_the_same_in_the_other_version() {
    for (name, object) in own() {
        let to = if object.version() == Version::V3 { Version::V4 } else { Version::V3 };
        let before = vcard_facts(object.octets()).expect("readable");
        let converted = convert(&object, to);
        let text = String::from_utf8_lossy(&converted);
        assert_eq!(vcard_facts(&converted), Ok(before), "{name}: {text}");
        let again = AddressObject::read(&converted).expect("still an address object");
        assert_eq!((again.uid(), again.version()), (object.uid(), to));
    }
}

#[test]
fn an_edit_leaves_every_other_line_of_every_card_of_ours() {
    for (name, object) in own() {
        let edited = edit(&object, &[Edit::FullName("New name".to_owned())]).expect("a card");
        assert_eq!(edited.full_name(), "New name", "{name}");
        let fn_line = object.card().property("FN").expect("FN").octets.clone();
        let (before, after) = (&object.octets()[..fn_line.start], &object.octets()[fn_line.end..]);
        assert!(edited.octets().starts_with(before) && edited.octets().ends_with(after), "{name}");
    }
}
