//! What may be stored, and the precondition that refuses the rest (RFC 4791 section 5.3.2.1).

use super::*;
use crate::{
    dav::calendar::{Breach, Invalid, Kind, Stamp, sound},
    world::calendars,
};

const EVENT: &str = "BEGIN:VEVENT\nUID:u1\nDTSTART:20260416T100000Z\nEND:VEVENT";

#[track_caller]
fn refused(lines: &str, precondition: &str, message: &str) {
    let invalid = CalendarObject::read(body(lines)).expect_err("refused");
    assert_eq!((invalid.precondition(), invalid.to_string().as_str()), (precondition, message));
}

#[test]
fn a_time_zone_of_a_calendar_stands_alone() {
    let zone = "BEGIN:VTIMEZONE\nTZID:Europe/Berlin\nBEGIN:STANDARD\nDTSTART:19701025T030000\n\
                TZOFFSETFROM:+0200\nTZOFFSETTO:+0100\nEND:STANDARD\nEND:VTIMEZONE\n";
    assert!(Zone::vtimezone(body(zone).as_bytes()).is_some());
    let event = component("VEVENT", "DTSTART:20260416T100000Z");
    for lines in [
        format!("{zone}{event}"),
        format!("{zone}{zone}"),
        event,
        "BEGIN:VTIMEZONE\nTZID:Europe/Berlin\nEND:VTIMEZONE\n".to_owned(),
    ] {
        assert!(Zone::vtimezone(body(&lines).as_bytes()).is_none(), "{lines}");
    }
}

#[test]
fn an_object_is_read_with_its_octets_places_and_parts() {
    let text = body(
        "BEGIN:VTIMEZONE\nTZID:X\nBEGIN:STANDARD\nDTSTART:19700101T000000\nTZOFFSETFROM:+0130
         TZOFFSETTO:+0130\nEND:STANDARD\nEND:VTIMEZONE
         BEGIN:VEVENT\nUID:a\\,b\nDTSTART;TZID=X:20260416T100000\nRRULE:FREQ=DAILY\nEND:VEVENT
         BEGIN:VEVENT\nUID:a\\,b\nRECURRENCE-ID;TZID=X:20260417T100000
         DTSTART;TZID=X:20260417T110000\nEND:VEVENT",
    );
    let object = CalendarObject::read(text.clone()).expect("an object");
    assert_eq!(object.octets(), text.as_bytes());
    assert_eq!((object.uid(), object.kind()), ("a,b", &Kind::Event));
    assert_eq!((object.overrides().count(), object.timezones().count()), (1, 1));
    let master = object.master().expect("a master");
    let start = master.property("DTSTART").expect("a start");
    assert_eq!(start.params, [("TZID".to_owned(), vec!["X".to_owned()])]);
    assert_eq!(object.slice(start.range.clone()), b"DTSTART;TZID=X:20260416T100000\r\n");
    assert!(object.slice(master.range.clone()).starts_with(b"BEGIN:VEVENT\r\nUID:a"));
    assert!(object.slice(master.range.clone()).ends_with(b"RRULE:FREQ=DAILY\r\nEND:VEVENT\r\n"));
    let local = Stamp::Zoned("2026-04-16T10:00:00".parse().expect("a time"), "X".to_owned());
    // 08:30 in UTC, by the body's own rules.
    assert_eq!(object.clock(&Zone::utc()).instant(&local), 1_776_328_200);
}

#[test]
fn a_component_ends_after_it_begins_and_says_once_what_it_says() {
    let at = |lines: &str| component("VEVENT", &format!("{lines}\nSUMMARY:x"));
    for (lines, wrong) in [
        ("DTSTART:20260416T100000Z\nDTEND;VALUE=DATE:20260417", "another type"),
        ("DTSTART;VALUE=DATE:20260416\nDTEND:20260417T100000Z", "another type"),
        ("DTSTART:20260416T100000Z\nDTEND:20260416T095959Z", "before DTSTART"),
        ("DTSTART:20260416T100000Z\nDURATION:-PT1H", "no length of time"),
        ("DTSTART:20260416T100000Z\nDURATION:P1DT", "no length of time"),
        ("DTSTART;VALUE=DATE:20260416\nDURATION:PT1H", "with a time"),
        ("DTSTART:20260416T100000Z\nDURATION:PT1H\nDURATION:PT1H", "more than one"),
        ("DTSTART:20260416T100000Z\nSUMMARY:y", "more than one"),
    ] {
        let object = CalendarObject::read(body(&at(lines))).expect(lines);
        let invalid = sound(&object).expect_err(lines);
        assert_eq!(invalid.precondition(), "valid-calendar-data", "{lines}");
        assert!(invalid.to_string().contains(wrong), "{lines}: {invalid}");
    }
    for lines in [
        "DTSTART:20260416T100000Z\nDTEND:20260416T100000Z",
        "DTSTART:20260416T100000Z\nDTEND;TZID=America/New_York:20260416T070000",
        "DTSTART;VALUE=DATE:20260416\nDURATION:P1D",
        "DTSTART:20260416T100000Z\nCOMMENT:a\nCOMMENT:b",
    ] {
        let object = CalendarObject::read(body(&at(lines))).expect(lines);
        assert!(sound(&object).is_ok(), "{lines}");
    }
}

#[test]
fn a_folded_line_keeps_the_range_of_all_its_lines() {
    let body = body("BEGIN:VEVENT\nUID:u1\nDTSTART:20260416T100000Z\nEND:VEVENT")
        .replace("UID:u1\r\n", "UID:u\r\n 1\r\nSUMMARY:a\r\n\tb\r\n");
    let object = CalendarObject::read(body).expect("an object");
    assert_eq!(object.uid(), "u1");
    let summary = object.master().and_then(|master| master.property("SUMMARY")).expect("a title");
    assert_eq!(
        (summary.text(), object.slice(summary.range.clone())),
        ("ab".to_owned(), &b"SUMMARY:a\r\n\tb\r\n"[..])
    );
}

#[test]
fn what_is_no_icalendar_is_refused_with_its_place() {
    let data = "valid-calendar-data";
    for (octets, message) in [
        (&b""[..], "line 1, column 1: no BEGIN:VCALENDAR"),
        (b"hello", "line 1, column 1: a line without a colon, so neither property nor fold"),
        (b"BEGIN:VCARD\nEND:VCARD\n", "line 1, column 1: VCARD outside of a VCALENDAR"),
        (b"BEGIN:VCALENDAR\n", "line 1, column 1: BEGIN:VCALENDAR without its END"),
    ] {
        let invalid = CalendarObject::read(octets.to_vec()).expect_err("refused");
        assert_eq!((invalid.precondition(), invalid.to_string().as_str()), (data, message));
    }
    refused(
        &component("VEVENT", "DTSTART:soon"),
        data,
        "line 6, column 9: DTSTART: `soon` is neither a date nor a date with a time",
    );
    refused(
        &component("VEVENT", "DTSTART:20260416\nRRULE:FREQ=OFTEN"),
        data,
        "line 7, column 7: RRULE: FREQ=OFTEN is no frequency",
    );
    refused(
        &component("VEVENT", "DTSTART:20260416\nDURATION:1H"),
        data,
        "line 7, column 10: DURATION: no length of time",
    );
    refused(
        &component("VEVENT", "DTSTART:20260416\nDTEND:20260417\nDURATION:P1D"),
        data,
        "line 8, column 10: DURATION: together with DTEND",
    );
    refused(
        &component("VEVENT", "DTSTART:20260416\nDTSTART:20260417"),
        data,
        "line 6, column 9: DTSTART: more than one",
    );
    refused(
        &component("VEVENT", &format!("DTSTART:20260416{}", "\nRRULE:FREQ=DAILY".repeat(17))),
        data,
        "line 23, column 7: RRULE: more rules than are read",
    );
    refused(
        &component("VEVENT", "DTSTART:20260416\nEXDATE:20260417,x"),
        data,
        "line 7, column 8: EXDATE: `x` is neither a date nor a date with a time",
    );
    refused(
        &component("VEVENT", "DTSTART:20260416\nno colon"),
        data,
        "line 7, column 1: a line without a colon, so neither property nor fold",
    );
    refused(
        &format!("END:VEVENT\n{EVENT}"),
        data,
        "line 4, column 1: END:VEVENT without its BEGIN",
    );
}

#[test]
fn what_is_no_calendar_object_is_refused_by_its_breach() {
    let resource = "valid-calendar-object-resource";
    refused(
        &format!("METHOD:REQUEST\n{EVENT}"),
        resource,
        "line 4: METHOD in a stored calendar object",
    );
    refused("", resource, "line 1: no component beside time zones");
    refused(
        &format!("{EVENT}\nBEGIN:VTODO\nUID:u1\nEND:VTODO"),
        resource,
        "line 8: VEVENT and VTODO in one resource",
    );
    refused("BEGIN:VEVENT\nDTSTART:20260416\nEND:VEVENT", resource, "line 4: VEVENT without UID");
    refused(
        &format!("{EVENT}\n{}", EVENT.replace("u1", "u2")),
        resource,
        "line 8: the UIDs `u1` and `u2` in one resource",
    );
    refused(&component("VEVENT", "SUMMARY:x"), resource, "line 4: VEVENT without DTSTART");
    refused(&component("VTODO", "RRULE:FREQ=DAILY"), resource, "line 4: VTODO without DTSTART");
    refused(
        &format!("{EVENT}\n{EVENT}"),
        resource,
        "line 8: two components of one UID for the same instance",
    );
    refused(
        &component("VEVENT", "DTSTART;TZID=Nowhere:20260416T100000"),
        resource,
        "line 6: no VTIMEZONE for TZID `Nowhere`",
    );
    let two = format!("{}{}", body(EVENT), body(EVENT));
    let invalid = CalendarObject::read(two).expect_err("refused");
    assert_eq!(invalid, Invalid::Resource { line: 9, breach: Breach::Calendars(2) });
}

#[test]
fn each_kind_is_told_and_an_object_may_be_overrides_alone() {
    for (name, kind) in [
        ("VTODO", Kind::Todo),
        ("VJOURNAL", Kind::Journal),
        ("VFREEBUSY", Kind::FreeBusy),
        ("VPOLL", Kind::Other("VPOLL".to_owned())),
    ] {
        let read = object(&component(name, "SUMMARY:x"));
        assert_eq!((read.kind(), read.kind().name()), (&kind, name));
    }
    let alone = event("DTSTART:20260416T100000Z\nRECURRENCE-ID:20260416T090000Z");
    assert!(alone.master().is_none());
}

#[test]
fn shipped_calendars_are_read_or_refused_for_a_reason_that_can_be_told() {
    let mut refused = Vec::new();
    for (name, octets) in calendars() {
        if let Err(invalid) = CalendarObject::read(octets.into_owned()) {
            refused.push(format!("{name}: {}: {invalid}", invalid.precondition()));
        }
    }
    // Files with several events or kinds are exports, those with a method messages.
    let exports = ["in one resource", "METHOD in a stored calendar object"];
    refused.retain(|line| !exports.iter().any(|export| line.contains(export)));
    assert_eq!(refused, Vec::<String>::new());
}
