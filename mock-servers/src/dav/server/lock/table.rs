//! Which locks there are, and which of them a resource is under (RFC 4918 sections 6.1 and 7.4).
//! Resources are named by their hrefs; that of a collection ends in a slash.

use jiff::Timestamp;

use crate::dav::xml::Element;
use crate::directory::UserId;

/// The most locks of a server.
const LOCKS_MAX: usize = 10_000;

/// A write lock.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Lock {
    /// Its token, a URI.
    pub(super) token: String,
    /// The resource that was locked.
    pub(super) root: String,
    /// Whether it holds for everything below, too.
    pub(super) deep: bool,
    /// Whether nobody else may have one.
    pub(super) exclusive: bool,
    /// What the client said of the owner, as it said it.
    pub(super) owner: Option<Element>,
    /// Who made it.
    pub(super) holder: UserId,
    /// For how long it is made or refreshed, in seconds.
    pub(super) seconds: u32,
    /// Until when it holds.
    pub(super) until: Timestamp,
}

impl Lock {
    /// Whether a resource is under it.
    pub(super) fn covers(&self, href: &str) -> bool {
        self.root == href || (self.deep && is_below(href, &self.root))
    }
}

/// The locks of a server.
#[derive(Clone, Debug, Default)]
pub(crate) struct Locks(Vec<Lock>);

impl Locks {
    /// Whether there is none, expired ones included.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Takes away what has expired.
    pub(super) fn expire(&mut self, now: Timestamp) {
        self.0.retain(|lock| lock.until > now);
    }

    /// The locks that a resource is under.
    pub(super) fn on<'l>(&'l self, href: &'l str) -> impl Iterator<Item = &'l Lock> {
        self.0.iter().filter(move |lock| lock.covers(href))
    }

    /// The locks of what is below a collection.
    pub(super) fn inside<'l>(&'l self, href: &'l str) -> impl Iterator<Item = &'l Lock> {
        self.0.iter().filter(move |lock| is_below(&lock.root, href))
    }

    /// The lock that stands against a new one (section 6.2).
    pub(super) fn against<'l>(
        &'l self,
        href: &'l str,
        deep: bool,
        exclusive: bool,
    ) -> Option<&'l Lock> {
        let below = self.inside(href).filter(move |_| deep);
        self.on(href).chain(below).find(move |lock| exclusive || lock.exclusive)
    }

    /// Adds one; false when there are too many.
    pub(super) fn add(&mut self, lock: Lock) -> bool {
        let fits = self.0.len() < LOCKS_MAX;
        if fits {
            self.0.push(lock);
        }
        fits
    }

    /// The lock of a token on a resource, to change it.
    pub(super) fn named(&mut self, token: &str, href: &str) -> Option<&mut Lock> {
        self.0.iter_mut().find(|lock| lock.token == token && lock.covers(href))
    }

    /// Takes one away.
    pub(super) fn remove(&mut self, token: &str) {
        self.0.retain(|lock| lock.token != token);
    }

    /// Takes away the locks of a resource that is gone, and of everything below it (section 9.6).
    pub(super) fn forget(&mut self, href: &str) {
        self.0.retain(|lock| lock.root != href && !is_below(&lock.root, href));
    }
}

/// Whether a resource is inside of a collection, at any depth.
fn is_below(href: &str, collection: &str) -> bool {
    collection.ends_with('/') && href.len() > collection.len() && href.starts_with(collection)
}
