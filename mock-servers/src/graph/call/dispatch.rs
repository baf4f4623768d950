//! Which code serves which operation of which resource.

use http::Method;

use super::Call;
use crate::directory::{Focus, Realm, UserId};
use crate::graph::failure::Failure;
use crate::graph::route::{Book, Resource};
use crate::graph::{
    actions, calendars, contacts, delta, events, extensions, mailbox, schedules, subscriptions,
    users,
};
use crate::native::{Exchange, Reply};
use crate::operation::Op;
use crate::turn::Turn;

impl Call {
    pub(super) fn dispatch(&self, turn: &mut Turn<'_>) -> Result<Reply, Failure> {
        if let Err(failure) = &self.standing {
            turn.refused(self.op(), &self.target(), &failure.code, &failure.message);
            return Err(failure.clone());
        }
        if turn.focus() != Focus::calendars(UserId::OWNER) && self.realm() == Realm::Calendars {
            // A mailbox has a calendar from the beginning; the owner's are made by whoever sets the
            // server up.
            turn.ensure_default("Calendar");
        }
        let mut groups = self.route.group.iter();
        let sound = self.check_options();
        let sound = sound.and_then(|()| groups.try_for_each(|id| mailbox::is_group(turn, id)));
        if let Err(failure) = sound {
            turn.refused(self.op(), &self.target(), &failure.code, &failure.message);
            return Err(failure);
        }
        match (self.op(), &self.resource) {
            (Op::Session, Resource::Users) => users::list(self, turn),
            (_, Resource::Settings) => mailbox::settings(self, turn),
            (_, Resource::Setting(name)) => mailbox::setting(self, turn, name),
            (_, Resource::Zones(names)) => mailbox::zones(self, *names),
            (_, Resource::Schedules) => schedules::schedules(self, turn),
            (_, Resource::Attachments(which, id)) => {
                mailbox::attachments(self, turn, which.as_ref(), id)
            }
            (Op::CalendarList, Resource::Groups) => mailbox::groups(self, turn),
            (Op::CalendarList, Resource::Group(id)) => mailbox::one_group(self, turn, id),
            (Op::CalendarList, Resource::CalendarOf(which, id)) => {
                mailbox::calendar_of(self, turn, which.as_ref(), id)
            }
            (Op::Session, _) => users::get(self, turn),
            (Op::CalendarList, Resource::Calendars) => calendars::list(self, turn),
            (Op::CalendarList, Resource::Calendar(which)) => calendars::get(self, turn, which),
            (Op::CalendarCreate, _) => calendars::create(self, turn),
            (Op::CalendarUpdate, Resource::Calendar(which)) => calendars::update(self, turn, which),
            (Op::CalendarDelete, Resource::Calendar(which)) => calendars::delete(self, turn, which),
            (Op::EventCreate, _) => events::create(self, turn),
            (Op::EventGet, Resource::Event(which, id)) => {
                events::get(self, turn, which.as_ref(), id)
            }
            (Op::EventUpdate, Resource::Event(which, id)) => {
                events::update(self, turn, which.as_ref(), id)
            }
            (Op::EventDelete, Resource::Event(which, id)) => {
                events::delete(self, turn, which.as_ref(), id)
            }
            (Op::EventUpdate | Op::EventDelete, Resource::Act(which, id, action)) => {
                actions::act(self, turn, which.as_ref(), id, *action)
            }
            (Op::FeedQuery, Resource::Instances(which, id)) => {
                events::instances(self, turn, which.as_ref(), id)
            }
            (Op::FeedQuery, Resource::View(which)) => events::view(self, turn, which),
            (Op::FeedQuery, Resource::MailboxEvents | Resource::Events(_)) => {
                events::list(self, turn)
            }
            (Op::FeedDelta, Resource::ViewDelta(which)) => delta::of_view(self, turn, which),
            (Op::FeedDelta, Resource::EventsDelta(which)) => delta::of_events(self, turn, which),
            (op, Resource::Book(book)) => self.dispatch_contacts(turn, op, book),
            (_, Resource::Extensions(owner)) => extensions::collection(self, turn, owner),
            (_, Resource::Extension(owner, name)) => extensions::one(self, turn, owner, name),
            (_, Resource::Subscriptions) => subscriptions::collection(self, turn),
            (_, Resource::Subscription(id)) => subscriptions::one(self, turn, id),
            (_, Resource::Reauthorize(id)) => subscriptions::reauthorize(self, turn, id),
            (_, Resource::Unknown) => Err(self.no_segment()),
            _ => Err(self.no_method()),
        }
    }

    fn dispatch_contacts(
        &self,
        turn: &mut Turn<'_>,
        op: Op,
        book: &Book,
    ) -> Result<Reply, Failure> {
        contacts::prepare(turn);
        match (op, book) {
            (Op::AddressBookList, Book::Folders(path)) => contacts::list_folders(self, turn, path),
            (Op::AddressBookList, Book::Folder(path)) => contacts::get_folder(self, turn, path),
            (Op::AddressBookCreate, Book::Folders(path)) => {
                contacts::create_folder(self, turn, path)
            }
            (Op::AddressBookUpdate, Book::Folder(path)) => {
                contacts::update_folder(self, turn, path)
            }
            (Op::AddressBookDelete, Book::Folder(path)) => {
                contacts::delete_folder(self, turn, path)
            }
            (Op::FeedQuery, Book::Contacts(path)) => contacts::list(self, turn, path.as_deref()),
            (Op::ContactCreate, Book::Contacts(path)) => {
                contacts::create(self, turn, path.as_deref())
            }
            (Op::ContactGet, Book::Contact(path, id)) => {
                contacts::get(self, turn, path.as_deref(), id)
            }
            (Op::ContactGet, Book::Photo(path, id)) => contacts::photo(turn, path.as_deref(), id),
            (Op::ContactUpdate, Book::Contact(path, id)) => {
                contacts::update(self, turn, path.as_deref(), id)
            }
            (Op::ContactDelete, Book::Contact(path, id)) => {
                contacts::delete(self, turn, path.as_deref(), id)
            }
            (Op::FeedDelta, Book::ContactsDelta(path)) => {
                delta::of_contacts(self, turn, path.as_deref())
            }
            (Op::FeedDelta, Book::FoldersDelta) => delta::of_folders(self, turn),
            _ => Err(self.no_method()),
        }
    }

    /// What is asked for.
    pub(crate) fn op(&self) -> Op {
        self.operations[0].op
    }

    /// The method.
    pub(crate) fn method(&self) -> &Method {
        &self.method
    }

    /// The path names nothing.
    pub(crate) fn no_segment(&self) -> Failure {
        let last = self.path.rsplit('/').find(|segment| !segment.is_empty()).unwrap_or_default();
        Failure { status: 404, ..Failure::of("BadRequest") }
            .saying(format!("Resource not found for the segment '{last}'."))
    }

    /// The method is none of the resource's.
    pub(crate) fn no_method(&self) -> Failure {
        let allow = Some(self.route.allowed());
        Failure { status: 405, allow, ..Failure::of("BadRequest") }.saying(format!(
            "Specified HTTP method is not allowed for the request target: {}.",
            self.method
        ))
    }
}
