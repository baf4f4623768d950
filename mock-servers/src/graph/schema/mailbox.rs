//! `mailboxSettings` and `calendarGroup`, neither of which is written here.

use super::calendar::CALENDAR;
use super::common::{DATE_TIME, WEEKDAYS};
use super::kind::{Kind, Type, r};

/// `mailboxSettings`.
pub(crate) static MAILBOX_SETTINGS: Type = Type {
    name: "mailboxSettings",
    properties: &[
        r("archiveFolder", Kind::Text),
        r("automaticRepliesSetting", Kind::Complex(&AUTOMATIC_REPLIES)),
        r("dateFormat", Kind::Text),
        r(
            "delegateMeetingMessageDeliveryOptions",
            Kind::Enum(&[
                "sendToDelegateAndInformationToPrincipal",
                "sendToDelegateAndPrincipal",
                "sendToDelegateOnly",
            ]),
        ),
        r("language", Kind::Complex(&LOCALE)),
        r("timeFormat", Kind::Text),
        r("timeZone", Kind::Text),
        r(
            "userPurpose",
            Kind::Enum(&[
                "user",
                "linked",
                "shared",
                "room",
                "equipment",
                "others",
                "unknownFutureValue",
            ]),
        ),
        r("workingHours", Kind::Complex(&WORKING_HOURS)),
    ],
};

/// `calendarGroup`, with what it inherits.
pub(crate) static CALENDAR_GROUP: Type = Type {
    name: "calendarGroup",
    properties: &[
        r("id", Kind::Text),
        r("calendars", Kind::List(&Kind::Complex(&CALENDAR))),
        r("changeKey", Kind::Text),
        r("classId", Kind::Guid),
        r("name", Kind::Text),
    ],
};

static AUTOMATIC_REPLIES: Type = Type {
    name: "automaticRepliesSetting",
    properties: &[
        r("externalAudience", Kind::Enum(&["none", "contactsOnly", "all"])),
        r("externalReplyMessage", Kind::Text),
        r("internalReplyMessage", Kind::Text),
        r("scheduledEndDateTime", Kind::Complex(&DATE_TIME)),
        r("scheduledStartDateTime", Kind::Complex(&DATE_TIME)),
        r("status", Kind::Enum(&["disabled", "alwaysEnabled", "scheduled"])),
    ],
};

static LOCALE: Type = Type {
    name: "localeInfo",
    properties: &[r("displayName", Kind::Text), r("locale", Kind::Text)],
};

static WORKING_HOURS: Type = Type {
    name: "workingHours",
    properties: &[
        r("daysOfWeek", Kind::List(&Kind::Enum(WEEKDAYS))),
        r("endTime", Kind::TimeOfDay),
        r("startTime", Kind::TimeOfDay),
        r("timeZone", Kind::Complex(&TIME_ZONE)),
    ],
};

static TIME_ZONE: Type = Type { name: "timeZoneBase", properties: &[r("name", Kind::Text)] };
