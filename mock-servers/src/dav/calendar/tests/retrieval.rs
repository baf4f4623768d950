//! What a report returns: expanded, limited, selected, and as free-busy time.

use super::*;
use crate::dav::calendar::{
    calendars,
    expand::expand,
    freebusy::{Answer, free_busy},
    limit::{free_busy_set, recurrence_set},
    select::{Comps, Prop, Props, Selection, Value, select},
};

/// A body without its first three lines and its last.
fn inside(octets: Vec<u8>) -> String {
    let text = text(octets);
    let inside =
        text.strip_prefix("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Example//Test//EN\r\n");
    let inside = inside.and_then(|text| text.strip_suffix("END:VCALENDAR\r\n"));
    inside.expect("a calendar").replace("\r\n", "\n")
}

const SERIES: &str = "BEGIN:VTIMEZONE\nTZID:Europe/Berlin\nBEGIN:STANDARD\nDTSTART:19701025T030000\nTZOFFSETFROM:+0200\nTZOFFSETTO:+0100\nEND:STANDARD\nEND:VTIMEZONE
    BEGIN:VEVENT\nUID:u1\nDTSTAMP:20260101T000000Z\nDTSTART;TZID=Europe/Berlin:20260414T100000\nDTEND;TZID=Europe/Berlin:20260414T110000
    RRULE:FREQ=DAILY;COUNT=5\nEXDATE;TZID=Europe/Berlin:20260416T100000\nSUMMARY:a\nX-ODD;TZID=Europe/Berlin:20260401T000000\nEND:VEVENT
    BEGIN:VEVENT\nUID:u1\nRECURRENCE-ID;TZID=Europe/Berlin:20260415T100000\nDTSTART;TZID=Europe/Berlin:20260420T120000\nDURATION:PT2H\nSUMMARY:b\nEND:VEVENT";

#[test]
fn each_instance_is_expanded_in_utc() {
    let object = object(SERIES);
    let expanded = expand(&object, &range("20260414T120000Z/20260421T000000Z"), &Zone::utc());
    let expect = "BEGIN:VEVENT\nUID:u1\nDTSTAMP:20260101T000000Z\nDTSTART:20260417T080000Z\nDTEND:20260417T090000Z\nSUMMARY:a\nX-ODD:20260331T220000Z\nRECURRENCE-ID:20260417T080000Z\nEND:VEVENT
BEGIN:VEVENT\nUID:u1\nDTSTAMP:20260101T000000Z\nDTSTART:20260418T080000Z\nDTEND:20260418T090000Z\nSUMMARY:a\nX-ODD:20260331T220000Z\nRECURRENCE-ID:20260418T080000Z\nEND:VEVENT
BEGIN:VEVENT\nUID:u1\nRECURRENCE-ID:20260415T080000Z\nDTSTART:20260420T100000Z\nDURATION:PT2H\nSUMMARY:b\nEND:VEVENT\n";
    assert_eq!(inside(expanded.expect("few instances")), expect);
}

#[test]
fn an_expansion_that_grows_out_of_proportion_is_refused() {
    let long = event(&format!(
        "DTSTART:20260414T100000Z\nRRULE:FREQ=DAILY\nDESCRIPTION:{}",
        "x".repeat(100_000)
    ));
    let upto = |range_: &str| expand(&long, &range(range_), &Zone::utc()).is_ok();
    assert!(upto("20260414T000000Z/20260614T000000Z"));
    assert!(!upto("20260414T000000Z/20270414T000000Z"));
}

#[test]
fn days_stay_days_and_one_event_alone_has_no_recurrence_id() {
    let days = event("DTSTART;VALUE=DATE:20260414\nDTEND;VALUE=DATE:20260416\nRRULE:FREQ=WEEKLY");
    let expanded = expand(&days, &range("20260422T000000Z/20260423T000000Z"), &Zone::utc());
    assert_eq!(
        inside(expanded.expect("few instances")),
        "BEGIN:VEVENT\nUID:u1\nDTSTART;VALUE=DATE:20260421\nDTEND;VALUE=DATE:20260423\nRECURRENCE-ID;VALUE=DATE:20260421\nEND:VEVENT\n"
    );
    let once = event("DTSTART;TZID=Europe/Berlin:20260414T100000\nDURATION:PT1H");
    let expanded = expand(&once, &range("20260414T000000Z/20260415T000000Z"), &Zone::utc());
    assert_eq!(
        inside(expanded.expect("few instances")),
        "BEGIN:VEVENT\nUID:u1\nDTSTART:20260414T080000Z\nDURATION:PT1H\nEND:VEVENT\n"
    );
    let none = expand(&once, &range("20260415T000000Z/20260416T000000Z"), &Zone::utc());
    assert_eq!(inside(none.expect("few instances")), "");
    let period =
        event("DTSTART:20260414T100000Z\nDURATION:PT1H\nRDATE;VALUE=PERIOD:20260415T100000Z/PT3H");
    let expanded = expand(&period, &range("20260415T000000Z/20260416T000000Z"), &Zone::utc());
    assert_eq!(
        inside(expanded.expect("few instances")),
        "BEGIN:VEVENT\nUID:u1\nDTSTART:20260415T100000Z\nRECURRENCE-ID:20260415T100000Z\nDTEND:20260415T130000Z\nEND:VEVENT\n"
    );
}

#[test]
fn overrides_are_limited_to_those_that_stand_or_stood_in_the_range() {
    let object = object(SERIES);
    let has_override = |asked: &str| {
        text(recurrence_set(&object, &range(asked), &Zone::utc())).contains("SUMMARY:b")
    };
    assert!(has_override("20260415T080000Z/20260415T081500Z"), "where it stood");
    assert!(has_override("20260420T110000Z/20260420T111500Z"), "where it stands");
    assert!(!has_override("20260418T000000Z/20260419T000000Z"));
    let rest = recurrence_set(&object, &range("20260418T000000Z/20260419T000000Z"), &Zone::utc());
    let at = body(SERIES).find("BEGIN:VEVENT\r\nUID:u1\r\nRECURRENCE-ID").expect("an override");
    assert_eq!(text(rest), format!("{}END:VCALENDAR\r\n", &body(SERIES)[..at]));
}

#[test]
fn free_busy_periods_are_limited_to_a_range() {
    let busy = object(&component(
        "VFREEBUSY",
        "FREEBUSY:20260415T100000Z/PT1H,20260416T100000Z/PT1H\nFREEBUSY;FBTYPE=FREE:20260417T100000Z/PT1H",
    ));
    let limited = free_busy_set(&busy, &range("20260416T000000Z/20260417T000000Z"), &Zone::utc());
    assert_eq!(
        inside(limited),
        "BEGIN:VFREEBUSY\nUID:u1\nFREEBUSY:20260416T100000Z/PT1H\nEND:VFREEBUSY\n"
    );
}

#[test]
fn parts_are_selected_by_name_and_without_value() {
    let octets = body(SERIES);
    let calendar = calendars(octets.as_bytes()).expect("a calendar").remove(0);
    let prop = |name: &str, value| Prop { name: name.to_owned(), value };
    let selection = Selection {
        name: "VCALENDAR".to_owned(),
        props: Props::Named(vec![prop("version", Value::Wanted)]),
        comps: Comps::Named(vec![Selection {
            name: "vevent".to_owned(),
            props: Props::Named(vec![prop("UID", Value::Wanted), prop("DTSTART", Value::Left)]),
            comps: Comps::All,
        }]),
    };
    let selected = text(select(octets.as_bytes(), &calendar, &selection)).replace("\r\n", "\n");
    let event = "BEGIN:VEVENT\nUID:u1\nDTSTART;TZID=Europe/Berlin:\nEND:VEVENT\n";
    assert_eq!(selected, format!("BEGIN:VCALENDAR\nVERSION:2.0\n{event}{event}END:VCALENDAR\n"));
    let all = Selection { name: "VCALENDAR".to_owned(), props: Props::All, comps: Comps::All };
    assert_eq!(text(select(octets.as_bytes(), &calendar, &all)), octets);
}

#[test]
fn busy_time_is_joined_by_kind_and_cut_to_the_range() {
    let timed = |start: &str, end: &str, more: &str| {
        event(&format!("DTSTART:20260416T{start}Z\nDTEND:20260416T{end}Z\n{more}"))
    };
    let objects = [
        timed("100000", "110000", ""),
        timed("103000", "113000", "STATUS:CONFIRMED"),
        timed("113000", "114500", "TRANSP:OPAQUE"),
        timed("130000", "140000", "TRANSP:TRANSPARENT"),
        timed("140000", "150000", "STATUS:CANCELLED"),
        timed("110000", "120000", "STATUS:TENTATIVE"),
        timed("233000", "234500", "RRULE:FREQ=DAILY"),
        event("DTSTART:20260416T200000Z"),
        event("DTSTART;VALUE=DATE:20260418"),
        object(&component(
            "VFREEBUSY",
            "FREEBUSY;FBTYPE=BUSY-UNAVAILABLE:20260416T060000Z/PT4H\nFREEBUSY;FBTYPE=FREE:20260416T160000Z/PT1H",
        )),
        object(&component("VTODO", "DTSTART:20260416T080000Z\nDUE:20260416T090000Z")),
    ];
    let answer = Answer {
        product: "-//Example//Server//EN",
        stamp: "20260101T000000Z",
        method: None,
        lines: &[],
    };
    let berlin = Zone::named("Europe/Berlin").expect("a zone");
    let busy = free_busy(&objects, &range("20260416T080000Z/20260418T120000Z"), &berlin, &answer);
    assert_eq!(
        busy.expect("few instances").replace("\r\n", "\n"),
        "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//Example//Server//EN\nBEGIN:VFREEBUSY\nDTSTAMP:20260101T000000Z
DTSTART:20260416T080000Z\nDTEND:20260418T120000Z
FREEBUSY:20260416T100000Z/PT1H45M\nFREEBUSY:20260416T233000Z/PT15M\nFREEBUSY:20260417T220000Z/PT14H
FREEBUSY;FBTYPE=BUSY-UNAVAILABLE:20260416T080000Z/PT2H
FREEBUSY;FBTYPE=BUSY-TENTATIVE:20260416T110000Z/PT1H
END:VFREEBUSY\nEND:VCALENDAR\n"
    );
    let none = free_busy(&[], &range("20260416T080000Z/20260418T120000Z"), &berlin, &answer);
    assert!(!none.expect("few instances").contains("FREEBUSY:"));
}
