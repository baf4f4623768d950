//! `PATCH /me/events/{id}`: an event, a whole series, or one instance of it.

use std::sync::Arc;

use http::StatusCode;
use jiff::Timestamp;

use crate::account::Item;
use crate::faults::PatchEffect;
use crate::graph::call::{self, Call};
use crate::graph::failure::Failure;
use crate::graph::ids::Named;
use crate::graph::recurrence::Series;
use crate::graph::render::{self, View};
use crate::graph::route::InCalendar;
use crate::graph::stored::Reading;
use crate::graph::{moment, schema, stored};
use crate::native::Reply;
use crate::turn::Turn;

/// Changes what the body names. An occurrence becomes an exception by it.
pub(in crate::graph) fn update(
    call: &Call,
    turn: &mut Turn<'_>,
    which: Option<&InCalendar>,
    id: &str,
) -> Result<Reply, Failure> {
    let target = call.target();
    call.write(turn, &target, |turn, patch| {
        let view = View::new(&call.prefer, Default::default(), Default::default())?;
        let (item, named) = call::item(turn, which, id)?;
        match named {
            Named::Item(_) => update_item(call, turn, &view, &item, patch),
            Named::Instance { original, .. } => {
                update_instance(call, turn, &view, &item, original, patch)
            }
        }
    })
}

fn update_item(
    call: &Call,
    turn: &mut Turn<'_>,
    view: &View,
    item: &Arc<Item>,
    patch: &PatchEffect,
) -> Result<Reply, Failure> {
    call.matches(&render::etag(&Reading::of(item)))?;
    let given = call.body(&schema::EVENT)?;
    let mut after = stored::change(item, &given)?;
    patch.apply_to(&mut after.body);
    after.sequence += 1;
    let item = turn.update(&item.id, call.marker(), |stored| *stored = after);
    let item = item.ok_or_else(Failure::not_found)?;
    Ok(call.entity(StatusCode::OK, "me/events", view.event(&Reading::of(&item))))
}

fn update_instance(
    call: &Call,
    turn: &mut Turn<'_>,
    view: &View,
    item: &Arc<Item>,
    original: Timestamp,
    patch: &PatchEffect,
) -> Result<Reply, Failure> {
    let series = Series::of(item).ok_or_else(Failure::not_found)?;
    let instance = series.instance(original).ok_or_else(Failure::not_found)?;
    call.matches(&render::etag(&Reading::instance(item, instance.clone())))?;
    let given = call.body(&schema::EVENT)?;
    let mut own = stored::change_instance(item, &series, &instance, &given)?;
    patch.apply_to(&mut own);
    let item = turn.update(&item.id, call.marker(), |stored| {
        stored.exceptions.insert(moment::key(original), own);
        stored.sequence += 1;
    });
    let item = item.ok_or_else(Failure::not_found)?;
    let series = Series::of(&item).ok_or_else(Failure::not_found)?;
    let instance = series.instance(original).ok_or_else(Failure::not_found)?;
    Ok(call.entity(StatusCode::OK, "me/events", view.event(&Reading::instance(&item, instance))))
}
