//! `GET /me/events/{id}/instances`.

use super::rows::{page_fault, row};
use crate::graph::call::{self, Call};
use crate::graph::failure::Failure;
use crate::graph::ids::Named;
use crate::graph::odata::Page;
use crate::graph::recurrence::Series;
use crate::graph::route::InCalendar;
use crate::graph::stored::Reading;
use crate::native::Reply;
use crate::spliced::List;
use crate::turn::Turn;

/// A page of the occurrences and exceptions of a series in a window. Cancelled ones are missing.
pub(in crate::graph) fn instances(
    call: &Call,
    turn: &mut Turn<'_>,
    which: Option<&InCalendar>,
    id: &str,
) -> Result<Reply, Failure> {
    let (from, upto) = call.query.window()?;
    let page = Page::read(&call.query, &call.prefer)?;
    let view = call.view(turn)?;
    let (item, named) = call::item(turn, which, id)?;
    let series = match named {
        Named::Item(_) => Series::of(&item),
        Named::Instance { .. } => None,
    };
    let found = series.map(|series| series.between(from, upto)).unwrap_or_default();
    let fault = page_fault(turn, &item.calendars)?;
    let total = found.len();
    let on_page: Vec<_> = found.into_iter().skip(page.skip).take(page.size).collect();
    let kept = fault.keeps(on_page.len());
    let mut rows = List::default();
    for instance in on_page.into_iter().take(kept) {
        let event = || view.event(&Reading::instance(&item, instance));
        row(turn, &item, None, event, &mut rows);
    }
    Ok(call.page("me/events/instances", rows, page, total, !fault.ends()))
}
