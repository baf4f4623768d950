//! JMAP: RFC 8620, draft-ietf-jmap-calendars-27, RFC 9610.

use super::{Ask, Entry};
use crate::faults::Site;
use crate::server::Protocol;

const fn entry(code: &'static str, ask: Ask) -> Entry {
    Entry::new(Protocol::Jmap, code, ask)
}

/// An error of a whole request (RFC 8620 section 3.6.1).
const fn request(code: &'static str, what: &'static str, shows: &'static [&'static str]) -> Entry {
    entry(code, Ask::Create).by(what).shows(shows).from("RFC 8620 section 3.6.1")
}

/// An error of one method call, the HTTP status is 200.
const fn method(code: &'static str, what: &'static str, shows: &'static [&'static str]) -> Entry {
    entry(code, Ask::Create)
        .at(Site::Request, "event.create")
        .by(what)
        .shows(shows)
        .from("RFC 8620 section 3.6.2")
}

/// An error of one object inside a `/set`.
const fn set(code: &'static str, what: &'static str, shows: &'static [&'static str]) -> Entry {
    entry(code, Ask::Create)
        .at(Site::Item, "event.create")
        .by(what)
        .shows(shows)
        .from("RFC 8620 section 5.3")
}

const DRAFT: &str = "draft-ietf-jmap-calendars-27";
const CHANGES: &str = "RFC 8620 section 5.2";
const QUERY: &str = "RFC 8620 section 5.5";

pub(super) const ENTRIES: &[Entry] = &[
    request(
        "unknownCapability",
        r#"{"error":{"code":"unknownCapability"}}"#,
        &[
            "status: 400",
            "application/problem+json",
            "urn:ietf:params:jmap:error:unknownCapability",
        ],
    )
    .also_by_state(),
    request(
        "notJSON",
        r#"{"error":{"code":"notJSON"}}"#,
        &["status: 400", "urn:ietf:params:jmap:error:notJSON"],
    )
    .also_by_state(),
    request(
        "notRequest",
        r#"{"error":{"code":"notRequest"}}"#,
        &["status: 400", "urn:ietf:params:jmap:error:notRequest"],
    )
    .also_by_state(),
    request(
        "limit maxSizeRequest",
        r#"{"error":{"code":"limit","properties":["maxSizeRequest"]}}"#,
        &["status: 400", "urn:ietf:params:jmap:error:limit", r#""limit":"maxSizeRequest""#],
    )
    .also_by_state(),
    request(
        "limit maxCallsInRequest",
        r#"{"error":{"code":"limit","properties":["maxCallsInRequest"]}}"#,
        &["status: 400", "urn:ietf:params:jmap:error:limit", r#""limit":"maxCallsInRequest""#],
    )
    .also_by_state(),
    request(
        "limit maxConcurrentRequests",
        r#"{"error":{"code":"limit","properties":["maxConcurrentRequests"]}}"#,
        &["status: 400", "urn:ietf:params:jmap:error:limit", r#""limit":"maxConcurrentRequests""#],
    )
    .also_by_state(),
    request(
        "429",
        r#"{"error":{"code":"","status":429,"retry_after_s":5}}"#,
        &["status: 429", "retry-after: "],
    )
    .from("RFC 6585 section 4")
    .also_by_state(),
    request(
        "503",
        r#"{"error":{"code":"","status":503,"retry_after_s":5}}"#,
        &["status: 503", "retry-after: 5"],
    )
    .from("RFC 9110 section 15.6.4"),
    method(
        "serverUnavailable",
        r#"{"error":{"code":"serverUnavailable"}}"#,
        &["status: 200", r#"["error",{"type":"serverUnavailable"}"#],
    ),
    method(
        "serverFail",
        r#"{"error":{"code":"serverFail"}}"#,
        &["status: 200", r#"["error",{"type":"serverFail"}"#],
    ),
    method(
        "serverPartialFail",
        r#"{"error":{"code":"serverPartialFail"}}"#,
        &["status: 200", r#"["error",{"type":"serverPartialFail"}"#],
    )
    .at(Site::Item, "event.create"),
    method(
        "unknownMethod",
        r#"{"error":{"code":"unknownMethod"}}"#,
        &["status: 200", r#"["error",{"type":"unknownMethod"}"#],
    )
    .also_by_state(),
    method(
        "invalidArguments",
        r#"{"error":{"code":"invalidArguments"}}"#,
        &["status: 200", r#"["error",{"#, r#""type":"invalidArguments""#],
    )
    .also_by_state(),
    method(
        "invalidResultReference",
        r#"{"error":{"code":"invalidResultReference"}}"#,
        &["status: 200", r#"["error",{"#, r#""type":"invalidResultReference""#],
    )
    .also_by_state(),
    method(
        "forbidden (method)",
        r#"{"error":{"code":"forbidden"}}"#,
        &["status: 200", r#"["error",{"type":"forbidden"}"#],
    ),
    method(
        "accountNotFound",
        r#"{"error":{"code":"accountNotFound"}}"#,
        &["status: 200", r#"["error",{"type":"accountNotFound"}"#],
    )
    .also_by_state(),
    method(
        "accountNotSupportedByMethod",
        r#"{"error":{"code":"accountNotSupportedByMethod"}}"#,
        &["status: 200", r#"["error",{"type":"accountNotSupportedByMethod"}"#],
    ),
    method(
        "accountReadOnly",
        r#"{"error":{"code":"accountReadOnly"}}"#,
        &["status: 200", r#"["error",{"type":"accountReadOnly"}"#],
    ),
    method(
        "requestTooLarge",
        r#"{"error":{"code":"requestTooLarge"}}"#,
        &["status: 200", r#"["error",{"type":"requestTooLarge"}"#],
    )
    .from("RFC 8620 section 5.1")
    .also_by_state(),
    method(
        "stateMismatch",
        r#"{"error":{"code":"stateMismatch"}}"#,
        &["status: 200", r#"["error",{"type":"stateMismatch"}"#],
    )
    .from("RFC 8620 section 5.3")
    .also_by_state(),
    entry("cannotCalculateChanges", Ask::Changes)
        .at(Site::Feed, "feed.changes")
        .by(r#"{"token":"expire"}"#)
        .shows(&["status: 200", r#"["error",{"type":"cannotCalculateChanges"}"#])
        .from(CHANGES)
        .also_by_state(),
    entry("anchorNotFound", Ask::Query)
        .at(Site::Feed, "feed.query")
        .by(r#"{"error":{"code":"anchorNotFound"}}"#)
        .shows(&["status: 200", r#"["error",{"type":"anchorNotFound"}"#])
        .from(QUERY)
        .also_by_state(),
    entry("unsupportedSort", Ask::Query)
        .at(Site::Feed, "feed.query")
        .by(r#"{"error":{"code":"unsupportedSort"}}"#)
        .shows(&["status: 200", r#"["error",{"#, r#""type":"unsupportedSort""#])
        .from(QUERY)
        .also_by_state(),
    entry("unsupportedFilter", Ask::Query)
        .at(Site::Feed, "feed.query")
        .by(r#"{"error":{"code":"unsupportedFilter"}}"#)
        .shows(&["status: 200", r#"["error",{"#, r#""type":"unsupportedFilter""#])
        .from(QUERY)
        .also_by_state(),
    entry("tooManyChanges", Ask::Changes)
        .at(Site::Feed, "feed.changes")
        .by(r#"{"error":{"code":"tooManyChanges"}}"#)
        .shows(&["status: 200", r#"["error",{"type":"tooManyChanges"}"#])
        .from("RFC 8620 section 5.6")
        .also_by_state(),
    entry("expandDurationTooLarge", Ask::Query)
        .at(Site::Feed, "feed.query")
        .by(r#"{"error":{"code":"expandDurationTooLarge"}}"#)
        .shows(&["status: 200", r#"["error",{"#, r#""type":"expandDurationTooLarge""#])
        .from(DRAFT)
        .also_by_state(),
    entry("cannotCalculateOccurrences", Ask::Query)
        .at(Site::Feed, "feed.query")
        .by(r#"{"error":{"code":"cannotCalculateOccurrences"}}"#)
        .shows(&["status: 200", r#"["error",{"type":"cannotCalculateOccurrences"}"#])
        .from(DRAFT),
    set(
        "forbidden",
        r#"{"error":{"code":"forbidden"}}"#,
        &["status: 200", r#""notCreated":{"new":{"type":"forbidden"}}"#],
    ),
    set(
        "overQuota",
        r#"{"error":{"code":"overQuota"}}"#,
        &["status: 200", r#""notCreated":{"new":{"type":"overQuota"}}"#],
    )
    .also_by_state(),
    set(
        "tooLarge",
        r#"{"error":{"code":"tooLarge"}}"#,
        &["status: 200", r#""notCreated":{"new":{"type":"tooLarge"}}"#],
    ),
    set(
        "rateLimit",
        r#"{"error":{"code":"rateLimit"}}"#,
        &["status: 200", r#""notCreated":{"new":{"type":"rateLimit"}}"#],
    ),
    set(
        "notFound",
        r#"{"error":{"code":"notFound"}}"#,
        &["status: 200", r#""notUpdated":{"#, r#"{"type":"notFound"}"#],
    )
    .at(Site::Item, "event.update")
    .asking(Ask::Update)
    .also_by_state(),
    set(
        "invalidPatch",
        r#"{"error":{"code":"invalidPatch"}}"#,
        &["status: 200", r#""notUpdated":{"#, r#""type":"invalidPatch""#],
    )
    .at(Site::Item, "event.update")
    .asking(Ask::Update)
    .also_by_state(),
    set(
        "willDestroy",
        r#"{"error":{"code":"willDestroy"}}"#,
        &["status: 200", r#""notUpdated":{"#, r#"{"type":"willDestroy"}"#],
    )
    .at(Site::Item, "event.update")
    .asking(Ask::Update),
    set(
        "invalidProperties",
        r#"{"error":{"code":"invalidProperties","properties":["title"]}}"#,
        &[
            "status: 200",
            r#""notCreated":{"#,
            r#""properties":["title"]"#,
            r#""type":"invalidProperties""#,
        ],
    )
    .also_by_state(),
    set(
        "singleton",
        r#"{"error":{"code":"singleton"}}"#,
        &["status: 200", r#""notCreated":{"new":{"type":"singleton"}}"#],
    ),
    set(
        "alreadyExists",
        r#"{"error":{"code":"alreadyExists","members":{"existingId":"other"}}}"#,
        &[
            "status: 200",
            r#""notCreated":{"new":{"#,
            r#""existingId":"other""#,
            r#""type":"alreadyExists""#,
        ],
    )
    .from("RFC 8620 section 5.4"),
    set(
        "calendarHasEvent",
        r#"{"error":{"code":"calendarHasEvent"}}"#,
        &["status: 200", r#""notDestroyed":{"#, r#""type":"calendarHasEvent""#],
    )
    .at(Site::Item, "calendar.delete")
    .asking(Ask::DeleteCalendar)
    .from(DRAFT)
    .also_by_state(),
    set(
        "addressBookHasContents",
        r#"{"error":{"code":"addressBookHasContents"}}"#,
        &["status: 200", r#""notDestroyed":{"#, r#""type":"addressBookHasContents""#],
    )
    .at(Site::Item, "addressbook.delete")
    .asking(Ask::DeleteAddressBook)
    .from("RFC 9610 section 2.3")
    .also_by_state(),
    set(
        "noSupportedScheduleMethods",
        r#"{"error":{"code":"noSupportedScheduleMethods"}}"#,
        &["status: 200", r#""notCreated":{"new":{"type":"noSupportedScheduleMethods"}}"#],
    )
    .asking(Ask::Invite)
    .from(DRAFT),
    entry("paging with hasMoreChanges", Ask::Changes)
        .shows(&["status: 200", r#""hasMoreChanges":true"#])
        .from(CHANGES)
        .also_by_state(),
    entry("an empty page with hasMoreChanges", Ask::Changes)
        .at(Site::Response, "feed.changes")
        .by(r#"{"patch":{"set":{"/methodResponses/0/1/hasMoreChanges":true,
            "/methodResponses/0/1/created":[],"/methodResponses/0/1/updated":[],
            "/methodResponses/0/1/destroyed":[]}}}"#)
        .shows(&["status: 200", r#""hasMoreChanges":true"#, r#""created":[]"#, r#""destroyed":[]"#])
        .from(CHANGES),
    entry("sessionState flips", Ask::Read)
        .at(Site::Response, "event.get")
        .by(r#"{"patch":{"set":{"/sessionState":"another"}}}"#)
        .shows(&["status: 200", r#""sessionState":"another""#])
        .from("RFC 8620 section 3.4"),
    entry("ids that change between queries", Ask::Query)
        .at(Site::Feed, "feed.query")
        .by(r#"{"sequence":{"inject":["an-id-of-no-event"]}}"#)
        .shows(&["status: 200", r#""ids":["an-id-of-no-event","#])
        .hostile(),
    entry("all ids change between queries", Ask::Query)
        .shows(&["status: 200", "\"ids\":["])
        .hostile()
        .also_by_state(),
    entry("limits below what clients assume", Ask::Create)
        .by(r#"{"error":{"code":"requestTooLarge"}}"#)
        .at(Site::Request, "event.create")
        .shows(&["status: 200", r#"["error",{"type":"requestTooLarge"}"#])
        .from("RFC 8620 section 2")
        .also_by_state(),
    entry("PushVerification withheld", Ask::Subscribe)
        .at(Site::Push, "push.verify")
        .by(r#""omit""#)
        .shows(&["status: 0 told"])
        .from("RFC 8620 section 7.2.2"),
    entry("PushVerification with another code", Ask::Subscribe)
        .at(Site::Push, "push.verify")
        .by(r#"{"patch":{"set":{"verificationCode":"another"}}}"#)
        .shows(&["1 told", r#""@type":"PushVerification""#, r#""verificationCode":"another""#])
        .hostile(),
    entry("StateChange dropped", Ask::Notified)
        .at(Site::Push, "push.change")
        .by(r#"{"sequence":{"drop":[0]}}"#)
        .shows(&["status: 1 told", "!StateChange"])
        .from("RFC 8620 section 7.1")
        .also_by_state(),
    entry("EventSource cut", Ask::Watch)
        .at(Site::Push, "push.event")
        .by(r#"{"abort":{"truncate":{"bytes":40}}}"#)
        .shows(&["status: 200", "event: state", "!StateChange"])
        .from("RFC 8620 section 7.3"),
];
