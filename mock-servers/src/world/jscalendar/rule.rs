//! `recurrenceRule` (jscalendarbis-15): one object, its end by the clock of the event.

use jiff::civil::Weekday;
use serde_json::{Map, Value, json};

use super::{
    super::{NthDay, Rule, Skip, When, occurrences::until_local},
    local,
};

/// A rule of an event that starts at `start`.
pub(super) fn rule(rule: &Rule, start: &When) -> Value {
    let mut object = Map::new();
    let mut put = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            object.insert(name.to_owned(), value);
        }
    };
    put("@type", Some(json!("RecurrenceRule")));
    put("frequency", Some(json!(rule.frequency.name().to_ascii_lowercase())));
    put("interval", (rule.interval != 1).then(|| json!(rule.interval)));
    put("rscale", rule.scale.as_ref().map(|scale| json!(scale.to_ascii_lowercase())));
    put("skip", rule.skip.map(|skip| json!(skip_name(skip))));
    let monday = rule.week_start == Weekday::Monday;
    put("firstDayOfWeek", (!monday).then(|| json!(weekday(rule.week_start))));
    put("byDay", list(&rule.by_day, nth_day));
    put("byMonthDay", list(&rule.by_month_day, |day| json!(day)));
    put("byMonth", list(&rule.by_month, |month| json!(month.to_string())));
    put("byYearDay", list(&rule.by_year_day, |day| json!(day)));
    put("byWeekNo", list(&rule.by_week_no, |week| json!(week)));
    put("byHour", list(&rule.by_hour, |hour| json!(hour)));
    put("byMinute", list(&rule.by_minute, |minute| json!(minute)));
    put("bySecond", list(&rule.by_second, |second| json!(second)));
    put("bySetPosition", list(&rule.by_set_position, |position| json!(position)));
    put("count", rule.count.map(|count| json!(count)));
    put("until", until(rule, start));
    Value::Object(object)
}

/// Days end at their midnight, so that the last day is in; times at the stated moment.
fn until(rule: &Rule, start: &When) -> Option<Value> {
    let last = until_local(rule, start)?;
    let last = if start.is_date() { When::Date(last.date()).local() } else { last };
    Some(json!(local(last)))
}

fn list<T>(values: &[T], one: impl Fn(&T) -> Value) -> Option<Value> {
    (!values.is_empty()).then(|| Value::Array(values.iter().map(one).collect()))
}

fn nth_day(day: &NthDay) -> Value {
    let mut object = Map::new();
    object.insert("@type".to_owned(), json!("NDay"));
    object.insert("day".to_owned(), json!(weekday(day.day)));
    if let Some(nth) = day.nth {
        object.insert("nthOfPeriod".to_owned(), json!(nth));
    }
    Value::Object(object)
}

fn weekday(day: Weekday) -> &'static str {
    match day {
        Weekday::Monday => "mo",
        Weekday::Tuesday => "tu",
        Weekday::Wednesday => "we",
        Weekday::Thursday => "th",
        Weekday::Friday => "fr",
        Weekday::Saturday => "sa",
        Weekday::Sunday => "su",
    }
}

fn skip_name(skip: Skip) -> &'static str {
    match skip {
        Skip::Omit => "omit",
        Skip::Backward => "backward",
        Skip::Forward => "forward",
    }
}
