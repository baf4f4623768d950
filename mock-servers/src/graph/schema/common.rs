//! The complex types that several resources use.

use super::kind::{Kind, Type, n, r, w};

pub(super) static ATTENDEE: Type = Type {
    name: "attendee",
    properties: &[
        w("emailAddress", Kind::Complex(&EMAIL_ADDRESS)),
        w("type", Kind::Enum(&["required", "optional", "resource"])),
        r("status", Kind::Complex(&RESPONSE)),
        r("proposedNewTime", Kind::Complex(&TIME_SLOT)),
    ],
};

pub(super) static RECIPIENT: Type =
    Type { name: "recipient", properties: &[w("emailAddress", Kind::Complex(&EMAIL_ADDRESS))] };

pub(super) static EMAIL_ADDRESS: Type =
    Type { name: "emailAddress", properties: &[w("address", Kind::Text), w("name", Kind::Text)] };

pub(super) static RESPONSE: Type = Type {
    name: "responseStatus",
    properties: &[
        w(
            "response",
            Kind::Enum(&[
                "none",
                "organizer",
                "tentativelyAccepted",
                "accepted",
                "declined",
                "notResponded",
            ]),
        ),
        w("time", Kind::Instant),
    ],
};

pub(super) static TIME_SLOT: Type = Type {
    name: "timeSlot",
    properties: &[n("start", Kind::Complex(&DATE_TIME)), n("end", Kind::Complex(&DATE_TIME))],
};

pub(super) static DATE_TIME: Type = Type {
    name: "dateTimeTimeZone",
    properties: &[n("dateTime", Kind::Text), w("timeZone", Kind::Text)],
};

pub(super) static ITEM_BODY: Type = Type {
    name: "itemBody",
    properties: &[w("content", Kind::Text), w("contentType", Kind::Enum(&["text", "html"]))],
};

pub(super) static LOCATION: Type = Type {
    name: "location",
    properties: &[
        w("address", Kind::Complex(&ADDRESS)),
        w("coordinates", Kind::Complex(&COORDINATES)),
        w("displayName", Kind::Text),
        w("locationEmailAddress", Kind::Text),
        w("locationType", Kind::Enum(LOCATION_TYPES)),
        w("locationUri", Kind::Text),
        w("uniqueId", Kind::Text),
        w(
            "uniqueIdType",
            Kind::Enum(&["unknown", "locationStore", "directory", "private", "bing"]),
        ),
    ],
};

pub(super) static ADDRESS: Type = Type {
    name: "physicalAddress",
    properties: &[
        w("city", Kind::Text),
        w("countryOrRegion", Kind::Text),
        w("postalCode", Kind::Text),
        w("state", Kind::Text),
        w("street", Kind::Text),
    ],
};

pub(super) static COORDINATES: Type = Type {
    name: "outlookGeoCoordinates",
    properties: &[
        w("accuracy", Kind::Double),
        w("altitude", Kind::Double),
        w("altitudeAccuracy", Kind::Double),
        w("latitude", Kind::Double),
        w("longitude", Kind::Double),
    ],
};

pub(super) static PATTERNED: Type = Type {
    name: "patternedRecurrence",
    properties: &[w("pattern", Kind::Complex(&PATTERN)), w("range", Kind::Complex(&RANGE))],
};

pub(super) static PATTERN: Type = Type {
    name: "recurrencePattern",
    properties: &[
        n("dayOfMonth", Kind::Int),
        w("daysOfWeek", Kind::List(&Kind::Enum(WEEKDAYS))),
        w("firstDayOfWeek", Kind::Enum(WEEKDAYS)),
        w("index", Kind::Enum(&["first", "second", "third", "fourth", "last"])),
        n("interval", Kind::Int),
        n("month", Kind::Int),
        w(
            "type",
            Kind::Enum(&[
                "daily",
                "weekly",
                "absoluteMonthly",
                "relativeMonthly",
                "absoluteYearly",
                "relativeYearly",
            ]),
        ),
    ],
};

pub(super) static RANGE: Type = Type {
    name: "recurrenceRange",
    properties: &[
        w("endDate", Kind::Date),
        n("numberOfOccurrences", Kind::Int),
        w("recurrenceTimeZone", Kind::Text),
        w("startDate", Kind::Date),
        w("type", Kind::Enum(&["endDate", "noEnd", "numbered"])),
    ],
};

pub(super) static SINGLE_VALUE: Type = Type {
    name: "singleValueLegacyExtendedProperty",
    properties: &[n("id", Kind::Text), w("value", Kind::Text)],
};

pub(super) static MULTI_VALUE: Type = Type {
    name: "multiValueLegacyExtendedProperty",
    properties: &[n("id", Kind::Text), w("value", Kind::List(&Kind::Text))],
};

pub(super) static ONLINE_MEETING: Type = Type {
    name: "onlineMeetingInfo",
    properties: &[
        w("conferenceId", Kind::Text),
        w("joinUrl", Kind::Text),
        w("phones", Kind::List(&Kind::Complex(&PHONE))),
        w("quickDial", Kind::Text),
        w("tollFreeNumbers", Kind::List(&Kind::Text)),
        w("tollNumber", Kind::Text),
    ],
};

static PHONE: Type = Type {
    name: "phone",
    properties: &[
        w("language", Kind::Text),
        w("number", Kind::Text),
        w("region", Kind::Text),
        w(
            "type",
            Kind::Enum(&[
                "home",
                "business",
                "mobile",
                "other",
                "assistant",
                "homeFax",
                "businessFax",
                "otherFax",
                "pager",
                "radio",
            ]),
        ),
    ],
};

pub(super) const PROVIDERS: &[&str] =
    &["unknown", "skypeForBusiness", "skypeForConsumer", "teamsForBusiness"];
pub(super) const WEEKDAYS: &[&str] =
    &["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];
const LOCATION_TYPES: &[&str] = &[
    "default",
    "conferenceRoom",
    "homeAddress",
    "businessAddress",
    "geoCoordinates",
    "streetAddress",
    "hotel",
    "restaurant",
    "localBusiness",
    "postalAddress",
];
