//! A `recurrenceRule` as a typed rule. What is out of range was refused when it was written; what
//! is unreadable all the same is left out.

use jiff::civil::Weekday;
use serde_json::{Map, Value};

use super::times;
use crate::world::{Frequency, Month, NthDay, Rule, Skip, Until};

/// The rule of an event object.
pub(super) fn of(event: &Map<String, Value>) -> Option<Rule> {
    let Some(Value::Object(rule)) = event.get("recurrenceRule") else { return None };
    let text = |name: &str| rule.get(name).and_then(Value::as_str);
    let frequency = match text("frequency")? {
        "yearly" => Frequency::Yearly,
        "monthly" => Frequency::Monthly,
        "weekly" => Frequency::Weekly,
        "daily" => Frequency::Daily,
        "hourly" => Frequency::Hourly,
        "minutely" => Frequency::Minutely,
        "secondly" => Frequency::Secondly,
        _ => return None,
    };
    let until = text("until").and_then(times::local).map(Until::Local);
    let scale = text("rscale").map(str::to_uppercase).filter(|scale| scale != "GREGORIAN");
    Some(Rule {
        raw: String::new(),
        frequency,
        interval: number(rule.get("interval")).unwrap_or(1),
        until,
        count: number(rule.get("count")),
        by_second: numbers(rule, "bySecond"),
        by_minute: numbers(rule, "byMinute"),
        by_hour: numbers(rule, "byHour"),
        by_day: list(rule, "byDay").filter_map(nth_day).collect(),
        by_month_day: numbers(rule, "byMonthDay"),
        by_year_day: numbers(rule, "byYearDay"),
        by_week_no: numbers(rule, "byWeekNo"),
        by_month: list(rule, "byMonth").filter_map(month).collect(),
        by_set_position: numbers(rule, "bySetPosition"),
        week_start: text("firstDayOfWeek").and_then(weekday).unwrap_or(Weekday::Monday),
        scale,
        skip: match text("skip") {
            Some("omit") => Some(Skip::Omit),
            Some("backward") => Some(Skip::Backward),
            Some("forward") => Some(Skip::Forward),
            _ => None,
        },
    })
}

fn list<'a>(rule: &'a Map<String, Value>, name: &str) -> impl Iterator<Item = &'a Value> {
    rule.get(name).and_then(Value::as_array).into_iter().flatten()
}

fn number<T: TryFrom<i64>>(value: Option<&Value>) -> Option<T> {
    T::try_from(value?.as_i64()?).ok()
}

fn numbers<T: TryFrom<i64>>(rule: &Map<String, Value>, name: &str) -> Vec<T> {
    list(rule, name).filter_map(|value| number(Some(value))).collect()
}

fn nth_day(value: &Value) -> Option<NthDay> {
    let day = weekday(value.get("day")?.as_str()?)?;
    Some(NthDay { nth: number(value.get("nthOfPeriod")), day })
}

fn month(value: &Value) -> Option<Month> {
    let text = value.as_str()?;
    let digits = text.strip_suffix('L');
    let number = digits.unwrap_or(text).parse().ok()?;
    Some(Month { number, leap: digits.is_some() })
}

fn weekday(text: &str) -> Option<Weekday> {
    Some(match text {
        "mo" => Weekday::Monday,
        "tu" => Weekday::Tuesday,
        "we" => Weekday::Wednesday,
        "th" => Weekday::Thursday,
        "fr" => Weekday::Friday,
        "sa" => Weekday::Saturday,
        "su" => Weekday::Sunday,
        _ => return None,
    })
}
