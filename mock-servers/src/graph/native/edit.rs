//! What a user does to an event in Outlook.

use std::collections::{BTreeMap, BTreeSet};

use calamity_evidence::Lineage;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};
use serde_json::{Map, Value, json};

use crate::account::Item;
use crate::graph::moment::{self, Moment};
use crate::graph::recurrence::{End, Instance, Range, Recurrence, Series};
use crate::graph::stored::{self, address_of, attendees};
use crate::users::{Edit, NoSuchItem};

/// Carries an edit out. The harness's token stays in the title.
pub(super) fn edit(item: &mut Item, edit: &Edit) -> Result<(), NoSuchItem> {
    match edit {
        Edit::Title(title) => {
            let title = marked(&item.body, title);
            item.body.insert("subject".to_owned(), json!(title));
        }
        Edit::Shift { minutes } => shift(item, *minutes)?,
        Edit::Description(text) => {
            let body = json!({ "contentType": "text", "content": text });
            item.body.insert("body".to_owned(), body);
        }
        Edit::Location(name) => {
            let given = Map::from_iter([("location".to_owned(), json!({ "displayName": name }))]);
            item.body.extend(given.clone());
            stored::align_places(&mut item.body, &given);
        }
        Edit::Invite(people) => invite(item, people),
        Edit::CancelOccurrence { nth } => {
            let original = occurrence(item, *nth)?.original;
            let key = moment::key(original);
            item.exceptions.remove(&key);
            item.cancelled.insert(key);
        }
        Edit::RetitleOccurrence { nth, title } => {
            let original = occurrence(item, *nth)?.original;
            let title = marked(&item.body, title);
            let own = item.exceptions.entry(moment::key(original)).or_default();
            own.insert("subject".to_owned(), json!(title));
        }
    }
    item.sequence += 1;
    Ok(())
}

/// A title with the token that the event has now.
fn marked(body: &Map<String, Value>, title: &str) -> String {
    let present = body.get("subject").and_then(Value::as_str).unwrap_or_default();
    Lineage::find(present).map_or_else(|| title.to_owned(), |token| token.mark(title))
}

/// The nth occurrence that the pattern gives, counted from 0, cancelled ones counted too.
fn occurrence(item: &Item, nth: usize) -> Result<Instance<'_>, NoSuchItem> {
    let missing = || NoSuchItem::Occurrence { nth };
    let series = Series::of(item).ok_or_else(missing)?;
    let original = series.nth(nth).ok_or_else(missing)?;
    series.instance(original).ok_or_else(missing)
}

fn invite(item: &mut Item, people: &[String]) {
    let mut known: BTreeSet<String> = attendees(&item.body).filter_map(address_of).collect();
    let mut list: Vec<Value> = attendees(&item.body).cloned().collect();
    for person in people {
        let address = crate::scheduling::address(person);
        if known.insert(address.clone()) {
            list.push(stored::invited(&address));
        }
    }
    item.body.insert("attendees".to_owned(), Value::Array(list));
}

fn shift(item: &mut Item, minutes: i64) -> Result<(), NoSuchItem> {
    let unfit = |reason: &str| NoSuchItem::Unfit { reason: reason.to_owned() };
    let all_day = item.body.get("isAllDay").and_then(Value::as_bool).unwrap_or(false);
    let by = if all_day {
        Span::new().days(minutes.signum() * (minutes.abs() + 1439) / 1440)
    } else {
        Span::new().minutes(minutes)
    };
    let start = Moment::stored(item.body.get("start")).ok_or_else(|| unfit("it has no start"))?;
    let recurrence = Recurrence::stored(item.body.get("recurrence"), &start);
    let rules = if all_day { TimeZone::UTC } else { start.rules() };
    shift_times(&mut item.body, by)?;
    let moved = |key: &String| {
        let local = moment::of_key(key)?.to_zoned(rules.clone()).datetime();
        let instant: Timestamp = moment::instant(local.checked_add(by).ok()?, &rules);
        Some(moment::key(instant))
    };
    let mut exceptions = BTreeMap::new();
    for (key, own) in &item.exceptions {
        let mut own = own.clone();
        shift_times(&mut own, by)?;
        exceptions.insert(moved(key).ok_or_else(|| unfit("its times are out of range"))?, own);
    }
    let cancelled: Option<BTreeSet<String>> = item.cancelled.iter().map(moved).collect();
    let cancelled = cancelled.ok_or_else(|| unfit("its times are out of range"))?;
    if let Some(recurrence) = recurrence {
        let start =
            Moment::stored(item.body.get("start")).ok_or_else(|| unfit("it has no start"))?;
        let days = recurrence.range.start.until(start.local.date());
        let days = days.map_err(|_| unfit("its times are out of range"))?;
        let end = match recurrence.range.end {
            End::On(day) => {
                End::On(day.checked_add(days).map_err(|_| unfit("its times are out of range"))?)
            }
            end => end,
        };
        let range = Range { start: start.local.date(), end, zone: start.zone };
        let pattern = recurrence.pattern.moved(days.get_days());
        let pattern = pattern.ok_or_else(|| unfit("its pattern is bound to days"))?;
        let moved = Recurrence { pattern, range };
        item.body.insert("recurrence".to_owned(), moved.to_value());
    }
    (item.exceptions, item.cancelled) = (exceptions, cancelled);
    Ok(())
}

fn shift_times(body: &mut Map<String, Value>, by: Span) -> Result<(), NoSuchItem> {
    for name in ["start", "end"] {
        let Some(mut moment) = Moment::stored(body.get(name)) else { continue };
        moment.local = moment
            .local
            .checked_add(by)
            .map_err(|_| NoSuchItem::Unfit { reason: "its times are out of range".to_owned() })?;
        body.insert(name.to_owned(), moment.to_value());
    }
    Ok(())
}
