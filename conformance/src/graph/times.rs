//! Checks of dates, times and their zones.

use serde_json::{Value, json};

use super::context::{Graph, and, moment, time, timed};
use crate::check::{Check, Verdict, expect, row, same};

pub(super) fn checks() -> Vec<Check<Graph>> {
    vec![
        row! { Must, "time.utc", "times are in UTC unless another zone is preferred", "Graph: event-get", utc },
        row! { Must, "time.preferred", "Prefer: outlook.timezone gives local times, and says so", "Graph: event-get", preferred },
        row! { Must, "time.original-zone", "the zone of the writer is kept", "Graph: resources/event", original_zone },
        row! { Must, "time.windows-zone", "Windows names of zones are understood", "Graph: resources/datetimetimezone", windows_zone },
        row! { Must, "time.unknown-zone", "an unknown zone is refused", "Graph: resources/datetimetimezone", unknown_zone },
        row! { Must, "time.all-day", "an event of whole days keeps its dates", "Graph: resources/event", all_day },
        row! { Must, "time.all-day-midnight", "whole days begin and end at midnight", "Graph: resources/event", all_day_midnight },
        row! { Must, "time.end-before-start", "an end before the start is refused", "Graph: resources/event", end_before_start },
    ]
}

fn berlin() -> Value {
    json!({
        "subject": "Lunch",
        "start": moment("2026-05-04T12:00:00", "Europe/Berlin"),
        "end": moment("2026-05-04T14:00:00", "Europe/Berlin"),
    })
}

async fn utc(graph: &Graph) -> Verdict {
    let at = graph.calendar().await?;
    let found = graph.read(&graph.stored(&at, &berlin()).await?).await?;
    time("start", &found["start"], "2026-05-04T10:00:00", "UTC")?;
    time("end", &found["end"], "2026-05-04T12:00:00", "UTC")
}

async fn preferred(graph: &Graph) -> Verdict {
    let at = graph.calendar().await?;
    let stored = graph.stored(&at, &berlin()).await?;
    let zone = "Pacific Standard Time";
    let found = graph.prefer(&stored, &format!("outlook.timezone=\"{zone}\"")).await?;
    time("start", &found.body["start"], "2026-05-04T03:00:00", zone)?;
    let applied = found.reply.header("preference-applied").unwrap_or_default();
    expect(applied.contains("outlook.timezone"), "Preference-Applied: outlook.timezone", applied)
}

async fn original_zone(graph: &Graph) -> Verdict {
    let at = graph.calendar().await?;
    let found = graph.read(&graph.stored(&at, &berlin()).await?).await?;
    same("originalStartTimeZone", &found["originalStartTimeZone"], &json!("Europe/Berlin"))
}

async fn windows_zone(graph: &Graph) -> Verdict {
    let at = graph.calendar().await?;
    let event = json!({
        "start": moment("2026-05-04T09:00:00", "Tokyo Standard Time"),
        "end": moment("2026-05-04T10:00:00", "Tokyo Standard Time"),
    });
    let found = graph.read(&graph.stored(&at, &event).await?).await?;
    time("start", &found["start"], "2026-05-04T00:00:00", "UTC")
}

async fn refused(graph: &Graph, event: &Value, what: &str) -> Verdict {
    let at = graph.calendar().await?;
    graph.post(&format!("{at}/events"), event).await?.status(what, &[400])
}

async fn unknown_zone(graph: &Graph) -> Verdict {
    let event = json!({
        "start": moment("2026-05-04T09:00:00", "Calamity/Nowhere"),
        "end": moment("2026-05-04T10:00:00", "Calamity/Nowhere"),
    });
    refused(graph, &event, "a zone that nobody knows").await
}

async fn all_day(graph: &Graph) -> Verdict {
    let at = graph.calendar().await?;
    let event = json!({
        "isAllDay": true,
        "start": moment("2026-05-04T00:00:00", "Asia/Tokyo"),
        "end": moment("2026-05-06T00:00:00", "Asia/Tokyo"),
    });
    let stored = graph.stored(&at, &event).await?;
    let found = graph.prefer(&stored, "outlook.timezone=\"America/New_York\"").await?.body;
    let date = |name: &str| found[name]["dateTime"].as_str().unwrap_or_default()[..].to_owned();
    same("isAllDay", &found["isAllDay"], &json!(true))?;
    let holds = date("start").starts_with("2026-05-04T00:00:00")
        && date("end").starts_with("2026-05-06T00:00:00");
    expect(holds, "the dates that were written", format!("{} and {}", date("start"), date("end")))
}

async fn all_day_midnight(graph: &Graph) -> Verdict {
    let event = and(timed("x", 4, 9), json!({ "isAllDay": true }));
    refused(graph, &event, "whole days from nine to ten").await
}

async fn end_before_start(graph: &Graph) -> Verdict {
    let end = json!({ "end": moment("2026-05-03T09:00:00", "UTC") });
    refused(graph, &and(timed("x", 4, 9), end), "an end before the start").await
}
