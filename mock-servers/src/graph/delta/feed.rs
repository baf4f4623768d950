//! What a page of a delta feed tells, read from the account and its log. A page costs what it tells
//! and what changed, not what is stored.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::token::{Place, Token, Tracked};
use crate::account::{Account, Change, ChangeLog, Item, Kind as ChangeKind};
use crate::graph::contacts;
use crate::graph::odata::{Expand, Select};
use crate::graph::recurrence::Series;
use crate::graph::render::View;
use crate::graph::stored::{Kind, Reading};

/// Rows that belong to one item and stay on one page.
#[derive(Debug)]
pub(super) struct Unit {
    /// The item.
    pub(super) item: String,
    /// Its rows: one, or a master with its instances.
    pub(super) rows: Vec<Map<String, Value>>,
}

/// A page, and where the round goes on.
#[derive(Debug)]
pub(super) struct Told {
    pub(super) units: Vec<Unit>,
    pub(super) next: Next,
}

/// What follows a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// Another page of this round.
    Page(Place),
    /// The next round, from here on.
    Round(u64),
}

/// The page at a token.
pub(super) fn page(account: &Account, token: &Token, view: &View, size: usize) -> Told {
    match &token.place {
        Place::Listing { began, after } => listing(account, token, view, size, *began, after),
        Place::Since(modseq) => {
            let told = stretch(account.changes(), *modseq, size, |change| {
                change.calendars.contains(&token.calendar)
            });
            told.into_told(|id, fresh| changed(account, token, view, id, fresh))
        }
    }
}

/// A page of all that is there. What is made after the listing began is left to the next round.
fn listing(
    account: &Account,
    token: &Token,
    view: &View,
    size: usize,
    began: u64,
    after: &str,
) -> Told {
    let mut units = Vec::new();
    let mut count = 0;
    let mut last = after.to_owned();
    let mut items = account
        .items_in(&token.calendar)
        .skip_while(|item| item.id.as_str() <= after && !after.is_empty())
        .filter(|item| item.created_modseq <= began)
        .peekable();
    while count < size {
        let Some(item) = items.next() else { return Told { units, next: Next::Round(began) } };
        last.clone_from(&item.id);
        if let Some(unit) = unit(item, &token.tracked, view) {
            count += unit.rows.len();
            units.push(unit);
        }
    }
    // What is left may not stand in the window at all.
    let more = items.any(|item| stands(item, &token.tracked));
    let next =
        if more { Next::Page(Place::Listing { began, after: last }) } else { Next::Round(began) };
    Told { units, next }
}

/// What a stretch of a log names, each object once.
#[derive(Debug)]
pub(super) struct Stretch<'a> {
    ids: Vec<&'a str>,
    fresh: BTreeSet<&'a str>,
    next: Next,
}

/// The changes after a place in a log that count, until so many objects are named.
pub(super) fn stretch(
    log: &ChangeLog,
    since: u64,
    size: usize,
    counts: impl Fn(&Change) -> bool,
) -> Stretch<'_> {
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    let mut ids: Vec<&str> = Vec::new();
    let mut fresh: BTreeSet<&str> = BTreeSet::new();
    let (mut upto, mut more) = (since, false);
    for change in log.since(since) {
        if counts(change) && !seen.contains(change.id.as_str()) {
            if seen.len() == size {
                more = true;
                break;
            }
            seen.insert(&change.id);
            ids.push(&change.id);
            if change.kind == ChangeKind::Created {
                fresh.insert(&change.id);
            }
        }
        upto = change.modseq;
    }
    let next = if more { Next::Page(Place::Since(upto)) } else { Next::Round(upto) };
    Stretch { ids, fresh, next }
}

impl Stretch<'_> {
    /// The page that tells of these objects in their present state; `tell` is given the id and
    /// whether the client cannot have heard of it.
    pub(super) fn into_told(self, tell: impl Fn(&str, bool) -> Option<Unit>) -> Told {
        let units = self.ids.iter().filter_map(|id| tell(id, self.fresh.contains(id))).collect();
        Told { units, next: self.next }
    }
}

fn changed(account: &Account, token: &Token, view: &View, id: &str, fresh: bool) -> Option<Unit> {
    let item = account.item(id).filter(|item| item.calendars.contains(&token.calendar));
    let present = item.and_then(|item| unit(item, &token.tracked, view));
    match (present, item, &token.tracked) {
        (Some(unit), ..) => Some(unit),
        // Made and deleted since the token: the client never heard of it.
        (None, None, _) if fresh => None,
        // "Events that are outside the date range and that have been added, deleted, or updated."
        (None, None, tracked) => Some(removed(id, tracked)),
        (None, Some(_), tracked @ Tracked::View { .. }) => Some(removed(id, tracked)),
        (None, Some(_), _) => None,
    }
}

/// What is told of an object that is gone.
pub(super) fn removed(id: &str, tracked: &Tracked) -> Unit {
    let mut row = Map::new();
    row.insert("@odata.type".to_owned(), json!(tracked.kind()));
    row.insert("id".to_owned(), json!(id));
    row.insert("@removed".to_owned(), json!({ "reason": "deleted" }));
    Unit { item: id.to_owned(), rows: vec![row] }
}

/// What a feed tells of an item; none where it is not in the window.
fn unit(item: &Item, tracked: &Tracked, view: &View) -> Option<Unit> {
    let typed = |mut row: Map<String, Value>| {
        row.insert("@odata.type".to_owned(), json!(tracked.kind()));
        row
    };
    if let Tracked::Contacts { select } = tracked {
        let select = match select.as_slice() {
            [] => Select::default(),
            names => Select::of(names.iter().cloned().collect()),
        };
        let row = typed(contacts::contact(item, &select, &Expand::default()));
        return Some(Unit { item: item.id.clone(), rows: vec![row] });
    }
    let reading = Reading::of(item);
    let rows = match (tracked, Series::of(item)) {
        (Tracked::Events { .. } | Tracked::Contacts { .. } | Tracked::Folders, _) => {
            if !stands(item, tracked) {
                return None;
            }
            vec![typed(view.stub(&reading))]
        }
        (Tracked::View { from, upto }, Some(series)) => {
            let instances = series.between(*from, *upto);
            if instances.is_empty() {
                return None;
            }
            let mut rows = vec![typed(view.event(&reading))];
            for instance in instances {
                let reading = Reading::instance(item, instance);
                rows.push(typed(match reading.kind {
                    Kind::Exception => view.event(&reading),
                    _ => view.stub(&reading),
                }));
            }
            rows
        }
        (Tracked::View { from, upto }, None) => {
            if !reading.overlaps(*from, *upto) {
                return None;
            }
            vec![typed(view.event(&reading))]
        }
    };
    Some(Unit { item: item.id.clone(), rows })
}

/// Whether a feed tells of an item at all.
fn stands(item: &Item, tracked: &Tracked) -> bool {
    let reading = Reading::of(item);
    match (tracked, Series::of(item)) {
        (Tracked::Events { from: None } | Tracked::Contacts { .. } | Tracked::Folders, _) => true,
        (Tracked::Events { from: Some(from) }, Some(series)) => series.goes_on_after(*from),
        (Tracked::Events { from: Some(from) }, None) => {
            reading.start().is_some_and(|start| start >= *from)
        }
        (Tracked::View { from, upto }, Some(series)) => !series.between(*from, *upto).is_empty(),
        (Tracked::View { from, upto }, None) => reading.overlaps(*from, *upto),
    }
}
