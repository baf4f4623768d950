//! Who is told, by protocol, profile and what the client says: JMAP when `sendSchedulingMessages`
//! is true (draft-ietf-jmap-calendars-27 section 5.9: false by default), Graph whenever the mailbox
//! organizes, CalDAV always (RFC 6638 section 3.2), and each as its variant has it.

use calamity_evidence::{Actor, Method};

use super::client::{GUESTS, Meeting, Said, with_server};
use crate::Protocol;

/// What happens when the meeting is made, moved and deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    /// Everybody is told each time.
    Told,
    /// It is done and nobody is told.
    Quiet,
    /// The request is refused.
    Refused,
}

use Outcome::{Quiet, Refused, Told};

/// Profile, and what becomes of a request that says nothing, "do not tell" and "tell".
type Row = (&'static str, [Outcome; 3]);

const JMAP: [Row; 8] = [
    ("strict", [Quiet, Quiet, Told]),
    ("strict+honours-marker", [Quiet, Quiet, Told]),
    ("strict+ignores-marker", [Told, Told, Told]),
    ("strict+rejects-marker", [Quiet, Refused, Refused]),
    ("strict+notifies-by-default", [Told, Quiet, Told]),
    ("stalwart", [Quiet, Quiet, Told]),
    ("stalwart+ignores-marker", [Told, Told, Told]),
    ("stalwart+notifies-by-default", [Told, Quiet, Told]),
];

const GRAPH: [Row; 7] = [
    ("strict", [Told, Quiet, Told]),
    ("strict+ignores-marker", [Told, Told, Told]),
    ("strict+rejects-marker", [Told, Refused, Refused]),
    ("strict+notifies-by-default", [Told, Quiet, Told]),
    ("m365", [Told, Told, Told]),
    ("m365+honours-marker", [Told, Quiet, Told]),
    ("m365+rejects-marker", [Told, Refused, Refused]),
];

const DAV: [Row; 4] = [
    ("strict", [Told, Told, Told]),
    ("nextcloud", [Told, Told, Told]),
    ("radicale", [Quiet, Quiet, Quiet]),
    ("xandikos", [Quiet, Quiet, Quiet]),
];

#[test]
fn jmap_tells_whom_the_request_says() {
    check(Protocol::Jmap, &JMAP);
}

#[test]
fn graph_tells_as_its_profile_has_it() {
    check(Protocol::Graph, &GRAPH);
}

#[test]
fn caldav_tells_where_the_server_schedules() {
    check(Protocol::Dav, &DAV);
}

fn check(protocol: Protocol, rows: &[Row]) {
    let said = [Said::Nothing, Said::Silent, Said::Send];
    for (profile, outcomes) in rows {
        for (said, expected) in said.into_iter().zip(outcomes) {
            let name = format!("{protocol} {profile} {said:?}");
            with_server(protocol, profile, said, async |meeting| {
                one(meeting, *expected, &name).await;
            });
        }
    }
}

async fn one(mut meeting: Meeting, expected: Outcome, name: &str) {
    let done = meeting.make("").await;
    if expected == Refused {
        assert!(!done, "{name}: the request should be refused");
        assert!(meeting.mails(0).is_empty() && meeting.server.items().is_empty(), "{name}");
        return;
    }
    assert!(done, "{name}: made");
    told(&meeting, 0, expected, Method::Request, name);
    let from = meeting.mails(0).len();
    assert!(meeting.shift().await, "{name}: moved");
    told(&meeting, from, expected, Method::Request, name);
    let from = meeting.mails(0).len();
    assert!(meeting.delete().await, "{name}: deleted");
    told(&meeting, from, expected, Method::Cancel, name);
    assert!(meeting.server.items().is_empty(), "{name}");
}

/// Exactly one message to each guest, or none, each from a request of the client, each an
/// iCalendar object of its method.
#[track_caller]
fn told(meeting: &Meeting, from: usize, expected: Outcome, method: Method, name: &str) {
    let mails = meeting.mails(from);
    let people: Vec<&str> = mails.iter().map(|mail| mail.to.as_str()).collect();
    if expected == Quiet {
        assert!(people.is_empty(), "{name}: {people:?}");
        return;
    }
    assert_eq!(people, GUESTS, "{name} {method:?}");
    for mail in &mails {
        assert_eq!(mail.method, method, "{name}");
        assert!(matches!(mail.actor, Actor::Client(_)), "{name}");
        let named =
            format!("METHOD:{}\r\n", if method == Method::Cancel { "CANCEL" } else { "REQUEST" });
        assert!(mail.message.contains(&named), "{name}: {:?}", mail.message);
        assert!(
            mail.message.contains(&format!("SEQUENCE:{}\r\n", mail.sequence)) || mail.sequence == 0
        );
        assert!(
            mail.message.contains(&format!("mailto:{}\r\n", mail.to)),
            "{name}: {:?}",
            mail.message
        );
    }
}
