//! `CalendarEvent/query` and `/queryChanges` (draft-ietf-jmap-calendars-27 sections 5.11, 5.12).

use std::cmp::Ordering;
use std::sync::Arc;

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::arguments::Arguments;
use super::dispatch::Run;
use super::errors::MethodError;
use super::filter::{Filter, Subject};
use super::{expansion, operations, times};
use crate::account::{Account, Item};
use crate::operation::{Op, Target};
use crate::turn::Verdict;
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

pub(super) fn run(
    run: &mut Run<'_, '_>,
    arguments: Map<String, Value>,
) -> Result<Map<String, Value>, MethodError> {
    let known = [
        "filter",
        "sort",
        "position",
        "anchor",
        "anchorOffset",
        "limit",
        "calculateTotal",
        "expandRecurrences",
        "timeZone",
    ];
    let arguments = Arguments::new(arguments, &known)?;
    let calendars = arguments.value("filter").map(operations::in_calendar).unwrap_or_default();
    let verdict = run.turn.fault_page(Op::FeedQuery, &calendars, false);
    if let Verdict::Error(error) = &verdict {
        return Err(MethodError::fault(error));
    }
    let mut hits = hits(run.turn.account(), &arguments)?;
    sort(&mut hits, &arguments)?;
    let ids: Vec<String> = hits.into_iter().map(|hit| hit.id).collect();
    let page = Page::cut_out(run, &arguments, &ids)?;
    Ok(page.arguments(run, &arguments, &verdict))
}

/// Every query state is older than what can be calculated (`canCalculateChanges` is false).
pub(super) fn run_changes(
    _run: &mut Run<'_, '_>,
    arguments: Map<String, Value>,
) -> Result<Map<String, Value>, MethodError> {
    let known = ["filter", "sort", "sinceQueryState", "maxChanges", "upToId", "calculateTotal"];
    Arguments::new(arguments, &known)?.text("sinceQueryState")?;
    Err(MethodError::new("cannotCalculateChanges"))
}

fn hits(account: &Account, arguments: &Arguments) -> Result<Vec<Hit>, MethodError> {
    let zone = arguments.optional_text("timeZone")?.unwrap_or("Etc/UTC");
    let zone = Zone::iana(zone)
        .ok_or_else(|| MethodError::invalid_arguments("`timeZone` is no time zone"))?;
    let filter = Filter::parse(arguments.value("filter"), &zone)?;
    let expand = arguments.flag("expandRecurrences")?;
    let window = if expand { Some(filter.window().ok_or_else(no_window)?) } else { None };
    if let Some((after, before)) = window
        && before.duration_since(after).as_secs() > EXPANDED_DAYS_MAX * 86_400
    {
        return Err(MethodError::new("expandDurationTooLarge"));
    }
    let mut hits = Vec::new();
    let mut look_at = |item: &Arc<Item>| {
        let recurring = window.filter(|_| expansion::recurs(&item.body));
        if let Some((_, before)) = recurring {
            for occurrence in expansion::occurrences(&item.body, before, &zone) {
                let event = expansion::full(item, occurrence.original, "");
                let spans = vec![(occurrence.start, Some(occurrence.end))];
                let subject = Subject::occurrence(item, &event, spans);
                if filter.matches(&subject) {
                    hits.push(Hit {
                        id: expansion::id(item, occurrence.original),
                        item: Arc::clone(item),
                        start: Some(occurrence.start),
                        recurrence_id: Some(times::text(occurrence.original)),
                    });
                }
            }
        } else if filter.matches(&Subject::whole(item, &zone)) {
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

fn no_window() -> MethodError {
    MethodError::invalid_arguments("expanding takes one condition with `after` and `before`")
}

fn sort(hits: &mut [Hit], arguments: &Arguments) -> Result<(), MethodError> {
    let mut comparators = Vec::new();
    let given = match arguments.value("sort") {
        None => &[],
        Some(Value::Array(given)) => given.as_slice(),
        Some(_) => return Err(MethodError::invalid_arguments("`sort` is not an array")),
    };
    for comparator in given {
        let property = comparator.get("property").and_then(Value::as_str);
        let by = match property {
            Some("start") => SortBy::Start,
            Some("uid") => SortBy::Uid,
            Some("recurrenceId") => SortBy::RecurrenceId,
            Some("created") => SortBy::Created,
            Some("updated") => SortBy::Updated,
            Some(_) => return Err(MethodError::new("unsupportedSort")),
            None => return Err(MethodError::invalid_arguments("a comparator names no property")),
        };
        let ascending = comparator.get("isAscending").and_then(Value::as_bool).unwrap_or(true);
        comparators.push((by, ascending));
    }
    hits.sort_by(|a, b| {
        let decided = comparators.iter().map(|(by, ascending)| {
            let order = compare(*by, a, b);
            if *ascending { order } else { order.reverse() }
        });
        let tie = || a.id.cmp(&b.id);
        decided.into_iter().find(|order| *order != Ordering::Equal).unwrap_or_else(tie)
    });
    Ok(())
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

#[derive(Debug)]
struct Page {
    ids: Vec<String>,
    position: usize,
    total: usize,
    /// The limit, if the server set it.
    limit: Option<usize>,
}

impl Page {
    fn cut_out(
        run: &Run<'_, '_>,
        arguments: &Arguments,
        all: &[String],
    ) -> Result<Self, MethodError> {
        let total = all.len();
        let offset = |base: usize, by: i64| {
            let moved = i64::try_from(base).unwrap_or(i64::MAX).saturating_add(by);
            usize::try_from(moved).unwrap_or(0)
        };
        let position = match arguments.optional_text("anchor")? {
            Some(anchor) => {
                let found = all.iter().position(|id| id == anchor);
                let found = found.ok_or_else(|| MethodError::new("anchorNotFound"))?;
                offset(found, arguments.integer("anchorOffset")?)
            }
            None => match arguments.integer("position")? {
                position if position < 0 => offset(total, position),
                position => offset(0, position),
            },
        };
        let most = run.limits().query_max_results;
        let wanted = arguments.count("limit")?;
        let limit = wanted.unwrap_or(most).min(most);
        let ids = all.iter().skip(position).take(limit).cloned().collect();
        Ok(Self { ids, position, total, limit: (wanted != Some(limit)).then_some(limit) })
    }

    fn arguments(
        mut self,
        run: &mut Run<'_, '_>,
        arguments: &Arguments,
        verdict: &Verdict,
    ) -> Map<String, Value> {
        match verdict {
            Verdict::Empty => {
                self.ids.clear();
                self.total = 0;
            }
            Verdict::Cut(share) => {
                self.ids.truncate(((self.ids.len() as f64) * share).round() as usize);
                self.total = self.position + self.ids.len();
            }
            _ => {}
        }
        self.ids.retain(|id| {
            let target = Target { id: id.clone(), ..Target::default() };
            run.turn.fault_id(Op::FeedQuery, &target) != Verdict::Omit
        });
        let account = run.turn.account();
        let state = account.seal(&format!("q{}", account.changes().last()));
        let mut answer = Map::from_iter([
            ("queryState".to_owned(), json!(state)),
            ("canCalculateChanges".to_owned(), json!(false)),
            ("position".to_owned(), json!(self.position)),
            ("ids".to_owned(), json!(self.ids)),
        ]);
        if arguments.value("calculateTotal") == Some(&Value::Bool(true)) {
            answer.insert("total".to_owned(), json!(self.total));
        }
        if let Some(limit) = self.limit {
            answer.insert("limit".to_owned(), json!(limit));
        }
        answer
    }
}
