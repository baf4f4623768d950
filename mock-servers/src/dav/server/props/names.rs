//! Which live properties a kind of resource has, and which of them a client may change.

use crate::dav::server::resource::Resource;
use crate::dav::xml::Name;
use crate::dav::xml::names::{apple_ical, caldav, calendar_server, carddav, dav};
use crate::directory::Realm;

/// What `DAV:allprop` gives: the properties of RFC 4918 section 15.
pub(super) fn unasked(resource: &Resource) -> Vec<Name> {
    let mut names = vec![
        dav::RESOURCETYPE,
        dav::DISPLAYNAME,
        dav::CREATIONDATE,
        dav::SUPPORTEDLOCK,
        dav::LOCKDISCOVERY,
    ];
    if matches!(resource, Resource::Object(..)) {
        names.extend([
            dav::GETCONTENTLENGTH,
            dav::GETCONTENTTYPE,
            dav::GETETAG,
            dav::GETLASTMODIFIED,
        ]);
    }
    names
}

/// All live properties that there can be.
pub(super) fn live(resource: &Resource) -> Vec<Name> {
    let mut names = COMMON.to_vec();
    match resource {
        Resource::Principal(_) => names.extend(OF_PRINCIPALS),
        Resource::Object(..) => names.extend(OF_OBJECTS),
        Resource::Collection(focus, _) if focus.realm == Realm::Contacts => {
            names.extend(OF_ADDRESS_BOOKS);
        }
        Resource::Collection(..) | Resource::EmptyInbox(_) => names.extend(OF_CALENDARS),
        _ => {}
    }
    names
}

/// Whether the server computes it, so that nobody may set it.
pub(in super::super) fn is_protected(name: &Name) -> bool {
    let lists: [&[Name]; 5] =
        [&COMMON, &OF_PRINCIPALS, &OF_OBJECTS, &OF_ADDRESS_BOOKS, &OF_CALENDARS];
    let listed = lists.iter().any(|list| list.contains(name));
    listed && !is_settable(name) || BODIES.contains(name)
}

/// Whether it means something to the server and a client may set it.
fn is_settable(name: &Name) -> bool {
    SETTABLE.contains(name)
}

/// Bodies that reports ask for as if they were properties (RFC 4791 section 9.6, RFC 6352 section 10.4).
const BODIES: [Name; 2] = [caldav::CALENDAR_DATA, carddav::ADDRESS_DATA];

const SETTABLE: [Name; 8] = [
    dav::DISPLAYNAME,
    caldav::CALENDAR_DESCRIPTION,
    caldav::CALENDAR_TIMEZONE,
    caldav::SCHEDULE_CALENDAR_TRANSP,
    caldav::CALENDAR_FREE_BUSY_SET,
    carddav::ADDRESSBOOK_DESCRIPTION,
    apple_ical::CALENDAR_COLOR,
    apple_ical::CALENDAR_ORDER,
];

const COMMON: [Name; 15] = [
    dav::RESOURCETYPE,
    dav::DISPLAYNAME,
    dav::CREATIONDATE,
    dav::GETLASTMODIFIED,
    dav::OWNER,
    dav::CURRENT_USER_PRINCIPAL,
    dav::CURRENT_USER_PRIVILEGE_SET,
    dav::SUPPORTED_PRIVILEGE_SET,
    dav::PRINCIPAL_COLLECTION_SET,
    dav::ACL,
    dav::ACL_RESTRICTIONS,
    dav::SUPPORTED_REPORT_SET,
    dav::SUPPORTEDLOCK,
    dav::LOCKDISCOVERY,
    dav::PRINCIPAL_URL,
];

const OF_PRINCIPALS: [Name; 11] = [
    dav::ALTERNATE_URI_SET,
    dav::GROUP_MEMBER_SET,
    dav::GROUP_MEMBERSHIP,
    caldav::CALENDAR_HOME_SET,
    caldav::CALENDAR_USER_ADDRESS_SET,
    caldav::CALENDAR_USER_TYPE,
    caldav::SCHEDULE_INBOX_URL,
    caldav::SCHEDULE_OUTBOX_URL,
    carddav::ADDRESSBOOK_HOME_SET,
    calendar_server::EMAIL_ADDRESS_SET,
    carddav::PRINCIPAL_ADDRESS,
];

const OF_OBJECTS: [Name; 4] =
    [dav::GETCONTENTLENGTH, dav::GETCONTENTTYPE, dav::GETETAG, caldav::SCHEDULE_TAG];

const OF_CALENDARS: [Name; 15] = [
    dav::SYNC_TOKEN,
    calendar_server::GETCTAG,
    caldav::SUPPORTED_CALENDAR_COMPONENT_SET,
    caldav::SUPPORTED_CALENDAR_COMPONENT_SETS,
    caldav::SUPPORTED_CALENDAR_DATA,
    caldav::SUPPORTED_COLLATION_SET,
    caldav::MAX_RESOURCE_SIZE,
    caldav::MIN_DATE_TIME,
    caldav::MAX_DATE_TIME,
    caldav::MAX_INSTANCES,
    caldav::MAX_ATTENDEES_PER_INSTANCE,
    caldav::SCHEDULE_DEFAULT_CALENDAR_URL,
    caldav::SCHEDULE_CALENDAR_TRANSP,
    caldav::CALENDAR_HOME_SET,
    dav::GETETAG,
];

const OF_ADDRESS_BOOKS: [Name; 6] = [
    dav::SYNC_TOKEN,
    calendar_server::GETCTAG,
    carddav::SUPPORTED_ADDRESS_DATA,
    carddav::SUPPORTED_COLLATION_SET,
    carddav::MAX_RESOURCE_SIZE,
    carddav::ADDRESSBOOK_HOME_SET,
];
