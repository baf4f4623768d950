//! Checks of calendars.

use serde_json::{Value, json};

use super::context::{Graph, timed};
use crate::check::{Check, Verdict, expect, row, same};

pub(super) fn checks() -> Vec<Check<Graph>> {
    vec![
        row! { Must, "calendar.created", "POST makes a calendar: 201, with id and name", "Graph: user-post-calendars", created },
        row! { Must, "calendar.listed", "a new calendar is listed", "Graph: user-list-calendars", listed },
        row! { Must, "calendar.filtered", "$filter finds it by its name", "Graph: user-list-calendars", filtered },
        row! { Must, "calendar.read", "it is read by its id", "Graph: calendar-get", read },
        row! { Must, "calendar.properties", "it has the properties of the resource", "Graph: resources/calendar", properties },
        row! { Must, "calendar.renamed", "PATCH changes its name", "Graph: calendar-update", renamed },
        row! { Must, "calendar.deleted", "DELETE is 204, then it is gone", "Graph: calendar-delete", deleted },
        row! { Must, "calendar.default", "/me/calendar is the default calendar", "Graph: calendar-get", default },
        row! { Must, "calendar.apart", "an event is in its own calendar only", "Graph: calendar-list-events", apart },
    ]
}

async fn created(graph: &Graph) -> Verdict {
    let name = graph.name();
    let made = graph.make(&name).await?;
    made.status("making a calendar", &[201])?;
    made.id()?;
    same("name", &made.body["name"], &json!(name))
}

async fn listed(graph: &Graph) -> Verdict {
    let calendar = graph.calendar().await?;
    let all = graph.pages("/me/calendars?$top=50", "odata.maxpagesize=50").await?;
    let there = all.rows.iter().filter_map(|row| row["id"].as_str());
    expect(there.into_iter().any(|id| calendar.ends_with(id)), "the new calendar", "it is missing")
}

async fn filtered(graph: &Graph) -> Verdict {
    let name = graph.name();
    let id = graph.make(&name).await?.id()?;
    let other = graph.make(&graph.name()).await?;
    other.status("making another calendar", &[201])?;
    let filter = format!("name%20eq%20'{}'", name.replace(' ', "%20"));
    let found = graph.get(&format!("/me/calendars?$filter={filter}&$top=50")).await?;
    same("ids", &found.column("id")?, &vec![id])
}

async fn read(graph: &Graph) -> Verdict {
    let name = graph.name();
    let made = graph.make(&name).await?;
    let found = graph.read(&format!("/me/calendars/{}", made.id()?)).await?;
    same("name", &found["name"], &json!(name))?;
    same("id", &found["id"], &made.body["id"])
}

async fn properties(graph: &Graph) -> Verdict {
    let found = graph.read(&graph.calendar().await?).await?;
    let flags = ["canEdit", "canShare", "canViewPrivateItems", "isDefaultCalendar", "isRemovable"];
    let wrong: Vec<&str> = flags.into_iter().filter(|name| !found[*name].is_boolean()).collect();
    expect(wrong.is_empty(), format!("booleans {wrong:?}"), found.to_string())?;
    let texts = found["color"].is_string() && found["changeKey"].is_string();
    expect(texts, "texts color and changeKey", found.to_string())?;
    let owner = &found["owner"]["address"];
    expect(owner.is_string(), "owner.address", found.to_string())
}

async fn renamed(graph: &Graph) -> Verdict {
    let (calendar, name) = (graph.calendar().await?, graph.name());
    graph.patch(&calendar, &json!({ "name": name })).await?.status("PATCH", &[200])?;
    same("name", &graph.read(&calendar).await?["name"], &json!(name))
}

async fn deleted(graph: &Graph) -> Verdict {
    let calendar = graph.calendar().await?;
    graph.delete(&calendar).await?.status("DELETE", &[204])?;
    graph.get(&calendar).await?.status("GET afterwards", &[404])
}

async fn default(graph: &Graph) -> Verdict {
    let found = graph.read("/me/calendar").await?;
    same("isDefaultCalendar", &found["isDefaultCalendar"], &Value::Bool(true))
}

async fn apart(graph: &Graph) -> Verdict {
    let (one, two) = (graph.calendar().await?, graph.calendar().await?);
    graph.event(&one, &timed("one", 4, 9)).await?;
    graph.event(&two, &timed("two", 4, 9)).await?;
    let found = graph.get(&format!("{one}/events")).await?.column("subject")?;
    same("subjects", &found, &vec!["one".to_owned()])
}
