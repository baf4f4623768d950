//! CalDAV and CardDAV: RFC 4918, 4791, 6352, 6578, 6638.

use super::{Ask, Entry};
use crate::faults::Site;
use crate::server::Protocol;

const fn entry(code: &'static str, ask: Ask) -> Entry {
    Entry::new(Protocol::Dav, code, ask)
}

/// An answer to a PUT of a new resource.
const fn put(code: &'static str, what: &'static str, shows: &'static [&'static str]) -> Entry {
    entry(code, Ask::Create).at(Site::Item, "event.create").by(what).shows(shows)
}

/// A part of the answer to a multiget.
const fn many(code: &'static str, what: &'static str, shows: &'static [&'static str]) -> Entry {
    entry(code, Ask::ReadMany)
        .at(Site::Item, "event.get")
        .by(what)
        .shows(shows)
        .from("RFC 4791 section 7.9")
}

/// A whole multistatus.
const fn whole(code: &'static str, what: &'static str, shows: &'static [&'static str]) -> Entry {
    entry(code, Ask::ReadMany)
        .at(Site::Response, "event.get")
        .by(what)
        .shows(shows)
        .from("RFC 4918 section 13")
}

/// An answer to sync-collection.
const fn sync(code: &'static str, what: &'static str, shows: &'static [&'static str]) -> Entry {
    entry(code, Ask::Changes).at(Site::Feed, "feed.changes").by(what).shows(shows).from(SYNC)
}

const SYNC: &str = "RFC 6578 section 3";
const STORE: &str = "RFC 4791 section 5.3.2.1";
const ETAGS: &str = "RFC 4791 section 5.3.4";
const HINTS: &str =
    "https://github.com/python-caldav/caldav/blob/master/caldav/compatibility_hints.py";

pub(super) const ENTRIES: &[Entry] = &[
    many("207 with 403 in a status", r#"{"error":{"code":"403"}}"#, &["status: 207", "HTTP/1.1 403"]),
    many("207 with 404 in a status", r#"{"error":{"code":"404"}}"#, &["status: 207", "HTTP/1.1 404"])
        .also_by_state(),
    many("207 with 503 in a status", r#"{"error":{"code":"503"}}"#, &["status: 207", "HTTP/1.1 503"]),
    whole(
        "207 with 403 in a propstat",
        r#"{"patch":{"replace":[{"find":"HTTP/1.1 200 OK","with":"HTTP/1.1 403 Forbidden"}]}}"#,
        &["status: 207", "<D:status>HTTP/1.1 403 Forbidden</D:status></D:propstat>"],
    ),
    whole(
        "207 with 503 in a propstat",
        r#"{"patch":{"replace":[{"find":"HTTP/1.1 200 OK","with":"HTTP/1.1 503 Busy"}]}}"#,
        &["status: 207", "<D:status>HTTP/1.1 503 Busy</D:status></D:propstat>"],
    ),
    entry("207 with 503 for a row of a listing", Ask::Changes)
        .at(Site::Item, "feed.changes")
        .by(r#"{"error":{"status":503}}"#)
        .shows(&["status: 207", "rows: 3", "HTTP/1.1 503"])
        .from("RFC 6578 section 3.5"),
    many("hrefs omitted from a multiget", r#""omit""#, &["status: 207", "!a.ics", "!b.ics"]).hostile(),
    whole(
        "a response with neither status nor propstat",
        r#"{"patch":{"replace":[{"find":"<D:propstat>","upto":"</D:propstat>","with":""}]}}"#,
        &["status: 207", "</D:href></D:response>"],
    )
    .hostile(),
    whole(
        "broken XML",
        r#"{"patch":{"replace":[{"find":"</D:href>","with":"<D:href>"}]}}"#,
        &["status: 207", "no XML"],
    )
    .hostile(),
    whole("cut XML", r#"{"abort":{"truncate":{"fraction":0.5}}}"#, &["broken off"])
        .from("RFC 9112 section 8"),
    entry("507 for the collection, with a token", Ask::Changes)
        .at(Site::Feed, "feed.changes")
        .by(r#"{"token":"loop"}"#)
        .shows(&[
            "status: 207", "HTTP/1.1 507", "<D:number-of-matches-within-limits/>", "<D:sync-token>urn:",
        ])
        .from("RFC 6578 section 3.6")
        .also_by_state(),
    entry("507 for the whole request", Ask::Changes)
        .at(Site::Request, "feed.changes")
        .by(r#"{"error":{"code":"number-of-matches-within-limits"}}"#)
        .shows(&["status: 507", "<D:number-of-matches-within-limits/>"])
        .from("RFC 6578 section 3.6"),
    sync("cut without 507", r#"{"cut":{"keep":0.34}}"#, &["status: 207", "rows: 1", "!507"])
        .observed(
            "https://github.com/jelmer/xandikos/blob/master/xandikos/sync.py",
        ),
    sync("valid-sync-token as 403", r#"{"token":"expire"}"#, &["status: 403", "<D:valid-sync-token/>"])
        .also_by_state(),
    sync(
        "valid-sync-token as 409",
        r#"{"error":{"code":"valid-sync-token","status":409}}"#,
        &["status: 409", "<D:valid-sync-token/>"],
    ),
    sync("412 for a sync token", r#"{"error":{"code":"412"}}"#, &["status: 412"]).hostile(),
    sync("a bare 500 for a sync token", r#"{"error":{"code":"500"}}"#, &["status: 500", "!<D:error"])
        .hostile(),
    sync("207 without an error for a bad token", r#""empty""#, &["status: 207", "rows: 0"]).hostile(),
    sync(
        "tokens of the precision of a second",
        r#"{"sequence":{"drop":[0,1,2]}}"#,
        &["status: 207", "rows: 0"],
    )
    .observed(HINTS),
    sync("deletions absent", r#"{"sequence":{"drop":[2]}}"#, &["status: 207", "rows: 2", "!HTTP/1.1 404"])
        .hostile(),
    sync(
        "the collection lists itself",
        concat!(
            r#"{"sequence":{"inject":["<D:response><D:href>/dav/calendars/owner@example.com/"#,
            r#"work/</D:href><D:propstat><D:prop/><D:status>HTTP/1.1 200 OK</D:status></D:propstat></D:response>"]}}"#,
        ),
        &["status: 207", concat!("<D:href>/dav/calendars/owner@example.com/", "work/</D:href>")],
    )
    .hostile(),
    entry("no ETag after a PUT", Ask::Create)
        .at(Site::Response, "event.create")
        .by(r#"{"patch":{"etag":"missing"}}"#)
        .shows(&["status: 201", "!etag"])
        .observed("https://github.com/nextcloud/server/issues/29875"),
    entry("a weak ETag after a PUT", Ask::Create)
        .at(Site::Response, "event.create")
        .by(r#"{"patch":{"etag":"weak"}}"#)
        .shows(&["status: 201", "etag: W/\""])
        .hostile(),
    entry("a percent-encoded ETag", Ask::Create)
        .at(Site::Response, "event.create")
        .by(r#"{"patch":{"etag":"percent-encoded"}}"#)
        .shows(&["status: 201", "etag: %22"])
        .hostile(),
    entry("an unquoted ETag", Ask::Read)
        .at(Site::Response, "event.get")
        .by(r#"{"patch":{"etag":"unquoted"}}"#)
        .shows(&["status: 200", "!etag: \"", "etag: "])
        .hostile(),
    put(
        "Schedule-Tag only, the object was rewritten",
        r#"{"patch":{"set":{"X-SERVER":"1"}}}"#,
        &["status: 201", "!etag", "schedule-tag: \"", "X-SERVER:1"],
    )
    .asking(Ask::Invite)
    .from("RFC 6638 section 3.2.10"),
    put("412 on If-Match", r#"{"error":{"code":"412"}}"#, &["status: 412"])
        .at(Site::Item, "event.update")
        .asking(Ask::Update)
        .from("RFC 9110 section 13.1.1")
        .also_by_state(),
    put("412 on If-None-Match", r#"{"error":{"code":"412"}}"#, &["status: 412"])
        .from("RFC 9110 section 13.1.2")
        .also_by_state(),
    entry("If-None-Match: * ignored", Ask::UpdateIfNone)
        .at(Site::Request, "event.update")
        .by(r#"{"patch":{"drop_headers":["if-none-match"]}}"#)
        .shows(&["status: 204"])
        .hostile(),
    entry("If-Match: * inverted", Ask::UpdateIfAny)
        .at(Site::Request, "event.update")
        .by(r#"{"patch":{"drop_headers":["if-match"],"headers":{"if-none-match":"*"}}}"#)
        .shows(&["status: 412"])
        .hostile(),
    put("a blind overwrite is answered 409", r#"{"error":{"code":"409"}}"#, &["status: 409"])
        .at(Site::Item, "event.update")
        .asking(Ask::UpdateBlindly)
        .hostile(),
    put(
        "no-uid-conflict with an href",
        r#"{"error":{"code":"no-uid-conflict","members":{"href":"/dav/calendars/owner/1/a.ics"}}}"#,
        &["status: 403", "<C:no-uid-conflict><D:href>/dav/calendars/"],
    )
    .from(STORE)
    .also_by_state(),
    put("no-uid-conflict as a bare 409", r#"{"error":{"code":"409"}}"#, &["status: 409", "!no-uid-conflict"])
        .from(STORE),
    put("no-uid-conflict as a bare 412", r#"{"error":{"code":"412"}}"#, &["status: 412", "!no-uid-conflict"])
        .hostile(),
    entry("no-uid-conflict in another namespace", Ask::Create)
        .at(Site::Item, "event.create")
        .by(r#"{"error":{"code":"no-uid-conflict","members":{"namespace":"DAV:"}}}"#)
        .shows(&["status: 403", "<D:no-uid-conflict"])
        .hostile(),
    entry("a duplicate uid is stored", Ask::Create).shows(&["status: 201"]).hostile().also_by_state(),
    put("valid-calendar-data", r#"{"error":{"code":"valid-calendar-data"}}"#, &[
        "status: 403", "<C:valid-calendar-data/>",
    ])
    .from(STORE)
    .also_by_state(),
    put("max-resource-size", r#"{"error":{"code":"max-resource-size"}}"#, &[
        "status: 403", "<C:max-resource-size/>",
    ])
    .from(STORE)
    .also_by_state(),
    put("supported-calendar-component", r#"{"error":{"code":"supported-calendar-component"}}"#, &[
        "status: 403", "<C:supported-calendar-component/>",
    ])
    .from(STORE)
    .also_by_state(),
    put(
        "423 lock-token-submitted",
        r#"{"error":{"code":"lock-token-submitted","members":{"href":"/dav/calendars/owner/1/"}}}"#,
        &["status: 423", "<D:lock-token-submitted><D:href>/dav/calendars/"],
    )
    .from("RFC 4918 section 16")
    .also_by_state(),
    put("507 quota-not-exceeded", r#"{"error":{"code":"quota-not-exceeded"}}"#, &[
        "status: 507", "<D:quota-not-exceeded/>",
    ])
    .from("RFC 4331 section 6")
    .also_by_state(),
    put("409 without a collection", r#"{"error":{"code":"409"}}"#, &["status: 409"])
        .from("RFC 4918 section 9.7.1")
        .also_by_state(),
    entry("429", Ask::Create)
        .by(r#"{"error":{"code":"429","retry_after_s":5}}"#)
        .shows(&["status: 429", "retry-after: "])
        .from("RFC 6585 section 4")
        .also_by_state(),
    put(
        "Schedule-Tag changes on a PARTSTAT-only update",
        r#"{"patch":{"headers":{"schedule-tag":"\"changed\""}}}"#,
        &["status: 204", "schedule-tag: \"changed\""],
    )
    .at(Site::Response, "event.update")
    .asking(Ask::UpdateBlindly)
    .hostile(),
    put("412 on If-Schedule-Tag-Match", r#"{"error":{"code":"412"}}"#, &["status: 412"])
        .at(Site::Item, "event.update")
        .asking(Ask::Update)
        .from("RFC 6638 section 3.2.10")
        .also_by_state(),
    put(
        "403 for a PARTSTAT",
        r#"{"error":{"code":"allowed-attendee-scheduling-object-change"}}"#,
        &["status: 403", "<C:allowed-attendee-scheduling-object-change/>"],
    )
    .from("RFC 6638 section 3.2.4.4"),
    entry("Schedule-Reply: F is read past", Ask::LeaveSilently)
        .at(Site::Request, "event.delete")
        .by(r#"{"patch":{"drop_headers":["schedule-reply"]}}"#)
        .shows(&["status: 204", "told: REPLY far@elsewhere.test"])
        .hostile(),
    put(
        "SCHEDULE-AGENT=CLIENT is read past",
        r#"{"patch":{"replace":[{"find":";SCHEDULE-AGENT=CLIENT","with":""}]}}"#,
        &["status: 201", "told: REQUEST far@elsewhere.test"],
    )
    .at(Site::Request, "event.create")
    .asking(Ask::InviteByClient)
    .hostile(),
    entry("SCHEDULE-STATUS", Ask::Read)
        .at(Site::Response, "event.get")
        .by(r#"{"patch":{"replace":[{"find":"SUMMARY:",
            "with":"ATTENDEE;SCHEDULE-STATUS=3.7:mailto:x@example.com\r\nSUMMARY:"}]}}"#)
        .shows(&["status: 200", "SCHEDULE-STATUS="])
        .from("RFC 6638 section 3.2.9")
        .also_by_state(),
    put("the server strips properties", r#"{"patch":{"drop":["DTEND"]}}"#, &["status: 201", "!etag"])
        .from(ETAGS),
    entry("the object is stored elsewhere", Ask::Create)
        .at(Site::Response, "event.create")
        .by(r#"{"patch":{"headers":{"location":"/dav/calendars/owner@example.com/other/a.ics"},"etag":"missing"}}"#)
        .shows(&["status: 201", "location: /dav/calendars/owner@example.com/other/"])
        .from("RFC 4918 section 9.7"),
    entry("a write is seen after some time", Ask::WriteThenChanges)
        .at(Site::Request, "feed.changes")
        .by(r#"{"stale":{"lag_ms":3600000}}"#)
        .shows(&["status: 207", "rows: 3"])
        .observed(HINTS),
    entry("a new calendar is missing for some time", Ask::NewCalendar)
        .by(r#"{"stale":{"lag_ms":3000}}"#)
        .shows(&["status: 201\nstatus: 404\n"])
        .observed(HINTS),
];
