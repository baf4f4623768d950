//! `CalendarEventNotification` (draft-ietf-jmap-calendars-27 section 7): what others did to the
//! user's events. The server alone makes them.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::arguments::Arguments;
use super::changes::Kind;
use super::check::below;
use super::dispatch::Run;
use super::errors::{MethodError, SetError};
use super::event;
use super::event_get;
use super::privacy;
use super::query::{self, Changes, Results, Tree};
use super::set::{self, Object, Settable};
use super::times;
use crate::account::{Item, NewItem};
use crate::faults::PatchEffect;
use crate::native::Host;
use crate::operation::{Op, Target};

/// The properties of a notification (section 7.1).
const PROPERTIES: [&str; 9] = [
    "id",
    "created",
    "changedBy",
    "comment",
    "type",
    "calendarEventId",
    "isDraft",
    "event",
    "eventPatch",
];

/// The note of a change that `by` made; none where nothing is different.
pub(super) fn note(
    before: Option<&Item>,
    after: Option<&Item>,
    by: &Host,
    owner: &str,
    now: Timestamp,
) -> Option<NewItem> {
    let (kind, shown) = match (before, after) {
        (None, Some(after)) => ("created", after),
        (Some(before), Some(_)) => ("updated", before),
        (Some(before), None) => ("destroyed", before),
        (None, None) => return None,
    };
    let changed_by = json!({
        "name": by.owner.split('@').next().unwrap_or_default(),
        "email": by.owner,
        "principalId": null,
        "calendarAddress": format!("mailto:{}", by.owner),
    });
    let mut body = Map::from_iter([
        ("created".to_owned(), json!(times::stamp(now))),
        ("changedBy".to_owned(), changed_by),
        ("comment".to_owned(), Value::Null),
        ("type".to_owned(), json!(kind)),
        ("calendarEventId".to_owned(), json!(shown.id)),
        ("event".to_owned(), Value::Object(event::full(shown, owner))),
    ]);
    if let Some(after) = after {
        body.insert("isDraft".to_owned(), json!(event::is_draft(&after.body)));
    }
    if let (Some(before), Some(after)) = (before, after) {
        let patch = difference(&event::full(before, owner), &event::full(after, owner));
        if patch.is_empty() {
            return None;
        }
        body.insert("eventPatch".to_owned(), Value::Object(patch));
    }
    Some(NewItem { uid: shown.id.clone(), body, ..NewItem::default() })
}

/// A patch that makes the second of the first: whole properties, and members of maps one by one.
fn difference(before: &Object, after: &Object) -> Object {
    let mut patch = Map::new();
    for name in event::differences(before, after) {
        let path = below("", &name);
        match (before.get(&name), after.get(&name)) {
            (Some(Value::Object(old)), Some(Value::Object(new))) => {
                for member in event::differences(old, new) {
                    let value = new.get(&member).cloned().unwrap_or(Value::Null);
                    patch.insert(below(&path, &member), value);
                }
            }
            (_, new) => {
                patch.insert(path, new.cloned().unwrap_or(Value::Null));
            }
        }
    }
    patch
}

/// `CalendarEventNotification/get`.
pub(super) fn get(run: &mut Run<'_, '_>, arguments: Object) -> Result<Object, MethodError> {
    let mut answer = event_get::plain(run, arguments, &PROPERTIES)?;
    let names = run.limits().names;
    let hidden = hidden(run);
    let mut not_found = Vec::new();
    if let Some(Value::Array(list)) = answer.get_mut("list") {
        list.retain(|note| {
            let id = note.get("id").filter(|id| id.as_str().is_some_and(|id| hidden.contains(id)));
            not_found.extend(id.cloned());
            id.is_none()
        });
        for note in list {
            if let Some(Value::Object(event)) = note.get_mut("event") {
                names.show(event);
            }
            if let Some(Value::Object(patch)) = note.get_mut("eventPatch") {
                names.show_patch(patch);
            }
        }
    }
    if let Some(Value::Array(missing)) = answer.get_mut("notFound") {
        missing.append(&mut not_found);
    }
    Ok(answer)
}

/// The notifications of an account that its user alone sees: of events that were private or secret,
/// or have become so (section 7).
fn hidden(run: &Run<'_, '_>) -> BTreeSet<String> {
    if !privacy::is_foreign(run) {
        return BTreeSet::new();
    }
    let closed = |body: &Object, of: &str| {
        let privacy = body.get(of).and_then(|event| event.get("privacy"));
        privacy.is_some_and(|privacy| !privacy.is_null() && privacy != "public")
    };
    let items = run.turn.account().items();
    let items = items.filter(|it| closed(&it.body, "event") || closed(&it.body, "eventPatch"));
    items.map(|item| item.id.clone()).collect()
}

/// One property of a FilterCondition (section 7.4.1).
#[derive(Debug)]
enum Condition {
    After(Timestamp),
    Before(Timestamp),
    Type(String),
    Events(BTreeSet<String>),
    /// A condition that was given as null.
    Any,
}

fn condition(name: &str, value: &Value) -> Result<Condition, MethodError> {
    let wrong = || MethodError::invalid_arguments(format!("`{name}` has the wrong type"));
    let text = || value.as_str().ok_or_else(wrong);
    let instant = || times::utc(text()?).ok_or_else(wrong);
    Ok(match name {
        "after" | "before" | "calendarEventIds" if value.is_null() => Condition::Any,
        "after" => Condition::After(instant()?),
        "before" => Condition::Before(instant()?),
        "type" => Condition::Type(text()?.to_owned()),
        "calendarEventIds" => {
            let ids = value.as_array().ok_or_else(wrong)?.iter();
            let ids: Option<_> = ids.map(|id| id.as_str().map(str::to_owned)).collect();
            Condition::Events(ids.ok_or_else(wrong)?)
        }
        _ => {
            let text = format!("no condition `{name}`");
            return Err(MethodError::because("unsupportedFilter", text));
        }
    })
}

impl Condition {
    fn holds(&self, item: &Item) -> bool {
        let text = |name: &str| item.body.get(name).and_then(Value::as_str).unwrap_or_default();
        let created = times::utc(text("created"));
        match self {
            Self::After(than) => created.is_some_and(|created| created >= *than),
            Self::Before(than) => created.is_some_and(|created| created < *than),
            Self::Type(kind) => text("type") == kind,
            Self::Events(ids) => ids.contains(text("calendarEventId")),
            Self::Any => true,
        }
    }
}

/// `CalendarEventNotification/query`.
pub(super) fn query(run: &mut Run<'_, '_>, arguments: Object) -> Result<Object, MethodError> {
    let arguments = Arguments::new(arguments, &query::QUERY)?;
    let verdict = query::fault(run, &BTreeSet::new(), false)?;
    let ids = ids(run, &arguments)?;
    query::page(run, &arguments, &ids, Changes::Calculable, &verdict)
}

/// `CalendarEventNotification/queryChanges`. A notification never changes.
pub(super) fn query_changes(
    run: &mut Run<'_, '_>,
    arguments: Object,
) -> Result<Object, MethodError> {
    let arguments = Arguments::new(arguments, &query::CHANGES)?;
    let verdict = query::fault(run, &BTreeSet::new(), true)?;
    let ids = ids(run, &arguments)?;
    query::changes(run, &arguments, &ids, Results::Fixed, &verdict)
}

fn ids(run: &Run<'_, '_>, arguments: &Arguments) -> Result<Vec<String>, MethodError> {
    let filter = Tree::parse(arguments.value("filter"), &condition)?;
    let comparators = query::sort(arguments, |name| (name == "created").then_some(()))?;
    let account = run.turn.account();
    let hidden = hidden(run);
    let mut found: Vec<_> = account
        .items()
        .filter(|item| !hidden.contains(&item.id) && filter.matches(&|one| one.holds(item)))
        .collect();
    found.sort_by(|a, b| {
        // Their order of creation, also within a second.
        let by_creation = || a.created_modseq.cmp(&b.created_modseq);
        let sorted = query::order(&comparators, |()| by_creation());
        if sorted == Ordering::Equal { by_creation() } else { sorted }
    });
    Ok(found.into_iter().map(|item| item.id.clone()).collect())
}

/// `CalendarEventNotification/set`.
pub(super) fn set(run: &mut Run<'_, '_>, arguments: Object) -> Result<Object, MethodError> {
    let arguments = Arguments::new(arguments, &["ifInState", "create", "update", "destroy"])?;
    set::run(run, &arguments, &Notifications)
}

/// Notifications can be destroyed, and nothing else (section 7.3).
struct Notifications;

fn only_destroyed() -> SetError {
    SetError::new("forbidden", "a notification can only be destroyed")
}

impl Settable for Notifications {
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
        _run: &mut Run<'_, '_>,
        _object: Object,
        _rewrite: Option<&PatchEffect>,
    ) -> Result<(String, Object), SetError> {
        Err(only_destroyed())
    }

    fn update(
        &self,
        run: &mut Run<'_, '_>,
        id: &str,
        _patch: &Object,
        _rewrite: Option<&PatchEffect>,
    ) -> Result<Object, SetError> {
        run.turn.account().item(id).ok_or_else(SetError::not_found)?;
        Err(only_destroyed())
    }

    fn destroy(&self, run: &mut Run<'_, '_>, id: &str) -> Result<(), SetError> {
        let gone = run.turn.delete(id, crate::scheduling::Marker::Never);
        gone.map(drop).ok_or_else(SetError::not_found)
    }
}
