//! Whether the tests of a calendar filter can be true of any calendar (RFC 4791 sections 7.8 and
//! 9.9, RFC 5545 section 3.6).
//!
//! Only what is known to be wrong is refused: names that this file does not know may be anywhere
//! (section 7.7 leaves them to `CALDAV:supported-filter`), but take no time.

use super::error::{FilterFault, RequestError};
use super::filter::{CompFilter, CompTest, PropFilter, PropTest, ValueTest};

/// Known components, and in which ones they stand; VCALENDAR stands in none.
const PLACES: [(&str, &[&str]); 9] = [
    ("VCALENDAR", &[]),
    ("VEVENT", &["VCALENDAR"]),
    ("VTODO", &["VCALENDAR"]),
    ("VJOURNAL", &["VCALENDAR"]),
    ("VFREEBUSY", &["VCALENDAR"]),
    ("VTIMEZONE", &["VCALENDAR"]),
    ("STANDARD", &["VTIMEZONE"]),
    ("DAYLIGHT", &["VTIMEZONE"]),
    ("VALARM", &["VEVENT", "VTODO"]),
];

/// Components for which a time range means something.
const TIMED_COMPONENTS: [&str; 5] = ["VEVENT", "VTODO", "VJOURNAL", "VFREEBUSY", "VALARM"];

/// Properties for which a time range means something.
const TIMED_PROPERTIES: [&str; 7] =
    ["COMPLETED", "CREATED", "DTEND", "DTSTAMP", "DTSTART", "DUE", "LAST-MODIFIED"];

impl CompFilter {
    /// Checks a whole filter, whose root must be about VCALENDAR.
    ///
    /// # Errors
    ///
    /// [`RequestError::Filter`], answered with `CALDAV:valid-filter`.
    pub fn check(&self) -> Result<(), RequestError> {
        if self.name != "VCALENDAR" {
            return Err(nesting("the filter", &self.name));
        }
        self.check_inside()
    }

    fn check_inside(&self) -> Result<(), RequestError> {
        let CompTest::Defined { time_range, properties, components } = &self.test else {
            return Ok(());
        };
        if time_range.is_some() && !TIMED_COMPONENTS.contains(&self.name.as_str()) {
            return Err(timeless(&self.name));
        }
        for property in properties {
            check_property(property)?;
        }
        for inner in components {
            if !may_hold(&self.name, &inner.name) {
                return Err(nesting(&self.name, &inner.name));
            }
            inner.check_inside()?;
        }
        Ok(())
    }
}

fn check_property(property: &PropFilter) -> Result<(), RequestError> {
    match &property.test {
        PropTest::Defined { value: Some(ValueTest::TimeRange(_)), .. }
            if !TIMED_PROPERTIES.contains(&property.name.as_str()) =>
        {
            Err(timeless(&property.name))
        }
        _ => Ok(()),
    }
}

fn may_hold(outer: &str, inner: &str) -> bool {
    let known = |name: &str| PLACES.iter().find(|(known, _)| *known == name);
    match (known(outer), known(inner)) {
        (_, None) => true,
        // An unknown component may hold everything but a calendar.
        (None, Some((name, _))) => *name != "VCALENDAR",
        (Some((outer, _)), Some((_, places))) => places.contains(outer),
    }
}

fn nesting(inside: &str, component: &str) -> RequestError {
    let (inside, component) = (inside.to_owned(), component.to_owned());
    RequestError::Filter { fault: FilterFault::Nesting { inside, component } }
}

fn timeless(of: &str) -> RequestError {
    RequestError::Filter { fault: FilterFault::Timeless { of: of.to_owned() } }
}
