//! What is written is read again as it was.

use calamity_evidence::Lineage;
use jiff::Timestamp;

use super::icalendar;
use crate::world::{SourceEvent, read};

fn again(more: &str) -> (SourceEvent, SourceEvent, String) {
    let text = format!(
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:u\r\n\
         DTSTAMP:20260101T000000Z\r\nSUMMARY:Plan, and more\r\n{more}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    );
    let given = read(text.as_bytes()).unwrap().events.remove(0);
    let lineage = Lineage::from_number(7);
    let written = icalendar(&given, &lineage, "o@example.com", Timestamp::UNIX_EPOCH).unwrap();
    let written = String::from_utf8(written).unwrap();
    let found = read(written.as_bytes()).unwrap();
    assert_eq!(found.skipped, vec![]);
    (given, found.events[0].clone(), written)
}

#[test]
fn a_series_comes_back_as_it_was() {
    let (mut given, mut found, text) = again(
        "DTSTART;TZID=Europe/Berlin:20260504T090000\r\nDURATION:PT90M\r\n\
         RRULE:FREQ=WEEKLY;BYDAY=MO,WE;UNTIL=20260601T070000Z\r\n\
         EXDATE;TZID=Europe/Berlin:20260506T090000\r\nLOCATION:Room 1\\; left\r\n\
         DESCRIPTION:a\\nb\r\nCATEGORIES:x,y\r\nTRANSP:TRANSPARENT\r\nSTATUS:TENTATIVE\r\n\
         ATTENDEE;CN=\"Ann, B\";PARTSTAT=ACCEPTED:mailto:a@example.com\r\n\
         BEGIN:VALARM\r\nACTION:DISPLAY\r\nDESCRIPTION:Soon\r\nTRIGGER:-PT15M\r\nEND:VALARM",
    );
    assert_eq!(found.title, "Plan, and more ~L0000000007");
    assert_eq!(found.organizer.take().unwrap().address, "mailto:o@example.com");
    assert!(text.contains("BEGIN:VTIMEZONE\r\nTZID:Europe/Berlin\r\n"));
    assert!(text.lines().all(|line| line.len() <= 75));
    for event in [&mut given, &mut found] {
        event.title.clear();
        event.line = 0;
        event.duration = crate::world::Span::default();
        if let Some(rule) = &mut event.rule {
            rule.raw.clear();
        }
    }
    assert_eq!(found, given);
}

#[test]
fn days_and_floating_times_have_no_zone() {
    let (given, found, text) =
        again("DTSTART;VALUE=DATE:20260504\r\nRRULE:FREQ=DAILY;UNTIL=20260510");
    assert_eq!((found.start, found.end), (given.start, given.end));
    assert!(text.contains("RRULE:FREQ=DAILY;UNTIL=20260510\r\n") && !text.contains("VTIMEZONE"));
    let (given, found, text) = again("DTSTART:20260504T090000");
    assert_eq!((found.start, found.end), (given.start, given.end));
    assert!(!text.contains("VTIMEZONE"));
}
