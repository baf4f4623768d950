//! Properties of one resource grouped by status (RFC 4918 sections 9.1 and 14.22).

use std::borrow::Cow;

use http::StatusCode;

use super::multistatus::Detail;
use super::name::Name;
use super::names::dav;
use super::tree::Element;
use super::value::Value;
use super::write::Writer;

/// Any number of `DAV:propstat`: what was found, then the others in the order in which their first
/// property came. Clients were seen that look at the first status only.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Propstats<'a> {
    groups: Vec<Group<'a>>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Group<'a> {
    status: StatusCode,
    error: Option<Element>,
    properties: Vec<(Name, Value<'a>)>,
}

impl<'a> Propstats<'a> {
    /// None yet.
    #[must_use]
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// A property with its value: 200.
    pub(crate) fn found(&mut self, name: Name, value: Value<'a>) {
        self.put(StatusCode::OK, None, name, value);
    }

    /// A property without its value: 404 for one that does not exist, 424 for one that was not
    /// changed because another could not be, 200 for one that was.
    pub(crate) fn named(&mut self, status: StatusCode, name: Name) {
        self.put(status, None, name, Value::Empty);
    }

    /// A property that was refused, with the condition that does not hold.
    pub(crate) fn refused(&mut self, status: StatusCode, condition: Element, name: Name) {
        self.put(status, Some(condition), name, Value::Empty);
    }

    /// Gives properties other values and takes some out, by their local names. What is not there
    /// stays away.
    pub(crate) fn change<'b>(
        &mut self,
        values: impl Fn(&str) -> Option<Cow<'b, str>>,
        goes: impl Fn(&str) -> bool,
    ) {
        for group in &mut self.groups {
            group.properties.retain(|(name, _)| !goes(name.local()));
            for (name, value) in &mut group.properties {
                if let Some(text) = values(name.local()) {
                    *value = Value::text(text.into_owned());
                }
            }
        }
        self.groups.retain(|group| !group.properties.is_empty());
    }

    /// As the whole answer to MKCALENDAR (`CALDAV:mkcalendar-response`, RFC 4791 section 9.3) or
    /// extended MKCOL (`DAV:mkcol-response`, RFC 5689 section 5.2).
    #[must_use]
    pub(crate) fn document(&self, root: &Name) -> String {
        let mut writer = Writer::new(root);
        self.write(&mut writer, Detail::Full);
        writer.finish()
    }

    fn put(&mut self, status: StatusCode, error: Option<Element>, name: Name, value: Value<'a>) {
        let same = |group: &&mut Group<'a>| group.status == status && group.error == error;
        if let Some(group) = self.groups.iter_mut().find(same) {
            group.properties.push((name, value));
        } else {
            let first = status == StatusCode::OK && error.is_none();
            let at = if first { 0 } else { self.groups.len() };
            self.groups.insert(at, Group { status, error, properties: vec![(name, value)] });
        }
    }

    /// Writes them. A resource of which nothing was asked has one empty `DAV:propstat`, because a
    /// `DAV:response` needs one.
    pub(super) fn write(&self, writer: &mut Writer, detail: Detail) {
        let said =
            |group: &&Group<'a>| detail == Detail::Full || group.status != StatusCode::NOT_FOUND;
        let mut groups = self.groups.iter().filter(said).peekable();
        if groups.peek().is_none() {
            Group { status: StatusCode::OK, error: None, properties: Vec::new() }.write(writer);
        }
        for group in groups {
            group.write(writer);
        }
    }
}

impl Group<'_> {
    fn write(&self, writer: &mut Writer) {
        writer.start(&dav::PROPSTAT);
        writer.start(&dav::PROP);
        for (name, value) in &self.properties {
            value.write(name, writer);
        }
        writer.end();
        write_status(self.status, writer);
        if let Some(condition) = &self.error {
            writer.start(&dav::ERROR);
            writer.element(condition);
            writer.end();
        }
        writer.end();
    }
}

/// Writes a `DAV:status`: a whole status line (RFC 4918 section 14.28).
pub(super) fn write_status(status: StatusCode, writer: &mut Writer) {
    writer.start(&dav::STATUS);
    writer.text("HTTP/1.1 ");
    writer.text(status.as_str());
    writer.text(" ");
    writer.text(status.canonical_reason().unwrap_or("Status"));
    writer.end();
}
