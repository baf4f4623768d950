//! `GET /me/calendar`, `GET /me/calendars/{id}`.

use http::StatusCode;

use crate::graph::call::{self, Call};
use crate::graph::failure::Failure;
use crate::graph::odata::Select;
use crate::graph::route::InCalendar;
use crate::graph::{render, schema};
use crate::native::Reply;
use crate::turn::Turn;

/// A calendar.
pub(in crate::graph) fn get(
    call: &Call,
    turn: &mut Turn<'_>,
    which: &InCalendar,
) -> Result<Reply, Failure> {
    let select = Select::parse(&call.query, &schema::CALENDAR)?;
    let calendar = call::calendar(turn, which)?;
    let calendar = render::calendar(calendar, turn.host(), &select);
    Ok(call.entity(StatusCode::OK, "me/calendars", calendar))
}
