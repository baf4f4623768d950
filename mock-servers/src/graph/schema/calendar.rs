//! `event` and `calendar`.

use super::common::{
    ATTENDEE, DATE_TIME, EMAIL_ADDRESS, ITEM_BODY, LOCATION, ONLINE_MEETING, PATTERNED, PROVIDERS,
    RECIPIENT, RESPONSE, SINGLE_VALUE,
};
use super::kind::{Kind, Type, r, w};

/// `event`, with what it inherits.
pub(crate) static EVENT: Type = Type {
    name: "event",
    properties: &[
        r("id", Kind::Text),
        w("categories", Kind::List(&Kind::Text)),
        r("changeKey", Kind::Text),
        r("createdDateTime", Kind::Instant),
        r("lastModifiedDateTime", Kind::Instant),
        w("allowNewTimeProposals", Kind::Bool),
        w("attendees", Kind::List(&Kind::Complex(&ATTENDEE))),
        w("body", Kind::Complex(&ITEM_BODY)),
        r("bodyPreview", Kind::Text),
        r("cancelledOccurrences", Kind::List(&Kind::Text)),
        w("end", Kind::Complex(&DATE_TIME)),
        r("exceptionOccurrences", Kind::List(&Kind::Complex(&EVENT))),
        w("extensions", Kind::List(&Kind::Open)),
        r("hasAttachments", Kind::Bool),
        w("hideAttendees", Kind::Bool),
        r("iCalUId", Kind::Text),
        w("importance", Kind::Enum(&["low", "normal", "high"])),
        w("isAllDay", Kind::Bool),
        r("isCancelled", Kind::Bool),
        r("isDraft", Kind::Bool),
        w("isOnlineMeeting", Kind::Bool),
        r("isOrganizer", Kind::Bool),
        w("isReminderOn", Kind::Bool),
        w("location", Kind::Complex(&LOCATION)),
        w("locations", Kind::List(&Kind::Complex(&LOCATION))),
        r("onlineMeeting", Kind::Complex(&ONLINE_MEETING)),
        w("onlineMeetingProvider", Kind::Enum(PROVIDERS)),
        r("onlineMeetingUrl", Kind::Text),
        r("organizer", Kind::Complex(&RECIPIENT)),
        r("originalEndTimeZone", Kind::Text),
        r("originalStart", Kind::Instant),
        r("originalStartTimeZone", Kind::Text),
        w("recurrence", Kind::Complex(&PATTERNED)),
        w("reminderMinutesBeforeStart", Kind::Int),
        w("responseRequested", Kind::Bool),
        r("responseStatus", Kind::Complex(&RESPONSE)),
        w("sensitivity", Kind::Enum(&["normal", "personal", "private", "confidential"])),
        r("seriesMasterId", Kind::Text),
        w(
            "showAs",
            Kind::Enum(&["unknown", "free", "tentative", "busy", "oof", "workingElsewhere"]),
        ),
        w("singleValueExtendedProperties", Kind::List(&Kind::Complex(&SINGLE_VALUE))),
        w("start", Kind::Complex(&DATE_TIME)),
        w("subject", Kind::Text),
        w("transactionId", Kind::Text),
        r("type", Kind::Enum(&["singleInstance", "occurrence", "exception", "seriesMaster"])),
        r("webLink", Kind::Text),
    ],
};

/// `calendar`.
pub(crate) static CALENDAR: Type = Type {
    name: "calendar",
    properties: &[
        r("id", Kind::Text),
        r("allowedOnlineMeetingProviders", Kind::List(&Kind::Enum(PROVIDERS))),
        r("canEdit", Kind::Bool),
        r("canShare", Kind::Bool),
        r("canViewPrivateItems", Kind::Bool),
        r("changeKey", Kind::Text),
        w("color", Kind::Enum(COLORS)),
        w("defaultOnlineMeetingProvider", Kind::Enum(PROVIDERS)),
        r("hexColor", Kind::Text),
        w("isDefaultCalendar", Kind::Bool),
        r("isRemovable", Kind::Bool),
        r("isTallyingResponses", Kind::Bool),
        w("name", Kind::Text),
        r("owner", Kind::Complex(&EMAIL_ADDRESS)),
    ],
};

const COLORS: &[&str] = &[
    "auto",
    "lightBlue",
    "lightGreen",
    "lightOrange",
    "lightGray",
    "lightYellow",
    "lightTeal",
    "lightPink",
    "lightBrown",
    "lightRed",
    "maxColor",
];
