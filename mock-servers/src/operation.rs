//! What a request asks for, in the words of the fault model, whatever the protocol.

use std::collections::BTreeSet;
use std::fmt;

use calamity_evidence::WriteOp;

use crate::directory::Realm;

/// A semantic operation. Its text is what `op` patterns of fault rules match.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Op {
    CalendarList,
    CalendarCreate,
    CalendarUpdate,
    CalendarDelete,
    EventCreate,
    EventUpdate,
    EventDelete,
    EventGet,
    AddressBookList,
    AddressBookCreate,
    AddressBookUpdate,
    AddressBookDelete,
    ContactCreate,
    ContactUpdate,
    ContactDelete,
    ContactGet,
    /// A listing: JMAP `/query`, Graph collections, DAV `PROPFIND` of depth 1 and queries.
    FeedQuery,
    /// JMAP `/changes`, DAV `sync-collection`.
    FeedChanges,
    /// Graph delta pages.
    FeedDelta,
    /// Discovery: the JMAP session, the Graph user.
    Session,
    /// A subscription to pushes is made or changed, or a stream of events is opened.
    Subscribe,
    /// Binary data comes in.
    BlobUpload,
    /// Binary data goes out.
    BlobDownload,
    /// A subscriber is asked whether it listens: JMAP's `PushVerification`, Graph's handshake.
    PushVerify,
    /// A subscriber is told of a change.
    PushChange,
    /// A subscriber is told what becomes of its subscription.
    PushLifecycle,
    /// An event goes into a stream.
    PushEvent,
    /// A connection is made; nothing was read from it.
    Connect,
    /// Anything else.
    Other,
}

impl Op {
    /// The name of all feeds together in a rule's pattern.
    pub(crate) const FEED_PAGE: &'static str = "feed.page";

    /// Every operation, for checking a rule's pattern.
    pub(crate) const ALL: [Self; 29] = [
        Self::CalendarList,
        Self::CalendarCreate,
        Self::CalendarUpdate,
        Self::CalendarDelete,
        Self::EventCreate,
        Self::EventUpdate,
        Self::EventDelete,
        Self::EventGet,
        Self::AddressBookList,
        Self::AddressBookCreate,
        Self::AddressBookUpdate,
        Self::AddressBookDelete,
        Self::ContactCreate,
        Self::ContactUpdate,
        Self::ContactDelete,
        Self::ContactGet,
        Self::FeedQuery,
        Self::FeedChanges,
        Self::FeedDelta,
        Self::Session,
        Self::Subscribe,
        Self::BlobUpload,
        Self::BlobDownload,
        Self::PushVerify,
        Self::PushChange,
        Self::PushLifecycle,
        Self::PushEvent,
        Self::Connect,
        Self::Other,
    ];

    /// Its name.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::CalendarList => "calendar.list",
            Self::CalendarCreate => "calendar.create",
            Self::CalendarUpdate => "calendar.update",
            Self::CalendarDelete => "calendar.delete",
            Self::EventCreate => "event.create",
            Self::EventUpdate => "event.update",
            Self::EventDelete => "event.delete",
            Self::EventGet => "event.get",
            Self::AddressBookList => "addressbook.list",
            Self::AddressBookCreate => "addressbook.create",
            Self::AddressBookUpdate => "addressbook.update",
            Self::AddressBookDelete => "addressbook.delete",
            Self::ContactCreate => "contact.create",
            Self::ContactUpdate => "contact.update",
            Self::ContactDelete => "contact.delete",
            Self::ContactGet => "contact.get",
            Self::FeedQuery => "feed.query",
            Self::FeedChanges => "feed.changes",
            Self::FeedDelta => "feed.delta",
            Self::Session => "session",
            Self::Subscribe => "subscribe",
            Self::BlobUpload => "blob.upload",
            Self::BlobDownload => "blob.download",
            Self::PushVerify => "push.verify",
            Self::PushChange => "push.change",
            Self::PushLifecycle => "push.lifecycle",
            Self::PushEvent => "push.event",
            Self::Connect => "connect",
            Self::Other => "other",
        }
    }

    /// The same done to what a realm holds: in contacts, an address book stands for a calendar and a
    /// contact for an event.
    pub(crate) fn within(self, realm: Realm) -> Self {
        if realm != Realm::Contacts {
            return self;
        }
        match self {
            Self::CalendarList => Self::AddressBookList,
            Self::CalendarCreate => Self::AddressBookCreate,
            Self::CalendarUpdate => Self::AddressBookUpdate,
            Self::CalendarDelete => Self::AddressBookDelete,
            Self::EventCreate => Self::ContactCreate,
            Self::EventUpdate => Self::ContactUpdate,
            Self::EventDelete => Self::ContactDelete,
            Self::EventGet => Self::ContactGet,
            other => other,
        }
    }

    /// Whether it changes nothing at all, neither what is stored nor what the server keeps beside it.
    pub(crate) fn only_reads(self) -> bool {
        matches!(
            self,
            Self::CalendarList
                | Self::AddressBookList
                | Self::EventGet
                | Self::ContactGet
                | Self::FeedQuery
                | Self::FeedChanges
                | Self::FeedDelta
                | Self::Session
                | Self::BlobDownload
        )
    }

    /// Whether it is an operation on contacts or address books.
    pub(crate) fn is_of_contacts(self) -> bool {
        matches!(
            self,
            Self::AddressBookList
                | Self::AddressBookCreate
                | Self::AddressBookUpdate
                | Self::AddressBookDelete
                | Self::ContactCreate
                | Self::ContactUpdate
                | Self::ContactDelete
                | Self::ContactGet
        )
    }

    /// The entry of the write log that it would make, if it writes.
    pub(crate) fn write(self) -> Option<WriteOp> {
        Some(match self {
            Self::CalendarCreate | Self::AddressBookCreate => WriteOp::CreateContainer,
            Self::CalendarUpdate | Self::AddressBookUpdate => WriteOp::UpdateContainer,
            Self::CalendarDelete | Self::AddressBookDelete => WriteOp::DeleteContainer,
            Self::EventCreate | Self::ContactCreate => WriteOp::Create,
            Self::EventUpdate | Self::ContactUpdate => WriteOp::Update,
            Self::EventDelete | Self::ContactDelete => WriteOp::Delete,
            _ => return None,
        })
    }

    /// Whether the server itself does it to a subscriber.
    pub(crate) fn is_push(self) -> bool {
        matches!(self, Self::PushVerify | Self::PushChange | Self::PushLifecycle | Self::PushEvent)
    }

    /// Whether it reads a feed or a listing of events.
    pub(crate) fn is_feed(self) -> bool {
        matches!(self, Self::FeedQuery | Self::FeedChanges | Self::FeedDelta)
    }
}

impl fmt::Display for Op {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// One thing that an operation is about. What is unknown stays empty; what is stored under `id` is
/// looked up and completes it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Target {
    /// The item's (or calendar's) id; a creation id for a create.
    pub(crate) id: String,
    /// The uid in the body that was sent.
    pub(crate) uid: String,
    /// The title in the body that was sent (for calendars: the name).
    pub(crate) title: String,
    /// Ids of the calendars that the body or the path names.
    pub(crate) calendars: BTreeSet<String>,
    /// Addresses invited by the body that was sent.
    pub(crate) attendees: Vec<String>,
}

/// One operation of a request with what it is about. A JMAP request has several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Operation {
    /// What.
    pub(crate) op: Op,
    /// The items or calendars; empty where the request names none (a feed, a listing).
    pub(crate) targets: Vec<Target>,
    /// Ids of the calendars that it is limited to; empty for the whole account.
    pub(crate) calendars: BTreeSet<String>,
}

impl Operation {
    /// An operation without targets.
    pub(crate) fn new(op: Op) -> Self {
        Self { op, targets: Vec::new(), calendars: BTreeSet::new() }
    }
}
