//! Paths. Segments are compared without regard to case, ids are not; a key may stand in a segment of
//! its own or in parentheses (`/users/{id}`, `/users('{id}')`), as OData has it.

use super::resource::{
    Action, Book, FolderPath, InCalendar, Mailbox, Names, Owner, Resource, Route,
};
use crate::graph::odata::decode;

/// How deep folders may lie in each other on a path.
const DEPTH_MAX: usize = 16;

impl Route {
    /// The route of a path.
    pub(crate) fn parse(path: &str) -> Self {
        let segments: Vec<String> =
            path.split('/').filter(|segment| !segment.is_empty()).flat_map(keyed).collect();
        let mut rest: Vec<&str> = segments.iter().map(String::as_str).collect();
        if !rest.first().is_some_and(|version| is(version, "v1.0")) {
            return Self::of(Mailbox::Nobodys, Resource::Unknown);
        }
        rest.remove(0);
        let counts = rest.last().is_some_and(|last| is(last, "$count"));
        if counts {
            rest.pop();
        }
        let route = match rest.as_slice() {
            [me, rest @ ..] if is(me, "me") => Self::of_user(Mailbox::Me, rest),
            [users] if is(users, "users") => Self::of(Mailbox::Nobodys, Resource::Users),
            [users, user, rest @ ..] if is(users, "users") => {
                Self::of_user(Mailbox::User((*user).to_owned()), rest)
            }
            [subscriptions, rest @ ..] if is(subscriptions, "subscriptions") => {
                Self::of(Mailbox::Nobodys, of_subscription(rest))
            }
            _ => Self::of(Mailbox::Nobodys, Resource::Unknown),
        };
        if counts && !route.resource.is_counted() {
            return Self::of(route.mailbox, Resource::Unknown);
        }
        Self { counts, ..route }
    }

    fn of(mailbox: Mailbox, resource: Resource) -> Self {
        Self { mailbox, resource, group: None, counts: false }
    }

    /// What is in a mailbox. Below a group of calendars is what is below the user, as far as it is of
    /// calendars; `calendarGroup` is the one that the default calendar is in.
    fn of_user(mailbox: Mailbox, segments: &[&str]) -> Self {
        let of_calendars = |rest: &[&str]| rest.first().is_some_and(|one| is(one, "calendars"));
        let (group, rest) = match segments {
            [groups, id, rest @ ..] if is(groups, "calendarGroups") && of_calendars(rest) => {
                (Some((*id).to_owned()), rest)
            }
            [group, rest @ ..] if is(group, "calendarGroup") && of_calendars(rest) => (None, rest),
            _ => (None, segments),
        };
        Self { group, ..Self::of(mailbox, of_user(rest)) }
    }
}

impl Resource {
    fn is_counted(&self) -> bool {
        matches!(self, Self::MailboxEvents | Self::Events(_) | Self::Calendars | Self::Groups)
            || matches!(self, Self::Users)
            || matches!(self, Self::Book(Book::Contacts(_) | Book::Folders(_)))
    }
}

/// A segment with its key, if it has one, decoded.
fn keyed(segment: &str) -> Vec<String> {
    let decoded = decode(segment);
    let split = decoded
        .strip_suffix("')")
        .and_then(|rest| rest.split_once("('"))
        .filter(|(name, _)| name.bytes().all(|byte| byte.is_ascii_alphabetic()));
    match split {
        Some((name, key)) => vec![name.to_owned(), key.replace("''", "'")],
        None => vec![decoded],
    }
}

fn of_user(segments: &[&str]) -> Resource {
    match segments {
        [] => Resource::User,
        [calendars] if is(calendars, "calendars") => Resource::Calendars,
        [calendars, id, rest @ ..] if is(calendars, "calendars") => {
            of_calendar(InCalendar::Id((*id).to_owned()), rest)
        }
        [calendar, rest @ ..] if is(calendar, "calendar") => of_calendar(InCalendar::Default, rest),
        [events] if is(events, "events") => Resource::MailboxEvents,
        [events, rest @ ..] if is(events, "events") => of_events(None, rest),
        [groups] if is(groups, "calendarGroups") => Resource::Groups,
        [groups, id] if is(groups, "calendarGroups") => Resource::Group((*id).to_owned()),
        [settings, name] if is(settings, "mailboxSettings") => {
            Resource::Setting((*name).to_owned())
        }
        [settings] if is(settings, "mailboxSettings") => Resource::Settings,
        [outlook, zones] if is(outlook, "outlook") => match zones.split_once('(') {
            None | Some((_, ")")) if is_bound(zones, "supportedTimeZones") => {
                Resource::Zones(Names::Windows)
            }
            Some((name, standard)) if is_bound(name, "supportedTimeZones") => {
                let standard = standard.to_ascii_lowercase();
                let iana = standard.ends_with("iana')");
                Resource::Zones(if iana { Names::Iana } else { Names::Windows })
            }
            _ => Resource::Unknown,
        },
        [view, ..] if is(view, "calendarView") => of_calendar(InCalendar::Default, segments),
        [contacts, rest @ ..] if is(contacts, "contacts") => of_contacts(None, rest),
        [folders, rest @ ..] if is(folders, "contactFolders") => of_folders(Vec::new(), rest),
        _ => Resource::Unknown,
    }
}

fn of_calendar(calendar: InCalendar, segments: &[&str]) -> Resource {
    match segments {
        [] => Resource::Calendar(calendar),
        [events] if is(events, "events") => Resource::Events(calendar),
        [events, rest @ ..] if is(events, "events") => of_events(Some(calendar), rest),
        [action] if is_bound(action, "getSchedule") => Resource::Schedules,
        [view] if is(view, "calendarView") => Resource::View(calendar),
        [view, delta] if is(view, "calendarView") && is_bound(delta, "delta") => {
            Resource::ViewDelta(calendar)
        }
        _ => Resource::Unknown,
    }
}

fn of_events(calendar: Option<InCalendar>, segments: &[&str]) -> Resource {
    match segments {
        [delta] if is_bound(delta, "delta") => {
            Resource::EventsDelta(calendar.unwrap_or(InCalendar::Default))
        }
        [id] => Resource::Event(calendar, (*id).to_owned()),
        [id, instances] if is(instances, "instances") => {
            Resource::Instances(calendar, (*id).to_owned())
        }
        [id, calendar_of] if is(calendar_of, "calendar") => {
            Resource::CalendarOf(calendar, (*id).to_owned())
        }
        [id, attachments] if is(attachments, "attachments") => {
            Resource::Attachments(calendar, (*id).to_owned())
        }
        [id, extensions, rest @ ..] if is(extensions, "extensions") => {
            of_extensions(Owner::Event(calendar, (*id).to_owned()), rest)
        }
        [id, action] => match Action::named(action) {
            Some(action) => Resource::Act(calendar, (*id).to_owned(), action),
            None => Resource::Unknown,
        },
        _ => Resource::Unknown,
    }
}

fn of_folders(mut path: FolderPath, segments: &[&str]) -> Resource {
    match segments {
        [] => Resource::Book(Book::Folders(path)),
        [delta] if path.is_empty() && is_bound(delta, "delta") => {
            Resource::Book(Book::FoldersDelta)
        }
        [id, rest @ ..] if path.len() < DEPTH_MAX => {
            path.push((*id).to_owned());
            match rest {
                [] => Resource::Book(Book::Folder(path)),
                [children, rest @ ..] if is(children, "childFolders") => of_folders(path, rest),
                [contacts, rest @ ..] if is(contacts, "contacts") => of_contacts(Some(path), rest),
                _ => Resource::Unknown,
            }
        }
        _ => Resource::Unknown,
    }
}

fn of_contacts(folder: Option<FolderPath>, segments: &[&str]) -> Resource {
    match segments {
        [] => Resource::Book(Book::Contacts(folder)),
        [delta] if is_bound(delta, "delta") => Resource::Book(Book::ContactsDelta(folder)),
        [id] => Resource::Book(Book::Contact(folder, (*id).to_owned())),
        [id, photo] | [id, photo, _] if is(photo, "photo") => {
            Resource::Book(Book::Photo(folder, (*id).to_owned()))
        }
        [id, extensions, rest @ ..] if is(extensions, "extensions") => {
            of_extensions(Owner::Contact(folder, (*id).to_owned()), rest)
        }
        _ => Resource::Unknown,
    }
}

fn of_extensions(owner: Owner, segments: &[&str]) -> Resource {
    match segments {
        [] => Resource::Extensions(owner),
        [name] => Resource::Extension(owner, (*name).to_owned()),
        _ => Resource::Unknown,
    }
}

fn of_subscription(segments: &[&str]) -> Resource {
    match segments {
        [] => Resource::Subscriptions,
        [id] => Resource::Subscription((*id).to_owned()),
        [id, action] if is_bound(action, "reauthorize") => Resource::Reauthorize((*id).to_owned()),
        _ => Resource::Unknown,
    }
}

impl Action {
    fn named(segment: &str) -> Option<Self> {
        const NAMES: [(&str, Action); 7] = [
            ("accept", Action::Accept),
            ("tentativelyAccept", Action::TentativelyAccept),
            ("decline", Action::Decline),
            ("cancel", Action::Cancel),
            ("forward", Action::Forward),
            ("dismissReminder", Action::DismissReminder),
            ("snoozeReminder", Action::SnoozeReminder),
        ];
        NAMES.iter().find(|(name, _)| is_bound(segment, name)).map(|(_, action)| *action)
    }
}

fn is(segment: &str, name: &str) -> bool {
    segment.eq_ignore_ascii_case(name)
}

/// A function or action: `delta`, `delta()`, and the same with the namespace that some client
/// libraries write.
fn is_bound(segment: &str, name: &str) -> bool {
    let bare = segment.strip_suffix("()").unwrap_or(segment);
    let prefix = "microsoft.graph.";
    let bare = match bare.get(..prefix.len()) {
        Some(head) if is(head, prefix) => &bare[prefix.len()..],
        _ => bare,
    };
    is(bare, name)
}
