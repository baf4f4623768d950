//! What becomes of the copies of a meeting in the mailboxes of the server's other users.

use http::Method;
use serde_json::{Value, json};

use super::rig::{AS_GUEST, Answer, GUEST, OWNER, Rig, and, invited, timed, weekly, with_people};

async fn copies(rig: &Rig) -> Vec<Value> {
    rig.by(AS_GUEST, Method::GET, "/me/events", None).await.rows().to_vec()
}

#[test]
fn an_invited_user_has_a_copy_that_is_not_answered() {
    with_people(async |rig| {
        let calendar = rig.calendar("Calendar").await;
        let own = json!({ "categories": ["Red"], "showAs": "oof" });
        let body = and(and(timed("x", 4, 9), invited(&[GUEST, "far@example.org"])), own);
        let made = rig.post(&format!("/me/calendars/{calendar}/events"), &body).await;
        let all = copies(&rig).await;
        assert_eq!(all.len(), 1);
        let copy = &all[0];
        assert_eq!(copy["iCalUId"], made.body["iCalUId"]);
        assert_ne!(copy["id"], made.body["id"]);
        assert_eq!((&copy["isOrganizer"], &copy["subject"]), (&json!(false), &json!("x")));
        assert_eq!(copy["organizer"]["emailAddress"]["address"], OWNER);
        assert_eq!(copy["responseStatus"]["response"], "notResponded");
        assert_eq!((&copy["showAs"], &copy["categories"]), (&json!("tentative"), &json!([])));
        assert_eq!(rig.server.mails(0).len(), 2, "and both are told");
    });
}

#[test]
fn copies_follow_and_a_new_time_asks_for_a_new_answer() {
    with_people(async |rig| {
        let calendar = rig.calendar("Calendar").await;
        let id = rig.event(&calendar, &and(timed("x", 4, 9), invited(&[GUEST]))).await;
        let copy = copies(&rig).await[0]["id"].as_str().expect("an id").to_owned();
        let target = format!("/me/events/{copy}");
        rig.by(AS_GUEST, Method::POST, &format!("{target}/accept"), Some(&json!({}))).await;
        let own = json!({ "categories": ["Mine"] });
        rig.by(AS_GUEST, Method::PATCH, &target, Some(&own)).await;

        rig.patch(&format!("/me/events/{id}"), &json!({ "subject": "y" })).await;
        let seen = &copies(&rig).await[0];
        assert_eq!((&seen["subject"], &seen["categories"]), (&json!("y"), &json!(["Mine"])));
        assert_eq!(seen["responseStatus"]["response"], "accepted");
        assert_eq!((seen["id"].as_str(), &seen["showAs"]), (Some(copy.as_str()), &json!("busy")));

        let time = timed("", 6, 9);
        let moved = json!({ "start": time["start"], "end": time["end"] });
        rig.patch(&format!("/me/events/{id}"), &moved).await;
        let seen = &copies(&rig).await[0];
        assert_eq!(seen["start"]["dateTime"], "2026-05-06T09:00:00.0000000");
        assert_eq!(seen["responseStatus"]["response"], "notResponded");
    });
}

#[test]
fn somebody_uninvited_has_a_cancelled_copy() {
    with_people(async |rig| {
        let calendar = rig.calendar("Calendar").await;
        let id = rig.event(&calendar, &and(timed("x", 4, 9), invited(&[GUEST]))).await;
        rig.patch(&format!("/me/events/{id}"), &invited(&["far@example.org"])).await;
        let seen = &copies(&rig).await[0];
        assert_eq!((&seen["isCancelled"], &seen["subject"]), (&json!(true), &json!("Canceled: x")));
        rig.patch(&format!("/me/events/{id}"), &invited(&[GUEST])).await;
        let seen = &copies(&rig).await[0];
        assert_eq!((&seen["isCancelled"], &seen["subject"]), (&json!(false), &json!("x")));
        rig.delete(&format!("/me/events/{id}")).await;
        assert_eq!(copies(&rig).await[0]["isCancelled"], true);
    });
}

#[test]
fn changed_and_cancelled_instances_are_the_same_on_a_copy() {
    with_people(async |rig| {
        let calendar = rig.calendar("Calendar").await;
        let id = rig.event(&calendar, &and(weekly("x"), invited(&[GUEST]))).await;
        let window = "startDateTime=2026-05-01&endDateTime=2026-07-01";
        let rows = rig.get(&format!("/me/events/{id}/instances?{window}")).await.rows().to_vec();
        let [one, two] = [0, 1].map(|nth: usize| rows[nth]["id"].as_str().expect("an id"));
        rig.patch(&format!("/me/events/{one}"), &json!({ "subject": "own" })).await;
        rig.delete(&format!("/me/events/{two}")).await;
        let target = format!("/me/calendar/calendarView?{window}");
        let seen = rig.by(AS_GUEST, Method::GET, &target, None).await;
        assert_eq!(seen.column("subject"), ["own", "x", "x", "x"]);
    });
}

#[test]
fn what_an_attendee_changes_stays_on_the_copy() {
    with_people(async |rig| {
        let calendar = rig.calendar("Calendar").await;
        let id = rig.event(&calendar, &and(timed("x", 4, 9), invited(&[GUEST]))).await;
        let copy = copies(&rig).await[0]["id"].as_str().expect("an id").to_owned();
        let before = rig.server.mails(0).len();
        let change = json!({ "subject": "my own title" });
        rig.by(AS_GUEST, Method::PATCH, &format!("/me/events/{copy}"), Some(&change)).await;
        rig.by(AS_GUEST, Method::DELETE, &format!("/me/events/{copy}"), None).await;
        assert_eq!(rig.get(&format!("/me/events/{id}")).await.body["subject"], "x");
        assert_eq!(rig.server.mails(before), []);
    });
}

/// What a guest sees of each instance of the one series: response, state, categories, reminder.
async fn seen(rig: &Rig, copy: &str) -> Vec<String> {
    let window = "startDateTime=2026-05-01&endDateTime=2026-07-01";
    let target = format!("/me/events/{copy}/instances?{window}");
    let rows = rig.by(AS_GUEST, Method::GET, &target, None).await.rows().to_vec();
    let one = |row: &Value| {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let response = text(&row["responseStatus"]["response"]);
        let minutes = &row["reminderMinutesBeforeStart"];
        let (day, subject) =
            (text(&row["start"]["dateTime"])[5..10].to_owned(), text(&row["subject"]));
        format!(
            "{day} {subject} {response} {} {} {minutes}",
            text(&row["showAs"]),
            row["categories"]
        )
    };
    rows.iter().map(one).collect()
}

#[test]
fn a_message_about_one_instance_leaves_the_others_to_the_attendee() {
    with_people(async |rig| {
        let calendar = rig.calendar("Calendar").await;
        let id = rig.event(&calendar, &and(weekly("x"), invited(&[GUEST]))).await;
        let copy = copies(&rig).await[0]["id"].as_str().expect("an id").to_owned();
        let window = "startDateTime=2026-05-01&endDateTime=2026-07-01";
        let ids = async |rows: Answer| -> Vec<String> {
            rows.column("id").into_iter().map(str::to_owned).collect()
        };
        let theirs = format!("/me/events/{copy}/instances?{window}");
        let theirs = ids(rig.by(AS_GUEST, Method::GET, &theirs, None).await).await;
        let own = ids(rig.get(&format!("/me/events/{id}/instances?{window}")).await).await;

        let act = async |nth: usize, action: &str| {
            let target = format!("/me/events/{}/{action}", theirs[nth]);
            let answer = rig.by(AS_GUEST, Method::POST, &target, Some(&json!({}))).await;
            assert_eq!(answer.status, 202, "{}", answer.body);
        };
        act(0, "accept").await;
        act(2, "decline").await;
        let mine = json!({ "categories": ["mine"], "reminderMinutesBeforeStart": 99 });
        rig.by(AS_GUEST, Method::PATCH, &format!("/me/events/{}", theirs[1]), Some(&mine)).await;
        act(3, "accept").await;
        let before = [
            "05-04 x accepted busy [] 15",
            "05-11 x notResponded tentative [\"mine\"] 99",
            "05-25 x accepted busy [] 15",
            "06-01 x notResponded tentative [] 15",
        ];
        assert_eq!(seen(&rig, &copy).await, before);

        rig.patch(&format!("/me/events/{}", own[3]), &json!({ "subject": "y" })).await;
        let mut after = before.map(str::to_owned);
        after[2] = "05-25 y accepted busy [] 15".to_owned();
        assert_eq!(seen(&rig, &copy).await, after);

        rig.delete(&format!("/me/events/{}", own[4])).await;
        assert_eq!(seen(&rig, &copy).await, after[..3]);

        // The whole series in other words: what is the attendee's own stays all the same.
        rig.patch(&format!("/me/events/{id}"), &json!({ "subject": "z" })).await;
        let renamed = seen(&rig, &copy).await;
        assert_eq!(renamed[1], "05-11 z notResponded tentative [\"mine\"] 99");
        assert_eq!((renamed.len(), &renamed[0][..]), (3, "05-04 z accepted busy [] 15"));

        // A change of the declined one brings it back.
        rig.patch(&format!("/me/events/{}", own[2]), &json!({ "subject": "again" })).await;
        assert_eq!(seen(&rig, &copy).await.len(), 4);
    });
}

#[test]
fn an_instance_at_another_time_asks_for_a_new_answer() {
    with_people(async |rig| {
        let calendar = rig.calendar("Calendar").await;
        let id = rig.event(&calendar, &and(weekly("x"), invited(&[GUEST]))).await;
        let copy = copies(&rig).await[0]["id"].as_str().expect("an id").to_owned();
        let window = "startDateTime=2026-05-01&endDateTime=2026-07-01";
        let accept = format!("/me/events/{copy}/accept");
        rig.by(AS_GUEST, Method::POST, &accept, Some(&json!({}))).await;
        let own = rig.get(&format!("/me/events/{id}/instances?{window}")).await;
        let first = own.rows()[0]["id"].as_str().expect("an id").to_owned();
        let later = timed("", 4, 15);
        let moved = json!({ "start": later["start"], "end": later["end"] });
        rig.patch(&format!("/me/events/{first}"), &moved).await;
        let seen = seen(&rig, &copy).await;
        assert_eq!(seen[0], "05-04 x notResponded tentative [] 15");
        assert_eq!(seen[1], "05-11 x accepted busy [] 15");
    });
}

#[test]
fn somebody_invited_again_begins_anew() {
    with_people(async |rig| {
        let calendar = rig.calendar("Calendar").await;
        let id = rig.event(&calendar, &and(weekly("x"), invited(&[GUEST]))).await;
        let copy = copies(&rig).await[0]["id"].as_str().expect("an id").to_owned();
        let accept = format!("/me/events/{copy}/accept");
        rig.by(AS_GUEST, Method::POST, &accept, Some(&json!({}))).await;
        rig.patch(&format!("/me/events/{id}"), &json!({ "attendees": [] })).await;
        rig.patch(&format!("/me/events/{id}"), &invited(&[GUEST])).await;
        let copy = &copies(&rig).await[0];
        assert_eq!((&copy["isCancelled"], &copy["showAs"]), (&json!(false), &json!("tentative")));
        assert_eq!(copy["responseStatus"]["response"], "notResponded");
    });
}
