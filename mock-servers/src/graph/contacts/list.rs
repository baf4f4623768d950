//! `GET /me/contacts`, `GET /me/contactFolders/{id}/contacts`.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::find::folder;
use super::render;
use super::row::Contact;
use crate::account::{Form, Item};
use crate::graph::call::Call;
use crate::graph::events::rows::{page_fault, row};
use crate::graph::failure::Failure;
use crate::graph::odata::{Expand, Filter, Order, Page, Paths, Select};
use crate::graph::schema;
use crate::native::Reply;
use crate::spliced::List;
use crate::turn::Turn;

/// A page of the contacts of a folder, in the order in which they were made unless another one is
/// asked for. A filter over extended properties goes over the whole mailbox.
pub(in crate::graph) fn list(
    call: &Call,
    turn: &mut Turn<'_>,
    path: Option<&[String]>,
) -> Result<Reply, Failure> {
    let page = Page::read(&call.query, &call.prefer)?;
    let select = Select::parse(&call.query, &schema::CONTACT)?;
    let expand = Expand::parse(&call.query, "contact")?;
    let query = |name: &str| call.query.get(name);
    let filter = query("$filter").map(|text| Filter::parse(text, Paths::Contacts)).transpose()?;
    let order = query("$orderby")
        .map(|text| Order::parse(text, filter.as_ref(), Paths::Contacts))
        .transpose()?;
    let form = Form::of("contact", &(&select, &expand));
    call.listed(turn, &(form, page), |turn| {
        let everywhere = path.is_none() && filter.as_ref().is_some_and(Filter::asks_extended);
        let folders: BTreeSet<String> = if everywhere {
            turn.account().calendars().map(|folder| folder.id.clone()).collect()
        } else {
            BTreeSet::from([folder(turn, path)?.id.clone()])
        };
        let fits = |item: &&Arc<Item>| filter.as_ref().is_none_or(|it| it.fits(&Contact(item)));
        let found: Vec<&Arc<Item>> = folders
            .iter()
            .flat_map(|folder| turn.account().items_in(folder))
            .filter(fits)
            .collect();
        let total = found.len();
        let made = |item: &Item| item.created_modseq;
        let on_page = page.cut(found, |left, right| match &order {
            None => made(left).cmp(&made(right)),
            Some(order) => {
                order.compare(&Contact(left), &Contact(right)).then(made(left).cmp(&made(right)))
            }
        });
        let on_page: Vec<Arc<Item>> = on_page.into_iter().cloned().collect();
        let fault = page_fault(turn, &folders)?;
        let kept = fault.keeps(on_page.len());
        let mut rows = List::default();
        for item in on_page.iter().take(kept) {
            row(turn, item, Some(form), || render::contact(item, &select, &expand), &mut rows);
        }
        Ok(call.page("me/contacts", rows, page, total, !fault.ends()))
    })
}
