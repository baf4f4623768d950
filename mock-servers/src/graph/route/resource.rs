//! The resources that are served.

use crate::directory::Realm;

/// What a path names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Route {
    /// Whose.
    pub(crate) mailbox: Mailbox,
    /// What.
    pub(crate) resource: Resource,
    /// The group through which the path reaches a calendar, if it names one.
    pub(crate) group: Option<String>,
    /// Whether only the number of its objects is asked for: `.../$count`.
    pub(crate) counts: bool,
}

/// Whose mailbox a path names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Mailbox {
    /// That of the user who signed in: `/me`.
    Me,
    /// That of a user by id or address: `/users/{id | userPrincipalName}`.
    User(String),
    /// None in particular.
    Nobodys,
}

/// Which calendar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum InCalendar {
    /// The user's default one: `/me/calendar`, `/me/calendarView`.
    Default,
    /// The one of that id.
    Id(String),
}

/// A resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Resource {
    /// `/users`
    Users,
    /// `/me`
    User,
    /// `/me/calendars`
    Calendars,
    /// `/me/calendar`, `/me/calendars/{id}`
    Calendar(InCalendar),
    /// `/me/events`: the default calendar, or the whole mailbox for some filters.
    MailboxEvents,
    /// `/me/calendar/events`, `/me/calendars/{id}/events`
    Events(InCalendar),
    /// `/me/events/{id}`, `/me/calendars/{id}/events/{id}`
    Event(Option<InCalendar>, String),
    /// `.../events/{id}/instances`
    Instances(Option<InCalendar>, String),
    /// `.../events/{id}/accept` and its like
    Act(Option<InCalendar>, String, Action),
    /// `.../events/{id}/attachments`
    Attachments(Option<InCalendar>, String),
    /// `/me/calendar/getSchedule`, `/me/calendars/{id}/getSchedule`
    Schedules,
    /// `/me/calendarGroups`
    Groups,
    /// `/me/calendarGroups/{id}`
    Group(String),
    /// `.../events/{id}/calendar`
    CalendarOf(Option<InCalendar>, String),
    /// `/me/mailboxSettings`
    Settings,
    /// `/me/mailboxSettings/{name}`
    Setting(String),
    /// `/me/outlook/supportedTimeZones`
    Zones(Names),
    /// `.../calendarView`
    View(InCalendar),
    /// `.../calendarView/delta`
    ViewDelta(InCalendar),
    /// `.../events/delta`
    EventsDelta(InCalendar),
    /// Contacts and their folders.
    Book(Book),
    /// `.../extensions`
    Extensions(Owner),
    /// `.../extensions/{name}`
    Extension(Owner, String),
    /// `/subscriptions`
    Subscriptions,
    /// `/subscriptions/{id}`
    Subscription(String),
    /// `/subscriptions/{id}/reauthorize`
    Reauthorize(String),
    /// Nothing that this server serves.
    Unknown,
}

/// Which names of time zones are meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Names {
    Windows,
    Iana,
}

/// An action that is bound to an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Action {
    Accept,
    TentativelyAccept,
    Decline,
    Cancel,
    Forward,
    DismissReminder,
    SnoozeReminder,
}

/// The folders of a path, from the outermost on.
pub(crate) type FolderPath = Vec<String>;

/// Contacts and their folders. No path means the default folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Book {
    /// `/me/contactFolders`, `.../{id}/childFolders`: what is below the last folder of the path.
    Folders(FolderPath),
    /// `/me/contactFolders/{id}`, `.../childFolders/{id}`
    Folder(FolderPath),
    /// `/me/contactFolders/delta`
    FoldersDelta,
    /// `/me/contacts`, `.../{id}/contacts`
    Contacts(Option<FolderPath>),
    /// `/me/contacts/{id}`, `.../{id}/contacts/{id}`
    Contact(Option<FolderPath>, String),
    /// `.../contacts/delta`
    ContactsDelta(Option<FolderPath>),
    /// `.../contacts/{id}/photo`
    Photo(Option<FolderPath>, String),
}

/// What open extensions are part of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Owner {
    /// An event.
    Event(Option<InCalendar>, String),
    /// A contact.
    Contact(Option<FolderPath>, String),
}

impl Resource {
    /// Which of the user's accounts it is in.
    pub(crate) fn realm(&self) -> Realm {
        match self {
            Self::Book(_)
            | Self::Extensions(Owner::Contact(..))
            | Self::Extension(Owner::Contact(..), _) => Realm::Contacts,
            _ => Realm::Calendars,
        }
    }

    /// The id of the calendar or folder that the path names.
    pub(crate) fn collection(&self) -> Option<&str> {
        let calendar = match self {
            Self::Calendar(calendar)
            | Self::Events(calendar)
            | Self::View(calendar)
            | Self::ViewDelta(calendar)
            | Self::EventsDelta(calendar) => Some(calendar),
            Self::Event(calendar, _)
            | Self::Instances(calendar, _)
            | Self::Act(calendar, ..)
            | Self::Attachments(calendar, _)
            | Self::CalendarOf(calendar, _)
            | Self::Extensions(Owner::Event(calendar, _))
            | Self::Extension(Owner::Event(calendar, _), _) => calendar.as_ref(),
            Self::Book(book) => return book.folder(),
            _ => None,
        };
        match calendar {
            Some(InCalendar::Id(id)) => Some(id),
            _ => None,
        }
    }

    /// The id of the item that the path names, as it stands there.
    pub(crate) fn item(&self) -> Option<&str> {
        match self {
            Self::Event(_, id)
            | Self::Instances(_, id)
            | Self::Act(_, id, _)
            | Self::Attachments(_, id)
            | Self::CalendarOf(_, id)
            | Self::Extensions(Owner::Event(_, id) | Owner::Contact(_, id))
            | Self::Extension(Owner::Event(_, id) | Owner::Contact(_, id), _)
            | Self::Book(Book::Contact(_, id) | Book::Photo(_, id)) => Some(id),
            _ => None,
        }
    }
}

impl Book {
    fn folder(&self) -> Option<&str> {
        match self {
            Self::Folders(path) | Self::Folder(path) => path.last().map(String::as_str),
            Self::Contacts(path)
            | Self::Contact(path, _)
            | Self::ContactsDelta(path)
            | Self::Photo(path, _) => path.as_ref()?.last().map(String::as_str),
            Self::FoldersDelta => None,
        }
    }
}
