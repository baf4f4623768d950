//! Local times, zones and durations in normal form.

use std::fmt::Write as _;

use jiff::civil::DateTime;
use jiff::tz::TimeZone;

const DAY: u64 = 86_400;

/// A `LocalDateTime`: `2026-04-16T09:00:00`, no zone and no offset.
pub(crate) fn local(text: &str) -> Option<DateTime> {
    let shaped = text.len() >= 19
        && text.as_bytes().get(10) == Some(&b'T')
        && text.bytes().all(|byte| byte.is_ascii_digit() || b"-T:.".contains(&byte));
    if shaped { text.parse().ok() } else { None }
}

/// The normal text of a local time: a fraction of a second only where there is one.
pub(crate) fn local_text(time: DateTime) -> String {
    time.to_string()
}

/// The zone of an IANA name; none for names that the database does not know.
pub(crate) fn zone(name: &str) -> Option<TimeZone> {
    TimeZone::get(name).ok()
}

/// A duration as JSCalendar writes it: days are nominal, the rest is exact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Length {
    /// Whether it goes backwards; zero never does.
    pub(crate) negative: bool,
    /// Days, by the wall clock.
    pub(crate) days: u64,
    /// Seconds beside them.
    pub(crate) seconds: u64,
    /// Billionths of a second beside these.
    pub(crate) nanoseconds: u32,
}

impl Length {
    /// This many seconds.
    pub(crate) fn of_seconds(seconds: i64) -> Self {
        let negative = seconds < 0;
        Self { negative, days: 0, seconds: seconds.unsigned_abs(), nanoseconds: 0 }
    }

    /// This many days.
    pub(crate) fn of_days(days: u64) -> Self {
        Self { negative: false, days, seconds: 0, nanoseconds: 0 }
    }

    /// Reads a `Duration` or a `SignedDuration`.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (negative, rest) = match text.as_bytes().first()? {
            b'-' => (true, &text[1..]),
            b'+' => (false, &text[1..]),
            _ => (false, text),
        };
        let rest = rest.strip_prefix('P')?;
        let (dates, times) = match rest.split_once('T') {
            Some((_, "")) => return None,
            Some((dates, times)) => (dates, times),
            None => (rest, ""),
        };
        if dates.is_empty() && times.is_empty() {
            return None;
        }
        let mut length = Self { negative, days: 0, seconds: 0, nanoseconds: 0 };
        for (number, unit) in parts(dates)? {
            let each = match unit {
                'W' => 7,
                'D' => 1,
                _ => return None,
            };
            length.days =
                number.parse::<u64>().ok()?.checked_mul(each)?.checked_add(length.days)?;
        }
        for (number, unit) in parts(times)? {
            let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
            let each = match unit {
                'H' => 3600,
                'M' => 60,
                'S' => 1,
                _ => return None,
            };
            if !fraction.is_empty() {
                let digits = format!("{fraction:0<9}");
                length.nanoseconds = digits.get(..9)?.parse().ok()?;
            }
            let whole: u64 = whole.parse().ok()?;
            length.seconds = whole.checked_mul(each)?.checked_add(length.seconds)?;
        }
        length.negative &= !length.is_zero();
        Some(length)
    }

    pub(crate) fn is_zero(self) -> bool {
        self.days == 0 && self.seconds == 0 && self.nanoseconds == 0
    }

    /// All of it in seconds, a day counted as 24 hours; the fraction is left out.
    pub(crate) fn total_seconds(self) -> i64 {
        let total = self.days.saturating_mul(DAY).saturating_add(self.seconds);
        let total = i64::try_from(total).unwrap_or(i64::MAX);
        if self.negative { -total } else { total }
    }

    /// The same with days as 24 hours.
    pub(crate) fn exact(self) -> Self {
        let seconds = self.days.saturating_mul(DAY).saturating_add(self.seconds);
        Self { days: 0, seconds, ..self }
    }

    /// The same with full 24 hours as days.
    pub(crate) fn in_days(self) -> Self {
        let days = self.days.saturating_add(self.seconds / DAY);
        Self { days, seconds: self.seconds % DAY, ..self }
    }

    /// Whether it is a number of days and nothing else.
    pub(crate) fn is_days(self) -> bool {
        self.seconds == 0 && self.nanoseconds == 0
    }

    /// The normal text: `P1DT2H30M`, zero as `PT0S`.
    pub(crate) fn text(self) -> String {
        if self.is_zero() {
            return "PT0S".to_owned();
        }
        let mut text = String::from(if self.negative { "-P" } else { "P" });
        if self.days > 0 {
            write!(text, "{}D", self.days).expect("text takes text");
        }
        if self.seconds > 0 || self.nanoseconds > 0 {
            text.push('T');
        }
        let seconds = self.seconds % 60;
        for (number, unit) in [(self.seconds / 3600, 'H'), (self.seconds / 60 % 60, 'M')] {
            if number > 0 {
                write!(text, "{number}{unit}").expect("text takes text");
            }
        }
        if self.nanoseconds > 0 {
            let fraction = format!("{:09}", self.nanoseconds);
            write!(text, "{seconds}.{}S", fraction.trim_end_matches('0')).expect("text takes text");
        } else if seconds > 0 {
            write!(text, "{seconds}S").expect("text takes text");
        }
        text
    }
}

/// `1D2H` as numbers with their units.
fn parts(text: &str) -> Option<Vec<(&str, char)>> {
    let mut rest = text;
    let mut parts = Vec::new();
    while !rest.is_empty() {
        let at = rest.find(|character: char| !character.is_ascii_digit() && character != '.')?;
        if at == 0 {
            return None;
        }
        let unit = rest[at..].chars().next()?;
        parts.push((&rest[..at], unit));
        rest = &rest[at + unit.len_utf8()..];
    }
    Some(parts)
}
