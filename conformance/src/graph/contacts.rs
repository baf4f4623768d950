//! Checks of contacts and their folders.

use serde_json::{Value, json};

use super::context::{Graph, column};
use crate::check::{Check, Stop, Verdict, expect, fail, not_applicable, row, same, skip};

pub(super) fn checks() -> Vec<Check<Graph>> {
    vec![
        row! { Must, "contact.folder", "POST makes a contact folder", "Graph: user-post-contactfolders", folder_made },
        row! { Must, "contact.created", "POST makes a contact: 201, with id and etag", "Graph: contactfolder-post-contacts", created },
        row! { Must, "contact.round-trip", "what was written is read", "Graph: contact-get", round_trip },
        row! { Must, "contact.patch", "PATCH changes what it names and nothing else", "Graph: contact-update", patched },
        row! { Must, "contact.if-match-stale", "If-Match with an old etag is 412", "RFC 9110 13.1.1", stale },
        row! { Must, "contact.deleted", "DELETE is 204, then it is gone", "Graph: contact-delete", deleted },
        row! { Must, "contact.unknown-property", "an unknown property is refused with 400", "Graph: errors", unknown },
        row! { Must, "contact.select", "$select gives these properties only", "Graph: query-parameters", select },
        row! { Must, "contact.delta", "delta tells what was made, changed and deleted", "Graph: contact-delta", delta },
    ]
}

/// A new folder to work in: its path.
async fn folder(graph: &Graph) -> Result<String, Stop> {
    if matches!(graph.get("/me/contactFolders").await?.reply.status, 404 | 501) {
        return not_applicable("there are no contacts");
    }
    let made = graph.post("/me/contactFolders", &json!({ "displayName": graph.name() })).await?;
    match made.body["id"].as_str() {
        Some(id) if made.reply.is_success() => {
            let path = format!("/me/contactFolders/{id}");
            graph.remove_later(path.clone());
            Ok(path)
        }
        _ => fail("a new folder", format!("status {}", made.reply.status)),
    }
}

fn ada() -> Value {
    json!({
        "givenName": "Ada",
        "surname": "Lovelace",
        "emailAddresses": [{ "address": "ada@example.com", "name": "Ada Lovelace" }],
        "businessPhones": ["+44 20 7946 0000"],
        "companyName": "Analytical Engines",
    })
}

/// Makes a contact in a folder: its path and its etag.
async fn stored(graph: &Graph, folder: &str) -> Result<(String, String), Stop> {
    let made = graph.post(&format!("{folder}/contacts"), &ada()).await?;
    match made.body["id"].as_str() {
        Some(id) if made.reply.status == 201 => Ok((format!("/me/contacts/{id}"), made.etag()?)),
        _ => skip(format!("a contact was refused ({}): contact.created", made.reply.status)),
    }
}

async fn folder_made(graph: &Graph) -> Verdict {
    let found = graph.read(&folder(graph).await?).await?;
    let name = found["displayName"].as_str().unwrap_or_default();
    expect(name.starts_with(crate::PREFIX), "its displayName", name)
}

async fn created(graph: &Graph) -> Verdict {
    let at = folder(graph).await?;
    let made = graph.post(&format!("{at}/contacts"), &ada()).await?;
    made.status("making a contact", &[201])?;
    made.id()?;
    made.etag().map(drop)
}

async fn round_trip(graph: &Graph) -> Verdict {
    let at = folder(graph).await?;
    let found = graph.read(&stored(graph, &at).await?.0).await?;
    for name in ["givenName", "surname", "businessPhones", "companyName"] {
        same(name, &found[name], &ada()[name])?;
    }
    let address = &found["emailAddresses"][0]["address"];
    same("emailAddresses", address, &json!("ada@example.com"))
}

async fn patched(graph: &Graph) -> Verdict {
    let at = folder(graph).await?;
    let (path, _) = stored(graph, &at).await?;
    graph.patch(&path, &json!({ "surname": "King" })).await?.status("PATCH", &[200])?;
    let found = graph.read(&path).await?;
    same("surname", &found["surname"], &json!("King"))?;
    same("givenName", &found["givenName"], &json!("Ada"))
}

async fn stale(graph: &Graph) -> Verdict {
    let at = folder(graph).await?;
    let (path, old) = stored(graph, &at).await?;
    graph.patch(&path, &json!({ "surname": "King" })).await?.reply.success("PATCH")?;
    let ask = graph.ask("PATCH", &path).header("if-match", old);
    let ask = ask.body("application/json", json!({ "surname": "Byron" }).to_string());
    graph.send(ask).await?.status("PATCH with an old etag", &[412])?;
    same("surname", &graph.read(&path).await?["surname"], &json!("King"))
}

async fn deleted(graph: &Graph) -> Verdict {
    let at = folder(graph).await?;
    let (path, _) = stored(graph, &at).await?;
    graph.delete(&path).await?.status("DELETE", &[204])?;
    graph.get(&path).await?.status("GET afterwards", &[404])
}

async fn unknown(graph: &Graph) -> Verdict {
    let at = folder(graph).await?;
    let body = json!({ "givenName": "Ada", "calamityUnheardOf": 7 });
    graph.post(&format!("{at}/contacts"), &body).await?.status("an unknown property", &[400])
}

async fn select(graph: &Graph) -> Verdict {
    let at = folder(graph).await?;
    stored(graph, &at).await?;
    let found = graph.get(&format!("{at}/contacts?$select=surname")).await?;
    let row = found.rows()?.first().and_then(Value::as_object).cloned().unwrap_or_default();
    let mut names: Vec<&String> = row.keys().filter(|name| !name.starts_with('@')).collect();
    names.sort();
    same("properties", &names, &vec![&"id".to_owned(), &"surname".to_owned()])
}

async fn delta(graph: &Graph) -> Verdict {
    let at = folder(graph).await?;
    let link = |last: &Value| last["@odata.deltaLink"].as_str().unwrap_or_default().to_owned();
    let first = graph.pages(&format!("{at}/contacts/delta"), "odata.maxpagesize=50").await?;
    same("rows of an empty folder", &first.rows.len(), &0)?;
    let (path, _) = stored(graph, &at).await?;
    let second = graph.pages(&link(&first.last), "odata.maxpagesize=50").await?;
    same("what was made", &column(&second.rows, "surname"), &vec!["Lovelace".to_owned()])?;
    graph.patch(&path, &json!({ "surname": "King" })).await?.reply.success("PATCH")?;
    let third = graph.pages(&link(&second.last), "odata.maxpagesize=50").await?;
    same("what was changed", &column(&third.rows, "surname"), &vec!["King".to_owned()])?;
    graph.delete(&path).await?.reply.success("DELETE")?;
    let fourth = graph.pages(&link(&third.last), "odata.maxpagesize=50").await?;
    let gone = fourth.rows.iter().any(|row| !row["@removed"].is_null());
    expect(gone, "an @removed", format!("{:?}", fourth.rows))
}
