//! What a member means when it is left out, and which members are not content at all.
//!
//! Source: draft-ietf-calext-jscalendarbis sections 2 to 4, draft-ietf-jmap-calendars-27 section 5.

use serde_json::{Value, json};

/// Members that a server sets, that belong to an account, or that say how an event travels.
pub(super) const NOT_CONTENT: [&str; 16] = [
    "@type",
    "baseEventId",
    "calendarIds",
    "created",
    "iCalendar",
    "id",
    "isDraft",
    "isOrigin",
    "method",
    "prodId",
    "requestStatus",
    "sequence",
    "uid",
    "updated",
    "utcEnd",
    "utcStart",
];

/// Members of a participant that record what messages passed.
pub(super) const MESSAGING: [&str; 4] =
    ["scheduleForceSend", "scheduleSequence", "scheduleStatus", "scheduleUpdated"];

/// Members that may not differ in an occurrence; a patch of one is ignored.
pub(super) const NEVER_OVERRIDDEN: [&str; 9] = [
    "mayInviteOthers",
    "mayInviteSelf",
    "hideAttendees",
    "privacy",
    "recurrenceId",
    "recurrenceIdTimeZone",
    "recurrenceOverrides",
    "recurrenceRule",
    "relatedTo",
];

/// Sets: objects whose values are `true`.
pub(super) const SETS: [&str; 9] = [
    "categories",
    "delegatedFrom",
    "delegatedTo",
    "display",
    "features",
    "keywords",
    "locationTypes",
    "relation",
    "roles",
];

/// Types that follow from where an object stands, so that naming them says nothing.
const IMPLIED: [&str; 11] = [
    "AbsoluteTrigger",
    "Alert",
    "Event",
    "Link",
    "Location",
    "NDay",
    "OffsetTrigger",
    "Participant",
    "RecurrenceRule",
    "Relation",
    "VirtualLocation",
];

/// Whether an `@type` says nothing. That of a trigger of an unknown kind does.
pub(super) fn implied_type(value: &Value) -> bool {
    value.as_str().is_some_and(|name| IMPLIED.contains(&name))
}

/// What it means that an event has no such member.
pub(super) fn of_event(name: &str) -> Option<Value> {
    Some(match name {
        "title" | "description" => json!(""),
        "descriptionContentType" => json!("text/plain"),
        "duration" => json!("PT0S"),
        "showWithoutTime" | "useDefaultAlerts" | "mayInviteSelf" | "mayInviteOthers"
        | "hideAttendees" => json!(false),
        "priority" => json!(0),
        "freeBusyStatus" => json!("busy"),
        "privacy" => json!("public"),
        "status" => json!("confirmed"),
        _ => return None,
    })
}

/// What it means that an object below `member` has no such member.
pub(super) fn of_part(member: &str, name: &str) -> Option<Value> {
    Some(match (member, name) {
        ("alerts", "action") => json!("display"),
        ("trigger", "relativeTo") => json!("start"),
        ("links", "rel") => json!("enclosure"),
        ("participants", "kind") => json!("individual"),
        ("participants", "participationStatus") => json!("needs-action"),
        ("participants", "expectReply") => json!(false),
        ("participants", "scheduleAgent") => json!("server"),
        ("recurrenceRule", "interval") => json!(1),
        ("recurrenceRule", "rscale") => json!("gregorian"),
        ("recurrenceRule", "skip") => json!("omit"),
        ("recurrenceRule", "firstDayOfWeek") => json!("mo"),
        _ => return None,
    })
}
