//! `DELETE /me/events/{id}`: an event, a whole series, or one instance of it.

use crate::graph::call::{self, Call};
use crate::graph::failure::Failure;
use crate::graph::ids::Named;
use crate::graph::moment;
use crate::graph::recurrence::Series;
use crate::graph::render;
use crate::graph::route::InCalendar;
use crate::graph::stored::Reading;
use crate::native::Reply;
use crate::turn::Turn;

/// Deletes. A deleted occurrence is a cancelled one: a change of its master.
pub(in crate::graph) fn delete(
    call: &Call,
    turn: &mut Turn<'_>,
    which: Option<&InCalendar>,
    id: &str,
) -> Result<Reply, Failure> {
    let target = call.target();
    call.write(turn, &target, |turn, _| {
        let (item, named) = call::item(turn, which, id)?;
        match named {
            Named::Item(_) => {
                call.matches(&render::etag(&Reading::of(&item)))?;
                turn.delete(&item.id, call.marker());
            }
            Named::Instance { original, .. } => {
                let series = Series::of(&item).ok_or_else(Failure::not_found)?;
                let instance = series.instance(original).ok_or_else(Failure::not_found)?;
                call.matches(&render::etag(&Reading::instance(&item, instance)))?;
                let key = moment::key(original);
                turn.update(&item.id, call.marker(), |stored| {
                    stored.exceptions.remove(&key);
                    stored.cancelled.insert(key);
                    stored.sequence += 1;
                });
            }
        }
        Ok(call.names.nothing())
    })
}
