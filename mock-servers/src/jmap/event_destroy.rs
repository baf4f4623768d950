//! One destroy of a `CalendarEvent/set`.

use serde_json::{Map, Value, json};

use super::dispatch::Run;
use super::errors::SetError;
use super::event_set::Events;
use super::{event_update, expansion, times};

/// Destroys an event, or takes one occurrence out of a series.
pub(super) fn destroy(events: &Events, run: &mut Run<'_, '_>, id: &str) -> Result<(), SetError> {
    let Some(item) = run.turn.account().item(id).cloned() else {
        let (item, original) =
            expansion::resolve(run.turn.account(), id).ok_or_else(SetError::not_found)?;
        let mut all = match item.body.get("recurrenceOverrides") {
            Some(Value::Object(all)) => all.clone(),
            _ => Map::new(),
        };
        let key = times::text(original);
        if expansion::is_generated(&item.body, original) {
            all.insert(key, json!({ "excluded": true }));
        } else {
            all.remove(&key);
        }
        let mut patch = Map::from_iter([("recurrenceOverrides".to_owned(), Value::Object(all))]);
        run.limits().names.show(&mut patch);
        event_update::update(events, run, &item.id, &patch, None)?;
        return Ok(());
    };
    events.check_reachable(run, &item.body)?;
    run.turn.delete(id, events.marker);
    Ok(())
}
