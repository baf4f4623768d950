//! The names of elements, properties, privileges and conditions that the server knows.
//!
//! One module a namespace, one list each: reading a known name finds the constant's text here and
//! allocates nothing. Where a name means several things (`read` is a privilege, `description` an
//! element of two reports) it stands once.

use super::name::{Name, Namespace};

macro_rules! names {
    (
        $(#[$doc:meta])*
        $module:ident, $namespace:expr, $($constant:ident = $local:literal),+ $(,)?
    ) => {
        $(#[$doc])*
        pub(crate) mod $module {
            use super::{Name, Namespace};

            $(
                #[doc = concat!("`", $local, "`.")]
                pub(crate) const $constant: Name = Name::fixed($namespace, $local);
            )+

            /// The text of the constant with this local name.
            pub(super) fn known(local: &str) -> Option<&'static str> {
                match local {
                    $($local => Some($local),)+
                    _ => None,
                }
            }
        }
    };
}

/// Finds a constant's text by its local name.
type List = fn(&str) -> Option<&'static str>;

/// The text of the constant of this name.
pub(super) fn known(namespace: &Namespace, local: &str) -> Option<&'static str> {
    let lists: [(Namespace, List); 6] = [
        (Namespace::DAV, dav::known),
        (Namespace::CALDAV, caldav::known),
        (Namespace::CARDDAV, carddav::known),
        (Namespace::CALENDAR_SERVER, calendar_server::known),
        (Namespace::APPLE_ICAL, apple_ical::known),
        (Namespace::XML, xml::known),
    ];
    let list = lists.into_iter().find(|(known, _)| known == namespace);
    list.and_then(|(_, known)| known(local))
}

names! {
    /// WebDAV: RFC 4918, 3253, 3744, 4331, 5323, 5397, 5689, 5995, 6578.
    dav, Namespace::DAV,
    ACE = "ace",
    ACL = "acl",
    ACL_PRINCIPAL_PROP_SET = "acl-principal-prop-set",
    ACL_RESTRICTIONS = "acl-restrictions",
    ACTIVELOCK = "activelock",
    ALL = "all",
    ALLPROP = "allprop",
    ALTERNATE_URI_SET = "alternate-URI-set",
    APPLY_TO_PRINCIPAL_COLLECTION_SET = "apply-to-principal-collection-set",
    BIND = "bind",
    CANNOT_MODIFY_PROTECTED_PROPERTY = "cannot-modify-protected-property",
    COLLECTION = "collection",
    CREATIONDATE = "creationdate",
    CURRENT_USER_PRINCIPAL = "current-user-principal",
    CURRENT_USER_PRIVILEGE_SET = "current-user-privilege-set",
    DEPTH = "depth",
    DESCRIPTION = "description",
    DISPLAYNAME = "displayname",
    ERROR = "error",
    EXCLUSIVE = "exclusive",
    EXPAND_PROPERTY = "expand-property",
    GETCONTENTLENGTH = "getcontentlength",
    GETCONTENTTYPE = "getcontenttype",
    GETETAG = "getetag",
    GETLASTMODIFIED = "getlastmodified",
    GRANT = "grant",
    GRANT_ONLY = "grant-only",
    GROUP_MEMBER_SET = "group-member-set",
    GROUP_MEMBERSHIP = "group-membership",
    HREF = "href",
    INCLUDE = "include",
    LIMIT = "limit",
    LOCK_TOKEN_MATCHES_REQUEST_URI = "lock-token-matches-request-uri",
    LOCK_TOKEN_SUBMITTED = "lock-token-submitted",
    LOCKDISCOVERY = "lockdiscovery",
    LOCKENTRY = "lockentry",
    LOCKINFO = "lockinfo",
    LOCKROOT = "lockroot",
    LOCKSCOPE = "lockscope",
    LOCKTOKEN = "locktoken",
    LOCKTYPE = "locktype",
    MATCH = "match",
    MKCOL = "mkcol",
    MKCOL_RESPONSE = "mkcol-response",
    MULTISTATUS = "multistatus",
    NEED_PRIVILEGES = "need-privileges",
    NO_CONFLICTING_LOCK = "no-conflicting-lock",
    NO_EXTERNAL_ENTITIES = "no-external-entities",
    NO_INVERT = "no-invert",
    NRESULTS = "nresults",
    NUMBER_OF_MATCHES_WITHIN_LIMITS = "number-of-matches-within-limits",
    OWNER = "owner",
    PRINCIPAL = "principal",
    PRINCIPAL_COLLECTION_SET = "principal-collection-set",
    PRINCIPAL_MATCH = "principal-match",
    PRINCIPAL_PROPERTY = "principal-property",
    PRINCIPAL_PROPERTY_SEARCH = "principal-property-search",
    PRINCIPAL_SEARCH_PROPERTY = "principal-search-property",
    PRINCIPAL_SEARCH_PROPERTY_SET = "principal-search-property-set",
    PRINCIPAL_URL = "principal-URL",
    PRIVILEGE = "privilege",
    PROP = "prop",
    PROPERTY = "property",
    PROPERTY_SEARCH = "property-search",
    PROPERTYUPDATE = "propertyupdate",
    PROPFIND = "propfind",
    PROPFIND_FINITE_DEPTH = "propfind-finite-depth",
    PROPNAME = "propname",
    PROPSTAT = "propstat",
    PROTECTED = "protected",
    QUOTA_NOT_EXCEEDED = "quota-not-exceeded",
    READ = "read",
    READ_ACL = "read-acl",
    READ_CURRENT_USER_PRIVILEGE_SET = "read-current-user-privilege-set",
    REMOVE = "remove",
    REPORT = "report",
    RESOURCE = "resource",
    RESOURCE_MUST_BE_NULL = "resource-must-be-null",
    RESOURCETYPE = "resourcetype",
    RESPONSE = "response",
    SELF_ = "self",
    SET = "set",
    SHARED = "shared",
    STATUS = "status",
    SUFFICIENT_DISK_SPACE = "sufficient-disk-space",
    SUPPORTED_PRIVILEGE = "supported-privilege",
    SUPPORTED_PRIVILEGE_SET = "supported-privilege-set",
    SUPPORTED_REPORT = "supported-report",
    SUPPORTED_REPORT_SET = "supported-report-set",
    SUPPORTEDLOCK = "supportedlock",
    SYNC_COLLECTION = "sync-collection",
    SYNC_LEVEL = "sync-level",
    SYNC_TOKEN = "sync-token",
    SYNC_TRAVERSAL_SUPPORTED = "sync-traversal-supported",
    TIMEOUT = "timeout",
    UNBIND = "unbind",
    VALID_RESOURCETYPE = "valid-resourcetype",
    VALID_SYNC_TOKEN = "valid-sync-token",
    WRITE = "write",
    WRITE_CONTENT = "write-content",
    WRITE_PROPERTIES = "write-properties",
}

names! {
    /// CalDAV: RFC 4791, 6638; a few, such as `calendar-free-busy-set`, from their drafts, because
    /// clients still ask for them.
    caldav, Namespace::CALDAV,
    ALLCOMP = "allcomp",
    ALLOWED_ATTENDEE_SCHEDULING_OBJECT_CHANGE = "allowed-attendee-scheduling-object-change",
    ALLOWED_ORGANIZER_SCHEDULING_OBJECT_CHANGE = "allowed-organizer-scheduling-object-change",
    ALLPROP = "allprop",
    CALENDAR = "calendar",
    CALENDAR_COLLECTION_LOCATION_OK = "calendar-collection-location-ok",
    CALENDAR_DATA = "calendar-data",
    CALENDAR_DESCRIPTION = "calendar-description",
    CALENDAR_FREE_BUSY_SET = "calendar-free-busy-set",
    CALENDAR_HOME_SET = "calendar-home-set",
    CALENDAR_MULTIGET = "calendar-multiget",
    CALENDAR_QUERY = "calendar-query",
    CALENDAR_TIMEZONE = "calendar-timezone",
    CALENDAR_USER_ADDRESS_SET = "calendar-user-address-set",
    CALENDAR_USER_TYPE = "calendar-user-type",
    COMP = "comp",
    COMP_FILTER = "comp-filter",
    EXPAND = "expand",
    FILTER = "filter",
    FREE_BUSY_QUERY = "free-busy-query",
    IS_NOT_DEFINED = "is-not-defined",
    LIMIT = "limit",
    LIMIT_FREEBUSY_SET = "limit-freebusy-set",
    LIMIT_RECURRENCE_SET = "limit-recurrence-set",
    MAX_ATTENDEES_PER_INSTANCE = "max-attendees-per-instance",
    MAX_DATE_TIME = "max-date-time",
    MAX_INSTANCES = "max-instances",
    MAX_RESOURCE_SIZE = "max-resource-size",
    MIN_DATE_TIME = "min-date-time",
    MKCALENDAR = "mkcalendar",
    MKCALENDAR_RESPONSE = "mkcalendar-response",
    NO_UID_CONFLICT = "no-uid-conflict",
    NRESULTS = "nresults",
    OPAQUE = "opaque",
    PARAM_FILTER = "param-filter",
    PROP = "prop",
    PROP_FILTER = "prop-filter",
    READ_FREE_BUSY = "read-free-busy",
    RECIPIENT = "recipient",
    REQUEST_STATUS = "request-status",
    RESPONSE = "response",
    SCHEDULE_CALENDAR_TRANSP = "schedule-calendar-transp",
    SCHEDULE_DEFAULT_CALENDAR_URL = "schedule-default-calendar-URL",
    SCHEDULE_DELIVER = "schedule-deliver",
    SCHEDULE_DELIVER_INVITE = "schedule-deliver-invite",
    SCHEDULE_DELIVER_REPLY = "schedule-deliver-reply",
    SCHEDULE_INBOX = "schedule-inbox",
    SCHEDULE_INBOX_URL = "schedule-inbox-URL",
    SCHEDULE_OUTBOX = "schedule-outbox",
    SCHEDULE_OUTBOX_URL = "schedule-outbox-URL",
    SCHEDULE_QUERY_FREEBUSY = "schedule-query-freebusy",
    SCHEDULE_RESPONSE = "schedule-response",
    SCHEDULE_SEND = "schedule-send",
    SCHEDULE_SEND_FREEBUSY = "schedule-send-freebusy",
    SCHEDULE_SEND_INVITE = "schedule-send-invite",
    SCHEDULE_SEND_REPLY = "schedule-send-reply",
    SCHEDULE_TAG = "schedule-tag",
    SUPPORTED_CALENDAR_COMPONENT = "supported-calendar-component",
    SUPPORTED_CALENDAR_COMPONENT_SET = "supported-calendar-component-set",
    SUPPORTED_CALENDAR_COMPONENT_SETS = "supported-calendar-component-sets",
    SUPPORTED_CALENDAR_DATA = "supported-calendar-data",
    SUPPORTED_COLLATION = "supported-collation",
    SUPPORTED_COLLATION_SET = "supported-collation-set",
    TEXT_MATCH = "text-match",
    TIME_RANGE = "time-range",
    TIMEZONE = "timezone",
    TRANSPARENT = "transparent",
    UNIQUE_SCHEDULING_OBJECT_RESOURCE = "unique-scheduling-object-resource",
    VALID_CALENDAR_DATA = "valid-calendar-data",
    VALID_CALENDAR_OBJECT_RESOURCE = "valid-calendar-object-resource",
    VALID_FILTER = "valid-filter",
    VALID_ORGANIZER = "valid-organizer",
    VALID_SCHEDULING_MESSAGE = "valid-scheduling-message",
}

names! {
    /// CardDAV: RFC 6352.
    carddav, Namespace::CARDDAV,
    ADDRESS_DATA = "address-data",
    ADDRESS_DATA_TYPE = "address-data-type",
    ADDRESSBOOK = "addressbook",
    ADDRESSBOOK_COLLECTION_LOCATION_OK = "addressbook-collection-location-ok",
    ADDRESSBOOK_DESCRIPTION = "addressbook-description",
    ADDRESSBOOK_HOME_SET = "addressbook-home-set",
    ADDRESSBOOK_MULTIGET = "addressbook-multiget",
    ADDRESSBOOK_QUERY = "addressbook-query",
    ALLPROP = "allprop",
    FILTER = "filter",
    IS_NOT_DEFINED = "is-not-defined",
    LIMIT = "limit",
    MAX_RESOURCE_SIZE = "max-resource-size",
    NO_UID_CONFLICT = "no-uid-conflict",
    NRESULTS = "nresults",
    PARAM_FILTER = "param-filter",
    PRINCIPAL_ADDRESS = "principal-address",
    PROP = "prop",
    PROP_FILTER = "prop-filter",
    SUPPORTED_ADDRESS_DATA = "supported-address-data",
    SUPPORTED_COLLATION = "supported-collation",
    SUPPORTED_COLLATION_SET = "supported-collation-set",
    TEXT_MATCH = "text-match",
    VALID_ADDRESS_DATA = "valid-address-data",
}

names! {
    /// Apple's calendar server.
    calendar_server, Namespace::CALENDAR_SERVER,
    EMAIL_ADDRESS_SET = "email-address-set",
    GETCTAG = "getctag",
}

names! {
    /// Apple's iCal.
    apple_ical, Namespace::APPLE_ICAL,
    CALENDAR_COLOR = "calendar-color",
    CALENDAR_ORDER = "calendar-order",
}

names! {
    /// XML itself.
    xml, Namespace::XML,
    LANG = "lang",
}
