//! Checks of extended properties.

use serde_json::{Value, json};

use super::context::{Graph, and, timed};
use crate::check::{Check, Verdict, expect, row, same};

const ID: &str = "String {66f5a359-4659-4830-9070-00040ec6ac6e} Name CalamityConform";
const ID_IN_URL: &str =
    "String%20%7B66f5a359-4659-4830-9070-00040ec6ac6e%7D%20Name%20CalamityConform";
const MEMBER: &str = "singleValueExtendedProperties";

pub(super) fn checks() -> Vec<Check<Graph>> {
    vec![
        row! { Must, "extended.read", "$expand gives an extended property", "Graph: singlevaluelegacyextendedproperty-get", read },
        row! { Must, "extended.hidden", "without $expand it is not given", "Graph: singlevaluelegacyextendedproperty-get", hidden },
        row! { Must, "extended.changed", "PATCH changes it", "Graph: singlevaluelegacyextendedproperty-post-singlevalueextendedproperties", changed },
        row! { Must, "extended.filter", "$filter finds events by it", "Graph: singlevaluelegacyextendedproperty-get", filter },
        row! { Must, "extended.bad-id", "an id that is none is refused", "Graph: resources/extended-properties-overview", bad_id },
    ]
}

fn with(value: &str) -> Value {
    and(timed("x", 4, 9), json!({ MEMBER: [{ "id": ID, "value": value }] }))
}

fn expanded(at: &str) -> String {
    format!("{at}?$expand={MEMBER}($filter=id%20eq%20'{ID_IN_URL}')")
}

async fn value(graph: &Graph, stored: &str) -> Result<Value, crate::check::Stop> {
    Ok(graph.read(&expanded(stored)).await?[MEMBER][0]["value"].clone())
}

async fn read(graph: &Graph) -> Verdict {
    let at = graph.calendar().await?;
    let stored = graph.stored(&at, &with("kept")).await?;
    same("value", &value(graph, &stored).await?, &json!("kept"))
}

async fn hidden(graph: &Graph) -> Verdict {
    let at = graph.calendar().await?;
    let found = graph.read(&graph.stored(&at, &with("kept")).await?).await?;
    expect(found.get(MEMBER).is_none(), format!("no {MEMBER}"), found[MEMBER].to_string())
}

async fn changed(graph: &Graph) -> Verdict {
    let at = graph.calendar().await?;
    let stored = graph.stored(&at, &with("one")).await?;
    let patch = json!({ MEMBER: [{ "id": ID, "value": "two" }] });
    graph.patch(&stored, &patch).await?.status("PATCH", &[200])?;
    same("value", &value(graph, &stored).await?, &json!("two"))
}

async fn filter(graph: &Graph) -> Verdict {
    let (at, mine) = (graph.calendar().await?, graph.fresh());
    graph.event(&at, &with("other")).await?;
    let wanted = graph.event(&at, &with(&mine)).await?.id()?;
    let any = format!(
        "$filter={MEMBER}/Any(ep:%20ep/id%20eq%20'{ID_IN_URL}'%20and%20ep/value%20eq%20'{mine}')"
    );
    let found = graph.get(&format!("{at}/events?{any}")).await?.column("id")?;
    same("ids", &found, &vec![wanted])
}

async fn bad_id(graph: &Graph) -> Verdict {
    let at = graph.calendar().await?;
    let wrong = json!({ MEMBER: [{ "id": "calamity", "value": "x" }] });
    let made = graph.post(&format!("{at}/events"), &and(timed("x", 4, 9), wrong)).await?;
    made.status("an id of no property", &[400])
}
