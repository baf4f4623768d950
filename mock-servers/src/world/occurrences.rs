//! The occurrences of a series by wall-clock time, as far as they are needed here: which starts a
//! rule gives up to a certain one.
//!
//! The arithmetic is that of the `rrule` crate. It runs on wall-clock times as if they were UTC, so
//! that changes of the clock play no part; only rules with several occurrences a day could tell.

use chrono::TimeZone as _;
use jiff::civil::DateTime;

use super::{Rule, SourceEvent, Until, When};

/// Occurrences beyond which a series is not followed.
const OCCURRENCES_MAX: u16 = 20_000;

/// The starts that the rule of an event gives, its first start among them, up to and with `last`.
/// None where the rule cannot be followed: another calendar, no rule, or too many occurrences.
pub(super) fn occurrences(event: &SourceEvent, last: DateTime) -> Option<Vec<DateTime>> {
    let rule = event.rule.as_ref()?;
    if rule.scale.is_some() || rule.skip.is_some() {
        return None;
    }
    let start = event.start.local();
    let end = until_local(rule, &event.start).map_or(last, |until| until.min(last));
    if end < start {
        return Some(vec![start]);
    }
    let followed = Rule { until: None, raw: String::new(), ..rule.clone() };
    let text = followed.to_string();
    let first = to_chrono(start)?;
    let rule: rrule::RRule<rrule::Unvalidated> = text.parse().ok()?;
    let set = rrule::RRuleSet::new(first).rrule(rule.validate(first).ok()?).before(to_chrono(end)?);
    let found = set.all(OCCURRENCES_MAX);
    if found.limited {
        return None;
    }
    let mut starts: Vec<DateTime> = found.dates.iter().filter_map(from_chrono).collect();
    starts.retain(|at| *at <= end);
    if starts.first() != Some(&start) {
        // The first start belongs to the series even where the rule does not give it.
        starts.insert(0, start);
    }
    Some(starts)
}

/// The last moment of a rule by the clock of its event; the end of the day for a date.
pub(super) fn until_local(rule: &Rule, start: &When) -> Option<DateTime> {
    Some(match (rule.until?, start) {
        (Until::Date(date), _) => date.at(23, 59, 59, 0),
        (Until::Local(local), _) => local,
        (Until::Utc(instant), When::Zoned(_, zone)) => zone.rules().to_datetime(instant),
        (Until::Utc(instant), _) => jiff::tz::TimeZone::UTC.to_datetime(instant),
    })
}

fn to_chrono(local: DateTime) -> Option<chrono::DateTime<rrule::Tz>> {
    let month = u32::try_from(local.month()).ok()?;
    let [day, hour, minute, second] = [local.day(), local.hour(), local.minute(), local.second()]
        .map(|part| u32::try_from(part).unwrap_or(0));
    rrule::Tz::UTC.with_ymd_and_hms(local.year().into(), month, day, hour, minute, second).single()
}

fn from_chrono(at: &chrono::DateTime<rrule::Tz>) -> Option<DateTime> {
    let instant = jiff::Timestamp::from_second(at.timestamp()).ok()?;
    Some(jiff::tz::TimeZone::UTC.to_datetime(instant))
}
