//! Reading `patternedRecurrence`: what Graph requires of it, and how it refuses.
//!
//! The types of the members were checked against the metadata before. What is wrong beyond that is
//! `ErrorPropertyValidationFailure`, whose text names no property, as on the real server.

use jiff::civil::{Date, Weekday};
use serde_json::Value;

use super::pattern::{End, Index, Pattern, Range, Recurrence, WEEKDAYS};
use crate::graph::failure::Failure;
use crate::graph::moment::{Moment, zone};

/// The longest interval that Exchange takes.
const INTERVAL_MAX: i64 = 999;
/// The most occurrences that a range may count.
const COUNT_MAX: i64 = 999;

impl Recurrence {
    /// The recurrence of a master that starts at `start`.
    ///
    /// `startDate` may be missing where `lenient`, as on create; the day of the start stands in.
    pub(crate) fn parse(value: &Value, start: &Moment, lenient: bool) -> Result<Self, Failure> {
        Self::read(value, start, lenient).ok_or_else(refused)
    }

    /// What is stored; none where it makes no sense.
    pub(crate) fn stored(value: Option<&Value>, start: &Moment) -> Option<Self> {
        let value = value.filter(|value| !value.is_null())?;
        Self::read(value, start, true)
    }

    fn read(value: &Value, start: &Moment, lenient: bool) -> Option<Self> {
        let pattern = pattern(value.get("pattern")?)?;
        let range = range(value.get("range")?, start, lenient)?;
        Some(Self { pattern, range })
    }
}

fn refused() -> Failure {
    Failure::of("ErrorPropertyValidationFailure")
}

fn pattern(value: &Value) -> Option<Pattern> {
    let interval = value.get("interval")?.as_i64().filter(|n| (1..=INTERVAL_MAX).contains(n))?;
    let interval = u16::try_from(interval).ok()?;
    let days = || weekdays(value.get("daysOfWeek"));
    let number = |name: &str, most: i64| {
        let number = value.get(name)?.as_i64().filter(|n| (1..=most).contains(n))?;
        i8::try_from(number).ok()
    };
    let index = || match value.get("index") {
        None | Some(Value::Null) => Some(Index::First),
        Some(name) => named(&Index::NAMES, name),
    };
    let kind = value.get("type")?.as_str()?.to_ascii_lowercase();
    Some(match kind.as_str() {
        "daily" => Pattern::Daily { interval },
        "weekly" => {
            let first = match value.get("firstDayOfWeek") {
                None | Some(Value::Null) => Weekday::Sunday,
                Some(name) => named(&WEEKDAYS, name)?,
            };
            Pattern::Weekly { interval, days: days()?, first }
        }
        "absolutemonthly" => Pattern::AbsoluteMonthly { interval, day: number("dayOfMonth", 31)? },
        "relativemonthly" => Pattern::RelativeMonthly { interval, days: days()?, index: index()? },
        "absoluteyearly" => {
            let (month, day) = (number("month", 12)?, number("dayOfMonth", 31)?);
            Pattern::AbsoluteYearly { interval, month, day }
        }
        "relativeyearly" => {
            let month = number("month", 12)?;
            Pattern::RelativeYearly { interval, month, days: days()?, index: index()? }
        }
        _ => return None,
    })
}

/// At least one weekday, each once, Monday first.
fn weekdays(value: Option<&Value>) -> Option<Vec<Weekday>> {
    let names = value?.as_array()?;
    let mut days: Vec<Weekday> =
        names.iter().map(|name| named(&WEEKDAYS, name)).collect::<Option<_>>()?;
    days.sort_by_key(|day| day.to_monday_zero_offset());
    days.dedup();
    (!days.is_empty()).then_some(days)
}

fn named<T: Copy>(table: &[(&str, T)], value: &Value) -> Option<T> {
    let name = value.as_str()?;
    table.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| *value)
}

fn range(value: &Value, start: &Moment, lenient: bool) -> Option<Range> {
    let day = start.local.date();
    let first = match value.get("startDate").and_then(Value::as_str) {
        Some(text) => text.parse::<Date>().ok()?,
        None if lenient => day,
        None => return None,
    };
    if first != day {
        return None;
    }
    let named = value.get("recurrenceTimeZone").and_then(Value::as_str).filter(|n| !n.is_empty());
    let named = named.unwrap_or(&start.zone);
    // It may be another zone than the start's ("recurrenceRange resource type": "If not specified,
    // the time zone of the event is used"). That the days are counted in the start's all the same
    // is an assumption.
    zone(named)?;
    let kind = value.get("type")?.as_str()?.to_ascii_lowercase();
    let end = match kind.as_str() {
        "noend" => End::Never,
        "enddate" => {
            let last = value.get("endDate")?.as_str()?.parse::<Date>().ok()?;
            if last < first {
                return None;
            }
            End::On(last)
        }
        "numbered" => {
            let count = value.get("numberOfOccurrences")?.as_i64();
            let count = count.filter(|n| (1..=COUNT_MAX).contains(n))?;
            End::After(u32::try_from(count).ok()?)
        }
        _ => return None,
    };
    Some(Range { start: first, end, zone: named.to_owned() })
}
