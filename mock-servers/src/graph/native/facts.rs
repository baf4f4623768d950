//! The facts of a stored event, in the normal form that both protocols share.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::Weekday;
use jiff::tz::TimeZone;
use serde_json::Value;

use crate::account::Item;
use crate::facts::{Facts, exception, place, plain_text, rule_text, squash};
use crate::graph::moment::{self, Moment};
use crate::graph::recurrence::{End, Index};
use crate::graph::recurrence::{Instance, Pattern, Recurrence, Series};
use crate::graph::stored::{Reading, address_of, attendees};
use crate::world::{Frequency, Month, NthDay, Rule, Skip, Until, When, Zone};

/// The facts of an item.
pub(super) fn of(item: &Item) -> Facts {
    let reading = Reading::of(item);
    let all_day = reading.flag("isAllDay");
    let series = Series::of(item);
    let title = squash(reading.text("subject").unwrap_or_default());
    let invited: BTreeSet<String> = attendees(&item.body).filter_map(address_of).collect();
    let organizer = item.body.get("organizer").and_then(address_of);
    let organizer = organizer.filter(|_| !invited.is_empty());
    let rule = series.as_ref().and_then(|series| {
        Some(rule_text(&rule_of(series.recurrence()), &start_of(&reading, all_day)?))
    });
    Facts {
        start: point(reading.start(), all_day),
        end: point(reading.end(), all_day),
        all_day,
        description: description(&reading),
        location: location(&reading),
        recurring: series.is_some(),
        rule: rule.unwrap_or_default(),
        excluded: excluded(item, series.as_ref(), all_day),
        exceptions: series.as_ref().map(|s| exceptions(s, &title, all_day)).unwrap_or_default(),
        attendees: invited.into_iter().filter(|one| Some(one) != organizer.as_ref()).collect(),
        organizer,
        cancelled: reading.flag("isCancelled"),
        // Exchange exports both as transparent (MS-OXCICAL 2.1.3.1.1.20.25).
        busy: !matches!(reading.text("showAs"), Some("free" | "workingElsewhere")),
        title,
    }
}

fn point(instant: Option<Timestamp>, all_day: bool) -> String {
    match instant {
        Some(instant) if all_day => instant.to_zoned(TimeZone::UTC).date().to_string(),
        Some(instant) => instant.to_string(),
        None => String::new(),
    }
}

fn start_of(reading: &Reading<'_>, all_day: bool) -> Option<When> {
    let Moment { local, zone } = reading.moment("start")?;
    Some(if all_day {
        When::Date(local.date())
    } else {
        When::Zoned(local, moment::named(&zone).unwrap_or_else(Zone::utc))
    })
}

fn description(reading: &Reading<'_>) -> String {
    let Some(body) = reading.get("body") else { return String::new() };
    let content = body["content"].as_str().unwrap_or_default();
    if body["contentType"].as_str() == Some("text") { squash(content) } else { plain_text(content) }
}

fn location(reading: &Reading<'_>) -> String {
    let name = |location: &'_ Value| location["displayName"].as_str().map(str::to_owned);
    let listed = reading.get("locations").and_then(Value::as_array);
    let listed: Vec<String> = listed.into_iter().flatten().filter_map(name).collect();
    let names = if listed.is_empty() {
        reading.get("location").and_then(name).into_iter().collect()
    } else {
        listed
    };
    place(names.iter().map(String::as_str))
}

fn excluded(item: &Item, series: Option<&Series<'_>>, all_day: bool) -> BTreeSet<String> {
    let Some(series) = series else { return BTreeSet::new() };
    let originals = item.cancelled.iter().filter_map(|key| moment::of_key(key));
    let given = originals.filter(|original| series.gives(*original));
    given.map(|original| point(Some(original), all_day)).collect()
}

fn exceptions(series: &Series<'_>, title: &str, all_day: bool) -> BTreeMap<String, String> {
    let differs = |instance: &Instance<'_>| {
        let own = instance.own?;
        let own_title = own.get("subject").and_then(Value::as_str).map(squash);
        let own_title = own_title.unwrap_or_else(|| title.to_owned());
        let regular = series.pattern_instance(instance.original)?;
        let same =
            own_title == title && regular.start == instance.start && regular.end == instance.end;
        let whole = own.get("isAllDay").and_then(Value::as_bool).unwrap_or(all_day);
        (!same).then(|| {
            let [start, end] = [instance.start, instance.end].map(|at| point(Some(at), whole));
            (point(Some(instance.original), all_day), exception(&own_title, &start, &end))
        })
    };
    series.exceptions().iter().filter_map(differs).collect()
}

/// A pattern as the iCalendar rule that it is.
pub(super) fn rule_of(recurrence: &Recurrence) -> Rule {
    let mut rule = Rule::of(Frequency::Daily);
    match recurrence.range.end {
        End::Never => {}
        End::On(day) => rule.until = Some(Until::Date(day)),
        End::After(count) => rule.count = Some(count),
    }
    let month = |number: i8| vec![Month { number: number.unsigned_abs(), leap: false }];
    match &recurrence.pattern {
        Pattern::Daily { interval } => rule.interval = u32::from(*interval),
        Pattern::Weekly { interval, days, first } => {
            rule.frequency = Frequency::Weekly;
            rule.interval = u32::from(*interval);
            rule.by_day = every(days);
            rule.week_start = *first;
        }
        Pattern::AbsoluteMonthly { interval, day } => {
            rule.frequency = Frequency::Monthly;
            rule.interval = u32::from(*interval);
            on_day(&mut rule, *day);
        }
        Pattern::RelativeMonthly { interval, days, index } => {
            rule.frequency = Frequency::Monthly;
            rule.interval = u32::from(*interval);
            on_weekday(&mut rule, days, *index);
        }
        Pattern::AbsoluteYearly { interval, month: number, day } => {
            rule.frequency = Frequency::Yearly;
            rule.interval = u32::from(*interval);
            rule.by_month = month(*number);
            on_day(&mut rule, *day);
        }
        Pattern::RelativeYearly { interval, month: number, days, index } => {
            rule.frequency = Frequency::Yearly;
            rule.interval = u32::from(*interval);
            rule.by_month = month(*number);
            on_weekday(&mut rule, days, *index);
        }
    }
    rule
}

/// A day of the month. Where a month is too short Exchange takes its last day.
fn on_day(rule: &mut Rule, day: i8) {
    let shortest = match rule.by_month.first().map(|month| month.number) {
        None | Some(2) => 28,
        Some(4 | 6 | 9 | 11) => 30,
        Some(_) => 31,
    };
    rule.by_month_day = vec![day];
    rule.skip = (day > shortest).then_some(Skip::Backward);
}

/// The n-th of some weekdays; of all seven it is the n-th day.
fn on_weekday(rule: &mut Rule, days: &[Weekday], index: Index) {
    if days.len() == 7 {
        rule.by_month_day = vec![index.number()];
    } else {
        rule.by_day = every(days);
        rule.by_set_position = vec![i16::from(index.number())];
    }
}

fn every(days: &[Weekday]) -> Vec<NthDay> {
    days.iter().map(|day| NthDay { nth: None, day: *day }).collect()
}
