//! Trees to text: prefixes, escapes, languages.

use super::{name, tree};
use crate::dav::xml::names::{apple_ical, caldav, dav, xml};
use crate::dav::xml::{Element, Limits, Writer, document, read};

const ROOT: &str = "<D:prop xmlns:D=\"DAV:\" xmlns:C=\"urn:ietf:params:xml:ns:caldav\" \
                    xmlns:CR=\"urn:ietf:params:xml:ns:carddav\" \
                    xmlns:CS=\"http://calendarserver.org/ns/\" \
                    xmlns:A=\"http://apple.com/ns/ical/\"";

/// What is written for a tree inside `DAV:prop`.
fn written(inside: Element) -> String {
    let text = document(&Element::new(dav::PROP).with_child(inside));
    let text = text.strip_prefix("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n").unwrap();
    let text = text.strip_prefix(ROOT).unwrap().strip_prefix('>').unwrap();
    text.strip_suffix("</D:prop>").unwrap().to_owned()
}

#[test]
fn an_empty_root_declares_the_known_prefixes() {
    let text = document(&Element::new(dav::PROP));
    assert_eq!(text, format!("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n{ROOT}/>"));
}

#[test]
fn known_namespaces_have_their_prefix_and_others_are_declared_where_they_begin() {
    let known = Element::new(caldav::CALENDAR_DESCRIPTION).with_child(
        Element::new(apple_ical::CALENDAR_COLOR).with_attribute(name("", "kind"), "custom"),
    );
    let shown =
        "<C:calendar-description><A:calendar-color kind=\"custom\"/></C:calendar-description>";
    assert_eq!(written(known), shown);
    let other = Element::new(name("urn:x", "a"))
        .with_attribute(name("urn:y", "b"), "1")
        .with_attribute(name("urn:x", "c"), "2")
        .with_child(Element::new(name("urn:x", "d")))
        .with_child(Element::new(name("urn:z", "e")).with_text("t"))
        .with_child(Element::new(name("urn:w", "f")))
        .with_child(Element::new(name("", "g")));
    let shown = "<N1:a xmlns:N1=\"urn:x\" xmlns:N2=\"urn:y\" N2:b=\"1\" N1:c=\"2\"><N1:d/>\
                 <N3:e xmlns:N3=\"urn:z\">t</N3:e><N3:f xmlns:N3=\"urn:w\"/><g/></N1:a>";
    assert_eq!(written(other), shown);
}

#[test]
fn a_declaration_holds_no_longer_than_its_element() {
    let mut writer = Writer::new(&dav::PROP);
    writer.empty(&name("urn:x", "a"));
    writer.empty(&name("urn:x", "b"));
    let text = writer.finish();
    assert!(
        text.ends_with("><N1:a xmlns:N1=\"urn:x\"/><N1:b xmlns:N1=\"urn:x\"/></D:prop>"),
        "{text}"
    );
}

#[test]
fn the_root_closes_once_and_late_attributes_are_ignored() {
    let mut writer = Writer::new(&dav::PROP);
    writer.end();
    writer.leaf(&dav::HREF, "/");
    writer.attributes(&[(xml::LANG, "de".to_owned())]);
    writer.end();
    assert!(writer.finish().ends_with("><D:href>/</D:href></D:prop>"));
}

#[test]
fn what_a_reader_would_change_is_escaped() {
    let text = Element::new(dav::HREF)
        .with_attribute(name("", "a"), "<\">&'\t\n\r")
        .with_text("<\">&'\t\n\r\n");
    let shown =
        "<D:href a=\"&lt;&quot;&gt;&amp;'&#9;&#10;&#13;\">&lt;\"&gt;&amp;'\t\n&#13;\n</D:href>";
    assert_eq!(written(text), shown);
}

#[test]
fn characters_that_xml_cannot_carry_are_replaced_and_the_rest_survives() {
    let text = Element::new(dav::HREF).with_text("a\u{0}b\u{B}c\u{FFFE}d\u{1F}ü😀\u{85}");
    let shown = "<D:href>a\u{FFFD}b\u{FFFD}c\u{FFFD}d\u{FFFD}ü😀\u{85}</D:href>";
    assert_eq!(written(text), shown);
}

#[test]
fn a_dead_property_comes_back_with_its_language_and_its_mixed_content() {
    let sent = tree(
        "<R:note xmlns:R=\"urn:r\" xml:lang=\"en\">Hello <R:b R:c=\"d\">big</R:b>\n <e/>world</R:note>",
    );
    let shown = "<N1:note xmlns:N1=\"urn:r\" xml:lang=\"en\">Hello <N1:b N1:c=\"d\">big</N1:b>\n \
                 <e/>world</N1:note>";
    assert_eq!(written(sent.clone()), shown);
    let back = read(document(&sent).as_bytes(), &Limits::default()).unwrap();
    assert_eq!(back, sent);
}
