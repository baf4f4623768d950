//! Checks of refusals: who may ask, and the shape of an error.

use super::context::{Answer, Graph};
use crate::check::{Check, Stop, Verdict, expect, not_applicable, row, same};
use crate::client::Authority;
use crate::target::Credentials;

const SHAPE: &str = "Graph: errors";

pub(super) fn checks() -> Vec<Check<Graph>> {
    vec![
        row! { Must, "error.anonymous", "without a token the answer is 401", "Graph: errors", anonymous },
        row! { Must, "error.wrong-token", "with a wrong one too", "Graph: errors", wrong_token },
        row! { Must, "error.shape", "an error has a code and a message", "Graph: errors", shape },
        row! { Must, "error.inner", "innerError names request and date", "Graph: errors", inner },
        row! { Must, "error.request-id", "every answer has a request-id", "Graph: best-practices-concept", request_id },
        row! {
            Must, "error.client-request-id", "client-request-id comes back",
            "Graph: best-practices-concept", client_request_id
        },
        row! { Must, "error.not-found", "an id that names nothing is 404", "Graph: errors", not_found },
        row! { Must, "error.no-such-path", "a segment that there is not is refused", "Graph: errors", no_such_path },
    ]
}

async fn refused(graph: &Graph, authority: Authority) -> Result<Answer, Stop> {
    if matches!(graph.client.target().credentials, Credentials::None) {
        return not_applicable("no credentials were given");
    }
    graph.send(graph.ask("GET", "/me/calendars").authority(authority)).await
}

async fn anonymous(graph: &Graph) -> Verdict {
    refused(graph, Authority::Nobody).await?.status("a request without a token", &[401])
}

async fn wrong_token(graph: &Graph) -> Verdict {
    let wrong = Authority::Wrong("Bearer calamity-conform-wrong".to_owned());
    let answer = refused(graph, wrong).await?;
    answer.error("a request with a wrong token", &[401], &["InvalidAuthenticationToken"])
}

async fn missing(graph: &Graph) -> Result<Answer, Stop> {
    let calendar = graph.calendar().await?;
    graph.delete(&calendar).await?.reply.success("DELETE of a calendar")?;
    graph.get(&calendar).await
}

async fn shape(graph: &Graph) -> Verdict {
    let answer = missing(graph).await?;
    let error = &answer.body["error"];
    let holds = !answer.code().is_empty() && error["message"].is_string();
    expect(holds, format!("{SHAPE}: error.code and error.message"), answer.reply.text())
}

async fn inner(graph: &Graph) -> Verdict {
    let answer = missing(graph).await?;
    let error = &answer.body["error"];
    let inner =
        if error["innerError"].is_null() { &error["innererror"] } else { &error["innerError"] };
    let holds = inner["date"].is_string() && inner["request-id"].is_string();
    expect(holds, "innerError with date and request-id", answer.reply.text())
}

async fn request_id(graph: &Graph) -> Verdict {
    let reply = graph.get("/me/calendars").await?.reply;
    expect(reply.header("request-id").is_some(), "a header request-id", "none")
}

async fn client_request_id(graph: &Graph) -> Verdict {
    let id = "1d8a5b1c-9f0e-4a6b-8a52-0f4b5f7a9c11";
    let ask = graph.ask("GET", "/me/calendars").header("client-request-id", id);
    let reply = graph.send(ask).await?.reply;
    same("client-request-id", &reply.header("client-request-id"), &Some(id))
}

async fn not_found(graph: &Graph) -> Verdict {
    missing(graph).await?.error("a calendar that is gone", &[404], &["ErrorItemNotFound"])
}

async fn no_such_path(graph: &Graph) -> Verdict {
    graph.get("/me/calamityUnheardOf").await?.reply.refused("an unknown segment")
}
