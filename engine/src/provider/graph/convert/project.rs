//! What Graph would give back of an event: what is written, answered by a server that does what is
//! documented, and read again.

use serde_json::{Map, Value, json};

use crate::content::{Event, Inexpressible};

use super::refusal::cannot;
use super::series::Series;
use super::write::held;
use super::{Change, Override, Stored, Written, body, overrides, read, status};

/// The event as it would be read after it was written. An event that Graph can hold but not be
/// brought to hold, such as one that is cancelled, is given back too.
///
/// # Errors
/// [`Inexpressible`] when Graph cannot hold the event at all.
pub(crate) fn project(event: &Event) -> Result<Event, Inexpressible> {
    let Written { master, overrides: written } = held(event)?;
    let series = Series::of(event)?;
    let mut stored = Stored { master: answered(master), ..Stored::default() };
    if status::cancelled(event.members()) {
        stored.master.insert("isCancelled".to_owned(), Value::Bool(true));
    }
    for Override { original_start, instant, change } in written {
        match change {
            Change::Cancel => stored.cancelled.push(format!("OID..{}", original_start.date())),
            Change::Patch(own) | Change::Restore(own) => {
                // An exception is answered whole.
                let mut exception = match &series {
                    Some(series) => overrides::plain(event, series, original_start)?,
                    None => Map::new(),
                };
                exception.extend(own);
                let mut exception = answered(exception);
                exception.insert("originalStart".to_owned(), json!(instant.to_string()));
                stored.exceptions.push(exception);
            }
        }
    }
    read::event(&stored).map_err(|error| cannot(&error.property, error.problem))
}

/// What Graph answers for properties that were written.
fn answered(mut written: Map<String, Value>) -> Map<String, Value> {
    if let Some(value) = written.get_mut("body") {
        *value = body::answered(value);
    }
    for (point, given) in [("start", "originalStartTimeZone"), ("end", "originalEndTimeZone")] {
        if let Some(zone) = written.get(point).and_then(|point| point.get("timeZone")).cloned() {
            written.insert(given.to_owned(), zone);
        }
    }
    written
}
