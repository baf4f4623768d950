//! Checks of events: what is kept, patches, series, and calendars that are not empty
//! (draft-ietf-jmap-calendars-27; PatchObject: RFC 8620, section 5.3).

use serde_json::{Value, json};

use super::context::{Jmap, Place};
use super::guard::NOTHING;
use super::samples::{and, daily, event, read, stored, texts};
use crate::check::{Check, Stop, Verdict, expect, row, same};

const KIND: &str = "CalendarEvent";
const SET: &str = "CalendarEvent/set";

pub(super) fn checks() -> Vec<Check<Jmap>> {
    vec![
        row! { Must, "event.round-trip", "what was written is read", "draft-ietf-jmap-calendars-27 5.9", round_trip },
        row! { Must, "event.properties", "only the properties that are asked for, and the id", "RFC 8620 5.1", properties },
        row! { Must, "event.origin", "an event of the user's own is the origin", "draft-ietf-jmap-calendars-27 5.1", origin },
        row! { Must, "event.utc", "utcStart is calculated where it is asked for", "draft-ietf-jmap-calendars-27 5.1", utc },
        row! { Must, "event.same-uid", "a uid that is in use is refused", "draft-ietf-jmap-calendars-27 5.1", same_uid },
        row! { Must, "event.no-calendar", "a calendar that is not there is named in invalidProperties", "draft-ietf-jmap-calendars-27 5.9", no_calendar },
        row! { Must, "event.patch", "a patch reaches into objects", "RFC 8620 5.3", patch },
        row! { Must, "event.patch-remove", "null removes a property", "RFC 8620 5.3", patch_remove },
        row! { Must, "event.patch-parent", "a patch below nothing is invalidPatch", "RFC 8620 5.3", patch_parent },
        row! { Must, "event.patch-prefix", "a pointer that is another's prefix is invalidPatch", "RFC 8620 5.3", patch_prefix },
        row! { Must, "event.override", "a patch of one instance leaves the others", "draft-ietf-jmap-calendars-27 5.9", overridden },
        row! { Must, "event.excluded", "an excluded instance is not among the expanded", "draft-ietf-jmap-calendars-27 5.11", excluded },
        row! { Must, "event.expand", "expandRecurrences gives an id for each instance", "draft-ietf-jmap-calendars-27 5.11", expand },
        row! { Must, "event.instance", "an instance has a recurrenceId and its base event", "draft-ietf-jmap-calendars-27 5.1", instance },
        row! { Must, "event.expand-window", "expanding without a window is refused", "draft-ietf-jmap-calendars-27 5.11", expand_window },
        row! { Must, "event.has-event", "a calendar with events is not destroyed", "draft-ietf-jmap-calendars-27 4.3", has_event },
        row! { Must, "event.remove-events", "unless onDestroyRemoveEvents says so", "draft-ietf-jmap-calendars-27 4.3", remove_events },
    ]
}

/// A calendar of the run's own.
async fn calendar(jmap: &Jmap) -> Result<(Place, String), Stop> {
    let place = jmap.calendars()?;
    let id = jmap.container(&place).await?;
    Ok((place, id))
}

/// An event with this and that.
async fn with(jmap: &Jmap, more: Value) -> Result<(Place, String), Stop> {
    let (place, at) = calendar(jmap).await?;
    let id = stored(jmap, &place, and(event(jmap, &at, "One", 4), more)).await?;
    Ok((place, id))
}

async fn update(jmap: &Jmap, place: &Place, id: &str, patch: Value) -> Result<Value, Stop> {
    jmap.done(place, SET, json!({ "update": { id: patch } })).await
}

fn place_named(name: &str) -> Value {
    json!({ "locations": { "l": { "@type": "Location", "name": name } } })
}

async fn round_trip(jmap: &Jmap) -> Verdict {
    let more = json!({
        "title": "Käse & 日本 🧀",
        "description": "Does noon work?",
        "priority": 3,
        "privacy": "private",
        "freeBusyStatus": "free",
        "keywords": { "calamity": true },
        "locations": { "l": { "@type": "Location", "name": "Harry's Bar" } },
    });
    let (place, at) = calendar(jmap).await?;
    let written = and(event(jmap, &at, "", 4), more);
    let id = stored(jmap, &place, written.clone()).await?;
    let found = read(jmap, &place, KIND, &id).await?;
    for name in [
        "uid",
        "calendarIds",
        "title",
        "description",
        "start",
        "timeZone",
        "duration",
        "priority",
        "privacy",
        "freeBusyStatus",
        "keywords",
    ] {
        same(name, &found[name], &written[name])?;
    }
    same("a location", &found["locations"]["l"]["name"], &json!("Harry's Bar"))
}

async fn properties(jmap: &Jmap) -> Verdict {
    let (place, id) = with(jmap, json!({})).await?;
    let arguments = json!({ "ids": [id], "properties": ["title"] });
    let found = jmap.done(&place, "CalendarEvent/get", arguments).await?;
    same("the event", &found["list"], &json!([{ "id": id, "title": "One" }]))
}

async fn origin(jmap: &Jmap) -> Verdict {
    let (place, id) = with(jmap, json!({})).await?;
    same("isOrigin", &read(jmap, &place, KIND, &id).await?["isOrigin"], &json!(true))
}

async fn utc(jmap: &Jmap) -> Verdict {
    let (place, id) = with(jmap, json!({})).await?;
    let arguments = json!({ "ids": [id], "properties": ["utcStart"] });
    let found = jmap.done(&place, "CalendarEvent/get", arguments).await?;
    same("utcStart", &found["list"][0]["utcStart"], &json!("2026-05-04T07:00:00Z"))
}

async fn same_uid(jmap: &Jmap) -> Verdict {
    let (place, at) = calendar(jmap).await?;
    let one = event(jmap, &at, "One", 4);
    stored(jmap, &place, one.clone()).await?;
    let found = jmap.done(&place, SET, json!({ "create": { "n": one } })).await?;
    expect(found["notCreated"]["n"]["type"].is_string(), "notCreated", found.to_string())
}

async fn no_calendar(jmap: &Jmap) -> Verdict {
    let place = jmap.calendars()?;
    let lost = event(jmap, NOTHING, "Lost", 4);
    let found = jmap.done(&place, SET, json!({ "create": { "n": lost } })).await?;
    let error = &found["notCreated"]["n"];
    same("type", &error["type"], &json!("invalidProperties"))?;
    let named = texts(&error["properties"]).iter().any(|name| name.starts_with("calendarIds"));
    expect(named, "calendarIds among the properties", error.to_string())
}

async fn patch(jmap: &Jmap) -> Verdict {
    let (place, id) = with(jmap, place_named("Here")).await?;
    update(jmap, &place, &id, json!({ "locations/l/name": "There" })).await?;
    let found = read(jmap, &place, KIND, &id).await?;
    same("name", &found["locations"]["l"]["name"], &json!("There"))?;
    same("title", &found["title"], &json!("One"))
}

async fn patch_remove(jmap: &Jmap) -> Verdict {
    let (place, id) = with(jmap, json!({ "description": "Gone soon" })).await?;
    update(jmap, &place, &id, json!({ "description": null })).await?;
    let found = read(jmap, &place, KIND, &id).await?;
    let text = found["description"].as_str().unwrap_or_default();
    same("description", &text, &"")
}

async fn patch_refused(jmap: &Jmap, patch: Value) -> Verdict {
    let (place, id) = with(jmap, place_named("Here")).await?;
    let found = update(jmap, &place, &id, patch).await?;
    same("type", &found["notUpdated"][&id]["type"], &json!("invalidPatch"))
}

async fn patch_parent(jmap: &Jmap) -> Verdict {
    patch_refused(jmap, json!({ "locations/other/name": "There" })).await
}

async fn patch_prefix(jmap: &Jmap) -> Verdict {
    let both = and(place_named("There"), json!({ "locations/l/name": "Nowhere" }));
    patch_refused(jmap, both).await
}

/// A series of five days, of which the second is patched, and its instances by start.
async fn instances(jmap: &Jmap, patch: Value) -> Result<Vec<Value>, Stop> {
    let (place, at) = calendar(jmap).await?;
    let id = stored(jmap, &place, daily(event(jmap, &at, "Usual", 4))).await?;
    let pointer = "recurrenceOverrides/2026-05-05T09:00:00";
    if patch.is_object() {
        let overrides = json!({ "recurrenceOverrides": { "2026-05-05T09:00:00": patch } });
        let found = update(jmap, &place, &id, overrides).await?;
        expect(
            found["updated"].get(&id).is_some(),
            format!("a patch of {pointer}"),
            found.to_string(),
        )?;
    }
    let ids = expanded(jmap, &place, &at).await?;
    let arguments = json!({ "ids": ids });
    let found = jmap.done(&place, "CalendarEvent/get", arguments).await?;
    let mut list = found["list"].as_array().cloned().unwrap_or_default();
    list.sort_by_key(|one| one["start"].to_string());
    Ok(list)
}

async fn expanded(jmap: &Jmap, place: &Place, at: &str) -> Result<Value, Stop> {
    let span = json!({ "inCalendar": at, "after": "2026-05-01T00:00:00", "before": "2026-06-01T00:00:00" });
    let arguments =
        json!({ "filter": span, "expandRecurrences": true, "timeZone": "Europe/Berlin" });
    Ok(jmap.done(place, "CalendarEvent/query", arguments).await?["ids"].clone())
}

fn titles(list: &[Value]) -> Vec<&str> {
    list.iter().map(|one| one["title"].as_str().unwrap_or_default()).collect()
}

async fn overridden(jmap: &Jmap) -> Verdict {
    let list = instances(jmap, json!({ "title": "Special" })).await?;
    same("titles", &titles(&list), &vec!["Usual", "Special", "Usual", "Usual", "Usual"])
}

async fn excluded(jmap: &Jmap) -> Verdict {
    let list = instances(jmap, json!({ "excluded": true })).await?;
    let starts: Vec<&str> =
        list.iter().map(|one| one["start"].as_str().unwrap_or_default()).collect();
    let wanted = ["04", "06", "07", "08"].map(|day| format!("2026-05-{day}T09:00:00"));
    same("starts", &starts, &wanted.iter().map(String::as_str).collect())
}

async fn expand(jmap: &Jmap) -> Verdict {
    let (place, at) = calendar(jmap).await?;
    stored(jmap, &place, daily(event(jmap, &at, "Usual", 4))).await?;
    same("instances", &texts(&expanded(jmap, &place, &at).await?).len(), &5)
}

async fn instance(jmap: &Jmap) -> Verdict {
    let list = instances(jmap, Value::Null).await?;
    let holds = list
        .iter()
        .all(|one| one["recurrenceId"] == one["start"] && one["baseEventId"].is_string());
    expect(
        holds && list.len() == 5,
        "recurrenceId and baseEventId in each",
        json!(list).to_string(),
    )
}

async fn expand_window(jmap: &Jmap) -> Verdict {
    let (place, at) = calendar(jmap).await?;
    let arguments = json!({ "filter": { "inCalendar": at }, "expandRecurrences": true });
    let (name, found) = jmap.invoke(&place, "CalendarEvent/query", arguments).await?;
    super::api::error(&name, &found, "invalidArguments")
}

async fn has_event(jmap: &Jmap) -> Verdict {
    let (place, at) = calendar(jmap).await?;
    stored(jmap, &place, event(jmap, &at, "One", 4)).await?;
    let found = jmap.done(&place, "Calendar/set", json!({ "destroy": [at] })).await?;
    same("type", &found["notDestroyed"][&at]["type"], &json!("calendarHasEvent"))
}

async fn remove_events(jmap: &Jmap) -> Verdict {
    let (place, at) = calendar(jmap).await?;
    let id = stored(jmap, &place, event(jmap, &at, "One", 4)).await?;
    let arguments = json!({ "destroy": [at], "onDestroyRemoveEvents": true });
    let found = jmap.done(&place, "Calendar/set", arguments).await?;
    same("destroyed", &found["destroyed"], &json!([at]))?;
    let found = jmap.done(&place, "CalendarEvent/get", json!({ "ids": [id] })).await?;
    same("notFound", &found["notFound"], &json!([id]))
}
