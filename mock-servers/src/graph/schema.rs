//! The resource types of the calendar API as the v1.0 metadata declares them, and the check of a
//! request body against them.
//!
//! Source: `schemas/v1.0-Prod.csdl` of microsoftgraph/msgraph-metadata (commit f54f11b6): `event`,
//! `outlookItem`, `calendar` and the types that they use. Navigation properties that the server
//! does not serve are left out, so writing them is refused.

use serde_json::{Map, Value};

use super::failure::Failure;

/// A resource or complex type.
#[derive(Debug)]
pub(crate) struct Type {
    /// Its name in the metadata.
    pub(crate) name: &'static str,
    properties: &'static [Property],
}

#[derive(Debug)]
struct Property {
    name: &'static str,
    kind: Kind,
    access: Access,
}

/// What becomes of a property in a request body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Access {
    /// It is stored.
    Write,
    /// It is the server's: taken note of by type, and otherwise ignored.
    Read,
}

#[derive(Clone, Copy, Debug)]
enum Kind {
    Text,
    Bool,
    Int,
    Double,
    Instant,
    Date,
    Enum(&'static [&'static str]),
    Complex(&'static Type),
    List(&'static Kind),
}

const fn w(name: &'static str, kind: Kind) -> Property {
    Property { name, kind, access: Access::Write }
}

const fn r(name: &'static str, kind: Kind) -> Property {
    Property { name, kind, access: Access::Read }
}

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

static ATTENDEE: Type = Type {
    name: "attendee",
    properties: &[
        w("emailAddress", Kind::Complex(&EMAIL_ADDRESS)),
        w("type", Kind::Enum(&["required", "optional", "resource"])),
        r("status", Kind::Complex(&RESPONSE)),
        r("proposedNewTime", Kind::Complex(&TIME_SLOT)),
    ],
};

static RECIPIENT: Type =
    Type { name: "recipient", properties: &[w("emailAddress", Kind::Complex(&EMAIL_ADDRESS))] };

static EMAIL_ADDRESS: Type =
    Type { name: "emailAddress", properties: &[w("address", Kind::Text), w("name", Kind::Text)] };

static RESPONSE: Type = Type {
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

static TIME_SLOT: Type = Type {
    name: "timeSlot",
    properties: &[w("start", Kind::Complex(&DATE_TIME)), w("end", Kind::Complex(&DATE_TIME))],
};

static DATE_TIME: Type = Type {
    name: "dateTimeTimeZone",
    properties: &[w("dateTime", Kind::Text), w("timeZone", Kind::Text)],
};

static ITEM_BODY: Type = Type {
    name: "itemBody",
    properties: &[w("content", Kind::Text), w("contentType", Kind::Enum(&["text", "html"]))],
};

static LOCATION: Type = Type {
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

static ADDRESS: Type = Type {
    name: "physicalAddress",
    properties: &[
        w("city", Kind::Text),
        w("countryOrRegion", Kind::Text),
        w("postalCode", Kind::Text),
        w("state", Kind::Text),
        w("street", Kind::Text),
    ],
};

static COORDINATES: Type = Type {
    name: "outlookGeoCoordinates",
    properties: &[
        w("accuracy", Kind::Double),
        w("altitude", Kind::Double),
        w("altitudeAccuracy", Kind::Double),
        w("latitude", Kind::Double),
        w("longitude", Kind::Double),
    ],
};

static PATTERNED: Type = Type {
    name: "patternedRecurrence",
    properties: &[w("pattern", Kind::Complex(&PATTERN)), w("range", Kind::Complex(&RANGE))],
};

static PATTERN: Type = Type {
    name: "recurrencePattern",
    properties: &[
        w("dayOfMonth", Kind::Int),
        w("daysOfWeek", Kind::List(&Kind::Enum(WEEKDAYS))),
        w("firstDayOfWeek", Kind::Enum(WEEKDAYS)),
        w("index", Kind::Enum(&["first", "second", "third", "fourth", "last"])),
        w("interval", Kind::Int),
        w("month", Kind::Int),
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

static RANGE: Type = Type {
    name: "recurrenceRange",
    properties: &[
        w("endDate", Kind::Date),
        w("numberOfOccurrences", Kind::Int),
        w("recurrenceTimeZone", Kind::Text),
        w("startDate", Kind::Date),
        w("type", Kind::Enum(&["endDate", "noEnd", "numbered"])),
    ],
};

static SINGLE_VALUE: Type = Type {
    name: "singleValueLegacyExtendedProperty",
    properties: &[w("id", Kind::Text), w("value", Kind::Text)],
};

static ONLINE_MEETING: Type = Type {
    name: "onlineMeetingInfo",
    properties: &[
        w("conferenceId", Kind::Text),
        w("joinUrl", Kind::Text),
        w("quickDial", Kind::Text),
        w("tollFreeNumbers", Kind::List(&Kind::Text)),
        w("tollNumber", Kind::Text),
    ],
};

const PROVIDERS: &[&str] = &["unknown", "skypeForBusiness", "skypeForConsumer", "teamsForBusiness"];
const WEEKDAYS: &[&str] =
    &["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];
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

impl Type {
    /// The name of a property in the metadata's spelling; names are compared exactly, as OData does.
    pub(crate) fn property(&self, name: &str) -> Option<&'static str> {
        self.properties.iter().find(|known| known.name == name).map(|known| known.name)
    }

    /// A body that fits the type: annotations and read-only properties are left out, values of
    /// enumerations come in the metadata's spelling.
    pub(crate) fn read(&self, body: &Map<String, Value>) -> Result<Map<String, Value>, Failure> {
        let mut read = Map::new();
        for (name, value) in body {
            // Annotations: `@odata.type`, `calendar@odata.navigationLink`, ...
            if name.contains('@') {
                continue;
            }
            let known = self.properties.iter().find(|known| known.name == name);
            let known = known.ok_or_else(|| self.unknown(name))?;
            let value = known.kind.read(value)?;
            if known.access == Access::Write {
                read.insert(name.clone(), value);
            }
        }
        Ok(read)
    }

    fn unknown(&self, name: &str) -> Failure {
        let mut kind = self.name.to_owned();
        if let Some(first) = kind.get_mut(0..1) {
            first.make_ascii_uppercase();
        }
        Failure::body(format!(
            "The property '{name}' does not exist on type 'Microsoft.OutlookServices.{kind}'. Make \
             sure to only use property names that are defined by the type or mark the type as open \
             type."
        ))
    }
}

impl Kind {
    fn read(self, value: &Value) -> Result<Value, Failure> {
        if value.is_null() {
            return Ok(Value::Null);
        }
        let fits = match self {
            Self::Text => value.is_string(),
            Self::Bool => value.is_boolean(),
            Self::Int => value.as_i64().is_some_and(|number| i32::try_from(number).is_ok()),
            Self::Double => value.is_number(),
            Self::Instant => value.as_str().is_some_and(|text| {
                text.parse::<jiff::Timestamp>().is_ok()
                    || text.parse::<jiff::civil::DateTime>().is_ok()
                    || text.is_empty()
            }),
            Self::Date => {
                value.as_str().is_some_and(|text| text.parse::<jiff::civil::Date>().is_ok())
            }
            Self::Enum(names) => {
                let text = value.as_str().unwrap_or_default();
                let known = names.iter().find(|known| known.eq_ignore_ascii_case(text));
                return match known {
                    Some(known) => Ok(Value::from(*known)),
                    None => Err(Failure::body(format!("Requested value '{text}' was not found."))),
                };
            }
            Self::Complex(kind) => {
                let members = value.as_object().ok_or_else(|| unexpected("a StartObject"))?;
                return Ok(Value::Object(kind.read(members)?));
            }
            Self::List(kind) => {
                let elements = value.as_array().ok_or_else(|| unexpected("a StartArray"))?;
                let read: Result<Vec<_>, _> = elements.iter().map(|one| kind.read(one)).collect();
                return Ok(Value::Array(read?));
            }
        };
        if fits {
            return Ok(value.clone());
        }
        let literal = value.to_string();
        Err(Failure::body(format!(
            "Cannot convert the literal '{}' to the expected type 'Edm.{}'.",
            literal.trim_matches('"'),
            self.name()
        )))
    }

    fn name(self) -> &'static str {
        match self {
            Self::Bool => "Boolean",
            Self::Int => "Int32",
            Self::Double => "Double",
            Self::Instant => "DateTimeOffset",
            Self::Date => "Date",
            _ => "String",
        }
    }
}

fn unexpected(wanted: &str) -> Failure {
    Failure::body(format!(
        "An unexpected node was found when reading from the JSON reader. {wanted} node was expected."
    ))
}
