//! Each property that differs between the versions, both ways; and that the result is a card.

use proptest::prelude::*;

use super::*;

fn object(version: &str, lines: &str) -> AddressObject {
    let text =
        format!("BEGIN:VCARD\nVERSION:{version}\nUID:1\nFN:A B\nN:B;A;;;\n{lines}END:VCARD\n");
    AddressObject::read(text.as_bytes()).expect("an address object")
}

#[track_caller]
fn check(from: &str, lines: &str, expect: &str) {
    let to = if from == "3.0" { Version::V4 } else { Version::V3 };
    let converted = String::from_utf8(convert(&object(from, lines), to)).expect("text");
    let head = format!("BEGIN:VCARD\nVERSION:{}\nUID:1\nFN:A B\nN:B;A;;;\n", to.number());
    assert_eq!(converted, format!("{head}{expect}END:VCARD\n"));
    AddressObject::read(converted.as_bytes()).expect("still an address object");
}

/// Both ways.
#[track_caller]
fn same(three: &str, four: &str) {
    check("3.0", three, four);
    check("4.0", four, three);
}

#[test]
fn what_both_versions_can_say_goes_both_ways() {
    same("NOTE:x\n", "NOTE:x\n");
    same("BDAY:1985-04-12\n", "BDAY:19850412\n");
    same("BDAY;X-APPLE-OMIT-YEAR=1604:1604-02-29\n", "BDAY:--0229\n");
    same("REV:2026-05-04T08:00:00Z\n", "REV:20260504T080000Z\n");
    same("TEL;TYPE=CELL,PREF:+49 1\n", "TEL;TYPE=cell;PREF=1:+49 1\n");
    same("PHOTO;ENCODING=b;TYPE=PNG:AAAA\n", "PHOTO:data:image/png;base64,AAAA\n");
    same("X-ADDRESSBOOKSERVER-KIND:group\n", "KIND:group\n");
    same("X-ADDRESSBOOKSERVER-MEMBER:urn:uuid:2\n", "MEMBER:urn:uuid:2\n");
    same("X-ANNIVERSARY:2009-08-08\n", "ANNIVERSARY:20090808\n");
    same("GEO:52.5;13.4\n", "GEO:geo:52.5,13.4\n");
    same(
        "item1.URL:https://example.com\nitem1.X-ABLABEL:x\n",
        "item1.URL:https://example.com\nitem1.X-ABLABEL:x\n",
    );
}

#[test]
fn to_4_0_drops_what_it_has_no_word_for_and_joins_doubled_anniversaries() {
    check("3.0", "LABEL:x\nCLASS:PRIVATE\nMAILER:m\nAGENT:a\n", "");
    check("3.0", "X-ABSHOWAS:COMPANY\n", "KIND:org\n");
    check("3.0", "EMAIL;TYPE=INTERNET,HOME:a@example.com\n", "EMAIL;TYPE=home:a@example.com\n");
    check(
        "3.0",
        "X-ANNIVERSARY:2009-08-08\nitem2.X-ABDATE:2009-08-08\nitem2.X-ABLABEL:_$!<Anniversary>!$_\n",
        "ANNIVERSARY:20090808\n",
    );
    check(
        "3.0",
        "item3.X-ABDATE:2009-08-08\nitem3.X-ABLABEL:Met\n",
        "item3.X-ABDATE:2009-08-08\nitem3.X-ABLABEL:Met\n",
    );
    check(
        "3.0",
        "REV:2026-05-04T08:00:00.123Z\nBDAY:spring\n",
        "REV:20260504T080000Z\nBDAY:spring\n",
    );
}

#[test]
fn a_sort_string_becomes_sort_as() {
    let converted = convert(&object("3.0", "SORT-STRING:Beh\n"), Version::V4);
    assert!(String::from_utf8_lossy(&converted).contains("\nN;SORT-AS=Beh:B;A;;;\n"));
}

#[test]
fn to_3_0_drops_what_it_has_no_word_for() {
    check("4.0", "KIND:individual\n", "");
    check("4.0", "KIND:org\n", "X-ABShowAs:COMPANY\n");
    check("4.0", "KIND:location\n", "X-KIND:location\n");
    check(
        "4.0",
        "TEL;VALUE=uri;PREF=2;TYPE=\"home,voice\":tel:+49-1\n",
        "TEL;TYPE=HOME,VOICE:+49-1\n",
    );
    check(
        "4.0",
        "PHOTO:https://example.com/a.png\n",
        "PHOTO;VALUE=uri:https://example.com/a.png\n",
    );
    check("4.0", "CLIENTPIDMAP:1;urn:uuid:3\n", "");
}

#[test]
fn a_card_without_n_gets_an_empty_one_in_3_0() {
    let text = "BEGIN:VCARD\r\nVERSION:4.0\r\nUID:1\r\nFN:A\\, B\r\nEND:VCARD\r\n";
    let object = AddressObject::read(text.as_bytes()).expect("an address object");
    let expect = "BEGIN:VCARD\r\nVERSION:3.0\r\nUID:1\r\nFN:A\\, B\r\nN:;;;;\r\nEND:VCARD\r\n";
    assert_eq!(String::from_utf8_lossy(&convert(&object, Version::V3)), expect);
    assert_eq!(convert(&object, Version::V4), text.as_bytes());
}

#[test]
fn the_attributes_ask_for_a_version() {
    assert_eq!(asked(None, None), Ok(None));
    assert_eq!(asked(Some("text/vcard"), None), Ok(Some(Version::V3)));
    assert_eq!(asked(None, Some("4.0")), Ok(Some(Version::V4)));
    let refused = asked(Some("application/vcard+json"), Some("4.0")).expect_err("not held");
    let expect = "`application/vcard+json` version `4.0` is not held, text/vcard 3.0 and 4.0 are";
    assert_eq!(refused.to_string(), expect);
    assert!(asked(None, Some("2.1")).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_held_can_be_converted(
        lines in prop::collection::vec(
            "(item1\\.)?(BDAY|REV|TEL|PHOTO|KIND|GEO|ANNIVERSARY|X-ABDATE|X-ABLabel|N|NOTE|KEY)(;(TYPE=[a-z,]{0,8}|PREF=[0-9]|ENCODING=b|VALUE=uri|X-APPLE-OMIT-YEAR=1604)){0,2}:(\\PC{0,20}|[0-9T:.Z-]{0,20}|data:[a-z/;0-9,]{0,20}|--[0-9é]{3,4})",
            0..8,
        ),
        three in any::<bool>(),
    ) {
        let (from, to) = if three { ("3.0", Version::V4) } else { ("4.0", Version::V3) };
        let text = format!("BEGIN:VCARD\nVERSION:{from}\nUID:1\nFN:A\n{}\nEND:VCARD\n", lines.join("\n"));
        if let Ok(object) = AddressObject::read(text.as_bytes()) {
            let converted = convert(&object, to);
            let again = AddressObject::read(&converted);
            prop_assert!(again.is_ok(), "{again:?}");
        }
    }
}
