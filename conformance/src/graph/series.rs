//! Checks of series: the master, its instances, changed and cancelled ones.

use serde_json::{Value, json};

use super::context::{Graph, MAY, and, moment, timed};
use crate::check::{Check, Stop, Verdict, expect, row, same, skip};

pub(super) fn checks() -> Vec<Check<Graph>> {
    vec![
        row! { Must, "series.master", "an event with a recurrence is a seriesMaster", "Graph: resources/patternedrecurrence", master },
        row! { Must, "series.instances", "its instances are listed", "Graph: event-list-instances", instances },
        row! { Must, "series.bounds", "instances without a window are refused", "Graph: event-list-instances", bounds },
        row! { Must, "series.view", "calendarView has instances, and no master", "Graph: calendar-list-calendarview", view },
        row! { Must, "series.list", "a list has the master, and no instances", "Graph: calendar-list-events", list },
        row! { Must, "series.exception", "a changed instance is an exception, and the others stay", "Graph: event-update", exception },
        row! { Must, "series.cancelled", "a deleted instance is gone, and the others stay", "Graph: event-delete", cancelled },
        row! { Must, "series.crossing", "an instance does not pass its neighbour", "Graph: event-update", crossing },
        row! { Must, "series.bad-pattern", "a pattern that is none is refused", "Graph: resources/recurrencepattern", bad_pattern },
        row! { Must, "series.summer-time", "a series keeps its local time when clocks change", "Graph: resources/recurrencerange", summer_time },
    ]
}

/// The four Mondays of May 2026, at nine in Berlin.
fn weekly(subject: &str) -> Value {
    recurring(subject, "2026-05-04", 4)
}

fn recurring(subject: &str, first: &str, count: u64) -> Value {
    json!({
        "subject": subject,
        "start": moment(&format!("{first}T09:00:00"), "Europe/Berlin"),
        "end": moment(&format!("{first}T10:00:00"), "Europe/Berlin"),
        "recurrence": {
            "pattern": { "type": "weekly", "interval": 1, "daysOfWeek": ["monday"] },
            "range": { "type": "numbered", "startDate": first, "numberOfOccurrences": count },
        },
    })
}

async fn master(graph: &Graph) -> Verdict {
    let at = graph.calendar().await?;
    let found = graph.read(&graph.stored(&at, &weekly("w")).await?).await?;
    same("type", &found["type"], &json!("seriesMaster"))?;
    let (pattern, range) = (&found["recurrence"]["pattern"], &found["recurrence"]["range"]);
    same("pattern.type", &pattern["type"], &json!("weekly"))?;
    same("range.numberOfOccurrences", &range["numberOfOccurrences"], &json!(4))
}

/// The instances of a series, by their start.
async fn of(graph: &Graph, series: &str) -> Result<Vec<Value>, Stop> {
    let found = graph.pages(&format!("{series}/instances?{MAY}"), "odata.maxpagesize=50").await?;
    let mut rows = found.rows;
    rows.sort_by_key(|row| row["start"]["dateTime"].to_string());
    Ok(rows)
}

async fn instances(graph: &Graph) -> Verdict {
    let at = graph.calendar().await?;
    let series = graph.stored(&at, &weekly("w")).await?;
    let found = of(graph, &series).await?;
    let starts: Vec<String> = found
        .iter()
        .map(|row| row["start"]["dateTime"].as_str().unwrap_or_default().chars().take(16).collect())
        .collect();
    let wanted = ["04", "11", "18", "25"].map(|day| format!("2026-05-{day}T07:00")).to_vec();
    same("starts", &starts, &wanted)?;
    let holds = found.iter().all(|row| {
        row["type"] == "occurrence"
            && row["seriesMasterId"].as_str().is_some_and(|id| series.ends_with(id))
    });
    expect(holds, "occurrences that name their master", format!("{:?}", found.first()))
}

async fn bounds(graph: &Graph) -> Verdict {
    let at = graph.calendar().await?;
    let series = graph.stored(&at, &weekly("w")).await?;
    graph.get(&format!("{series}/instances")).await?.status("instances without a window", &[400])
}

async fn view(graph: &Graph) -> Verdict {
    let at = graph.calendar().await?;
    graph.stored(&at, &weekly("w")).await?;
    let found = graph.get(&format!("{at}/calendarView?{MAY}")).await?;
    same("types", &found.column("type")?, &vec!["occurrence".to_owned(); 4])
}

async fn list(graph: &Graph) -> Verdict {
    let at = graph.calendar().await?;
    graph.stored(&at, &weekly("w")).await?;
    let found = graph.get(&format!("{at}/events")).await?;
    same("types", &found.column("type")?, &vec!["seriesMaster".to_owned()])
}

/// A series and the path of its second instance.
async fn second(graph: &Graph) -> Result<(String, String), Stop> {
    let at = graph.calendar().await?;
    let series = graph.stored(&at, &weekly("w")).await?;
    match of(graph, &series).await?.get(1).and_then(|row| row["id"].as_str()) {
        Some(id) => Ok((series, format!("/me/events/{id}"))),
        None => skip("no instances: series.instances tells why"),
    }
}

async fn exception(graph: &Graph) -> Verdict {
    let (series, instance) = second(graph).await?;
    let patch = json!({ "subject": "moved" });
    graph.patch(&instance, &patch).await?.status("PATCH of an instance", &[200])?;
    let found = of(graph, &series).await?;
    let told: Vec<(&Value, &Value)> =
        found.iter().map(|row| (&row["type"], &row["subject"])).collect();
    let (same_, other) =
        ((&json!("occurrence"), &json!("w")), (&json!("exception"), &json!("moved")));
    same("instances", &told, &vec![same_, other, same_, same_])
}

async fn cancelled(graph: &Graph) -> Verdict {
    let (series, instance) = second(graph).await?;
    graph.delete(&instance).await?.status("DELETE of an instance", &[204])?;
    let left = of(graph, &series).await?;
    same("instances", &left.len(), &3)?;
    graph.get(&series).await?.status("GET of the master", &[200])
}

async fn crossing(graph: &Graph) -> Verdict {
    let (_, instance) = second(graph).await?;
    let patch = json!({
        "start": moment("2026-05-20T09:00:00", "UTC"),
        "end": moment("2026-05-20T10:00:00", "UTC"),
    });
    let refused = graph.patch(&instance, &patch).await?;
    refused.error("moving past the next", &[400], &["ErrorOccurrenceCrossingBoundary"])
}

async fn bad_pattern(graph: &Graph) -> Verdict {
    let at = graph.calendar().await?;
    let wrong = json!({ "recurrence": {
        "pattern": { "type": "fortnightly", "interval": 1 },
        "range": { "type": "noEnd", "startDate": "2026-05-04" },
    }});
    let made = graph.post(&format!("{at}/events"), &and(timed("x", 4, 9), wrong)).await?;
    made.status("a pattern of no type", &[400])
}

async fn summer_time(graph: &Graph) -> Verdict {
    let at = graph.calendar().await?;
    let series = graph.stored(&at, &recurring("w", "2026-03-23", 2)).await?;
    let window = "startDateTime=2026-03-01T00:00:00Z&endDateTime=2026-05-01T00:00:00Z";
    let found = graph.get(&format!("{series}/instances?{window}")).await?;
    let mut starts: Vec<String> = found
        .rows()?
        .iter()
        .map(|row| row["start"]["dateTime"].as_str().unwrap_or_default().chars().take(16).collect())
        .collect();
    starts.sort();
    let wanted = vec!["2026-03-23T08:00".to_owned(), "2026-03-30T07:00".to_owned()];
    same("starts in UTC", &starts, &wanted)
}
