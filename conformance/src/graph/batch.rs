//! Checks of `$batch`.

use serde_json::{Value, json};

use super::context::{Answer, Graph, timed};
use crate::check::{Check, Stop, Verdict, not_applicable, row, same};

pub(super) fn checks() -> Vec<Check<Graph>> {
    vec![
        row! { Must, "batch.answers", "each request of a batch has its own answer", "Graph: json-batching", answers },
        row! { Must, "batch.writes", "a batch writes", "Graph: json-batching", writes },
        row! { Must, "batch.depends", "what depends on a failed request is 424", "Graph: json-batching", depends },
        row! { Must, "batch.duplicate-id", "an id that is used twice refuses the batch", "Graph: json-batching", duplicate },
        row! { Must, "batch.too-many", "more than 20 requests refuse the batch", "Graph: json-batching", too_many },
    ]
}

async fn batch(graph: &Graph, requests: Value) -> Result<Answer, Stop> {
    let answer = graph.post("/$batch", &json!({ "requests": requests })).await?;
    if matches!(answer.reply.status, 404 | 405 | 501) {
        return not_applicable("there is no $batch");
    }
    Ok(answer)
}

/// The response to one request.
fn response<'a>(answer: &'a Answer, id: &str) -> &'a Value {
    let responses = answer.body["responses"].as_array();
    let mut responses = responses.into_iter().flatten();
    responses.find(|response| response["id"] == id).unwrap_or(&Value::Null)
}

fn get(id: &str, url: &str) -> Value {
    json!({ "id": id, "method": "GET", "url": url })
}

async fn answers(graph: &Graph) -> Verdict {
    let at = graph.calendar().await?;
    let gone = graph.calendar().await?;
    graph.delete(&gone).await?.reply.success("DELETE of a calendar")?;
    let answer = batch(graph, json!([get("a", &at), get("b", &gone)])).await?;
    answer.status("a batch", &[200])?;
    same("status of a", &response(&answer, "a")["status"], &json!(200))?;
    same("status of b", &response(&answer, "b")["status"], &json!(404))?;
    let id = response(&answer, "a")["body"]["id"].as_str().unwrap_or_default().to_owned();
    same("id of a", &format!("/me/calendars/{id}"), &at)
}

async fn writes(graph: &Graph) -> Verdict {
    let at = graph.calendar().await?;
    let post = json!({
        "id": "a", "method": "POST", "url": format!("{at}/events"),
        "headers": { "Content-Type": "application/json" }, "body": timed("batched", 4, 9),
    });
    let answer = batch(graph, json!([post])).await?;
    same("status", &response(&answer, "a")["status"], &json!(201))?;
    let found = graph.get(&format!("{at}/events")).await?.column("subject")?;
    same("subjects", &found, &vec!["batched".to_owned()])
}

async fn depends(graph: &Graph) -> Verdict {
    let at = graph.calendar().await?;
    let gone = graph.calendar().await?;
    graph.delete(&gone).await?.reply.success("DELETE of a calendar")?;
    let mut second = get("b", &at);
    second["dependsOn"] = json!(["a"]);
    let answer = batch(graph, json!([get("a", &gone), second])).await?;
    same("status of what depends", &response(&answer, "b")["status"], &json!(424))
}

async fn duplicate(graph: &Graph) -> Verdict {
    let at = graph.calendar().await?;
    let answer = batch(graph, json!([get("a", &at), get("a", &at)])).await?;
    answer.status("a batch with an id twice", &[400])
}

async fn too_many(graph: &Graph) -> Verdict {
    let at = graph.calendar().await?;
    let requests: Vec<Value> = (0..21).map(|nth| get(&nth.to_string(), &at)).collect();
    batch(graph, json!(requests)).await?.status("a batch of 21", &[400])
}
