//! Recurrence rules in normal form: what a rule leaves to the start of its event is written out,
//! and of several ways to say the same one is chosen.
//!
//! Source: draft-ietf-calext-jscalendarbis section 3.3 (RFC 8984 section 4.3.3).

use jiff::civil::DateTime;
use serde_json::{Map, Value, json};

use super::canonical::malformed;
use super::{Malformed, time};

/// The days of a week, from Monday.
pub(crate) const DAYS: [&str; 7] = ["mo", "tu", "we", "th", "fr", "sa", "su"];
const NUMBERS: [&str; 7] =
    ["byHour", "byMinute", "byMonthDay", "bySecond", "bySetPosition", "byWeekNo", "byYearDay"];

/// The normal form of a rule whose members were tidied already.
pub(super) fn normal(
    raw: &Map<String, Value>,
    start: DateTime,
) -> Result<Map<String, Value>, Malformed> {
    let mut rule = raw.clone();
    let frequency = rule.get("frequency").and_then(Value::as_str).map(str::to_lowercase);
    let frequency = frequency.ok_or_else(|| malformed("recurrenceRule/frequency", "is missing"))?;
    rule.insert("frequency".to_owned(), Value::from(frequency.as_str()));
    for name in ["rscale", "skip", "firstDayOfWeek"] {
        if let Some(Value::String(text)) = rule.get_mut(name) {
            *text = text.to_lowercase();
        }
    }
    if rule.get("rscale").is_some_and(|scale| scale == "gregorian") {
        rule.remove("rscale");
    }
    lists(&mut rule);
    days(&mut rule)?;
    if rule.contains_key("rscale") {
        // The parts of another calendar's dates do not follow from the Gregorian start.
        return Ok(rule);
    }
    let daily_or_longer = ["daily", "weekly", "monthly", "yearly"].contains(&&*frequency);
    if daily_or_longer {
        time_of_start(&mut rule, start);
        implied(&mut rule, &frequency, start);
        equivalent(&mut rule);
    }
    until(&mut rule, start, daily_or_longer)?;
    week_start(&mut rule);
    Ok(rule)
}

/// Lists in ascending order, each number once.
fn lists(rule: &mut Map<String, Value>) {
    for name in NUMBERS {
        if let Some(Value::Array(numbers)) = rule.get_mut(name) {
            numbers.sort_by_key(Value::as_i64);
            numbers.dedup();
        }
    }
    if let Some(Value::Array(months)) = rule.get_mut("byMonth") {
        let mut texts: Vec<String> = months
            .iter()
            .map(|month| month.as_str().map_or_else(|| month.to_string(), str::to_owned))
            .collect();
        texts.sort_by_key(|month| {
            let number = month.trim_end_matches('L').parse::<u32>().unwrap_or(u32::MAX);
            (number, month.clone())
        });
        texts.dedup();
        *months = texts.into_iter().map(Value::from).collect();
    }
}

/// `byDay` by position, then by day of the week.
fn days(rule: &mut Map<String, Value>) -> Result<(), Malformed> {
    let Some(Value::Array(days)) = rule.get_mut("byDay") else { return Ok(()) };
    let mut read = Vec::new();
    for day in days.iter() {
        let name = day.get("day").and_then(Value::as_str).map(str::to_lowercase);
        let index = name.and_then(|name| DAYS.iter().position(|day| *day == name));
        let index = index.ok_or_else(|| malformed("recurrenceRule/byDay", "names no day"))?;
        read.push((day.get("nthOfPeriod").and_then(Value::as_i64), index));
    }
    read.sort_unstable();
    read.dedup();
    *days = read
        .into_iter()
        .map(|(nth, index)| match nth {
            Some(nth) => json!({"day": DAYS[index], "nthOfPeriod": nth}),
            None => json!({"day": DAYS[index]}),
        })
        .collect();
    Ok(())
}

/// A rule that repeats the start's time of day says nothing by it.
fn time_of_start(rule: &mut Map<String, Value>, start: DateTime) {
    let parts =
        [("byHour", start.hour()), ("byMinute", start.minute()), ("bySecond", start.second())];
    for (name, number) in parts {
        if rule.get(name) == Some(&json!([number])) {
            rule.remove(name);
        }
    }
}

/// What follows from the start is written out, so that moving the start of a series does not
/// silently move its rule in one protocol and not in the other.
fn implied(rule: &mut Map<String, Value>, frequency: &str, start: DateTime) {
    let has = |rule: &Map<String, Value>, names: &[&str]| {
        names.iter().any(|name| rule.contains_key(*name))
    };
    match frequency {
        "weekly" if !has(rule, &["byDay"]) => {
            let day = DAYS[usize::from(start.weekday().to_monday_zero_offset().unsigned_abs())];
            rule.insert("byDay".to_owned(), json!([{"day": day}]));
        }
        "monthly" if !has(rule, &["byDay", "byMonthDay"]) => {
            rule.insert("byMonthDay".to_owned(), json!([start.day()]));
        }
        "yearly" if !has(rule, &["byDay", "byMonthDay", "byYearDay", "byWeekNo"]) => {
            rule.insert("byMonthDay".to_owned(), json!([start.day()]));
            if !has(rule, &["byMonth"]) {
                rule.insert("byMonth".to_owned(), json!([start.month().to_string()]));
            }
        }
        _ => {}
    }
}

/// One of several forms that mean the same.
fn equivalent(rule: &mut Map<String, Value>) {
    let single_interval = rule.get("interval").is_none_or(|interval| *interval == json!(1));
    let plain_days = rule
        .get("byDay")
        .and_then(Value::as_array)
        .is_some_and(|days| days.iter().all(|day| day.get("nthOfPeriod").is_none()));
    let others = ["byMonth", "byMonthDay", "bySetPosition", "byYearDay", "byWeekNo"];
    let only_days = plain_days && !others.iter().any(|name| rule.contains_key(*name));
    if rule["frequency"] == "daily" && single_interval && only_days {
        rule.insert("frequency".to_owned(), Value::from("weekly"));
    }
    // "The second of all Tuesdays" is "the second Tuesday".
    let by_month = rule["frequency"] == "monthly"
        || (rule["frequency"] == "yearly" && rule.contains_key("byMonth"));
    let one_position = rule.get("bySetPosition").and_then(Value::as_array);
    let one_position = one_position.and_then(|all| match all.as_slice() {
        [one] => one.as_i64(),
        _ => None,
    });
    let one_month = rule["frequency"] == "monthly"
        || rule.get("byMonth").and_then(Value::as_array).is_some_and(|months| months.len() == 1);
    if by_month
        && one_month
        && plain_days
        && !rule.contains_key("byMonthDay")
        && let (Some(nth), Some(Value::Array(days))) = (one_position, rule.get_mut("byDay"))
        && let [day] = days.as_mut_slice()
        && let Some(day) = day.as_object_mut()
    {
        day.insert("nthOfPeriod".to_owned(), json!(nth));
        rule.remove("bySetPosition");
    }
}

/// The end of a rule, at the time of day of its occurrences: between two of them it does not
/// matter where it lies.
fn until(
    rule: &mut Map<String, Value>,
    start: DateTime,
    daily_or_longer: bool,
) -> Result<(), Malformed> {
    let Some(until) = rule.get("until") else { return Ok(()) };
    let until = until.as_str().and_then(time::local);
    let until =
        until.ok_or_else(|| malformed("recurrenceRule/until", "is no local date and time"))?;
    let times = ["byHour", "byMinute", "bySecond"];
    let at_start_time = daily_or_longer && !times.iter().any(|name| rule.contains_key(*name));
    let normal = if at_start_time {
        let date = if until.time() >= start.time() {
            until.date()
        } else {
            until.date().yesterday().unwrap_or(until.date())
        };
        date.to_datetime(start.time())
    } else {
        until
    };
    rule.insert("until".to_owned(), Value::from(time::local_text(normal)));
    Ok(())
}

/// The first day of the week matters only where weeks are counted.
fn week_start(rule: &mut Map<String, Value>) {
    let interval = rule.get("interval").and_then(Value::as_i64).unwrap_or(1);
    let counted = (rule["frequency"] == "weekly" && interval > 1) || rule.contains_key("byWeekNo");
    if !counted {
        rule.remove("firstDayOfWeek");
    }
}
