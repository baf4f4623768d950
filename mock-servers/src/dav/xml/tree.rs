//! An XML tree that owns its texts.
//!
//! It keeps what RFC 4918 section 4.3 wants of dead properties: names, attributes, texts and their
//! order among the elements. Comments, processing instructions and prefixes are not kept.

use super::name::Name;
use super::names::xml;

/// An element.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Element {
    /// Its name.
    pub name: Name,
    /// Its attributes in document order, namespace declarations left out.
    pub attributes: Vec<(Name, String)>,
    /// What is inside, in document order.
    pub children: Vec<Node>,
}

/// What is inside an element.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Node {
    /// An element.
    Element(Element),
    /// Characters, with entities and CDATA sections resolved.
    Text(String),
}

impl Element {
    /// An empty element.
    #[must_use]
    pub(crate) fn new(name: Name) -> Self {
        Self { name, attributes: Vec::new(), children: Vec::new() }
    }

    /// The same with a text at its end.
    #[must_use]
    pub(crate) fn with_text(mut self, text: impl Into<String>) -> Self {
        self.children.push(Node::Text(text.into()));
        self
    }

    /// The same with an element at its end.
    #[must_use]
    pub(crate) fn with_child(mut self, child: Self) -> Self {
        self.children.push(Node::Element(child));
        self
    }

    /// The same with elements at its end.
    #[must_use]
    pub(crate) fn with_children(mut self, children: impl IntoIterator<Item = Self>) -> Self {
        self.children.extend(children.into_iter().map(Node::Element));
        self
    }

    /// The same with one attribute more.
    #[must_use]
    pub(crate) fn with_attribute(mut self, name: Name, value: impl Into<String>) -> Self {
        self.attributes.push((name, value.into()));
        self
    }

    /// The elements directly inside, in document order.
    pub(crate) fn elements(&self) -> impl Iterator<Item = &Self> {
        self.children.iter().filter_map(|node| match node {
            Node::Element(element) => Some(element),
            Node::Text(_) => None,
        })
    }

    /// The elements of one name directly inside.
    pub(crate) fn all(&self, name: Name) -> impl Iterator<Item = &Self> {
        self.elements().filter(move |element| element.name == name)
    }

    /// The first element of one name directly inside.
    #[must_use]
    pub(crate) fn first(&self, name: &Name) -> Option<&Self> {
        self.elements().find(|element| element.name == *name)
    }

    /// The text directly inside, elements passed over.
    #[must_use]
    pub(crate) fn text(&self) -> String {
        let texts = self.children.iter().filter_map(|node| match node {
            Node::Text(text) => Some(text.as_str()),
            Node::Element(_) => None,
        });
        texts.collect()
    }

    /// The text directly inside without XML white space around it.
    #[must_use]
    pub(crate) fn trimmed(&self) -> String {
        self.text().trim_matches([' ', '\t', '\r', '\n']).to_owned()
    }

    /// The value of an attribute without a namespace.
    #[must_use]
    pub(crate) fn attribute(&self, local: &str) -> Option<&str> {
        let plain = |name: &Name| name.namespace().as_str().is_empty() && name.local() == local;
        self.attributes.iter().find(|(name, _)| plain(name)).map(|(_, value)| value.as_str())
    }

    /// Its own `xml:lang`.
    #[must_use]
    pub(crate) fn language(&self) -> Option<&str> {
        let found = self.attributes.iter().find(|(name, _)| *name == xml::LANG);
        found.map(|(_, value)| value.as_str())
    }
}
