//! A recurrence rule (RFC 5545, section 3.3.10; RFC 7529) as a typed value.
//!
//! A `Rule` that exists is valid: numbers are in range, no part is given twice, the combinations
//! that RFC 5545 forbids are absent.

mod parse;
mod show;

pub(crate) use parse::parse;

use jiff::{
    Timestamp,
    civil::{Date, DateTime, Weekday},
};
use serde::{Deserialize, Serialize};

/// A recurrence rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    /// The property's value as it stood in the file.
    pub raw: String,
    /// FREQ.
    pub frequency: Frequency,
    /// INTERVAL; 1 or more.
    pub interval: u32,
    /// UNTIL; never together with a count.
    pub until: Option<Until>,
    /// COUNT; 1 or more.
    pub count: Option<u32>,
    /// BYSECOND.
    pub by_second: Vec<u8>,
    /// BYMINUTE.
    pub by_minute: Vec<u8>,
    /// BYHOUR.
    pub by_hour: Vec<u8>,
    /// BYDAY.
    pub by_day: Vec<NthDay>,
    /// BYMONTHDAY; -31 to 31, not 0.
    pub by_month_day: Vec<i8>,
    /// BYYEARDAY; -366 to 366, not 0.
    pub by_year_day: Vec<i16>,
    /// BYWEEKNO; -53 to 53, not 0.
    pub by_week_no: Vec<i8>,
    /// BYMONTH.
    pub by_month: Vec<Month>,
    /// BYSETPOS; -366 to 366, not 0.
    pub by_set_position: Vec<i16>,
    /// WKST; Monday where the rule names none.
    #[serde(with = "weekday")]
    pub week_start: Weekday,
    /// RSCALE in upper case; none for the Gregorian calendar.
    pub scale: Option<String>,
    /// SKIP; only meaningful where a date may not exist.
    pub skip: Option<Skip>,
}

impl Rule {
    /// The rule that says no more than that.
    #[must_use]
    pub fn of(frequency: Frequency) -> Self {
        Self {
            raw: String::new(),
            frequency,
            interval: 1,
            until: None,
            count: None,
            by_second: Vec::new(),
            by_minute: Vec::new(),
            by_hour: Vec::new(),
            by_day: Vec::new(),
            by_month_day: Vec::new(),
            by_year_day: Vec::new(),
            by_week_no: Vec::new(),
            by_month: Vec::new(),
            by_set_position: Vec::new(),
            week_start: Weekday::Monday,
            scale: None,
            skip: None,
        }
    }
}

/// FREQ of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Frequency {
    /// Each second.
    Secondly,
    /// Each minute.
    Minutely,
    /// Each hour.
    Hourly,
    /// Each day.
    Daily,
    /// Each week.
    Weekly,
    /// Each month.
    Monthly,
    /// Each year.
    Yearly,
}

/// A weekday of BYDAY.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NthDay {
    /// Which one of the month or year, from its end where negative; none for every one.
    pub nth: Option<i8>,
    /// The weekday.
    #[serde(with = "weekday")]
    pub day: Weekday,
}

/// A month of BYMONTH.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Month {
    /// 1 to 12 in the Gregorian calendar, up to 13 in others.
    pub number: u8,
    /// A leap month (RFC 7529), never in the Gregorian calendar.
    pub leap: bool,
}

/// UNTIL of a rule: the last moment at which an occurrence may start.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Until {
    /// A day, in the zone of the event.
    Date(Date),
    /// A wall-clock time in the zone of the event.
    Local(DateTime),
    /// An instant.
    Utc(Timestamp),
}

/// SKIP of a rule (RFC 7529): what becomes of a date that does not exist.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Skip {
    /// It is left out.
    Omit,
    /// The day before, or the month before.
    Backward,
    /// The day after, or the month after.
    Forward,
}

/// A weekday as its number in ISO 8601: Monday is 1.
mod weekday {
    use jiff::civil::Weekday;
    use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for this form")]
    pub(super) fn serialize<S: Serializer>(day: &Weekday, to: S) -> Result<S::Ok, S::Error> {
        day.to_monday_one_offset().serialize(to)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Weekday, D::Error> {
        Weekday::from_monday_one_offset(i8::deserialize(from)?).map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests;
