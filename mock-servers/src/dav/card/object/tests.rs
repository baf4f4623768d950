//! What is taken as it is, and what is refused with which precondition.

use proptest::prelude::*;

use super::*;

const PLAIN: &str =
    "BEGIN:VCARD\r\nVERSION:4.0\r\nUID:urn:uuid:1\r\nFN:Ada\\, Example\r\nEND:VCARD\r\n";

#[track_caller]
fn refused(body: &str, precondition: &str, message: &str) {
    let refused = AddressObject::read(body.as_bytes()).expect_err("refused");
    assert_eq!(refused.precondition().element(), precondition);
    assert_eq!(refused.to_string(), message);
}

#[test]
fn a_card_is_kept_octet_for_octet() {
    for body in [PLAIN.to_owned(), PLAIN.replace("\r\n", "\n").replace("4.0", "3.0")] {
        let object = AddressObject::read(body.as_bytes()).expect("an address object");
        assert_eq!(object.octets(), body.as_bytes());
        assert_eq!(object.uid(), "urn:uuid:1");
        assert_eq!(object.full_name(), "Ada, Example");
        assert_eq!(object.version().number(), if body.contains("4.0") { "4.0" } else { "3.0" });
        assert_eq!(object.line_end(), if body.contains('\r') { "\r\n" } else { "\n" });
    }
    assert_eq!(line_end(b"a\rb"), "\r");
}

#[test]
fn other_versions_are_not_held_whatever_they_are_made_of() {
    let expect = "vCard version `2.1` is not held, 3.0 and 4.0 are";
    refused(&PLAIN.replace("4.0", "2.1"), "supported-address-data", expect);
    let old = "BEGIN:VCARD\nVERSION:2.1\nPHOTO;BASE64:AAA\nBBBB\n\nEND:VCARD\n";
    refused(old, "supported-address-data", expect);
    let odd = "vCard version `5` is not held, 3.0 and 4.0 are";
    refused(&PLAIN.replace("4.0", "5"), "supported-address-data", odd);
}

#[test]
fn what_is_no_single_valid_card_is_refused_with_its_place() {
    let valid = "valid-address-data";
    refused("", valid, "no card");
    refused(&PLAIN.replace("UID", "X-UID"), valid, "line 1, column 1: a card without UID");
    refused(&PLAIN.replace("urn:uuid:1", " "), valid, "line 1, column 1: a card without UID");
    refused(&PLAIN.replace("FN:", "NOTE:"), valid, "line 1, column 1: a card without FN");
    refused(&PLAIN.replace("VERSION", "X-V"), valid, "line 1, column 1: a card without VERSION");
    refused(&PLAIN.repeat(2), valid, "2 cards in one resource");
    refused(&PLAIN.replace("FN:", "UID:2\r\nFN:"), valid, "line 4, column 1: UID a second time");
    refused(
        &PLAIN.replace("FN:", "FN"),
        valid,
        "line 4, column 1: a line without a colon, so neither property nor fold",
    );
    refused(
        "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n",
        valid,
        "line 1, column 1: a line outside of any card",
    );
}

#[test]
fn what_is_left_of_version_2_1_is_refused() {
    let with = |line: &str| PLAIN.replace("FN:", &format!("{line}\r\nFN:"));
    let only = |what: &str| format!("line 4, column 1: {what}, which only vCard 2.1 has");
    let cases = [
        ("NOTE;ENCODING=QUOTED-PRINTABLE:=C3=BC", "quoted-printable text"),
        ("TEL;HOME:1", "a parameter without a name"),
        ("NOTE;CHARSET=ISO-8859-1:x", "another character set than UTF-8"),
    ];
    for (line, what) in cases {
        refused(&with(line), "valid-address-data", &only(what));
    }
    AddressObject::read(with("NOTE;CHARSET=utf-8:x").as_bytes()).expect("UTF-8 may be said");
    AddressObject::read(with("PHOTO;ENCODING=BASE64;TYPE=PNG:AAAA").as_bytes()).expect("usual");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn arbitrary_bodies_never_panic(octets in prop::collection::vec(any::<u8>(), 0..400), at in any::<prop::sample::Index>()) {
        let _ = AddressObject::read(&octets);
        let mut damaged = PLAIN.as_bytes().to_vec();
        let at = at.index(damaged.len());
        damaged.splice(at..at, octets);
        if let Ok(object) = AddressObject::read(&damaged) {
            prop_assert_eq!(object.octets(), &damaged[..]);
        }
    }
}
