//! `Calendar/set` (draft-ietf-jmap-calendars-27 section 4.3) and `AddressBook/set` (RFC 9610 section
//! 2.3).

use serde_json::{Map, Value, json};

use super::arguments::Arguments;
use super::changes::Kind;
use super::container::Container;
use super::dispatch::Run;
use super::errors::{MethodError, SetError};
use super::event_update::invalid_patch;
use super::set::{self, Object, Settable};
use super::{operations, patch};
use crate::faults::PatchEffect;
use crate::operation::{Op, Target};
use crate::scheduling::Marker;

pub(super) fn run(
    run: &mut Run<'_, '_>,
    arguments: Map<String, Value>,
    of: &Container,
) -> Result<Map<String, Value>, MethodError> {
    let known =
        ["ifInState", "create", "update", "destroy", of.remove_contents, "onSuccessSetIsDefault"];
    let arguments = Arguments::new(arguments, &known)?;
    let containers = Containers { of, remove_contents: arguments.flag(of.remove_contents)? };
    let wish = arguments.optional_text("onSuccessSetIsDefault")?.map(str::to_owned);
    let mut answer = set::run(run, &arguments, &containers)?;
    let all_done =
        ["notCreated", "notUpdated", "notDestroyed"].iter().all(|name| answer[*name].is_null());
    if let Some(wish) = wish
        && all_done
    {
        let id = run.real_id(&wish);
        make_default(run, &id, &mut answer);
        answer["newState"] = json!(Kind::Container.state(run.turn.account()));
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
        set::report(run, answer, &id, "isDefault", &json!(is_default));
    }
}

/// How containers are set in this call.
struct Containers<'a> {
    of: &'a Container,
    remove_contents: bool,
}

impl Settable for Containers<'_> {
    fn ops(&self) -> [Op; 3] {
        self.of.set
    }

    fn target(&self, _run: &Run<'_, '_>, creation: &str, object: &Object) -> Target {
        operations::calendar(creation, object)
    }

    fn state(&self, run: &Run<'_, '_>) -> String {
        Kind::Container.state(run.turn.account())
    }

    fn create(
        &self,
        run: &mut Run<'_, '_>,
        object: Object,
        rewrite: Option<&PatchEffect>,
    ) -> Result<(String, Object), SetError> {
        let given: Vec<String> = object.keys().cloned().collect();
        let server_set: Vec<String> = given
            .iter()
            .filter(|name| self.of.server_set.contains(&name.as_str()))
            .cloned()
            .collect();
        if !server_set.is_empty() {
            return Err(SetError::invalid_properties(server_set, "only the server sets these"));
        }
        let (name, body) = checked(self.of, object, rewrite)?;
        let id = run.turn.create_calendar(&name, body);
        let mut shown = run.turn.account().calendar(&id).map(self.of.full).unwrap_or_default();
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
        let before = (self.of.full)(calendar);
        let mut after = before.clone();
        patch::apply(&mut after, patch).map_err(invalid_patch)?;
        let fixed =
            self.of.server_set.iter().filter(|name| before.get(**name) != after.get(**name));
        let fixed: Vec<String> = fixed.map(|name| (*name).to_owned()).collect();
        if !fixed.is_empty() {
            return Err(SetError::invalid_properties(fixed, "only the server sets these"));
        }
        after.retain(|name, _| !self.of.server_set.contains(&name.as_str()));
        let (name, body) = checked(self.of, after, rewrite)?;
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
        if !self.remove_contents && account.items_in(id).next().is_some() {
            return Err(SetError::new(self.of.not_empty, "it is not empty"));
        }
        // Even with events in it nobody is told (section 4.3).
        run.turn.delete_calendar(id, Marker::Never);
        Ok(())
    }
}

/// Name and other properties of a valid container.
fn checked(
    of: &Container,
    mut object: Object,
    rewrite: Option<&PatchEffect>,
) -> Result<(String, Object), SetError> {
    let wrong = (of.invalid)(&object);
    if !wrong.is_empty() {
        return Err(SetError::invalid_properties(wrong, "it is not valid"));
    }
    if let Some(rewrite) = rewrite {
        rewrite.apply_to(&mut object);
    }
    match object.remove("name") {
        Some(Value::String(name)) => Ok((name, object)),
        _ => Err(SetError::invalid_properties(["name".to_owned()], "it has a name")),
    }
}
