//! `ParticipantIdentity`: the addresses that stand for the user (draft-ietf-jmap-calendars-27
//! section 3). A user may only go by the address of the account, but under several names.

use serde_json::{Map, Value, json};

use super::arguments::Arguments;
use super::changes::Kind;
use super::dispatch::Run;
use super::errors::{MethodError, SetError};
use super::event_get;
use super::event_update::invalid_patch;
use super::patch;
use super::set::{self, Object, Settable};
use crate::account::NewItem;
use crate::faults::PatchEffect;
use crate::native::Host;
use crate::operation::{Op, Target};
use crate::scheduling::{Marker, address};

/// Identities of one user, at most.
const IDENTITIES_MAX: usize = 100;

const IS_DEFAULT: &str = "isDefault";

/// The identity that a user has from the beginning.
pub(super) fn first(host: &Host) -> NewItem {
    let body = Map::from_iter([
        ("name".to_owned(), json!("")),
        ("calendarAddress".to_owned(), json!(format!("mailto:{}", host.owner))),
        (IS_DEFAULT.to_owned(), json!(true)),
    ]);
    NewItem { uid: host.owner.clone(), body, ..NewItem::default() }
}

/// `ParticipantIdentity/get`.
pub(super) fn get(run: &mut Run<'_, '_>, arguments: Object) -> Result<Object, MethodError> {
    event_get::plain(run, arguments, &["id", "name", "calendarAddress", IS_DEFAULT])
}

/// `ParticipantIdentity/set`.
pub(super) fn set(run: &mut Run<'_, '_>, arguments: Object) -> Result<Object, MethodError> {
    let known = ["ifInState", "create", "update", "destroy", "onSuccessSetIsDefault"];
    let arguments = Arguments::new(arguments, &known)?;
    let wish = arguments.optional_text("onSuccessSetIsDefault")?.map(str::to_owned);
    let mut answer = set::run(run, &arguments, &Identities)?;
    let all_done =
        ["notCreated", "notUpdated", "notDestroyed"].iter().all(|name| answer[*name].is_null());
    if let Some(wish) = wish.filter(|_| all_done) {
        let id = run.real_id(&wish);
        make_default(run, &id, &mut answer);
        answer.insert("newState".to_owned(), json!(Identities.state(run)));
    }
    Ok(answer)
}

/// Moves the default; an id that is not there is ignored.
fn make_default(run: &mut Run<'_, '_>, id: &str, answer: &mut Object) {
    let is_default = |body: &Object| body.get(IS_DEFAULT) == Some(&Value::Bool(true));
    let account = run.turn.account();
    if account.item(id).is_none_or(|item| is_default(&item.body)) {
        return;
    }
    let old = account.items().find(|item| is_default(&item.body)).map(|item| item.id.clone());
    let moves = old.map(|old| (old, false)).into_iter().chain([(id.to_owned(), true)]);
    for (id, now) in moves {
        run.turn.update(&id, Marker::Never, |item| {
            item.body.insert(IS_DEFAULT.to_owned(), json!(now));
        });
        set::report(run, answer, &id, IS_DEFAULT, &json!(now));
    }
}

/// Identities, to be set.
struct Identities;

impl Settable for Identities {
    fn ops(&self) -> [Op; 3] {
        [Op::Other; 3]
    }

    fn target(&self, _run: &Run<'_, '_>, creation: &str, _object: &Object) -> Target {
        Target { id: creation.to_owned(), ..Target::default() }
    }

    fn state(&self, run: &Run<'_, '_>) -> String {
        Kind::Item.state(run.turn.account())
    }

    fn create(
        &self,
        run: &mut Run<'_, '_>,
        mut object: Object,
        rewrite: Option<&PatchEffect>,
    ) -> Result<(String, Object), SetError> {
        let server_set: Vec<String> = ["id", IS_DEFAULT]
            .iter()
            .filter(|name| object.contains_key(**name))
            .map(|name| (*name).to_owned())
            .collect();
        if !server_set.is_empty() {
            return Err(SetError::invalid_properties(server_set, "only the server sets these"));
        }
        if run.turn.account().items().len() >= IDENTITIES_MAX {
            return Err(SetError::new("overQuota", "there are too many identities"));
        }
        let sent = object.clone();
        object.entry("name").or_insert_with(|| json!(""));
        check(run, &object)?;
        object.insert(IS_DEFAULT.to_owned(), json!(run.turn.account().items().len() == 0));
        if let Some(rewrite) = rewrite {
            rewrite.apply_to(&mut object);
        }
        let uid = run.turn.host().owner.clone();
        let new = NewItem { uid, body: object, ..NewItem::default() };
        let item = run.turn.create(new, std::collections::BTreeSet::new(), Marker::Never);
        let mut shown = item.body.clone();
        shown.insert("id".to_owned(), json!(item.id));
        shown.retain(|name, value| sent.get(name) != Some(value));
        Ok((item.id.clone(), shown))
    }

    fn update(
        &self,
        run: &mut Run<'_, '_>,
        id: &str,
        changes: &Object,
        rewrite: Option<&PatchEffect>,
    ) -> Result<Object, SetError> {
        let item = run.turn.account().item(id).cloned().ok_or_else(SetError::not_found)?;
        let mut before = item.body.clone();
        before.insert("id".to_owned(), json!(id));
        let mut after = before.clone();
        patch::apply(&mut after, changes).map_err(invalid_patch)?;
        let fixed =
            ["id", IS_DEFAULT].iter().filter(|name| before.get(**name) != after.get(**name));
        let fixed: Vec<String> = fixed.map(|name| (*name).to_owned()).collect();
        if !fixed.is_empty() {
            return Err(SetError::invalid_properties(fixed, "only the server sets these"));
        }
        after.remove("id");
        after.entry("name").or_insert_with(|| json!(""));
        check(run, &after)?;
        if let Some(rewrite) = rewrite {
            rewrite.apply_to(&mut after);
        }
        run.turn.update(id, Marker::Never, |item| item.body = after);
        Ok(Map::new())
    }

    fn destroy(&self, run: &mut Run<'_, '_>, id: &str) -> Result<(), SetError> {
        run.turn.delete(id, Marker::Never).map(drop).ok_or_else(SetError::not_found)
    }
}

/// Whether it is an identity that the user may claim.
fn check(run: &Run<'_, '_>, object: &Object) -> Result<(), SetError> {
    let fits = |name: &str, value: &Value| match name {
        "name" | "calendarAddress" => value.is_string(),
        IS_DEFAULT => true,
        _ => false,
    };
    let wrong = object.iter().filter(|(name, value)| !fits(name, value));
    let mut wrong: Vec<String> = wrong.map(|(name, _)| name.clone()).collect();
    let Some(given) = object.get("calendarAddress") else {
        wrong.push("calendarAddress".to_owned());
        return Err(SetError::invalid_properties(wrong, "the identity is not valid"));
    };
    if !wrong.is_empty() {
        return Err(SetError::invalid_properties(wrong, "the identity is not valid"));
    }
    if given.as_str().map(address).as_deref() != Some(run.turn.host().owner.as_str()) {
        return Err(SetError::new("forbidden", "the address is not one of the user's"));
    }
    Ok(())
}
