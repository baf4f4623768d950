//! Whom the mailbox tells: always, when it organizes and somebody is invited.

use calamity_evidence::{Actor, Method as M};
use http::Method;
use serde_json::json;

use super::rig::{OWNER, Rig, and, invited, run, timed, weekly, with_profile};

fn to(method: M, people: &[&str]) -> Vec<(M, String)> {
    people.iter().map(|one| (method, (*one).to_owned())).collect()
}

async fn meeting(rig: &Rig) -> String {
    let calendar = rig.calendar("Calendar").await;
    let people = invited(&["A@example.com", "b@example.com", OWNER]);
    rig.event(&calendar, &and(timed("x ~L0000000001", 4, 9), people)).await
}

#[test]
fn creating_changing_and_deleting_a_meeting_tells_everybody() {
    run(async |rig| {
        let id = meeting(&rig).await;
        assert_eq!(rig.told(0), to(M::Request, &["a@example.com", "b@example.com"]));
        rig.patch(&format!("/me/events/{id}"), &json!({ "subject": "y ~L0000000001" })).await;
        assert_eq!(rig.told(2), to(M::Request, &["a@example.com", "b@example.com"]));
        // Nothing changed, and yet.
        rig.patch(&format!("/me/events/{id}"), &json!({ "subject": "y ~L0000000001" })).await;
        assert_eq!(rig.told(4).len(), 2);
        rig.delete(&format!("/me/events/{id}")).await;
        assert_eq!(rig.told(6), to(M::Cancel, &["a@example.com", "b@example.com"]));

        let mails = rig.server.mails(0);
        let writes = rig.server.writes(0);
        assert_eq!(mails[0].cause, writes[1].seq);
        assert_eq!((mails[0].from.as_str(), mails[0].title.as_str()), (OWNER, "x"));
        assert_eq!(
            mails[0].lineage.as_ref().map(ToString::to_string).as_deref(),
            Some("~L0000000001")
        );
        assert!(matches!(mails[7].actor, Actor::Client(_)));
        // Two updates, and a cancel counts on once more (RFC 5546 section 2.1.4).
        assert_eq!((mails[0].sequence, mails[6].sequence), (0, 3));
        assert_eq!(writes[1].attendees, ["a@example.com", "b@example.com"]);
    });
}

#[test]
fn a_change_of_the_attendees_alone_tells_those_who_changed() {
    run(async |rig| {
        let id = meeting(&rig).await;
        let people = invited(&["b@example.com", "c@example.com"]);
        rig.patch(&format!("/me/events/{id}"), &people).await;
        let expected =
            [to(M::Cancel, &["a@example.com"]), to(M::Request, &["c@example.com"])].concat();
        assert_eq!(rig.told(2), expected);
        let more = and(invited(&["c@example.com"]), json!({ "subject": "z" }));
        rig.patch(&format!("/me/events/{id}"), &more).await;
        let expected =
            [to(M::Cancel, &["b@example.com"]), to(M::Request, &["c@example.com"])].concat();
        assert_eq!(rig.told(4), expected);
    });
}

#[test]
fn instances_are_told_of_by_themselves() {
    run(async |rig| {
        let calendar = rig.calendar("Calendar").await;
        let id = rig.event(&calendar, &and(weekly("x"), invited(&["a@example.com"]))).await;
        let window = "startDateTime=2026-05-01&endDateTime=2026-07-01";
        let rows = rig.get(&format!("/me/events/{id}/instances?{window}")).await.rows().to_vec();
        let [one, two] =
            [0, 1].map(|nth: usize| rows[nth]["id"].as_str().expect("an id").to_owned());
        rig.patch(&format!("/me/events/{one}"), &invited(&["a@example.com", "b@example.com"]))
            .await;
        assert_eq!(rig.told(1), to(M::Request, &["a@example.com", "b@example.com"]));
        rig.delete(&format!("/me/events/{two}")).await;
        assert_eq!(rig.told(3), to(M::Cancel, &["a@example.com"]));
        // The master's update goes out once more for its upcoming exception.
        rig.patch(&format!("/me/events/{id}"), &json!({ "subject": "y" })).await;
        assert_eq!(
            rig.told(4),
            to(M::Request, &["a@example.com", "a@example.com", "b@example.com"])
        );
        rig.delete(&format!("/me/events/{id}")).await;
        assert_eq!(rig.told(7), to(M::Cancel, &["a@example.com", "b@example.com"]));
    });
}

#[test]
fn the_marker_counts_where_the_profile_says_so() {
    for (profile, expected) in [
        ("m365", [1, 1]),
        ("m365+honours-marker", [0, 1]),
        ("m365+notifies-by-default", [0, 1]),
        ("strict", [0, 1]),
    ] {
        with_profile(profile, async |rig| {
            let calendar = rig.calendar("Calendar").await;
            let target = format!("/me/calendars/{calendar}/events");
            let body = and(timed("x", 4, 9), invited(&["a@example.com"]));
            let prefer = [("prefer", "IdType=\"ImmutableId\", outlook.send-notifications=false")];
            rig.send(Method::POST, &target, &prefer, Some(&body)).await;
            let silent = rig.server.mails(0).len();
            rig.post(&target, &body).await;
            assert_eq!([silent, rig.server.mails(silent).len()], expected, "{profile}");
        });
    }
}

#[test]
fn nobody_is_told_without_guests_by_a_retry_or_by_a_folder() {
    run(async |rig| {
        let calendar = rig.calendar("Calendar").await;
        let work = rig.calendar("Work").await;
        let id = rig.event(&calendar, &timed("x", 4, 9)).await;
        rig.patch(&format!("/me/events/{id}"), &json!({ "subject": "y" })).await;
        assert_eq!(rig.server.mails(0), []);
        let body = and(timed("x", 4, 9), invited(&["a@example.com"]));
        let body = and(body, json!({ "transactionId": "t" }));
        rig.event(&work, &body).await;
        rig.event(&work, &body).await;
        assert_eq!(rig.server.mails(0).len(), 1);
        rig.delete(&format!("/me/calendars/{work}")).await;
        assert_eq!(rig.server.mails(0).len(), 1);
        assert_eq!(rig.server.items().len(), 1);
    });
}
