//! Tests of the conversion.

mod bodies;
mod laws;
mod model;
mod patches;
mod reading;
mod refusals;
mod rules;
mod writing;
mod zones;

use serde_json::{Map, Value, json};

use crate::content::Event;

/// An event with these members: 4 May 2026, a Monday, at nine in Berlin for an hour.
#[track_caller]
fn event(members: Value) -> Event {
    let mut all = object(json!({
        "start": "2026-05-04T09:00:00", "timeZone": "Europe/Berlin", "duration": "PT1H",
    }));
    all.extend(object(members));
    Event::canonical(all).expect("the test's event is one")
}

/// The same every day, five times.
#[track_caller]
fn daily(members: Value) -> Event {
    let mut all = object(json!({"recurrenceRule": {"frequency": "daily", "count": 5}}));
    all.extend(object(members));
    event(Value::Object(all))
}

#[track_caller]
fn object(value: Value) -> Map<String, Value> {
    value.as_object().cloned().expect("the test's value is an object")
}
