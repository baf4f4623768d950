//! One update of a `CalendarEvent/set`.

use std::sync::Arc;

use jiff::civil::DateTime;
use serde_json::{Map, Value, json};

use super::dispatch::Run;
use super::errors::SetError;
use super::event_create::{
    beyond, blobs, calendar_zone, resolve_utc, rewrite_as_profile, set_organizer, take_calendars,
};
use super::event_set::Events;
use super::set::Object;
use super::{event, expansion, overrides, patch, privacy, times, validate};
use crate::account::Item;
use crate::faults::PatchEffect;
use crate::profiles::EventNames;

/// Changes an event; returns what changed beyond what the client asked for.
pub(super) fn update(
    events: &Events,
    run: &mut Run<'_, '_>,
    id: &str,
    changes: &Object,
    rewrite: Option<&PatchEffect>,
) -> Result<Object, SetError> {
    if let Some(item) = run.turn.account().item(id).cloned() {
        return update_item(events, run, &item, changes, rewrite);
    }
    let (item, original) =
        expansion::resolve(run.turn.account(), id).ok_or_else(SetError::not_found)?;
    let mut changes = as_override(&item, original, changes, run.limits().names)?;
    // The patch of the base event is read again as a client's.
    run.limits().names.show(&mut changes);
    update_item(events, run, &item, &changes, rewrite)
}

fn update_item(
    events: &Events,
    run: &mut Run<'_, '_>,
    item: &Arc<Item>,
    changes: &Object,
    rewrite: Option<&PatchEffect>,
) -> Result<Object, SetError> {
    let owner = run.turn.host().owner.clone();
    let names = run.limits().names;
    let mut before = event::full(item, &owner);
    let fixed = fixed_of(&before);
    names.show(&mut before);
    let mut after = patch::applied(before, changes).map_err(invalid_patch)?;
    let asked = after.clone();
    names.read(&mut after)?;
    let calendars = take_calendars(run, &mut after)?;
    check_fixed(&fixed, &after, changes)?;
    for name in ["id", "isOrigin"] {
        after.remove(name);
    }
    if after.get("isDraft") == Some(&Value::Bool(false)) {
        after.remove("isDraft");
    }
    for (utc, local) in [("utcStart", "start"), ("utcEnd", "duration")] {
        // The event always has a start; only a patch of both contradicts itself.
        if after.contains_key(utc) && !changes.contains_key(local) {
            after.remove(local);
        }
    }
    resolve_utc(&mut after, calendar_zone(run.turn.account(), &calendars).as_ref())?;
    set_organizer(&mut after, &owner);
    let known = item.body.get("recurrenceOverrides").and_then(Value::as_object);
    overrides::let_go(&mut after, |key, changes| {
        known.and_then(|known| known.get(key)?.as_object()) != Some(changes)
    });
    validate::change(&item.body, &after).map_err(|error| names.blame(error))?;
    privacy::check_result(run, &after)?;
    blobs(run, &after)?;
    stamp(run, &item.body, &mut after, &owner);
    events.check_reachable(run, &after)?;
    rewrite_as_profile(run, &mut after);
    if let Some(rewrite) = rewrite {
        rewrite.apply_to(&mut after);
    }
    let sequence = event::sequence(&after);
    let changed = Item { sequence, calendars, ..item.with_body(after) };
    let stored = run.turn.replace(changed, events.marker).ok_or_else(SetError::not_found)?;
    if names == EventNames::Bis {
        return Ok(event::beyond(&stored, &owner, &asked));
    }
    let mut shown = event::full(&stored, &owner);
    names.show(&mut shown);
    Ok(beyond(shown, &asked))
}

/// A patch that cannot be applied, as a SetError.
pub(super) fn invalid_patch(invalid: patch::InvalidPatch) -> SetError {
    SetError::new("invalidPatch", format!("`{}`: {}", invalid.pointer, invalid.reason))
}

/// What an update must leave as it is. The id "uniquely identifies a JSCalendar Event with a particular
/// uid and recurrenceId" (section 5.1), so these are fixed too.
const FIXED: [&str; 8] = [
    "id",
    "isOrigin",
    "uid",
    "recurrenceId",
    "recurrenceIdTimeZone",
    "@type",
    "baseEventId",
    "method",
];

/// Of an event what [`check_fixed`] looks at.
fn fixed_of(event: &Object) -> Object {
    let member = |name: &str| event.get(name).map(|value| (name.to_owned(), value.clone()));
    FIXED.into_iter().chain(["isDraft"]).filter_map(member).collect()
}

/// Refuses a change of what stays as it is.
fn check_fixed(before: &Object, after: &Object, changes: &Object) -> Result<(), SetError> {
    let mut wrong: Vec<String> = FIXED
        .iter()
        .filter(|name| before.get(**name) != after.get(**name))
        .map(|name| (*name).to_owned())
        .collect();
    let drafts = |event: &Object| event.get("isDraft") == Some(&Value::Bool(true));
    if drafts(after) && !drafts(before) {
        wrong.push("isDraft".to_owned());
    }
    if changes.contains_key("method") && !wrong.iter().any(|name| name == "method") {
        wrong.push("method".to_owned());
    }
    if wrong.is_empty() {
        return Ok(());
    }
    Err(SetError::invalid_properties(wrong, "an update does not change these"))
}

/// Sets `updated` and raises `sequence`, where the server is the origin.
fn stamp(run: &Run<'_, '_>, before: &Object, after: &mut Object, owner: &str) {
    if !event::is_origin(after, owner) {
        return;
    }
    let changed = event::differences(before, after);
    after.insert("updated".to_owned(), json!(times::stamp(run.turn.now())));
    if event::is_substantial(&changed) && event::sequence(after) <= event::sequence(before) {
        after.insert("sequence".to_owned(), json!(event::sequence(before) + 1));
    }
}

/// How many names a pointer of an override has at most: `participants/ID/participationStatus`.
const POINTER_DEPTH: usize = 3;

/// A patch of one occurrence as a patch of its override in the base event.
fn as_override(
    item: &Item,
    original: DateTime,
    changes: &Object,
    names: EventNames,
) -> Result<Object, SetError> {
    let known = overrides::all(&item.body).find_map(|(local, _, kind)| match kind {
        overrides::Override::Changed(changes) if local == original => Some(changes),
        _ => None,
    });
    let plain = overrides::occurrence(&item.body, original, None);
    let mut wanted = overrides::occurrence(&item.body, original, known);
    names.show(&mut wanted);
    patch::apply(&mut wanted, changes).map_err(invalid_patch)?;
    names.read(&mut wanted)?;
    // What was replaced as a whole stays so; of the rest, members that are not changed here follow the
    // base event.
    let whole =
        |at: &str| changes.contains_key(at) || known.is_some_and(|known| known.contains_key(at));
    let mut override_ = Map::new();
    for name in event::differences(&plain, &wanted) {
        let changed = (plain.get(&name), wanted.get(&name));
        let at = patch::escape(&name);
        let pointers = match changed {
            (Some(Value::Object(before)), Some(Value::Object(after))) if !whole(&at) => {
                patch::difference(&at, before, after, POINTER_DEPTH)
            }
            _ => Map::from_iter([(at, changed.1.cloned().unwrap_or_default())]),
        };
        override_.extend(pointers);
    }
    let mut all = match item.body.get("recurrenceOverrides") {
        Some(Value::Object(all)) => all.clone(),
        _ => Map::new(),
    };
    all.insert(times::text(original), Value::Object(override_));
    Ok(Map::from_iter([("recurrenceOverrides".to_owned(), Value::Object(all))]))
}
