//! Series: occurrences, exceptions, cancellations.

use serde_json::{Value, json};

use super::rig::{PROPERTY, Rig, and, run, weekly};

const WINDOW: &str = "startDateTime=2026-05-01T00:00:00Z&endDateTime=2026-07-01T00:00:00Z";

async fn series(rig: &Rig) -> String {
    let calendar = rig.calendar("Calendar").await;
    rig.event(&calendar, &weekly("standup")).await
}

async fn instances(rig: &Rig, master: &str) -> Vec<Value> {
    let page = rig.get(&format!("/me/events/{master}/instances?{WINDOW}&$top=50")).await;
    assert_eq!(page.status, 200, "{}", page.body);
    page.rows().to_vec()
}

fn column<'a>(rows: &'a [Value], name: &str) -> Vec<&'a str> {
    rows.iter().map(|row| row[name].as_str().unwrap_or_default()).collect()
}

fn starts(rows: &[Value]) -> Vec<&str> {
    rows.iter().map(|row| row["start"]["dateTime"].as_str().unwrap_or_default()).collect()
}

/// Exceptions by original start and cancelled days, as the master tells them.
async fn told(rig: &Rig, master: &str) -> (Vec<(String, String)>, Vec<String>) {
    let target = format!(
        "/me/events/{master}?$select=subject,originalStart,cancelledOccurrences,exceptionOccurrences\
         &$expand=exceptionOccurrences"
    );
    let read = rig.get(&target).await;
    assert_eq!(read.status, 200, "{}", read.body);
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let exceptions = read.body["exceptionOccurrences"].as_array().expect("exceptions").iter();
    let exceptions = exceptions.map(|one| (text(&one["originalStart"]), text(&one["subject"])));
    let cancelled = read.body["cancelledOccurrences"].as_array().expect("cancelled").iter();
    let prefix = format!("OID.{master}.");
    let days = cancelled.map(|one| text(one).strip_prefix(&prefix).expect("an OID").to_owned());
    (exceptions.collect(), days.collect())
}

#[test]
fn a_series_is_expanded_in_its_own_zone() {
    run(async |rig| {
        let calendar = rig.calendar("Calendar").await;
        // Over the end of summer time: nine in Berlin is 07:00Z before and 08:00Z after.
        let body = json!({
            "subject": "x",
            "start": { "dateTime": "2026-10-22T09:00:00", "timeZone": "Europe/Berlin" },
            "end": { "dateTime": "2026-10-22T10:00:00", "timeZone": "Europe/Berlin" },
            "recurrence": {
                "pattern": { "type": "daily", "interval": 2 },
                "range": { "type": "endDate", "startDate": "2026-10-22", "endDate": "2026-10-28" },
            },
        });
        let id = rig.event(&calendar, &body).await;
        let target =
            format!("/me/events/{id}/instances?startDateTime=2026-10-01&endDateTime=2026-12-01");
        let page = rig.get(&target).await;
        assert_eq!(
            starts(page.rows()),
            [
                "2026-10-22T07:00:00.0000000",
                "2026-10-24T07:00:00.0000000",
                "2026-10-26T08:00:00.0000000",
                "2026-10-28T08:00:00.0000000",
            ]
        );
        assert_eq!(page.rows()[2]["end"]["dateTime"], "2026-10-26T09:00:00.0000000");
        let bounded = rig.get(&format!("/me/events/{id}/instances?startDateTime=2026-10-24T07:30:00Z&endDateTime=2026-10-26T08:00:00Z")).await;
        assert_eq!(starts(bounded.rows()), ["2026-10-24T07:00:00.0000000"]);
        let missing = rig.get(&format!("/me/events/{id}/instances")).await;
        assert_eq!((missing.status, missing.code()), (400, "ErrorInvalidParameter"));
    });
}

#[test]
fn occurrences_inherit_and_are_read_by_their_ids() {
    run(async |rig| {
        let master = series(&rig).await;
        let rows = instances(&rig, &master).await;
        assert_eq!(column(&rows, "type"), ["occurrence"; 5]);
        assert_eq!(column(&rows, "subject"), ["standup"; 5]);
        assert_eq!(column(&rows, "seriesMasterId"), [master.as_str(); 5]);
        assert_eq!(rows[1]["originalStart"], "2026-05-11T07:00:00Z");
        assert_eq!(rows[1]["recurrence"], Value::Null);
        let read = rig.get(&format!("/me/events/{master}")).await;
        assert_eq!(read.body["type"], "seriesMaster");
        assert_eq!(rows[1]["@odata.etag"], read.body["@odata.etag"]);
        let uids = column(&rows, "iCalUId");
        assert_eq!(
            uids[1].replace("07EA050B", "00000000"),
            read.body["iCalUId"].as_str().expect("a uid")
        );
        let one = rig.get(&format!("/me/events/{}", rows[1]["id"].as_str().expect("an id"))).await;
        assert_eq!(one.body["start"], rows[1]["start"]);
        let never = rows[1]["id"].as_str().expect("an id").replace(&master, &"0".repeat(24));
        assert_eq!(rig.get(&format!("/me/events/{never}")).await.status, 404);
    });
}

#[test]
fn a_changed_occurrence_is_an_exception_under_the_same_id() {
    run(async |rig| {
        let master = series(&rig).await;
        let before = instances(&rig, &master).await;
        let id = before[1]["id"].as_str().expect("an id").to_owned();
        let change = json!({
            "subject": "moved",
            "start": { "dateTime": "2026-05-12T14:00:00", "timeZone": "UTC" },
            "end": { "dateTime": "2026-05-12T15:30:00", "timeZone": "UTC" },
        });
        let changed = rig.patch(&format!("/me/events/{id}"), &change).await;
        assert_eq!((changed.status, changed.id()), (200, id.clone()));
        assert_eq!(changed.body["type"], "exception");
        assert_eq!(changed.body["originalStart"], "2026-05-11T07:00:00Z");
        assert_eq!(changed.body["originalStartTimeZone"], "UTC");

        // What was not named follows the master.
        let renamed = json!({ "subject": "new", "location": { "displayName": "Room" } });
        let after_master = rig.patch(&format!("/me/events/{master}"), &renamed).await;
        let rows = instances(&rig, &master).await;
        assert_eq!(column(&rows, "subject"), ["new", "moved", "new", "new", "new"]);
        assert_eq!(
            column(&rows, "type"),
            ["occurrence", "exception", "occurrence", "occurrence", "occurrence"]
        );
        assert_eq!(rows[1]["location"]["displayName"], "Room");
        assert_eq!(starts(&rows)[1], "2026-05-12T14:00:00.0000000");
        assert_ne!(rows[1]["@odata.etag"], after_master.body["@odata.etag"]);
        let expected = vec![("2026-05-11T07:00:00Z".to_owned(), "moved".to_owned())];
        assert_eq!(told(&rig, &master).await, (expected, vec![]));
        let listed = rig.get("/me/events?$select=cancelledOccurrences").await;
        assert_eq!(listed.rows()[0].get("cancelledOccurrences"), None, "only by the master's id");
    });
}

#[test]
fn a_deleted_occurrence_is_cancelled_and_stays_away() {
    run(async |rig| {
        let master = series(&rig).await;
        let before = instances(&rig, &master).await;
        let etag = before[0]["@odata.etag"].clone();
        let id = before[2]["id"].as_str().expect("an id");
        assert_eq!(rig.delete(&format!("/me/events/{id}")).await.status, 204);
        assert_eq!(rig.delete(&format!("/me/events/{id}")).await.status, 404);
        assert_eq!(
            rig.patch(&format!("/me/events/{id}"), &json!({ "subject": "x" })).await.status,
            404
        );
        let rows = instances(&rig, &master).await;
        assert_eq!(rows.len(), 4);
        assert_ne!(rows[0]["@odata.etag"], etag);
        assert_eq!(told(&rig, &master).await, (vec![], vec!["2026-05-18".to_owned()]));
        let facts = rig.server.items()[0].facts.clone();
        assert_eq!(facts.excluded.into_iter().collect::<Vec<_>>(), ["2026-05-18T07:00:00Z"]);
    });
}

#[test]
fn an_exception_has_extended_properties_of_its_own_only() {
    run(async |rig| {
        let calendar = rig.calendar("Calendar").await;
        let with = |value: &str| json!({ "singleValueExtendedProperties": [{ "id": PROPERTY, "value": value }] });
        let master = rig.event(&calendar, &and(weekly("x"), with("master"))).await;
        let rows = instances(&rig, &master).await;
        let id = rows[0]["id"].as_str().expect("an id");
        let expand = format!(
            "$expand=singleValueExtendedProperties($filter=id%20eq%20'{}')",
            PROPERTY.replace(' ', "%20")
        );
        let read = rig.get(&format!("/me/events/{id}?{expand}")).await;
        assert_eq!(read.body.get("singleValueExtendedProperties"), None);
        rig.patch(&format!("/me/events/{id}"), &with("own")).await;
        let read = rig.get(&format!("/me/events/{id}?{expand}")).await;
        assert_eq!(read.body["singleValueExtendedProperties"][0]["value"], "own");
        let read = rig.get(&format!("/me/events/{master}?{expand}")).await;
        assert_eq!(read.body["singleValueExtendedProperties"][0]["value"], "master");
    });
}

/// Makes an exception of the second occurrence and cancels the fourth.
async fn deviating(rig: &Rig) -> String {
    let master = series(rig).await;
    let rows = instances(rig, &master).await;
    let [second, fourth] =
        [1, 3].map(|nth: usize| rows[nth]["id"].as_str().expect("an id").to_owned());
    rig.patch(&format!("/me/events/{second}"), &json!({ "subject": "other" })).await;
    rig.delete(&format!("/me/events/{fourth}")).await;
    master
}

#[test]
fn another_pattern_or_time_of_day_drops_exceptions_and_cancellations() {
    let pattern = json!({ "recurrence": {
        "pattern": { "type": "weekly", "interval": 2, "daysOfWeek": ["monday"], "firstDayOfWeek": "sunday" },
        "range": { "type": "numbered", "startDate": "2026-05-04", "numberOfOccurrences": 5 },
    }});
    let clock = json!({
        "start": { "dateTime": "2026-05-04T09:30:00", "timeZone": "Europe/Berlin" },
        "end": { "dateTime": "2026-05-04T10:30:00", "timeZone": "Europe/Berlin" },
    });
    for change in [pattern, clock] {
        run(async |rig| {
            let master = deviating(&rig).await;
            let changed = rig.patch(&format!("/me/events/{master}"), &change).await;
            assert_eq!(changed.status, 200, "{}", changed.body);
            assert_eq!(told(&rig, &master).await, (vec![], vec![]));
            assert_eq!(instances(&rig, &master).await.len(), 5);
        });
    }
}

#[test]
fn another_end_of_the_range_keeps_what_still_takes_place() {
    run(async |rig| {
        let master = deviating(&rig).await;
        let mut recurrence =
            rig.get(&format!("/me/events/{master}")).await.body["recurrence"].clone();
        recurrence["range"]["numberOfOccurrences"] = json!(3);
        let changed =
            rig.patch(&format!("/me/events/{master}"), &json!({ "recurrence": recurrence })).await;
        assert_eq!(changed.status, 200, "{}", changed.body);
        let kept = vec![("2026-05-11T07:00:00Z".to_owned(), "other".to_owned())];
        assert_eq!(told(&rig, &master).await, (kept, vec![]));
    });
}

#[test]
fn a_series_can_be_made_a_single_event_but_not_change_its_zone_alone() {
    run(async |rig| {
        let master = deviating(&rig).await;
        let zone = json!({
            "start": { "dateTime": "2026-05-04T09:00:00", "timeZone": "Asia/Tokyo" },
            "end": { "dateTime": "2026-05-04T10:00:00", "timeZone": "Asia/Tokyo" },
        });
        let refused = rig.patch(&format!("/me/events/{master}"), &zone).await;
        assert_eq!((refused.status, refused.code()), (400, "ErrorPropertyValidationFailure"));
        let single =
            rig.patch(&format!("/me/events/{master}"), &json!({ "recurrence": null })).await;
        assert_eq!(single.body["type"], "singleInstance");
        assert_eq!(rig.server.items()[0].body.get("exceptions"), None);
    });
}

#[test]
fn an_occurrence_cannot_pass_its_neighbours() {
    run(async |rig| {
        let master = series(&rig).await;
        let rows = instances(&rig, &master).await;
        let id = rows[1]["id"].as_str().expect("an id");
        let to = |day: u8| {
            json!({
                "start": { "dateTime": format!("2026-05-{day:02}T06:00:00"), "timeZone": "UTC" },
                "end": { "dateTime": format!("2026-05-{day:02}T07:00:00"), "timeZone": "UTC" },
            })
        };
        for day in [4, 18, 3, 25] {
            let refused = rig.patch(&format!("/me/events/{id}"), &to(day)).await;
            assert_eq!(
                (refused.status, refused.code()),
                (400, "ErrorOccurrenceCrossingBoundary"),
                "{day}"
            );
        }
        for day in [5, 17] {
            assert_eq!(rig.patch(&format!("/me/events/{id}"), &to(day)).await.status, 200, "{day}");
        }
        let recurs = json!({ "recurrence": weekly("x")["recurrence"].clone() });
        let refused = rig.patch(&format!("/me/events/{id}"), &recurs).await;
        assert_eq!((refused.status, refused.code()), (400, "ErrorInvalidRequest"));
    });
}

#[test]
fn all_day_series_count_days() {
    run(async |rig| {
        let calendar = rig.calendar("Calendar").await;
        let body = json!({
            "subject": "x", "isAllDay": true,
            "start": { "dateTime": "2026-05-31T00:00:00", "timeZone": "America/New_York" },
            "end": { "dateTime": "2026-06-01T00:00:00", "timeZone": "America/New_York" },
            "recurrence": {
                "pattern": { "type": "absoluteMonthly", "interval": 1, "dayOfMonth": 31 },
                "range": { "type": "numbered", "startDate": "2026-05-31", "numberOfOccurrences": 3 },
            },
        });
        let master = rig.event(&calendar, &body).await;
        let target = format!(
            "/me/events/{master}/instances?startDateTime=2026-05-01&endDateTime=2026-12-01"
        );
        let page = rig.get(&target).await;
        let days = [
            "2026-05-31T00:00:00.0000000",
            "2026-06-30T00:00:00.0000000",
            "2026-07-31T00:00:00.0000000",
        ];
        assert_eq!(starts(page.rows()), days, "a short month has its last day");
        assert_eq!(page.rows()[1]["originalStart"], "2026-06-30T00:00:00Z");
        let id = page.rows()[1]["id"].as_str().expect("an id");
        assert_eq!(
            rig.patch(&format!("/me/events/{id}"), &json!({ "subject": "y" })).await.status,
            200
        );
        let facts = rig.server.items()[0].facts.clone();
        let exceptions: Vec<_> = facts.exceptions.into_iter().collect();
        assert_eq!(exceptions, [("2026-06-30".to_owned(), "y|2026-06-30|2026-07-01".to_owned())]);
    });
}

#[test]
fn a_view_shows_what_takes_place() {
    run(async |rig| {
        let master = deviating(&rig).await;
        rig.post("/me/events", &super::rig::timed("single", 12, 9)).await;
        rig.post("/me/events", &super::rig::timed("outside", 31, 9)).await;
        let window = "startDateTime=2026-05-11T00:00:00Z&endDateTime=2026-05-26T00:00:00Z";
        let page = rig.get(&format!("/me/calendarView?{window}")).await;
        assert_eq!(page.column("subject"), ["other", "single", "standup"]);
        assert_eq!(page.column("type"), ["exception", "singleInstance", "occurrence"]);
        assert!(page.column("id").iter().all(|id| *id != master));
        let first =
            rig.get(&format!("/me/calendar/calendarView?{window}&$top=1&$select=subject")).await;
        let second = rig.get(&first.link("@odata.nextLink")).await;
        assert_eq!(second.column("subject"), ["single"]);
    });
}

#[test]
fn an_occurrence_in_the_gap_of_summer_time_is_one_like_the_others() {
    run(async |rig| {
        let calendar = rig.calendar("Calendar").await;
        // 29 March 2026 has no half past two in Berlin.
        let body = json!({
            "subject": "x",
            "start": { "dateTime": "2026-03-28T02:30:00", "timeZone": "W. Europe Standard Time" },
            "end": { "dateTime": "2026-03-28T03:30:00", "timeZone": "W. Europe Standard Time" },
            "recurrence": {
                "pattern": { "type": "daily", "interval": 1 },
                "range": { "type": "numbered", "startDate": "2026-03-28", "numberOfOccurrences": 3 },
            },
        });
        let master = rig.event(&calendar, &body).await;
        let target = format!(
            "/me/events/{master}/instances?startDateTime=2026-03-01&endDateTime=2026-04-01"
        );
        let page = rig.get(&target).await;
        let expected = [
            "2026-03-28T01:30:00.0000000",
            "2026-03-29T01:30:00.0000000",
            "2026-03-30T00:30:00.0000000",
        ];
        assert_eq!(starts(page.rows()), expected);
        let gap = page.rows()[1]["id"].as_str().expect("an id");
        let changed = rig.patch(&format!("/me/events/{gap}"), &json!({ "subject": "y" })).await;
        assert_eq!((changed.status, &changed.body["type"]), (200, &json!("exception")));
        assert_eq!(rig.delete(&format!("/me/events/{gap}")).await.status, 204);
        assert_eq!(told(&rig, &master).await.1, ["2026-03-29"]);
        assert_eq!(rig.get(&target).await.rows().len(), 2);
    });
}
