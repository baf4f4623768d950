//! `patternedRecurrence` as a typed value: one of six patterns over a range of days.
//!
//! A `Recurrence` that exists is valid. Its JSON form is the one that Graph answers with: every
//! member present, those that do not apply at their zero.

use jiff::civil::{Date, Weekday};
use serde_json::{Value, json};

/// A recurrence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Recurrence {
    /// Which days.
    pub(crate) pattern: Pattern,
    /// From when till when.
    pub(crate) range: Range,
}

/// `recurrencePattern`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Pattern {
    /// Every so many days.
    Daily { interval: u16 },
    /// On these weekdays of every so many weeks.
    Weekly { interval: u16, days: Vec<Weekday>, first: Weekday },
    /// On a day of every so many months; on the last one where a month is too short.
    AbsoluteMonthly { interval: u16, day: i8 },
    /// On the n-th of these weekdays of every so many months.
    RelativeMonthly { interval: u16, days: Vec<Weekday>, index: Index },
    /// On a day of a month of every so many years.
    AbsoluteYearly { interval: u16, month: i8, day: i8 },
    /// On the n-th of these weekdays of a month of every so many years.
    RelativeYearly { interval: u16, month: i8, days: Vec<Weekday>, index: Index },
}

/// `weekIndex`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Index {
    #[default]
    First,
    Second,
    Third,
    Fourth,
    Last,
}

/// `recurrenceRange`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Range {
    /// The day of the master's start.
    pub(crate) start: Date,
    /// Where it ends.
    pub(crate) end: End,
    /// `recurrenceTimeZone`: the zone of the master's start.
    pub(crate) zone: String,
}

/// The end of a range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// Never.
    Never,
    /// With this day.
    On(Date),
    /// After so many occurrences, cancelled ones counted.
    After(u32),
}

impl Index {
    /// All of them, with Graph's names.
    pub(super) const NAMES: [(&'static str, Self); 5] = [
        ("first", Self::First),
        ("second", Self::Second),
        ("third", Self::Third),
        ("fourth", Self::Fourth),
        ("last", Self::Last),
    ];

    /// As iCalendar counts: 1 to 4, or -1.
    pub(crate) fn number(self) -> i8 {
        match self {
            Self::First => 1,
            Self::Second => 2,
            Self::Third => 3,
            Self::Fourth => 4,
            Self::Last => -1,
        }
    }

    fn name(self) -> &'static str {
        Self::NAMES.iter().find(|(_, index)| *index == self).map_or("first", |(name, _)| name)
    }
}

/// Graph's names of the weekdays.
pub(super) const WEEKDAYS: [(&str, Weekday); 7] = [
    ("sunday", Weekday::Sunday),
    ("monday", Weekday::Monday),
    ("tuesday", Weekday::Tuesday),
    ("wednesday", Weekday::Wednesday),
    ("thursday", Weekday::Thursday),
    ("friday", Weekday::Friday),
    ("saturday", Weekday::Saturday),
];

fn weekday_name(day: Weekday) -> &'static str {
    WEEKDAYS.iter().find(|(_, known)| *known == day).map_or("sunday", |(name, _)| name)
}

impl Recurrence {
    /// The JSON that Graph answers with.
    pub(crate) fn to_value(&self) -> Value {
        json!({ "pattern": self.pattern.to_value(), "range": self.range.to_value() })
    }
}

impl Pattern {
    /// The same pattern so many days later; none where it would become another kind of pattern.
    pub(crate) fn moved(&self, days: i32) -> Option<Self> {
        match self {
            pattern if days == 0 => Some(pattern.clone()),
            Self::Daily { .. } => Some(self.clone()),
            Self::Weekly { interval, days: weekdays, first } => {
                let mut weekdays: Vec<Weekday> =
                    weekdays.iter().map(|day| day.wrapping_add(days)).collect();
                weekdays.sort_by_key(|day| day.to_monday_zero_offset());
                Some(Self::Weekly { interval: *interval, days: weekdays, first: *first })
            }
            _ => None,
        }
    }

    fn to_value(&self) -> Value {
        let (kind, interval, month, day, days, first, index) = match self {
            Self::Daily { interval } => ("daily", interval, 0, 0, None, Weekday::Sunday, None),
            Self::Weekly { interval, days, first } => {
                ("weekly", interval, 0, 0, Some(days), *first, None)
            }
            Self::AbsoluteMonthly { interval, day } => {
                ("absoluteMonthly", interval, 0, *day, None, Weekday::Sunday, None)
            }
            Self::RelativeMonthly { interval, days, index } => {
                ("relativeMonthly", interval, 0, 0, Some(days), Weekday::Sunday, Some(*index))
            }
            Self::AbsoluteYearly { interval, month, day } => {
                ("absoluteYearly", interval, *month, *day, None, Weekday::Sunday, None)
            }
            Self::RelativeYearly { interval, month, days, index } => {
                ("relativeYearly", interval, *month, 0, Some(days), Weekday::Sunday, Some(*index))
            }
        };
        let days: Option<Vec<_>> =
            days.map(|days| days.iter().map(|day| weekday_name(*day)).collect());
        let mut value = json!({
            "type": kind,
            "interval": interval,
            "month": month,
            "dayOfMonth": day,
            "firstDayOfWeek": weekday_name(first),
            "index": index.unwrap_or_default().name(),
        });
        if let Some(days) = days {
            value["daysOfWeek"] = json!(days);
        }
        value
    }
}

impl Range {
    fn to_value(&self) -> Value {
        let (kind, end, count) = match self.end {
            End::Never => ("noEnd", "0001-01-01".to_owned(), 0),
            End::On(day) => ("endDate", day.to_string(), 0),
            End::After(count) => ("numbered", "0001-01-01".to_owned(), count),
        };
        json!({
            "type": kind,
            "startDate": self.start.to_string(),
            "endDate": end,
            "recurrenceTimeZone": self.zone,
            "numberOfOccurrences": count,
        })
    }
}
