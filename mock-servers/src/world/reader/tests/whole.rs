//! One event with everything that it can have.

use std::collections::BTreeSet;

use jiff::civil::{date, datetime};

use super::{
    super::super::{
        Alarm, AlarmAction, Attachment, Attendee, AttendeeStatus, Class, Conference, Extra, Geo,
        Organizer, Relation, Span, Status, Trigger, When, Zone,
    },
    *,
};

fn names(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

#[test]
fn texts_and_marks_are_read() {
    let event = one(&vevent(
        "DTSTAMP:20260301T100000Z
CREATED:20260101T000000Z
LAST-MODIFIED:20260302T110000Z
SEQUENCE:3
DTSTART;TZID=Europe/Berlin:20260416T100000
DTEND;TZID=Europe/Berlin:20260416T113000
SUMMARY;LANGUAGE=de:B\u{fc}ro\\, Planung
DESCRIPTION:Zeile 1\\nZeile 2\\; Ende
X-ALT-DESC;FMTTYPE=text/html:<p>Zeile\\, 1</p>
LOCATION:Raum 1\\, Haus 2
GEO:52.5;13.25
CATEGORIES:Arbeit,Plan\\, gro\u{df}
CATEGORIES:Arbeit
CONCEPT:https://example.com/concepts/planning
CLASS:CONFIDENTIAL
TRANSP:TRANSPARENT
STATUS:TENTATIVE
PRIORITY:2
URL:https://example.com/a?b=c\\,d
COLOR:turquoise
RELATED-TO;RELTYPE=SIBLING:u2
CONFERENCE;VALUE=URI;FEATURE=AUDIO,VIDEO;LABEL=Join:https://example.com/join
X-GOOGLE-CONFERENCE:https://example.com/google
ATTACH;FMTTYPE=application/pdf;FILENAME=a.pdf;SIZE=12:https://example.com/a.pdf
IMAGE;VALUE=URI;DISPLAY=BADGE;FMTTYPE=image/png:https://example.com/i.png
ATTACH;ENCODING=BASE64;VALUE=BINARY;FMTTYPE=text/plain:QUJD
COMMENT;X-A=1,2:kept\\, as it is",
    ));
    let berlin = Zone::iana("Europe/Berlin").expect("known");
    assert_eq!(event.uid, "u1");
    assert_eq!(event.line, 3);
    assert_eq!(event.title, "B\u{fc}ro, Planung");
    assert_eq!(event.language.as_deref(), Some("de"));
    assert_eq!(event.description, "Zeile 1\nZeile 2; Ende");
    assert_eq!(event.html.as_deref(), Some("<p>Zeile, 1</p>"));
    assert_eq!(event.location, "Raum 1, Haus 2");
    assert_eq!(event.geo, Some(Geo { latitude: 52.5, longitude: 13.25 }));
    assert_eq!(event.start, When::Zoned(datetime(2026, 4, 16, 10, 0, 0, 0), berlin.clone()));
    assert_eq!(event.end, When::Zoned(datetime(2026, 4, 16, 11, 30, 0, 0), berlin));
    assert_eq!(event.duration, Span { days: 0, seconds: 5_400 });
    assert_eq!(event.categories, names(&["Arbeit", "Plan, gro\u{df}"]));
    assert_eq!(event.concepts, names(&["https://example.com/concepts/planning"]));
    assert_eq!((event.class, event.transparent), (Class::Confidential, true));
    assert_eq!((event.status, event.priority), (Some(Status::Tentative), 2));
    assert_eq!(event.url.as_deref(), Some("https://example.com/a?b=c\\,d"));
    assert_eq!(event.color.as_deref(), Some("turquoise"));
    assert_eq!(event.sequence, 3);
    assert_eq!(event.created.map(|at| at.to_string()).as_deref(), Some("2026-01-01T00:00:00Z"));
    assert_eq!(event.modified.map(|at| at.to_string()).as_deref(), Some("2026-03-02T11:00:00Z"));
    assert_eq!(event.relations, [Relation { uid: "u2".to_owned(), kind: "sibling".to_owned() }]);
    let conference = |uri: &str, label: Option<&str>, features: &[&str]| Conference {
        uri: uri.to_owned(),
        label: label.map(str::to_owned),
        features: names(features),
    };
    assert_eq!(
        event.conferences,
        [
            conference("https://example.com/join", Some("Join"), &["audio", "video"]),
            conference("https://example.com/google", None, &[]),
        ]
    );
    let attachment = |uri: &str, kind: &str| Attachment {
        uri: uri.to_owned(),
        content_type: Some(kind.to_owned()),
        size: None,
        title: None,
        display: None,
    };
    assert_eq!(
        event.attachments,
        [
            Attachment {
                size: Some(12),
                title: Some("a.pdf".to_owned()),
                ..attachment("https://example.com/a.pdf", "application/pdf")
            },
            Attachment {
                display: Some("badge".to_owned()),
                ..attachment("https://example.com/i.png", "image/png")
            },
            attachment("data:text/plain;base64,QUJD", "text/plain"),
        ]
    );
    assert_eq!(
        event.extra,
        [Extra {
            name: "COMMENT".to_owned(),
            params: vec![("X-A".to_owned(), vec!["1".to_owned(), "2".to_owned()])],
            value: "kept\\, as it is".to_owned(),
        }]
    );
}

#[test]
fn people_are_read_with_every_parameter() {
    let event = one(&vevent(
        "DTSTART:20260416T100000Z
ORGANIZER;CN=\"Rossi, Sofia\";SENT-BY=\"mailto:office@example.org\":MAILTO:sofia@example.org
ATTENDEE;CUTYPE=ROOM;ROLE=NON-PARTICIPANT;PARTSTAT=ACCEPTED;CN=Room 1:mailto:room@example.org
ATTENDEE;RSVP=TRUE;PARTSTAT=DELEGATED;DELEGATED-TO=\"mailto:b@example.org\":mailto:a@example.org
ATTENDEE;EMAIL=c@example.org:urn:uuid:1
ATTENDEE:d@example.org
ATTENDEE:",
    ));
    assert_eq!(
        event.organizer,
        Some(Organizer {
            address: "mailto:sofia@example.org".to_owned(),
            name: Some("Rossi, Sofia".to_owned()),
            email: None,
            sent_by: Some("mailto:office@example.org".to_owned()),
        })
    );
    let attendee = |address: &str| Attendee {
        address: address.to_owned(),
        kind: "INDIVIDUAL".to_owned(),
        role: "REQ-PARTICIPANT".to_owned(),
        ..Attendee::default()
    };
    assert_eq!(
        event.attendees,
        [
            Attendee {
                name: Some("Room 1".to_owned()),
                kind: "ROOM".to_owned(),
                role: "NON-PARTICIPANT".to_owned(),
                status: AttendeeStatus::Accepted,
                ..attendee("mailto:room@example.org")
            },
            Attendee {
                rsvp: true,
                status: AttendeeStatus::Delegated,
                delegated_to: vec!["mailto:b@example.org".to_owned()],
                ..attendee("mailto:a@example.org")
            },
            Attendee { email: Some("c@example.org".to_owned()), ..attendee("urn:uuid:1") },
            attendee("mailto:d@example.org"),
        ]
    );
    let mails: Vec<_> = event.attendees.iter().map(Attendee::mail).collect();
    let expect = ["room@example.org", "a@example.org", "c@example.org", "d@example.org"];
    assert_eq!(mails, expect.map(Some));
}

#[test]
fn alarms_are_read_and_those_that_mean_none_are_not() {
    let event = one(&vevent(
        "DTSTART:20260416T100000Z
BEGIN:VALARM
UID:a1
ACTION:AUDIO
TRIGGER:-PT15M
ACKNOWLEDGED:20260416T094500Z
END:VALARM
BEGIN:VALARM
ACTION:EMAIL
DESCRIPTION:Soon
TRIGGER;RELATED=END:P1D
RELATED-TO;RELTYPE=SNOOZE:a1
END:VALARM
BEGIN:VALARM
ACTION:DISPLAY
TRIGGER;VALUE=DATE-TIME:20260415T080000Z
END:VALARM
BEGIN:VALARM
ACTION:NONE
TRIGGER;VALUE=DATE-TIME:19760401T005545Z
END:VALARM",
    ));
    let at = |text: &str| text.parse().expect("an instant");
    let alarm = |trigger| Alarm {
        uid: None,
        action: AlarmAction::Display,
        trigger,
        acknowledged: None,
        description: None,
        snoozes: None,
    };
    assert_eq!(
        event.alarms,
        [
            Alarm {
                uid: Some("a1".to_owned()),
                acknowledged: Some(at("2026-04-16T09:45:00Z")),
                ..alarm(Trigger::Start(Span { days: 0, seconds: -900 }))
            },
            Alarm {
                action: AlarmAction::Email,
                description: Some("Soon".to_owned()),
                snoozes: Some("a1".to_owned()),
                ..alarm(Trigger::End(Span { days: 1, seconds: 0 }))
            },
            alarm(Trigger::At(at("2026-04-15T08:00:00Z"))),
        ]
    );
}

/// The end and length of an event of these lines.
#[track_caller]
fn check_end(lines: &str, end: &str, duration: &str) {
    let event = one(&vevent(lines));
    assert_eq!(
        (event.end.local().to_string().as_str(), event.duration.to_string().as_str()),
        (end, duration)
    );
}

#[test]
fn every_way_to_state_an_end_gives_one() {
    check_end("DTSTART:20260416T100000Z", "2026-04-16T10:00:00", "PT0S");
    check_end("DTSTART;VALUE=DATE:20260416", "2026-04-17T00:00:00", "P1D");
    check_end(
        "DTSTART;VALUE=DATE:20260416\nDTEND;VALUE=DATE:20260418",
        "2026-04-18T00:00:00",
        "P2D",
    );
    check_end(
        "DTSTART;VALUE=DATE:20260416\nDTEND;VALUE=DATE:20260416",
        "2026-04-17T00:00:00",
        "P1D",
    );
    check_end("DTSTART;VALUE=DATE:20260416\nDURATION:P1W", "2026-04-23T00:00:00", "P7D");
    check_end("DTSTART;VALUE=DATE:20260416\nDURATION:PT36H", "2026-04-18T00:00:00", "P2D");
    check_end("DTSTART:20260416T100000\nDTEND:20260416T113000", "2026-04-16T11:30:00", "PT1H30M");
    // The clocks go forward in between: a day is nominal, hours are exact.
    check_end(
        "DTSTART;TZID=Europe/Berlin:20260328T120000\nDURATION:P1D",
        "2026-03-29T12:00:00",
        "P1D",
    );
    check_end(
        "DTSTART;TZID=Europe/Berlin:20260328T120000\nDURATION:PT24H",
        "2026-03-29T13:00:00",
        "PT24H",
    );
    check_end(
        "DTSTART;TZID=Europe/Berlin:20260401T090000\nDTEND;TZID=Asia/Tokyo:20260402T023000",
        "2026-04-02T02:30:00",
        "PT10H30M",
    );
    check_end(
        "DTSTART;TZID=Europe/Berlin:20260416T090000\nDTEND;VALUE=DATE:20260417",
        "2026-04-17T00:00:00",
        "PT15H",
    );
}

#[test]
fn exchange_days_from_midnight_to_midnight_are_all_day() {
    let event = one(&vevent(
        "DTSTART;TZID=GMT Standard Time:20260917T000000
DTEND;TZID=GMT Standard Time:20260919T000000
X-MICROSOFT-CDO-ALLDAYEVENT:TRUE",
    ));
    assert!(event.all_day);
    assert_eq!(event.start, When::Date(date(2026, 9, 17)));
    assert_eq!(event.end, When::Date(date(2026, 9, 19)));
    assert_eq!(event.duration, Span { days: 2, seconds: 0 });
    let timed = one(&vevent(
        "DTSTART:20260917T010000Z\nDTEND:20260918T010000Z\nX-MICROSOFT-CDO-ALLDAYEVENT:TRUE",
    ));
    assert!(!timed.all_day);
}

#[test]
fn several_calendars_in_one_file_are_all_read() {
    let event =
        |uid: &str| format!("BEGIN:VEVENT\nUID:{uid}\nDTSTART:20260416T100000Z\nEND:VEVENT");
    let text = format!("{}{}", calendar(&event("a")), calendar(&event("b")));
    let read = read(text.as_bytes()).expect("readable");
    let uids: Vec<_> = read.events.iter().map(|event| event.uid.as_str()).collect();
    assert_eq!(uids, ["a", "b"]);
}
