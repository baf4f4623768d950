//! Actions on events: answers, cancellations, forwarding, reminders.

use calamity_evidence::Method as M;
use http::Method;
use serde_json::{Value, json};

use super::rig::{AS_GUEST, GUEST, OWNER, Rig, and, invited, run, timed, weekly, with_people};

/// A meeting of the owner's to which the guest is invited; the id of the guest's copy.
async fn invitation(rig: &Rig, body: Value) -> (String, String) {
    let calendar = rig.calendar("Calendar").await;
    let id = rig.event(&calendar, &and(body, invited(&[GUEST]))).await;
    let copies = rig.by(AS_GUEST, Method::GET, "/me/events", None).await;
    (id, copies.rows()[0]["id"].as_str().expect("a copy").to_owned())
}

async fn act(rig: &Rig, id: &str, action: &str, body: Value) -> super::rig::Answer {
    rig.by(AS_GUEST, Method::POST, &format!("/me/events/{id}/{action}"), Some(&body)).await
}

#[test]
fn an_answer_is_noted_on_both_sides_and_goes_to_the_organizer() {
    for (action, response, shown) in
        [("accept", "accepted", "busy"), ("tentativelyAccept", "tentativelyAccepted", "tentative")]
    {
        with_people(async |rig| {
            let (id, copy) = invitation(&rig, timed("x", 4, 9)).await;
            let before = rig.server.mails(0).len();
            let body = json!({ "Comment": "fine", "SendResponse": true });
            let done = act(&rig, &copy, action, body).await;
            assert_eq!((done.status, done.text.as_str()), (202, ""), "{action}");
            assert_eq!(rig.told(before), [(M::Reply, OWNER.to_owned())]);
            assert_eq!(rig.server.mails(before)[0].from, GUEST);
            let copy = rig.by(AS_GUEST, Method::GET, &format!("/me/events/{copy}"), None).await;
            assert_eq!(copy.body["responseStatus"]["response"], response);
            assert_eq!(copy.body["responseStatus"]["time"], "2026-04-16T08:00:00Z");
            assert_eq!(copy.body["showAs"], shown);
            let own = rig.get(&format!("/me/events/{id}")).await;
            assert_eq!(own.body["attendees"][0]["status"]["response"], response);
            assert_eq!(own.body["responseStatus"]["response"], "organizer");
        });
    }
}

#[test]
fn a_silent_answer_tells_nobody() {
    with_people(async |rig| {
        let (id, copy) = invitation(&rig, timed("x", 4, 9)).await;
        let before = rig.server.mails(0).len();
        assert_eq!(act(&rig, &copy, "accept", json!({ "sendResponse": false })).await.status, 202);
        assert_eq!(rig.told(before), []);
        let own = rig.get(&format!("/me/events/{id}")).await;
        assert_eq!(own.body["attendees"][0]["status"]["response"], "none");
    });
}

#[test]
fn a_declined_event_leaves_the_calendar() {
    with_people(async |rig| {
        let (id, copy) = invitation(&rig, timed("x", 4, 9)).await;
        let before = rig.server.mails(0).len();
        let slot = json!({
            "start": { "dateTime": "2026-05-05T09:00:00", "timeZone": "UTC" },
            "end": { "dateTime": "2026-05-05T10:00:00", "timeZone": "UTC" },
        });
        let silent = json!({ "sendResponse": false, "proposedNewTime": slot });
        let refused = act(&rig, &copy, "decline", silent).await;
        assert_eq!((refused.status, refused.code()), (400, "ErrorInvalidRequest"));
        let done = act(&rig, &copy, "decline", json!({ "proposedNewTime": slot })).await;
        assert_eq!(done.status, 202);
        assert_eq!(rig.told(before), [(M::Reply, OWNER.to_owned())]);
        let gone = rig.by(AS_GUEST, Method::GET, &format!("/me/events/{copy}"), None).await;
        assert_eq!(gone.status, 404);
        let own = rig.get(&format!("/me/events/{id}")).await;
        assert_eq!(own.body["attendees"][0]["status"]["response"], "declined");
        let proposed = &own.body["attendees"][0]["proposedNewTime"]["start"]["dateTime"];
        assert_eq!(proposed, "2026-05-05T09:00:00.0000000");
    });
}

#[test]
fn one_instance_is_answered_by_itself() {
    with_people(async |rig| {
        let (id, copy) = invitation(&rig, weekly("x")).await;
        let window = "startDateTime=2026-05-01&endDateTime=2026-07-01";
        let target = format!("/me/events/{copy}/instances?{window}");
        let rows = rig.by(AS_GUEST, Method::GET, &target, None).await;
        let second = rows.rows()[1]["id"].as_str().expect("an id").to_owned();
        assert_eq!(act(&rig, &second, "accept", json!({})).await.status, 202);
        let after = rig.by(AS_GUEST, Method::GET, &target, None).await;
        let responses: Vec<&Value> =
            after.rows().iter().map(|row| &row["responseStatus"]["response"]).collect();
        assert_eq!(responses[..3], ["notResponded", "accepted", "notResponded"]);
        let own = rig.get(&format!("/me/events/{id}/instances?{window}")).await;
        let answers: Vec<&Value> =
            own.rows().iter().map(|row| &row["attendees"][0]["status"]["response"]).collect();
        assert_eq!(answers[..3], ["none", "accepted", "none"]);
    });
}

#[test]
fn only_attendees_answer_and_only_the_organizer_cancels() {
    with_people(async |rig| {
        let (id, copy) = invitation(&rig, timed("x", 4, 9)).await;
        let own = rig.post(&format!("/me/events/{id}/accept"), &json!({})).await;
        assert_eq!((own.status, own.code()), (400, "ErrorInvalidRequest"));
        let theirs = act(&rig, &copy, "cancel", json!({ "comment": "x" })).await;
        assert_eq!((theirs.status, theirs.code()), (400, "ErrorInvalidRequest"));
        for body in [json!({ "sendResponse": "yes" }), json!({ "comment": 1 }), json!({ "x": 1 })] {
            let refused = act(&rig, &copy, "accept", body).await;
            assert_eq!((refused.status, refused.code()), (400, "RequestBodyRead"));
        }
        let none = act(&rig, "0123456789abcdef01234567", "accept", json!({})).await;
        assert_eq!(none.status, 404);
        let read = rig.get(&format!("/me/events/{id}/accept")).await;
        assert_eq!(read.status, 405);
    });
}

#[test]
fn a_cancelled_meeting_is_told_to_everybody() {
    with_people(async |rig| {
        let (id, copy) = invitation(&rig, timed("x", 4, 9)).await;
        let before = rig.server.mails(0).len();
        let done = rig.post(&format!("/me/events/{id}/cancel"), &json!({ "Comment": "ill" })).await;
        assert_eq!(done.status, 202);
        assert_eq!(rig.told(before), [(M::Cancel, GUEST.to_owned())]);
        assert_eq!(rig.get(&format!("/me/events/{id}")).await.status, 404);
        let copy = rig.by(AS_GUEST, Method::GET, &format!("/me/events/{copy}"), None).await;
        assert_eq!(
            (&copy.body["isCancelled"], &copy.body["showAs"]),
            (&json!(true), &json!("free"))
        );
        assert_eq!(copy.body["subject"], "Canceled: x");
    });
}

#[test]
fn a_forwarded_meeting_reaches_somebody_new() {
    with_people(async |rig| {
        let (id, copy) = invitation(&rig, timed("x", 4, 9)).await;
        let before = rig.server.mails(0).len();
        let to = |address: &str| {
            json!({ "ToRecipients": [{ "EmailAddress": { "Address": address, "Name": "N" } }],
                "Comment": "come too" })
        };
        let done = act(&rig, &copy, "forward", to("third@example.com")).await;
        assert_eq!(done.status, 202);
        assert_eq!(rig.told(before), [(M::Request, "third@example.com".to_owned())]);
        let third = ("authorization", "Bearer third");
        let theirs = rig.by(third, Method::GET, "/me/events", None).await;
        assert_eq!(theirs.column("subject"), ["x"]);
        let own = rig.get(&format!("/me/events/{id}")).await;
        assert_eq!(own.body["attendees"][1]["emailAddress"]["address"], "third@example.com");
        let elsewhere = rig.post(&format!("/me/events/{id}/forward"), &to("far@example.org")).await;
        assert_eq!(elsewhere.status, 202);
        assert_eq!(rig.told(before + 1), [(M::Request, "far@example.org".to_owned())]);
        let nobody = act(&rig, &copy, "forward", json!({ "toRecipients": [] })).await;
        assert_eq!((nobody.status, nobody.code()), (400, "ErrorInvalidRecipients"));
    });
}

#[test]
fn reminders_are_put_off_and_dismissed() {
    run(async |rig| {
        let calendar = rig.calendar("Calendar").await;
        let id = rig.event(&calendar, &and(timed("x", 4, 9), invited(&["a@example.com"]))).await;
        let target = |action: &str| format!("/me/events/{id}/{action}");
        let at = |zone: &str| json!({ "newReminderTime": { "dateTime": "2026-05-04T08:50:00", "timeZone": zone } });
        assert_eq!(rig.post(&target("snoozeReminder"), &at("UTC")).await.status, 200);
        assert_eq!(
            rig.post(&target("snoozeReminder"), &json!({})).await.code(),
            "ErrorInvalidRequest"
        );
        let mars = rig.post(&target("snoozeReminder"), &at("Mars")).await;
        assert_eq!(mars.code(), "TimeZoneNotSupportedException");
        assert_eq!(rig.post(&target("dismissReminder"), &json!({})).await.status, 200);
        assert_eq!(rig.get(&format!("/me/events/{id}")).await.body["isReminderOn"], false);
        assert_eq!(rig.server.mails(1), [], "nobody else hears of it");
    });
}
