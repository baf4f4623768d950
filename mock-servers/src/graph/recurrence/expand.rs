//! The arithmetic of patterns, behind a trait of ours: the `rrule` crate does it in floating time.

use chrono::{Datelike, TimeZone as _, Timelike};
use jiff::Span;
use jiff::civil::{Date, DateTime, Weekday};
use rrule::{Frequency, NWeekday, RRule, RRuleSet, Tz, Unvalidated};

use super::pattern::{End, Pattern, Recurrence};

/// Turns a recurrence into the wall-clock times at which its occurrences start.
pub(crate) trait Expand {
    /// The starts from `from` up to and including `upto`, in order, at most `most` of them.
    ///
    /// `first` is the master's start: its time of day is that of every occurrence.
    fn starts(
        &self,
        recurrence: &Recurrence,
        first: DateTime,
        span: (DateTime, DateTime),
        most: usize,
    ) -> Vec<DateTime>;
}

/// The expansion of the `rrule` crate.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rrule;

impl Expand for Rrule {
    fn starts(
        &self,
        recurrence: &Recurrence,
        first: DateTime,
        (from, upto): (DateTime, DateTime),
        most: usize,
    ) -> Vec<DateTime> {
        let Some(set) = set(recurrence, first, from) else { return Vec::new() };
        set.into_iter()
            .map_while(|start| jiff_time(&start))
            .take_while(|start| *start <= upto)
            .filter(|start| *start >= from)
            .take(most)
            .collect()
    }
}

fn set(recurrence: &Recurrence, first: DateTime, from: DateTime) -> Option<RRuleSet> {
    let start = near(recurrence, from.date()).to_datetime(first.time());
    let rule = rule(&recurrence.pattern);
    let rule = match recurrence.range.end {
        End::Never => rule,
        End::After(count) => rule.count(count),
        End::On(day) => {
            let last = day.to_datetime(jiff::civil::Time::constant(23, 59, 59, 0));
            rule.until(chrono_time(last)?)
        }
    };
    rule.build(chrono_time(start)?).ok()
}

/// A day on which the pattern may begin to be counted without changing what it gives from `from`
/// on: steps of days and weeks are skipped whole, so that an old series costs no more than a young
/// one.
fn near(recurrence: &Recurrence, from: Date) -> Date {
    let start = recurrence.range.start;
    let step = match &recurrence.pattern {
        Pattern::Daily { interval } => i64::from(*interval),
        Pattern::Weekly { interval, .. } => 7 * i64::from(*interval),
        _ => return start,
    };
    if matches!(recurrence.range.end, End::After(_)) || from <= start {
        return start;
    }
    let days = (from - start).get_days();
    let skipped = (i64::from(days) / step - 1).max(0) * step;
    start.checked_add(Span::new().days(skipped)).unwrap_or(start)
}

fn rule(pattern: &Pattern) -> RRule<Unvalidated> {
    let rule = |frequency, interval: u16| RRule::new(frequency).interval(interval);
    match pattern {
        Pattern::Daily { interval } => rule(Frequency::Daily, *interval),
        Pattern::Weekly { interval, days, first } => rule(Frequency::Weekly, *interval)
            .by_weekday(every(days))
            .week_start(chrono_weekday(*first)),
        Pattern::AbsoluteMonthly { interval, day } => {
            on_day(rule(Frequency::Monthly, *interval), *day)
        }
        Pattern::RelativeMonthly { interval, days, index } => rule(Frequency::Monthly, *interval)
            .by_weekday(every(days))
            .by_set_pos(vec![i32::from(index.number())]),
        Pattern::AbsoluteYearly { interval, month, day } => {
            on_day(in_month(rule(Frequency::Yearly, *interval), *month), *day)
        }
        Pattern::RelativeYearly { interval, month, days, index } => {
            in_month(rule(Frequency::Yearly, *interval), *month)
                .by_weekday(every(days))
                .by_set_pos(vec![i32::from(index.number())])
        }
    }
}

/// In a month that is too short, Outlook takes its last day.
fn on_day(rule: RRule<Unvalidated>, day: i8) -> RRule<Unvalidated> {
    if day <= 28 {
        return rule.by_month_day(vec![day]);
    }
    rule.by_month_day((28..=day).collect()).by_set_pos(vec![-1])
}

fn in_month(rule: RRule<Unvalidated>, month: i8) -> RRule<Unvalidated> {
    let month = u8::try_from(month).ok().and_then(|month| chrono::Month::try_from(month).ok());
    rule.by_month(&[month.unwrap_or(chrono::Month::January)])
}

fn every(days: &[Weekday]) -> Vec<NWeekday> {
    days.iter().map(|day| NWeekday::Every(chrono_weekday(*day))).collect()
}

fn chrono_weekday(day: Weekday) -> chrono::Weekday {
    match day {
        Weekday::Monday => chrono::Weekday::Mon,
        Weekday::Tuesday => chrono::Weekday::Tue,
        Weekday::Wednesday => chrono::Weekday::Wed,
        Weekday::Thursday => chrono::Weekday::Thu,
        Weekday::Friday => chrono::Weekday::Fri,
        Weekday::Saturday => chrono::Weekday::Sat,
        Weekday::Sunday => chrono::Weekday::Sun,
    }
}

/// Wall-clock time, told to the crate as if it were UTC.
fn chrono_time(local: DateTime) -> Option<chrono::DateTime<Tz>> {
    let month = u32::try_from(local.month()).ok()?;
    let day = u32::try_from(local.day()).ok()?;
    let [hour, minute, second] =
        [local.hour(), local.minute(), local.second()].map(|part| u32::try_from(part).ok());
    Tz::UTC.with_ymd_and_hms(i32::from(local.year()), month, day, hour?, minute?, second?).single()
}

fn jiff_time(time: &chrono::DateTime<Tz>) -> Option<DateTime> {
    let part = |number: u32| i8::try_from(number).ok();
    DateTime::new(
        i16::try_from(time.year()).ok()?,
        part(time.month())?,
        part(time.day())?,
        part(time.hour())?,
        part(time.minute())?,
        part(time.second())?,
        0,
    )
    .ok()
}
