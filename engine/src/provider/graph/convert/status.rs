//! What Graph says in one word: `showAs`, `importance`, `sensitivity`, and `isCancelled`.
//!
//! Sources: MS-OXCICAL 2.1.3.1.1.20 for what Exchange makes of STATUS, TRANSP and CLASS, RFC 5545
//! section 3.8.1.9 for priorities.

use serde_json::{Map, Value};

/// Whether the members say that the event does not take place.
pub(super) fn cancelled(members: &Map<String, Value>) -> bool {
    text(members, "status") == Some("cancelled")
}

/// Puts the words into a body.
pub(super) fn write(members: &Map<String, Value>, body: &mut Map<String, Value>) {
    let show_as = match (text(members, "freeBusyStatus"), text(members, "status")) {
        (Some("free"), _) => "free",
        (_, Some("tentative")) => "tentative",
        _ => "busy",
    };
    let importance = match members.get("priority").and_then(Value::as_i64) {
        Some(1..=4) => "high",
        Some(6..=9) => "low",
        _ => "normal",
    };
    let sensitivity = match text(members, "privacy") {
        Some("private") => "private",
        Some("secret") => "confidential",
        _ => "normal",
    };
    let words = [("showAs", show_as), ("importance", importance), ("sensitivity", sensitivity)];
    body.extend(words.map(|(name, word)| (name.to_owned(), Value::from(word))));
}

/// Puts the members that stand for the words of a body.
pub(super) fn read(body: &Map<String, Value>, members: &mut Map<String, Value>) {
    let mut put = |name: &str, value: Value| members.insert(name.to_owned(), value);
    match text(body, "showAs") {
        // Exchange exports both as transparent.
        Some("free" | "workingElsewhere") => {
            put("freeBusyStatus", Value::from("free"));
        }
        Some("tentative") => {
            put("status", Value::from("tentative"));
        }
        _ => {}
    }
    if body.get("isCancelled") == Some(&Value::Bool(true)) {
        put("status", Value::from("cancelled"));
    }
    match text(body, "importance") {
        Some("high") => put("priority", Value::from(1)),
        Some("low") => put("priority", Value::from(9)),
        _ => None,
    };
    match text(body, "sensitivity") {
        Some("private" | "personal") => put("privacy", Value::from("private")),
        Some("confidential") => put("privacy", Value::from("secret")),
        _ => None,
    };
}

fn text<'a>(members: &'a Map<String, Value>, name: &str) -> Option<&'a str> {
    members.get(name).and_then(Value::as_str)
}
