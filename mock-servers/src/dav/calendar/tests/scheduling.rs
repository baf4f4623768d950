//! Who is told what, message by message and octet by octet (RFC 6638 section 3.2, RFC 5546).

use super::*;
use crate::dav::calendar::schedule::{
    self, Message, Method, Sender, asked_again, reply, rescheduled, stored,
};

pub(super) const SENDER: Sender<'_> =
    Sender { product: "-//Example//Server//EN", now: "20260402T080000Z" };
pub(super) const ANNA: [&str; 1] = ["anna@example.com"];

pub(super) const MEETING: &str = "DTSTAMP:20260101T000000Z\nDTSTART:20260416T100000Z\nDTEND:20260416T110000Z\nSUMMARY:Plan\nSEQUENCE:2
    ORGANIZER;CN=Anna:mailto:anna@example.com
    ATTENDEE;PARTSTAT=ACCEPTED:mailto:anna@example.com
    ATTENDEE;PARTSTAT=NEEDS-ACTION;SCHEDULE-AGENT=SERVER;RSVP=TRUE:mailto:b@example.com
    ATTENDEE;PARTSTAT=ACCEPTED;SCHEDULE-STATUS=1.2:mailto:c@example.com
    ATTENDEE;SCHEDULE-AGENT=CLIENT:mailto:d@example.com
    BEGIN:VALARM\nACTION:AUDIO\nTRIGGER:-PT5M\nEND:VALARM";

#[track_caller]
pub(super) fn messages(
    old: Option<&CalendarObject>,
    new: Option<&CalendarObject>,
    owner: &[&str],
    sender: Sender<'_>,
) -> Vec<Message> {
    schedule::messages(old, new, owner, sender, usize::MAX).expect("no limit")
}

/// The meeting with some text replaced.
#[track_caller]
pub(super) fn with(from: &str, to: &str) -> CalendarObject {
    assert!(MEETING.contains(from), "{from}");
    event(&MEETING.replace(from, to))
}

/// Messages as `METHOD to`.
pub(super) fn told(messages: &[Message]) -> Vec<String> {
    messages
        .iter()
        .map(|message| format!("{} {}", message.method.name(), &message.to[..1]))
        .collect()
}

#[track_caller]
pub(super) fn change(old: &CalendarObject, new: &CalendarObject) -> Vec<String> {
    told(&messages(Some(old), Some(new), &ANNA, SENDER))
}

/// A message's text with CRLF shown as LF, without what all have in common.
#[track_caller]
pub(super) fn inner(message: &Message) -> String {
    let method = message.method.name();
    let start = format!(
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Example//Server//EN\r\nMETHOD:{method}\r\n"
    );
    let inner =
        message.text.strip_prefix(&start).and_then(|text| text.strip_suffix("END:VCALENDAR\r\n"));
    inner.expect("an iTIP message").replace("\r\n", "\n")
}

#[test]
fn a_new_object_invites_whom_the_server_delivers_to() {
    let meeting = event(MEETING);
    let sent = messages(None, Some(&meeting), &ANNA, SENDER);
    assert_eq!(told(&sent), ["REQUEST b", "REQUEST c"]);
    assert_eq!((sent[0].from.as_str(), sent[0].sequence), ("anna@example.com", 2));
    assert_eq!(sent[0].text, sent[1].text);
    assert_eq!(
        inner(&sent[0]),
        "BEGIN:VEVENT\nUID:u1\nDTSTART:20260416T100000Z\nDTEND:20260416T110000Z\nSUMMARY:Plan\nSEQUENCE:2
ORGANIZER;CN=Anna:mailto:anna@example.com
ATTENDEE;PARTSTAT=ACCEPTED:mailto:anna@example.com
ATTENDEE;PARTSTAT=NEEDS-ACTION;RSVP=TRUE:mailto:b@example.com
ATTENDEE;PARTSTAT=ACCEPTED:mailto:c@example.com
ATTENDEE:mailto:d@example.com
DTSTAMP:20260402T080000Z\nEND:VEVENT\n"
    );
    assert_eq!(sent, messages(None, Some(&meeting), &ANNA, SENDER), "the same every time");
}

#[test]
fn what_others_do_not_see_is_not_told() {
    let old = event(MEETING);
    for (from, to) in [
        (
            "SUMMARY:Plan",
            "SUMMARY:Plan\nX-CLIENT:1\nTRANSP:TRANSPARENT\nLAST-MODIFIED:20260402T080000Z",
        ),
        ("20260101T000000Z", "20260402T000000Z"),
        ("SEQUENCE:2", "SEQUENCE:3"),
        ("TRIGGER:-PT5M", "TRIGGER:-PT9M"),
        ("SCHEDULE-STATUS=1.2", "SCHEDULE-STATUS=2.0"),
        ("PARTSTAT=NEEDS-ACTION", "PARTSTAT=ACCEPTED"),
    ] {
        assert_eq!(change(&old, &with(from, to)), Vec::<String>::new(), "{to}");
    }
}

#[test]
fn what_others_see_is_told_to_all() {
    let old = event(MEETING);
    for (from, to) in [
        ("SUMMARY:Plan", "SUMMARY:Other"),
        ("SUMMARY:Plan", "SUMMARY:Plan\nLOCATION:Here"),
        ("DTEND:20260416T110000Z", "DTEND:20260416T120000Z"),
        ("PARTSTAT=ACCEPTED:mailto:anna", "PARTSTAT=DECLINED:mailto:anna"),
    ] {
        assert_eq!(change(&old, &with(from, to)), ["REQUEST b", "REQUEST c"], "{to}");
    }
}

#[test]
fn the_table_of_agents_decides_for_each_attendee() {
    let old = event(MEETING);
    let server = |to: &str| {
        with("ATTENDEE;SCHEDULE-AGENT=CLIENT:mailto:d@", &format!("ATTENDEE{to}:mailto:d@"))
    };
    // CLIENT -> SERVER is an invitation; what others see of the list did not change.
    assert_eq!(change(&old, &server("")), ["REQUEST d"]);
    assert_eq!(change(&old, &server(";SCHEDULE-AGENT=NONE")), Vec::<String>::new());
    assert_eq!(change(&server(""), &old), ["CANCEL d"]);
    assert_eq!(change(&server(""), &server(";SCHEDULE-AGENT=NONE")), ["CANCEL d"]);
    let without =
        with("\n    ATTENDEE;PARTSTAT=ACCEPTED;SCHEDULE-STATUS=1.2:mailto:c@example.com", "");
    assert_eq!(change(&without, &old), ["REQUEST b", "REQUEST c"]);
    let sent = messages(Some(&old), Some(&without), &ANNA, SENDER);
    assert_eq!(told(&sent), ["REQUEST b", "CANCEL c"]);
    assert_eq!(
        inner(&sent[1]),
        "BEGIN:VEVENT\nUID:u1\nDTSTAMP:20260402T080000Z\nDTSTART:20260416T100000Z\nDTEND:20260416T110000Z\nSUMMARY:Plan\nSEQUENCE:3
ORGANIZER;CN=Anna:mailto:anna@example.com\nATTENDEE;PARTSTAT=ACCEPTED:mailto:c@example.com\nEND:VEVENT\n"
    );
    let gone = with("\n    ATTENDEE;SCHEDULE-AGENT=CLIENT:mailto:d@example.com", "");
    assert_eq!(change(&old, &gone), ["REQUEST b", "REQUEST c"], "the list of guests changed");
}

#[test]
fn a_message_can_be_forced_and_an_answer_asked_for_again() {
    let old = event(MEETING);
    let forced = with("SCHEDULE-STATUS=1.2", "SCHEDULE-FORCE-SEND=REQUEST");
    assert_eq!(change(&old, &forced), ["REQUEST c"]);
    let again = with("PARTSTAT=ACCEPTED;SCHEDULE-STATUS=1.2", "PARTSTAT=NEEDS-ACTION");
    assert_eq!(change(&old, &again), ["REQUEST c"]);
    let reply = with("SCHEDULE-STATUS=1.2", "SCHEDULE-FORCE-SEND=REPLY");
    assert_eq!(change(&old, &reply), Vec::<String>::new());
}

#[test]
fn a_deleted_object_is_cancelled() {
    let sent = messages(Some(&event(MEETING)), None, &ANNA, SENDER);
    assert_eq!(told(&sent), ["CANCEL b", "CANCEL c"]);
    assert_eq!(sent[0].sequence, 3);
    assert_eq!(
        inner(&sent[0]),
        "BEGIN:VEVENT\nUID:u1\nDTSTAMP:20260402T080000Z\nDTSTART:20260416T100000Z\nDTEND:20260416T110000Z\nSUMMARY:Plan\nSEQUENCE:3\nSTATUS:CANCELLED
ORGANIZER;CN=Anna:mailto:anna@example.com\nATTENDEE;PARTSTAT=NEEDS-ACTION;RSVP=TRUE:mailto:b@example.com\nEND:VEVENT\n"
    );
    assert_eq!(messages(Some(&event("DTSTART:20260416T100000Z")), None, &ANNA, SENDER), []);
}

const ZONE: &str = "BEGIN:VTIMEZONE\nTZID:Europe/Berlin\nBEGIN:STANDARD\nDTSTART:19701025T030000\nTZOFFSETFROM:+0200\nTZOFFSETTO:+0100\nEND:STANDARD\nEND:VTIMEZONE\nBEGIN:VTIMEZONE\nTZID:Asia/Tokyo\nBEGIN:STANDARD\nDTSTART:19700101T000000\nTZOFFSETFROM:+0900\nTZOFFSETTO:+0900\nEND:STANDARD\nEND:VTIMEZONE\n";

/// A series with an override: lines of each.
#[track_caller]
pub(super) fn series(master: &str, changed: Option<&str>) -> CalendarObject {
    let people = "ORGANIZER:mailto:anna@example.com\nATTENDEE:mailto:b@example.com";
    let master = format!(
        "DTSTART;TZID=Europe/Berlin:20260414T100000\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=4\n{people}\n{master}"
    );
    let changed = changed.map(|lines| {
        component("VEVENT", &format!("RECURRENCE-ID;TZID=Europe/Berlin:20260415T100000\nDTSTART;TZID=Europe/Berlin:20260415T100000\nDURATION:PT1H\nORGANIZER:mailto:anna@example.com\n{lines}"))
    });
    object(&format!("{ZONE}{}{}", component("VEVENT", &master), changed.unwrap_or_default()))
}

const BERLIN: &str = "BEGIN:VTIMEZONE\nTZID:Europe/Berlin\nBEGIN:STANDARD\nDTSTART:19701025T030000\nTZOFFSETFROM:+0200\nTZOFFSETTO:+0100\nEND:STANDARD\nEND:VTIMEZONE\n";

#[test]
fn a_single_instance_is_cancelled_alone() {
    let (old, new) = (series("", None), series("EXDATE;TZID=Europe/Berlin:20260416T100000", None));
    let sent = messages(Some(&old), Some(&new), &ANNA, SENDER);
    assert_eq!(told(&sent), ["CANCEL b"]);
    assert_eq!(
        inner(&sent[0]),
        format!("{BERLIN}BEGIN:VEVENT\nUID:u1\nRECURRENCE-ID;TZID=Europe/Berlin:20260416T100000\nDTSTAMP:20260402T080000Z\nDTSTART;TZID=Europe/Berlin:20260416T100000\nDURATION:PT1H\nSEQUENCE:1\nSTATUS:CANCELLED
ORGANIZER:mailto:anna@example.com\nATTENDEE:mailto:b@example.com\nEND:VEVENT\n")
    );
    assert_eq!(change(&new, &old), ["REQUEST b"], "the instance is back");
}

#[test]
fn attendees_see_their_own_instances_only() {
    let alone = series("", Some("ATTENDEE:mailto:e@example.com"));
    let sent = messages(None, Some(&alone), &ANNA, SENDER);
    assert_eq!(told(&sent), ["REQUEST b", "REQUEST e"]);
    assert_eq!(
        inner(&sent[0]),
        format!(
            "{BERLIN}BEGIN:VEVENT\nUID:u1\nDTSTART;TZID=Europe/Berlin:20260414T100000\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=4\nORGANIZER:mailto:anna@example.com\nATTENDEE:mailto:b@example.com\nDTSTAMP:20260402T080000Z\nEXDATE;TZID=Europe/Berlin:20260415T100000\nEND:VEVENT\n"
        )
    );
    assert_eq!(
        inner(&sent[1]),
        format!(
            "{BERLIN}BEGIN:VEVENT\nUID:u1\nRECURRENCE-ID;TZID=Europe/Berlin:20260415T100000\nDTSTART;TZID=Europe/Berlin:20260415T100000\nDURATION:PT1H\nORGANIZER:mailto:anna@example.com\nATTENDEE:mailto:e@example.com\nDTSTAMP:20260402T080000Z\nEND:VEVENT\n"
        )
    );
    // One is taken out of an instance that goes on with another.
    let sent = messages(Some(&series("", None)), Some(&alone), &ANNA, SENDER);
    assert_eq!(told(&sent), ["CANCEL b", "REQUEST e"]);
    assert!(!sent[0].text.contains("STATUS"), "it is not cancelled for all");
    // The instance of one goes.
    let sent = messages(Some(&alone), Some(&series("", None)), &ANNA, SENDER);
    assert_eq!(told(&sent), ["REQUEST b", "CANCEL e"]);
    assert!(sent[1].text.contains("RECURRENCE-ID;TZID=Europe/Berlin:20260415T100000\r\n"));
}

#[test]
fn an_override_tells_of_the_instance() {
    let changed = series("", Some("ATTENDEE:mailto:b@example.com\nSUMMARY:other"));
    assert_eq!(change(&series("", None), &changed), ["REQUEST b"]);
    assert_eq!(change(&changed, &changed), Vec::<String>::new());
}

#[test]
fn times_that_move_are_a_reschedule_and_those_that_go_are_none() {
    let moved =
        |old: &str, new: &str| !rescheduled(&event(old), &event(new)).expect("few").is_empty();
    let daily = "DTSTART:20260414T100000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=4";
    assert!(!moved(daily, &format!("{daily}\nSUMMARY:x")));
    assert!(moved(daily, &daily.replace("100000", "110000")));
    assert!(moved(daily, &daily.replace("PT1H", "PT2H")));
    assert!(moved(daily, &daily.replace("COUNT=4", "COUNT=5")));
    assert!(!moved(daily, &daily.replace("COUNT=4", "COUNT=3")));
    assert!(!moved(daily, &format!("{daily}\nEXDATE:20260415T100000Z")));
    assert!(moved(&format!("{daily}\nEXDATE:20260415T100000Z"), daily));
    assert!(moved(daily, &format!("{daily}\nRDATE:20260430T100000Z")));
    assert!(!moved(&format!("{daily}\nRDATE:20260430T100000Z"), daily));
    let (plain, other) = (series("", None), series("", Some("ATTENDEE:mailto:b@example.com")));
    assert!(rescheduled(&plain, &other).expect("few instances").is_empty());
}

#[test]
fn the_server_writes_status_sequence_and_answers_and_nothing_else() {
    let old = event(MEETING);
    let forced = with("SCHEDULE-STATUS=1.2", "SCHEDULE-FORCE-SEND=REQUEST");
    let made = text(stored(&forced, &[("c@example.com", "1.2")]));
    assert_eq!(made, text(old.octets().to_vec()));
    let moved = with("T110000Z", "T120000Z");
    let made = text(asked_again(Some(&old), &moved, &ANNA).expect("few"));
    let expect = MEETING
        .replace("T110000Z", "T120000Z")
        .replace("SEQUENCE:2", "SEQUENCE:3")
        .replace("PARTSTAT=ACCEPTED;SCHEDULE-STATUS", "PARTSTAT=NEEDS-ACTION;SCHEDULE-STATUS");
    assert_eq!(made, body(&component("VEVENT", &expect)));
    let counted = event(&expect.replace("SEQUENCE:3", "SEQUENCE:7"));
    let made = text(asked_again(Some(&old), &counted, &ANNA).expect("few"));
    assert_eq!(made, text(counted.octets().to_vec()), "the client has counted on");
    let retitled = with("SUMMARY:Plan", "SUMMARY:Other");
    let made = text(asked_again(Some(&old), &retitled, &ANNA).expect("few"));
    assert_eq!(made, text(retitled.octets().to_vec()));
}

#[test]
fn the_status_of_a_reply_stands_at_the_organizer_alone() {
    let made = text(stored(&event(MEETING), &[("anna@example.com", "1.2")]));
    let organizer = "ORGANIZER;CN=Anna;SCHEDULE-STATUS=1.2:mailto:anna@example.com";
    let expect = MEETING.replace("ORGANIZER;CN=Anna:mailto:anna@example.com", organizer);
    assert_eq!(made, body(&component("VEVENT", &expect)));
}

const B: [&str; 1] = ["mailto:B@example.com"];

#[test]
fn an_answer_is_told_to_the_organizer() {
    let old = event(MEETING);
    assert_eq!(
        reply(
            Some(&old),
            Some(&with("SUMMARY:Plan", "SUMMARY:Plan\nTRANSP:OPAQUE")),
            &B,
            SENDER,
            usize::MAX
        ),
        Ok(None)
    );
    let new = with("PARTSTAT=NEEDS-ACTION", "PARTSTAT=TENTATIVE");
    let sent =
        reply(Some(&old), Some(&new), &B, SENDER, usize::MAX).ok().flatten().expect("a reply");
    assert_eq!(
        (sent.method, sent.to.as_str(), sent.from.as_str()),
        (Method::Reply, "anna@example.com", "b@example.com")
    );
    assert_eq!(
        inner(&sent),
        "BEGIN:VEVENT\nUID:u1\nDTSTAMP:20260402T080000Z\nDTSTART:20260416T100000Z\nDTEND:20260416T110000Z\nSUMMARY:Plan\nSEQUENCE:2
ORGANIZER;CN=Anna:mailto:anna@example.com\nATTENDEE;RSVP=TRUE;PARTSTAT=TENTATIVE:mailto:b@example.com\nREQUEST-STATUS:2.0;Success\nEND:VEVENT\n"
    );
    let client = "ORGANIZER;SCHEDULE-AGENT=CLIENT;CN=Anna";
    let quiet =
        event(&MEETING.replace("ORGANIZER;CN=Anna", client).replace("NEEDS-ACTION", "TENTATIVE"));
    assert_eq!(reply(Some(&old), Some(&quiet), &B, SENDER, usize::MAX), Ok(None));
    let forced = with("ORGANIZER;CN=Anna", "ORGANIZER;SCHEDULE-FORCE-SEND=REPLY;CN=Anna");
    let sent =
        reply(Some(&old), Some(&forced), &B, SENDER, usize::MAX).ok().flatten().expect("a reply");
    assert!(!sent.text.contains("SCHEDULE-") && sent.text.contains("PARTSTAT=NEEDS-ACTION"));
}

#[test]
fn what_an_attendee_throws_away_is_declined() {
    let old = event(MEETING);
    let sent = reply(Some(&old), None, &B, SENDER, usize::MAX).ok().flatten().expect("a reply");
    assert!(sent.text.contains("ATTENDEE;RSVP=TRUE;PARTSTAT=DECLINED:mailto:b@example.com\r\n"));
    let declined = with("PARTSTAT=NEEDS-ACTION", "PARTSTAT=DECLINED");
    assert_eq!(reply(Some(&declined), None, &B, SENDER, usize::MAX), Ok(None));
    let (old, new) = (series("", None), series("EXDATE;TZID=Europe/Berlin:20260416T100000", None));
    let sent =
        reply(Some(&old), Some(&new), &B, SENDER, usize::MAX).ok().flatten().expect("a reply");
    assert_eq!(
        inner(&sent),
        format!("{BERLIN}BEGIN:VEVENT\nUID:u1\nRECURRENCE-ID;TZID=Europe/Berlin:20260416T100000\nDTSTAMP:20260402T080000Z\nDTSTART;TZID=Europe/Berlin:20260416T100000\nDURATION:PT1H
ORGANIZER:mailto:anna@example.com\nATTENDEE;PARTSTAT=DECLINED:mailto:b@example.com\nREQUEST-STATUS:2.0;Success\nEND:VEVENT\n")
    );
    let one = series("", Some("ATTENDEE;PARTSTAT=ACCEPTED:mailto:b@example.com"));
    let sent =
        reply(Some(&old), Some(&one), &B, SENDER, usize::MAX).ok().flatten().expect("a reply");
    assert!(sent.text.contains("RECURRENCE-ID;TZID=Europe/Berlin:20260415T100000\r\n"));
    assert_eq!(sent.text.matches("BEGIN:VEVENT").count(), 1);
}
