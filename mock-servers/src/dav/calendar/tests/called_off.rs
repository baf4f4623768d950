//! What is called off by its status (RFC 5546 sections 3.2.2 and 3.2.5), and which `SEQUENCE` a
//! `CANCEL` leaves behind.

use super::scheduling::{ANNA, MEETING, SENDER, change, inner, messages, series, told, with};
use super::*;
use crate::dav::calendar::schedule::{self, counted};

const OFF: &str = "SEQUENCE:2\nSTATUS:CANCELLED";

#[test]
fn what_is_called_off_is_a_cancel_and_no_request() {
    let (old, off) = (event(MEETING), with("SEQUENCE:2", OFF));
    let sent = messages(Some(&old), Some(&off), &ANNA, SENDER);
    assert_eq!(told(&sent), ["CANCEL b", "CANCEL c"]);
    assert_eq!(
        inner(&sent[0]),
        "BEGIN:VEVENT\nUID:u1\nDTSTAMP:20260402T080000Z\nDTSTART:20260416T100000Z\nDTEND:20260416T110000Z\nSUMMARY:Plan\nSEQUENCE:3\nSTATUS:CANCELLED
ORGANIZER;CN=Anna:mailto:anna@example.com\nATTENDEE;PARTSTAT=NEEDS-ACTION;RSVP=TRUE:mailto:b@example.com\nEND:VEVENT\n"
    );
    assert_eq!(told(&messages(None, Some(&off), &ANNA, SENDER)), Vec::<String>::new());
    let retitled = event(&MEETING.replace("SEQUENCE:2", &format!("{OFF}\nLOCATION:x")));
    assert_eq!(change(&off, &retitled), Vec::<String>::new(), "nobody expects it any more");
    assert_eq!(change(&off, &old), ["REQUEST b", "REQUEST c"], "it takes place after all");
    assert_eq!(told(&messages(Some(&off), None, &ANNA, SENDER)), ["CANCEL b", "CANCEL c"]);
}

#[test]
fn one_instance_is_called_off_alone() {
    let off = series("", Some("ATTENDEE:mailto:b@example.com\nSTATUS:CANCELLED"));
    let sent = messages(Some(&series("", None)), Some(&off), &ANNA, SENDER);
    assert_eq!(told(&sent), ["CANCEL b"]);
    let text = inner(&sent[0]);
    assert!(text.contains("STATUS:CANCELLED\n"), "{text}");
    assert!(text.contains("RECURRENCE-ID;TZID=Europe/Berlin:20260415T100000\n"), "{text}");
    // Whoever is told of the series is told of it without the instance.
    let louder = series("LOCATION:x", Some("ATTENDEE:mailto:b@example.com\nSTATUS:CANCELLED"));
    let sent = messages(Some(&off), Some(&louder), &ANNA, SENDER);
    assert_eq!(told(&sent), ["REQUEST b"]);
    assert!(sent[0].text.contains("EXDATE;TZID=Europe/Berlin:20260415T100000\r\n"));
    assert!(!sent[0].text.contains("CANCELLED"), "{}", sent[0].text);
}

#[test]
fn the_only_instance_of_somebody_ends_for_all_or_for_them() {
    let alone = series("", Some("ATTENDEE:mailto:e@example.com"));
    let last = |new: &CalendarObject| messages(Some(&alone), Some(new), &ANNA, SENDER).pop();
    let goes_on = last(&series("", None)).expect("a message to e");
    assert!(!goes_on.text.contains("STATUS"), "{}", goes_on.text);
    let out = series("EXDATE;TZID=Europe/Berlin:20260415T100000", None);
    let ends = last(&out).expect("a message to e");
    assert_eq!((ends.method.name(), ends.to.as_str()), ("CANCEL", "e@example.com"));
    assert!(ends.text.contains("STATUS:CANCELLED\r\n"), "{}", ends.text);
}

#[test]
fn who_joins_a_series_is_not_told_of_instances_that_they_never_had() {
    let alone = series("", Some("ATTENDEE:mailto:e@example.com"));
    let all = "ATTENDEE:mailto:e@example.com\nEXDATE;TZID=Europe/Berlin:20260416T100000";
    let sent = messages(Some(&alone), Some(&series(all, None)), &ANNA, SENDER);
    assert_eq!(told(&sent), ["CANCEL b", "REQUEST b", "REQUEST e"]);
}

#[test]
fn the_object_counts_on_with_its_cancels() {
    let (old, new) = (series("", None), series("EXDATE;TZID=Europe/Berlin:20260416T100000", None));
    let sent = messages(Some(&old), Some(&new), &ANNA, SENDER);
    assert_eq!(sent[0].sequence, 1);
    let object = CalendarObject::read(counted(&new, &sent).expect("a new version")).expect("one");
    assert!(text(object.octets().to_vec()).contains("SEQUENCE:1\r\n"));
    let again = messages(Some(&old), Some(&object), &ANNA, SENDER);
    assert_eq!(again, sent, "the same messages");
    assert_eq!(counted(&object, &again), None);
    assert_eq!(counted(&old, &messages(None, Some(&old), &ANNA, SENDER)), None);
}

#[test]
fn messages_that_are_too_long_are_not_written() {
    let many: String = (1..=9).map(|day| format!("EXDATE:2026050{day}T100000Z\n")).collect();
    let daily = format!("{MEETING}\nRRULE:FREQ=DAILY;COUNT=99");
    let (old, new) = (event(&daily), event(&format!("{daily}\n{many}")));
    let sent = messages(Some(&old), Some(&new), &ANNA, SENDER);
    let all: usize = sent.iter().map(|message| message.text.len()).sum();
    let most = |most| schedule::messages(Some(&old), Some(&new), &ANNA, SENDER, most);
    assert_eq!(most(all), Ok(sent));
    assert_eq!(most(all - 1), Err(schedule::TooMuch));
    assert_eq!(most(100), Err(schedule::TooMuch));
}
