//! A `VTIMEZONE` as offsets over time (RFC 5545, section 3.6.5).
//!
//! Rules are taken as far as time zones use them: yearly, by month and weekday or day. An
//! observance with another rule counts at its start and its `RDATE`s only.

use std::ops::RangeInclusive;

use jiff::{
    civil::{Date, DateTime},
    tz::TimeZone,
};

use super::{
    super::{Frequency, Rule, Until, properties::split, rule},
    component::Component,
    values::{parse_date_time, parse_offset},
};

/// Observances of one zone, and `RDATE`s of one observance, beyond which the rest is not read.
const OBSERVANCES_MAX: usize = 2_000;

/// A time zone that a file defines.
#[derive(Clone, Debug)]
pub(crate) struct VTimeZone {
    /// TZID.
    pub(crate) id: String,
    /// Names that the component gives for itself besides its id: X-LIC-LOCATION, TZURL.
    pub(crate) names: Vec<String>,
    observances: Vec<Observance>,
}

#[derive(Clone, Debug)]
struct Observance {
    start: DateTime,
    from: i32,
    to: i32,
    rule: Option<Rule>,
    dates: Vec<DateTime>,
}

/// The moments at which the offset changes: seconds since 1970 in UTC, sorted, each with the offset
/// from then on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Onsets {
    before: i32,
    changes: Vec<(i64, i32)>,
}

impl Onsets {
    /// The offset at a moment.
    pub(crate) fn offset(&self, at: i64) -> i32 {
        let after = self.changes.partition_point(|(onset, _)| *onset <= at);
        after.checked_sub(1).map_or(self.before, |index| self.changes[index].1)
    }

    /// The moments.
    pub(crate) fn moments(&self) -> impl Iterator<Item = i64> {
        self.changes.iter().map(|(at, _)| *at)
    }
}

impl VTimeZone {
    /// The zone that a component defines; none without an id or a readable observance.
    pub(crate) fn read(component: &Component) -> Option<VTimeZone> {
        let id = component.property("TZID")?.text();
        let names = ["X-LIC-LOCATION", "TZURL", "X-TZINFO"]
            .into_iter()
            .filter_map(|name| component.property(name))
            .map(|property| property.value.trim().trim_end_matches(".ics").to_owned())
            .collect();
        let observances: Vec<Observance> = component
            .components
            .iter()
            .filter(|inner| matches!(inner.name.as_str(), "STANDARD" | "DAYLIGHT"))
            .take(OBSERVANCES_MAX)
            .filter_map(Observance::read)
            .collect();
        (!observances.is_empty()).then_some(VTimeZone { id, names, observances })
    }

    /// Its changes, complete for these years.
    pub(crate) fn onsets(&self, years: RangeInclusive<i16>) -> Onsets {
        let mut local: Vec<(DateTime, i32, i32)> = Vec::new();
        for observance in &self.observances {
            let starts = observance.starts(&years);
            local.extend(starts.into_iter().map(|at| (at, observance.from, observance.to)));
        }
        local.sort();
        let before = local.first().map_or(0, |(_, from, _)| *from);
        let mut changes: Vec<(i64, i32)> = local
            .into_iter()
            .filter_map(|(at, from, to)| {
                let seconds = TimeZone::UTC.to_timestamp(at).ok()?.as_second();
                Some((seconds - i64::from(from), to))
            })
            .collect();
        changes.sort_by_key(|(at, _)| *at);
        Onsets { before, changes }
    }
}

impl Observance {
    fn read(component: &Component) -> Option<Observance> {
        let value = |name: &str| component.property(name).map(|property| property.value.trim());
        let (start, _) = parse_date_time(value("DTSTART")?)?;
        let dates = component
            .all("RDATE")
            .flat_map(|property| split(&property.value, ','))
            .filter_map(|text| parse_date_time(text.split('/').next()?.trim()))
            .map(|(local, _)| local)
            .take(OBSERVANCES_MAX)
            .collect();
        Some(Observance {
            start,
            from: parse_offset(value("TZOFFSETFROM")?)?,
            to: parse_offset(value("TZOFFSETTO")?)?,
            rule: value("RRULE").and_then(|text| rule::parse(text).ok()),
            dates,
        })
    }

    /// The local times at which it begins: its start and dates, and those of its rule in the years
    /// and the one before.
    fn starts(&self, years: &RangeInclusive<i16>) -> Vec<DateTime> {
        let mut starts = vec![self.start];
        starts.extend(&self.dates);
        let Some(rule) = self.rule.as_ref().filter(|rule| rule.frequency == Frequency::Yearly)
        else {
            return starts;
        };
        let first = years.start().saturating_sub(1).max(self.start.year());
        for year in first..=years.end().saturating_add(1) {
            let nth = u32::try_from(year - self.start.year()).unwrap_or(0);
            let beyond = rule.count.is_some_and(|count| nth >= count);
            if beyond || !nth.is_multiple_of(rule.interval) {
                continue;
            }
            starts.extend(
                dates_in(rule, self.start.date(), year)
                    .into_iter()
                    .map(|date| date.to_datetime(self.start.time()))
                    .filter(|at| *at > self.start && !self.is_over(rule, *at)),
            );
        }
        starts
    }

    fn is_over(&self, rule: &Rule, at: DateTime) -> bool {
        match rule.until {
            None => false,
            Some(Until::Date(last)) => at.date() > last,
            Some(Until::Local(last)) => at > last,
            Some(Until::Utc(last)) => TimeZone::UTC
                .to_timestamp(at)
                .is_ok_and(|at| at.as_second() - i64::from(self.from) > last.as_second()),
        }
    }
}

/// The dates of a yearly rule in one year.
fn dates_in(rule: &Rule, start: Date, year: i16) -> Vec<Date> {
    let mut months: Vec<i8> =
        rule.by_month.iter().filter_map(|month| i8::try_from(month.number).ok()).collect();
    if months.is_empty() {
        months.push(start.month());
    }
    let mut dates = Vec::new();
    for month in months {
        let Ok(first) = Date::new(year, month, 1) else { continue };
        let mut days: Vec<Date> = first
            .series(jiff::Span::new().days(1))
            .take(usize::try_from(first.days_in_month()).unwrap_or(0))
            .filter(|date| matches(rule, start, *date))
            .collect();
        if let [position] = rule.by_set_position[..] {
            let at = if position > 0 {
                usize::try_from(position - 1).ok()
            } else {
                days.len().checked_sub(usize::from(position.unsigned_abs()))
            };
            days = at.and_then(|at| days.get(at).copied()).into_iter().collect();
        }
        dates.extend(days);
    }
    dates
}

/// True if a day of a month that is right satisfies the rule's days.
fn matches(rule: &Rule, start: Date, date: Date) -> bool {
    let length = date.days_in_month();
    let by_weekday = rule.by_day.iter().any(|wanted| {
        let nth_day = (date.day() - 1) / 7 + 1;
        let nth_last = -((length - date.day()) / 7 + 1);
        wanted.day == date.weekday()
            && wanted.nth.is_none_or(|nth| nth == nth_day || nth == nth_last)
    });
    let by_month_day = rule
        .by_month_day
        .iter()
        .any(|wanted| *wanted == date.day() || *wanted == date.day() - length - 1);
    match (rule.by_day.is_empty(), rule.by_month_day.is_empty()) {
        (true, true) => date.day() == start.day(),
        (false, true) => by_weekday,
        (true, false) => by_month_day,
        (false, false) => by_weekday && by_month_day,
    }
}
