//! The bytes of the messages of a meeting that is made, moved and deleted, as RFC 5546 sections
//! 3.2.2 and 3.2.5 have them: a move counts the sequence on, a cancel once more, names who is told
//! and says that it is off.

use calamity_evidence::Mail;

use super::client::{Said, with_server};
use crate::Protocol;

/// The messages to the first guest.
fn to_ann(protocol: Protocol, profile: &str, said: Said) -> Vec<String> {
    with_server(protocol, profile, said, async |mut meeting| {
        assert!(meeting.make("").await);
        assert!(meeting.shift().await);
        assert!(meeting.delete().await);
        let ann = |mail: &Mail| mail.to == "ann@example.net";
        meeting.mails(0).into_iter().filter(ann).map(|mail| mail.message).collect()
    })
}

#[track_caller]
fn same(found: &[String], expected: [&[&str]; 3]) {
    assert_eq!(found.len(), 3);
    for (found, expected) in found.iter().zip(expected) {
        let expected: String = expected.iter().map(|line| format!("{line}\r\n")).collect();
        assert_eq!(*found, expected);
    }
}

#[test]
fn of_jmap() {
    same(&to_ann(Protocol::Jmap, "strict", Said::Send), JMAP);
}

#[test]
fn of_graph() {
    same(&to_ann(Protocol::Graph, "m365", Said::Nothing), GRAPH);
}

#[test]
fn of_caldav() {
    same(&to_ann(Protocol::Dav, "strict", Said::Nothing), CALDAV);
}

const JMAP: [&[&str]; 3] = [
    &[
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Calamity//Mock calendar//EN",
        "METHOD:REQUEST",
        "BEGIN:VEVENT",
        "UID:m-1",
        "DTSTART:20260504T090000Z",
        "DTEND:20260504T100000Z",
        "SUMMARY:Budget",
        "ORGANIZER:mailto:owner@example.com",
        "ATTENDEE;PARTSTAT=NEEDS-ACTION;RSVP=TRUE:mailto:ann@example.net",
        "ATTENDEE;PARTSTAT=NEEDS-ACTION;RSVP=TRUE:mailto:bob@example.net",
        "DTSTAMP:20260416T080000Z",
        "END:VEVENT",
        "END:VCALENDAR",
    ],
    &[
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Calamity//Mock calendar//EN",
        "METHOD:REQUEST",
        "BEGIN:VEVENT",
        "UID:m-1",
        "DTSTART:20260504T100000Z",
        "DTEND:20260504T110000Z",
        "SUMMARY:Budget",
        "SEQUENCE:1",
        "ORGANIZER:mailto:owner@example.com",
        "ATTENDEE;PARTSTAT=NEEDS-ACTION;RSVP=TRUE:mailto:ann@example.net",
        "ATTENDEE;PARTSTAT=NEEDS-ACTION;RSVP=TRUE:mailto:bob@example.net",
        "DTSTAMP:20260416T080000Z",
        "END:VEVENT",
        "END:VCALENDAR",
    ],
    &[
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Calamity//Mock calendar//EN",
        "METHOD:CANCEL",
        "BEGIN:VEVENT",
        "UID:m-1",
        "DTSTAMP:20260416T080000Z",
        "DTSTART:20260504T100000Z",
        "DTEND:20260504T110000Z",
        "SUMMARY:Budget",
        "SEQUENCE:2",
        "STATUS:CANCELLED",
        "ORGANIZER:mailto:owner@example.com",
        "ATTENDEE;PARTSTAT=NEEDS-ACTION;RSVP=TRUE:mailto:ann@example.net",
        "END:VEVENT",
        "END:VCALENDAR",
    ],
];

const GRAPH: [&[&str]; 3] = [
    &[
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Calamity//Mock calendar//EN",
        "METHOD:REQUEST",
        "BEGIN:VEVENT",
        "UID:040000008200E00074C5B7101A82E0080000000051517F9818CBDA01000000000000000",
        " 010000000240F04390487968B5F70BD5B4BC1E3BD",
        "DTSTART:20260504T090000Z",
        "DTEND:20260504T100000Z",
        "SUMMARY:Budget",
        "PRIORITY:5",
        "ORGANIZER:mailto:owner@example.com",
        "ATTENDEE;PARTSTAT=NEEDS-ACTION;RSVP=TRUE:mailto:ann@example.net",
        "ATTENDEE;PARTSTAT=NEEDS-ACTION;RSVP=TRUE:mailto:bob@example.net",
        "DTSTAMP:20260416T080000Z",
        "END:VEVENT",
        "END:VCALENDAR",
    ],
    &[
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Calamity//Mock calendar//EN",
        "METHOD:REQUEST",
        "BEGIN:VEVENT",
        "UID:040000008200E00074C5B7101A82E0080000000051517F9818CBDA01000000000000000",
        " 010000000240F04390487968B5F70BD5B4BC1E3BD",
        "DTSTART:20260504T100000Z",
        "DTEND:20260504T110000Z",
        "SUMMARY:Budget",
        "PRIORITY:5",
        "SEQUENCE:1",
        "ORGANIZER:mailto:owner@example.com",
        "ATTENDEE;PARTSTAT=NEEDS-ACTION;RSVP=TRUE:mailto:ann@example.net",
        "ATTENDEE;PARTSTAT=NEEDS-ACTION;RSVP=TRUE:mailto:bob@example.net",
        "DTSTAMP:20260416T080000Z",
        "END:VEVENT",
        "END:VCALENDAR",
    ],
    &[
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Calamity//Mock calendar//EN",
        "METHOD:CANCEL",
        "BEGIN:VEVENT",
        "UID:040000008200E00074C5B7101A82E0080000000051517F9818CBDA01000000000000000",
        " 010000000240F04390487968B5F70BD5B4BC1E3BD",
        "DTSTAMP:20260416T080000Z",
        "DTSTART:20260504T100000Z",
        "DTEND:20260504T110000Z",
        "SUMMARY:Budget",
        "SEQUENCE:2",
        "STATUS:CANCELLED",
        "ORGANIZER:mailto:owner@example.com",
        "ATTENDEE;PARTSTAT=NEEDS-ACTION;RSVP=TRUE:mailto:ann@example.net",
        "END:VEVENT",
        "END:VCALENDAR",
    ],
];

const CALDAV: [&[&str]; 3] = [
    &[
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Calamity//DAV//EN",
        "METHOD:REQUEST",
        "BEGIN:VEVENT",
        "UID:m-1",
        "DTSTART:20260504T090000Z",
        "DTEND:20260504T100000Z",
        "SUMMARY:Budget",
        "SEQUENCE:0",
        "ORGANIZER:mailto:owner@example.com",
        "ATTENDEE;PARTSTAT=NEEDS-ACTION;RSVP=TRUE:mailto:ann@example.net",
        "ATTENDEE;PARTSTAT=NEEDS-ACTION;RSVP=TRUE:mailto:bob@example.net",
        "DTSTAMP:20260416T080000Z",
        "END:VEVENT",
        "END:VCALENDAR",
    ],
    &[
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Calamity//DAV//EN",
        "METHOD:REQUEST",
        "BEGIN:VEVENT",
        "UID:m-1",
        "DTSTART:20260504T100000Z",
        "DTEND:20260504T110000Z",
        "SUMMARY:Budget",
        "SEQUENCE:1",
        "ORGANIZER:mailto:owner@example.com",
        "ATTENDEE;PARTSTAT=NEEDS-ACTION;RSVP=TRUE:mailto:ann@example.net",
        "ATTENDEE;PARTSTAT=NEEDS-ACTION;RSVP=TRUE:mailto:bob@example.net",
        "DTSTAMP:20260416T080000Z",
        "END:VEVENT",
        "END:VCALENDAR",
    ],
    &[
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Calamity//DAV//EN",
        "METHOD:CANCEL",
        "BEGIN:VEVENT",
        "UID:m-1",
        "DTSTAMP:20260416T080000Z",
        "DTSTART:20260504T100000Z",
        "DTEND:20260504T110000Z",
        "SUMMARY:Budget",
        "SEQUENCE:2",
        "STATUS:CANCELLED",
        "ORGANIZER:mailto:owner@example.com",
        "ATTENDEE;PARTSTAT=NEEDS-ACTION;RSVP=TRUE:mailto:ann@example.net",
        "END:VEVENT",
        "END:VCALENDAR",
    ],
];
