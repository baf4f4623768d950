//! Checks of what calendar-query selects by time (RFC 4791, section 9.9).

use super::context::Dav;
use super::select::{Object, case};
use crate::check::{Check, Verdict, row};

/// 10 March 2026.
const DAY: &str = "<C:comp-filter name=\"VEVENT\"><C:time-range start=\"20260310T000000Z\" \
                   end=\"20260311T000000Z\"/></C:comp-filter>";
const DAY_OF_TODOS: &str = "<C:comp-filter name=\"VTODO\"><C:time-range start=\"20260310T000000Z\" \
                            end=\"20260311T000000Z\"/></C:comp-filter>";

const PLAIN: &[Object] = &[
    ("before", "VEVENT", &[&["DTSTART:20260309T220000Z", "DTEND:20260310T000000Z"]]),
    ("into", "VEVENT", &[&["DTSTART:20260309T220000Z", "DTEND:20260310T000001Z"]]),
    ("within", "VEVENT", &[&["DTSTART:20260310T090000Z", "DTEND:20260310T100000Z"]]),
    ("over", "VEVENT", &[&["DTSTART:20260301T090000Z", "DTEND:20260401T100000Z"]]),
    ("out", "VEVENT", &[&["DTSTART:20260310T235959Z", "DTEND:20260311T100000Z"]]),
    ("after", "VEVENT", &[&["DTSTART:20260311T000000Z", "DTEND:20260311T100000Z"]]),
];

const DURATIONS: &[Object] = &[
    ("into", "VEVENT", &[&["DTSTART:20260309T230000Z", "DURATION:PT1H30M"]]),
    ("short", "VEVENT", &[&["DTSTART:20260309T230000Z", "DURATION:PT1H"]]),
    ("days", "VEVENT", &[&["DTSTART:20260301T230000Z", "DURATION:P2W"]]),
];

const MOMENTS: &[Object] = &[
    ("start", "VEVENT", &[&["DTSTART:20260310T000000Z"]]),
    ("within", "VEVENT", &[&["DTSTART:20260310T120000Z", "DURATION:PT0S"]]),
    ("end", "VEVENT", &[&["DTSTART:20260311T000000Z"]]),
    ("before", "VEVENT", &[&["DTSTART:20260309T235959Z"]]),
];

/// A range within the day, so that no zone of floating time makes a difference.
const NOON: &str = "<C:comp-filter name=\"VEVENT\"><C:time-range start=\"20260310T110000Z\" \
                    end=\"20260310T120000Z\"/></C:comp-filter>";

const ALL_DAY: &[Object] = &[
    ("day", "VEVENT", &[&["DTSTART;VALUE=DATE:20260310"]]),
    ("days", "VEVENT", &[&["DTSTART;VALUE=DATE:20260308", "DTEND;VALUE=DATE:20260312"]]),
    ("ended", "VEVENT", &[&["DTSTART;VALUE=DATE:20260307", "DTEND;VALUE=DATE:20260309"]]),
    ("later", "VEVENT", &[&["DTSTART;VALUE=DATE:20260312"]]),
];

const RECURRING: &[Object] = &[
    ("daily", "VEVENT", &[&["DTSTART:20260101T090000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY"]]),
    (
        "ended",
        "VEVENT",
        &[&[
            "DTSTART:20260101T090000Z",
            "DURATION:PT1H",
            "RRULE:FREQ=DAILY;UNTIL=20260309T090000Z",
        ]],
    ),
    (
        "counted",
        "VEVENT",
        &[&["DTSTART:20260308T090000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY;COUNT=3"]],
    ),
    (
        "too-few",
        "VEVENT",
        &[&["DTSTART:20260308T090000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY;COUNT=2"]],
    ),
    (
        "weekly",
        "VEVENT",
        &[&["DTSTART:20260106T090000Z", "DURATION:PT1H", "RRULE:FREQ=WEEKLY;BYDAY=TU"]],
    ),
    (
        "other-day",
        "VEVENT",
        &[&["DTSTART:20260107T090000Z", "DURATION:PT1H", "RRULE:FREQ=WEEKLY;BYDAY=WE"]],
    ),
];

const EXCLUDED: &[Object] = &[
    (
        "excluded",
        "VEVENT",
        &[&[
            "DTSTART:20260309T090000Z",
            "DURATION:PT1H",
            "RRULE:FREQ=DAILY;COUNT=3",
            "EXDATE:20260310T090000Z",
        ]],
    ),
    (
        "kept",
        "VEVENT",
        &[&[
            "DTSTART:20260309T090000Z",
            "DURATION:PT1H",
            "RRULE:FREQ=DAILY;COUNT=3",
            "EXDATE:20260311T090000Z",
        ]],
    ),
];

const DATES: &[Object] = &[
    (
        "dated",
        "VEVENT",
        &[&["DTSTART:20260101T090000Z", "DURATION:PT1H", "RDATE:20260310T150000Z"]],
    ),
    (
        "undated",
        "VEVENT",
        &[&["DTSTART:20260101T090000Z", "DURATION:PT1H", "RDATE:20260312T150000Z"]],
    ),
];

const OVERRIDDEN: &[Object] = &[
    (
        "moved-in",
        "VEVENT",
        &[
            &["DTSTART:20260301T090000Z", "DURATION:PT1H", "RRULE:FREQ=WEEKLY;COUNT=4"],
            &["RECURRENCE-ID:20260308T090000Z", "DTSTART:20260310T090000Z", "DURATION:PT1H"],
        ],
    ),
    (
        "moved-out",
        "VEVENT",
        &[
            &["DTSTART:20260303T090000Z", "DURATION:PT1H", "RRULE:FREQ=WEEKLY;COUNT=4"],
            &["RECURRENCE-ID:20260310T090000Z", "DTSTART:20260312T090000Z", "DURATION:PT1H"],
        ],
    ),
];

const TODOS: &[Object] = &[
    ("due", "VTODO", &[&["DUE:20260310T090000Z"]]),
    ("late", "VTODO", &[&["DUE:20260312T090000Z"]]),
    ("both", "VTODO", &[&["DTSTART:20260301T090000Z", "DUE:20260320T090000Z"]]),
    ("starts", "VTODO", &[&["DTSTART:20260310T090000Z"]]),
    ("started", "VTODO", &[&["DTSTART:20260309T090000Z"]]),
    ("lasts", "VTODO", &[&["DTSTART:20260309T090000Z", "DURATION:P1D"]]),
    ("undated", "VTODO", &[&["SUMMARY:Some day"]]),
];

const COMPLETED: &[Object] = &[
    ("done", "VTODO", &[&["COMPLETED:20260310T090000Z"]]),
    ("long-done", "VTODO", &[&["COMPLETED:20260301T090000Z"]]),
    ("new", "VTODO", &[&["CREATED:20260309T090000Z"]]),
    ("newer", "VTODO", &[&["CREATED:20260312T090000Z"]]),
];

const ZONED: &[Object] = &[
    // 00:30 in Tokyo is the afternoon of the day before in UTC.
    ("tokyo", "VEVENT", &[&["DTSTART;TZID=Asia/Tokyo:20260311T003000", "DURATION:PT1H"]]),
    (
        "tokyo-day-before",
        "VEVENT",
        &[&["DTSTART;TZID=Asia/Tokyo:20260310T003000", "DURATION:PT1H"]],
    ),
];

const ALARM: &str = "<C:comp-filter name=\"VEVENT\"><C:comp-filter name=\"VALARM\"><C:time-range \
                     start=\"20260310T085000Z\" end=\"20260310T085500Z\"/></C:comp-filter></C:comp-filter>";
const ALARMS: &[Object] = &[
    (
        "rings",
        "VEVENT",
        &[&[
            "DTSTART:20260310T090000Z",
            "BEGIN:VALARM",
            "ACTION:DISPLAY",
            "DESCRIPTION:x",
            "TRIGGER:-PT10M",
            "END:VALARM",
        ]],
    ),
    (
        "later",
        "VEVENT",
        &[&[
            "DTSTART:20260310T090000Z",
            "BEGIN:VALARM",
            "ACTION:DISPLAY",
            "DESCRIPTION:x",
            "TRIGGER:-PT5M",
            "END:VALARM",
        ]],
    ),
];

pub(super) fn checks() -> Vec<Check<Dav>> {
    let mut checks = vec![
        case! {
            Must, "range.plain", "events that overlap, ends excluded", "RFC 4791 9.9", PLAIN, DAY,
            &["into", "out", "over", "within"]
        },
        case! {
            Must, "range.duration", "events with DURATION", "RFC 4791 9.9", DURATIONS, DAY,
            &["days", "into"]
        },
        case! {
            Must, "range.moment", "events without a length", "RFC 4791 9.9", MOMENTS, DAY,
            &["start", "within"]
        },
        case! {
            Must, "range.all-day", "all-day events", "RFC 4791 9.9", ALL_DAY, NOON,
            &["day", "days"]
        },
        case! {
            Must, "range.recurring", "recurring events", "RFC 4791 9.9", RECURRING, DAY,
            &["counted", "daily", "weekly"]
        },
        case! {
            Must, "range.exdate", "an excluded instance does not count", "RFC 4791 9.9", EXCLUDED,
            DAY, &["kept"]
        },
        case! {
            Must, "range.rdate", "an instance by RDATE counts", "RFC 4791 9.9", DATES, DAY,
            &["dated"]
        },
        case! {
            Must, "range.override", "an overridden instance counts where it was moved to",
            "RFC 4791 9.9", OVERRIDDEN, DAY, &["moved-in"]
        },
        case! {
            Must, "range.zone", "events in a time zone", "RFC 4791 9.9", ZONED, DAY, &["tokyo"]
        },
        case! {
            Must, "range.todo", "tasks by start, due and duration", "RFC 4791 9.9", TODOS,
            DAY_OF_TODOS, &["both", "due", "lasts", "starts", "undated"]
        },
        case! {
            Must, "range.todo-completed", "tasks by completion and creation", "RFC 4791 9.9",
            COMPLETED, DAY_OF_TODOS, &["done", "new"]
        },
        case! {
            Should, "range.alarm", "events by the time of an alarm", "RFC 4791 9.9", ALARMS,
            ALARM, &["rings"]
        },
        case! {
            Must, "range.start-only", "a range without an end", "RFC 4791 9.9", PLAIN,
            "<C:comp-filter name=\"VEVENT\"><C:time-range start=\"20260310T120000Z\"/></C:comp-filter>",
            &["after", "out", "over"]
        },
        case! {
            Must, "range.end-only", "a range without a start", "RFC 4791 9.9", PLAIN,
            "<C:comp-filter name=\"VEVENT\"><C:time-range end=\"20260310T000000Z\"/></C:comp-filter>",
            &["before", "into", "over"]
        },
        case! {
            Must, "range.with-text", "a time and a text have both to hold", "RFC 4791 9.7.1",
            TITLED,
            "<C:comp-filter name=\"VEVENT\"><C:time-range start=\"20260310T000000Z\" end=\"20260311T000000Z\"/>\
            <C:prop-filter name=\"SUMMARY\"><C:text-match>yes</C:text-match></C:prop-filter></C:comp-filter>",
            &["right"]
        },
        case! {
            Must, "range.property", "a time of a property", "RFC 4791 9.7.2", TITLED,
            "<C:comp-filter name=\"VEVENT\"><C:prop-filter name=\"DTSTART\"><C:time-range start=\"20260312T000000Z\" \
            end=\"20260313T000000Z\"/></C:prop-filter></C:comp-filter>", &["other-day"]
        },
    ];
    checks.push(
        row! { Must, "range.local", "a range in local time is refused", "RFC 4791 9.9", local },
    );
    checks
}

const TITLED: &[Object] = &[
    ("right", "VEVENT", &[&["DTSTART:20260310T090000Z", "DURATION:PT1H", "SUMMARY:Yes"]]),
    ("wrong", "VEVENT", &[&["DTSTART:20260310T090000Z", "DURATION:PT1H", "SUMMARY:No"]]),
    ("other-day", "VEVENT", &[&["DTSTART:20260312T090000Z", "DURATION:PT1H", "SUMMARY:Yes"]]),
];

async fn local(dav: &Dav) -> Verdict {
    let at = dav.collection().await?;
    let filter = "<C:filter><C:comp-filter name=\"VCALENDAR\"><C:comp-filter name=\"VEVENT\">\
                  <C:time-range start=\"20260310T000000\" end=\"20260311T000000\"/></C:comp-filter>\
                  </C:comp-filter></C:filter>";
    let body = super::reports::query_xml(dav.kind, "<D:getetag/>", filter);
    // CALDAV:valid-filter of RFC 4791, section 7.8: start and end are in UTC.
    dav.report_reply(&at, "1", &body).await?.refused("a range that is not in UTC")
}
