//! The properties of a CalendarEvent and the shapes of their values: jscalendarbis-15 with the
//! additions of draft-ietf-jmap-calendars-27. Names of RFC 8984 that are gone are not here, and so
//! are refused: `recurrenceRules`, `replyTo`, `sendTo`, `timeZones`, `localizations`, ...

/// What a value must be.
#[derive(Clone, Copy, Debug)]
pub(super) enum Shape {
    Text,
    Boolean,
    Unsigned,
    /// A `UTCDateTime`.
    Instant,
    /// A `LocalDateTime`.
    Local,
    /// A `Duration`.
    Length,
    /// A `SignedDuration`.
    Offset,
    /// An IANA time zone.
    Zone,
    /// A URI.
    Uri,
    /// A map to `true`.
    Flags,
    /// One of some words; other words that look like a vendor's (`example.com:x`) are allowed.
    Word(&'static [&'static str]),
    /// An integer in a range, zero excluded when the range spans it.
    Within(i64, i64),
    /// An object.
    One(&'static Object),
    /// A map of ids to objects.
    Map(&'static Object),
    /// A map of uids, which may be any text, to objects.
    ByUid(&'static Object),
    /// A list.
    List(&'static Shape),
    /// An alert's trigger.
    Trigger,
    /// One of several objects, told apart by `@type`; without it the first.
    Either(&'static [&'static Object]),
    /// A map of some names to texts.
    Names(fn(&str) -> bool),
    /// Anything.
    Any,
}

/// What an object must be.
#[derive(Debug)]
pub(super) struct Object {
    /// Its `@type`, which may be left out.
    pub(super) name: &'static str,
    /// Members without which it is none.
    pub(super) required: &'static [&'static str],
    /// All members but `@type`.
    pub(super) members: &'static [(&'static str, Shape)],
}

/// The JSCalendar properties of an event.
pub(super) static EVENT: Object = Object {
    name: "Event",
    required: &["start"],
    members: &[
        ("version", Shape::Text),
        ("uid", Shape::Text),
        ("relatedTo", Shape::ByUid(&RELATION)),
        ("prodId", Shape::Text),
        ("created", Shape::Instant),
        ("updated", Shape::Instant),
        ("sequence", Shape::Unsigned),
        ("title", Shape::Text),
        ("description", Shape::Text),
        ("descriptionContentType", Shape::Text),
        ("showWithoutTime", Shape::Boolean),
        ("locations", Shape::Map(&LOCATION)),
        ("mainLocationId", Shape::Text),
        ("virtualLocations", Shape::Map(&VIRTUAL_LOCATION)),
        ("links", Shape::Map(&LINK)),
        ("locale", Shape::Text),
        ("keywords", Shape::Flags),
        ("categories", Shape::Flags),
        ("color", Shape::Text),
        ("recurrenceId", Shape::Local),
        ("recurrenceIdTimeZone", Shape::Zone),
        ("recurrenceRule", Shape::One(&RULE)),
        ("recurrenceOverrides", Shape::Any),
        ("excluded", Shape::Boolean),
        ("priority", Shape::Within(0, 9)),
        ("freeBusyStatus", Shape::Word(&["free", "busy"])),
        ("privacy", Shape::Word(&["public", "private", "secret"])),
        ("organizerCalendarAddress", Shape::Uri),
        ("sentBy", Shape::Text),
        ("participants", Shape::Map(&PARTICIPANT)),
        ("requestStatus", Shape::Text),
        ("alerts", Shape::Map(&ALERT)),
        ("timeZone", Shape::Zone),
        ("endTimeZone", Shape::Zone),
        ("start", Shape::Local),
        ("duration", Shape::Length),
        ("status", Shape::Word(&["confirmed", "cancelled", "tentative"])),
        ("useDefaultAlerts", Shape::Boolean),
        ("mayInviteSelf", Shape::Boolean),
        ("mayInviteOthers", Shape::Boolean),
        ("hideAttendees", Shape::Boolean),
        ("isDraft", Shape::Boolean),
        ("iCalendar", Shape::Any),
    ],
};

static RELATION: Object =
    Object { name: "Relation", required: &[], members: &[("relation", Shape::Flags)] };

static LINK: Object = Object {
    name: "Link",
    required: &[],
    members: &[
        ("href", Shape::Uri),
        ("blobId", Shape::Text),
        ("contentType", Shape::Text),
        ("size", Shape::Unsigned),
        ("rel", Shape::Text),
        ("display", Shape::Flags),
        ("title", Shape::Text),
    ],
};

static LOCATION: Object = Object {
    name: "Location",
    required: &[],
    members: &[
        ("name", Shape::Text),
        ("locationTypes", Shape::Flags),
        ("coordinates", Shape::Uri),
        ("links", Shape::Map(&LINK)),
        ("iCalendar", Shape::Any),
    ],
};

static VIRTUAL_LOCATION: Object = Object {
    name: "VirtualLocation",
    required: &["uri"],
    members: &[("name", Shape::Text), ("uri", Shape::Uri), ("features", Shape::Flags)],
};

static PARTICIPANT: Object = Object {
    name: "Participant",
    required: &[],
    members: &[
        ("name", Shape::Text),
        ("email", Shape::Text),
        ("description", Shape::Text),
        ("descriptionContentType", Shape::Text),
        ("calendarAddress", Shape::Uri),
        ("kind", Shape::Word(&["individual", "group", "resource", "location"])),
        ("roles", Shape::Flags),
        (
            "participationStatus",
            Shape::Word(&["needs-action", "accepted", "declined", "tentative", "delegated"]),
        ),
        ("participationComment", Shape::Text),
        ("expectReply", Shape::Boolean),
        ("scheduleAgent", Shape::Word(&["server", "client", "none"])),
        ("scheduleForceSend", Shape::Boolean),
        ("scheduleSequence", Shape::Unsigned),
        ("scheduleStatus", Shape::List(&Shape::Text)),
        ("scheduleUpdated", Shape::Instant),
        ("sentBy", Shape::Text),
        ("invitedBy", Shape::Text),
        ("delegatedTo", Shape::Flags),
        ("delegatedFrom", Shape::Flags),
        ("memberOf", Shape::Flags),
        ("links", Shape::Map(&LINK)),
        ("progress", Shape::Text),
        ("progressUpdated", Shape::Instant),
        ("percentComplete", Shape::Within(0, 100)),
        ("iCalendar", Shape::Any),
    ],
};

pub(super) static ALERT: Object = Object {
    name: "Alert",
    required: &["trigger"],
    members: &[
        ("trigger", Shape::Trigger),
        ("acknowledged", Shape::Instant),
        ("relatedTo", Shape::ByUid(&RELATION)),
        ("action", Shape::Word(&["display", "email"])),
        ("iCalendar", Shape::Any),
    ],
};

pub(super) static OFFSET_TRIGGER: Object = Object {
    name: "OffsetTrigger",
    required: &["offset"],
    members: &[("offset", Shape::Offset), ("relativeTo", Shape::Word(&["start", "end"]))],
};

pub(super) static ABSOLUTE_TRIGGER: Object =
    Object { name: "AbsoluteTrigger", required: &["when"], members: &[("when", Shape::Instant)] };

const WEEKDAYS: Shape = Shape::Word(&["mo", "tu", "we", "th", "fr", "sa", "su"]);

static N_DAY: Object = Object {
    name: "NDay",
    required: &["day"],
    members: &[("day", WEEKDAYS), ("nthOfPeriod", Shape::Within(-53, 53))],
};

static RULE: Object = Object {
    name: "RecurrenceRule",
    required: &["frequency"],
    members: &[
        (
            "frequency",
            Shape::Word(&[
                "yearly", "monthly", "weekly", "daily", "hourly", "minutely", "secondly",
            ]),
        ),
        ("interval", Shape::Within(1, 65_535)),
        ("rscale", Shape::Text),
        ("skip", Shape::Word(&["omit", "backward", "forward"])),
        ("firstDayOfWeek", WEEKDAYS),
        ("byDay", Shape::List(&Shape::One(&N_DAY))),
        ("byMonthDay", Shape::List(&Shape::Within(-31, 31))),
        ("byMonth", Shape::List(&Shape::Text)),
        ("byYearDay", Shape::List(&Shape::Within(-366, 366))),
        ("byWeekNo", Shape::List(&Shape::Within(-53, 53))),
        ("byHour", Shape::List(&Shape::Within(0, 23))),
        ("byMinute", Shape::List(&Shape::Within(0, 59))),
        ("bySecond", Shape::List(&Shape::Within(0, 59))),
        ("bySetPosition", Shape::List(&Shape::Within(-366, 366))),
        ("count", Shape::Within(1, 4_294_967_295)),
        ("until", Shape::Local),
    ],
};
