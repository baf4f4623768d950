//! One resource's part of a multistatus (RFC 4918 section 14.24).

use std::borrow::Cow;

use http::StatusCode;

use super::multistatus::Detail;
use super::names::dav;
use super::propstats::{Propstats, write_status};
use super::refusal::Refusal;
use super::tree::Element;
use super::write::Writer;

/// A `DAV:response`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Response<'a> {
    /// The resource, percent-encoded.
    pub href: Cow<'a, str>,
    /// What is said of it.
    pub outcome: Outcome<'a>,
    /// The condition that does not hold.
    pub error: Option<Element>,
}

/// What a response says of its resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Outcome<'a> {
    /// One status for the whole.
    Status(StatusCode),
    /// A status for each property.
    Properties(Propstats<'a>),
}

impl<'a> Response<'a> {
    /// A resource with one status for the whole.
    #[must_use]
    pub(crate) fn status(href: impl Into<Cow<'a, str>>, status: StatusCode) -> Self {
        Self::of(href.into(), Outcome::Status(status))
    }

    /// A resource that is refused as a whole.
    #[must_use]
    pub(crate) fn refused(href: impl Into<Cow<'a, str>>, refused: Refusal) -> Self {
        Self { error: refused.condition, ..Self::status(href, refused.status) }
    }

    /// A resource with properties.
    #[must_use]
    pub(crate) fn properties(href: impl Into<Cow<'a, str>>, properties: Propstats<'a>) -> Self {
        Self::of(href.into(), Outcome::Properties(properties))
    }

    /// The same with a condition that does not hold.
    #[must_use]
    pub(crate) fn with_error(mut self, condition: Element) -> Self {
        self.error = Some(condition);
        self
    }

    fn of(href: Cow<'a, str>, outcome: Outcome<'a>) -> Self {
        Self { href, outcome, error: None }
    }

    pub(super) fn write(&self, writer: &mut Writer, detail: Detail) {
        writer.start(&dav::RESPONSE);
        writer.leaf(&dav::HREF, &self.href);
        match &self.outcome {
            Outcome::Status(status) => write_status(*status, writer),
            Outcome::Properties(properties) => properties.write(writer, detail),
        }
        if let Some(condition) = &self.error {
            writer.start(&dav::ERROR);
            writer.element(condition);
            writer.end();
        }
        writer.end();
    }
}
