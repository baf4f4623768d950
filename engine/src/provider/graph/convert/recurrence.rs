//! A recurrence that Graph can hold, between its JSON and a rule.
//!
//! Graph counts differently from RFC 5545 at the end of months: where a month is too short for
//! `dayOfMonth`, its last day is meant (documented for Exchange, `AbsoluteMonthlyRecurrence`). The
//! rules given here say that with parts that every calendar knows: day 31 is `byMonthDay: [-1]`.

use jiff::civil::{Date, DateTime};
use serde_json::{Map, Value, json};

use crate::content::{Malformed, local_text};

use super::refusal::malformed;

/// Days of the week in the words of Graph and of JSCalendar.
pub(super) const DAYS: [(&str, &str); 7] = [
    ("monday", "mo"),
    ("tuesday", "tu"),
    ("wednesday", "we"),
    ("thursday", "th"),
    ("friday", "fr"),
    ("saturday", "sa"),
    ("sunday", "su"),
];
/// Weeks of a month in the words of Graph and as numbers.
pub(super) const WEEKS: [(&str, i64); 5] =
    [("first", 1), ("second", 2), ("third", 3), ("fourth", 4), ("last", -1)];
/// Days that every month has.
pub(super) const EVERY_MONTH: i64 = 28;

/// A recurrence of Graph.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Recurrence {
    /// How many days, weeks, months or years lie between two occurrences.
    pub(super) interval: i64,
    /// On which days it falls.
    pub(super) pattern: Pattern,
    /// When it ends.
    pub(super) end: End,
}

/// On which days a recurrence falls. Days of the week are places in [`DAYS`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Pattern {
    /// Every day.
    Daily,
    /// On these days of the week; weeks start with `first`.
    Weekly { days: Vec<usize>, first: usize },
    /// On a day of the month, or its last.
    Monthly { day: i64 },
    /// On one of these days of the week, by its place in the month.
    MonthlyByWeek { days: Vec<usize>, week: i64 },
    /// On a day of the year.
    Yearly { month: i8, day: i64 },
    /// On one of these days of the week, by its place in a month of the year.
    YearlyByWeek { month: i8, days: Vec<usize>, week: i64 },
}

/// When a recurrence ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// Never.
    Never,
    /// After this many occurrences.
    Count(i64),
    /// With this date.
    Until(Date),
}

impl Recurrence {
    /// The `recurrence` of a master that starts on a date.
    pub(super) fn graph(&self, start: Date, zone: &str) -> Value {
        let mut pattern = Map::from_iter([("interval".to_owned(), Value::from(self.interval))]);
        let mut put = |name: &str, value: Value| pattern.insert(name.to_owned(), value);
        match &self.pattern {
            Pattern::Daily => {
                put("type", json!("daily"));
            }
            Pattern::Weekly { days, first } => {
                put("type", json!("weekly"));
                put("daysOfWeek", day_names(days));
                put("firstDayOfWeek", json!(DAYS[*first].0));
            }
            Pattern::Monthly { day } => {
                put("type", json!("absoluteMonthly"));
                put("dayOfMonth", json!(day));
            }
            Pattern::MonthlyByWeek { days, week } => {
                put("type", json!("relativeMonthly"));
                put("daysOfWeek", day_names(days));
                put("index", week_name(*week));
            }
            Pattern::Yearly { month, day } => {
                put("type", json!("absoluteYearly"));
                put("dayOfMonth", json!(day));
                put("month", json!(month));
            }
            Pattern::YearlyByWeek { month, days, week } => {
                put("type", json!("relativeYearly"));
                put("daysOfWeek", day_names(days));
                put("index", week_name(*week));
                put("month", json!(month));
            }
        }
        let mut range = json!({"startDate": start.to_string(), "recurrenceTimeZone": zone});
        match self.end {
            End::Never => range["type"] = json!("noEnd"),
            End::Count(count) => {
                range["type"] = json!("numbered");
                range["numberOfOccurrences"] = json!(count);
            }
            End::Until(date) => {
                range["type"] = json!("endDate");
                range["endDate"] = json!(date.to_string());
            }
        }
        json!({"pattern": pattern, "range": range})
    }

    /// Reads a `recurrence`.
    pub(super) fn read(value: &Value) -> Result<Self, Malformed> {
        let wrong = |problem: &'static str| malformed("recurrence", problem);
        let pattern = value.get("pattern").ok_or_else(|| wrong("has no pattern"))?;
        let range = value.get("range").ok_or_else(|| wrong("has no range"))?;
        let number = |from: &Value, name: &str| from.get(name).and_then(Value::as_i64);
        let day = || number(pattern, "dayOfMonth").filter(|day| (1..=31).contains(day));
        let day = || day().ok_or_else(|| wrong("names no day of the month"));
        let month = || number(pattern, "month").filter(|month| (1..=12).contains(month));
        let month = || month().and_then(|month| i8::try_from(month).ok());
        let month = || month().ok_or_else(|| wrong("names no month"));
        let days = || days_of(pattern).ok_or_else(|| wrong("names no day of the week"));
        let week = || {
            let name = text(pattern, "index").unwrap_or("first");
            let week = WEEKS.iter().find(|(week, _)| *week == name).map(|(_, week)| *week);
            week.ok_or_else(|| wrong("names no week of the month"))
        };
        // Sunday is the documented default.
        let first = text(pattern, "firstDayOfWeek").and_then(day_index).unwrap_or(6);
        let kind = match text(pattern, "type") {
            Some("daily") => Pattern::Daily,
            Some("weekly") => Pattern::Weekly { days: days()?, first },
            Some("absoluteMonthly") => Pattern::Monthly { day: day()? },
            Some("relativeMonthly") => Pattern::MonthlyByWeek { days: days()?, week: week()? },
            Some("absoluteYearly") => Pattern::Yearly { month: month()?, day: day()? },
            Some("relativeYearly") => {
                Pattern::YearlyByWeek { month: month()?, days: days()?, week: week()? }
            }
            _ => return Err(wrong("is of no known type")),
        };
        let end = match text(range, "type") {
            Some("noEnd") | None => End::Never,
            Some("numbered") => {
                let count = number(range, "numberOfOccurrences").filter(|count| *count > 0);
                End::Count(count.ok_or_else(|| wrong("has no number of occurrences"))?)
            }
            Some("endDate") => {
                let date = text(range, "endDate").and_then(|date| date.parse().ok());
                End::Until(date.ok_or_else(|| wrong("has no last date"))?)
            }
            Some(_) => return Err(wrong("ends in no known way")),
        };
        let interval = number(pattern, "interval").filter(|interval| *interval > 0).unwrap_or(1);
        Ok(Self { interval, pattern: kind, end })
    }

    /// The rule of a series that starts at a time. Only parts of RFC 5545.
    pub(super) fn rule(&self, start: DateTime) -> Map<String, Value> {
        let mut rule = Map::new();
        let mut put = |name: &str, value: Value| rule.insert(name.to_owned(), value);
        if self.interval > 1 {
            put("interval", json!(self.interval));
        }
        match self.end {
            End::Never => None,
            End::Count(count) => put("count", json!(count)),
            End::Until(date) => put("until", local_text(date.to_datetime(start.time())).into()),
        };
        let frequency = match &self.pattern {
            Pattern::Daily => "daily",
            Pattern::Weekly { days, first } => {
                put("byDay", days.iter().map(|day| json!({"day": DAYS[*day].1})).collect());
                put("firstDayOfWeek", json!(DAYS[*first].1));
                "weekly"
            }
            Pattern::Monthly { day } => {
                for (name, numbers) in month_days(None, *day) {
                    put(name, numbers);
                }
                "monthly"
            }
            Pattern::MonthlyByWeek { days, week } => {
                for (name, value) in week_days(days, *week) {
                    put(name, value);
                }
                "monthly"
            }
            Pattern::Yearly { month, day } => {
                put("byMonth", json!([month.to_string()]));
                for (name, numbers) in month_days(Some(*month), *day) {
                    put(name, numbers);
                }
                "yearly"
            }
            Pattern::YearlyByWeek { month, days, week } => {
                put("byMonth", json!([month.to_string()]));
                for (name, value) in week_days(days, *week) {
                    put(name, value);
                }
                "yearly"
            }
        };
        put("frequency", json!(frequency));
        rule
    }
}

/// How many days a month has at most.
pub(super) fn longest(month: i8) -> i64 {
    match month {
        2 => 29,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// The parts of a rule that stand for a day of the month, or of one month, or its last day where
/// it is shorter.
fn month_days(month: Option<i8>, day: i64) -> Vec<(&'static str, Value)> {
    let (shortest, longest) = match month {
        None | Some(2) => (EVERY_MONTH, month.map_or(31, longest)),
        Some(month) => (longest(month), longest(month)),
    };
    let day = day.min(longest);
    if day <= shortest {
        vec![("byMonthDay", json!([day]))]
    } else if day == longest {
        vec![("byMonthDay", json!([-1]))]
    } else {
        // Of these days the last one that there is.
        let days: Vec<i64> = (shortest..=day).collect();
        vec![("byMonthDay", json!(days)), ("bySetPosition", json!([-1]))]
    }
}

/// The parts of a rule that stand for one of several days of the week.
fn week_days(days: &[usize], week: i64) -> Vec<(&'static str, Value)> {
    if let [day] = days {
        return vec![("byDay", json!([{"day": DAYS[*day].1, "nthOfPeriod": week}]))];
    }
    let days = days.iter().map(|day| json!({"day": DAYS[*day].1})).collect();
    vec![("byDay", days), ("bySetPosition", json!([week]))]
}

fn day_names(days: &[usize]) -> Value {
    days.iter().map(|day| Value::from(DAYS[*day].0)).collect()
}

fn week_name(week: i64) -> Value {
    WEEKS.iter().find(|(_, number)| *number == week).map(|(name, _)| Value::from(*name)).into()
}

fn day_index(name: &str) -> Option<usize> {
    DAYS.iter().position(|(day, _)| day.eq_ignore_ascii_case(name))
}

/// The days of the week, from Monday, each once; none where there are none.
fn days_of(pattern: &Value) -> Option<Vec<usize>> {
    let names = pattern.get("daysOfWeek")?.as_array()?;
    let days: Option<Vec<usize>> =
        names.iter().map(|name| name.as_str().and_then(day_index)).collect();
    let mut days = days.filter(|days| !days.is_empty())?;
    days.sort_unstable();
    days.dedup();
    Some(days)
}

fn text<'a>(value: &'a Value, name: &str) -> Option<&'a str> {
    value.get(name).and_then(Value::as_str)
}
