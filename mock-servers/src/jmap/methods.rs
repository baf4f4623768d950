//! Every method: its capability, which of a user's accounts it is about, and who answers it.

use serde_json::{Map, Value};

use super::changes::{self, Kind};
use super::contacts::{self, ADDRESS_BOOK};
use super::dispatch::Run;
use super::errors::MethodError;
use super::{
    blob_copy, calendar, container_get, container_set, event_copy, event_get, event_query,
    event_set, identities, notifications, push,
};
use crate::directory::Realm;
use crate::operation::Op;

/// The capability of RFC 8620.
pub(super) const CORE: &str = "urn:ietf:params:jmap:core";

/// The capability of draft-ietf-jmap-calendars.
pub(super) const CALENDARS: &str = "urn:ietf:params:jmap:calendars";

/// The capability of RFC 9610.
pub(super) const CONTACTS: &str = "urn:ietf:params:jmap:contacts";

/// All of them.
pub(super) const CAPABILITIES: [&str; 3] = [CORE, CALENDARS, CONTACTS];

type Arguments = Map<String, Value>;
type Verb = fn(&mut Run<'_, '_>, Arguments) -> Result<Arguments, MethodError>;

/// A method.
pub(super) struct Method {
    name: &'static str,
    /// The capability that a request must use.
    pub(super) capability: &'static str,
    /// What it is about; none for one that takes no `accountId`.
    pub(super) realm: Option<Realm>,
    /// Answers it.
    pub(super) run: Verb,
    /// Whether the answer follows from that account and from the arguments alone.
    pub(super) is_kept: bool,
}

/// The method of a name.
pub(super) fn find(name: &str) -> Option<&'static Method> {
    METHODS.iter().find(|method| method.name == name)
}

const fn core(name: &'static str, run: Verb) -> Method {
    Method { name, capability: CORE, realm: None, run, is_kept: false }
}

const fn of(name: &'static str, realm: Realm, run: Verb) -> Method {
    let capability = if matches!(realm, Realm::Contacts) { CONTACTS } else { CALENDARS };
    Method { name, capability, realm: Some(realm), run, is_kept: false }
}

const fn kept(name: &'static str, realm: Realm, run: Verb) -> Method {
    Method { is_kept: true, ..of(name, realm, run) }
}

static METHODS: [Method; 30] = [
    core("Core/echo", |_, arguments| Ok(arguments)),
    core("PushSubscription/get", push::get),
    core("PushSubscription/set", push::set),
    Method {
        name: "Blob/copy",
        capability: CORE,
        realm: Some(Realm::Calendars),
        run: blob_copy::run,
        is_kept: false,
    },
    of("Calendar/get", Realm::Calendars, |run, arguments| {
        container_get::run(run, arguments, &calendar::CALENDAR)
    }),
    of("Calendar/changes", Realm::Calendars, |run, arguments| {
        changes::run(run, arguments, Kind::Container, Op::CalendarList)
    }),
    of("Calendar/set", Realm::Calendars, |run, arguments| {
        container_set::run(run, arguments, &calendar::CALENDAR)
    }),
    kept("CalendarEvent/get", Realm::Calendars, event_get::run),
    of("CalendarEvent/changes", Realm::Calendars, item_changes),
    of("CalendarEvent/query", Realm::Calendars, event_query::run),
    of("CalendarEvent/queryChanges", Realm::Calendars, event_query::run_changes),
    of("CalendarEvent/set", Realm::Calendars, event_set::run),
    of("CalendarEvent/copy", Realm::Calendars, event_copy::run),
    of("CalendarEventNotification/get", Realm::Notifications, notifications::get),
    of("CalendarEventNotification/changes", Realm::Notifications, item_changes),
    of("CalendarEventNotification/query", Realm::Notifications, notifications::query),
    of(
        "CalendarEventNotification/queryChanges",
        Realm::Notifications,
        notifications::query_changes,
    ),
    of("CalendarEventNotification/set", Realm::Notifications, notifications::set),
    of("ParticipantIdentity/get", Realm::Identities, identities::get),
    of("ParticipantIdentity/changes", Realm::Identities, item_changes),
    of("ParticipantIdentity/set", Realm::Identities, identities::set),
    of("AddressBook/get", Realm::Contacts, |run, arguments| {
        container_get::run(run, arguments, &ADDRESS_BOOK)
    }),
    of("AddressBook/changes", Realm::Contacts, |run, arguments| {
        changes::run(run, arguments, Kind::Container, Op::AddressBookList)
    }),
    of("AddressBook/set", Realm::Contacts, |run, arguments| {
        container_set::run(run, arguments, &ADDRESS_BOOK)
    }),
    kept("ContactCard/get", Realm::Contacts, contacts::get),
    of("ContactCard/changes", Realm::Contacts, item_changes),
    of("ContactCard/query", Realm::Contacts, contacts::query),
    of("ContactCard/queryChanges", Realm::Contacts, contacts::query_changes),
    of("ContactCard/set", Realm::Contacts, contacts::set),
    of("ContactCard/copy", Realm::Contacts, contacts::copy),
];

fn item_changes(run: &mut Run<'_, '_>, arguments: Arguments) -> Result<Arguments, MethodError> {
    changes::run(run, arguments, Kind::Item, Op::FeedChanges)
}
