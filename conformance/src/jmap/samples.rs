//! What the checks of calendars write, and short ways to do it.

use serde_json::{Value, json};

use super::context::{Jmap, Place};
use crate::check::{Stop, skip};

/// An event of an hour in Berlin.
pub(super) fn event(jmap: &Jmap, calendar: &str, title: &str, day: u8) -> Value {
    json!({
        "@type": "Event",
        "uid": jmap.fresh(),
        "calendarIds": { calendar: true },
        "title": title,
        "start": format!("2026-05-{day:02}T09:00:00"),
        "timeZone": "Europe/Berlin",
        "duration": "PT1H",
    })
}

/// The same with more members.
pub(super) fn and(mut object: Value, more: Value) -> Value {
    if let (Value::Object(members), Value::Object(more)) = (&mut object, more) {
        members.extend(more);
    }
    object
}

/// The same, on five days in a row.
pub(super) fn daily(event: Value) -> Value {
    let rule = json!({ "@type": "RecurrenceRule", "frequency": "daily", "count": 5 });
    and(event, json!({ "recurrenceRule": rule }))
}

/// Makes an object and returns its id. Without it there is nothing to check.
pub(super) async fn make(
    jmap: &Jmap,
    place: &Place,
    kind: &str,
    object: Value,
) -> Result<String, Stop> {
    let name = format!("{kind}/set");
    let (_, found) = jmap.invoke(place, &name, json!({"create": {"n": object}})).await?;
    match found["created"]["n"]["id"].as_str() {
        Some(id) => Ok(id.to_owned()),
        None => skip(format!("an object that is needed was refused ({found})")),
    }
}

/// Makes an event and returns its id.
pub(super) async fn stored(jmap: &Jmap, place: &Place, event: Value) -> Result<String, Stop> {
    make(jmap, place, "CalendarEvent", event).await
}

/// Reads one object, or null.
pub(super) async fn read(jmap: &Jmap, place: &Place, kind: &str, id: &str) -> Result<Value, Stop> {
    let found = jmap.done(place, &format!("{kind}/get"), json!({ "ids": [id] })).await?;
    Ok(found["list"][0].clone())
}

/// The state of a type.
pub(super) async fn state(jmap: &Jmap, place: &Place, kind: &str) -> Result<Value, Stop> {
    let found = jmap.done(place, &format!("{kind}/get"), json!({ "ids": [] })).await?;
    Ok(found["state"].clone())
}

/// The texts of an array, sorted.
pub(super) fn texts(array: &Value) -> Vec<String> {
    let all = array.as_array().into_iter().flatten();
    let mut texts: Vec<String> = all.filter_map(|one| one.as_str().map(str::to_owned)).collect();
    texts.sort();
    texts
}
