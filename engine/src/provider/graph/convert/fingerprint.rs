//! A hash of what Graph returned, without what it sets, counts or derives by itself.

use serde_json::{Map, Value, json};

use crate::model::Hash;

use super::Stored;

/// Properties that change without anybody changing the event, that are ids, or that follow from
/// others.
const NOT_CONTENT: [&str; 14] = [
    "bodyPreview",
    "calendar",
    "cancelledOccurrences",
    "changeKey",
    "createdDateTime",
    "exceptionOccurrences",
    "hasAttachments",
    "iCalUId",
    "id",
    "lastModifiedDateTime",
    "occurrenceId",
    "seriesMasterId",
    "transactionId",
    "webLink",
];

/// The hash of a stored event.
pub(super) fn of(stored: &Stored) -> Hash {
    let mut exceptions: Vec<Value> = stored.exceptions.iter().map(content).collect();
    exceptions.sort_by_cached_key(|exception| exception["originalStart"].to_string());
    // The id of the series stands in the names of its cancelled occurrences.
    let names = stored.cancelled.iter();
    let mut cancelled: Vec<&str> =
        names.map(|name| name.rsplit_once('.').map_or(name.as_str(), |(_, date)| date)).collect();
    cancelled.sort_unstable();
    let all = json!([content(&stored.master), exceptions, cancelled]);
    Hash::of(&serde_jcs::to_vec(&all).expect("JSON has a canonical text"))
}

fn content(body: &Map<String, Value>) -> Value {
    let kept = body.iter().filter(|(name, _)| {
        // Annotations hold an `@`: `@odata.etag`, `calendar@odata.navigationLink`.
        !name.contains('@') && !NOT_CONTENT.contains(&name.as_str())
    });
    Value::Object(kept.map(|(name, value)| (name.clone(), value.clone())).collect())
}
