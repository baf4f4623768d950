//! Who organizes and attends, which changes are allowed, and when the Schedule-Tag changes.

use super::*;
use crate::dav::calendar::schedule::{
    Agent, Author, Force, Role, Sender, attendee_may, attendees, merged, organizer, reply, role,
    tag_changes,
};

const MEETING: &str = "DTSTART:20260416T100000Z\nDTEND:20260416T110000Z\nSUMMARY:x
    ORGANIZER;SCHEDULE-AGENT=server:MAILTO:Anna@example.com
    ATTENDEE;PARTSTAT=ACCEPTED:mailto:anna@example.com
    ATTENDEE;PARTSTAT=NEEDS-ACTION;SCHEDULE-FORCE-SEND=REQUEST:mailto:b@example.com
    ATTENDEE;SCHEDULE-AGENT=CLIENT;SCHEDULE-STATUS=\"1.2\":mailto:c@example.com
    ATTENDEE;SCHEDULE-AGENT=X-OTHER;SCHEDULE-FORCE-SEND=COUNTER:mailto:d@example.com";

#[test]
fn people_are_read_with_their_scheduling_parameters() {
    let meeting = event(MEETING);
    let who = organizer(&meeting).expect("one organizer").expect("an organizer");
    assert_eq!((who.address.as_str(), who.agent), ("anna@example.com", Agent::Server));
    let people = attendees(meeting.master().expect("an event"));
    let read: Vec<_> = people
        .iter()
        .map(|person| (&person.address[..1], person.agent, person.force, person.partstat.as_str()))
        .collect();
    assert_eq!(
        read,
        [
            ("a", Agent::Server, None, "ACCEPTED"),
            ("b", Agent::Server, Some(Force::Request), "NEEDS-ACTION"),
            ("c", Agent::Client, None, "NEEDS-ACTION"),
            ("d", Agent::None, Some(Force::Unknown), "NEEDS-ACTION"),
        ]
    );
    assert_eq!(people[2].status.as_deref(), Some("1.2"));
}

#[test]
fn the_owner_organizes_attends_or_neither() {
    let meeting = event(MEETING);
    assert_eq!(role(&meeting, &["mailto:ANNA@example.com"]), Ok(Role::Organizer));
    assert_eq!(role(&meeting, &["x@example.com", "c@example.com"]), Ok(Role::Attendee));
    assert_eq!(role(&meeting, &["x@example.com"]), Ok(Role::Neither));
    assert_eq!(role(&event("DTSTART:20260416T100000Z"), &["x@example.com"]), Ok(Role::Neither));
    let two = |second: &str| {
        let lines = format!(
            "BEGIN:VEVENT\nUID:u1\nDTSTART:20260416T100000Z\nORGANIZER:mailto:a@example.com\nEND:VEVENT
             BEGIN:VEVENT\nUID:u1\nDTSTART:20260417T100000Z\nRECURRENCE-ID:20260417T100000Z\n{second}\nEND:VEVENT"
        );
        role(&object(&lines), &["a@example.com"])
    };
    assert_eq!(two("ORGANIZER:mailto:A@example.com"), Ok(Role::Organizer));
    assert_eq!(two("SUMMARY:nobody"), Ok(Role::Neither));
    let several = two("ORGANIZER:mailto:b@example.com").expect_err("two organizers");
    assert_eq!(
        (several.first.as_str(), several.second.as_str()),
        ("a@example.com", "b@example.com")
    );
}

/// The meeting with some text replaced.
#[track_caller]
fn with(from: &str, to: &str) -> CalendarObject {
    assert!(MEETING.contains(from), "{from}");
    event(&MEETING.replace(from, to))
}

#[test]
fn an_attendee_may_change_what_is_their_own() {
    let own = ["b@example.com"];
    let old = event(MEETING);
    let may = |from: &str, to: &str| attendee_may(&old, &with(from, to), &own);
    assert!(may("PARTSTAT=NEEDS-ACTION", "PARTSTAT=DECLINED"));
    assert!(may("SUMMARY:x", "SUMMARY:x\nTRANSP:TRANSPARENT\nEXDATE:20260416T100000Z\nX-A:1"));
    assert!(may("SUMMARY:x", "SUMMARY:x\nBEGIN:VALARM\nACTION:AUDIO\nTRIGGER:-PT5M\nEND:VALARM"));
    assert!(!may("SUMMARY:x", "SUMMARY:y"));
    assert!(!may("T100000Z", "T103000Z"));
    assert!(!may("PARTSTAT=ACCEPTED", "PARTSTAT=DECLINED"), "that of another");
    let series = format!("{MEETING}\nRRULE:FREQ=DAILY\nEXDATE:20260417T100000Z");
    let (old, new) = (event(&series), event(&series.replace("EXDATE:20260417T100000Z", "X-B:1")));
    assert!(!attendee_may(&old, &new, &own), "an instance cannot be taken back");
    let moved = MEETING
        .replace("20260416", "20260418")
        .replace("PARTSTAT=NEEDS-ACTION", "PARTSTAT=TENTATIVE");
    let one = |moved: &str| {
        let master = component("VEVENT", &series);
        object(&format!(
            "{master}{}",
            component("VEVENT", &format!("{moved}\nRECURRENCE-ID:20260418T100000Z"))
        ))
    };
    assert!(attendee_may(&event(&series), &one(&moved), &own));
    assert!(!attendee_may(&event(&series), &one(&moved.replace("SUMMARY:x", "SUMMARY:z")), &own));
}

#[test]
fn what_clients_write_beside_an_answer_is_no_change_of_the_meeting() {
    let own = ["b@example.com"];
    let old = event(MEETING);
    let answered = |from: &str, to: &str| {
        assert!(MEETING.contains(from), "{from}");
        let text = MEETING.replace(from, to).replace("PARTSTAT=NEEDS-ACTION", "PARTSTAT=ACCEPTED");
        attendee_may(&old, &event(&text), &own)
    };
    for (from, to) in [
        (";SCHEDULE-FORCE-SEND=REQUEST:", ";RSVP=FALSE;CN=B;ROLE=CHAIR;CUTYPE=INDIVIDUAL:"),
        ("ORGANIZER;SCHEDULE-AGENT=server", "ORGANIZER;CN=Anna;EMAIL=anna@example.com"),
        ("ATTENDEE;PARTSTAT=ACCEPTED:", "ATTENDEE;CN=Anna;ROLE=CHAIR;PARTSTAT=ACCEPTED:"),
        ("SUMMARY:x", "SUMMARY;LANGUAGE=en:x\nSEQUENCE:0\nCOMMENT:gladly"),
        ("SUMMARY:x", "SUMMARY:x\nCLASS:PUBLIC\nPRIORITY:0\nSTATUS:CONFIRMED"),
        ("DTEND:20260416T110000Z", "DURATION:PT1H"),
    ] {
        assert!(answered(from, to), "{to}");
    }
    for (from, to) in [
        ("DTEND:20260416T110000Z", "DURATION:PT2H"),
        ("SUMMARY:x", "SUMMARY:x\nSTATUS:CANCELLED"),
        ("mailto:c@example.com", "mailto:e@example.com"),
        ("SUMMARY:x", "SUMMARY:x\nLOCATION:elsewhere"),
        ("DTEND:20260416T110000Z", "DURATION:PT1H\nRRULE:FREQ=DAILY"),
    ] {
        assert!(!answered(from, to), "{to}");
    }
    let rule = format!("{MEETING}\nRRULE:FREQ=DAILY;COUNT=3");
    let same = format!("{MEETING}\nRRULE:COUNT=3;FREQ=DAILY;INTERVAL=1");
    assert!(attendee_may(&event(&rule), &event(&same), &own));
}

#[test]
fn an_attendee_may_tell_how_far_a_task_is_and_drop_an_instance_that_stands_alone() {
    let own = ["b@example.com"];
    let task = "DTSTART:20260416T100000Z\nORGANIZER:mailto:anna@example.com\nSUMMARY:x
        ATTENDEE:mailto:b@example.com";
    let todo = |lines: &str| object(&component("VTODO", lines));
    let done =
        format!("{task}\nSTATUS:COMPLETED\nPERCENT-COMPLETE:100\nCOMPLETED:20260416T100000Z");
    assert!(attendee_may(&todo(task), &todo(&done), &own));
    assert!(!attendee_may(&todo(task), &todo(&done.replace("SUMMARY:x", "SUMMARY:y")), &own));
    assert!(!attendee_may(&event(task), &event(&format!("{task}\nSTATUS:TENTATIVE")), &own));
    let one = |day: &str| {
        component(
            "VEVENT",
            &format!("{}\nRECURRENCE-ID:{day}T100000Z", task.replace("20260416", day)),
        )
    };
    let (both, left) = (format!("{}{}", one("20260416"), one("20260417")), one("20260417"));
    assert!(attendee_may(&object(&both), &object(&left), &own));
    assert!(!attendee_may(&object(&left), &object(&both), &own), "nobody invites themselves");
    let sender = Sender { product: "-//x//EN", now: "20260402T080000Z" };
    let sent = reply(Some(&object(&both)), Some(&object(&left)), &own, sender, usize::MAX)
        .ok()
        .flatten()
        .expect("a reply");
    assert!(sent.text.contains("RECURRENCE-ID:20260416T100000Z\r\n"), "{}", sent.text);
    assert_eq!(sent.text.matches("PARTSTAT=DECLINED").count(), 1);
}

#[test]
fn the_tag_changes_with_all_but_the_answers_of_people() {
    let old = event(MEETING);
    let answered = with("PARTSTAT=NEEDS-ACTION", "PARTSTAT=ACCEPTED;SCHEDULE-STATUS=\"2.0\"");
    assert!(!tag_changes(Author::Attendee, &old, &answered));
    assert!(!tag_changes(Author::Organizer, &old, &answered));
    assert!(!tag_changes(
        Author::Organizer,
        &old,
        &with("SUMMARY:x", "SUMMARY:x\nDTSTAMP:20260101T000000Z")
    ));
    assert!(tag_changes(Author::Organizer, &old, &with("SUMMARY:x", "SUMMARY:y")));
    assert!(tag_changes(Author::Organizer, &old, &with("mailto:c@", "mailto:e@")));
}

#[test]
fn a_put_that_matches_the_tag_keeps_the_answers_of_others() {
    let stored = with("PARTSTAT=NEEDS-ACTION", "PARTSTAT=ACCEPTED;SCHEDULE-STATUS=2.0");
    let sent = with("SUMMARY:x", "SUMMARY:y");
    let made = text(merged(&stored, &sent, &["anna@example.com"]));
    let expect = MEETING.replace("SUMMARY:x", "SUMMARY:y").replace(
        "PARTSTAT=NEEDS-ACTION;SCHEDULE-FORCE-SEND=REQUEST:",
        "PARTSTAT=ACCEPTED;SCHEDULE-FORCE-SEND=REQUEST;SCHEDULE-STATUS=2.0:\n !",
    );
    let expect = body(&component("VEVENT", &expect)).replace("\r\n!", "\r\n ");
    assert_eq!(made, expect);
    let own = text(merged(&stored, &sent, &["b@example.com"]));
    assert_eq!(own, body(&component("VEVENT", &MEETING.replace("SUMMARY:x", "SUMMARY:y"))));
}
