//! XML of answers, as a small owned tree, and the escaping of what is sent.
//!
//! The rule: an answer is bounded before it is looked at. roxmltree refuses document types, so no
//! entity can grow.

/// A namespace and a local name.
pub(crate) type Name = (&'static str, &'static str);

/// RFC 4918.
pub(crate) const DAV: &str = "DAV:";
/// RFC 4791.
pub(crate) const CALDAV: &str = "urn:ietf:params:xml:ns:caldav";
/// RFC 6352.
pub(crate) const CARDDAV: &str = "urn:ietf:params:xml:ns:carddav";
/// Apple's extensions, such as the CTag.
pub(crate) const CALENDARSERVER: &str = "http://calendarserver.org/ns/";

/// How deep elements may be nested.
const DEPTH_MAX: usize = 64;
/// How many nodes a document may have.
const NODES_MAX: u32 = 2_000_000;

/// An element, with what the checks look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Element {
    pub(crate) namespace: String,
    pub(crate) name: String,
    pub(crate) attributes: Vec<(String, String)>,
    /// Its own text, without that of its children.
    pub(crate) text: String,
    pub(crate) children: Vec<Element>,
}

/// An answer that is no XML, or more than is taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not readable as XML: {reason}")]
pub(crate) struct Unreadable {
    pub(crate) reason: String,
}

impl Element {
    /// Reads a document.
    pub(crate) fn parse(bytes: &[u8]) -> Result<Element, Unreadable> {
        let unreadable = |reason: String| Unreadable { reason };
        let text = std::str::from_utf8(bytes).map_err(|error| unreadable(error.to_string()))?;
        if nesting(text) > DEPTH_MAX {
            return Err(unreadable(format!("nested more than {DEPTH_MAX} deep")));
        }
        let options = roxmltree::ParsingOptions { nodes_limit: NODES_MAX, ..Default::default() };
        let text = text.trim_start_matches('\u{feff}');
        let document = roxmltree::Document::parse_with_options(text, options)
            .map_err(|error| unreadable(error.to_string()))?;
        Ok(Element::of(document.root_element()))
    }

    fn of(node: roxmltree::Node<'_, '_>) -> Element {
        let attributes = node.attributes();
        let texts = node.children().filter(roxmltree::Node::is_text);
        Element {
            namespace: node.tag_name().namespace().unwrap_or_default().to_owned(),
            name: node.tag_name().name().to_owned(),
            attributes: attributes
                .map(|at| (at.name().to_owned(), at.value().to_owned()))
                .collect(),
            text: texts.filter_map(|text| text.text()).collect(),
            children: node.children().filter(|node| node.is_element()).map(Element::of).collect(),
        }
    }

    pub(crate) fn is(&self, name: Name) -> bool {
        (self.namespace.as_str(), self.name.as_str()) == name
    }

    pub(crate) fn child(&self, name: Name) -> Option<&Element> {
        self.children.iter().find(|child| child.is(name))
    }

    pub(crate) fn all(&self, name: Name) -> impl Iterator<Item = &Element> {
        self.children.iter().filter(move |child| child.is(name))
    }

    /// The first element of that name, itself included, at any depth.
    pub(crate) fn find(&self, name: Name) -> Option<&Element> {
        if self.is(name) {
            return Some(self);
        }
        self.children.iter().find_map(|child| child.find(name))
    }

    /// Its text without the white space around it.
    pub(crate) fn trimmed(&self) -> &str {
        self.text.trim()
    }

    pub(crate) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(at, _)| at == name).map(|(_, value)| value.as_str())
    }
}

/// An upper bound of how deep elements are nested, found without recursion: the parser behind this
/// recurses.
fn nesting(text: &str) -> usize {
    let bytes = text.as_bytes();
    let (mut depth, mut deepest) = (0_usize, 0_usize);
    for (at, byte) in bytes.iter().enumerate() {
        match (byte, bytes.get(at + 1)) {
            (b'<', Some(b'/')) => depth = depth.saturating_sub(1),
            (b'<', Some(b'!' | b'?')) => {}
            (b'<', _) => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            (b'/', Some(b'>')) => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

/// Text for an element or an attribute.
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '&' => escaped.push_str("&amp;"),
            '"' => escaped.push_str("&quot;"),
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_text_and_attributes_are_read() {
        let xml =
            br#"<?xml version="1.0"?><D:a xmlns:D="DAV:" x="1">t<b xmlns="urn:x">u</b></D:a>"#;
        let found = Element::parse(xml).unwrap();
        assert!(found.is((DAV, "a")));
        assert_eq!((found.trimmed(), found.attribute("x")), ("t", Some("1")));
        assert_eq!(found.child(("urn:x", "b")).unwrap().text, "u");
        assert_eq!(found.find(("urn:x", "b")).unwrap().text, "u");
    }

    #[test]
    fn hostile_documents_are_refused() {
        let deep = "<a>".repeat(200_000);
        assert!(Element::parse(deep.as_bytes()).unwrap_err().reason.contains("deep"));
        let bomb = br#"<!DOCTYPE a [<!ENTITY b "cccc">]><a>&b;</a>"#;
        assert!(Element::parse(bomb).is_err());
    }

    #[test]
    fn escaped_text_reads_back() {
        let xml = format!("<a>{}</a>", escape("<&>\"'"));
        assert_eq!(Element::parse(xml.as_bytes()).unwrap().text, "<&>\"'");
    }

    proptest! {
        #[test]
        fn reading_never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
            drop(Element::parse(&bytes));
        }

        #[test]
        fn reading_markup_never_panics(text in "[<>/!?a: =\"&;\\[\\]-]{0,200}") {
            drop(Element::parse(text.as_bytes()));
        }
    }
}
