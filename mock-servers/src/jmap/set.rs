//! What all `/set` methods have in common (RFC 8620 section 5.3): limits,
//! `ifInState`, faults, one answer an object.
//!
//! Faults are asked for all objects first, because one that refuses the whole call must find
//! nothing applied.

use serde_json::{Map, Value, json};

use super::arguments::Arguments;
use super::dispatch::Run;
use super::errors::{MethodError, SetError};
use crate::faults::PatchEffect;
use crate::nesting::{self, DEPTH_MAX};
use crate::operation::{Op, Target};
use crate::turn::Verdict;

/// An object of the type that is set.
pub(super) type Object = Map<String, Value>;

/// A type of object that can be set.
pub(super) trait Settable {
    /// The operations on it: create, update, destroy.
    fn ops(&self) -> [Op; 3];
    /// The argument of a `/set` that refers to objects in the way of the type.
    fn target(&self, run: &Run<'_, '_>, creation: &str, object: &Object) -> Target;
    /// The type's state now.
    fn state(&self, run: &Run<'_, '_>) -> String;
    /// Makes one: its id and what the client did not send.
    fn create(
        &self,
        run: &mut Run<'_, '_>,
        object: Object,
        rewrite: Option<&PatchEffect>,
    ) -> Result<(String, Object), SetError>;
    /// Changes one: what changed beyond the patch.
    fn update(
        &self,
        run: &mut Run<'_, '_>,
        id: &str,
        patch: &Object,
        rewrite: Option<&PatchEffect>,
    ) -> Result<Object, SetError>;
    /// Destroys one.
    fn destroy(&self, run: &mut Run<'_, '_>, id: &str) -> Result<(), SetError>;
    /// Whether an object that is to be destroyed makes room for one of those that are to be made.
    fn makes_room(&self, _run: &Run<'_, '_>, _id: &str, _creates: &[&Object]) -> bool {
        false
    }
}

/// One object of a `/set`.
#[derive(Clone, Debug)]
pub(super) enum Part {
    /// By creation id.
    Create(String, Object),
    /// By id, or creation id after `#`, with a patch.
    Update(String, Object),
    /// By the same.
    Destroy(String),
}

impl Part {
    fn name(&self) -> &str {
        match self {
            Self::Create(id, _) | Self::Update(id, _) | Self::Destroy(id) => id,
        }
    }
}

/// What became of the objects.
#[derive(Debug, Default)]
pub(super) struct Outcome {
    /// What the client did not send, by creation id.
    pub(super) created: Object,
    updated: Object,
    destroyed: Vec<Value>,
    /// SetErrors of creates, updates, destroys.
    pub(super) refused: [Object; 3],
}

/// Carries a `/set` out.
pub(super) fn run(
    run: &mut Run<'_, '_>,
    arguments: &Arguments,
    kind: &impl Settable,
) -> Result<Object, MethodError> {
    let parts = parts(arguments)?;
    if parts.len() > run.limits().max_objects_in_set {
        return Err(MethodError::new("requestTooLarge"));
    }
    let old_state = kind.state(run);
    if arguments.optional_text("ifInState")?.is_some_and(|wanted| wanted != old_state) {
        return Err(MethodError::new("stateMismatch"));
    }
    let parts = in_order(run, parts, kind);
    let outcome = carry_out(run, parts, kind)?;
    Ok(outcome.arguments(&old_state, &kind.state(run)))
}

/// Carries out the parts, faults first.
pub(super) fn carry_out(
    run: &mut Run<'_, '_>,
    parts: Vec<Part>,
    kind: &impl Settable,
) -> Result<Outcome, MethodError> {
    let judged: Vec<(Part, Target, Verdict)> = parts
        .into_iter()
        .map(|part| {
            let target = target(run, &part, kind);
            let verdict = run.turn.fault_item(op(&part, kind), &target);
            (part, target, verdict)
        })
        .collect();
    let whole = judged.iter().find_map(|(_, target, verdict)| match verdict {
        Verdict::Error(error) if !SetError::is_set_level(error) => {
            Some((target.clone(), error.clone()))
        }
        _ => None,
    });
    if let Some((_, error)) = &whole
        && error.code != "serverPartialFail"
    {
        return Err(MethodError::fault(error));
    }
    let mut outcome = Outcome::default();
    for (part, target, verdict) in judged {
        if matches!(verdict, Verdict::Stop) {
            // The connection is lost while the server works: what came before is committed.
            break;
        }
        match &whole {
            Some((hit, error)) if *hit == target => {
                let op = op(&part, kind);
                run.turn.refused(op, &target, &error.code, "the rest of the call was not done");
                return Err(MethodError::fault(error).partly_done());
            }
            _ => one(run, kind, part, &target, verdict, &mut outcome),
        }
    }
    Ok(outcome)
}

fn parts(arguments: &Arguments) -> Result<Vec<Part>, MethodError> {
    let creates = arguments.objects("create")?.into_iter();
    let updates = arguments.objects("update")?.into_iter();
    let destroys = arguments.texts("destroy")?.unwrap_or_default().into_iter();
    Ok(creates
        .map(|(id, object)| Part::Create(id, object))
        .chain(updates.map(|(id, patch)| Part::Update(id, patch)))
        .chain(destroys.map(Part::Destroy))
        .collect())
}

/// The parts in the order in which they are carried out: what makes room for a create goes before it.
fn in_order(run: &Run<'_, '_>, parts: Vec<Part>, kind: &impl Settable) -> Vec<Part> {
    let creates: Vec<&Object> = parts
        .iter()
        .filter_map(|part| match part {
            Part::Create(_, object) => Some(object),
            _ => None,
        })
        .collect();
    let first = |part: &Part| match part {
        Part::Destroy(id) => kind.makes_room(run, &run.real_id(id), &creates),
        _ => false,
    };
    let first: Vec<bool> = parts.iter().map(first).collect();
    let (mut ordered, mut others) = (Vec::with_capacity(parts.len()), Vec::new());
    for (part, first) in parts.into_iter().zip(first) {
        if first { ordered.push(part) } else { others.push(part) }
    }
    ordered.append(&mut others);
    ordered
}

fn op(part: &Part, kind: &impl Settable) -> Op {
    let [create, update, destroy] = kind.ops();
    match part {
        Part::Create(..) => create,
        Part::Update(..) => update,
        Part::Destroy(_) => destroy,
    }
}

fn target(run: &Run<'_, '_>, part: &Part, kind: &impl Settable) -> Target {
    match part {
        Part::Create(id, object) => kind.target(run, id, object),
        Part::Update(id, _) | Part::Destroy(id) => {
            Target { id: run.real_id(id), ..Target::default() }
        }
    }
}

fn one(
    run: &mut Run<'_, '_>,
    kind: &impl Settable,
    part: Part,
    target: &Target,
    verdict: Verdict,
    outcome: &mut Outcome,
) {
    let op = op(&part, kind);
    let name = part.name().to_owned();
    let slot = match part {
        Part::Create(..) => 0,
        Part::Update(..) => 1,
        Part::Destroy(_) => 2,
    };
    let rewrite = match verdict {
        Verdict::Error(error) => {
            let error = SetError::fault(&error);
            run.refuse(op, target, &error);
            outcome.refused[slot].insert(name, error.value());
            return;
        }
        Verdict::Omit => {
            run.turn.refused(op, target, "omitted", "left out of the answer by a fault");
            return;
        }
        Verdict::Patch(patch) => Some(patch),
        _ => None,
    };
    let id = target.id.clone();
    let done = match part {
        Part::Create(_, object) | Part::Update(_, object) if !too_deep(&object).is_empty() => {
            let text = format!("nested deeper than {DEPTH_MAX} levels");
            Err(SetError::invalid_properties(too_deep(&object), text))
        }
        Part::Create(creation, object) => {
            kind.create(run, object, rewrite.as_ref()).map(|(id, shown)| {
                run.created.insert(creation.clone(), id);
                outcome.created.insert(creation, Value::Object(shown));
            })
        }
        Part::Update(given, patch) => {
            kind.update(run, &id, &patch, rewrite.as_ref()).map(|shown| {
                let shown = if shown.is_empty() { Value::Null } else { Value::Object(shown) };
                let key = if given.starts_with('#') { id.clone() } else { given };
                outcome.updated.insert(key, shown);
            })
        }
        Part::Destroy(_) => kind.destroy(run, &id).map(|()| outcome.destroyed.push(json!(id))),
    };
    if let Err(error) = done {
        run.refuse(op, target, &error);
        outcome.refused[slot].insert(name, error.value());
    }
}

/// The properties, or pointers of a patch, with which an object would be nested too deep.
fn too_deep(object: &Object) -> Vec<String> {
    let deep = |(name, value): &(&String, &Value)| {
        name.split('/').count() + nesting::depth(value) > DEPTH_MAX
    };
    object.iter().filter(deep).map(|(name, _)| name.clone()).collect()
}

/// Tells in an answer of a property that the server changed after all else.
pub(super) fn report(run: &Run<'_, '_>, answer: &mut Object, id: &str, name: &str, value: &Value) {
    let made = run.created.iter().find(|(_, real)| *real == id).map(|(name, _)| name.clone());
    let shown = made.and_then(|made| answer.get_mut("created")?.get_mut(&made));
    if let Some(Value::Object(shown)) = shown {
        shown.insert(name.to_owned(), value.clone());
        return;
    }
    let all = answer.entry("updated").or_insert(Value::Null);
    if all.is_null() {
        *all = json!({});
    }
    let Value::Object(updated) = all else { return };
    let slot = updated.entry(id).or_insert(Value::Null);
    if slot.is_null() {
        *slot = json!({});
    }
    slot[name] = value.clone();
}

impl Outcome {
    /// The arguments of the response.
    pub(super) fn arguments(self, old_state: &str, new_state: &str) -> Object {
        let [not_created, not_updated, not_destroyed] = self.refused;
        let map = |map: Object| if map.is_empty() { Value::Null } else { Value::Object(map) };
        let destroyed =
            if self.destroyed.is_empty() { Value::Null } else { Value::Array(self.destroyed) };
        Map::from_iter([
            ("oldState".to_owned(), json!(old_state)),
            ("newState".to_owned(), json!(new_state)),
            ("created".to_owned(), map(self.created)),
            ("updated".to_owned(), map(self.updated)),
            ("destroyed".to_owned(), destroyed),
            ("notCreated".to_owned(), map(not_created)),
            ("notUpdated".to_owned(), map(not_updated)),
            ("notDestroyed".to_owned(), map(not_destroyed)),
        ])
    }
}
