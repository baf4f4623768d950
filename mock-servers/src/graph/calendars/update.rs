//! `PATCH /me/calendar`, `PATCH /me/calendars/{id}`.

use http::StatusCode;
use serde_json::Value;

use crate::graph::call::{self, Call};
use crate::graph::failure::Failure;
use crate::graph::odata::{Expand, Select};
use crate::graph::route::InCalendar;
use crate::graph::{contacts, render, schema};
use crate::native::Reply;
use crate::turn::Turn;

/// Changes name or colour of a calendar.
pub(in crate::graph) fn update(
    call: &Call,
    turn: &mut Turn<'_>,
    which: &InCalendar,
) -> Result<Reply, Failure> {
    let target = call.target();
    call.write(turn, &target, |turn, patch| {
        let id = call::calendar(turn, which)?.id.clone();
        let mut body = call.body(&schema::CALENDAR)?;
        patch.apply_to(&mut body);
        let name = match body.remove("name") {
            Some(name) => Some(free_name(turn, Some(&name), Some(&id))?),
            None => None,
        };
        body.remove("isDefaultCalendar");
        body.extend(contacts::extended(&body, &call::calendar(turn, which)?.body)?);
        turn.update_calendar(&id, |calendar| {
            if let Some(name) = name {
                calendar.name = name;
            }
            calendar.body.extend(body);
        });
        let calendar = turn.account().calendar(&id).ok_or_else(Failure::not_found)?;
        let calendar =
            render::calendar(calendar, turn.host(), &Select::default(), &Expand::default());
        Ok(call.entity(StatusCode::OK, "me/calendars", calendar))
    })
}

/// A name that no other calendar has; folders are told apart without regard to case.
pub(super) fn free_name(
    turn: &Turn<'_>,
    name: Option<&Value>,
    except: Option<&str>,
) -> Result<String, Failure> {
    let name = name.and_then(Value::as_str).map(str::trim).filter(|name| !name.is_empty());
    let name = name
        .ok_or_else(|| Failure::of("ErrorInvalidRequest").saying("The calendar needs a name."))?;
    let taken = turn.account().calendars().any(|calendar| {
        Some(calendar.id.as_str()) != except && calendar.name.to_lowercase() == name.to_lowercase()
    });
    if taken { Err(Failure::of("ErrorFolderExists")) } else { Ok(name.to_owned()) }
}
