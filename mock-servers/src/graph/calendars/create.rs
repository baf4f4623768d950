//! `POST /me/calendars`.

use http::StatusCode;
use serde_json::Map;

use crate::graph::call::Call;
use crate::graph::failure::Failure;
use crate::graph::odata::{Expand, Select};
use crate::graph::{contacts, render, schema};
use crate::native::Reply;
use crate::turn::Turn;

/// Makes a calendar. Two of one name cannot be in a mailbox.
pub(in crate::graph) fn create(call: &Call, turn: &mut Turn<'_>) -> Result<Reply, Failure> {
    let target = call.target();
    call.write(turn, &target, |turn, patch| {
        let mut body = call.body(&schema::CALENDAR)?;
        patch.apply_to(&mut body);
        let name = super::update::free_name(turn, body.get("name"), None)?;
        body.remove("name");
        body.remove("isDefaultCalendar");
        body.extend(contacts::extended(&body, &Map::new())?);
        let id = turn.create_calendar(&name, body);
        let calendar = turn.account().calendar(&id).ok_or_else(Failure::not_found)?;
        let calendar =
            render::calendar(calendar, turn.host(), &Select::default(), &Expand::default());
        Ok(call.entity(StatusCode::CREATED, "me/calendars", calendar))
    })
}
