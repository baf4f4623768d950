//! Dates, and dates with a time, as a property states them (RFC 5545 sections 3.3.4 and 3.3.5), and
//! the text that states them again in the same form.

use jiff::civil::{Date, DateTime, Time};

use super::tree::{Broken, Property};
use crate::world::reader::values::{parse_date, parse_date_time};

/// A date, or a date with a time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Stamp {
    /// A day.
    Date(Date),
    /// A wall-clock time in no zone.
    Floating(DateTime),
    /// A time in UTC.
    Utc(DateTime),
    /// A wall-clock time in the zone of this `TZID`.
    Zoned(DateTime, String),
}

impl Stamp {
    /// What a property with one date or time states.
    pub(super) fn read(property: &Property) -> Result<Stamp, Broken> {
        Stamp::one(property, property.value.trim())
    }

    /// One of the dates or times that a property states.
    pub(super) fn one(property: &Property, text: &str) -> Result<Stamp, Broken> {
        if let Some(date) = parse_date(text) {
            return Ok(Stamp::Date(date));
        }
        let Some((local, utc)) = parse_date_time(text) else {
            let short: String = text.chars().take(40).collect();
            return Err(
                property.broken(format!("`{short}` is neither a date nor a date with a time"))
            );
        };
        Ok(match property.param("TZID").filter(|id| !id.is_empty()) {
            _ if utc => Stamp::Utc(local),
            Some(id) => Stamp::Zoned(local, id.to_owned()),
            None => Stamp::Floating(local),
        })
    }

    /// The wall-clock time; midnight for a day.
    #[must_use]
    pub(crate) fn local(&self) -> DateTime {
        match self {
            Stamp::Date(date) => date.to_datetime(Time::midnight()),
            Stamp::Floating(local) | Stamp::Utc(local) | Stamp::Zoned(local, _) => *local,
        }
    }

    /// True for a day.
    #[must_use]
    pub(crate) fn is_date(&self) -> bool {
        matches!(self, Stamp::Date(_))
    }

    /// Another wall-clock time in the same form and zone.
    #[must_use]
    pub(crate) fn at(&self, local: DateTime) -> Stamp {
        match self {
            Stamp::Date(_) => Stamp::Date(local.date()),
            Stamp::Floating(_) => Stamp::Floating(local),
            Stamp::Utc(_) => Stamp::Utc(local),
            Stamp::Zoned(_, id) => Stamp::Zoned(local, id.clone()),
        }
    }

    /// Its value: `20260416`, `20260416T100000` or `20260416T100000Z`.
    #[must_use]
    pub(crate) fn value(&self) -> String {
        match self {
            Stamp::Date(date) => date.strftime("%Y%m%d").to_string(),
            Stamp::Floating(local) | Stamp::Zoned(local, _) => {
                local.strftime("%Y%m%dT%H%M%S").to_string()
            }
            Stamp::Utc(local) => local.strftime("%Y%m%dT%H%M%SZ").to_string(),
        }
    }

    /// The parameters that its form needs, each with its `;`.
    #[must_use]
    pub(crate) fn params(&self) -> String {
        match self {
            Stamp::Date(_) => ";VALUE=DATE".to_owned(),
            Stamp::Floating(_) | Stamp::Utc(_) => String::new(),
            Stamp::Zoned(_, id) => {
                let quote = if id.contains([':', ';', ',']) { "\"" } else { "" };
                format!(";TZID={quote}{}{quote}", id.replace('"', ""))
            }
        }
    }

    /// A content line of this name, without its end.
    #[must_use]
    pub(crate) fn line(&self, name: &str) -> String {
        format!("{name}{}:{}", self.params(), self.value())
    }
}
