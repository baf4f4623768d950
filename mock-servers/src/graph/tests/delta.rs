//! Delta feeds: rounds, windows, removed events, lost tokens.

use http::Method;
use serde_json::{Value, json};

use super::rig::{Answer, Rig, run, timed, weekly};

const MAY: &str = "startDateTime=2026-05-01T00:00:00Z&endDateTime=2026-06-01T00:00:00Z";

/// Follows a round to its end: all rows, how many pages, the delta link.
async fn round(rig: &Rig, first: &str, size: usize) -> (Vec<Value>, usize, String) {
    let prefer = format!("odata.maxpagesize={size}");
    let (mut rows, mut pages, mut target) = (Vec::new(), 0, first.to_owned());
    loop {
        let page: Answer = rig.send(Method::GET, &target, &[("prefer", &prefer)], None).await;
        assert_eq!(page.status, 200, "{}", page.body);
        rows.extend_from_slice(page.rows());
        pages += 1;
        match page.body["@odata.nextLink"].as_str() {
            Some(next) => next.clone_into(&mut target),
            None => return (rows, pages, page.link("@odata.deltaLink")),
        }
    }
}

fn subjects(rows: &[Value]) -> Vec<&str> {
    rows.iter().map(|row| row["subject"].as_str().unwrap_or_default()).collect()
}

fn removed(rows: &[Value]) -> Vec<&str> {
    let gone = rows.iter().filter(|row| row["@removed"] == json!({ "reason": "deleted" }));
    gone.map(|row| row["id"].as_str().unwrap_or_default()).collect()
}

async fn view(rig: &Rig) -> (String, String) {
    let calendar = rig.calendar("Calendar").await;
    let target = format!("/me/calendars/{calendar}/calendarView/delta?{MAY}");
    (calendar, target)
}

#[test]
fn the_first_round_tells_what_is_in_the_window() {
    run(async |rig| {
        let (calendar, target) = view(&rig).await;
        let other = rig.calendar("Other").await;
        rig.event(&other, &timed("elsewhere", 4, 9)).await;
        for day in 1..=7 {
            rig.event(&calendar, &timed(&format!("{day}"), day, 9)).await;
        }
        let mut june = timed("june", 4, 9);
        june["start"]["dateTime"] = json!("2026-06-04T09:00:00");
        june["end"]["dateTime"] = json!("2026-06-04T10:00:00");
        rig.event(&calendar, &june).await;
        let (rows, pages, link) = round(&rig, &target, 3).await;
        let mut told = subjects(&rows);
        told.sort_unstable();
        assert_eq!((told, pages), (vec!["1", "2", "3", "4", "5", "6", "7"], 3));
        assert_eq!(rows[0]["@odata.type"], "#microsoft.graph.event");
        let read = rig.get(&format!("/me/events/{}", rows[0]["id"].as_str().expect("an id"))).await;
        assert_eq!(rows[0]["iCalUId"], read.body["iCalUId"]);
        assert!(link.contains("/calendarView/delta?$deltatoken="), "{link}");
        assert_eq!(round(&rig, &link, 3).await.0, Vec::<Value>::new());
    });
}

#[test]
fn later_rounds_tell_changes_once_and_in_their_present_state() {
    run(async |rig| {
        let (calendar, target) = view(&rig).await;
        let [a, b, c] = [
            rig.event(&calendar, &timed("a", 4, 9)).await,
            rig.event(&calendar, &timed("b", 5, 9)).await,
            rig.event(&calendar, &timed("c", 6, 9)).await,
        ];
        let (.., link) = round(&rig, &target, 10).await;
        rig.patch(&format!("/me/events/{a}"), &json!({ "subject": "a2" })).await;
        rig.patch(&format!("/me/events/{a}"), &json!({ "subject": "a3" })).await;
        rig.delete(&format!("/me/events/{b}")).await;
        rig.event(&calendar, &timed("d", 7, 9)).await;
        let brief = rig.event(&calendar, &timed("e", 8, 9)).await;
        rig.delete(&format!("/me/events/{brief}")).await;
        let (rows, pages, second) = round(&rig, &link, 1).await;
        assert_eq!(subjects(&rows), ["a3", "", "d"]);
        assert_eq!(removed(&rows), [b.as_str()]);
        assert_eq!(rows[1].as_object().map(serde_json::Map::len), Some(3));
        assert!(pages >= 3, "{pages}");
        assert_eq!(round(&rig, &second, 1).await.0, Vec::<Value>::new());
        // The same link again gives the same changes.
        assert_eq!(round(&rig, &link, 1).await.0.len(), 3);
        let _ = c;
    });
}

#[test]
fn what_is_outside_the_window_arrives_as_removed() {
    run(async |rig| {
        let (calendar, target) = view(&rig).await;
        let inside = rig.event(&calendar, &timed("inside", 4, 9)).await;
        let (.., link) = round(&rig, &target, 10).await;
        let july = json!({
            "start": { "dateTime": "2026-07-04T09:00:00", "timeZone": "UTC" },
            "end": { "dateTime": "2026-07-04T10:00:00", "timeZone": "UTC" },
        });
        rig.patch(&format!("/me/events/{inside}"), &july).await;
        let (rows, _, link) = round(&rig, &link, 10).await;
        assert_eq!(removed(&rows), [inside.as_str()]);
        assert_eq!(
            rig.get(&format!("/me/events/{inside}")).await.status,
            200,
            "and yet it is there"
        );
        // Never in the window, only changed: the same.
        rig.patch(&format!("/me/events/{inside}"), &json!({ "subject": "x" })).await;
        let (rows, _, link) = round(&rig, &link, 10).await;
        assert_eq!(removed(&rows), [inside.as_str()]);
        let back = timed("back", 9, 9);
        rig.patch(&format!("/me/events/{inside}"), &back).await;
        let (rows, ..) = round(&rig, &link, 10).await;
        assert_eq!((subjects(&rows), removed(&rows).len()), (vec!["back"], 0));
    });
}

#[test]
fn a_series_comes_whole_and_a_cancelled_occurrence_leaves_no_trace() {
    run(async |rig| {
        let (calendar, target) = view(&rig).await;
        let master = rig.event(&calendar, &weekly("series")).await;
        let (rows, pages, link) = round(&rig, &target, 2).await;
        // Four of the five Mondays are in May.
        assert_eq!((rows.len(), pages), (5, 1), "a series stays on one page");
        assert_eq!((&rows[0]["id"], &rows[0]["type"]), (&json!(master), &json!("seriesMaster")));
        let stub = rows[1].as_object().expect("a row");
        let mut names: Vec<&str> = stub.keys().map(String::as_str).collect();
        names.sort_unstable();
        assert_eq!(
            names,
            ["@odata.etag", "@odata.type", "end", "id", "seriesMasterId", "start", "type"]
        );

        let second = rows[2]["id"].as_str().expect("an id").to_owned();
        rig.patch(&format!("/me/events/{second}"), &json!({ "subject": "own" })).await;
        let (rows, _, link) = round(&rig, &link, 2).await;
        assert_eq!(
            (rows.len(), &rows[2]["subject"], &rows[2]["type"]),
            (5, &json!("own"), &json!("exception"))
        );
        rig.delete(&format!("/me/events/{second}")).await;
        let (rows, _, link) = round(&rig, &link, 2).await;
        assert_eq!((rows.len(), removed(&rows).len()), (4, 0));
        assert!(rows.iter().all(|row| row["id"] != second.as_str()));
        rig.delete(&format!("/me/events/{master}")).await;
        let (rows, ..) = round(&rig, &link, 2).await;
        assert_eq!(removed(&rows), [master.as_str()]);
    });
}

#[test]
fn what_is_made_while_pages_are_fetched_is_not_lost() {
    run(async |rig| {
        let (calendar, target) = view(&rig).await;
        for day in 1..=4 {
            rig.event(&calendar, &timed(&format!("{day}"), day, 9)).await;
        }
        let prefer = [("prefer", "odata.maxpagesize=2")];
        let first = rig.send(Method::GET, &target, &prefer, None).await;
        let told = first.column("id")[0].to_owned();
        rig.delete(&format!("/me/events/{told}")).await;
        rig.event(&calendar, &timed("late", 9, 9)).await;
        let (rest, _, link) = round(&rig, &first.link("@odata.nextLink"), 2).await;
        assert_eq!(rest.len(), 2);
        let (rows, ..) = round(&rig, &link, 10).await;
        assert_eq!((subjects(&rows), removed(&rows)), (vec!["", "late"], vec![told.as_str()]));
    });
}

#[test]
fn lost_tokens_are_told_from_unknown_ones() {
    run(async |rig| {
        let (_, target) = view(&rig).await;
        let (.., link) = round(&rig, &target, 10).await;
        rig.server.expire_tokens();
        let gone = rig.get(&link).await;
        assert_eq!((gone.status, gone.code()), (410, "syncStateNotFound"));
        let location = gone.header("location").to_owned();
        assert!(location.ends_with(&format!("?{MAY}&$deltatoken=")), "{location}");
        assert_eq!(rig.get(&location).await.status, 200);
        let made_up = rig.get(&format!("{link}x")).await;
        assert_eq!((made_up.status, made_up.code()), (400, "ErrorInvalidSyncStateData"));
    });
}

#[test]
fn options_that_change_tracking_does_not_take_are_refused() {
    run(async |rig| {
        let (calendar, target) = view(&rig).await;
        for option in
            ["$top=5", "$select=subject", "$filter=subject%20eq%20'x'", "$expand=attachments"]
        {
            let refused = rig.get(&format!("{target}&{option}")).await;
            assert_eq!((refused.status, refused.code()), (400, "ErrorInvalidUrlQuery"), "{option}");
        }
        let base = format!("/me/calendars/{calendar}/calendarView/delta");
        let missing = rig.get(&base).await;
        assert_eq!((missing.status, missing.code()), (400, "ErrorInvalidParameter"));
        for form in ["delta()", "microsoft.graph.delta()"] {
            let called = rig.get(&format!("/me/calendarview/{form}?{MAY}")).await;
            assert_eq!(called.status, 200, "{form}");
        }
    });
}

#[test]
fn the_feed_of_events_knows_no_window_and_tells_little() {
    run(async |rig| {
        let calendar = rig.calendar("Calendar").await;
        let [one, series] = [
            rig.event(&calendar, &timed("x", 4, 9)).await,
            rig.event(&calendar, &weekly("s")).await,
        ];
        let target = format!("/me/calendars/{calendar}/events/delta()");
        let (rows, _, link) = round(&rig, &target, 1).await;
        let mut ids: Vec<&str> = rows.iter().filter_map(|row| row["id"].as_str()).collect();
        ids.sort_unstable();
        let mut expected = [one.as_str(), series.as_str()];
        expected.sort_unstable();
        assert_eq!(ids, expected);
        assert_eq!(rows[0].get("subject"), None);
        rig.patch(&format!("/me/events/{one}"), &json!({ "subject": "y" })).await;
        rig.delete(&format!("/me/events/{series}")).await;
        let (rows, ..) = round(&rig, &link, 10).await;
        assert_eq!((rows.len(), removed(&rows)), (2, vec![series.as_str()]));
        let later = format!("{target}?startDateTime=2026-06-15T00:00:00Z");
        assert_eq!(round(&rig, &later, 10).await.0, Vec::<Value>::new());
    });
}

#[test]
fn drifting_ids_are_told_or_not() {
    run(async |rig| {
        let (calendar, target) = view(&rig).await;
        let id = rig.event(&calendar, &timed("x", 4, 9)).await;
        let (.., link) = round(&rig, &target, 10).await;
        assert_eq!(rig.server.drift_ids(crate::Drift::Silent, 1.0), 1);
        assert_eq!(rig.get(&format!("/me/events/{id}")).await.status, 404);
        let (rows, _, link) = round(&rig, &link, 10).await;
        assert_eq!(rows, Vec::<Value>::new());
        rig.server.drift_ids(crate::Drift::Announced, 1.0);
        let (rows, ..) = round(&rig, &link, 10).await;
        assert_eq!((rows.len(), removed(&rows).len()), (2, 1));
    });
}
