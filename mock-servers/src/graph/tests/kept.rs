//! What is kept of an answer makes no difference but in time.

use http::Method;
use serde_json::{Value, json};

use super::rig::{Rig, run, timed, weekly};
use crate::faults::{Effect, Origin, PatchEffect, Rule, Site};

async fn asked(rig: &Rig, target: &str, prefer: &str) -> String {
    let answer = rig.send(Method::GET, target, &[("prefer", prefer)], None).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.text
}

#[test]
fn a_page_and_an_event_are_answered_as_they_are_now_and_as_they_are_asked_for() {
    run(async |rig| {
        let calendar = rig.calendar("Calendar").await;
        let id = rig.event(&calendar, &timed("Before", 4, 9)).await;
        rig.event(&calendar, &weekly("Series")).await;
        let (page, event) =
            (format!("/me/calendars/{calendar}/events"), format!("/me/events/{id}"));
        for target in [&page, &event] {
            let first = asked(&rig, target, "").await;
            assert_eq!(first, asked(&rig, target, "").await, "the same again");
            let read: Value = serde_json::from_str(&first).expect("JSON");
            assert_eq!(read.to_string(), first, "members stand in the order of their names");
            let tokyo = asked(&rig, target, "outlook.timezone=\"Asia/Tokyo\"").await;
            assert!(tokyo.contains("2026-05-04T18:00:00") && !first.contains("T18:00"), "{tokyo}");
            let text = asked(&rig, target, "outlook.body-content-type=\"text\"").await;
            assert!(text.contains("\"contentType\":\"text\"") && !first.contains("\"text\""));
            let few = asked(&rig, &format!("{target}?$select=subject"), "").await;
            assert!(few.contains("Before") && !few.contains("2026-05-04T09"), "{few}");
            assert_eq!(first, asked(&rig, target, "").await, "three others later");
        }
        let page_of_view = format!(
            "/me/calendars/{calendar}/calendarView?startDateTime=2026-05-01T00:00:00Z\
             &endDateTime=2026-06-01T00:00:00Z"
        );
        assert_eq!(rig.get(&page_of_view).await.rows().len(), 5);
        assert_eq!(rig.patch(&event, &json!({ "subject": "After" })).await.status, 200);
        for target in [&page, &event, &page_of_view] {
            let after = asked(&rig, target, "").await;
            assert!(after.contains("\"After\"") && !after.contains("\"Before\""), "{after}");
        }
    });
}

#[test]
fn a_series_tells_of_its_occurrences_only_when_asked() {
    run(async |rig| {
        let calendar = rig.calendar("Calendar").await;
        let id = rig.event(&calendar, &weekly("Series")).await;
        let event = format!("/me/events/{id}");
        let plain = asked(&rig, &event, "").await;
        let named = asked(&rig, &format!("{event}?$select=cancelledOccurrences"), "").await;
        assert!(
            named.contains("\"cancelledOccurrences\"")
                && !plain.contains("\"cancelledOccurrences\"")
        );
        let listed = format!("/me/calendars/{calendar}/events?$select=cancelledOccurrences");
        assert!(!asked(&rig, &listed, "").await.contains("\"cancelledOccurrences\""));
        assert_eq!(asked(&rig, &event, "").await, plain);
    });
}

#[test]
fn what_a_fault_puts_into_a_row_is_not_kept() {
    run(async |rig| {
        let calendar = rig.calendar("Calendar").await;
        rig.event(&calendar, &timed("Plain", 4, 9)).await;
        let page = format!("/me/calendars/{calendar}/events");
        let plain = asked(&rig, &page, "").await;
        let set = [("subject".to_owned(), json!("Patched"))].into_iter().collect();
        let patch = Effect::Patch(PatchEffect { set, ..PatchEffect::default() });
        let op = "feed.query".to_owned();
        let rule = Rule { op, origin: Origin::Hostile, ..Rule::new("p", Site::Feed, patch) };
        rig.server.arm(rule);
        assert!(asked(&rig, &page, "").await.contains("Patched"));
        rig.server.clear("p");
        assert_eq!(asked(&rig, &page, "").await, plain);
    });
}

#[test]
fn contacts_are_answered_as_they_are_now() {
    run(async |rig| {
        let made = rig.post("/me/contacts", &json!({ "givenName": "Ada" })).await;
        let contact = format!("/me/contacts/{}", made.id());
        for target in ["/me/contacts", contact.as_str()] {
            let first = asked(&rig, target, "").await;
            assert_eq!(first, asked(&rig, target, "").await);
            let few = asked(&rig, &format!("{target}?$select=surname"), "").await;
            assert!(first.contains("Ada") && !few.contains("Ada"));
        }
        assert_eq!(rig.patch(&contact, &json!({ "givenName": "Bea" })).await.status, 200);
        for target in ["/me/contacts", contact.as_str()] {
            assert!(asked(&rig, target, "").await.contains("Bea"));
        }
    });
}

#[test]
fn a_page_is_what_the_collection_has_now() {
    run(async |rig| {
        let calendar = rig.calendar("Calendar").await;
        let mut ids = Vec::new();
        for day in 4..9 {
            ids.push(rig.event(&calendar, &timed("Day", day, 9)).await);
        }
        let target = format!("/me/calendars/{calendar}/events?$top=2&$count=true");
        let first = asked(&rig, &target, "").await;
        assert_eq!(first, asked(&rig, &target, "").await);
        let next = serde_json::from_str::<Value>(&first).expect("JSON")["@odata.nextLink"].clone();
        assert!(
            next.as_str()
                .is_some_and(|link| link.contains("%24skip=2") || link.contains("$skip=2"))
        );
        let second = asked(&rig, &format!("{target}&$skip=2"), "").await;
        assert_ne!(first, second);
        assert_eq!(rig.delete(&format!("/me/events/{}", ids[0])).await.status, 204);
        let after = rig.get(&target).await;
        assert_eq!(after.column("id"), [&ids[1], &ids[2]]);
        assert_eq!(after.body["@odata.count"], 4);
        assert_eq!(rig.get(&format!("/me/calendars/{calendar}/events/$count")).await.text, "4");
        // Each request has a name of its own, and hears what was made of its wishes.
        let wish = [("prefer", "odata.maxpagesize=1")];
        let target = format!("/me/calendars/{calendar}/events");
        let one = rig.send(Method::GET, &target, &wish, None).await;
        let again = rig.send(Method::GET, &target, &wish, None).await;
        assert_eq!((one.rows().len(), &one.text), (1, &again.text));
        assert_ne!(one.header("request-id"), again.header("request-id"));
        assert_eq!(one.header("preference-applied"), again.header("preference-applied"));
        assert_eq!(rig.get(&target).await.rows().len(), 4);
        assert_eq!(rig.server.lose(1.0), 4);
        assert_eq!(rig.get(&target).await.rows().len(), 0);
    });
}
