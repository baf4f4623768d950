//! `GET /me/calendars`.

use serde_json::Value;

use crate::graph::call::Call;
use crate::graph::failure::Failure;
use crate::graph::odata::{Expand, Page, Select};
use crate::graph::{render, schema};
use crate::native::Reply;
use crate::spliced::List;
use crate::turn::Turn;

/// A page of the calendars, the default one first, then by id.
pub(in crate::graph) fn list(call: &Call, turn: &mut Turn<'_>) -> Result<Reply, Failure> {
    let page = Page::read(&call.query, &call.prefer)?;
    let select = Select::parse(&call.query, &schema::CALENDAR)?;
    let expand = Expand::parse(&call.query, "calendar")?;
    let mut calendars: Vec<_> = turn.account().calendars().collect();
    calendars.sort_by_key(|calendar| (!calendar.is_default, &calendar.id));
    let total = calendars.len();
    let rows = calendars.into_iter().skip(page.skip).take(page.size);
    let rows: List = rows
        .map(|calendar| Value::Object(render::calendar(calendar, turn.host(), &select, &expand)))
        .collect();
    Ok(call.page("me/calendars", rows, page, total, true))
}
