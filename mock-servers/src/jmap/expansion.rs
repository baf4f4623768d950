//! Synthetic ids: one occurrence of a recurring event as an event of its own
//! (draft-ietf-jmap-calendars-27 section 5.6).

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::DateTime;
use serde_json::{Map, Value, json};

use super::overrides::{self, Override};
use super::{event, rule, times};
use crate::account::{Account, Item};
use crate::recurrence;
use crate::world::{When, Zone};

/// What parts the base event's id from the occurrence.
const MARK: &str = "_o";

/// The synthetic id of an occurrence.
pub(super) fn id(item: &Item, original: DateTime) -> String {
    format!("{}{MARK}{}", item.id, original.strftime("%Y%m%dT%H%M%S"))
}

/// The event and the occurrence behind a synthetic id, if both exist.
pub(super) fn resolve(account: &Account, id: &str) -> Option<(Arc<Item>, DateTime)> {
    let (base, original) = id.rsplit_once(MARK)?;
    let original = DateTime::strptime("%Y%m%dT%H%M%S", original).ok()?;
    let item = account.item(base)?;
    let overridden = overrides::all(&item.body).find(|(local, ..)| *local == original);
    let exists = match overridden {
        Some((_, _, kind)) => kind != Override::Excluded,
        None => is_generated(&item.body, original),
    };
    exists.then(|| (Arc::clone(item), original))
}

/// Whether the event's own rule gives the occurrence.
pub(super) fn is_generated(body: &Map<String, Value>, original: DateTime) -> bool {
    match (rule::of(body), times::start(body)) {
        (Some(rule), Some(start)) => recurrence::generates(&rule, &start, original),
        _ => false,
    }
}

/// The occurrence as an event.
pub(super) fn full(item: &Item, original: DateTime, owner: &str) -> Map<String, Value> {
    let changes = overrides::all(&item.body).find_map(|(local, _, kind)| match kind {
        Override::Changed(changes) if local == original => Some(changes),
        _ => None,
    });
    let mut shown = event::full(item, owner);
    shown.remove("recurrenceRule");
    shown.remove("recurrenceOverrides");
    shown.extend(overrides::occurrence(&item.body, original, changes));
    shown.insert("id".to_owned(), json!(id(item, original)));
    shown.insert("baseEventId".to_owned(), json!(item.id));
    shown.insert("recurrenceId".to_owned(), json!(times::text(original)));
    if let Some(zone) = item.body.get("timeZone") {
        shown.insert("recurrenceIdTimeZone".to_owned(), zone.clone());
    }
    shown
}

/// One occurrence in time.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Occurrence {
    /// Its original start.
    pub(super) original: DateTime,
    /// When it begins.
    pub(super) start: Timestamp,
    /// When it ends.
    pub(super) end: Timestamp,
}

/// The occurrences of an event that begin before an instant, overrides applied, by original start.
/// An event that does not recur is its own only one. Times without a zone are read in `floating`.
pub(super) fn occurrences(
    body: &Map<String, Value>,
    before: Timestamp,
    floating: &Zone,
) -> Vec<Occurrence> {
    let Some(start) = times::start(body) else { return Vec::new() };
    let kinds: BTreeMap<DateTime, Override<'_>> =
        overrides::all(body).map(|(local, _, kind)| (local, kind)).collect();
    let at = |when: &When| {
        when.instant().or_else(|| When::Zoned(when.local(), floating.clone()).instant())
    };
    let span = |start: &When, event: &Map<String, Value>| {
        Some((at(start)?, at(&times::end(start, times::length(event))?)?))
    };
    let plain = |original: DateTime| span(&times::placed(body, original), body);
    let mut originals: Vec<DateTime> = match rule::of(body) {
        Some(rule) => {
            let in_range =
                |local: &DateTime| plain(*local).is_some_and(|(start, _)| start < before);
            recurrence::occurrences(&rule, &start).take_while(in_range).collect()
        }
        None => vec![start.local()],
    };
    originals.extend(kinds.keys());
    originals.sort();
    originals.dedup();
    originals
        .into_iter()
        .filter_map(|original| {
            let (start, end) = match kinds.get(&original) {
                Some(Override::Excluded) => return None,
                Some(Override::Changed(changes)) => {
                    let event = overrides::occurrence(body, original, Some(changes));
                    span(&times::start(&event)?, &event)?
                }
                None => plain(original)?,
            };
            Some(Occurrence { original, start, end })
        })
        .filter(|occurrence| occurrence.start < before)
        .collect()
}

/// Whether the event recurs.
pub(super) fn recurs(body: &Map<String, Value>) -> bool {
    body.contains_key("recurrenceRule") || overrides::all(body).next().is_some()
}
