//! Names of elements, properties and attributes: a namespace and a local name.
//!
//! A name that exists can be written: its local part is a name without a colon, and its namespace
//! is none that XML keeps for declarations. Names that the server knows cost no allocation.

use std::{
    cmp::Ordering,
    fmt,
    hash::{Hash, Hasher},
    sync::Arc,
};

use thiserror::Error;

use super::{chars, names};

/// The namespace of namespace declarations; no name can be in it.
const DECLARATIONS: &str = "http://www.w3.org/2000/xmlns/";

/// A text that is either part of the program or shared.
#[derive(Clone)]
enum Text {
    Fixed(&'static str),
    Shared(Arc<str>),
}

impl Text {
    fn as_str(&self) -> &str {
        match self {
            Self::Fixed(text) => text,
            Self::Shared(text) => text,
        }
    }
}

/// A namespace; the empty one is that of names without any.
#[derive(Clone)]
pub(crate) struct Namespace(Text);

impl Namespace {
    /// No namespace.
    pub(crate) const NONE: Self = Self(Text::Fixed(""));
    /// WebDAV (RFC 4918 section 21.1).
    pub(crate) const DAV: Self = Self(Text::Fixed("DAV:"));
    /// CalDAV (RFC 4791 section 1.2).
    pub(crate) const CALDAV: Self = Self(Text::Fixed("urn:ietf:params:xml:ns:caldav"));
    /// CardDAV (RFC 6352 section 3).
    pub(crate) const CARDDAV: Self = Self(Text::Fixed("urn:ietf:params:xml:ns:carddav"));
    /// Apple's calendar server: CTag, proxies (`doc/Extensions` of ccs-calendarserver).
    pub(crate) const CALENDAR_SERVER: Self = Self(Text::Fixed("http://calendarserver.org/ns/"));
    /// Apple's iCal: colour and order of a calendar.
    pub(crate) const APPLE_ICAL: Self = Self(Text::Fixed("http://apple.com/ns/ical/"));
    /// What the prefix `xml` stands for.
    pub(crate) const XML: Self = Self(Text::Fixed("http://www.w3.org/XML/1998/namespace"));

    /// The known ones.
    const KNOWN: [Self; 7] = [
        Self::NONE,
        Self::DAV,
        Self::CALDAV,
        Self::CARDDAV,
        Self::CALENDAR_SERVER,
        Self::APPLE_ICAL,
        Self::XML,
    ];

    /// The namespace of a URI.
    #[must_use]
    pub(crate) fn new(uri: &str) -> Self {
        let known = Self::KNOWN.into_iter().find(|known| known.as_str() == uri);
        known.unwrap_or_else(|| Self(Text::Shared(uri.into())))
    }

    /// Its URI.
    #[must_use]
    pub(crate) fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

/// The name of an element, a property or an attribute.
#[derive(Clone)]
pub(crate) struct Name {
    namespace: Namespace,
    local: Text,
}

/// Two parts that make no name.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("`{local}` in the namespace `{namespace}` is no XML name")]
pub(crate) struct InvalidName {
    /// The namespace's URI.
    pub namespace: String,
    /// What should have been the local name.
    pub local: String,
}

impl Name {
    /// A name that the program knows.
    pub(super) const fn fixed(namespace: Namespace, local: &'static str) -> Self {
        Self { namespace, local: Text::Fixed(local) }
    }

    /// A name from its parts.
    ///
    /// # Errors
    ///
    /// When they make no name that can be written.
    pub(crate) fn new(namespace: &str, local: &str) -> Result<Self, InvalidName> {
        let namespace = Namespace::new(namespace);
        if let Some(known) = names::known(&namespace, local) {
            return Ok(Self { namespace, local: Text::Fixed(known) });
        }
        let uri = namespace.as_str();
        if !chars::is_name(local) || uri == DECLARATIONS || !uri.chars().all(chars::is_allowed) {
            return Err(InvalidName { namespace: uri.to_owned(), local: local.to_owned() });
        }
        Ok(Self { namespace, local: Text::Shared(local.into()) })
    }

    /// Its namespace.
    #[must_use]
    pub(crate) fn namespace(&self) -> &Namespace {
        &self.namespace
    }

    /// Its local name.
    #[must_use]
    pub(crate) fn local(&self) -> &str {
        self.local.as_str()
    }

    fn parts(&self) -> (&str, &str) {
        (self.namespace.as_str(), self.local())
    }
}

impl PartialEq for Namespace {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for Namespace {}

impl PartialOrd for Namespace {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Namespace {
    fn cmp(&self, other: &Self) -> Ordering {
        self.as_str().cmp(other.as_str())
    }
}

impl Hash for Namespace {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_str().hash(state);
    }
}

impl PartialEq for Name {
    fn eq(&self, other: &Self) -> bool {
        self.local() == other.local() && self.namespace == other.namespace
    }
}

impl Eq for Name {}

impl PartialOrd for Name {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Name {
    fn cmp(&self, other: &Self) -> Ordering {
        self.parts().cmp(&other.parts())
    }
}

impl Hash for Name {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.parts().hash(state);
    }
}

impl fmt::Debug for Namespace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// As errors name it: `DAV:prop`, `{urn:x}thing`.
impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.parts() {
            ("", local) => f.write_str(local),
            ("DAV:", local) => write!(f, "DAV:{local}"),
            (uri, local) if uri == Namespace::CALDAV.as_str() => write!(f, "CALDAV:{local}"),
            (uri, local) if uri == Namespace::CARDDAV.as_str() => write!(f, "CARDDAV:{local}"),
            (uri, local) => write!(f, "{{{uri}}}{local}"),
        }
    }
}
