//! What a property is when nobody said.

use serde_json::{Map, Value, json};

/// A response that nobody gave has this time.
pub(crate) const NEVER: &str = "0001-01-01T00:00:00Z";

/// Every stored property that has a value from the beginning.
const DEFAULTED: [&str; 22] = [
    "allowNewTimeProposals",
    "attendees",
    "body",
    "categories",
    "hideAttendees",
    "importance",
    "isAllDay",
    "isCancelled",
    "isDraft",
    "isOnlineMeeting",
    "isOrganizer",
    "isReminderOn",
    "location",
    "locations",
    "onlineMeetingProvider",
    "reminderMinutesBeforeStart",
    "responseRequested",
    "responseStatus",
    "sensitivity",
    "showAs",
    "recurrence",
    "subject",
];

/// The value of a property that was not given, or was given as null.
pub(crate) fn default_of(name: &str) -> Value {
    match name {
        "allowNewTimeProposals" | "isOrganizer" | "isReminderOn" | "responseRequested" => {
            Value::Bool(true)
        }
        "hideAttendees" | "isAllDay" | "isCancelled" | "isDraft" | "isOnlineMeeting" => {
            Value::Bool(false)
        }
        "attendees" | "categories" | "locations" => json!([]),
        "body" => json!({ "contentType": "html", "content": "" }),
        "importance" | "sensitivity" => json!("normal"),
        "location" => json!({
            "displayName": "",
            "locationType": "default",
            "uniqueIdType": "unknown",
            "address": {},
            "coordinates": {},
        }),
        "onlineMeetingProvider" => json!("unknown"),
        "reminderMinutesBeforeStart" => json!(15),
        "responseStatus" => json!({ "response": "organizer", "time": NEVER }),
        "showAs" => json!("busy"),
        _ => Value::Null,
    }
}

/// Gives every property that has none its value.
pub(crate) fn complete(body: &mut Map<String, Value>) {
    for name in DEFAULTED {
        let given = body.get(name).is_some_and(|value| !value.is_null());
        if !given {
            body.insert(name.to_owned(), default_of(name));
        }
    }
}
