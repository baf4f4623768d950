//! What an edit changes, and that it changes nothing else.

use proptest::prelude::*;

use super::*;

const CARD: &str = "BEGIN:VCARD\r\nVERSION:3.0\r\nuid:1\r\nFN;X-P=\"a:b\":Ada\r\n\
    N:Example;Ada;B,C;Dr.;\r\nitem1.TEL;type=pref:+49 1\r\nitem1.X-ABLabel:boat\r\n\
    NOTE:lon\r\n g\r\nX-Odd;Flag=1:\\x\r\nEND:VCARD\r\n";

fn object(text: &str) -> AddressObject {
    AddressObject::read(text.as_bytes()).expect("an address object")
}

#[track_caller]
fn check(change: Edit, from: &str, to: &str) {
    for card in [CARD.to_owned(), CARD.replace("\r\n", "\n")] {
        let end = if card.contains('\r') { "\r\n" } else { "\n" };
        let [from, to] = [from, to].map(|text| text.replace('|', end));
        assert!(card.contains(&from), "{from}");
        let edited = edit(&object(&card), std::slice::from_ref(&change)).expect("still a card");
        assert_eq!(String::from_utf8_lossy(edited.octets()), card.replacen(&from, &to, 1));
    }
}

#[test]
fn a_replaced_property_keeps_its_place_group_and_parameters() {
    check(Edit::FullName("Ada, B".to_owned()), "FN;X-P=\"a:b\":Ada|", "FN;X-P=\"a:b\":Ada\\, B|");
    let name = Edit::Name { family: "Sample; x".to_owned(), given: "Eve".to_owned() };
    check(name, "N:Example;Ada;B,C;Dr.;|", "N:Sample\\; x;Eve;B,C;Dr.;|");
    check(Edit::Note("new\nlines".to_owned()), "NOTE:lon| g|", "NOTE:new\\nlines|");
    check(Edit::Note(String::new()), "NOTE:lon| g|", "");
}

#[test]
fn what_is_added_stands_before_the_end_and_is_folded() {
    let long = format!("{}@example.com", "ö".repeat(40));
    let mail = Edit::AddMail { address: long, types: vec!["HOME".to_owned(), "pref".to_owned()] };
    let folded =
        format!("EMAIL;TYPE=HOME,pref:{}| {}@example.com|", "ö".repeat(27), "ö".repeat(13));
    check(mail, "END:VCARD|", &format!("{folded}END:VCARD|"));
    let phone = Edit::AddPhone { number: "+49 2".to_owned(), types: vec![] };
    check(phone, "END:VCARD|", "TEL:+49 2|END:VCARD|");
    let at = "2026-05-04T08:00:00Z".parse().expect("a time");
    check(Edit::Revised(at), "END:VCARD|", "REV:2026-05-04T08:00:00Z|END:VCARD|");
}

#[test]
fn version_4_writes_times_in_the_basic_form() {
    let object = object(&CARD.replace("3.0", "4.0"));
    let at = "2026-05-04T08:00:00Z".parse().expect("a time");
    let edited = edit(&object, &[Edit::Revised(at), Edit::Revised(at)]).expect("still a card");
    let text = String::from_utf8_lossy(edited.octets()).into_owned();
    assert_eq!(text.matches("REV:20260504T080000Z\r\n").count(), 1, "{text}");
}

#[test]
fn a_removed_phone_takes_its_label_with_it() {
    let gone = "item1.TEL;type=pref:+49 1|item1.X-ABLabel:boat|";
    check(Edit::RemovePhone { number: "+49 1".to_owned() }, gone, "");
    check(Edit::RemovePhone { number: "+49 9".to_owned() }, "FN", "FN");
    check(Edit::RemoveMail { address: "a@example.com".to_owned() }, "FN", "FN");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_read_back_as_it_was_set(name in "[^\\r\\p{Cc}]{1,120}", note in "(\\PC|\n){1,120}") {
        let edits = [Edit::FullName(name.clone()), Edit::Note(note.clone())];
        let edited = edit(&object(CARD), &edits).expect("still a card");
        prop_assert_eq!(edited.full_name(), name);
        let text = edited.card().property("NOTE").expect("a note").text();
        prop_assert_eq!(text, note);
        let kept = "X-Odd;Flag=1:\\x\r\n";
        prop_assert!(String::from_utf8_lossy(edited.octets()).contains(kept));
    }
}
