//! Which components count as moved, and what is taken back with that (RFC 6638 section 3.2.8).

use super::scheduling::{ANNA, series};
use super::*;
use crate::dav::calendar::schedule::{asked_again, rescheduled};

/// How many components moved.
#[track_caller]
fn moved(old: &CalendarObject, new: &CalendarObject) -> usize {
    rescheduled(old, new).expect("few instances").len()
}

#[test]
fn another_spelling_of_the_same_times_is_no_reschedule() {
    let hour = "DTSTART:20260416T100000Z\nDURATION:PT60M";
    for (from, to) in [
        ("DURATION:PT60M", "DURATION:PT1H"),
        ("DURATION:PT60M", "DTEND:20260416T110000Z"),
        ("DTSTART:20260416T100000Z", "DTSTART;TZID=Europe/Berlin:20260416T120000"),
    ] {
        let zone = "BEGIN:VTIMEZONE\nTZID:Europe/Berlin\nBEGIN:DAYLIGHT\nDTSTART:19810329T020000\n\
                    TZOFFSETFROM:+0100\nTZOFFSETTO:+0200\nEND:DAYLIGHT\nEND:VTIMEZONE\n";
        let read = |lines: &str| object(&format!("{zone}{}", component("VEVENT", lines)));
        assert_eq!(moved(&read(hour), &read(&hour.replace(from, to))), 0, "{to}");
    }
    let floats = hour.replace("T100000Z", "T100000");
    assert_eq!(moved(&event(hour), &event(&floats)), 1);
}

const GUEST: &str = "ATTENDEE;PARTSTAT=ACCEPTED:mailto:b@example.com";

/// The series with one instance at other times.
#[track_caller]
fn with_instance(from: &str, to: &str) -> CalendarObject {
    let made = text(series("", Some(GUEST)).octets().to_vec());
    let (master, changed) = made.split_at(made.find("RECURRENCE-ID").expect("an override"));
    assert!(changed.contains(from), "{from} in {changed}");
    CalendarObject::read(format!("{master}{}", changed.replacen(from, to, 1))).expect("an object")
}

#[test]
fn an_override_moves_people_where_it_differs_from_the_series() {
    let (plain, longer) = (series("", None), with_instance("DURATION:PT1H", "DURATION:PT3H"));
    let (same, later) = (
        with_instance("DURATION:PT1H", "DTEND;TZID=Europe/Berlin:20260415T110000"),
        with_instance(
            "DTSTART;TZID=Europe/Berlin:20260415T100000",
            "DTSTART;TZID=Europe/Berlin:20260415T150000",
        ),
    );
    for (object, count) in [(&longer, 1), (&same, 0), (&later, 1)] {
        assert_eq!(moved(&plain, object), count, "it is new");
        assert_eq!(moved(object, &plain), count, "it is taken back");
        assert_eq!(moved(object, object), 0);
    }
    let without = series("EXDATE;TZID=Europe/Berlin:20260415T100000", None);
    assert_eq!(moved(&later, &without), 0, "the instance is gone");
}

#[test]
fn only_the_answers_to_what_moved_are_taken_back() {
    let people =
        "ORGANIZER:mailto:anna@example.com\nATTENDEE;PARTSTAT=ACCEPTED:mailto:b@example.com";
    let master = format!(
        "DTSTART:20260414T100000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=4\nSEQUENCE:4\n{people}"
    );
    let one = format!(
        "RECURRENCE-ID:20260415T100000Z\nDTSTART:20260415T150000Z\nDURATION:PT1H\nSEQUENCE:4\n{people}"
    );
    let series = component("VEVENT", &master);
    let old = object(&series);
    let sent = format!("{series}{}", component("VEVENT", &one));
    let made = text(asked_again(Some(&old), &object(&sent), &ANNA).expect("few"));
    let asked = one.replace("ACCEPTED", "NEEDS-ACTION").replace("SEQUENCE:4", "SEQUENCE:5");
    assert_eq!(made, body(&format!("{series}{}", component("VEVENT", &asked))));
    // A date more concerns the series; the instance beside it stays as it was answered.
    let (old, more) = (sent.clone(), sent.replace("COUNT=4", "COUNT=5"));
    let made = text(asked_again(Some(&object(&old)), &object(&more), &ANNA).expect("few"));
    let asked = master.replace("COUNT=4", "COUNT=5").replace("ACCEPTED", "NEEDS-ACTION");
    let asked = component("VEVENT", &asked.replace("SEQUENCE:4", "SEQUENCE:5"));
    assert_eq!(made, body(&format!("{asked}{}", component("VEVENT", &one))));
}
