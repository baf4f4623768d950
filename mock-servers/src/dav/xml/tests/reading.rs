//! Bytes to trees: encodings, limits, places of mistakes.

use super::{name, tree};
use crate::dav::xml::limits::{Bound, Limits, Position};
use crate::dav::xml::names::{dav, xml};
use crate::dav::xml::read::{Entities, ReadError, read};
use crate::dav::xml::{Element, Node};

fn error(body: impl AsRef<[u8]>) -> ReadError {
    read(body.as_ref(), &Limits::default()).unwrap_err()
}

fn at(line: u32, column: u32) -> Position {
    Position { line, column }
}

/// Reads under small limits; gives the bound that is crossed.
fn crossed(body: &str) -> Option<Bound> {
    let limits = Limits { bytes: 4_000, depth: 4, nodes: 20, attributes: 3, namespaces: 3 };
    match read(body.as_bytes(), &limits) {
        Ok(_) => None,
        Err(ReadError::TooMuch { bound, .. }) => Some(bound),
        Err(other) => panic!("{other}"),
    }
}

#[test]
fn a_tree_keeps_names_attributes_texts_and_their_order() {
    let found = tree(
        "<?xml version=\"1.0\"?><!-- c --><p:a xmlns:p=\"DAV:\" xmlns=\"urn:x\" b=\"1&amp;2\" \
         xml:lang=\"de\" p:c=\"\">x<!-- y -->z<d/><![CDATA[<&]]>&lt;&#13;\r\n<?pi?></p:a>",
    );
    let lang = xml::LANG;
    let expected = Element::new(name("DAV:", "a"))
        .with_attribute(name("", "b"), "1&2")
        .with_attribute(lang, "de")
        .with_attribute(name("DAV:", "c"), "")
        .with_text("xz")
        .with_child(Element::new(name("urn:x", "d")))
        .with_text("<&<\r\n");
    assert_eq!(found, expected);
    assert_eq!(found.text(), "xz<&<\r\n");
    assert_eq!(found.trimmed(), "xz<&<");
    assert_eq!((found.attribute("b"), found.attribute("c")), (Some("1&2"), None));
    assert_eq!(found.language(), Some("de"));
    assert!(matches!(found.children.as_slice(), [Node::Text(_), Node::Element(_), Node::Text(_)]));
}

#[test]
fn utf_8_and_utf_16_are_read_with_and_without_a_mark() {
    let text = "<a>ü€😀</a>";
    let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let bodies = [
        text.as_bytes().to_vec(),
        ["\u{FEFF}", text].concat().into_bytes(),
        ["<?xml version='1.0' encoding='UTF-8'?>", text].concat().into_bytes(),
        ["\n  ", text, "\n"].concat().into_bytes(),
        [&[0xFF, 0xFE], little.as_slice()].concat(),
        [&[0xFE, 0xFF], big.as_slice()].concat(),
        little,
        big,
    ];
    for body in bodies {
        assert_eq!(read(&body, &Limits::default()).unwrap().text(), "ü€😀");
    }
}

#[test]
fn another_encoding_is_named_and_wrong_bytes_are_placed() {
    let latin = b"<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><a>\xFC</a>";
    assert_eq!(error(latin), ReadError::Encoding { encoding: "ISO-8859-1".to_owned() });
    let wrong = ReadError::Bytes { encoding: "UTF-8", at: at(2, 3) };
    assert_eq!(error(b"<a>\n\xC3\xBCx\xFF</a>"), wrong);
    let odd = ReadError::Bytes { encoding: "UTF-16", at: at(1, 2) };
    assert_eq!(error(b"\xFF\xFE<\0a"), odd);
    let half = ReadError::Bytes { encoding: "UTF-16", at: at(1, 2) };
    assert_eq!(error(b"<\0\x00\xD8<\0"), half);
}

#[test]
fn a_mistake_has_a_line_and_a_column() {
    let place = |body: &str| match error(body) {
        ReadError::Malformed { at, what } => {
            assert!(!what.contains(" at "), "{what}");
            at
        }
        other => panic!("{other}"),
    };
    assert_eq!(place("<a>\n  <b></c></a>"), at(2, 6));
    assert_eq!(place("<a>ü&x;</a>"), at(1, 5));
    assert_eq!(place("<p:a/>"), at(1, 2));
    assert_eq!(place("<a b='1' b='2'/>"), at(1, 10));
    assert_eq!(place("<a b='1'c='2'/>").line, 1);
    for body in ["<a>", "</a>", "<a/><b/>", "<a/>x", "a", "<a b=1/>", "<a>&#1;</a>", "<a>\u{1}</a>"]
    {
        assert!(matches!(error(body), ReadError::Malformed { .. }), "{body}");
    }
    // XML 1.0 takes no prefix back; an empty default namespace is fine.
    assert_eq!(place("<a>\n<b:c xmlns:b=''/></a>"), at(2, 1));
    assert_eq!(place("<a xmlns:b=''/>"), at(1, 1));
    assert!(read(b"<a xmlns='urn:x'><b xmlns=''/></a>", &Limits::default()).is_ok());
    // A declaration must be at the very beginning.
    assert!(matches!(error(" <?xml version='1.0'?><a/>"), ReadError::Malformed { .. }));
}

#[test]
fn no_body_is_not_a_bad_body() {
    for body in ["", " \r\n ", "\u{FEFF}"] {
        assert_eq!(error(body), ReadError::Empty);
    }
}

#[test]
fn a_document_type_is_refused_and_so_are_its_entities() {
    let bomb = "<?xml version=\"1.0\"?>\n<!DOCTYPE a [<!ENTITY x \"xx\"><!ENTITY y \"&x;&x;\">]>\n\
                <a>&y;</a>";
    let refused = ReadError::Doctype { at: at(2, 1), entities: Entities::Internal };
    assert_eq!(error(bomb), refused);
    let file = "<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><a>&x;</a>";
    let refused = ReadError::Doctype { at: at(1, 1), entities: Entities::External };
    assert_eq!(error(file), refused);
    // The words elsewhere change nothing.
    let plain = "<!DOCTYPE a><a>SYSTEM</a>";
    let refused = ReadError::Doctype { at: at(1, 1), entities: Entities::Internal };
    assert_eq!(error(plain), refused);
}

#[test]
fn every_bound_holds() {
    assert_eq!(crossed("<a><b><c><d/></c></b></a>"), None);
    assert_eq!(crossed("<a><b><c><d><e/></d></c></b></a>"), Some(Bound::Depth));
    assert_eq!(crossed(&format!("<a>{}</a>", "x".repeat(4_000))), Some(Bound::Bytes));
    assert_eq!(crossed(&format!("<a>{}</a>", "<b/>".repeat(19))), None);
    assert_eq!(crossed(&format!("<a>{}</a>", "<b/>".repeat(20))), Some(Bound::Nodes));
    assert_eq!(crossed(&format!("<a>{}</a>", "<b/>x".repeat(12))), Some(Bound::Nodes));
    assert_eq!(crossed(&format!("<a>{}</a>", "<!---->".repeat(20))), Some(Bound::Nodes));
    assert_eq!(crossed(&format!("<a>{}</a>", "<b c=''/>".repeat(10))), Some(Bound::Nodes));
    assert_eq!(crossed(&format!("<a>{}</a>", "=".repeat(90))), Some(Bound::Nodes));
    assert_eq!(crossed("<a b='' c='' d=''/>"), None);
    assert_eq!(crossed("<a b='' c='' d='' e=''/>"), Some(Bound::Attributes));
    // No comment and no section is shorter than its own beginning and end.
    assert_eq!(crossed("<!--><![CDATA[--><a b='' c='' d='' e=''/>"), Some(Bound::Attributes));
    assert_eq!(crossed("<a b='=====>' c=\"='\"/>"), None);
    let spaced = "<a xmlns:b = 'b'><c xmlns:d\n=\n'd' xmlns='e'/><c xmlns='f' xmlns:g='g'/></a>";
    assert_eq!(crossed(spaced), None);
    let four = "<a xmlns:b ='b'><c xmlns:d='d' xmlns='e'><f xmlns:g='g'/></c></a>";
    assert_eq!(crossed(four), Some(Bound::Namespaces));
    assert_eq!(crossed("<a><!-- <x><x><x><x><x> --><![CDATA[<x><x><x><x>]]></a>"), None);
}

#[test]
fn a_bound_says_how_much_is_allowed_and_where_it_was_crossed() {
    let limits = Limits { depth: 2, ..Limits::default() };
    let error = read(b"<a>\n <b>\n  <c/></b></a>", &limits).unwrap_err();
    assert_eq!(error, ReadError::TooMuch { bound: Bound::Depth, limit: 2, at: at(3, 3) });
    assert_eq!(error.to_string(), "line 3, column 3: more than 2 elements inside one another");
}

#[test]
fn the_default_bounds_take_what_clients_send() {
    let hrefs = "<D:href>/calendars/user/team/0123456789abcdef.ics</D:href>\n".repeat(10_000);
    let body = format!(
        "<C:calendar-multiget xmlns:C='urn:c' xmlns:D='DAV:'>{hrefs}</C:calendar-multiget>"
    );
    assert_eq!(tree(&body).all(dav::HREF).count(), 10_000);
    let zone = "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=2SU&#13;\n".repeat(1_000);
    assert_eq!(tree(&format!("<a>{zone}</a>")).text().lines().count(), 1_000);
}
