//! Series: what is told of single occurrences, with their times and zones.

use calamity_evidence::Method;
use serde_json::json;

use super::client::{Meeting, Said, with_server};
use crate::Protocol;

/// Weekly at nine in Berlin, five times.
const JMAP: &str = r#"{"timeZone": "Europe/Berlin",
    "recurrenceRule": {"@type": "RecurrenceRule", "frequency": "weekly", "count": 5}}"#;
const GRAPH: &str = r#"{
    "start": {"dateTime": "2026-05-04T09:00:00", "timeZone": "W. Europe Standard Time"},
    "end": {"dateTime": "2026-05-04T10:00:00", "timeZone": "W. Europe Standard Time"},
    "recurrence": {"pattern": {"type": "weekly", "interval": 1, "daysOfWeek": ["monday"]},
        "range": {"type": "numbered", "startDate": "2026-05-04", "numberOfOccurrences": 5}}}"#;

/// The last messages to the first guest: their method and lines.
fn last(meeting: &Meeting, from: usize) -> Vec<(Method, Vec<String>)> {
    let ann = meeting.mails(from).into_iter().filter(|mail| mail.to == "ann@example.net");
    ann.map(|mail| (mail.method, mail.message.lines().map(str::to_owned).collect())).collect()
}

#[track_caller]
fn has(message: &[String], line: &str) {
    assert!(message.iter().any(|found| found == line), "no `{line}` in\n{}", message.join("\n"));
}

#[test]
fn an_invitation_to_a_series_has_its_rule_and_its_zone() {
    for (protocol, body, zone) in
        [(Protocol::Jmap, JMAP, "Europe/Berlin"), (Protocol::Graph, GRAPH, "Europe/Berlin")]
    {
        with_server(protocol, "strict", Said::Send, async |mut meeting| {
            assert!(meeting.make(body).await);
            let (method, text) = last(&meeting, 0).remove(0);
            assert_eq!(method, Method::Request);
            has(&text, &format!("TZID:{zone}"));
            has(&text, &format!("DTSTART;TZID={zone}:20260504T090000"));
            assert!(text.iter().any(|line| line.starts_with("RRULE:FREQ=WEEKLY")), "{text:?}");
        });
    }
}

#[test]
fn an_occurrence_that_is_taken_out_is_called_off_alone() {
    with_server(Protocol::Jmap, "strict", Said::Send, async |mut meeting| {
        assert!(meeting.make(JMAP).await);
        let from = meeting.mails(0).len();
        let out = json!({ "recurrenceOverrides/2026-05-11T09:00:00": { "excluded": true } });
        let whole = json!({ "recurrenceOverrides": {
            "2026-05-11T09:00:00": { "excluded": true } } });
        assert!(meeting.patch(whole).await || meeting.patch(out).await);
        let mut told = last(&meeting, from);
        assert_eq!(told.len(), 1);
        let (method, text) = told.remove(0);
        assert_eq!(method, Method::Cancel);
        has(&text, "RECURRENCE-ID;TZID=Europe/Berlin:20260511T090000");
        has(&text, "STATUS:CANCELLED");
        assert!(!text.iter().any(|line| line.starts_with("RRULE")), "{text:?}");
    });
}

#[test]
fn an_occurrence_that_is_moved_is_told_of() {
    with_server(Protocol::Jmap, "strict", Said::Send, async |mut meeting| {
        assert!(meeting.make(JMAP).await);
        let from = meeting.mails(0).len();
        let moved = json!({ "recurrenceOverrides": {
            "2026-05-18T09:00:00": { "start": "2026-05-18T15:00:00" } } });
        assert!(meeting.patch(moved).await);
        let (method, text) = last(&meeting, from).remove(0);
        assert_eq!(method, Method::Request);
        has(&text, "RECURRENCE-ID;TZID=Europe/Berlin:20260518T090000");
        has(&text, "DTSTART;TZID=Europe/Berlin:20260518T150000");
    });
}

#[test]
fn who_is_no_longer_invited_gets_a_cancel_and_the_others_nothing_of_it() {
    with_server(Protocol::Jmap, "strict", Said::Send, async |mut meeting| {
        assert!(meeting.make("").await);
        let from = meeting.mails(0).len();
        assert!(meeting.patch(json!({ "participants/a": null })).await);
        let (method, text) = last(&meeting, from).remove(0);
        assert_eq!(method, Method::Cancel);
        // RFC 5546 section 3.2.5: who is taken off the list is told without a STATUS.
        assert!(!text.iter().any(|line| line.starts_with("STATUS")), "{text:?}");
        has(&text, "SEQUENCE:1");
        let people: Vec<&String> =
            text.iter().filter(|line| line.starts_with("ATTENDEE")).collect();
        assert_eq!(people.len(), 1, "{people:?}");
    });
}
