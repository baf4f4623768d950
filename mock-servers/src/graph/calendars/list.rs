//! `GET /me/calendars`.

use serde_json::Value;

use crate::account::{Account, Calendar};
use crate::graph::call::Call;
use crate::graph::containers::{Container, chosen};
use crate::graph::failure::Failure;
use crate::graph::odata::{Expand, Page, Paths, Select};
use crate::graph::{render, schema};
use crate::native::Reply;
use crate::spliced::List;
use crate::turn::Turn;

/// The calendars, the default one first, then by id.
pub(in crate::graph) fn in_order(account: &Account) -> Vec<&Calendar> {
    let mut calendars: Vec<_> = account.calendars().collect();
    calendars.sort_by_key(|calendar| (!calendar.is_default, &calendar.id));
    calendars
}

/// A page of the calendars, in that order unless another one is asked for.
pub(in crate::graph) fn list(call: &Call, turn: &mut Turn<'_>) -> Result<Reply, Failure> {
    let page = Page::read(&call.query, &call.prefer)?;
    let select = Select::parse(&call.query, &schema::CALENDAR)?;
    let expand = Expand::parse(&call.query, "calendar")?;
    let all = in_order(turn.account());
    let calendars = chosen(&call.query, Paths::Calendars, all, |calendar| Container {
        members: render::calendar(calendar, turn.host(), &Select::default(), &Expand::default()),
        stored: Some(&calendar.body),
    })?;
    let total = calendars.len();
    let rows = calendars.into_iter().skip(page.skip).take(page.size);
    let rows: List = rows
        .map(|calendar| Value::Object(render::calendar(calendar, turn.host(), &select, &expand)))
        .collect();
    Ok(call.page("me/calendars", rows, page, total, true))
}
