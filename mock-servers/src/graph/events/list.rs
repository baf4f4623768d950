//! `GET /me/events`, `GET /me/calendars/{id}/events`: single instances and masters.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::rows::{page_fault, row};
use crate::account::Item;
use crate::graph::call::{self, Call};
use crate::graph::failure::Failure;
use crate::graph::odata::{Filter, Order, Page, Paths};
use crate::graph::route::{InCalendar, Resource};
use crate::graph::stored::Reading;
use crate::native::Reply;
use crate::spliced::List;
use crate::turn::Turn;

/// A page of the events, in the order in which they were made unless another one is asked for.
pub(in crate::graph) fn list(call: &Call, turn: &mut Turn<'_>) -> Result<Reply, Failure> {
    let page = Page::read(&call.query, &call.prefer)?;
    let view = call.view(turn)?;
    let filter = call.query.get("$filter").map(|text| Filter::parse(text, Paths::Events));
    let filter = filter.transpose()?;
    let order =
        call.query.get("$orderby").map(|text| Order::parse(text, filter.as_ref(), Paths::Events));
    let order = order.transpose()?;
    let form = view.form(false);
    call.listed(turn, &(form, page), |turn| {
        let calendars = scope(call, turn, filter.as_ref())?;
        let found = collect(turn, &calendars, filter.as_ref());
        let total = found.len();
        let made = |item: &Item| item.created_modseq;
        let on_page = page.cut(found, |left, right| match &order {
            None => made(left).cmp(&made(right)),
            Some(order) => order
                .compare(&Reading::of(left), &Reading::of(right))
                .then(made(left).cmp(&made(right))),
        });
        let on_page: Vec<Arc<Item>> = on_page.into_iter().cloned().collect();
        let fault = page_fault(turn, &calendars)?;
        let kept = fault.keeps(on_page.len());
        let mut rows = List::default();
        for item in on_page.iter().take(kept) {
            row(turn, item, Some(form), || view.event(&Reading::of(item)), &mut rows);
        }
        Ok(call.page("me/events", rows, page, total, !fault.ends()))
    })
}

/// The calendars that are listed. A filter over extended properties "is applied to all instances of
/// the resource in the signed-in user's mailbox".
fn scope(
    call: &Call,
    turn: &Turn<'_>,
    filter: Option<&Filter>,
) -> Result<BTreeSet<String>, Failure> {
    let which = match &call.resource {
        Resource::Events(which) => which,
        _ if filter.is_some_and(Filter::asks_extended) => {
            return Ok(turn.account().calendars().map(|calendar| calendar.id.clone()).collect());
        }
        _ => &InCalendar::Default,
    };
    Ok(BTreeSet::from([call::calendar(turn, which)?.id.clone()]))
}

fn collect<'a>(
    turn: &'a Turn<'_>,
    calendars: &BTreeSet<String>,
    filter: Option<&Filter>,
) -> Vec<&'a Arc<Item>> {
    let fits = |item: &&Arc<Item>| filter.is_none_or(|filter| filter.fits(&Reading::of(item)));
    let uid = filter.and_then(Filter::ical_uid);
    let in_calendar =
        |item: &&Arc<Item>| calendars.iter().any(|calendar| item.calendars.contains(calendar));
    match uid {
        Some(uid) => turn.account().items_with_uid(uid).filter(in_calendar).filter(fits).collect(),
        None => calendars
            .iter()
            .flat_map(|calendar| turn.account().items_in(calendar))
            .filter(fits)
            .collect(),
    }
}
