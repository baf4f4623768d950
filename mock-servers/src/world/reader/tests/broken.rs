//! Broken files: an error with a place, or the rest read and the broken part reported.

use super::*;

const GOOD: &str = "BEGIN:VEVENT\nUID:good\nDTSTART:20260416T100000Z\nEND:VEVENT";

#[test]
fn files_without_an_event_are_refused_with_the_first_thing_that_is_wrong() {
    refused("", 1, 1, "the file is empty");
    refused(" \r\n\t\n", 1, 1, "the file is empty");
    refused("hello", 1, 1, "a line without a colon, so neither property nor fold");
    refused("A:b\n", 1, 1, "A outside of any component");
    refused(&calendar(""), 1, 1, "a VCALENDAR without an event");
    refused("BEGIN:VEVENT\nEND:VEVENT\n", 1, 1, "VEVENT outside of a VCALENDAR");
    refused(&calendar("BEGIN:VTODO\nEND:VTODO"), 3, 1, "VTODO is no event");
    refused(&calendar("BEGIN:VEVENT\nEND:VEVENT"), 3, 1, "an event without UID");
    refused(&calendar("BEGIN:VEVENT\nUID:\nEND:VEVENT"), 3, 1, "an event without UID");
    refused(&calendar(&vevent("")), 3, 1, "an event without DTSTART");
    refused(
        &calendar(&vevent("DTSTART;X=\n y:tomorrow")),
        6,
        4,
        "DTSTART: `tomorrow` is neither a date nor a date with a time",
    );
    refused(
        &calendar(&vevent("DTSTART:20260416T100000Z\nRRULE:FREQ=OFTEN")),
        6,
        7,
        "RRULE: FREQ=OFTEN is no frequency",
    );
    refused(
        &calendar(&vevent("DTSTART:20260416\nRRULE:FREQ=DAILY\nRRULE:FREQ=WEEKLY")),
        7,
        7,
        "RRULE: a second rule",
    );
    refused(
        &calendar(&vevent("DTSTART:20260416\nEXRULE:FREQ=DAILY")),
        6,
        8,
        "EXRULE: rules that leave out occurrences are not read",
    );
    let utf16: Vec<u8> = [0xFF, 0xFE, b'B', 0].to_vec();
    let refused = read(&utf16).expect_err("unreadable");
    assert_eq!(refused.to_string(), "line 1, column 1: the file is UTF-16; iCalendar is UTF-8");
}

/// The one good event is read, and what is wrong around it is reported.
#[track_caller]
fn reported(text: &str, line: u64, uid: Option<&str>, reason: &str) {
    let read = read(text.as_bytes()).expect("readable");
    let uids: Vec<_> = read.events.iter().map(|event| event.uid.as_str()).collect();
    assert_eq!(uids, ["good"]);
    assert_eq!(read.skipped, [skipped(line, uid, reason)]);
}

#[test]
fn a_broken_component_does_not_spoil_the_others() {
    reported(
        &calendar(&format!("{GOOD}\n{}", vevent("DTSTART:1"))),
        9,
        Some("u1"),
        "DTSTART: `1` is neither a date nor a date with a time",
    );
    reported(
        &calendar(&format!("{GOOD}\nBEGIN:VTODO\nUID:t\nEND:VTODO")),
        7,
        Some("t"),
        "VTODO is no event",
    );
    reported(&calendar(&format!("{GOOD}\nEND:VEVENT")), 7, None, "END:VEVENT without its BEGIN");
    reported(
        &calendar(&format!("no colon\n{GOOD}")),
        3,
        None,
        "a line without a colon, so neither property nor fold",
    );
    reported(&format!("BEGIN:VCALENDAR\n{GOOD}\n"), 1, None, "BEGIN:VCALENDAR without its END");
    reported(
        &calendar(&GOOD.replace("DTSTART", "X;y\nDTSTART")),
        5,
        None,
        "parameters without a colon behind them",
    );
}

#[test]
fn a_file_that_breaks_off_inside_an_event_does_not_give_half_of_it() {
    let text =
        format!("BEGIN:VCALENDAR\n{GOOD}\nBEGIN:VEVENT\nUID:half\nDTSTART:20260416T100000Z\nRRU");
    let read = read(text.as_bytes()).expect("readable");
    assert_eq!(read.events.len(), 1);
    assert_eq!(
        read.skipped,
        [
            skipped(1, None, "BEGIN:VCALENDAR without its END"),
            skipped(6, None, "BEGIN:VEVENT without its END"),
            skipped(6, Some("half"), "an event that is not closed, so that its end is missing"),
            skipped(9, None, "a line without a colon, so neither property nor fold"),
        ]
    );
}

#[test]
fn broken_properties_are_reported_and_the_event_stays() {
    let read = all(&vevent(
        "DTSTART:20260416T100000Z
DTEND:20260416T090000Z
STATUS:MAYBE
PRIORITY:11
GEO:north
SEQUENCE:x
EXDATE:20260417T1000
RDATE:20260417T100000Z/-PT1H
BEGIN:VALARM
ACTION:PROCEDURE
TRIGGER:-PT5M
END:VALARM
BEGIN:VALARM
TRIGGER:soon
END:VALARM",
    ));
    let found: Vec<String> = read.skipped.iter().map(ToString::to_string).collect();
    assert_eq!(
        found,
        [
            "line 6: DTEND: an end before the start; read as none",
            "line 7: STATUS: `MAYBE` is no status of an event",
            "line 8: PRIORITY: `11` is no priority from 0 to 9",
            "line 9: GEO: `NORTH` is no place on the globe",
            "line 10: SEQUENCE: `X` is no sequence number",
            "line 11: EXDATE: `20260417T1000` is neither a date nor a date with a time",
            "line 12: RDATE: a period that ends before it starts",
            "line 13: an alarm that does `PROCEDURE`",
            "line 18: TRIGGER: `soon` is no time for an alarm",
        ]
    );
    assert_eq!(read.events[0].end, read.events[0].start);
}

#[test]
fn octets_that_are_no_utf8_are_reported() {
    let text = calendar(&GOOD.replace("END:VEVENT", "SUMMARY:B\u{1}ro\nEND:VEVENT"));
    let octets: Vec<u8> = text.bytes().map(|byte| if byte == 1 { 0xFC } else { byte }).collect();
    let read = read(&octets).expect("readable");
    assert_eq!(read.events[0].title, "B\u{fffd}ro");
    let what = "octets that are no UTF-8; they are read as U+FFFD";
    assert_eq!(read.skipped, [skipped(6, None, what)]);
}

#[test]
fn nesting_is_bounded_and_what_is_inside_is_passed_over() {
    let deep = 100_000;
    let text = format!("{}{}", "BEGIN:X-A\n".repeat(deep), "END:X-A\n".repeat(deep));
    reported(
        &calendar(&format!("{text}{GOOD}")),
        18,
        None,
        "components nested deeper than is read",
    );
    let open = "BEGIN:VCALENDAR\n".repeat(deep);
    let refused = read(open.as_bytes()).expect_err("unreadable");
    assert_eq!((refused.line, refused.column), (1, 1));
}

#[test]
fn faults_are_kept_up_to_a_number() {
    let text = calendar(&format!("{}{GOOD}", "x\n".repeat(50_000)));
    let read = read(text.as_bytes()).expect("readable");
    assert_eq!(read.skipped.len(), 10_000);
}
