//! Which lines are handed out, and that they are the client's own.

use super::*;

const CARD: &str = "BEGIN:VCARD\r\nversion:3.0\r\nUID:1\r\nFN:A\r\nN:A;;;;\r\n\
    item1.TEL;type=HOME:+4\r\n 9\r\nTEL:2\r\nNOTE;LANGUAGE=de:x\r\nEND:VCARD\r\n";

#[track_caller]
fn check(wanted: &[(&str, Value)], expect: &str) {
    let object = AddressObject::read(CARD.as_bytes()).expect("an address object");
    let wanted: Vec<Selected> =
        wanted.iter().map(|(name, value)| Selected::new(name, *value)).collect();
    let selected = String::from_utf8(select(&object, &wanted)).expect("text");
    let head = "BEGIN:VCARD\r\nversion:3.0\r\nUID:1\r\nFN:A\r\n";
    assert_eq!(selected, format!("{head}{expect}END:VCARD\r\n"));
    AddressObject::read(selected.as_bytes()).expect("still a card");
}

#[test]
fn properties_come_with_their_own_lines_in_any_group() {
    check(&[("tel", Value::Kept)], "item1.TEL;type=HOME:+4\r\n 9\r\nTEL:2\r\n");
    check(&[("ITEM1.TEL", Value::Kept)], "item1.TEL;type=HOME:+4\r\n 9\r\n");
    check(&[("X-NONE", Value::Kept)], "");
    check(&[("FN", Value::Kept), ("N", Value::Kept)], "N:A;;;;\r\n");
}

#[test]
fn novalue_leaves_name_group_and_parameters() {
    check(
        &[("NOTE", Value::Dropped), ("item1.TEL", Value::Dropped)],
        "item1.TEL;TYPE=HOME:\r\nNOTE;LANGUAGE=de:\r\n",
    );
}

#[test]
fn without_names_the_body_itself_is_handed_out() {
    let object = AddressObject::read(CARD.as_bytes()).expect("an address object");
    assert_eq!(select(&object, &[]), CARD.as_bytes());
}
