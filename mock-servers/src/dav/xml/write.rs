//! Trees and streams to text: UTF-8, declared, namespaces by fixed prefixes.
//!
//! `D`, `C`, `CR`, `CS` and `A` are declared once, at the root; another namespace is declared by the
//! element that needs it, for everything inside. Characters that XML 1.0 cannot carry, such as most
//! control characters, become U+FFFD, so that a loss shows. A carriage return is written as a
//! reference: readers would make a line feed of it, and calendar data lives on the difference.

use std::ops::Range;

use super::chars;
use super::name::{Name, Namespace};
use super::tree::{Element, Node};

/// What the root declares.
const PREFIXES: [(Namespace, &str); 5] = [
    (Namespace::DAV, "D"),
    (Namespace::CALDAV, "C"),
    (Namespace::CARDDAV, "CR"),
    (Namespace::CALENDAR_SERVER, "CS"),
    (Namespace::APPLE_ICAL, "A"),
];

/// Writes one document from its beginning to its end.
#[derive(Clone, Debug)]
pub(crate) struct Writer {
    out: String,
    /// Where the names of the open elements stand in what is written, the root first.
    open: Vec<Range<usize>>,
    /// Namespaces declared below the root: by the element at which depth, and what.
    declared: Vec<(usize, Namespace)>,
    tag: Tag,
}

/// Whether the last start tag still takes attributes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Tag {
    Open,
    Closed,
}

impl Writer {
    /// A document with this root, which is open.
    #[must_use]
    pub(crate) fn new(root: &Name) -> Self {
        let out = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n".to_owned();
        let mut writer = Self { out, open: Vec::new(), declared: Vec::new(), tag: Tag::Closed };
        writer.start(root);
        for (namespace, prefix) in PREFIXES {
            writer.out.push_str(" xmlns:");
            writer.out.push_str(prefix);
            writer.quoted(namespace.as_str());
        }
        writer
    }

    /// Ends the start tag that is open; tells where what is written next begins.
    pub(super) fn ready(&mut self) -> usize {
        self.close_tag();
        self.out.len()
    }

    /// What was written from a place on.
    pub(super) fn since(&self, from: usize) -> &str {
        self.out.get(from..).unwrap_or_default()
    }

    /// Writes whole elements that a writer has written at this depth.
    pub(super) fn again(&mut self, text: &str) {
        self.out.push_str(text);
    }

    /// How long the document is so far, in bytes.
    #[must_use]
    pub(crate) fn written_bytes(&self) -> usize {
        self.out.len()
    }

    /// Opens an element.
    pub(crate) fn start(&mut self, name: &Name) {
        self.close_tag();
        let fresh = self.declare(name.namespace(), self.open.len());
        self.out.push('<');
        let begin = self.out.len();
        self.qualified(name);
        self.open.push(begin..self.out.len());
        self.tag = Tag::Open;
        self.declaration(fresh, name.namespace());
    }

    /// Adds attributes to the element that was just opened; elsewhere it does nothing.
    pub(crate) fn attributes(&mut self, attributes: &[(Name, String)]) {
        if self.tag == Tag::Closed {
            return;
        }
        let depth = self.open.len().saturating_sub(1);
        for (name, value) in attributes {
            let fresh = self.declare(name.namespace(), depth);
            self.declaration(fresh, name.namespace());
            self.out.push(' ');
            self.qualified(name);
            self.quoted(value);
        }
    }

    /// Writes characters.
    pub(crate) fn text(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        self.close_tag();
        escape(text, Place::Text, &mut self.out);
    }

    /// Closes the element that was opened last; the root stays open until [`Writer::finish`].
    pub(crate) fn end(&mut self) {
        if self.open.len() > 1 {
            self.end_any();
        }
    }

    /// Writes an element with nothing inside.
    pub(crate) fn empty(&mut self, name: &Name) {
        self.start(name);
        self.end();
    }

    /// Writes an element with characters inside.
    pub(crate) fn leaf(&mut self, name: &Name, text: &str) {
        self.start(name);
        self.text(text);
        self.end();
    }

    /// Writes a tree.
    pub(crate) fn element(&mut self, element: &Element) {
        self.start(&element.name);
        self.attributes(&element.attributes);
        self.nodes(&element.children);
        self.end();
    }

    /// Writes what is inside an element.
    pub(crate) fn nodes(&mut self, nodes: &[Node]) {
        for node in nodes {
            match node {
                Node::Element(element) => self.element(element),
                Node::Text(text) => self.text(text),
            }
        }
    }

    /// Closes everything; gives the document.
    #[must_use]
    pub(crate) fn finish(mut self) -> String {
        while !self.open.is_empty() {
            self.end_any();
        }
        self.out
    }

    fn end_any(&mut self) {
        let Some(name) = self.open.pop() else { return };
        if self.tag == Tag::Open {
            self.out.push_str("/>");
            self.tag = Tag::Closed;
        } else {
            self.out.push_str("</");
            self.out.extend_from_within(name);
            self.out.push('>');
        }
        let depth = self.open.len();
        while self.declared.last().is_some_and(|(declared, _)| *declared >= depth) {
            self.declared.pop();
        }
    }

    fn close_tag(&mut self) {
        if self.tag == Tag::Open {
            self.out.push('>');
            self.tag = Tag::Closed;
        }
    }

    /// Whether a namespace must be declared here; if so, it counts as declared from now on.
    fn declare(&mut self, namespace: &Namespace, depth: usize) -> Fresh {
        let built_in = *namespace == Namespace::NONE || *namespace == Namespace::XML;
        let known = PREFIXES.iter().any(|(known, _)| known == namespace);
        if built_in || known || self.declared.iter().any(|(_, one)| one == namespace) {
            return Fresh::No;
        }
        self.declared.push((depth, namespace.clone()));
        Fresh::Yes
    }

    fn declaration(&mut self, fresh: Fresh, namespace: &Namespace) {
        if fresh == Fresh::Yes {
            self.out.push_str(" xmlns:");
            self.prefix(namespace);
            self.quoted(namespace.as_str());
        }
    }

    fn prefix(&mut self, namespace: &Namespace) {
        if let Some((_, prefix)) = PREFIXES.iter().find(|(known, _)| known == namespace) {
            self.out.push_str(prefix);
        } else if *namespace == Namespace::XML {
            self.out.push_str("xml");
        } else {
            let place = self.declared.iter().position(|(_, one)| one == namespace);
            self.out.push('N');
            self.out.push_str(&(place.unwrap_or_default() + 1).to_string());
        }
    }

    fn qualified(&mut self, name: &Name) {
        if *name.namespace() != Namespace::NONE {
            self.prefix(name.namespace());
            self.out.push(':');
        }
        self.out.push_str(name.local());
    }

    fn quoted(&mut self, value: &str) {
        self.out.push_str("=\"");
        escape(value, Place::Attribute, &mut self.out);
        self.out.push('"');
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fresh {
    Yes,
    No,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Text,
    Attribute,
}

/// Characters as they are written between tags.
pub(crate) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    escape(text, Place::Text, &mut out);
    out
}

/// Writes characters so that a reader gets them back (XML sections 2.4, 2.11 and 3.3.3).
fn escape(text: &str, place: Place, out: &mut String) {
    let mut plain = 0;
    // Most signs of most texts are written as they are, and need no look at what they are.
    let usual =
        |byte: u8| matches!(byte, b' '..=b'~') && !matches!(byte, b'&' | b'<' | b'>' | b'"');
    let mut from = 0;
    while from < text.len() {
        let skip = text.as_bytes()[from..].iter().position(|byte| !usual(*byte));
        let Some(at) = skip.map(|skip| from + skip) else { break };
        let Some(sign) = text[at..].chars().next() else { break };
        from = at + sign.len_utf8();
        let reference = match (sign, place) {
            ('&', _) => "&amp;",
            ('<', _) => "&lt;",
            ('>', _) => "&gt;",
            ('\r', _) => "&#13;",
            ('"', Place::Attribute) => "&quot;",
            ('\n', Place::Attribute) => "&#10;",
            ('\t', Place::Attribute) => "&#9;",
            (sign, _) if !chars::is_allowed(sign) => "\u{FFFD}",
            _ => continue,
        };
        out.push_str(&text[plain..at]);
        out.push_str(reference);
        plain = at + sign.len_utf8();
    }
    out.push_str(&text[plain..]);
}
