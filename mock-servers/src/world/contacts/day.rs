//! A day of the calendar that may lack its year, as birthdays do.

use std::fmt;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// A leap year, for days that have none.
const LEAP_YEAR: i16 = 2000;

/// A day; it exists in the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Day {
    year: Option<i16>,
    month: i8,
    day: i8,
}

impl Day {
    /// The day; none where the calendar has none such.
    #[must_use]
    pub fn new(year: Option<i16>, month: i8, day: i8) -> Option<Day> {
        if year.is_some_and(|year| !(1..=9999).contains(&year)) {
            return None;
        }
        Date::new(year.unwrap_or(LEAP_YEAR), month, day).ok()?;
        Some(Day { year, month, day })
    }

    /// Its year, if it has one.
    #[must_use]
    pub fn year(self) -> Option<i16> {
        self.year
    }

    /// Its month, 1 to 12.
    #[must_use]
    pub fn month(self) -> i8 {
        self.month
    }

    /// Its day of the month.
    #[must_use]
    pub fn day(self) -> i8 {
        self.day
    }

    /// The day in a value of BDAY or the like: `1985-04-12`, `19850412`, `--04-12` or `--0412`, with
    /// or without a time behind it.
    #[must_use]
    pub fn parse(value: &str) -> Option<Day> {
        let date = value.trim().split('T').next().unwrap_or_default();
        let (year, rest) = match date.strip_prefix("--") {
            Some(rest) => (None, rest),
            None => {
                let (year, rest) = date.split_at_checked(4)?;
                (Some(digits(year)?), rest.strip_prefix('-').unwrap_or(rest))
            }
        };
        let (month, rest) = rest.split_at_checked(2)?;
        let day = rest.strip_prefix('-').unwrap_or(rest);
        if day.len() != 2 {
            return None;
        }
        let small = |text: &str| digits(text).and_then(|number| i8::try_from(number).ok());
        Day::new(year, small(month)?, small(day)?)
    }

    /// In the basic form of RFC 6350, section 4.3.1.
    #[must_use]
    pub fn basic(self) -> String {
        match self.year {
            Some(year) => format!("{year:04}{:02}{:02}", self.month, self.day),
            None => format!("--{:02}{:02}", self.month, self.day),
        }
    }
}

/// The extended form: `1985-04-12`, or `--04-12` without a year.
impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.year {
            Some(year) => write!(f, "{year:04}-{:02}-{:02}", self.month, self.day),
            None => write!(f, "--{:02}-{:02}", self.month, self.day),
        }
    }
}

fn digits(text: &str) -> Option<i16> {
    let all = !text.is_empty() && text.bytes().all(|octet| octet.is_ascii_digit());
    if all { text.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_in_every_usual_form() {
        for (text, expect) in [
            ("1985-04-12", "1985-04-12"),
            ("19850412", "1985-04-12"),
            ("1985-04-12T00:00:00Z", "1985-04-12"),
            ("--0229", "--02-29"),
            ("--02-29", "--02-29"),
        ] {
            assert_eq!(Day::parse(text).expect("a day").to_string(), expect);
        }
        assert_eq!(Day::parse("--0412").expect("a day").basic(), "--0412");
        for text in
            ["", "1985", "1985-04", "---12", "1985-02-30", "0000-01-01", "круг", "1985-4-12"]
        {
            assert_eq!(Day::parse(text), None, "{text}");
        }
    }
}
