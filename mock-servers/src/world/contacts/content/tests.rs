//! Lines, properties and cards; and that nothing panics whatever the octets.

use proptest::prelude::*;

use super::*;

fn one(text: &str) -> Card {
    let mut cards = cards(text.as_bytes());
    assert_eq!(cards.len(), 1, "{cards:?}");
    cards.remove(0).expect("readable")
}

#[test]
fn a_property_has_group_name_parameters_value_and_its_octets() {
    let text =
        "BEGIN:VCARD\r\nitem1.tel;type=HOME;TYPE=\"cell,pref\":+49\r\n 123\r\n\r\nEND:VCARD\r\n";
    let card = one(text);
    let tel = &card.properties[0];
    assert_eq!((tel.group.as_deref(), tel.name.as_str()), (Some("item1"), "TEL"));
    assert_eq!(tel.value, "+49123");
    assert_eq!(tel.values("TYPE").collect::<Vec<_>>(), ["HOME", "cell,pref"]);
    assert_eq!(tel.types().into_iter().collect::<Vec<_>>(), ["cell", "home", "pref"]);
    assert!(tel.preferred() && tel.has("TYPE") && !tel.has("PREF") && tel.is("TYPE", "home"));
    assert_eq!(tel.value_place, Place { line: 2, column: 38 });
    assert_eq!(
        &text[tel.octets.clone()],
        "item1.tel;type=HOME;TYPE=\"cell,pref\":+49\r\n 123\r\n\r\n"
    );
    assert_eq!(&text[card.end.clone()], "END:VCARD\r\n");
    assert_eq!(card.octets, 0..text.len());
}

#[test]
fn octets_are_right_whatever_the_line_ends_and_behind_a_byte_order_mark() {
    for text in ["\u{feff}BEGIN:VCARD\nFN:a\n\tb\nEND:VCARD", "BEGIN:VCARD\rFN:a\r\n b\nEND:VCARD"]
    {
        let card = one(text);
        assert_eq!(card.properties[0].value, "ab");
        assert!(text[card.properties[0].octets.clone()].starts_with("FN:a"));
        assert_eq!(&text[card.end.clone()], "END:VCARD");
    }
}

#[test]
fn a_fault_spoils_its_own_card_only() {
    let text =
        "BEGIN:VCARD\nFN:a\nEND:VCARD\nBEGIN:VCARD\nnothing\nEND:VCARD\nBEGIN:VCARD\nEND:VCARD\n";
    let found = cards(text.as_bytes());
    assert_eq!(found.len(), 3);
    assert!(found[0].is_ok() && found[2].is_ok());
    let fault = found[1].clone().expect_err("spoilt");
    assert_eq!(
        fault.to_string(),
        "line 5, column 1: a line without a colon, so neither property nor fold"
    );
}

#[track_caller]
fn refused(text: &str, expect: &str) {
    let found = cards(text.as_bytes());
    let fault = found.into_iter().find_map(Result::err).expect("a fault");
    assert_eq!(fault.to_string(), expect);
}

#[test]
fn what_is_no_card_is_told_with_its_place() {
    refused("hello", "line 1, column 1: a line without a colon, so neither property nor fold");
    refused("FN:x\nBEGIN:VCARD\nEND:VCARD", "line 1, column 1: a line outside of any card");
    refused("BEGIN:VCARD\nFN:x\n", "line 1, column 1: a card that is not closed");
    refused("BEGIN:VCARD\nBEGIN:VCARD\nEND:VCARD", "line 2, column 1: a card in a card");
    refused("BEGIN:VCARD\nBEGIN:VEVENT\nEND:VCARD", "line 2, column 1: something else than a card");
    refused(
        "BEGIN:VCARD\nF N:x\nEND:VCARD",
        "line 2, column 2: a character that no property name may hold",
    );
    refused(
        "BEGIN:VCARD\na.b.FN:x\nEND:VCARD",
        "line 2, column 4: a character that no property name may hold",
    );
    refused("BEGIN:VCARD\n.FN:x\nEND:VCARD", "line 2, column 1: a line that begins without a name");
    refused(
        "BEGIN:VCARD\nTEL;TYPE=x\nEND:VCARD",
        "line 2, column 4: parameters without a colon behind them",
    );
    let found = cards(b"BEGIN:VCARD\nFN:\xFF\nEND:VCARD").remove(0).expect_err("no UTF-8");
    assert_eq!(found.to_string(), "line 2, column 1: octets that are no UTF-8");
}

#[test]
fn escapes_lists_and_components() {
    assert_eq!(unescape(r"a\, b\; c\\ d\n e\: f\x"), "a, b; c\\ d\n e: f\\x");
    assert_eq!(unescape(&escape("a, b; c\\ d\r\ne")), "a, b; c\\ d\ne");
    assert_eq!(list(r"a\,b, ,c"), ["a,b", "c"]);
    assert_eq!(components(r"Doe\;x;J,K;;"), [vec!["Doe;x"], vec!["J", "K"], vec![], vec![]]);
}

#[test]
fn lines_are_folded_at_75_octets_between_characters_and_read_back() {
    let params = vec![("X-A".to_owned(), vec!["a,\"b\"^\nc".to_owned(), "d".to_owned()])];
    let line = content_line(Some("g"), "NOTE", &params, &"ä€".repeat(60));
    let mut text = "BEGIN:VCARD\r\n".to_owned();
    fold(&line, "\r\n", &mut text);
    assert!(text.lines().all(|line| line.len() <= 75), "{text}");
    text.push_str("END:VCARD\r\n");
    let note = one(&text).properties.remove(0);
    assert_eq!((note.params, note.value), (params, "ä€".repeat(60)));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn arbitrary_octets_never_panic(octets in prop::collection::vec(any::<u8>(), 0..600)) {
        let mut all = b"BEGIN:VCARD\r\n".to_vec();
        all.extend(&octets);
        all.extend(b"\nEND:VCARD\n");
        for octets in [&octets, &all] {
            for card in cards(octets).into_iter().flatten() {
                prop_assert!(card.octets.end <= octets.len());
                for property in &card.properties {
                    prop_assert!(octets.get(property.octets.clone()).is_some());
                    let _ = (components(&property.value), property.types(), property.text());
                }
            }
        }
    }

    #[test]
    fn a_written_line_is_read_as_it_was(value in "\\PC{0,200}", param in "[^\\r\\x00-\\x09\\x0b-\\x1f\\x7f-\\u{9f}]{0,20}") {
        let params = vec![("X-P".to_owned(), vec![param.clone()])];
        let mut text = "BEGIN:VCARD\r\n".to_owned();
        fold(&content_line(None, "NOTE", &params, &value), "\r\n", &mut text);
        text.push_str("END:VCARD\r\n");
        let card = one(&text);
        prop_assert_eq!(&card.properties[0].value, &value);
        prop_assert_eq!(card.properties[0].param("X-P"), Some(param.as_str()));
    }
}
