//! Occurrences of a rule in local time. The arithmetic is the `rrule` crate's; zones are left to the
//! caller, since a rule counts local days and hours.

use chrono::{Datelike as _, Month, NaiveDate, TimeZone as _, Timelike as _};
use jiff::civil::{Date, DateTime, Weekday};
use rrule::{NWeekday, RRule, RRuleSet, Tz};

use crate::world::{Frequency, NthDay, Rule, Skip, Until, When};

/// The most occurrences that are ever looked at.
pub(crate) const MOST: usize = 20_000;

/// The local starts that the rule gives for an event that starts at `start`, which is always the
/// first (RFC 5545 section 3.8.5.3), in order, at most [`MOST`]. None but the start when the rule is
/// beyond the
/// arithmetic (another calendar scale, skipping forward).
pub(crate) fn occurrences(rule: &Rule, start: &When) -> impl Iterator<Item = DateTime> + use<> {
    let first = start.local();
    let set = expand(rule, start);
    let given = set.into_iter().flat_map(|set| (&set).into_iter()).filter_map(civil);
    let rest = given.filter(move |local| *local > first);
    let most = rule.count.map_or(MOST, |count| (count as usize).min(MOST));
    std::iter::once(first).chain(rest).take(most)
}

/// Whether the rule gives an occurrence that starts at that local time.
pub(crate) fn generates(rule: &Rule, start: &When, local: DateTime) -> bool {
    occurrences(rule, start).take_while(|given| *given <= local).any(|given| given == local)
}

fn expand(rule: &Rule, start: &When) -> Option<RRuleSet> {
    if rule.scale.as_deref().is_some_and(|scale| scale != "GREGORIAN") {
        return None;
    }
    let mut rule = rule.clone();
    crate::facts::settle_skip(&mut rule, start);
    if rule.skip.is_some_and(|skip| skip != Skip::Omit) {
        return None;
    }
    let first = utc(start.local())?;
    let mut built = RRule::new(frequency(rule.frequency))
        .interval(u16::try_from(rule.interval.max(1)).ok()?)
        .week_start(weekday(rule.week_start))
        .by_set_pos(rule.by_set_position.iter().map(|position| i32::from(*position)).collect())
        .by_month_day(rule.by_month_day.clone())
        .by_year_day(rule.by_year_day.clone())
        .by_week_no(rule.by_week_no.clone())
        .by_weekday(rule.by_day.iter().map(nth_weekday).collect())
        .by_hour(rule.by_hour.clone())
        .by_minute(rule.by_minute.clone())
        .by_second(rule.by_second.clone())
        .by_month(&months(&rule)?);
    if let Some(count) = rule.count {
        built = built.count(count);
    }
    if let Some(until) = &rule.until {
        built = built.until(utc(last(until, start))?);
    }
    built.build(first).ok().map(RRuleSet::limit)
}

fn months(rule: &Rule) -> Option<Vec<Month>> {
    rule.by_month.iter().map(|month| Month::try_from(month.number).ok()).collect()
}

fn last(until: &Until, start: &When) -> DateTime {
    match until {
        Until::Date(date) => date.at(23, 59, 59, 0),
        Until::Local(local) => *local,
        Until::Utc(instant) => crate::facts::local_of(*instant, start),
    }
}

fn utc(local: DateTime) -> Option<chrono::DateTime<Tz>> {
    let part = |value: i8| u32::try_from(value).ok();
    let date =
        NaiveDate::from_ymd_opt(i32::from(local.year()), part(local.month())?, part(local.day())?)?;
    let time =
        date.and_hms_opt(part(local.hour())?, part(local.minute())?, part(local.second())?)?;
    Some(Tz::UTC.from_utc_datetime(&time))
}

fn civil(at: chrono::DateTime<Tz>) -> Option<DateTime> {
    let part = |value: u32| i8::try_from(value).ok();
    let date =
        Date::new(i16::try_from(at.year()).ok()?, part(at.month())?, part(at.day())?).ok()?;
    Some(date.at(part(at.hour())?, part(at.minute())?, part(at.second())?, 0))
}

fn frequency(frequency: Frequency) -> rrule::Frequency {
    match frequency {
        Frequency::Secondly => rrule::Frequency::Secondly,
        Frequency::Minutely => rrule::Frequency::Minutely,
        Frequency::Hourly => rrule::Frequency::Hourly,
        Frequency::Daily => rrule::Frequency::Daily,
        Frequency::Weekly => rrule::Frequency::Weekly,
        Frequency::Monthly => rrule::Frequency::Monthly,
        Frequency::Yearly => rrule::Frequency::Yearly,
    }
}

fn nth_weekday(day: &NthDay) -> NWeekday {
    NWeekday::new(day.nth.map(i16::from), weekday(day.day))
}

fn weekday(day: Weekday) -> rrule::Weekday {
    match day {
        Weekday::Monday => rrule::Weekday::Mon,
        Weekday::Tuesday => rrule::Weekday::Tue,
        Weekday::Wednesday => rrule::Weekday::Wed,
        Weekday::Thursday => rrule::Weekday::Thu,
        Weekday::Friday => rrule::Weekday::Fri,
        Weekday::Saturday => rrule::Weekday::Sat,
        Weekday::Sunday => rrule::Weekday::Sun,
    }
}
