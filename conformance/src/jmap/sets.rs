//! Checks of `/set` (RFC 8620, section 5.3), on calendars of the run's own.

use serde_json::{Value, json};

use super::context::{CORE, Jmap};
use super::guard::NOTHING;
use super::samples::{event, read, state};
use crate::check::{Check, Stop, Verdict, expect, not_applicable, row, same};

const KIND: &str = "Calendar";
const SET: &str = "Calendar/set";

pub(super) fn checks() -> Vec<Check<Jmap>> {
    vec![
        row! { Must, "set.created", "what is created has an id, and the state is another", "RFC 8620 5.3", created },
        row! { Must, "set.read", "what was created is read", "RFC 8620 5.3", created_read },
        row! { Must, "set.updated", "an update changes what it names and nothing else", "RFC 8620 5.3", updated },
        row! { Must, "set.destroyed", "what is destroyed is not found any more", "RFC 8620 5.3", destroyed },
        row! { Must, "set.old-state", "oldState is the state of before, or null", "RFC 8620 5.3", old_state },
        row! { Must, "set.not-found-update", "an update of nothing is notFound", "RFC 8620 5.3", not_found_update },
        row! { Must, "set.not-found-destroy", "and so is destroying it", "RFC 8620 5.3", not_found_destroy },
        row! { Must, "set.partial", "one refused object does not hold up another", "RFC 8620 5.3", partial },
        row! { Must, "set.invalid-properties", "a property of a wrong type is named in invalidProperties", "RFC 8620 5.3", invalid_properties },
        row! { Must, "set.server-set", "a property that the server sets is refused", "RFC 8620 5.3", server_set },
        row! { Must, "set.if-in-state", "ifInState with the present state lets a set pass", "RFC 8620 5.3", if_in_state },
        row! { Must, "set.if-in-state-old", "with an old one it is stateMismatch, and nothing changes", "RFC 8620 5.3", if_in_state_old },
        row! { Must, "set.too-many", "more than maxObjectsInSet is requestTooLarge", "RFC 8620 5.3", too_many },
        row! { Must, "copy.same-account", "a copy within one account is invalidArguments", "RFC 8620 5.4", copy_same },
        row! { Must, "copy.unknown-account", "a copy from an unknown one is fromAccountNotFound", "RFC 8620 5.4", copy_unknown },
        row! { Must, "set.creation-reference", "an id of a creation in the same request is known", "RFC 8620 5.3", creation_reference },
    ]
}

async fn created(jmap: &Jmap) -> Verdict {
    let place = jmap.calendars()?;
    let before = state(jmap, &place, KIND).await?;
    let object = json!({ "name": jmap.name() });
    let found = jmap.done(&place, SET, json!({ "create": { "n": object } })).await?;
    expect(found["created"]["n"]["id"].is_string(), "created with an id", found.to_string())?;
    let other = found["newState"].is_string() && found["newState"] != before;
    expect(other, "another newState", found["newState"].to_string())
}

async fn created_read(jmap: &Jmap) -> Verdict {
    let (place, name) = (jmap.calendars()?, jmap.name());
    let object = json!({ "name": name, "sortOrder": 5 });
    let found = jmap.done(&place, SET, json!({ "create": { "n": object } })).await?;
    let id = found["created"]["n"]["id"].as_str().unwrap_or_default().to_owned();
    let found = read(jmap, &place, KIND, &id).await?;
    same("name", &found["name"], &json!(name))?;
    same("sortOrder", &found["sortOrder"], &json!(5))
}

async fn updated(jmap: &Jmap) -> Verdict {
    let place = jmap.calendars()?;
    let id = jmap.container(&place).await?;
    let before = read(jmap, &place, KIND, &id).await?;
    let patch = json!({ &id: { "sortOrder": 7 } });
    let found = jmap.done(&place, SET, json!({ "update": patch })).await?;
    expect(found["updated"].get(&id).is_some(), "the id in updated", found.to_string())?;
    let after = read(jmap, &place, KIND, &id).await?;
    same("sortOrder", &after["sortOrder"], &json!(7))?;
    for name in ["name", "description", "color", "isVisible"] {
        same(name, &after[name], &before[name])?;
    }
    Ok(())
}

async fn destroyed(jmap: &Jmap) -> Verdict {
    let place = jmap.calendars()?;
    let id = jmap.container(&place).await?;
    let found = jmap.done(&place, SET, json!({ "destroy": [id] })).await?;
    same("destroyed", &found["destroyed"], &json!([id]))?;
    let found = jmap.done(&place, "Calendar/get", json!({ "ids": [id] })).await?;
    same("notFound", &found["notFound"], &json!([id]))
}

async fn old_state(jmap: &Jmap) -> Verdict {
    let place = jmap.calendars()?;
    let before = state(jmap, &place, KIND).await?;
    let object = json!({ "name": jmap.name() });
    let found = jmap.done(&place, SET, json!({ "create": { "n": object } })).await?;
    // "or null if the server doesn't know what the previous state string was".
    if !found["oldState"].is_null() {
        same("oldState", &found["oldState"], &before)?;
    }
    same("newState", &found["newState"], &state(jmap, &place, KIND).await?)
}

async fn not_found_update(jmap: &Jmap) -> Verdict {
    let place = jmap.calendars()?;
    let patch = json!({ NOTHING: { "sortOrder": 7 } });
    let found = jmap.done(&place, SET, json!({ "update": patch })).await?;
    same("type", &found["notUpdated"][NOTHING]["type"], &json!("notFound"))
}

async fn not_found_destroy(jmap: &Jmap) -> Verdict {
    let place = jmap.calendars()?;
    let found = jmap.done(&place, SET, json!({ "destroy": [NOTHING] })).await?;
    same("type", &found["notDestroyed"][NOTHING]["type"], &json!("notFound"))
}

/// Creates a calendar that is right and one with a number that is none.
async fn half_wrong(jmap: &Jmap) -> Result<Value, Stop> {
    let place = jmap.calendars()?;
    let (right, wrong) =
        (json!({ "name": jmap.name() }), json!({ "name": jmap.name(), "sortOrder": "first" }));
    jmap.done(&place, SET, json!({ "create": { "a": right, "b": wrong } })).await
}

async fn partial(jmap: &Jmap) -> Verdict {
    let found = half_wrong(jmap).await?;
    expect(found["created"]["a"]["id"].is_string(), "the one that is right", found.to_string())?;
    let refused = found["notCreated"]["b"]["type"].is_string();
    expect(refused, "the other in notCreated", found.to_string())
}

async fn invalid_properties(jmap: &Jmap) -> Verdict {
    let found = half_wrong(jmap).await?;
    let error = &found["notCreated"]["b"];
    same("type", &error["type"], &json!("invalidProperties"))?;
    same("properties", &error["properties"], &json!(["sortOrder"]))
}

async fn server_set(jmap: &Jmap) -> Verdict {
    let place = jmap.calendars()?;
    let object = json!({ "name": jmap.name(), "id": "calamity" });
    let found = jmap.done(&place, SET, json!({ "create": { "n": object } })).await?;
    let error = &found["notCreated"]["n"];
    same("type", &error["type"], &json!("invalidProperties"))
}

async fn if_in_state(jmap: &Jmap) -> Verdict {
    let place = jmap.calendars()?;
    let now = state(jmap, &place, KIND).await?;
    let object = json!({ "name": jmap.name() });
    let arguments = json!({ "ifInState": now, "create": { "n": object } });
    let found = jmap.done(&place, SET, arguments).await?;
    expect(found["created"]["n"]["id"].is_string(), "created", found.to_string())
}

async fn if_in_state_old(jmap: &Jmap) -> Verdict {
    let place = jmap.calendars()?;
    let old = state(jmap, &place, KIND).await?;
    let id = jmap.container(&place).await?;
    let arguments = json!({ "ifInState": old, "destroy": [id] });
    let (name, found) = jmap.invoke(&place, SET, arguments).await?;
    super::api::error(&name, &found, "stateMismatch")?;
    let there = read(jmap, &place, KIND, &id).await?;
    same("id of what was not destroyed", &there["id"], &json!(id))
}

/// The most ids that are sent to see whether they are refused.
const IDS_MAX: u64 = 10_000;

async fn too_many(jmap: &Jmap) -> Verdict {
    let place = jmap.calendars()?;
    let limit = jmap.session()?["capabilities"][CORE]["maxObjectsInSet"].as_u64();
    let Some(limit) = limit else {
        return crate::check::skip("no maxObjectsInSet: session.core tells of it");
    };
    if limit > IDS_MAX {
        return not_applicable(format!("maxObjectsInSet is {limit}: too much to send"));
    }
    let ids: Vec<String> = (0..=limit).map(|nth| format!("{NOTHING}-{nth}")).collect();
    let (name, found) = jmap.invoke(&place, SET, json!({ "destroy": ids })).await?;
    super::api::error(&name, &found, "requestTooLarge")
}

async fn creation_reference(jmap: &Jmap) -> Verdict {
    let place = jmap.calendars()?;
    let calendar =
        json!({ "accountId": place.account, "create": { "c": { "name": jmap.name() } } });
    let event = event(jmap, "#c", "Referring", 4);
    let events = json!({ "accountId": place.account, "create": { "e": event } });
    let calls = json!([[SET, calendar, "c0"], ["CalendarEvent/set", events, "c1"]]);
    let answer = jmap.request(&place, calls).await?;
    let found = &answer["methodResponses"][1][1];
    expect(found["created"]["e"]["id"].is_string(), "an event in it", found.to_string())
}

/// Copies an event that is not there from an account.
async fn copy(jmap: &Jmap, from: impl FnOnce(&str) -> String) -> Result<(String, Value), Stop> {
    let place = jmap.calendars()?;
    let object = json!({ "id": NOTHING, "calendarIds": { NOTHING: true } });
    let arguments = json!({ "fromAccountId": from(&place.account), "create": { "n": object } });
    let (name, found) = jmap.invoke(&place, "CalendarEvent/copy", arguments).await?;
    if name == "error" && found["type"] == "unknownMethod" {
        return not_applicable("the server has no CalendarEvent/copy");
    }
    Ok((name, found))
}

async fn copy_same(jmap: &Jmap) -> Verdict {
    let (name, found) = copy(jmap, str::to_owned).await?;
    super::api::error(&name, &found, "invalidArguments")
}

async fn copy_unknown(jmap: &Jmap) -> Verdict {
    let (name, found) = copy(jmap, |own| format!("{NOTHING}-{own}")).await?;
    super::api::error(&name, &found, "fromAccountNotFound")
}
