//! Events: created, read, changed, deleted.

use http::Method;
use serde_json::{Value, json};

use super::rig::{OWNER, PROPERTY, and, run, timed, with_profile};

#[test]
fn a_new_event_is_answered_with_every_property() {
    run(async |rig| {
        let calendar = rig.calendar("Calendar").await;
        let body = json!({
            "subject": "Lunch",
            "body": { "contentType": "HTML", "content": "Does noon work?" },
            "start": { "dateTime": "2026-05-04T12:00:00", "timeZone": "Europe/Berlin" },
            "end": { "dateTime": "2026-05-04T14:00:00", "timeZone": "Europe/Berlin" },
            "location": { "displayName": "Harry's Bar" },
            "iCalUId": "mine", "id": "mine", "organizer": {},
        });
        let made = rig.post(&format!("/me/calendars/{calendar}/events"), &body).await;
        assert_eq!(made.status, 201);
        let event = &made.body;
        assert_eq!(
            event["start"],
            json!({"dateTime": "2026-05-04T10:00:00.0000000", "timeZone": "UTC"})
        );
        assert_eq!(event["end"]["dateTime"], "2026-05-04T12:00:00.0000000");
        assert_eq!(event["originalStartTimeZone"], "Europe/Berlin");
        assert_eq!(event["type"], "singleInstance");
        assert_eq!(event["createdDateTime"], "2026-04-16T08:00:00Z");
        assert_eq!(event["showAs"], "busy");
        assert_eq!(event["isReminderOn"], true);
        assert_eq!(event["reminderMinutesBeforeStart"], 15);
        assert_eq!(event["isOrganizer"], true);
        assert_eq!(event["organizer"]["emailAddress"]["address"], OWNER);
        assert_eq!(event["location"]["displayName"], "Harry's Bar");
        assert_eq!(event["locations"][0]["displayName"], "Harry's Bar");
        assert_eq!(event["bodyPreview"], "Does noon work?");
        let content = event["body"]["content"].as_str().expect("a body");
        assert!(
            content.starts_with("<html><head>")
                && content.ends_with("<body>Does noon work?</body></html>")
        );
        for null in ["seriesMasterId", "recurrence", "onlineMeeting", "transactionId"] {
            assert_eq!(event.get(null), Some(&Value::Null), "{null}");
        }
        assert_eq!(event.get("originalStart"), None);
        let uid = event["iCalUId"].as_str().expect("an iCalUId");
        assert!(uid.starts_with("040000008200E00074C5B7101A82E00800000000"), "{uid}");
        assert_eq!((uid.len(), uid), (112, uid.to_uppercase().as_str()));
        let key = event["changeKey"].as_str().expect("a change key");
        assert_eq!(event["@odata.etag"], format!("W/\"{key}\""));
        let read = rig.get(&format!("/me/events/{}", made.id())).await;
        assert_eq!(read.body, made.body);
        assert_eq!(rig.server.writes(0).len(), 2);
    });
}

#[test]
fn times_are_answered_in_the_zone_that_is_asked_for() {
    run(async |rig| {
        let calendar = rig.calendar("Calendar").await;
        let id = rig.event(&calendar, &timed("x", 4, 12)).await;
        let target = format!("/me/events/{id}?$select=start");
        let prefer = [("prefer", "outlook.timezone=\"America/New_York\", odata.maxpagesize=2")];
        let read = rig.send(Method::GET, &target, &prefer, None).await;
        let expected =
            json!({"dateTime": "2026-05-04T08:00:00.0000000", "timeZone": "America/New_York"});
        assert_eq!(read.body["start"], expected);
        assert_eq!(read.header("preference-applied"), "outlook.timezone=\"America/New_York\"");
        let prefer = [("prefer", "outlook.timezone=\"Pacific Standard Time\"")];
        let read = rig.send(Method::GET, &target, &prefer, None).await;
        assert_eq!(read.body["start"]["dateTime"], "2026-05-04T05:00:00.0000000");
        let prefer = [("prefer", "outlook.timezone=\"Nowhere\"")];
        let read = rig.send(Method::GET, &target, &prefer, None).await;
        assert_eq!((read.status, read.code()), (400, "TimeZoneNotSupportedException"));
    });
}

#[test]
fn the_date_of_an_all_day_event_never_shifts() {
    run(async |rig| {
        let calendar = rig.calendar("Calendar").await;
        let body = json!({
            "isAllDay": true,
            "start": { "dateTime": "2026-05-04T00:00:00", "timeZone": "Asia/Tokyo" },
            "end": { "dateTime": "2026-05-06T00:00:00", "timeZone": "Asia/Tokyo" },
        });
        let id = rig.event(&calendar, &body).await;
        let target = format!("/me/events/{id}");
        assert_eq!(rig.get(&target).await.body["start"]["dateTime"], "2026-05-04T00:00:00.0000000");
        let prefer = [("prefer", "outlook.timezone=\"America/New_York\"")];
        let read = rig.send(Method::GET, &target, &prefer, None).await;
        assert_eq!(read.body["start"]["dateTime"], "2026-05-04T00:00:00.0000000");
        assert_eq!(read.body["end"]["dateTime"], "2026-05-06T00:00:00.0000000");
    });
}

#[test]
fn text_bodies_become_html_and_come_back_as_text() {
    run(async |rig| {
        let calendar = rig.calendar("Calendar").await;
        let text = json!({ "body": { "contentType": "text", "content": "a < b\nc & d" } });
        let id = rig.event(&calendar, &and(timed("x", 4, 9), text)).await;
        let target = format!("/me/events/{id}?$select=body");
        let html = rig.get(&target).await.body["body"].clone();
        assert_eq!(html["contentType"], "html");
        assert!(
            html["content"].as_str().is_some_and(|html| html.contains("a &lt; b<br>c &amp; d"))
        );
        let prefer = [("prefer", "outlook.body-content-type=\"text\"")];
        let read = rig.send(Method::GET, &target, &prefer, None).await;
        assert_eq!(read.body["body"], json!({ "contentType": "text", "content": "a < b\nc & d" }));
    });
}

#[test]
fn a_retry_with_the_same_transaction_makes_nothing_new() {
    run(async |rig| {
        let calendar = rig.calendar("Calendar").await;
        let target = format!("/me/calendars/{calendar}/events");
        let body = and(timed("x", 4, 9), json!({ "transactionId": "t-1" }));
        let first = rig.post(&target, &body).await;
        let again = rig.post(&target, &body).await;
        assert_eq!((again.status, again.id()), (201, first.id()));
        assert_eq!(again.body["transactionId"], "t-1");
        assert_eq!(rig.server.items().len(), 1);
        assert_eq!(rig.server.writes(1).len(), 1);

        let other = and(timed("y", 4, 9), json!({ "transactionId": "t-1" }));
        let refused = rig.post(&target, &other).await;
        assert_eq!((refused.status, refused.code()), (409, "ErrorDuplicateTransactionId"));
        assert_eq!(rig.refusals(), ["ErrorDuplicateTransactionId"]);

        // The first body still is the same transaction after the event was changed.
        rig.patch(&format!("/me/events/{}", first.id()), &json!({ "subject": "z" })).await;
        let again = rig.post(&target, &body).await;
        assert_eq!((again.id(), &again.body["subject"]), (first.id(), &json!("z")));
        rig.delete(&format!("/me/events/{}", first.id())).await;
        assert_ne!(rig.post(&target, &body).await.id(), first.id());
    });
}

#[test]
fn equal_events_without_a_transaction_are_two() {
    run(async |rig| {
        let calendar = rig.calendar("Calendar").await;
        let target = format!("/me/calendars/{calendar}/events");
        let [one, two] = [
            rig.post(&target, &timed("x", 4, 9)).await,
            rig.post(&target, &timed("x", 4, 9)).await,
        ];
        assert_ne!(one.id(), two.id());
        assert_ne!(one.body["iCalUId"], two.body["iCalUId"]);
    });
}

#[test]
fn a_patch_replaces_what_it_names_and_keeps_the_rest() {
    run(async |rig| {
        let calendar = rig.calendar("Calendar").await;
        let body = and(
            timed("x", 4, 9),
            json!({ "categories": ["red"], "location": { "displayName": "A" } }),
        );
        let id = rig.event(&calendar, &body).await;
        let target = format!("/me/events/{id}");
        let before = rig.get(&target).await;
        rig.sim.advance(std::time::Duration::from_secs(5)).await;
        let change = json!({ "subject": "y", "categories": ["blue"], "showAs": "Free",
            "location": null, "transactionId": "late" });
        let after = rig.patch(&target, &change).await;
        assert_eq!(after.status, 200);
        assert_eq!(after.body["subject"], "y");
        assert_eq!(after.body["categories"], json!(["blue"]));
        assert_eq!(after.body["showAs"], "free");
        assert_eq!(after.body["location"]["displayName"], "");
        assert_eq!(after.body["locations"], json!([]));
        assert_eq!(after.body["start"], before.body["start"]);
        assert_eq!(after.body["iCalUId"], before.body["iCalUId"]);
        assert_eq!(after.body["transactionId"], Value::Null);
        assert_ne!(after.body["changeKey"], before.body["changeKey"]);
        assert_eq!(after.body["createdDateTime"], "2026-04-16T08:00:00Z");
        let modified = after.body["lastModifiedDateTime"].as_str().expect("a time");
        assert!(modified > "2026-04-16T08:00:04", "{modified}");
    });
}

#[test]
fn a_stale_change_key_is_refused() {
    run(async |rig| {
        let calendar = rig.calendar("Calendar").await;
        let id = rig.event(&calendar, &timed("x", 4, 9)).await;
        let target = format!("/me/events/{id}");
        let etag = rig.get(&target).await.body["@odata.etag"].as_str().expect("an etag").to_owned();
        let change = json!({ "subject": "y" });
        let with = [("if-match", etag.as_str())];
        assert_eq!(rig.send(Method::PATCH, &target, &with, Some(&change)).await.status, 200);
        let stale = rig.send(Method::PATCH, &target, &with, Some(&change)).await;
        assert_eq!((stale.status, stale.code()), (412, "ErrorIrresolvableConflict"));
        let stale = rig.send(Method::DELETE, &target, &with, None).await;
        assert_eq!(stale.status, 412);
        assert_eq!(
            rig.send(Method::PATCH, &target, &[("if-match", "*")], Some(&change)).await.status,
            200
        );
        assert_eq!(rig.refusals(), ["ErrorIrresolvableConflict", "ErrorIrresolvableConflict"]);
    });
}

#[test]
fn deleted_is_gone_and_other_calendars_do_not_have_it() {
    run(async |rig| {
        let [calendar, other] = [rig.calendar("Calendar").await, rig.calendar("Other").await];
        let id = rig.event(&calendar, &timed("x", 4, 9)).await;
        assert_eq!(rig.get(&format!("/me/calendars/{calendar}/events/{id}")).await.status, 200);
        assert_eq!(rig.get(&format!("/me/calendars/{other}/events/{id}")).await.status, 404);
        let gone = rig.delete(&format!("/me/events/{id}")).await;
        assert_eq!((gone.status, gone.body), (204, Value::Null));
        let again = rig.delete(&format!("/me/events/{id}")).await;
        assert_eq!((again.status, again.code()), (404, "ErrorItemNotFound"));
        let malformed = rig.get("/me/events/no!id").await;
        assert_eq!((malformed.status, malformed.code()), (400, "ErrorInvalidIdMalformed"));
    });
}

#[test]
fn extended_properties_are_written_expanded_and_found() {
    run(async |rig| {
        let [calendar, other] = [rig.calendar("Calendar").await, rig.calendar("Other").await];
        let with = |value: &str| json!({ "singleValueExtendedProperties": [{ "id": PROPERTY, "value": value }] });
        let made = rig
            .post(&format!("/me/calendars/{other}/events"), &and(timed("x", 4, 9), with("it's A")))
            .await;
        assert_eq!(made.body.get("singleValueExtendedProperties"), None, "not in the answer");
        rig.event(&calendar, &and(timed("y", 4, 9), with("b"))).await;

        let upper = PROPERTY.replace("66f5a359", "66F5A359").replace("String", "STRING");
        let expand = format!("$expand=singleValueExtendedProperties($filter=id eq '{upper}')");
        let expand = expand.replace(' ', "%20");
        let read = rig.get(&format!("/me/events/{}?{expand}", made.id())).await;
        assert_eq!(
            read.body["singleValueExtendedProperties"],
            json!([{ "id": PROPERTY, "value": "it's A" }])
        );
        let all = rig
            .get(&format!("/me/events/{}?$expand=singleValueExtendedProperties", made.id()))
            .await;
        assert_eq!(all.status, 400);

        // In the whole mailbox, whatever the case of the value; a quote is doubled.
        let filter = format!(
            "singleValueExtendedProperties/Any(ep: ep/id eq '{PROPERTY}' and ep/value eq 'IT''S a')"
        );
        let filter = format!("$filter={}", crate::graph::odata::encode(&filter));
        let found = rig.get(&format!("/me/events?{filter}&{expand}")).await;
        assert_eq!(found.column("id"), [made.id()]);
        assert_eq!(found.rows()[0]["singleValueExtendedProperties"][0]["value"], "it's A");
        assert_eq!(
            rig.get(&format!("/me/calendars/{calendar}/events?{filter}")).await.rows().len(),
            0
        );

        let target = format!("/me/events/{}", made.id());
        let second = PROPERTY.replace("Uid", "Other");
        rig.patch(
            &target,
            &json!({ "singleValueExtendedProperties": [{ "id": second, "value": "2" }] }),
        )
        .await;
        let kept = rig.get(&format!("{target}?{expand}")).await;
        assert_eq!(kept.body["singleValueExtendedProperties"][0]["value"], "it's A");
        rig.patch(
            &target,
            &json!({ "singleValueExtendedProperties": [{ "id": PROPERTY, "value": null }] }),
        )
        .await;
        let removed = rig.get(&format!("{target}?{expand}")).await;
        assert_eq!(removed.body.get("singleValueExtendedProperties"), None);
    });
}

#[test]
fn a_profile_may_refuse_the_marker() {
    with_profile("m365+rejects-marker", async |rig| {
        let calendar = rig.calendar("Calendar").await;
        let target = format!("/me/calendars/{calendar}/events");
        let prefer = [("prefer", "outlook.send-notifications=false")];
        let refused = rig.send(Method::POST, &target, &prefer, Some(&timed("x", 4, 9))).await;
        assert_eq!((refused.status, refused.code()), (400, "BadRequest"));
        assert_eq!(rig.refusals(), ["BadRequest"]);
        assert_eq!(rig.post(&target, &timed("x", 4, 9)).await.status, 201);
    });
}
