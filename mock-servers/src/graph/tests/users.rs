//! What users do in Outlook, seen by facts and over the wire.

use calamity_evidence::{Actor, Lineage, Method as M};
use serde_json::json;

use super::rig::{Rig, and, invited, run, timed, weekly};
use crate::{Edit, NoSuchItem};

fn token() -> Lineage {
    Lineage::from_number(1)
}

async fn made(rig: &Rig, body: serde_json::Value) -> String {
    let calendar = rig.calendar("Calendar").await;
    let subject = token().mark(body["subject"].as_str().expect("a subject"));
    rig.event(&calendar, &and(body, json!({ "subject": subject }))).await
}

fn edit(rig: &Rig, edit: &Edit) {
    rig.server.edit(Actor::User("story".to_owned()), &token(), edit).expect("an edit");
}

#[test]
fn edits_keep_the_token_and_move_the_version() {
    run(async |rig| {
        let id = made(&rig, timed("x", 4, 9)).await;
        let before = rig.get(&format!("/me/events/{id}")).await;
        edit(&rig, &Edit::Title("y".to_owned()));
        edit(&rig, &Edit::Description("one\ntwo".to_owned()));
        edit(&rig, &Edit::Location("Room".to_owned()));
        edit(&rig, &Edit::Shift { minutes: 45 });
        let after = rig.get(&format!("/me/events/{id}")).await;
        assert_eq!(after.body["subject"], token().mark("y"));
        assert_eq!(after.body["bodyPreview"], "one\ntwo");
        assert_eq!(after.body["locations"][0]["displayName"], "Room");
        assert_eq!(after.body["start"]["dateTime"], "2026-05-04T09:45:00.0000000");
        assert_ne!(after.body["changeKey"], before.body["changeKey"]);
        let facts = rig.server.items()[0].facts.clone();
        assert_eq!((facts.description.as_str(), facts.location.as_str()), ("one two", "Room"));
        assert_eq!(
            (facts.start.as_str(), facts.end.as_str()),
            ("2026-05-04T09:45:00Z", "2026-05-04T10:45:00Z")
        );
        assert_eq!(rig.server.mails(0), []);
    });
}

#[test]
fn inviting_tells_those_who_are_new() {
    run(async |rig| {
        made(&rig, and(timed("x", 4, 9), invited(&["a@example.com"]))).await;
        edit(
            &rig,
            &Edit::Invite(vec!["A@example.com".to_owned(), "mailto:B@example.com".to_owned()]),
        );
        assert_eq!(rig.told(1), [(M::Request, "b@example.com".to_owned())]);
        assert_eq!(rig.server.mails(1)[0].actor, Actor::User("story".to_owned()));
        rig.server.delete(Actor::User("story".to_owned()), &token()).expect("an item");
        assert_eq!(rig.told(2).len(), 2);
    });
}

#[test]
fn occurrences_are_cancelled_and_retitled_by_number() {
    run(async |rig| {
        made(&rig, weekly("x")).await;
        edit(&rig, &Edit::CancelOccurrence { nth: 1 });
        edit(&rig, &Edit::RetitleOccurrence { nth: 2, title: "own".to_owned() });
        let facts = rig.server.items()[0].facts.clone();
        assert_eq!(facts.excluded.iter().collect::<Vec<_>>(), ["2026-05-11T07:00:00Z"]);
        let expected = format!("{}|2026-05-18T07:00:00Z|2026-05-18T08:00:00Z", token().mark("own"));
        assert_eq!(facts.exceptions.values().collect::<Vec<_>>(), [&expected]);
        assert_eq!(facts.rule, "FREQ=WEEKLY;INTERVAL=1;BYDAY=MO;COUNT=5");
        for nth in [1, 5] {
            let none = rig.server.edit(Actor::Seed, &token(), &Edit::CancelOccurrence { nth });
            assert_eq!(none, Err(NoSuchItem::Occurrence { nth }));
        }
        let other =
            rig.server.edit(Actor::Seed, &Lineage::from_number(2), &Edit::Title("y".to_owned()));
        assert_eq!(other, Err(NoSuchItem::Item { lineage: Lineage::from_number(2) }));
    });
}

#[test]
fn a_shifted_series_takes_its_deviations_along() {
    run(async |rig| {
        made(&rig, weekly("x")).await;
        edit(&rig, &Edit::CancelOccurrence { nth: 1 });
        edit(&rig, &Edit::RetitleOccurrence { nth: 2, title: "own".to_owned() });
        edit(&rig, &Edit::Shift { minutes: 24 * 60 + 30 });
        let facts = rig.server.items()[0].facts.clone();
        assert_eq!(facts.start, "2026-05-05T07:30:00Z");
        assert_eq!(facts.rule, "FREQ=WEEKLY;INTERVAL=1;BYDAY=TU;COUNT=5");
        assert_eq!(facts.excluded.iter().collect::<Vec<_>>(), ["2026-05-12T07:30:00Z"]);
        assert_eq!(facts.exceptions.keys().collect::<Vec<_>>(), ["2026-05-19T07:30:00Z"]);
    });
}

/// A series with a moved occurrence, and a guest who has accepted.
const SEEDED: &str = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n\
    BEGIN:VEVENT\r\nUID:u\r\nDTSTAMP:20260101T000000Z\r\nDTSTART:20260504T090000Z\r\n\
    DTEND:20260504T100000Z\r\nRRULE:FREQ=WEEKLY;COUNT=3\r\nSUMMARY:x\r\n\
    ORGANIZER:mailto:owner@example.com\r\n\
    ATTENDEE;PARTSTAT=ACCEPTED:mailto:a@example.com\r\nEND:VEVENT\r\n\
    BEGIN:VEVENT\r\nUID:u\r\nDTSTAMP:20260101T000000Z\r\nRECURRENCE-ID:20260511T090000Z\r\n\
    DTSTART:20260512T090000Z\r\nDTEND:20260512T100000Z\r\nSUMMARY:x\r\n\
    ORGANIZER:mailto:owner@example.com\r\n\
    ATTENDEE;PARTSTAT=ACCEPTED:mailto:a@example.com\r\nEND:VEVENT\r\n\
    END:VCALENDAR\r\n";

fn seeded(rig: &Rig) -> String {
    let event = crate::world::read(SEEDED.as_bytes()).expect("a calendar").events.remove(0);
    rig.server.create(Actor::Seed, "Calendar", &event, &token()).expect("an event")
}

#[test]
fn seeding_tells_nobody_and_an_exception_follows_its_masters_title() {
    run(async |rig| {
        let id = seeded(&rig);
        assert_eq!(rig.server.mails(0), []);
        let read = rig.get(&format!("/me/events/{id}")).await;
        assert_eq!(read.body["subject"], token().mark("x"));
        assert_eq!(read.body["originalStartTimeZone"], "UTC");
        edit(&rig, &Edit::Title("y".to_owned()));
        let window = "startDateTime=2026-05-01&endDateTime=2026-06-01";
        let page = rig.get(&format!("/me/events/{id}/instances?{window}")).await;
        assert_eq!(page.column("subject"), [token().mark("y").as_str(); 3]);
        assert_eq!(page.column("type"), ["occurrence", "exception", "occurrence"]);
        assert_eq!(page.rows()[1]["start"]["dateTime"], "2026-05-12T09:00:00.0000000");
    });
}

#[test]
fn an_answer_stays_with_the_attendee_who_gave_it() {
    run(async |rig| {
        let id = seeded(&rig);
        let people = invited(&["b@example.com", "A@example.com"]);
        let changed = rig.patch(&format!("/me/events/{id}"), &people).await;
        let responses = changed.body["attendees"].as_array().expect("attendees").iter();
        let responses: Vec<&str> =
            responses.filter_map(|one| one["status"]["response"].as_str()).collect();
        assert_eq!(responses, ["none", "accepted"]);
    });
}
