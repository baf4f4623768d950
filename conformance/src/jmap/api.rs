//! Checks of requests as a whole (RFC 8620, section 3).

use serde_json::{Value, json};

use super::context::{CORE, Jmap};
use crate::check::{Check, Verdict, expect, not_applicable, row, same};
use crate::client::Reply;

pub(super) fn checks() -> Vec<Check<Jmap>> {
    vec![
        row! { Must, "api.echo", "Core/echo gives back its arguments", "RFC 8620 4", echo },
        row! { Must, "api.type", "answers are application/json", "RFC 8620 3.1", media_type },
        row! { Must, "api.state", "answers have the session's state", "RFC 8620 3.4", state },
        row! { Must, "api.order", "responses come in the order of the calls", "RFC 8620 3.4", order },
        row! {
            Must, "api.created-ids", "createdIds are returned where they were given, and only there",
            "RFC 8620 3.4", created_ids
        },
        row! { Must, "api.not-json", "what is no JSON is refused with notJSON", "RFC 8620 3.6.1", not_json },
        row! {
            Must, "api.same-names", "a body with two members of one name is refused with notJSON",
            "RFC 8620 1.5; RFC 7493 2.3", same_names
        },
        row! {
            Must, "api.not-request", "JSON that is no request is refused with notRequest",
            "RFC 8620 3.6.1", not_request
        },
        row! {
            Must, "api.unknown-capability", "an unknown capability is refused as such",
            "RFC 8620 3.6.1", unknown_capability
        },
        row! {
            Must, "api.too-many-calls", "more than maxCallsInRequest is refused, and the limit named",
            "RFC 8620 3.6.1", too_many_calls
        },
        row! {
            Must, "api.unknown-method", "an unknown method is an error of that call alone",
            "RFC 8620 3.6.2", unknown_method
        },
        row! {
            Must, "api.not-used", "a method of a capability that is not used is unknown",
            "RFC 8620 3.3", not_used
        },
        row! { Must, "reference.resolved", "a reference to an earlier result is resolved", "RFC 8620 3.7", resolved },
        row! { Must, "reference.star", "with * for each of an array", "RFC 8620 3.7", star },
        row! { Must, "reference.invalid", "one that leads nowhere is invalidResultReference", "RFC 8620 3.7", invalid },
        row! {
            Must, "reference.both", "an argument given twice is invalidArguments", "RFC 8620 3.7",
            both
        },
    ]
}

async fn echo(jmap: &Jmap) -> Verdict {
    let place = jmap.place()?;
    let arguments = json!({"text": "Grüße \u{1f600}", "nested": [1, null, {"a": true}]});
    let answer = jmap.request(&place, json!([["Core/echo", arguments, "c0"]])).await?;
    same("response", &answer["methodResponses"], &json!([["Core/echo", arguments, "c0"]]))
}

async fn media_type(jmap: &Jmap) -> Verdict {
    let place = jmap.place()?;
    let reply =
        jmap.post(&place.api, json!({"using": [CORE], "methodCalls": []}).to_string()).await?;
    let found = reply.header("content-type").unwrap_or_default().to_owned();
    expect(found.starts_with("application/json"), "Content-Type application/json", found)
}

async fn state(jmap: &Jmap) -> Verdict {
    let answer = jmap.request(&jmap.place()?, json!([["Core/echo", {}, "c0"]])).await?;
    let holds =
        answer["sessionState"].is_string() && answer["sessionState"] == jmap.session["state"];
    expect(
        holds,
        format!("sessionState {}", jmap.session["state"]),
        answer["sessionState"].to_string(),
    )
}

async fn order(jmap: &Jmap) -> Verdict {
    let calls: Vec<Value> =
        ["b", "a", "b"].iter().map(|id| json!(["Core/echo", {"id": id}, id])).collect();
    let answer = jmap.request(&jmap.place()?, json!(calls)).await?;
    same("responses", &answer["methodResponses"], &json!(calls))
}

async fn created_ids(jmap: &Jmap) -> Verdict {
    let place = jmap.place()?;
    let without = jmap.request(&place, json!([["Core/echo", {}, "c0"]])).await?;
    expect(without.get("createdIds").is_none(), "no createdIds", without.to_string())?;
    let body = json!({"using": [CORE], "methodCalls": [["Core/echo", {}, "c0"]], "createdIds": {}});
    let reply = jmap.post(&place.api, body.to_string()).await?;
    let found = serde_json::from_slice::<Value>(&reply.body).unwrap_or_default();
    expect(found["createdIds"].is_object(), "createdIds", reply.text())
}

/// Fails unless the request was refused with this problem (RFC 7807).
fn problem(reply: &Reply, kind: &str) -> Verdict {
    reply.status("a request that is wrong", &[400])?;
    let found = serde_json::from_slice::<Value>(&reply.body).unwrap_or_default();
    same("type", &found["type"], &json!(format!("urn:ietf:params:jmap:error:{kind}")))
}

async fn not_json(jmap: &Jmap) -> Verdict {
    problem(&jmap.post(&jmap.place()?.api, "{\"using\": [").await?, "notJSON")
}

async fn same_names(jmap: &Jmap) -> Verdict {
    let body = json!({"using": [CORE], "methodCalls": [["Core/echo", {"a": 1}, "c0"]]}).to_string();
    let twice = body.replace("{\"a\":1}", "{\"a\":1,\"a\":2}");
    problem(&jmap.post(&jmap.place()?.api, twice).await?, "notJSON")
}

async fn not_request(jmap: &Jmap) -> Verdict {
    problem(&jmap.post(&jmap.place()?.api, "{\"using\": 7}").await?, "notRequest")
}

async fn unknown_capability(jmap: &Jmap) -> Verdict {
    let body =
        json!({"using": [CORE, "urn:calamity:conform"], "methodCalls": [["Core/echo", {}, "c0"]]});
    problem(&jmap.post(&jmap.place()?.api, body.to_string()).await?, "unknownCapability")
}

/// The most calls that are sent to see whether they are refused.
const CALLS_MAX: u64 = 2000;

async fn too_many_calls(jmap: &Jmap) -> Verdict {
    let place = jmap.place()?;
    let Some(limit) = jmap.session["capabilities"][CORE]["maxCallsInRequest"].as_u64() else {
        return crate::check::skip("no maxCallsInRequest: session.core tells of it");
    };
    if limit > CALLS_MAX {
        return not_applicable(format!("maxCallsInRequest is {limit}: too much to send"));
    }
    let calls: Vec<Value> =
        (0..=limit).map(|id| json!(["Core/echo", {}, format!("c{id}")])).collect();
    let body = json!({"using": [CORE], "methodCalls": calls});
    let reply = jmap.post(&place.api, body.to_string()).await?;
    problem(&reply, "limit")?;
    let found = serde_json::from_slice::<Value>(&reply.body).unwrap_or_default();
    same("limit", &found["limit"], &json!("maxCallsInRequest"))
}

/// Fails unless a response is an error of this type.
pub(super) fn error(name: &str, arguments: &Value, kind: &str) -> Verdict {
    let found = format!("{name} {arguments}");
    expect(name == "error" && arguments["type"] == kind, format!("an error {kind}"), found)
}

fn error_in(answer: &Value, at: usize, kind: &str) -> Verdict {
    let response = &answer["methodResponses"][at];
    error(response[0].as_str().unwrap_or_default(), &response[1], kind)
}

async fn unknown_method(jmap: &Jmap) -> Verdict {
    let calls = json!([["Core/unheardOf", {}, "c0"], ["Core/echo", {"a": 1}, "c1"]]);
    let answer = jmap.request(&jmap.place()?, calls).await?;
    error_in(&answer, 0, "unknownMethod")?;
    same("the other response", &answer["methodResponses"][1], &json!(["Core/echo", {"a": 1}, "c1"]))
}

async fn not_used(jmap: &Jmap) -> Verdict {
    let place = jmap.place()?;
    let call = json!([format!("{}/get", place.kind), {"accountId": place.account}, "c0"]);
    let body = json!({"using": [CORE], "methodCalls": [call]});
    let reply = jmap.post(&place.api, body.to_string()).await?;
    let found = serde_json::from_slice::<Value>(&reply.body).unwrap_or_default();
    error_in(&found, 0, "unknownMethod")
}

async fn referring(jmap: &Jmap, first: Value, path: &str) -> Result<Value, crate::check::Stop> {
    let place = jmap.place()?;
    let reference = json!({"resultOf": "c0", "name": "Core/echo", "path": path});
    let get = json!({"accountId": place.account, "#ids": reference});
    let calls = json!([["Core/echo", first, "c0"], [format!("{}/get", place.kind), get, "c1"]]);
    jmap.request(&place, calls).await
}

async fn resolved(jmap: &Jmap) -> Verdict {
    let answer = referring(jmap, json!({"some": ["calamity-nothing"]}), "/some").await?;
    same("notFound", &answer["methodResponses"][1][1]["notFound"], &json!(["calamity-nothing"]))
}

async fn star(jmap: &Jmap) -> Verdict {
    let list = json!({"list": [{"id": ["calamity-a"]}, {"id": ["calamity-b"]}]});
    let answer = referring(jmap, list, "/list/*/id").await?;
    let mut found = answer["methodResponses"][1][1]["notFound"].clone();
    if let Some(found) = found.as_array_mut() {
        found.sort_by_key(Value::to_string);
    }
    same("notFound", &found, &json!(["calamity-a", "calamity-b"]))
}

async fn invalid(jmap: &Jmap) -> Verdict {
    error_in(&referring(jmap, json!({}), "/none").await?, 1, "invalidResultReference")
}

async fn both(jmap: &Jmap) -> Verdict {
    let place = jmap.place()?;
    let reference = json!({"resultOf": "c0", "name": "Core/echo", "path": "/ids"});
    let get = json!({"accountId": place.account, "ids": [], "#ids": reference});
    let calls =
        json!([["Core/echo", {"ids": []}, "c0"], [format!("{}/get", place.kind), get, "c1"]]);
    error_in(&jmap.request(&place, calls).await?, 1, "invalidArguments")
}
