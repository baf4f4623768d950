//! A rule as text again, in one normal order; used where a rule was changed after it was read.

use std::fmt;

use jiff::civil::Weekday;

use super::{Frequency, Month, NthDay, Rule, Skip, Until};

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(scale) = &self.scale {
            write!(f, "RSCALE={scale};")?;
        } else if self.skip.is_some() {
            f.write_str("RSCALE=GREGORIAN;")?;
        }
        write!(f, "FREQ={}", self.frequency.name())?;
        if self.interval != 1 {
            write!(f, ";INTERVAL={}", self.interval)?;
        }
        if let Some(until) = self.until {
            write!(f, ";UNTIL={until}")?;
        }
        if let Some(count) = self.count {
            write!(f, ";COUNT={count}")?;
        }
        list(f, "BYMONTH", &self.by_month)?;
        list(f, "BYWEEKNO", &self.by_week_no)?;
        list(f, "BYYEARDAY", &self.by_year_day)?;
        list(f, "BYMONTHDAY", &self.by_month_day)?;
        list(f, "BYDAY", &self.by_day)?;
        list(f, "BYHOUR", &self.by_hour)?;
        list(f, "BYMINUTE", &self.by_minute)?;
        list(f, "BYSECOND", &self.by_second)?;
        list(f, "BYSETPOS", &self.by_set_position)?;
        if self.week_start != Weekday::Monday {
            write!(f, ";WKST={}", weekday(self.week_start))?;
        }
        match self.skip {
            None => Ok(()),
            Some(Skip::Omit) => f.write_str(";SKIP=OMIT"),
            Some(Skip::Backward) => f.write_str(";SKIP=BACKWARD"),
            Some(Skip::Forward) => f.write_str(";SKIP=FORWARD"),
        }
    }
}

fn list<T: fmt::Display>(f: &mut fmt::Formatter<'_>, name: &str, values: &[T]) -> fmt::Result {
    for (nth, value) in values.iter().enumerate() {
        if nth == 0 {
            write!(f, ";{name}={value}")?;
        } else {
            write!(f, ",{value}")?;
        }
    }
    Ok(())
}

impl Frequency {
    /// Its name as a rule states it, such as `WEEKLY`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Frequency::Secondly => "SECONDLY",
            Frequency::Minutely => "MINUTELY",
            Frequency::Hourly => "HOURLY",
            Frequency::Daily => "DAILY",
            Frequency::Weekly => "WEEKLY",
            Frequency::Monthly => "MONTHLY",
            Frequency::Yearly => "YEARLY",
        }
    }
}

impl fmt::Display for NthDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(nth) = self.nth {
            write!(f, "{nth}")?;
        }
        f.write_str(weekday(self.day))
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.number, if self.leap { "L" } else { "" })
    }
}

impl fmt::Display for Until {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Until::Date(date) => write!(f, "{}", date.strftime("%Y%m%d")),
            Until::Local(local) => write!(f, "{}", local.strftime("%Y%m%dT%H%M%S")),
            Until::Utc(instant) => write!(f, "{}", instant.strftime("%Y%m%dT%H%M%SZ")),
        }
    }
}

fn weekday(day: Weekday) -> &'static str {
    match day {
        Weekday::Monday => "MO",
        Weekday::Tuesday => "TU",
        Weekday::Wednesday => "WE",
        Weekday::Thursday => "TH",
        Weekday::Friday => "FR",
        Weekday::Saturday => "SA",
        Weekday::Sunday => "SU",
    }
}
