//! What a property's element holds in an answer.

use std::borrow::Cow;

use super::multistatus::Detail;
use super::name::Name;
use super::names::dav;
use super::response::Response;
use super::tree::Element;
use super::write::Writer;

/// The value of a property.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Value<'a> {
    /// Nothing inside: also how a property is named whose value is not told.
    Empty,
    /// Characters.
    Text(Cow<'a, str>),
    /// One `DAV:href`; the text is percent-encoded already ([`Path`](super::Path)).
    Href(Cow<'a, str>),
    /// Any number of them.
    Hrefs(Vec<Cow<'a, str>>),
    /// Empty elements, such as the types of a resource.
    Names(Vec<Name>),
    /// Elements.
    Elements(Vec<Element>),
    /// The property's own element, written as it is: a dead property with its attributes, its
    /// language and its mixed content.
    Tree(Cow<'a, Element>),
    /// What stands in place of the `DAV:href`s of an expanded property (RFC 3253 section 3.8).
    Responses(Vec<Response<'a>>),
}

impl<'a> Value<'a> {
    /// Characters.
    #[must_use]
    pub(crate) fn text(text: impl Into<Cow<'a, str>>) -> Self {
        Self::Text(text.into())
    }

    /// One `DAV:href`.
    #[must_use]
    pub(crate) fn href(href: impl Into<Cow<'a, str>>) -> Self {
        Self::Href(href.into())
    }

    /// Writes the property.
    pub(super) fn write(&self, name: &Name, writer: &mut Writer) {
        if let Self::Tree(element) = self {
            return writer.element(element);
        }
        writer.start(name);
        match self {
            Self::Empty | Self::Tree(_) => {}
            Self::Text(text) => writer.text(text),
            Self::Href(href) => writer.leaf(&dav::HREF, href),
            Self::Hrefs(hrefs) => hrefs.iter().for_each(|href| writer.leaf(&dav::HREF, href)),
            Self::Names(names) => names.iter().for_each(|name| writer.empty(name)),
            Self::Elements(elements) => elements.iter().for_each(|one| writer.element(one)),
            Self::Responses(all) => {
                all.iter().for_each(|response| response.write(writer, Detail::Full))
            }
        }
        writer.end();
    }
}
