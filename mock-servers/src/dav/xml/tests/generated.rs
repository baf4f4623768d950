//! Properties: no bytes make the readers panic, and what is written is read back.

use http::StatusCode;
use proptest::prelude::*;

use crate::dav::xml::href::{Href, Path, Slash};
use crate::dav::xml::request::{Mkcalendar, Mkcol, PropertyUpdate, Propfind, Report};
use crate::dav::xml::{
    Element, Limits, Multistatus, Name, Node, Propstats, Response, Value, document, read,
};

/// Every reader sees the bytes; errors must know their answer.
fn survive(bytes: &[u8]) {
    let root = match read(bytes, &Limits::default()) {
        Ok(root) => root,
        Err(error) => {
            let _ = (error.refusal().body(), error.to_string());
            return;
        }
    };
    let errors = [
        Report::read(&root).err(),
        Propfind::read(&root).err(),
        PropertyUpdate::read(&root).err(),
        Mkcol::read(&root).err(),
        Mkcalendar::read(&root).err(),
    ];
    for error in errors.into_iter().flatten() {
        let _ = (error.refusal().body(), error.to_string());
    }
    if let Ok(Report::CalendarQuery(query)) = Report::read(&root) {
        let _ = query.filter.check();
    }
}

/// Documents made of the words of the protocols, in any order.
fn protocol() -> impl Strategy<Value = String> {
    let words = prop::sample::select(vec![
        "<D:propfind xmlns:D='DAV:' xmlns='urn:ietf:params:xml:ns:caldav'>",
        "</D:propfind>",
        "<calendar-query xmlns:D='DAV:' xmlns='urn:ietf:params:xml:ns:caldav'>",
        "</calendar-query>",
        "<D:prop>",
        "</D:prop>",
        "<D:allprop/>",
        "<D:propname/>",
        "<filter>",
        "</filter>",
        "<comp-filter name='VCALENDAR'>",
        "<comp-filter name='VEVENT'>",
        "</comp-filter>",
        "<prop-filter name='DUE'>",
        "</prop-filter>",
        "<is-not-defined/>",
        "<text-match>x</text-match>",
        "<time-range start='20260101T000000Z'/>",
        "<time-range start='99999999T999999Z'/>",
        "<calendar-data>",
        "</calendar-data>",
        "<expand start='1'/>",
        "&amp;",
        "&#x0;",
        "<!--",
        "-->",
        "<![CDATA[",
        "]]>",
        "<?x",
        "?>",
        "<!DOCTYPE",
        "\u{FEFF}",
        "=",
        "'",
        "\"",
        "<",
        ">",
        " ",
        "é",
    ]);
    prop::collection::vec(words, 0..24).prop_map(|words| words.concat())
}

fn local() -> impl Strategy<Value = String> {
    "[A-Za-z_é][A-Za-z0-9_.é-]{0,6}"
}

fn names() -> impl Strategy<Value = Name> {
    let namespaces = prop::sample::select(vec![
        "DAV:",
        "",
        "urn:x",
        "urn:y",
        "urn:ietf:params:xml:ns:caldav",
        "a&<\">' \t\nb",
        "http://apple.com/ns/ical/",
    ]);
    (namespaces, local()).prop_map(|(namespace, local)| Name::new(namespace, &local).unwrap())
}

/// Texts that XML can carry.
fn texts() -> impl Strategy<Value = String> {
    "[ -~\t\n\rüß😀\u{85}\u{2028}]{0,12}"
}

fn trees() -> impl Strategy<Value = Element> {
    let attributes = || prop::collection::btree_map(names(), texts(), 0..4);
    let leaf = (names(), attributes()).prop_map(|(name, attributes)| {
        let attributes = attributes.into_iter().collect();
        Element { name, attributes, children: Vec::new() }
    });
    leaf.prop_recursive(5, 40, 5, move |inner| {
        let node = prop_oneof![inner.prop_map(Node::Element), texts().prop_map(Node::Text),];
        let nodes = prop::collection::vec(node, 0..5);
        (names(), attributes(), nodes).prop_map(|(name, attributes, children)| Element {
            name,
            attributes: attributes.into_iter().collect(),
            children,
        })
    })
}

/// As reading gives it: texts beside one another are one, and an empty one is none.
fn normal(mut element: Element) -> Element {
    let mut children: Vec<Node> = Vec::new();
    for child in element.children {
        match (child, children.last_mut()) {
            (Node::Text(text), _) if text.is_empty() => {}
            (Node::Text(text), Some(Node::Text(before))) => before.push_str(&text),
            (Node::Text(text), _) => children.push(Node::Text(text)),
            (Node::Element(inner), _) => children.push(Node::Element(normal(inner))),
        }
    }
    element.children = children;
    element
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_survived(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        survive(&bytes);
    }

    #[test]
    fn any_text_of_the_protocols_is_survived(text in protocol()) {
        survive(text.as_bytes());
    }

    #[test]
    fn any_tree_is_survived_and_comes_back(tree in trees()) {
        let text = document(&tree);
        survive(text.as_bytes());
        prop_assert_eq!(read(text.as_bytes(), &Limits::default()).unwrap(), normal(tree));
    }

    #[test]
    fn any_text_can_be_written(text in ".*", href in ".*", tree in trees()) {
        let mut properties = Propstats::new();
        properties.found(tree.name.clone(), Value::text(text));
        properties.named(StatusCode::NOT_FOUND, tree.name.clone());
        properties.found(tree.name.clone(), Value::Tree(std::borrow::Cow::Borrowed(&tree)));
        let mut all = Multistatus::new();
        all.respond(&Response::properties(href.as_str(), properties));
        all.sync_token(href.as_str());
        prop_assert!(read(all.finish().as_bytes(), &Limits::default()).is_ok());
    }

    #[test]
    fn any_path_comes_back(segments in prop::collection::vec("[^\\p{Cc}]{1,8}", 0..5), deep in any::<bool>()) {
        let plain = segments.into_iter().filter(|one| one != "." && one != "..");
        let slash = if deep { Slash::Present } else { Slash::Absent };
        let path = Path::new(plain, slash);
        let shown = path.to_string();
        prop_assert!(shown.is_ascii());
        prop_assert_eq!(Href::parse(&shown).unwrap().path, path);
    }

    #[test]
    fn any_href_is_survived(href in ".{0,40}") {
        if let Ok(found) = Href::parse(&href) {
            let again = Href::parse(&found.path.to_string()).unwrap();
            prop_assert_eq!(again.path, found.path);
        }
    }
}
