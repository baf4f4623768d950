//! `GET /me/calendar`, `GET /me/calendars/{id}`.

use http::StatusCode;

use crate::graph::call::{self, Call};
use crate::graph::failure::Failure;
use crate::graph::odata::{Expand, Select};
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
    let expand = Expand::parse(&call.query, "calendar")?;
    let calendar = call::calendar(turn, which)?;
    let calendar = render::calendar(calendar, turn.host(), &select, &expand);
    Ok(call.entity(StatusCode::OK, "me/calendars", calendar))
}
