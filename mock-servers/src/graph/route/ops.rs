//! What a method does with a resource, in the words of the fault model.

use http::Method;

use super::resource::{Action, Book, Resource, Route};
use crate::operation::Op;

impl Route {
    /// The operation of a method.
    pub(crate) fn op(&self, method: &Method) -> Op {
        if self.counts && method != Method::GET {
            return Op::Other;
        }
        self.resource.op(method)
    }
}

impl Resource {
    fn op(&self, method: &Method) -> Op {
        match (self, method) {
            (
                Self::User | Self::Users | Self::Settings | Self::Setting(_) | Self::Zones(_),
                &Method::GET,
            ) => Op::Session,
            (
                Self::Calendars
                | Self::Calendar(_)
                | Self::Groups
                | Self::Group(_)
                | Self::CalendarOf(..),
                &Method::GET,
            ) => Op::CalendarList,
            (Self::Schedules, &Method::POST) => Op::FeedQuery,
            (Self::Attachments(..), &Method::GET) => Op::EventGet,
            (Self::Calendars, &Method::POST) => Op::CalendarCreate,
            (Self::Calendar(_), &Method::PATCH) => Op::CalendarUpdate,
            (Self::Calendar(_), &Method::DELETE) => Op::CalendarDelete,
            (Self::MailboxEvents | Self::Events(_), &Method::POST) => Op::EventCreate,
            (
                Self::MailboxEvents | Self::Events(_) | Self::View(_) | Self::Instances(..),
                &Method::GET,
            ) => Op::FeedQuery,
            (Self::Event(..), &Method::GET) => Op::EventGet,
            (Self::Event(..), &Method::PATCH) => Op::EventUpdate,
            (Self::Event(..), &Method::DELETE) => Op::EventDelete,
            // A declined or cancelled event leaves the calendar.
            (Self::Act(_, _, Action::Decline | Action::Cancel), &Method::POST) => Op::EventDelete,
            (Self::Act(..), &Method::POST) => Op::EventUpdate,
            (Self::ViewDelta(_) | Self::EventsDelta(_), &Method::GET) => Op::FeedDelta,
            (Self::Extensions(_) | Self::Extension(..), method) => {
                let reads = method == Method::GET;
                let op = if reads { Op::EventGet } else { Op::EventUpdate };
                op.within(self.realm())
            }
            (Self::Book(book), method) => book.op(method),
            _ => Op::Other,
        }
    }
}

impl Route {
    /// The methods that the resource knows, as `Allow` lists them (RFC 9110 section 10.2.1).
    pub(crate) fn allowed(&self) -> &'static str {
        const READ: &str = "GET, HEAD";
        if self.counts {
            return READ;
        }
        match &self.resource {
            Resource::Calendars
            | Resource::MailboxEvents
            | Resource::Events(_)
            | Resource::Extensions(_)
            | Resource::Subscriptions
            | Resource::Book(Book::Folders(_) | Book::Contacts(_)) => "GET, HEAD, POST",
            Resource::Calendar(_)
            | Resource::Event(..)
            | Resource::Extension(..)
            | Resource::Subscription(_)
            | Resource::Book(Book::Folder(_) | Book::Contact(..)) => "GET, HEAD, PATCH, DELETE",
            Resource::Act(..) | Resource::Reauthorize(_) | Resource::Schedules => "POST",
            _ => READ,
        }
    }
}

impl Book {
    fn op(&self, method: &Method) -> Op {
        match (self, method) {
            (Self::Folders(_) | Self::Folder(_), &Method::GET) => Op::AddressBookList,
            (Self::Folders(_), &Method::POST) => Op::AddressBookCreate,
            (Self::Folder(_), &Method::PATCH) => Op::AddressBookUpdate,
            (Self::Folder(_), &Method::DELETE) => Op::AddressBookDelete,
            (Self::Contacts(_), &Method::GET) => Op::FeedQuery,
            (Self::Contacts(_), &Method::POST) => Op::ContactCreate,
            (Self::Contact(..) | Self::Photo(..), &Method::GET) => Op::ContactGet,
            (Self::Contact(..), &Method::PATCH) => Op::ContactUpdate,
            (Self::Contact(..), &Method::DELETE) => Op::ContactDelete,
            (Self::ContactsDelta(_) | Self::FoldersDelta, &Method::GET) => Op::FeedDelta,
            _ => Op::Other,
        }
    }
}
