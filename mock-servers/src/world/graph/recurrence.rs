//! `patternedRecurrence` (Graph v1.0): a rule as one of the six patterns, with a range.
//!
//! A rule is written only where the pattern gives exactly its occurrences. Exchange moves a day
//! that a month lacks to the last one (EWS, `DayOfMonth`), where RFC 5545 leaves the month out.

use jiff::civil::Weekday;
use serde_json::{Map, Value, json};

use super::{
    super::{
        Frequency, Month, NthDay, Rule, Skip, SourceEvent, Unwritable, occurrences::until_local,
    },
    reasons::{self, refused},
    zone_name,
};

/// Intervals and counts that Exchange keeps.
const NUMBER_MAX: u32 = 999;
/// The longest day of the month that every month has.
const SHORTEST_MONTH: i8 = 28;
/// All weekdays, in Graph's order.
const WEEK: [Weekday; 7] = [
    Weekday::Sunday,
    Weekday::Monday,
    Weekday::Tuesday,
    Weekday::Wednesday,
    Weekday::Thursday,
    Weekday::Friday,
    Weekday::Saturday,
];

type Pattern = Result<Map<String, Value>, &'static str>;

/// The recurrence of a series; null for an event without a rule.
pub(super) fn recurrence(event: &SourceEvent) -> Result<Value, Unwritable> {
    if !event.rdates.is_empty() {
        return Err(refused("RDATE", reasons::RDATE));
    }
    let Some(rule) = &event.rule else { return Ok(Value::Null) };
    if event.start.is_skipped() {
        return Err(refused("DTSTART", reasons::SKIPPED));
    }
    let of_rule = |reason: &'static str| refused("RRULE", reason);
    common(rule, event).map_err(of_rule)?;
    let pattern = match rule.frequency {
        Frequency::Secondly | Frequency::Minutely | Frequency::Hourly => Err(reasons::SUB_DAILY),
        Frequency::Daily => daily(rule, event),
        Frequency::Weekly => weekly(rule, event),
        Frequency::Monthly => monthly(rule, event),
        Frequency::Yearly => yearly(rule, event),
    };
    let pattern = pattern.map_err(of_rule)?;
    let range = range(rule, event).map_err(of_rule)?;
    Ok(json!({ "pattern": pattern, "range": range }))
}

/// What holds for rules of every frequency.
fn common(rule: &Rule, event: &SourceEvent) -> Result<(), &'static str> {
    let start = event.start.local();
    let only = |list: &[u8], value: i8| {
        list.is_empty() || matches!(list, [one] if i8::try_from(*one) == Ok(value))
    };
    let same_time = only(&rule.by_hour, start.hour())
        && only(&rule.by_minute, start.minute())
        && only(&rule.by_second, start.second());
    let checks = [
        (rule.scale.is_some(), reasons::NOT_GREGORIAN),
        (rule.skip == Some(Skip::Forward), reasons::SKIP),
        (!same_time, reasons::SUB_DAILY),
        (!rule.by_year_day.is_empty(), reasons::YEAR_DAY),
        (!rule.by_week_no.is_empty(), reasons::WEEK_NUMBER),
        (
            rule.interval > NUMBER_MAX || rule.count.is_some_and(|count| count > NUMBER_MAX),
            reasons::TOO_MANY,
        ),
    ];
    checks.into_iter().find(|(wrong, _)| *wrong).map_or(Ok(()), |(_, reason)| Err(reason))
}

fn pattern(kind: &str, rule: &Rule, members: Value) -> Map<String, Value> {
    let mut pattern = Map::new();
    pattern.insert("type".to_owned(), json!(kind));
    pattern.insert("interval".to_owned(), json!(rule.interval));
    if let Value::Object(members) = members {
        pattern.extend(members);
    }
    pattern
}

fn daily(rule: &Rule, event: &SourceEvent) -> Pattern {
    let more = !rule.by_month.is_empty()
        || !rule.by_month_day.is_empty()
        || !rule.by_set_position.is_empty();
    match (more, rule.by_day.is_empty(), rule.interval) {
        (false, true, _) => Ok(pattern("daily", rule, Value::Null)),
        // Certain weekdays of every day are those of every week.
        (false, false, 1) => weekly(rule, event),
        _ => Err(reasons::DAILY_PARTS),
    }
}

fn weekly(rule: &Rule, event: &SourceEvent) -> Pattern {
    if !rule.by_month.is_empty() || !rule.by_set_position.is_empty() {
        return Err(reasons::WEEKLY_PARTS);
    }
    let first = event.start.local().weekday();
    let days = if rule.by_day.is_empty() { vec![first] } else { weekdays(&rule.by_day) };
    if !days.contains(&first) {
        return Err(reasons::NOT_IN_PATTERN);
    }
    let members =
        json!({ "daysOfWeek": names(&days), "firstDayOfWeek": weekday_name(rule.week_start) });
    Ok(pattern("weekly", rule, members))
}

fn monthly(rule: &Rule, event: &SourceEvent) -> Pattern {
    if !rule.by_month.is_empty() {
        return Err(reasons::SEVERAL_MONTHS);
    }
    let every_weekday = !rule.by_day.is_empty()
        && rule.by_month_day.is_empty()
        && rule.by_set_position.is_empty()
        && rule.by_day.iter().all(|day| day.nth.is_none());
    if every_weekday && rule.interval == 1 {
        // All Mondays of every month are the Mondays of every week.
        return weekly(rule, event);
    }
    match which(rule, event, None)? {
        Which::Day(day) => Ok(pattern("absoluteMonthly", rule, json!({ "dayOfMonth": day }))),
        Which::Weekday(days, index) => {
            let members = json!({ "daysOfWeek": names(&days), "index": index });
            Ok(pattern("relativeMonthly", rule, members))
        }
    }
}

fn yearly(rule: &Rule, event: &SourceEvent) -> Pattern {
    let start = event.start.local();
    let month = match rule.by_month.as_slice() {
        [Month { number, leap: false }] => {
            i8::try_from(*number).map_err(|_| reasons::SEVERAL_MONTHS)?
        }
        [] if !rule.by_day.is_empty() => return Err(reasons::WEEKDAY_OF_YEAR),
        [] if !rule.by_month_day.is_empty() => return Err(reasons::DAY_WITHOUT_MONTH),
        [] => start.month(),
        _ => return Err(reasons::SEVERAL_MONTHS),
    };
    if month != start.month() {
        return Err(reasons::NOT_IN_PATTERN);
    }
    match which(rule, event, Some(month))? {
        Which::Day(day) => {
            Ok(pattern("absoluteYearly", rule, json!({ "dayOfMonth": day, "month": month })))
        }
        Which::Weekday(days, index) => {
            let members = json!({ "daysOfWeek": names(&days), "index": index, "month": month });
            Ok(pattern("relativeYearly", rule, members))
        }
    }
}

/// Which day of a month a rule means.
enum Which {
    Day(i8),
    Weekday(Vec<Weekday>, &'static str),
}

/// The day of a monthly rule, or of one month of a yearly rule.
fn which(rule: &Rule, event: &SourceEvent, month: Option<i8>) -> Result<Which, &'static str> {
    let start = event.start.local().date();
    let which = match (rule.by_month_day.as_slice(), rule.by_day.as_slice()) {
        ([], []) => day(start.day(), rule, month)?,
        (days, []) => by_month_day(days, rule, month)?,
        ([], days) => by_weekday(days, rule)?,
        _ => return Err(reasons::DAY_AND_WEEKDAY),
    };
    let (day, length) = (start.day(), start.days_in_month());
    let fits = match &which {
        Which::Day(wanted) => *wanted == day,
        Which::Weekday(days, index) => {
            let of = |date: i8| start.with().day(date).build().map(jiff::civil::Date::weekday);
            let mut matching = (1..=length).filter(|at| of(*at).is_ok_and(|on| days.contains(&on)));
            let nth = INDEXES.iter().find(|(_, name)| name == index).map_or(1, |(nth, _)| *nth);
            match usize::try_from(nth - 1) {
                Ok(skipped) => matching.nth(skipped) == Some(day),
                Err(_) => matching.next_back() == Some(day),
            }
        }
    };
    if fits { Ok(which) } else { Err(reasons::NOT_IN_PATTERN) }
}

fn by_month_day(days: &[i8], rule: &Rule, month: Option<i8>) -> Result<Which, &'static str> {
    match (days, rule.by_set_position.as_slice()) {
        ([-1], []) => Ok(Which::Weekday(WEEK.to_vec(), "last")),
        ([one], []) if *one > 0 => day(*one, rule, month),
        ([_], []) => Err(reasons::FROM_END),
        (_, []) => Err(reasons::SEVERAL_MONTH_DAYS),
        _ => Err(reasons::SET_POSITION),
    }
}

/// A day of the month that Exchange does not move.
fn day(day: i8, rule: &Rule, month: Option<i8>) -> Result<Which, &'static str> {
    let shortest = match month {
        None | Some(2) => SHORTEST_MONTH,
        Some(4 | 6 | 9 | 11) => 30,
        Some(_) => 31,
    };
    if day > shortest && rule.skip != Some(Skip::Backward) {
        return Err(reasons::SHORT_MONTHS);
    }
    Ok(Which::Day(day))
}

fn by_weekday(days: &[NthDay], rule: &Rule) -> Result<Which, &'static str> {
    match (days, rule.by_set_position.as_slice()) {
        ([NthDay { nth: Some(nth), day }], []) => {
            Ok(Which::Weekday(vec![*day], index(i16::from(*nth)).ok_or(reasons::ORDINAL)?))
        }
        (days, []) if days.iter().all(|day| day.nth.is_none()) => Err(reasons::EVERY_WEEKDAY),
        (_, []) => Err(reasons::SEVERAL_ORDINALS),
        (days, [position]) if days.iter().all(|day| day.nth.is_none()) => {
            Ok(Which::Weekday(weekdays(days), index(*position).ok_or(reasons::SET_POSITION)?))
        }
        _ => Err(reasons::SET_POSITION),
    }
}

/// `weekIndex`, as iCalendar counts.
const INDEXES: [(i16, &str); 5] =
    [(1, "first"), (2, "second"), (3, "third"), (4, "fourth"), (-1, "last")];

fn index(nth: i16) -> Option<&'static str> {
    INDEXES.iter().find(|(known, _)| *known == nth).map(|(_, name)| *name)
}

fn range(rule: &Rule, event: &SourceEvent) -> Result<Value, &'static str> {
    let start = event.start.local();
    let mut range = json!({
        "startDate": start.date().to_string(),
        "recurrenceTimeZone": zone_name(&event.start),
    });
    if let Some(count) = rule.count {
        range["type"] = json!("numbered");
        range["numberOfOccurrences"] = json!(count);
    } else if let Some(until) = until_local(rule, &event.start) {
        // The last day on which an occurrence may start: the end itself if its time is not earlier.
        let end =
            if until.time() < start.time() { until.date().yesterday() } else { Ok(until.date()) };
        let end = end.ok().filter(|end| *end >= start.date()).ok_or(reasons::ENDS_BEFORE_START)?;
        range["type"] = json!("endDate");
        range["endDate"] = json!(end.to_string());
    } else {
        range["type"] = json!("noEnd");
    }
    Ok(range)
}

/// Each weekday once, in Graph's order.
fn weekdays(days: &[NthDay]) -> Vec<Weekday> {
    WEEK.into_iter().filter(|wanted| days.iter().any(|day| day.day == *wanted)).collect()
}

fn names(days: &[Weekday]) -> Vec<&'static str> {
    days.iter().map(|day| weekday_name(*day)).collect()
}

fn weekday_name(day: Weekday) -> &'static str {
    match day {
        Weekday::Sunday => "sunday",
        Weekday::Monday => "monday",
        Weekday::Tuesday => "tuesday",
        Weekday::Wednesday => "wednesday",
        Weekday::Thursday => "thursday",
        Weekday::Friday => "friday",
        Weekday::Saturday => "saturday",
    }
}
