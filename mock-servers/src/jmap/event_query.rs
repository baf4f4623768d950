//! `CalendarEvent/query` and `/queryChanges` (draft-ietf-jmap-calendars-27 sections 5.11, 5.12).

use std::cmp::Ordering;
use std::sync::Arc;

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::arguments::Arguments;
use super::dispatch::Run;
use super::errors::MethodError;
use super::filter::{self, Subject};
use super::query::{self, Changes, Results};
use super::{expansion, operations, privacy, times};
use crate::account::{Account, Item};
use crate::world::Zone;

/// The longest span over which recurrences are expanded, in days (`maxExpandedQueryDuration`).
const EXPANDED_DAYS_MAX: i64 = 400;

/// One result before it is paged.
#[derive(Debug)]
struct Hit {
    id: String,
    item: Arc<Item>,
    start: Option<Timestamp>,
    recurrence_id: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum SortBy {
    Start,
    Uid,
    RecurrenceId,
    Created,
    Updated,
}

const SORTS: [(&str, SortBy); 5] = [
    ("start", SortBy::Start),
    ("uid", SortBy::Uid),
    ("recurrenceId", SortBy::RecurrenceId),
    ("created", SortBy::Created),
    ("updated", SortBy::Updated),
];

pub(super) fn run(
    run: &mut Run<'_, '_>,
    arguments: Map<String, Value>,
) -> Result<Map<String, Value>, MethodError> {
    let known = [&query::QUERY[..], &["expandRecurrences", "timeZone"]].concat();
    let arguments = Arguments::new(arguments, &known)?;
    let calendars = arguments.value("filter").map(operations::in_calendar).unwrap_or_default();
    let verdict = query::fault(run, &calendars, false)?;
    let ids = ids(run, &arguments)?;
    // What `/queryChanges` has no argument for cannot be asked for again.
    let plain = !arguments.has("timeZone") && !arguments.flag("expandRecurrences")?;
    let changes = if plain { Changes::Calculable } else { Changes::Never };
    query::page(run, &arguments, &ids, changes, &verdict)
}

pub(super) fn run_changes(
    run: &mut Run<'_, '_>,
    arguments: Map<String, Value>,
) -> Result<Map<String, Value>, MethodError> {
    let arguments = Arguments::new(arguments, &query::CHANGES)?;
    let calendars = arguments.value("filter").map(operations::in_calendar).unwrap_or_default();
    let verdict = query::fault(run, &calendars, true)?;
    let ids = ids(run, &arguments)?;
    query::changes(run, &arguments, &ids, Results::Movable, &verdict)
}

fn ids(run: &Run<'_, '_>, arguments: &Arguments) -> Result<Vec<String>, MethodError> {
    let asker = run.turn.directory().host(run.user).owner.clone();
    let foreign = privacy::is_foreign(run).then_some(asker.as_str());
    let mut hits = hits(run.turn.account(), arguments, foreign)?;
    let comparators =
        query::sort(arguments, |name| SORTS.iter().find(|(known, _)| *known == name))?;
    hits.sort_by(|a, b| {
        query::order(&comparators, |(_, by)| compare(*by, a, b)).then_with(|| a.id.cmp(&b.id))
    });
    Ok(hits.into_iter().map(|hit| hit.id).collect())
}

/// The events that match, as somebody of another account sees them where one asks.
fn hits(
    account: &Account,
    arguments: &Arguments,
    foreign: Option<&str>,
) -> Result<Vec<Hit>, MethodError> {
    let zone = arguments.optional_text("timeZone")?.unwrap_or("Etc/UTC");
    let zone = Zone::iana(zone)
        .ok_or_else(|| MethodError::invalid_arguments("`timeZone` is no time zone"))?;
    let filter = filter::parse(arguments.value("filter"), &zone)?;
    let expand = arguments.flag("expandRecurrences")?;
    let window = if expand { Some(filter.window().ok_or_else(no_window)?) } else { None };
    if let Some((after, before)) = window
        && before.duration_since(after).as_secs() > EXPANDED_DAYS_MAX * 86_400
    {
        return Err(MethodError::new("expandDurationTooLarge"));
    }
    let mut hits = Vec::new();
    let mut look_at = |item: &Arc<Item>| {
        let reduced = foreign.map(|asker| seen_by(asker, item));
        let item = match &reduced {
            Some(None) => return,
            Some(Some(seen)) => seen,
            None => item,
        };
        let recurring = window.filter(|_| expansion::recurs(&item.body));
        if let Some((_, before)) = recurring {
            for occurrence in expansion::occurrences(&item.body, before, &zone) {
                let event = expansion::full(item, occurrence.original, "");
                let spans = vec![(occurrence.start, Some(occurrence.end))];
                let subject = Subject::occurrence(item, &event, spans);
                if filter.fits(&subject) {
                    hits.push(Hit {
                        id: expansion::id(item, occurrence.original),
                        item: Arc::clone(item),
                        start: Some(occurrence.start),
                        recurrence_id: Some(times::text(occurrence.original)),
                    });
                }
            }
        } else if filter.fits(&Subject::whole(item, &zone)) {
            let start = times::start(&item.body);
            let start = start.as_ref().and_then(crate::world::When::instant);
            let recurrence_id = item.body.get("recurrenceId").and_then(Value::as_str);
            hits.push(Hit {
                id: item.id.clone(),
                item: Arc::clone(item),
                start,
                recurrence_id: recurrence_id.map(str::to_owned),
            });
        }
    };
    // Only what the filter can match at all is looked at.
    match (filter.only_calendar(), filter.only_uid()) {
        (_, Some(uid)) => account.items_with_uid(uid).for_each(&mut look_at),
        (Some(calendar), None) => account.items_in(calendar).for_each(&mut look_at),
        (None, None) => account.items().for_each(&mut look_at),
    }
    Ok(hits)
}

/// An event of another user; none where it is not to be seen at all.
fn seen_by(asker: &str, item: &Arc<Item>) -> Option<Arc<Item>> {
    if privacy::is_secret(&item.body) {
        return None;
    }
    let mut seen = Item::clone(item);
    privacy::reduce(&mut seen.body, asker);
    Some(Arc::new(seen))
}

fn no_window() -> MethodError {
    MethodError::invalid_arguments("expanding takes one condition with `after` and `before`")
}

fn compare(by: SortBy, a: &Hit, b: &Hit) -> Ordering {
    let text = |hit: &Hit, name: &str| {
        hit.item.body.get(name).and_then(Value::as_str).unwrap_or_default().to_owned()
    };
    match by {
        SortBy::Start => a.start.cmp(&b.start),
        SortBy::Uid => a.item.uid.cmp(&b.item.uid),
        SortBy::RecurrenceId => a.recurrence_id.cmp(&b.recurrence_id),
        SortBy::Created => text(a, "created").cmp(&text(b, "created")),
        SortBy::Updated => text(a, "updated").cmp(&text(b, "updated")),
    }
}
