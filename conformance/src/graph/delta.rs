//! Checks of delta feeds.

use serde_json::{Value, json};

use super::context::{Graph, MAY, column, timed};
use crate::check::{Check, Stop, Verdict, expect, fail, row, same};

pub(super) fn checks() -> Vec<Check<Graph>> {
    vec![
        row! { Must, "delta.initial", "the first round has all of the window, and a deltaLink", "Graph: event-delta", initial },
        row! { Must, "delta.nothing", "a round without changes is empty", "Graph: delta-query-overview", nothing },
        row! { Must, "delta.created", "what was made is told", "Graph: event-delta", created },
        row! { Must, "delta.changed", "what was changed is told in its present state", "Graph: event-delta", changed },
        row! { Must, "delta.removed", "what was deleted is told with @removed", "Graph: event-delta", removed },
        row! { Must, "delta.only-changes", "what did not change is not told", "Graph: delta-query-overview", only_changes },
        row! { Must, "delta.again", "a deltaLink gives the same changes again", "Graph: delta-query-overview", again },
        row! { Must, "delta.pages", "odata.maxpagesize bounds pages, and links lead to the end", "Graph: delta-query-events", pages },
        row! { Must, "delta.window", "without a window it is refused", "Graph: event-delta", window },
        row! { Must, "delta.call", "delta() with parentheses is the same", "Graph: event-delta", call },
        row! { Must, "delta.bad-token", "a token that it never gave is refused", "Graph: delta-query-overview", bad_token },
    ]
}

/// The rows of a round, and the link of the next.
async fn round(graph: &Graph, at: &str) -> Result<(Vec<Value>, String), Stop> {
    let found = graph.pages(at, "odata.maxpagesize=50").await?;
    match found.last["@odata.deltaLink"].as_str() {
        Some(link) => Ok((found.rows, link.to_owned())),
        None => fail("an @odata.deltaLink on the last page", found.last.to_string()),
    }
}

fn feed(calendar: &str) -> String {
    format!("{calendar}/calendarView/delta?{MAY}")
}

/// A calendar with an event `a` after the first round: its path, the event's path, and the link.
async fn seen(graph: &Graph) -> Result<(String, String, String), Stop> {
    let at = graph.calendar().await?;
    let stored = graph.stored(&at, &timed("a", 4, 9)).await?;
    let (_, link) = round(graph, &feed(&at)).await?;
    Ok((at, stored, link))
}

async fn initial(graph: &Graph) -> Verdict {
    let at = graph.calendar().await?;
    graph.event(&at, &timed("a", 4, 9)).await?;
    graph.event(&at, &timed("b", 5, 9)).await?;
    let (rows, _) = round(graph, &feed(&at)).await?;
    let mut found = column(&rows, "subject");
    found.sort();
    same("subjects", &found, &vec!["a".to_owned(), "b".to_owned()])
}

async fn nothing(graph: &Graph) -> Verdict {
    let (_, _, link) = seen(graph).await?;
    same("rows", &round(graph, &link).await?.0, &Vec::new())
}

async fn created(graph: &Graph) -> Verdict {
    let (at, _, link) = seen(graph).await?;
    graph.event(&at, &timed("b", 5, 9)).await?;
    let (rows, _) = round(graph, &link).await?;
    same("subjects", &column(&rows, "subject"), &vec!["b".to_owned()])
}

async fn changed(graph: &Graph) -> Verdict {
    let (_, stored, link) = seen(graph).await?;
    for subject in ["b", "c"] {
        graph.patch(&stored, &json!({ "subject": subject })).await?.reply.success("PATCH")?;
    }
    let (rows, _) = round(graph, &link).await?;
    same("subjects", &column(&rows, "subject"), &vec!["c".to_owned()])
}

async fn removed(graph: &Graph) -> Verdict {
    let (_, stored, link) = seen(graph).await?;
    graph.delete(&stored).await?.reply.success("DELETE")?;
    let (rows, _) = round(graph, &link).await?;
    let gone = |row: &&Value| row["id"].as_str().is_some_and(|id| stored.ends_with(id));
    let found = rows.iter().find(gone).map(|row| row["@removed"]["reason"].clone());
    same("@removed", &found, &Some(json!("deleted")))
}

async fn only_changes(graph: &Graph) -> Verdict {
    let (at, stored, link) = seen(graph).await?;
    graph.event(&at, &timed("b", 5, 9)).await?;
    let (rows, _) = round(graph, &link).await?;
    let told = rows.iter().any(|row| row["id"].as_str().is_some_and(|id| stored.ends_with(id)));
    expect(!told, "nothing of an event that did not change", "it is told")
}

async fn again(graph: &Graph) -> Verdict {
    let (at, _, link) = seen(graph).await?;
    graph.event(&at, &timed("b", 5, 9)).await?;
    let (first, _) = round(graph, &link).await?;
    let (second, _) = round(graph, &link).await?;
    same("subjects", &column(&second, "subject"), &column(&first, "subject"))?;
    same("rows", &second.len(), &1)
}

async fn pages(graph: &Graph) -> Verdict {
    let at = graph.calendar().await?;
    for nth in 0..5_u8 {
        graph.event(&at, &timed(&nth.to_string(), 4 + nth, 9)).await?;
    }
    let found = graph.pages(&feed(&at), "odata.maxpagesize=2").await?;
    let holds = found.sizes.iter().all(|size| *size <= 2);
    expect(holds, "pages of two rows at most", format!("{:?}", found.sizes))?;
    let mut subjects = column(&found.rows, "subject");
    subjects.sort();
    same("subjects", &subjects.concat(), &"01234".to_owned())?;
    expect(found.last["@odata.deltaLink"].is_string(), "a deltaLink at the end", "none")
}

async fn window(graph: &Graph) -> Verdict {
    let at = graph.calendar().await?;
    let found = graph.get(&format!("{at}/calendarView/delta")).await?;
    found.status("delta without a window", &[400])
}

async fn call(graph: &Graph) -> Verdict {
    let at = graph.calendar().await?;
    graph.event(&at, &timed("a", 4, 9)).await?;
    let (rows, _) = round(graph, &format!("{at}/calendarView/delta()?{MAY}")).await?;
    same("subjects", &column(&rows, "subject"), &vec!["a".to_owned()])
}

async fn bad_token(graph: &Graph) -> Verdict {
    let at = graph.calendar().await?;
    let found = graph.get(&format!("{at}/calendarView/delta?$deltatoken=calamity")).await?;
    found.reply.refused("a token that was never given")
}
