//! `ContactCard/query` and `/queryChanges` (RFC 9610 sections 3.3 and 3.4).

use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::{Map, Value};

use super::filter::{self, Condition, components};
use crate::account::{Account, Item};
use crate::jmap::arguments::Arguments;
use crate::jmap::dispatch::Run;
use crate::jmap::errors::MethodError;
use crate::jmap::query::{self, Changes, Results};
use crate::jmap::times;

#[derive(Clone, Copy, Debug)]
enum SortBy {
    Time(&'static str),
    /// The first component of the name that is of a kind.
    Component(&'static str),
}

const SORTS: [(&str, SortBy); 5] = [
    ("created", SortBy::Time("created")),
    ("updated", SortBy::Time("updated")),
    ("name/given", SortBy::Component("given")),
    ("name/surname", SortBy::Component("surname")),
    ("name/surname2", SortBy::Component("surname2")),
];

pub(in crate::jmap) fn run(
    run: &mut Run<'_, '_>,
    arguments: Map<String, Value>,
) -> Result<Map<String, Value>, MethodError> {
    let arguments = Arguments::new(arguments, &query::QUERY)?;
    let verdict = query::fault(run, &books(&arguments), false)?;
    let ids = ids(run.turn.account(), &arguments)?;
    query::page(run, &arguments, &ids, Changes::Calculable, &verdict)
}

pub(in crate::jmap) fn run_changes(
    run: &mut Run<'_, '_>,
    arguments: Map<String, Value>,
) -> Result<Map<String, Value>, MethodError> {
    let arguments = Arguments::new(arguments, &query::CHANGES)?;
    let verdict = query::fault(run, &books(&arguments), true)?;
    let ids = ids(run.turn.account(), &arguments)?;
    query::changes(run, &arguments, &ids, Results::Movable, &verdict)
}

/// The address book that a filter limits a query to.
fn books(arguments: &Arguments) -> BTreeSet<String> {
    let book = arguments.value("filter").and_then(|filter| filter.get("inAddressBook")?.as_str());
    book.map(str::to_owned).into_iter().collect()
}

fn ids(account: &Account, arguments: &Arguments) -> Result<Vec<String>, MethodError> {
    let filter = filter::parse(arguments.value("filter"))?;
    let named = |name: &str| SORTS.iter().find(|(known, _)| *known == name);
    let comparators = query::sort(arguments, named)?;
    let mut found: Vec<&Arc<Item>> = Vec::new();
    let look_at = |item: &Arc<Item>| filter.matches(&|condition| condition.holds(item));
    let only = |pick: fn(&Condition) -> Option<&str>| filter.conditions().iter().find_map(pick);
    let uid = only(|condition| match condition {
        Condition::Uid(uid) => Some(uid),
        _ => None,
    });
    let book = only(|condition| match condition {
        Condition::InAddressBook(id) => Some(id),
        _ => None,
    });
    // Only what the filter can match at all is looked at.
    match (uid, book) {
        (Some(uid), _) => found.extend(account.items_with_uid(uid).filter(|item| look_at(item))),
        (None, Some(book)) => found.extend(account.items_in(book).filter(|item| look_at(item))),
        (None, None) => found.extend(account.items().filter(|item| look_at(item))),
    }
    found.sort_by(|a, b| {
        query::order(&comparators, |(_, by)| compare(*by, a, b)).then_with(|| a.id.cmp(&b.id))
    });
    Ok(found.into_iter().map(|item| item.id.clone()).collect())
}

fn compare(by: SortBy, a: &Item, b: &Item) -> Ordering {
    match by {
        SortBy::Time(name) => {
            let time = |item: &Item| times::utc(item.body.get(name)?.as_str()?);
            time(a).cmp(&time(b))
        }
        SortBy::Component(kind) => {
            let text = |item: &Item| {
                components(item.body.get("name"), Some(kind)).next().map(str::to_lowercase)
            };
            text(a).cmp(&text(b))
        }
    }
}
