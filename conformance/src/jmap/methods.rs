//! Checks of the standard methods (RFC 8620, section 5), as far as they change nothing.

use serde_json::{Value, json};

use super::api::error;
use super::context::{CORE, Jmap, Place};
use crate::check::{Check, Stop, Verdict, expect, fail, not_applicable, row, same};

pub(super) fn checks() -> Vec<Check<Jmap>> {
    vec![
        row! { Must, "get.all", "without ids all objects are given, with account and state", "RFC 8620 5.1", all },
        row! { Must, "get.not-found", "an unknown id is in notFound", "RFC 8620 5.1", not_found },
        row! { Must, "get.none", "an empty list of ids gives nothing", "RFC 8620 5.1", none },
        row! { Must, "get.properties", "only the properties that are asked for, and the id", "RFC 8620 5.1", properties },
        row! { Must, "get.unknown-property", "an unknown property is invalidArguments", "RFC 8620 5.1", unknown_property },
        row! { Must, "get.wrong-type", "an argument of another type is invalidArguments", "RFC 8620 3.6.2", wrong_type },
        row! { Must, "get.unknown-account", "an unknown account is accountNotFound", "RFC 8620 3.6.2", unknown_account },
        row! { Must, "get.too-many", "more than maxObjectsInGet is requestTooLarge", "RFC 8620 5.1", too_many },
        row! { Must, "get.stable", "the state stays while nothing changes", "RFC 8620 5.1", stable },
        row! { Must, "changes.none", "since the current state nothing changed", "RFC 8620 5.2", no_changes },
        row! { Must, "changes.unknown-state", "a state that it never gave is cannotCalculateChanges", "RFC 8620 5.2", unknown_state },
        row! { Must, "changes.bad-limit", "maxChanges of 0 is invalidArguments", "RFC 8620 5.2", bad_limit },
        row! { Must, "set.nothing", "a set of nothing changes no state", "RFC 8620 5.3", set_nothing },
        row! { Must, "set.state-mismatch", "another ifInState is stateMismatch", "RFC 8620 5.3", state_mismatch },
    ]
}

async fn get(jmap: &Jmap, place: &Place, arguments: Value) -> Result<Value, Stop> {
    let (name, found) = jmap.call(place, "get", arguments).await?;
    if name == format!("{}/get", place.kind) {
        return Ok(found);
    }
    fail(format!("a response {}/get", place.kind), format!("{name} {found}"))
}

async fn state(jmap: &Jmap, place: &Place) -> Result<String, Stop> {
    let found = get(jmap, place, json!({"ids": []})).await?;
    match found["state"].as_str() {
        Some(state) => Ok(state.to_owned()),
        None => fail("a state", found.to_string()),
    }
}

async fn all(jmap: &Jmap) -> Verdict {
    let place = jmap.place()?;
    let found = get(jmap, &place, json!({"ids": null})).await?;
    same("accountId", &found["accountId"], &json!(place.account))?;
    let ids =
        found["list"].as_array().is_some_and(|list| list.iter().all(|one| one["id"].is_string()));
    let holds = ids && found["state"].is_string() && found["notFound"] == json!([]);
    expect(holds, "a list with ids, a state, and an empty notFound", found.to_string())
}

async fn not_found(jmap: &Jmap) -> Verdict {
    let place = jmap.place()?;
    let found = get(jmap, &place, json!({"ids": ["calamity-nothing"]})).await?;
    same("notFound", &found["notFound"], &json!(["calamity-nothing"]))
}

async fn none(jmap: &Jmap) -> Verdict {
    let place = jmap.place()?;
    let found = get(jmap, &place, json!({"ids": []})).await?;
    same("list", &found["list"], &json!([]))
}

async fn properties(jmap: &Jmap) -> Verdict {
    let place = jmap.place()?;
    let found = get(jmap, &place, json!({"ids": null, "properties": ["name"]})).await?;
    let Some(list) = found["list"].as_array() else {
        return fail("a list", found.to_string());
    };
    if list.is_empty() {
        return not_applicable(format!("there is no {}", place.kind));
    }
    for one in list {
        let keys = one.as_object().into_iter().flat_map(|one| one.keys());
        let mut keys: Vec<&str> = keys.map(String::as_str).collect();
        keys.sort();
        same("properties", &keys, &vec!["id", "name"])?;
    }
    Ok(())
}

async fn refused(jmap: &Jmap, method: &str, arguments: Value, kind: &str) -> Verdict {
    let (name, found) = jmap.call(&jmap.place()?, method, arguments).await?;
    error(&name, &found, kind)
}

async fn unknown_property(jmap: &Jmap) -> Verdict {
    refused(
        jmap,
        "get",
        json!({"ids": null, "properties": ["calamityUnheardOf"]}),
        "invalidArguments",
    )
    .await
}

async fn wrong_type(jmap: &Jmap) -> Verdict {
    refused(jmap, "get", json!({"ids": 7}), "invalidArguments").await
}

async fn unknown_account(jmap: &Jmap) -> Verdict {
    refused(jmap, "get", json!({"accountId": "calamity-nobody", "ids": []}), "accountNotFound")
        .await
}

/// The most ids that are sent to see whether they are refused.
const IDS_MAX: u64 = 10_000;

async fn too_many(jmap: &Jmap) -> Verdict {
    let Some(limit) = jmap.session()?["capabilities"][CORE]["maxObjectsInGet"].as_u64() else {
        return crate::check::skip("no maxObjectsInGet: session.core tells of it");
    };
    if limit > IDS_MAX {
        return not_applicable(format!("maxObjectsInGet is {limit}: too much to send"));
    }
    let ids: Vec<String> = (0..=limit).map(|id| format!("calamity-{id}")).collect();
    refused(jmap, "get", json!({"ids": ids}), "requestTooLarge").await
}

async fn stable(jmap: &Jmap) -> Verdict {
    let place = jmap.place()?;
    let before = state(jmap, &place).await?;
    get(jmap, &place, json!({"ids": null})).await?;
    same("state", &state(jmap, &place).await?, &before)
}

async fn no_changes(jmap: &Jmap) -> Verdict {
    let place = jmap.place()?;
    let since = state(jmap, &place).await?;
    let (_, found) = jmap.call(&place, "changes", json!({"sinceState": since})).await?;
    same("newState", &found["newState"], &json!(since))?;
    same("hasMoreChanges", &found["hasMoreChanges"], &json!(false))?;
    for name in ["created", "updated", "destroyed"] {
        same(name, &found[name], &json!([]))?;
    }
    Ok(())
}

async fn unknown_state(jmap: &Jmap) -> Verdict {
    refused(jmap, "changes", json!({"sinceState": "calamity-never"}), "cannotCalculateChanges")
        .await
}

async fn bad_limit(jmap: &Jmap) -> Verdict {
    let since = state(jmap, &jmap.place()?).await?;
    refused(jmap, "changes", json!({"sinceState": since, "maxChanges": 0}), "invalidArguments")
        .await
}

async fn set_nothing(jmap: &Jmap) -> Verdict {
    let place = jmap.place()?;
    let before = state(jmap, &place).await?;
    let (name, found) = jmap.call(&place, "set", json!({})).await?;
    expect(name == format!("{}/set", place.kind), "a response to set", format!("{name} {found}"))?;
    same("newState", &found["newState"], &json!(before))
}

async fn state_mismatch(jmap: &Jmap) -> Verdict {
    refused(jmap, "set", json!({"ifInState": "calamity-never"}), "stateMismatch").await
}
