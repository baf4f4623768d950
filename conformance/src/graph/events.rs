//! Checks of single events: made, read, changed, removed; entity tags; transactions.

use serde_json::{Value, json};

use super::context::{Answer, Graph, and, timed};
use crate::check::{Check, Stop, Verdict, expect, row, same};

pub(super) fn checks() -> Vec<Check<Graph>> {
    vec![
        row! { Must, "event.created", "POST makes an event: 201, with id, iCalUId, changeKey and etag", "Graph: calendar-post-events", created },
        row! { Must, "event.round-trip", "what was written is read", "Graph: event-get", round_trip },
        row! { Must, "event.defaults", "what was not written has its default", "Graph: resources/event", defaults },
        row! { Must, "event.patch", "PATCH changes what it names and nothing else", "Graph: event-update", patched },
        row! { Must, "event.patch-answer", "and answers with the event", "Graph: event-update", patch_answer },
        row! { Must, "event.deleted", "DELETE is 204, then it is gone", "Graph: event-delete", deleted },
        row! { Must, "event.deleted-twice", "a second DELETE is 404", "Graph: event-delete", deleted_twice },
        row! { Must, "event.etag", "@odata.etag is made of the changeKey", "Graph: resources/outlookitem", etag },
        row! { Must, "event.etag-changes", "a change gives another etag", "Graph: resources/outlookitem", etag_changes },
        row! { Must, "event.if-match", "If-Match with the present etag lets a PATCH pass", "RFC 9110 13.1.1", if_match },
        row! { Must, "event.if-match-stale", "with an old one it is 412, and nothing changes", "RFC 9110 13.1.1", if_match_stale },
        row! { Must, "event.if-match-delete", "DELETE with an old one too", "RFC 9110 13.1.1", if_match_delete },
        row! { Should, "event.own-uid", "the server gives iCalUId, whatever the body says", "Graph: resources/event", own_uid },
        row! { Must, "event.unknown-property", "an unknown property is refused with 400", "Graph: errors", unknown_property },
        row! { Must, "event.wrong-type", "a property of a wrong type is refused with 400", "Graph: errors", wrong_type },
        row! { Must, "event.not-json", "what is no JSON is refused with 400", "Graph: errors", not_json },
        row! { Must, "event.text", "the body is given as text where that is preferred", "Graph: outlook-create-event-text-body", text },
        row! { Must, "event.transaction", "a second POST with its transactionId makes nothing new", "Graph: resources/event", transaction },
        row! { Must, "event.transaction-other", "with another body it is refused", "Graph: resources/event", transaction_other },
    ]
}

async fn created(graph: &Graph) -> Verdict {
    let at = graph.calendar().await?;
    let made = graph.post(&format!("{at}/events"), &timed("made", 4, 9)).await?;
    made.status("making an event", &[201])?;
    made.id()?;
    made.etag()?;
    let texts = ["iCalUId", "changeKey", "createdDateTime", "lastModifiedDateTime", "webLink"];
    let missing: Vec<&str> =
        texts.into_iter().filter(|name| !made.body[*name].is_string()).collect();
    expect(missing.is_empty(), format!("texts {missing:?}"), made.reply.text())
}

async fn round_trip(graph: &Graph) -> Verdict {
    let at = graph.calendar().await?;
    let more = json!({
        "subject": "Käse & 日本 🧀",
        "body": { "contentType": "html", "content": "<p>Does <b>noon</b> work?</p>" },
        "location": { "displayName": "Harry's Bar" },
        "categories": ["Red category", "Calamity"],
        "importance": "high",
        "sensitivity": "private",
        "showAs": "tentative",
        "reminderMinutesBeforeStart": 30,
        "isReminderOn": true,
    });
    let stored = graph.stored(&at, &and(timed("", 4, 9), more.clone())).await?;
    let found = graph.read(&stored).await?;
    for name in ["subject", "categories", "importance", "sensitivity", "showAs", "isReminderOn"] {
        same(name, &found[name], &more[name])?;
    }
    let minutes = "reminderMinutesBeforeStart";
    same(minutes, &found[minutes], &more[minutes])?;
    let place = &found["location"]["displayName"];
    same("location", place, &more["location"]["displayName"])?;
    let content = found["body"]["content"].as_str().unwrap_or_default();
    expect(content.contains("<b>noon</b>"), "the html of the body", content)
}

async fn defaults(graph: &Graph) -> Verdict {
    let at = graph.calendar().await?;
    let found = graph.read(&graph.stored(&at, &timed("plain", 4, 9)).await?).await?;
    for (name, wanted) in [
        ("type", json!("singleInstance")),
        ("isAllDay", json!(false)),
        ("isCancelled", json!(false)),
        ("isOrganizer", json!(true)),
        ("showAs", json!("busy")),
        ("importance", json!("normal")),
        ("sensitivity", json!("normal")),
        ("attendees", json!([])),
        ("recurrence", Value::Null),
        ("seriesMasterId", Value::Null),
    ] {
        same(name, &found[name], &wanted)?;
    }
    Ok(())
}

async fn patched(graph: &Graph) -> Verdict {
    let at = graph.calendar().await?;
    let stored = graph.stored(&at, &timed("before", 4, 9)).await?;
    let before = graph.read(&stored).await?;
    graph.patch(&stored, &json!({ "subject": "after" })).await?.status("PATCH", &[200])?;
    let after = graph.read(&stored).await?;
    same("subject", &after["subject"], &json!("after"))?;
    for name in ["id", "iCalUId", "start", "end", "showAs", "createdDateTime"] {
        same(name, &after[name], &before[name])?;
    }
    Ok(())
}

async fn patch_answer(graph: &Graph) -> Verdict {
    let at = graph.calendar().await?;
    let stored = graph.stored(&at, &timed("before", 4, 9)).await?;
    let answer = graph.patch(&stored, &json!({ "subject": "after" })).await?;
    answer.status("PATCH", &[200])?;
    same("subject", &answer.body["subject"], &json!("after"))?;
    same("etag", &answer.etag()?, &graph.get(&stored).await?.etag()?)
}

async fn deleted(graph: &Graph) -> Verdict {
    let at = graph.calendar().await?;
    let stored = graph.stored(&at, &timed("gone", 4, 9)).await?;
    graph.delete(&stored).await?.status("DELETE", &[204])?;
    let found = graph.get(&stored).await?;
    found.error("GET afterwards", &[404], &["ErrorItemNotFound"])
}

async fn deleted_twice(graph: &Graph) -> Verdict {
    let at = graph.calendar().await?;
    let stored = graph.stored(&at, &timed("gone", 4, 9)).await?;
    graph.delete(&stored).await?.reply.success("DELETE")?;
    graph.delete(&stored).await?.status("DELETE again", &[404])
}

async fn etag(graph: &Graph) -> Verdict {
    let at = graph.calendar().await?;
    let made = graph.event(&at, &timed("tagged", 4, 9)).await?;
    let key = made.body["changeKey"].as_str().unwrap_or_default().to_owned();
    same("@odata.etag", &made.etag()?, &format!("W/\"{key}\""))
}

async fn etag_changes(graph: &Graph) -> Verdict {
    let (_, stored, old) = changed(graph).await?;
    let new = graph.get(&stored).await?.etag()?;
    expect(new != old, "another etag after a change", new)
}

/// A calendar with an event that was changed: its path, and the etag of before.
async fn changed(graph: &Graph) -> Result<(String, String, String), Stop> {
    let at = graph.calendar().await?;
    let made = graph.event(&at, &timed("one", 4, 9)).await?;
    let stored = format!("/me/events/{}", made.id()?);
    graph.patch(&stored, &json!({ "subject": "two" })).await?.reply.success("PATCH")?;
    Ok((at, stored, made.etag()?))
}

async fn patch_if(graph: &Graph, at: &str, etag: &str) -> Result<Answer, Stop> {
    let ask = graph.ask("PATCH", at).header("if-match", etag);
    let body = json!({ "subject": "three" }).to_string();
    graph.send(ask.body("application/json", body)).await
}

async fn if_match(graph: &Graph) -> Verdict {
    let (_, stored, _) = changed(graph).await?;
    let etag = graph.get(&stored).await?.etag()?;
    patch_if(graph, &stored, &etag).await?.status("PATCH", &[200])?;
    same("subject", &graph.read(&stored).await?["subject"], &json!("three"))
}

async fn if_match_stale(graph: &Graph) -> Verdict {
    let (_, stored, old) = changed(graph).await?;
    let refused = patch_if(graph, &stored, &old).await?;
    refused.error("PATCH with an old etag", &[412], &["ErrorIrresolvableConflict"])?;
    same("subject", &graph.read(&stored).await?["subject"], &json!("two"))
}

async fn if_match_delete(graph: &Graph) -> Verdict {
    let (_, stored, old) = changed(graph).await?;
    let ask = graph.ask("DELETE", &stored).header("if-match", old);
    graph.send(ask).await?.status("DELETE with an old etag", &[412])?;
    graph.get(&stored).await?.status("GET afterwards", &[200])
}

async fn own_uid(graph: &Graph) -> Verdict {
    let at = graph.calendar().await?;
    let forged = and(timed("mine", 4, 9), json!({ "iCalUId": "forged" }));
    let found = graph.event(&at, &forged).await?.body;
    let holds = found["iCalUId"].as_str().is_some_and(|uid| uid != "forged");
    expect(holds, "an iCalUId of the server", found["iCalUId"].to_string())
}

async fn refused(graph: &Graph, event: &Value, what: &str) -> Verdict {
    let at = graph.calendar().await?;
    graph.post(&format!("{at}/events"), event).await?.status(what, &[400])?;
    let left = graph.get(&format!("{at}/events")).await?.column("id")?;
    same("events afterwards", &left.len(), &0)
}

async fn unknown_property(graph: &Graph) -> Verdict {
    let event = and(timed("x", 4, 9), json!({ "calamityUnheardOf": 7 }));
    refused(graph, &event, "an unknown property").await
}

async fn wrong_type(graph: &Graph) -> Verdict {
    let event = and(timed("x", 4, 9), json!({ "isAllDay": "perhaps" }));
    refused(graph, &event, "a text for a boolean").await
}

async fn not_json(graph: &Graph) -> Verdict {
    let at = graph.calendar().await?;
    let ask = graph.ask("POST", &format!("{at}/events")).body("application/json", "{\"subject\":");
    graph.send(ask).await?.status("half a body", &[400])
}

async fn text(graph: &Graph) -> Verdict {
    let at = graph.calendar().await?;
    let body = json!({ "body": { "contentType": "text", "content": "a < b" } });
    let stored = graph.stored(&at, &and(timed("x", 4, 9), body)).await?;
    let found = graph.prefer(&stored, "outlook.body-content-type=\"text\"").await?;
    same("contentType", &found.body["body"]["contentType"], &json!("text"))?;
    let content = found.body["body"]["content"].as_str().unwrap_or_default();
    same("content", &content.trim(), &"a < b")
}

async fn twice(graph: &Graph, second: &str) -> Result<(String, Answer, Answer), Stop> {
    let at = graph.calendar().await?;
    let id = json!({ "transactionId": graph.fresh() });
    let first = graph.event(&at, &and(timed("one", 4, 9), id.clone())).await?;
    let again = graph.post(&format!("{at}/events"), &and(timed(second, 4, 9), id)).await?;
    Ok((at, first, again))
}

async fn transaction(graph: &Graph) -> Verdict {
    let (at, first, again) = twice(graph, "one").await?;
    again.status("the same again", &[200, 201])?;
    same("id", &again.id()?, &first.id()?)?;
    same("events", &graph.get(&format!("{at}/events")).await?.rows()?.len(), &1)
}

async fn transaction_other(graph: &Graph) -> Verdict {
    let (at, _, again) = twice(graph, "another").await?;
    let what = "another body with the transactionId";
    again.error(what, &[400, 409], &["ErrorDuplicateTransactionId"])?;
    same("events", &graph.get(&format!("{at}/events")).await?.rows()?.len(), &1)
}
