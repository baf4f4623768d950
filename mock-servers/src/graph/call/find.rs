//! What a path names, looked up in the account.

use std::sync::Arc;

use crate::account::{Calendar, Item};
use crate::graph::failure::Failure;
use crate::graph::ids::Named;
use crate::graph::route::InCalendar;
use crate::turn::Turn;

/// The calendar that a path names.
pub(crate) fn calendar<'a>(
    turn: &'a Turn<'_>,
    which: &InCalendar,
) -> Result<&'a Calendar, Failure> {
    let found = match which {
        InCalendar::Default => turn.account().default_calendar(),
        InCalendar::Id(id) => turn.account().calendar(id),
    };
    found.ok_or_else(Failure::not_found)
}

/// The item behind an id, which must be in the calendar that the path names.
pub(crate) fn item(
    turn: &Turn<'_>,
    which: Option<&InCalendar>,
    id: &str,
) -> Result<(Arc<Item>, Named), Failure> {
    let named = Named::parse(id).ok_or_else(|| Failure::of("ErrorInvalidIdMalformed"))?;
    let item = turn.account().item(named.item()).cloned().ok_or_else(Failure::not_found)?;
    if let Some(which) = which {
        let calendar = calendar(turn, which)?;
        if !item.calendars.contains(&calendar.id) {
            return Err(Failure::not_found());
        }
    }
    Ok((item, named))
}
