//! Both protocols' facts of one source event are equal, attendees excepted: Graph has an organizer
//! for everything and no entry for the organizer among the attendees.

use std::collections::BTreeSet;

use calamity_evidence::Lineage;
use serde_json::json;

use super::rig::{run, timed};
use crate::account::Account;
use crate::facts::Facts;
use crate::native::{Host, Native};
use crate::profiles::Profile;
use crate::world::{SourceEvent, Unwritable, embedded_events, read};
use crate::{Protocol, graph, jmap};

fn host(protocol: Protocol, profile: &str) -> Host {
    let profile = Profile::find(protocol, profile).expect("a profile");
    Host { owner: "owner@example.com".to_owned(), seed: 1, profile }
}

fn facts(native: &dyn Native, event: &SourceEvent, host: &Host) -> Result<Facts, Unwritable> {
    let now = calamity_base::clock::epoch();
    let new = native.write(event, &Lineage::from_number(7), host, now)?;
    let mut account = Account::new(1);
    let item = account.insert(new, BTreeSet::from(["c".to_owned()]), now);
    let facts = native.facts(&item);
    Ok(Facts { attendees: BTreeSet::new(), organizer: None, ..facts })
}

#[test]
fn the_embedded_events_say_the_same_in_both_protocols() {
    let (one, other) = (host(Protocol::Jmap, "strict"), host(Protocol::Graph, "m365"));
    let (mut compared, mut refused) = (0, 0);
    for event in embedded_events() {
        let left = facts(&jmap::Jmap, &event, &one);
        let right = facts(&graph::Graph, &event, &other);
        match (left, right) {
            (Ok(left), Ok(right)) => {
                assert_eq!(left, right, "line {} {}", event.line, event.uid);
                compared += 1;
            }
            _ => refused += 1,
        }
    }
    assert!(compared > 100, "{compared} compared, {refused} refused");
}

/// An event with a rule, as both protocols' facts state the rule; they must agree.
#[track_caller]
fn rule(start: &str, rule: &str) -> Result<String, String> {
    let text = format!(
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:u\r\nDTSTAMP:20260101T000000Z\r\n\
         DTSTART;TZID=Europe/Berlin:{start}\r\nDURATION:PT1H\r\nRRULE:{rule}\r\nSUMMARY:x\r\n\
         END:VEVENT\r\nEND:VCALENDAR\r\n"
    );
    let event = read(text.as_bytes()).expect("a calendar").events.remove(0);
    let left = facts(&jmap::Jmap, &event, &host(Protocol::Jmap, "strict"));
    let right = facts(&graph::Graph, &event, &host(Protocol::Graph, "m365"));
    match right {
        Err(unwritable) => Err(unwritable.to_string()),
        Ok(right) => {
            assert_eq!(left, Ok(right.clone()), "{rule}");
            Ok(right.rule)
        }
    }
}

#[test]
fn rules_are_stated_alike() {
    let ok = |text: &str| Ok(text.to_owned());
    for (start, given, expected) in [
        ("20260504T090000", "FREQ=DAILY;INTERVAL=2", "FREQ=DAILY;INTERVAL=2"),
        ("20260504T090000", "FREQ=DAILY;BYDAY=MO,TU", "FREQ=WEEKLY;INTERVAL=1;BYDAY=MO,TU"),
        ("20260504T090000", "FREQ=WEEKLY", "FREQ=WEEKLY;INTERVAL=1;BYDAY=MO"),
        (
            "20260504T090000",
            "FREQ=WEEKLY;INTERVAL=2;BYDAY=FR,MO;WKST=SU;COUNT=5",
            "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR;WKST=SU;COUNT=5",
        ),
        (
            "20260504T090000",
            "FREQ=WEEKLY;UNTIL=20260601T060000Z",
            "FREQ=WEEKLY;INTERVAL=1;BYDAY=MO;UNTIL=2026-05-31",
        ),
        ("20260504T090000", "FREQ=MONTHLY", "FREQ=MONTHLY;INTERVAL=1;BYMONTHDAY=4"),
        ("20260504T090000", "FREQ=MONTHLY;BYDAY=1MO", "FREQ=MONTHLY;INTERVAL=1;BYDAY=1MO"),
        (
            "20260504T090000",
            "FREQ=MONTHLY;BYDAY=MO;BYSETPOS=1",
            "FREQ=MONTHLY;INTERVAL=1;BYDAY=1MO",
        ),
        (
            "20260529T090000",
            "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
            "FREQ=MONTHLY;INTERVAL=1;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
        ),
        ("20260531T090000", "FREQ=MONTHLY;BYMONTHDAY=-1", "FREQ=MONTHLY;INTERVAL=1;BYMONTHDAY=-1"),
        (
            "20260531T090000",
            "RSCALE=GREGORIAN;FREQ=MONTHLY;BYMONTHDAY=31;SKIP=BACKWARD",
            "FREQ=MONTHLY;INTERVAL=1;BYMONTHDAY=-1",
        ),
        ("20260504T090000", "FREQ=YEARLY", "FREQ=YEARLY;INTERVAL=1;BYMONTH=5;BYMONTHDAY=4"),
        (
            "20261126T090000",
            "FREQ=YEARLY;BYMONTH=11;BYDAY=4TH",
            "FREQ=YEARLY;INTERVAL=1;BYMONTH=11;BYDAY=4TH",
        ),
    ] {
        assert_eq!(rule(start, given), ok(expected), "{given}");
    }
    let refused = rule("20260531T090000", "FREQ=MONTHLY;BYMONTHDAY=31");
    assert!(refused.is_err_and(|reason| reason.starts_with("RRULE: ")));
}

#[test]
fn facts_of_a_written_event() {
    run(async |rig| {
        rig.calendar("Calendar").await;
        let mut body = timed("  Lunch \n at  noon ~L0000000001", 4, 12);
        body["body"] =
            json!({ "contentType": "html", "content": "<p>One&nbsp;<b>two</b></p>three" });
        body["showAs"] = json!("free");
        body["locations"] = json!([{ "displayName": "B" }, { "displayName": "A" }]);
        rig.post("/me/events", &body).await;
        let facts = rig.server.items()[0].facts.clone();
        let expected = Facts {
            title: "Lunch at noon ~L0000000001".to_owned(),
            start: "2026-05-04T12:00:00Z".to_owned(),
            end: "2026-05-04T13:00:00Z".to_owned(),
            description: "One two three".to_owned(),
            location: "A; B".to_owned(),
            ..Facts::default()
        };
        assert_eq!(facts, expected);
    });
}
