//! What is watched: all events or contacts of a mailbox, those of one calendar or folder, or one item.

use super::wanted::invalid;
use crate::account::Change;
use crate::directory::Realm;
use crate::graph::failure::Failure;
use crate::graph::odata::Query;
use crate::graph::route::{Book, InCalendar, Mailbox, Resource, Route};

/// See the module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Watched {
    pub(super) mailbox: Mailbox,
    pub(super) realm: Realm,
    scope: Scope,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Scope {
    Mailbox,
    /// The default calendar or folder, whichever that is.
    Default,
    Collection(String),
    Item(String),
}

impl Watched {
    /// Reads a resource: a path without the address of the service.
    pub(super) fn parse(resource: &str) -> Result<Self, Failure> {
        let (path, query) = resource.split_once('?').unwrap_or((resource, ""));
        // Notifications have no data here, so a selection changes nothing; a filter would.
        if Query::parse(query).other_than(&["$select"]).is_some() {
            return Err(unsupported(resource));
        }
        let route = Route::parse(&format!("/v1.0/{}", path.trim_start_matches('/')));
        let calendars = |scope: Scope| (Realm::Calendars, scope);
        let contacts = |scope: Scope| (Realm::Contacts, scope);
        let (realm, scope) = match &route.resource {
            Resource::MailboxEvents => calendars(Scope::Mailbox),
            Resource::Events(InCalendar::Default) => calendars(Scope::Default),
            Resource::Events(InCalendar::Id(id)) => calendars(Scope::Collection(id.clone())),
            Resource::Event(_, id) => calendars(Scope::Item(id.clone())),
            Resource::Book(Book::Contacts(None)) => contacts(Scope::Mailbox),
            Resource::Book(Book::Contacts(Some(path))) => {
                contacts(Scope::Collection(path.last().cloned().unwrap_or_default()))
            }
            Resource::Book(Book::Contact(_, id)) => contacts(Scope::Item(id.clone())),
            _ => return Err(unsupported(resource)),
        };
        if route.group.is_some() {
            return Err(unsupported(resource));
        }
        Ok(Self { mailbox: route.mailbox, realm, scope })
    }

    /// Whether a change is of what is watched. `default` is the id of the default collection.
    pub(super) fn covers(&self, change: &Change, default: Option<&str>) -> bool {
        match &self.scope {
            Scope::Mailbox => true,
            Scope::Default => default.is_some_and(|id| change.calendars.contains(id)),
            Scope::Collection(id) => change.calendars.contains(id),
            Scope::Item(id) => change.id == *id,
        }
    }
}

fn unsupported(resource: &str) -> Failure {
    invalid(format!("The resource '{resource}' is not supported."))
}
