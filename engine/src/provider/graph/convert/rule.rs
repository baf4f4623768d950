//! Which recurrence of Graph a rule is, or why it is none.

use serde_json::{Map, Value};

use crate::content::{Inexpressible, local};

use super::recurrence::{DAYS, EVERY_MONTH, End, Pattern, Recurrence, WEEKS, longest};
use super::refusal::cannot;

/// Parts that no pattern has, with the reason.
const NEVER: [(&str, &str); 6] = [
    ("rscale", "graph knows no other calendar than the gregorian"),
    ("byHour", "graph repeats at the time of day of the start only"),
    ("byMinute", "graph repeats at the time of day of the start only"),
    ("bySecond", "graph repeats at the time of day of the start only"),
    ("byYearDay", "graph does not count the days of a year"),
    ("byWeekNo", "graph does not count the weeks of a year"),
];
/// All parts that are looked at.
const KNOWN: [&str; 10] = [
    "byDay",
    "byMonth",
    "byMonthDay",
    "bySetPosition",
    "count",
    "firstDayOfWeek",
    "frequency",
    "interval",
    "skip",
    "until",
];

/// The recurrence that a rule in normal form stands for.
pub(super) fn recurrence(rule: &Map<String, Value>) -> Result<Recurrence, Inexpressible> {
    if let Some((name, reason)) = NEVER.iter().find(|(name, _)| rule.contains_key(*name)) {
        return Err(refuse(name, reason));
    }
    if let Some(name) = rule.keys().find(|name| !KNOWN.contains(&name.as_str())) {
        return Err(refuse(name, "graph has no such part of a pattern"));
    }
    let parts = Parts::of(rule)?;
    let pattern = match rule.get("frequency").and_then(Value::as_str) {
        Some("daily") => parts.daily(),
        Some("weekly") => parts.weekly(rule),
        Some("monthly") => parts.monthly(),
        Some("yearly") => parts.yearly(),
        Some("hourly" | "minutely" | "secondly") => {
            Err(refuse("frequency", "graph repeats once a day at most"))
        }
        _ => Err(refuse("frequency", "graph has no such pattern")),
    }?;
    let interval = rule.get("interval").map_or(Some(1), Value::as_i64);
    let interval = interval.filter(|interval| (1..=i64::from(i32::MAX)).contains(interval));
    let interval = interval.ok_or_else(|| refuse("interval", "no whole number"))?;
    Ok(Recurrence { interval, pattern, end: end(rule)? })
}

fn end(rule: &Map<String, Value>) -> Result<End, Inexpressible> {
    match (rule.get("count"), rule.get("until")) {
        (None, None) => Ok(End::Never),
        (Some(_), Some(_)) => Err(refuse("until", "graph ends a series in one way only")),
        (Some(count), None) => {
            let count = count.as_i64().filter(|count| (1..=i64::from(i32::MAX)).contains(count));
            count.map(End::Count).ok_or_else(|| refuse("count", "no whole number"))
        }
        (None, Some(until)) => {
            let until = until.as_str().and_then(local);
            let until = until.ok_or_else(|| refuse("until", "no local date and time"))?;
            Ok(End::Until(until.date()))
        }
    }
}

/// The parts that choose days.
struct Parts {
    /// Days of the week with their place in the period.
    days: Vec<(usize, Option<i64>)>,
    month_days: Vec<i64>,
    months: Vec<i8>,
    positions: Vec<i64>,
    /// Whether a day that a month does not have means its last.
    last_instead: bool,
}

impl Parts {
    fn of(rule: &Map<String, Value>) -> Result<Self, Inexpressible> {
        let list = |name: &str| {
            rule.get(name).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
        };
        let numbers = |name: &str| -> Result<Vec<i64>, Inexpressible> {
            let numbers: Option<_> = list(name).iter().map(Value::as_i64).collect();
            numbers.ok_or_else(|| refuse(name, "no whole numbers"))
        };
        let days = list("byDay").iter().map(|day| {
            let name = day.get("day").and_then(Value::as_str)?;
            let index = DAYS.iter().position(|(_, short)| *short == name)?;
            Some((index, day.get("nthOfPeriod").and_then(Value::as_i64)))
        });
        let days: Option<Vec<_>> = days.collect();
        let months = list("byMonth").iter().map(|month| {
            let month = month.as_str()?.parse::<i8>().ok()?;
            (1..=12).contains(&month).then_some(month)
        });
        let months: Option<Vec<_>> = months.collect();
        let skip = rule.get("skip").and_then(Value::as_str).unwrap_or("omit");
        Ok(Self {
            days: days.ok_or_else(|| refuse("byDay", "no days of the week"))?,
            month_days: numbers("byMonthDay")?,
            months: months
                .ok_or_else(|| refuse("byMonth", "no month of the gregorian calendar"))?,
            positions: numbers("bySetPosition")?,
            last_instead: skip == "backward",
        })
    }

    fn daily(&self) -> Result<Pattern, Inexpressible> {
        self.none_of_month()?;
        self.no_position()?;
        if !self.days.is_empty() {
            return Err(refuse("byDay", "graph repeats by days or on weekdays, not both"));
        }
        Ok(Pattern::Daily)
    }

    fn weekly(&self, rule: &Map<String, Value>) -> Result<Pattern, Inexpressible> {
        self.none_of_month()?;
        self.no_position()?;
        if self.days.iter().any(|(_, nth)| nth.is_some()) {
            return Err(refuse("byDay", "graph counts weekdays within months only"));
        }
        let first = rule.get("firstDayOfWeek").and_then(Value::as_str).unwrap_or("mo");
        let first = DAYS.iter().position(|(_, short)| *short == first);
        let first = first.ok_or_else(|| refuse("firstDayOfWeek", "no day of the week"))?;
        Ok(Pattern::Weekly { days: self.plain_days(), first })
    }

    fn monthly(&self) -> Result<Pattern, Inexpressible> {
        if !self.months.is_empty() {
            return Err(refuse("byMonth", "graph names a month in yearly patterns only"));
        }
        if self.days.is_empty() {
            return Ok(Pattern::Monthly { day: self.day_of(None)? });
        }
        let (days, week) = self.by_week()?;
        Ok(Pattern::MonthlyByWeek { days, week })
    }

    fn yearly(&self) -> Result<Pattern, Inexpressible> {
        let month = match self.months.as_slice() {
            [month] => *month,
            [] => return Err(refuse("byMonth", "graph needs a month in yearly patterns")),
            _ => return Err(refuse("byMonth", "graph names one month only")),
        };
        if self.days.is_empty() {
            return Ok(Pattern::Yearly { month, day: self.day_of(Some(month))? });
        }
        let (days, week) = self.by_week()?;
        Ok(Pattern::YearlyByWeek { month, days, week })
    }

    /// The `dayOfMonth`: the day itself where every such month has it, else the last day there is.
    fn day_of(&self, month: Option<i8>) -> Result<i64, Inexpressible> {
        let longest = month.map_or(31, longest);
        let always = match month {
            None | Some(2) => EVERY_MONTH,
            Some(_) => longest,
        };
        let last_of = |days: &[i64]| {
            let last = *days.last()?;
            let run = days.first() == Some(&EVERY_MONTH) && (days.len() as i64) == last - 27;
            (run && last <= longest).then_some(last)
        };
        match (self.month_days.as_slice(), self.positions.as_slice()) {
            ([day], []) if (1..=always).contains(day) => Ok(*day),
            ([day], []) if *day > always && *day <= longest && self.last_instead => Ok(*day),
            ([day], []) if *day > always => Err(refuse(
                "byMonthDay",
                "graph moves a day that a month does not have to its last day",
            )),
            ([-1], []) => Ok(longest),
            ([_], []) => Err(refuse("byMonthDay", "graph does not count days from the end")),
            (days, [-1]) => last_of(days)
                .ok_or_else(|| refuse("bySetPosition", "graph counts within weekdays only")),
            (_, [_, ..]) => Err(refuse("bySetPosition", "graph counts within weekdays only")),
            _ => Err(refuse("byMonthDay", "graph names one day of a month only")),
        }
    }

    /// One weekday of several by its place in the month.
    fn by_week(&self) -> Result<(Vec<usize>, i64), Inexpressible> {
        if !self.month_days.is_empty() {
            return Err(refuse(
                "byMonthDay",
                "graph takes a day of the month or a weekday, not both",
            ));
        }
        let (property, week) = match (self.days.as_slice(), self.positions.as_slice()) {
            ([(_, Some(nth))], []) => ("byDay", *nth),
            (days, [position]) if days.iter().all(|(_, nth)| nth.is_none()) => {
                ("bySetPosition", *position)
            }
            (_, []) => return Err(refuse("byDay", "graph names one weekday of a month only")),
            _ => {
                let reason = "graph counts once within one set of weekdays";
                return Err(refuse("bySetPosition", reason));
            }
        };
        if WEEKS.iter().any(|(_, number)| *number == week) {
            Ok((self.plain_days(), week))
        } else {
            Err(refuse(property, "graph counts from the first to the fourth, and the last"))
        }
    }

    fn plain_days(&self) -> Vec<usize> {
        self.days.iter().map(|(day, _)| *day).collect()
    }

    fn none_of_month(&self) -> Result<(), Inexpressible> {
        if !self.months.is_empty() {
            return Err(refuse("byMonth", "graph names a month in yearly patterns only"));
        }
        if !self.month_days.is_empty() {
            let reason = "graph names days of the month in monthly and yearly patterns only";
            return Err(refuse("byMonthDay", reason));
        }
        Ok(())
    }

    fn no_position(&self) -> Result<(), Inexpressible> {
        if self.positions.is_empty() {
            return Ok(());
        }
        Err(refuse("bySetPosition", "graph counts weekdays within months only"))
    }
}

fn refuse(part: &str, reason: &str) -> Inexpressible {
    cannot(&format!("recurrenceRule/{part}"), reason)
}
