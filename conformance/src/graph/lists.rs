//! Checks of collections and their query options.

use super::context::{Graph, MAY, timed};
use crate::check::{Check, Stop, Verdict, expect, row, same};

pub(super) fn checks() -> Vec<Check<Graph>> {
    vec![
        row! { Must, "list.all", "a list has what there is, and names its context", "Graph: calendar-list-events", all },
        row! { Must, "list.top", "$top bounds a page, and a link leads to the next", "Graph: paging", top },
        row! { Must, "list.pages", "all pages together have each row once", "Graph: paging", pages },
        row! { Must, "list.page-size", "Prefer: odata.maxpagesize bounds a page", "Graph: paging", page_size },
        row! { Must, "list.skip", "$skip leaves out the first rows", "Graph: query-parameters", skipped },
        row! { Must, "list.select", "$select gives these properties only", "Graph: query-parameters", select },
        row! { Must, "list.order", "$orderby sorts, in both directions", "Graph: query-parameters", order },
        row! { Must, "list.filter-text", "$filter compares texts", "Graph: query-parameters", filter_text },
        row! { Must, "list.filter-time", "and times", "Graph: query-parameters", filter_time },
        row! { Must, "list.filter-bad", "a filter that is none is refused", "Graph: query-parameters", filter_bad },
        row! { Must, "list.top-bad", "a $top that is no number is refused", "Graph: query-parameters", top_bad },
        row! {
            Must, "list.option-unknown", "a system query option that nobody knows is refused",
            "OData Protocol 4.01, 11.2.1", option_unknown
        },
        row! { Must, "view.window", "calendarView has what overlaps its window", "Graph: calendar-list-calendarview", view },
        row! { Must, "view.bounds", "without a window it is refused", "Graph: calendar-list-calendarview", bounds },
    ]
}

/// A calendar with events `0` to `n-1`, a day each, and its list.
async fn with(graph: &Graph, count: u8) -> Result<(String, String), Stop> {
    let at = graph.calendar().await?;
    for nth in 0..count {
        graph.event(&at, &timed(&nth.to_string(), 4 + nth, 9)).await?;
    }
    Ok((at.clone(), format!("{at}/events")))
}

fn sorted(mut texts: Vec<String>) -> Vec<String> {
    texts.sort();
    texts
}

fn texts(wanted: &[&str]) -> Vec<String> {
    wanted.iter().map(|text| (*text).to_owned()).collect()
}

async fn all(graph: &Graph) -> Verdict {
    let (_, list) = with(graph, 3).await?;
    let found = graph.get(&list).await?;
    same("subjects", &sorted(found.column("subject")?), &texts(&["0", "1", "2"]))?;
    expect(found.body["@odata.context"].is_string(), "@odata.context", found.reply.text())
}

async fn top(graph: &Graph) -> Verdict {
    let (_, list) = with(graph, 3).await?;
    let found = graph.get(&format!("{list}?$top=2")).await?;
    same("rows", &found.rows()?.len(), &2)?;
    expect(found.body["@odata.nextLink"].is_string(), "@odata.nextLink", "none")
}

async fn pages(graph: &Graph) -> Verdict {
    let (_, list) = with(graph, 5).await?;
    let found = graph.pages(&format!("{list}?$top=2"), "odata.maxpagesize=2").await?;
    let subjects = super::context::column(&found.rows, "subject");
    same("subjects", &sorted(subjects), &texts(&["0", "1", "2", "3", "4"]))
}

async fn page_size(graph: &Graph) -> Verdict {
    let (_, list) = with(graph, 3).await?;
    let found = graph.pages(&list, "odata.maxpagesize=2").await?;
    let holds = found.sizes.iter().all(|size| *size <= 2);
    expect(holds, "pages of two rows at most", format!("{:?}", found.sizes))?;
    same("rows", &found.rows.len(), &3)
}

async fn skipped(graph: &Graph) -> Verdict {
    let (_, list) = with(graph, 3).await?;
    let found = graph.get(&format!("{list}?$orderby=start/dateTime&$skip=1")).await?;
    same("subjects", &found.column("subject")?, &texts(&["1", "2"]))
}

async fn select(graph: &Graph) -> Verdict {
    let (_, list) = with(graph, 1).await?;
    let found = graph.get(&format!("{list}?$select=subject")).await?;
    let row = found.rows()?.first().and_then(|row| row.as_object()).cloned().unwrap_or_default();
    let names: Vec<&str> =
        row.keys().map(String::as_str).filter(|name| !name.starts_with('@')).collect();
    same("properties", &sorted(texts(&names)), &texts(&["id", "subject"]))
}

async fn order(graph: &Graph) -> Verdict {
    let (_, list) = with(graph, 3).await?;
    let up = graph.get(&format!("{list}?$orderby=start/dateTime%20asc")).await?;
    same("ascending", &up.column("subject")?, &texts(&["0", "1", "2"]))?;
    let down = graph.get(&format!("{list}?$orderby=start/dateTime%20desc")).await?;
    same("descending", &down.column("subject")?, &texts(&["2", "1", "0"]))
}

async fn filter_text(graph: &Graph) -> Verdict {
    let (_, list) = with(graph, 3).await?;
    let found = graph.get(&format!("{list}?$filter=subject%20eq%20'1'")).await?;
    same("subjects", &found.column("subject")?, &texts(&["1"]))
}

async fn filter_time(graph: &Graph) -> Verdict {
    let (_, list) = with(graph, 3).await?;
    let filter = "$filter=start/dateTime%20ge%20'2026-05-05T00:00:00'";
    let found = graph.get(&format!("{list}?{filter}")).await?;
    same("subjects", &sorted(found.column("subject")?), &texts(&["1", "2"]))
}

async fn filter_bad(graph: &Graph) -> Verdict {
    let (_, list) = with(graph, 1).await?;
    let found = graph.get(&format!("{list}?$filter=subject%20likes%20'1'")).await?;
    found.status("a filter that is none", &[400])
}

async fn top_bad(graph: &Graph) -> Verdict {
    let (_, list) = with(graph, 1).await?;
    graph.get(&format!("{list}?$top=many")).await?.status("$top=many", &[400])
}

async fn option_unknown(graph: &Graph) -> Verdict {
    let (_, list) = with(graph, 1).await?;
    let found = graph.get(&format!("{list}?$calamity=x")).await?;
    found.status("an option $calamity", &[400, 501])
}

async fn view(graph: &Graph) -> Verdict {
    let (at, _) = with(graph, 3).await?;
    let window = "startDateTime=2026-05-05T00:00:00Z&endDateTime=2026-05-06T00:00:00Z";
    let found = graph.get(&format!("{at}/calendarView?{window}")).await?;
    same("subjects", &found.column("subject")?, &texts(&["1"]))?;
    let found = graph.get(&format!("{at}/calendarView?{MAY}")).await?;
    same("subjects", &sorted(found.column("subject")?), &texts(&["0", "1", "2"]))
}

async fn bounds(graph: &Graph) -> Verdict {
    let (at, _) = with(graph, 1).await?;
    graph.get(&format!("{at}/calendarView")).await?.status("calendarView without bounds", &[400])
}
