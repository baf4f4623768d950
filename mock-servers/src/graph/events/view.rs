//! `GET .../calendarView`: what takes place in a window, series expanded.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::Timestamp;

use super::rows::{page_fault, row};
use crate::account::Item;
use crate::graph::call::{self, Call};
use crate::graph::failure::Failure;
use crate::graph::odata::{Filter, Order, Page, Paths};
use crate::graph::recurrence::Series;
use crate::graph::route::InCalendar;
use crate::graph::stored::Reading;
use crate::native::Reply;
use crate::spliced::List;
use crate::turn::Turn;

/// A page of single instances, occurrences and exceptions, in the order of their starts.
pub(in crate::graph) fn view(
    call: &Call,
    turn: &mut Turn<'_>,
    which: &InCalendar,
) -> Result<Reply, Failure> {
    let (from, upto) = call.query.window()?;
    let page = Page::read(&call.query, &call.prefer)?;
    let view = call.view(turn)?;
    let filter = call.query.get("$filter").map(|text| Filter::parse(text, Paths::Events));
    let filter = filter.transpose()?;
    let order =
        call.query.get("$orderby").map(|text| Order::parse(text, filter.as_ref(), Paths::Events));
    let order = order.transpose()?;
    let calendar = call::calendar(turn, which)?.id.clone();
    let items: Vec<Arc<Item>> = turn.account().items_in(&calendar).cloned().collect();
    let mut found: Vec<Reading<'_>> =
        items.iter().flat_map(|item| readings(item, from, upto)).collect();
    found.retain(|reading| filter.as_ref().is_none_or(|filter| filter.fits(reading)));
    found.sort_by(|left, right| {
        let by_start = left.start().cmp(&right.start()).then_with(|| left.id().cmp(&right.id()));
        match &order {
            None => by_start,
            Some(order) => order.compare(left, right).then(by_start),
        }
    });
    let fault = page_fault(turn, &BTreeSet::from([calendar]))?;
    let total = found.len();
    let on_page: Vec<Reading<'_>> = found.into_iter().skip(page.skip).take(page.size).collect();
    let kept = fault.keeps(on_page.len());
    let form = view.form(false);
    let mut rows = List::default();
    for reading in on_page.iter().take(kept) {
        let form = reading.instance.is_none().then_some(form);
        row(turn, reading.item, form, || view.event(reading), &mut rows);
    }
    Ok(call.page("me/calendarView", rows, page, total, !fault.ends()))
}

/// What of an item takes place in a window.
pub(in crate::graph) fn readings(
    item: &Item,
    from: Timestamp,
    upto: Timestamp,
) -> Vec<Reading<'_>> {
    match Series::of(item) {
        Some(series) => {
            let instances = series.between(from, upto).into_iter();
            instances.map(|instance| Reading::instance(item, instance)).collect()
        }
        None => {
            Some(Reading::of(item)).filter(|one| one.overlaps(from, upto)).into_iter().collect()
        }
    }
}
