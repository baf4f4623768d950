//! `DELETE /me/calendars/{id}`.

use crate::graph::call::{self, Call};
use crate::graph::failure::Failure;
use crate::graph::route::InCalendar;
use crate::native::Reply;
use crate::scheduling::Marker;
use crate::turn::Turn;

/// Deletes a calendar with its events. It is a folder that moves to Deleted Items, so nobody is
/// told.
pub(in crate::graph) fn delete(
    call: &Call,
    turn: &mut Turn<'_>,
    which: &InCalendar,
) -> Result<Reply, Failure> {
    let target = call.target();
    call.write(turn, &target, |turn, _| {
        let calendar = call::calendar(turn, which)?;
        if calendar.is_default {
            return Err(Failure::of("ErrorDeleteDistinguishedFolder"));
        }
        let id = calendar.id.clone();
        turn.delete_calendar(&id, Marker::Never);
        Ok(call.names.nothing())
    })
}
