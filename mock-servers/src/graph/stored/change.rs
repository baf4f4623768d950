//! A request body that changes an event, or one instance of a series.

use std::collections::{BTreeMap, BTreeSet};

use jiff::SignedDuration;
use serde_json::{Map, Value};

use super::{complete, default_of, extended, people, places, times};
use crate::account::Item;
use crate::graph::extensions;
use crate::graph::failure::Failure;
use crate::graph::moment::{self, Moment};
use crate::graph::recurrence::{Instance, Range, Recurrence, Series};

/// The item after a PATCH of it. Properties are replaced whole, null resets one, absent ones stay.
///
/// A changed pattern, or another time of day, zone or length, drops all exceptions and
/// cancellations ([MS-OXOCAL] 3.1.4.7.3.5); another end of the range keeps those that still are.
pub(crate) fn change(item: &Item, given: &Map<String, Value>) -> Result<Item, Failure> {
    let mut after = item.clone();
    let before = times::both(&item.body).ok();
    merge(&mut after.body, given, &item.body)?;
    complete(&mut after.body);
    let (start, end) = times::settle(&mut after.body)?;
    let says_recurrence = given.contains_key("recurrence");
    let was = before.as_ref().and_then(|(start, _)| stored(item, start));
    if !says_recurrence && let (Some(was), Some((old, _))) = (&was, &before) {
        if old.rules() != start.rules() {
            return Err(Failure::of("ErrorPropertyValidationFailure"));
        }
        follow(&mut after.body, was, &start);
    }
    let is = times::settle_recurrence(&mut after.body, &start, !says_recurrence)?;
    let same_clock = before
        .is_some_and(|(old_start, old_end)| clock(&old_start, &old_end) == clock(&start, &end));
    match (&was, &is) {
        (_, None) => forget(&mut after),
        (Some(was), Some(is)) if was == is && same_clock => {}
        (Some(was), Some(is))
            if was.pattern == is.pattern && was.range.start == is.range.start && same_clock =>
        {
            keep_existing(&mut after);
        }
        _ => forget(&mut after),
    }
    Ok(after)
}

/// What an instance stores after a PATCH of it.
pub(crate) fn change_instance(
    item: &Item,
    series: &Series<'_>,
    instance: &Instance<'_>,
    given: &Map<String, Value>,
) -> Result<Map<String, Value>, Failure> {
    if given.get("recurrence").is_some_and(|value| !value.is_null()) {
        return Err(Failure::invalid("An occurrence of a series cannot recur by itself."));
    }
    let mut own = instance.own.cloned().unwrap_or_default();
    let mut effective = item.body.clone();
    effective.retain(|name, _| !extended::is_extended(name));
    effective.remove(extensions::PROPERTY);
    effective.extend(own.clone());
    let given: Map<String, Value> = given
        .iter()
        .filter(|(name, _)| *name != "recurrence")
        .map(|(name, value)| {
            let value = if value.is_null() { default_of(name) } else { value.clone() };
            (name.clone(), value)
        })
        .collect();
    let before = effective.clone();
    merge(&mut effective, &given, &before)?;
    state_times(&mut effective, item, instance, &own, &given);
    let (start, end) = times::settle(&mut effective)?;
    if given.contains_key("start") {
        check_boundary(series, instance, &start)?;
    }
    for name in given.keys() {
        if let Some(value) = effective.get(name) {
            own.insert(name.clone(), value.clone());
        }
    }
    for name in ["location", "locations"] {
        if given.contains_key("location") || given.contains_key("locations") {
            own.insert(name.to_owned(), effective.get(name).cloned().unwrap_or_default());
        }
    }
    if ["start", "end", "isAllDay"].iter().any(|name| given.contains_key(*name)) {
        own.insert("start".to_owned(), start.to_value());
        own.insert("end".to_owned(), end.to_value());
    }
    Ok(own)
}

/// An instance's times where it has none of its own yet.
fn state_times(
    effective: &mut Map<String, Value>,
    item: &Item,
    instance: &Instance<'_>,
    own: &Map<String, Value>,
    given: &Map<String, Value>,
) {
    let all_day = item.body.get("isAllDay").and_then(Value::as_bool).unwrap_or(false);
    for (name, instant) in [("start", instance.start), ("end", instance.end)] {
        if own.contains_key(name) || given.contains_key(name) {
            continue;
        }
        let Some(like) = Moment::stored(item.body.get(name)) else { continue };
        let zone = if all_day { jiff::tz::TimeZone::UTC } else { like.rules() };
        let local = instant.to_zoned(zone).datetime();
        let stated = Moment { local, zone: like.zone }.to_value();
        effective.insert(name.to_owned(), stated);
    }
}

fn merge(
    body: &mut Map<String, Value>,
    given: &Map<String, Value>,
    before: &Map<String, Value>,
) -> Result<(), Failure> {
    for (name, value) in given {
        match name.as_str() {
            // It can be set at creation only.
            "transactionId" => {}
            name if extended::is_extended(name) => {
                body.insert(name.to_owned(), extended::merge(name, before.get(name), value)?);
            }
            extensions::PROPERTY => {
                body.insert(name.clone(), extensions::merge(before.get(name), value)?);
            }
            "attendees" => {
                body.insert(name.clone(), people::canonical(value, before.get(name))?);
            }
            _ if value.is_null() => {
                body.remove(name);
            }
            _ => {
                body.insert(name.clone(), value.clone());
            }
        }
    }
    places::align(body, given);
    Ok(())
}

/// A new day of the start moves the start of the range with it.
fn follow(body: &mut Map<String, Value>, was: &Recurrence, start: &Moment) {
    let range = Range { start: start.local.date(), zone: start.zone.clone(), end: was.range.end };
    let moved = Recurrence { pattern: was.pattern.clone(), range };
    body.insert("recurrence".to_owned(), moved.to_value());
}

fn stored(item: &Item, start: &Moment) -> Option<Recurrence> {
    Recurrence::stored(item.body.get("recurrence"), start)
}

/// What every occurrence has of its master: time of day, length, zone.
fn clock(start: &Moment, end: &Moment) -> (jiff::civil::Time, SignedDuration, jiff::tz::TimeZone) {
    (start.local.time(), start.local.duration_until(end.local), start.rules())
}

fn forget(item: &mut Item) {
    item.exceptions = BTreeMap::new();
    item.cancelled = BTreeSet::new();
}

fn keep_existing(item: &mut Item) {
    let lone = Item { exceptions: BTreeMap::new(), cancelled: BTreeSet::new(), ..item.clone() };
    let Some(series) = Series::of(&lone) else { return forget(item) };
    let exists =
        |key: &str| moment::of_key(key).and_then(|original| series.instance(original)).is_some();
    item.exceptions.retain(|key, _| exists(key));
    item.cancelled.retain(|key| exists(key));
}

/// "An occurrence cannot be moved to or before the day of the previous occurrence, and cannot be
/// moved to or after the day of the following occurrence."
fn check_boundary(
    series: &Series<'_>,
    instance: &Instance<'_>,
    start: &Moment,
) -> Result<(), Failure> {
    let at = if series.is_all_day() {
        moment::instant(start.local, &jiff::tz::TimeZone::UTC)
    } else {
        start.instant()
    };
    let day = series.day(at);
    let (before, after) = series.neighbours(instance.original);
    if before.is_some_and(|before| day <= before) || after.is_some_and(|after| day >= after) {
        return Err(Failure::of("ErrorOccurrenceCrossingBoundary"));
    }
    Ok(())
}
