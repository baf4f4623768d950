//! The reminder. Graph has one, which shows something some minutes before the start.

use serde_json::{Map, Value, json};

use crate::content::Length;

/// Puts the reminder into a body: of several alerts the one nearest to the start. Graph makes one
/// of its own where nothing is said, so that no alert is said too.
pub(super) fn write(members: &Map<String, Value>, body: &mut Map<String, Value>) {
    let alerts = members.get("alerts").and_then(Value::as_object);
    let nearest = alerts.into_iter().flatten().filter_map(|(_, alert)| minutes(alert)).min();
    body.insert("isReminderOn".to_owned(), Value::Bool(nearest.is_some()));
    if let Some(minutes) = nearest {
        body.insert("reminderMinutesBeforeStart".to_owned(), Value::from(minutes));
    }
}

/// The alerts of a body.
pub(super) fn read(body: &Map<String, Value>, members: &mut Map<String, Value>) {
    let minutes = body.get("reminderMinutesBeforeStart").and_then(Value::as_i64);
    if body.get("isReminderOn") != Some(&Value::Bool(true)) {
        return;
    }
    let before = minutes.unwrap_or_default().saturating_mul(60);
    let offset = Length::of_seconds(before.saturating_neg()).text();
    members.insert("alerts".to_owned(), json!({"1": {"trigger": {"offset": offset}}}));
}

/// How many minutes before the start an alert shows, where it is one that Graph can hold.
fn minutes(alert: &Value) -> Option<i64> {
    let shows = alert.get("action").is_none_or(|action| action == "display");
    let trigger = alert.get("trigger")?;
    let to_start = trigger.get("relativeTo").is_none_or(|to| to == "start");
    let offset = Length::parse(trigger.get("offset")?.as_str()?)?.total_seconds();
    let before = offset.checked_neg()?;
    // An alert that would come between two minutes comes a little earlier.
    let minutes = before.checked_add(59)? / 60;
    (shows && to_start && before >= 0 && i32::try_from(minutes).is_ok()).then_some(minutes)
}
