//! `GET /me/events/{id}`, `GET /me/calendars/{id}/events/{id}`.

use http::StatusCode;

use crate::graph::call::{self, Call};
use crate::graph::failure::Failure;
use crate::graph::ids::Named;
use crate::graph::recurrence::Series;
use crate::graph::route::InCalendar;
use crate::graph::stored::Reading;
use crate::native::Reply;
use crate::operation::{Op, Target};
use crate::spliced;
use crate::turn::{Turn, Verdict};

/// An event: a single instance, a master, an occurrence or an exception.
pub(in crate::graph) fn get(
    call: &Call,
    turn: &mut Turn<'_>,
    which: Option<&InCalendar>,
    id: &str,
) -> Result<Reply, Failure> {
    let view = call.view(turn)?;
    let found = call::item(turn, which, id);
    let known = found.as_ref().map_or(id, |(item, _)| &item.id).to_owned();
    let target = Target { id: known, ..Target::default() };
    let patch = match turn.fault_item(Op::EventGet, &target) {
        Verdict::Error(error) => return Err(Failure::armed(&error)),
        Verdict::Omit => return Err(Failure::not_found()),
        Verdict::Patch(patch) => Some(patch),
        _ => None,
    };
    let (item, named) = found?;
    let reading = match &named {
        Named::Item(_) => Reading::of(&item),
        Named::Instance { original, .. } => {
            let series = Series::of(&item).ok_or_else(Failure::not_found)?;
            let instance = series.instance(*original).ok_or_else(Failure::not_found)?;
            Reading::instance(&item, instance)
        }
    };
    if patch.is_none() && reading.instance.is_none() {
        let event = || spliced::object(view.named(&reading));
        let event = item.rendered.text(view.form(true), event);
        return Ok(call.entity_text("me/events", &event));
    }
    let mut event = view.named(&reading);
    if let Some(patch) = patch {
        patch.apply_to(&mut event);
    }
    Ok(call.entity(StatusCode::OK, "me/events", event))
}
