//! Recurrence sets: rules, added and left out dates, overrides, zones, and the bound.

use super::*;
use crate::dav::calendar::{TooMany, Window, instances};

fn at(seconds: i64) -> String {
    jiff::Timestamp::from_second(seconds).expect("in range").strftime("%m%dT%H%M").to_string()
}

/// The starts of the instances in a range, in UTC.
#[track_caller]
fn starts(object: &CalendarObject, asked: &str, floating: &Zone) -> Vec<String> {
    let window = range(asked).window();
    let found = instances(object, floating, window).expect("few instances");
    let starts = found.iter().filter_map(|instance| instance.start_at);
    starts.filter(|start| (window.start..window.end).contains(start)).map(at).collect()
}

const APRIL: &str = "20260401T000000Z/20260501T000000Z";

#[test]
fn rules_added_and_left_out_dates() {
    let object = event(
        "DTSTART:20260414T100000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=4
         RDATE:20260420T080000Z,20260415T100000Z\nRDATE;VALUE=PERIOD:20260421T080000Z/PT3H
         EXDATE:20260416T100000Z",
    );
    assert_eq!(
        starts(&object, APRIL, &Zone::utc()),
        ["0414T1000", "0415T1000", "0417T1000", "0420T0800", "0421T0800"]
    );
    // The period has an end of its own.
    assert!(found(&object, "VEVENT", "20260421T103000Z/20260421T104000Z", &Zone::utc()));
    assert!(!found(&object, "VEVENT", "20260420T093000Z/20260420T094000Z", &Zone::utc()));
}

#[test]
fn a_rule_is_found_decades_after_its_start() {
    for rule in [
        "FREQ=MONTHLY",
        "FREQ=MONTHLY;BYDAY=-1FR",
        "FREQ=MONTHLY;INTERVAL=5;BYDAY=MO,TU;BYSETPOS=-2",
        "FREQ=YEARLY",
        "FREQ=YEARLY;INTERVAL=3;BYMONTH=4;BYDAY=2TU",
        "FREQ=YEARLY;BYWEEKNO=1,53;BYDAY=SU",
        "FREQ=WEEKLY",
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,SU;WKST=SU",
        "FREQ=DAILY;INTERVAL=3",
        "FREQ=HOURLY;INTERVAL=71",
    ] {
        // A rule that counts is followed from its own start.
        let text = format!("DTSTART:19310131T100000Z\nRRULE:{rule}");
        let counted = event(&format!("{text};COUNT=19999"));
        let years = "19660101T000000Z/19700101T000000Z";
        let expect = starts(&counted, years, &Zone::utc());
        assert!(!expect.is_empty(), "{rule}");
        assert_eq!(starts(&event(&text), years, &Zone::utc()), expect, "{rule}");
    }
    let daily = event("DTSTART:19000131T100000Z\nRRULE:FREQ=DAILY");
    assert_eq!(starts(&daily, APRIL, &Zone::utc()).len(), 30);
    let last = event("DTSTART:20240131T100000Z\nRRULE:FREQ=MONTHLY");
    let summer = "20260501T000000Z/20260901T000000Z";
    assert_eq!(starts(&last, summer, &Zone::utc()), ["0531T1000", "0731T1000", "0831T1000"]);
}

#[test]
fn overrides_stand_in_place_of_what_they_override() {
    let object = object(
        "BEGIN:VEVENT\nUID:u1\nDTSTART:20260414T100000Z\nDTEND:20260414T110000Z\nRRULE:FREQ=DAILY;COUNT=3\nEND:VEVENT
         BEGIN:VEVENT\nUID:u1\nRECURRENCE-ID:20260415T100000Z\nDTSTART:20260425T100000Z\nDTEND:20260425T110000Z\nEND:VEVENT",
    );
    assert_eq!(starts(&object, APRIL, &Zone::utc()), ["0414T1000", "0416T1000", "0425T1000"]);
    assert!(!found(&object, "VEVENT", "20260415T000000Z/20260416T000000Z", &Zone::utc()));
    assert!(found(&object, "VEVENT", "20260425T000000Z/20260426T000000Z", &Zone::utc()));
}

#[test]
fn an_override_for_all_later_instances_moves_them() {
    let object = object(
        "BEGIN:VEVENT\nUID:u1\nDTSTART:20260414T100000Z\nDTEND:20260414T110000Z\nRRULE:FREQ=DAILY;COUNT=4\nEND:VEVENT
         BEGIN:VEVENT\nUID:u1\nRECURRENCE-ID;RANGE=THISANDFUTURE:20260415T100000Z\nDTSTART:20260415T123000Z\nDURATION:PT3H\nEND:VEVENT",
    );
    assert_eq!(
        starts(&object, APRIL, &Zone::utc()),
        ["0414T1000", "0415T1230", "0416T1230", "0417T1230"]
    );
    assert!(found(&object, "VEVENT", "20260417T150000Z/20260417T151000Z", &Zone::utc()));
}

#[test]
fn a_series_keeps_its_wall_clock_time_over_a_change_of_the_clock() {
    let object = event("DTSTART;TZID=Europe/Berlin:20260328T100000\nRRULE:FREQ=DAILY;COUNT=2");
    let march = "20260301T000000Z/20260401T000000Z";
    assert_eq!(starts(&object, march, &Zone::utc()), ["0328T0900", "0329T0800"]);
}

#[test]
fn a_zone_of_the_body_counts_by_its_own_rules() {
    let zone = "BEGIN:VTIMEZONE\nTZID:Odd\nBEGIN:STANDARD\nDTSTART:20000101T000000\nTZOFFSETFROM:+0100\nTZOFFSETTO:+0100\nEND:STANDARD
        BEGIN:DAYLIGHT\nDTSTART:20260415T020000\nTZOFFSETFROM:+0100\nTZOFFSETTO:+0345\nEND:DAYLIGHT\nEND:VTIMEZONE";
    let series = "BEGIN:VEVENT\nUID:u1\nDTSTART;TZID=Odd:20260414T100000\nRRULE:FREQ=DAILY;UNTIL=20260416T061500Z\nEXDATE;TZID=Odd:20260417T100000\nEND:VEVENT";
    let object = object(&format!("{zone}\n{series}"));
    assert_eq!(starts(&object, APRIL, &Zone::utc()), ["0414T0900", "0415T0615", "0416T0615"]);
    let calendar =
        format!("BEGIN:VCALENDAR\nVERSION:2.0\n{}\nEND:VCALENDAR\n", zone.replace("        ", ""));
    let odd = Zone::vtimezone(calendar.as_bytes()).expect("a zone");
    let floating = event("DTSTART:20260416T100000\nDURATION:PT1H");
    assert_eq!(starts(&floating, APRIL, &odd), ["0416T0615"]);
    assert!(Zone::vtimezone(b"BEGIN:VCALENDAR\nEND:VCALENDAR\n").is_none());
}

#[test]
fn days_and_floating_times_count_in_the_zone_that_is_asked_in() {
    let new_york = Zone::named("America/New_York").expect("a zone");
    let day = event("DTSTART;VALUE=DATE:20260416\nRRULE:FREQ=WEEKLY;COUNT=2");
    assert_eq!(starts(&day, APRIL, &new_york), ["0416T0400", "0423T0400"]);
    assert!(found(&day, "VEVENT", "20260417T030000Z/20260417T031500Z", &new_york));
    assert!(!found(&day, "VEVENT", "20260417T030000Z/20260417T031500Z", &Zone::utc()));
    let excluded =
        event("DTSTART;VALUE=DATE:20260416\nRRULE:FREQ=WEEKLY;COUNT=2\nEXDATE;VALUE=DATE:20260423");
    assert_eq!(starts(&excluded, APRIL, &new_york), ["0416T0400"]);
    // A day that leaves out the time on it, as some writers have it.
    let by_day =
        event("DTSTART:20260416T100000Z\nRRULE:FREQ=WEEKLY;COUNT=2\nEXDATE;VALUE=DATE:20260423");
    assert_eq!(starts(&by_day, APRIL, &Zone::utc()), ["0416T1000"]);
}

#[test]
fn an_excluding_rule_of_the_old_kind_is_obeyed() {
    let object =
        event("DTSTART:20260413T100000Z\nRRULE:FREQ=DAILY;COUNT=4\nEXRULE:FREQ=WEEKLY;BYDAY=MO,WE");
    assert_eq!(starts(&object, APRIL, &Zone::utc()), ["0414T1000", "0416T1000"]);
}

#[test]
fn tasks_recur_by_their_due_date_where_they_have_no_start() {
    let object = object(&component("VTODO", "DUE:20260414T100000Z\nRRULE:FREQ=DAILY"));
    assert!(found(&object, "VTODO", "20260420T095959Z/20260420T100000Z", &Zone::utc()));
    assert!(!found(&object, "VTODO", "20260420T100000Z/20260420T110000Z", &Zone::utc()));
    assert!(!found(&object, "VTODO", "20260413T090000Z/20260413T110000Z", &Zone::utc()));
}

#[test]
fn rules_without_an_end_stop_at_a_bound() {
    let every_second = event("DTSTART:20260101T000000Z\nRRULE:FREQ=SECONDLY");
    let year = range("20260101T000000Z/20270101T000000Z").window();
    assert_eq!(instances(&every_second, &Zone::utc(), year), Err(TooMany));
    // Where one instance is enough, the first is found.
    assert!(found(&every_second, "VEVENT", "20300101T000000Z/-", &Zone::utc()));
    assert!(found(&every_second, "VEVENT", "20300101T000000Z/20300101T000001Z", &Zone::utc()));
    let endless = event("DTSTART:20260101T000000Z\nRRULE:FREQ=DAILY");
    assert_eq!(instances(&endless, &Zone::utc(), Window::ALL), Err(TooMany));
    let counted = event("DTSTART:20260101T000000Z\nRRULE:FREQ=MINUTELY;COUNT=20000");
    assert_eq!(instances(&counted, &Zone::utc(), Window::ALL).map(|all| all.len()), Ok(20_000));
    let beyond = event("DTSTART:20260101T000000Z\nRRULE:FREQ=MINUTELY;COUNT=20001");
    assert_eq!(instances(&beyond, &Zone::utc(), Window::ALL), Err(TooMany));
    // A rule that never gives anything comes to an end.
    let never = event("DTSTART:20260101T000000Z\nRRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30");
    assert_eq!(starts(&never, APRIL, &Zone::utc()), Vec::<String>::new());
}
