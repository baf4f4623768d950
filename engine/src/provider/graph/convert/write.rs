//! From an event to what Graph takes.

use serde_json::{Map, Value};

use crate::content::{Event, Inexpressible};

use super::refusal::cannot;
use super::series::Series;
use super::times::{Frame, When};
use super::{Written, alerts, body, overrides, people, places, status};

/// The body of a create, and what is written of single occurrences after it.
///
/// # Errors
/// [`Inexpressible`] when Graph cannot hold the event, or cannot be brought to hold it: an event
/// that was cancelled can be held, but not created.
pub(crate) fn write(event: &Event) -> Result<Written, Inexpressible> {
    if status::cancelled(event.members()) {
        return Err(cannot("status", "graph creates no cancelled event"));
    }
    held(event)
}

/// What an event is in Graph, however it got there.
pub(super) fn held(event: &Event) -> Result<Written, Inexpressible> {
    let Some(series) = Series::of(event)? else {
        let master = properties(event.members(), Frame::Single)?;
        return Ok(Written { master, overrides: Vec::new() });
    };
    let mut master = properties(event.members(), Frame::Series)?;
    master.insert("recurrence".to_owned(), series.recurrence.clone());
    Ok(Written { master, overrides: overrides::write(event, &series)? })
}

/// The properties that stand for the members of an event or an occurrence. Always the same ones,
/// but for `reminderMinutesBeforeStart`, so that two events can be compared by them.
pub(super) fn properties(
    members: &Map<String, Value>,
    frame: Frame<'_>,
) -> Result<Map<String, Value>, Inexpressible> {
    let mut properties = Map::new();
    When::of(members, frame)?.put(&mut properties);
    let title = members.get("title").and_then(Value::as_str).unwrap_or_default();
    let hidden = members.get("hideAttendees") == Some(&Value::Bool(true));
    let keywords = members.get("keywords").and_then(Value::as_object);
    let categories = keywords.into_iter().flatten().map(|(word, _)| Value::from(word.as_str()));
    let simple = [
        ("subject", Value::from(title)),
        ("body", body::write(members)),
        ("locations", places::write(members)),
        ("categories", categories.collect()),
        ("attendees", people::write(members)),
        ("hideAttendees", Value::Bool(hidden)),
    ];
    properties.extend(simple.map(|(name, value)| (name.to_owned(), value)));
    status::write(members, &mut properties);
    alerts::write(members, &mut properties);
    Ok(properties)
}
