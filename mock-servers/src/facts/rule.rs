//! The normal form of recurrence rules; what it promises stands with [`super::Facts`].

use std::collections::BTreeSet;
use std::fmt::Display;

use jiff::civil::{Date, Weekday};

use super::form::local_of;
use crate::world::{Frequency, NthDay, Rule, Skip, Until, When};

/// A rule of an event that starts at `start`.
pub(crate) fn rule_text(rule: &Rule, start: &When) -> String {
    let mut rule = rule.clone();
    complete(&mut rule, start);
    settle_skip(&mut rule, start);
    simplify(&mut rule, start);
    let mut parts = vec![
        format!("FREQ={}", frequency(rule.frequency)),
        format!("INTERVAL={}", rule.interval.max(1)),
    ];
    if let Some(scale) = &rule.scale {
        parts.push(format!("RSCALE={scale}"));
    }
    let months = rule.by_month.iter().map(|month| (month.number, month.leap));
    let months: BTreeSet<(u8, bool)> = months.collect();
    list(
        &mut parts,
        "BYMONTH",
        months.iter().map(
            |(number, leap)| {
                if *leap { format!("{number}L") } else { number.to_string() }
            },
        ),
    );
    list(&mut parts, "BYWEEKNO", sorted(&rule.by_week_no));
    list(&mut parts, "BYYEARDAY", sorted(&rule.by_year_day));
    list(&mut parts, "BYMONTHDAY", sorted(&rule.by_month_day));
    let days: BTreeSet<(i8, i8)> = rule.by_day.iter().map(order).collect();
    list(&mut parts, "BYDAY", days.into_iter().map(day_text));
    list(&mut parts, "BYHOUR", sorted(&rule.by_hour));
    list(&mut parts, "BYMINUTE", sorted(&rule.by_minute));
    list(&mut parts, "BYSECOND", sorted(&rule.by_second));
    list(&mut parts, "BYSETPOS", sorted(&rule.by_set_position));
    let long_weeks = rule.frequency == Frequency::Weekly && rule.interval > 1;
    if long_weeks || !rule.by_week_no.is_empty() {
        parts.push(format!("WKST={}", weekday(rule.week_start.to_monday_zero_offset())));
    }
    if let Some(skip) = rule.skip.filter(|skip| *skip != Skip::Omit) {
        parts.push(format!("SKIP={}", if skip == Skip::Backward { "BACKWARD" } else { "FORWARD" }));
    }
    if let Some(count) = rule.count {
        parts.push(format!("COUNT={count}"));
    } else if let Some(until) = &rule.until {
        parts.push(format!("UNTIL={}", last_day(until, start)));
    }
    parts.join(";")
}

/// Writes out what the start implies.
fn complete(rule: &mut Rule, start: &When) {
    let date = start.local().date();
    let bare = rule.by_day.is_empty()
        && rule.by_month_day.is_empty()
        && rule.by_year_day.is_empty()
        && rule.by_week_no.is_empty();
    if !bare {
        return;
    }
    match rule.frequency {
        Frequency::Weekly => rule.by_day.push(NthDay { nth: None, day: date.weekday() }),
        Frequency::Monthly => rule.by_month_day.push(date.day()),
        Frequency::Yearly => {
            rule.by_month_day.push(date.day());
            if rule.by_month.is_empty() {
                let number = date.month().unsigned_abs();
                rule.by_month.push(crate::world::Month { number, leap: false });
            }
        }
        _ => {}
    }
}

/// Writes "this day, or the last one of a month that is too short for it" (`SKIP=BACKWARD`) without
/// a skip: as the last of the days that come into question. A skip that can never apply goes.
pub(crate) fn settle_skip(rule: &mut Rule, start: &When) {
    let date = start.local().date();
    let by_days = matches!(rule.frequency, Frequency::Monthly | Frequency::Yearly);
    let alone = rule.by_day.is_empty()
        && rule.by_year_day.is_empty()
        && rule.by_week_no.is_empty()
        && rule.by_set_position.is_empty();
    if rule.skip != Some(Skip::Backward) || !by_days || !alone || rule.scale.is_some() {
        return;
    }
    let day = match rule.by_month_day.as_slice() {
        [] => date.day(),
        [day] => *day,
        _ => return,
    };
    // The longest that a month of the rule can be, and the shortest.
    let months: Vec<u8> = match (rule.by_month.as_slice(), rule.frequency) {
        ([], Frequency::Monthly) => (1..=12).collect(),
        ([], _) => vec![date.month().unsigned_abs()],
        (given, _) => given.iter().map(|month| month.number).collect(),
    };
    let shortest = months.iter().map(|month| shortest(*month)).min().unwrap_or(28);
    rule.skip = None;
    if day <= shortest {
        return;
    }
    let longest = months.iter().map(|month| longest(*month)).max().unwrap_or(31);
    if day >= longest {
        rule.by_month_day = vec![-1];
    } else {
        rule.by_month_day = (shortest..=day).collect();
        rule.by_set_position = vec![-1];
    }
}

fn shortest(month: u8) -> i8 {
    if month == 2 { 28 } else { longest(month) }
}

fn longest(month: u8) -> i8 {
    match month {
        2 => 29,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Writes equal rules equally.
fn simplify(rule: &mut Rule, start: &When) {
    let time = start.local().time();
    let says = |given: &[u8], is: i8| matches!(given, [only] if i8::try_from(*only) == Ok(is));
    if says(&rule.by_hour, time.hour()) {
        rule.by_hour.clear();
    }
    if says(&rule.by_minute, time.minute()) {
        rule.by_minute.clear();
    }
    if says(&rule.by_second, time.second()) {
        rule.by_second.clear();
    }
    let monthly = rule.frequency == Frequency::Monthly
        || (rule.frequency == Frequency::Yearly && rule.by_month.len() == 1);
    let days_only = rule.by_month_day.is_empty()
        && rule.by_year_day.is_empty()
        && rule.by_week_no.is_empty()
        && rule.by_hour.is_empty();
    if monthly
        && days_only
        && let ([NthDay { nth: None, day }], [position]) =
            (rule.by_day.as_slice(), rule.by_set_position.as_slice())
        && let Ok(nth) = i8::try_from(*position)
    {
        rule.by_day = vec![NthDay { nth: Some(nth), day: *day }];
        rule.by_set_position.clear();
    }
    // The n-th of all days of a month is its n-th day.
    let plain_days = rule.by_day.iter().filter(|day| day.nth.is_none());
    let every_day = rule.by_day.len() == 7
        && plain_days.map(|day| day.day.to_monday_zero_offset()).collect::<BTreeSet<_>>().len()
            == 7;
    if monthly
        && days_only
        && every_day
        && let [position] = rule.by_set_position.as_slice()
        && let Ok(nth) = i8::try_from(*position)
    {
        rule.by_month_day = vec![nth];
        rule.by_day.clear();
        rule.by_set_position.clear();
    }
    last_day_of_month(rule, monthly);
    let plain = rule.frequency == Frequency::Daily && rule.interval <= 1;
    if plain
        && days_only
        && !rule.by_day.is_empty()
        && rule.by_month.is_empty()
        && rule.by_set_position.is_empty()
    {
        rule.frequency = Frequency::Weekly;
    }
}

/// A day that no month exceeds, moved back where a month lacks it, is the month's last day; a day
/// that every month has is never moved.
fn last_day_of_month(rule: &mut Rule, monthly: bool) {
    if !monthly || rule.skip != Some(Skip::Backward) {
        return;
    }
    let february = rule.by_month.len() == 1 && rule.by_month[0].number == 2;
    match rule.by_month_day.as_slice() {
        [31] => rule.by_month_day = vec![-1],
        [29] if february => rule.by_month_day = vec![-1],
        days if days.iter().all(|day| (1..=28).contains(day)) => {}
        _ => return,
    }
    rule.skip = None;
}

fn last_day(until: &Until, start: &When) -> Date {
    let bound = match until {
        Until::Date(date) => return *date,
        Until::Local(local) => *local,
        Until::Utc(instant) => local_of(*instant, start),
    };
    if bound.time() < start.local().time() {
        bound.date().yesterday().unwrap_or(bound.date())
    } else {
        bound.date()
    }
}

fn list(parts: &mut Vec<String>, name: &str, values: impl Iterator<Item = impl Display>) {
    let values: Vec<String> = values.map(|value| value.to_string()).collect();
    if !values.is_empty() {
        parts.push(format!("{name}={}", values.join(",")));
    }
}

fn sorted<T: Copy + Ord + Display>(values: &[T]) -> impl Iterator<Item = T> {
    values.iter().copied().collect::<BTreeSet<T>>().into_iter()
}

fn order(day: &NthDay) -> (i8, i8) {
    (day.day.to_monday_zero_offset(), day.nth.unwrap_or(0))
}

fn day_text((day, nth): (i8, i8)) -> String {
    if nth == 0 { weekday(day).to_owned() } else { format!("{nth}{}", weekday(day)) }
}

fn weekday(monday_zero: i8) -> &'static str {
    match Weekday::from_monday_zero_offset(monday_zero) {
        Ok(Weekday::Tuesday) => "TU",
        Ok(Weekday::Wednesday) => "WE",
        Ok(Weekday::Thursday) => "TH",
        Ok(Weekday::Friday) => "FR",
        Ok(Weekday::Saturday) => "SA",
        Ok(Weekday::Sunday) => "SU",
        Ok(Weekday::Monday) | Err(_) => "MO",
    }
}

fn frequency(frequency: Frequency) -> &'static str {
    match frequency {
        Frequency::Secondly => "SECONDLY",
        Frequency::Minutely => "MINUTELY",
        Frequency::Hourly => "HOURLY",
        Frequency::Daily => "DAILY",
        Frequency::Weekly => "WEEKLY",
        Frequency::Monthly => "MONTHLY",
        Frequency::Yearly => "YEARLY",
    }
}
