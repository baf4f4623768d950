//! `Calendar/set` (draft-ietf-jmap-calendars-27 section 4.3).

use serde_json::{Map, Value, json};

use super::arguments::Arguments;
use super::calendar::{self, SERVER_SET};
use super::changes::Kind;
use super::dispatch::Run;
use super::errors::{MethodError, SetError};
use super::set::{self, Object, Settable};
use super::{operations, patch};
use crate::faults::PatchEffect;
use crate::operation::{Op, Target};
use crate::scheduling::Marker;

pub(super) fn run(
    run: &mut Run<'_, '_>,
    arguments: Map<String, Value>,
) -> Result<Map<String, Value>, MethodError> {
    let known = [
        "ifInState",
        "create",
        "update",
        "destroy",
        "onDestroyRemoveEvents",
        "onSuccessSetIsDefault",
    ];
    let arguments = Arguments::new(arguments, &known)?;
    let calendars = Calendars { remove_events: arguments.flag("onDestroyRemoveEvents")? };
    let wish = arguments.optional_text("onSuccessSetIsDefault")?.map(str::to_owned);
    let mut answer = set::run(run, &arguments, &calendars)?;
    let all_done =
        ["notCreated", "notUpdated", "notDestroyed"].iter().all(|name| answer[*name].is_null());
    if let Some(wish) = wish
        && all_done
    {
        let id = run.real_id(&wish);
        make_default(run, &id, &mut answer);
        answer["newState"] = json!(Kind::Calendar.state(run.turn.account()));
    }
    Ok(answer)
}

/// Moves the default; an id that is not there is ignored.
fn make_default(run: &mut Run<'_, '_>, id: &str, answer: &mut Object) {
    if run.turn.account().calendar(id).is_none_or(|calendar| calendar.is_default) {
        return;
    }
    let old = run.turn.account().default_calendar().map(|calendar| calendar.id.clone());
    let moves = old.map(|old| (old, false)).into_iter().chain([(id.to_owned(), true)]);
    for (id, is_default) in moves {
        run.turn.update_calendar(&id, |calendar| calendar.is_default = is_default);
        let change = json!({ "isDefault": is_default });
        let made = run.created.iter().find(|(_, real)| **real == id).map(|(name, _)| name.clone());
        let shown = made.and_then(|name| answer["created"].get_mut(&name));
        if let Some(Value::Object(shown)) = shown {
            shown.insert("isDefault".to_owned(), json!(is_default));
        } else if let Some(Value::Object(updated)) = answer.get_mut("updated") {
            updated.insert(id, change);
        } else {
            answer.insert("updated".to_owned(), json!({ id: change }));
        }
    }
}

/// How calendars are set in this call.
struct Calendars {
    remove_events: bool,
}

impl Settable for Calendars {
    const OPS: [Op; 3] = [Op::CalendarCreate, Op::CalendarUpdate, Op::CalendarDelete];

    fn target(&self, _run: &Run<'_, '_>, creation: &str, object: &Object) -> Target {
        operations::calendar(creation, object)
    }

    fn state(&self, run: &Run<'_, '_>) -> String {
        Kind::Calendar.state(run.turn.account())
    }

    fn create(
        &self,
        run: &mut Run<'_, '_>,
        object: Object,
        rewrite: Option<&PatchEffect>,
    ) -> Result<(String, Object), SetError> {
        let given: Vec<String> = object.keys().cloned().collect();
        let server_set: Vec<String> =
            given.iter().filter(|name| SERVER_SET.contains(&name.as_str())).cloned().collect();
        if !server_set.is_empty() {
            return Err(SetError::invalid_properties(server_set, "only the server sets these"));
        }
        let (name, body) = checked(object, rewrite)?;
        let id = run.turn.create_calendar(&name, body);
        let mut shown = run.turn.account().calendar(&id).map(calendar::full).unwrap_or_default();
        shown.retain(|name, _| !given.contains(name));
        Ok((id, shown))
    }

    fn update(
        &self,
        run: &mut Run<'_, '_>,
        id: &str,
        patch: &Object,
        rewrite: Option<&PatchEffect>,
    ) -> Result<Object, SetError> {
        let calendar = run.turn.account().calendar(id).ok_or_else(SetError::not_found)?;
        let before = calendar::full(calendar);
        let mut after = before.clone();
        patch::apply(&mut after, patch).map_err(|invalid| {
            SetError::new("invalidPatch", format!("`{}`: {}", invalid.pointer, invalid.reason))
        })?;
        let fixed = SERVER_SET.iter().filter(|name| before.get(**name) != after.get(**name));
        let fixed: Vec<String> = fixed.map(|name| (*name).to_owned()).collect();
        if !fixed.is_empty() {
            return Err(SetError::invalid_properties(fixed, "only the server sets these"));
        }
        after.retain(|name, _| !SERVER_SET.contains(&name.as_str()));
        let (name, body) = checked(after, rewrite)?;
        run.turn.update_calendar(id, |calendar| {
            calendar.name = name;
            calendar.body = body;
        });
        Ok(Map::new())
    }

    fn destroy(&self, run: &mut Run<'_, '_>, id: &str) -> Result<(), SetError> {
        let account = run.turn.account();
        if account.calendar(id).is_none() {
            return Err(SetError::not_found());
        }
        if !self.remove_events && account.items_in(id).next().is_some() {
            return Err(SetError::new("calendarHasEvent", "the calendar still holds events"));
        }
        // Even with events in it nobody is told (section 4.3).
        run.turn.delete_calendar(id, Marker::Never);
        Ok(())
    }
}

/// Name and other properties of a valid calendar.
fn checked(
    mut object: Object,
    rewrite: Option<&PatchEffect>,
) -> Result<(String, Object), SetError> {
    let wrong = calendar::invalid(&object);
    if !wrong.is_empty() {
        return Err(SetError::invalid_properties(wrong, "the calendar is not valid"));
    }
    if let Some(rewrite) = rewrite {
        rewrite.apply_to(&mut object);
    }
    match object.remove("name") {
        Some(Value::String(name)) => Ok((name, object)),
        _ => Err(SetError::invalid_properties(["name".to_owned()], "a calendar has a name")),
    }
}
