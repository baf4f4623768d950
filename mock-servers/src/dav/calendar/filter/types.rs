//! The filters of RFC 4791 section 9.7 as values. What the DTD forbids cannot be said; what it
//! allows and the text leaves undefined is found by [`CompFilter::check`].

use jiff::{Timestamp, tz::TimeZone};
use thiserror::Error;

use super::super::instances::Window;
use crate::world::reader::values::parse_date_time;

/// Known components, and in which ones they stand; VCALENDAR stands in none (RFC 5545 section 3.6).
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

/// Filters inside filters beyond which a filter is refused.
const DEPTH_MAX: usize = 8;

/// `CALDAV:comp-filter` (section 9.7.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct CompFilter {
    /// The component's name, in any case.
    pub name: String,
    /// What has to hold.
    pub test: CompTest,
}

/// What a component filter asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum CompTest {
    /// There is no such component.
    NotDefined,
    /// There is one for which all of this holds.
    Defined {
        /// One of its instances overlaps this range.
        time_range: Option<TimeRange>,
        /// These hold for its properties.
        props: Vec<PropFilter>,
        /// These hold for the components inside of it.
        comps: Vec<CompFilter>,
    },
}

/// `CALDAV:prop-filter` (section 9.7.2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PropFilter {
    /// The property's name, in any case.
    pub name: String,
    /// What has to hold.
    pub test: PropTest,
}

/// What a property filter asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum PropTest {
    /// There is no such property.
    NotDefined,
    /// There is one for which all of this holds.
    Defined {
        /// This holds for its value.
        value: Option<ValueTest>,
        /// These hold for its parameters.
        params: Vec<ParamFilter>,
    },
}

/// What is asked of a property's value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ValueTest {
    /// It is a date or time in this range.
    TimeRange(TimeRange),
    /// It holds this text.
    Text(TextMatch),
}

/// `CALDAV:param-filter` (section 9.7.3).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ParamFilter {
    /// The parameter's name, in any case.
    pub name: String,
    /// What has to hold.
    pub test: ParamTest,
}

/// What a parameter filter asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ParamTest {
    /// There is no such parameter.
    NotDefined,
    /// There is one.
    Defined,
    /// There is one, and one of its values holds this text.
    Text(TextMatch),
}

/// `CALDAV:text-match` (section 9.7.5).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TextMatch {
    /// The text.
    pub text: String,
    /// How texts are compared.
    pub collation: Collation,
    /// Whether it has to be there or has to be absent.
    pub condition: Condition,
}

/// `negate-condition`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Condition {
    /// The text is there.
    #[default]
    Matches,
    /// The text is not there (`negate-condition="yes"`).
    Negated,
}

/// How texts are compared (section 7.5).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Collation {
    /// `i;ascii-casemap` (RFC 4790 section 9.2).
    #[default]
    AsciiCasemap,
    /// `i;octet` (RFC 4790 section 9.3).
    Octet,
    /// `i;unicode-casemap` (RFC 5051), without the decomposition of composed characters.
    UnicodeCasemap,
}

impl Collation {
    /// All of them, as `supported-collation-set` lists them.
    pub(crate) const NAMES: [&'static str; 3] = ["i;ascii-casemap", "i;octet", "i;unicode-casemap"];

    /// The collation of a name; none where it is not supported (`CALDAV:supported-collation`).
    #[must_use]
    pub(crate) fn named(name: &str) -> Option<Collation> {
        match name {
            "default" | "i;ascii-casemap" => Some(Collation::AsciiCasemap),
            "i;octet" => Some(Collation::Octet),
            "i;unicode-casemap" => Some(Collation::UnicodeCasemap),
            _ => None,
        }
    }
}

/// `CALDAV:time-range` (section 9.9), also the range of `expand` and its like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TimeRange {
    start: Option<Timestamp>,
    end: Option<Timestamp>,
}

impl TimeRange {
    /// A range; none where it has neither start nor end, or ends before it has begun.
    #[must_use]
    pub(crate) fn new(start: Option<Timestamp>, end: Option<Timestamp>) -> Option<TimeRange> {
        let right = match (start, end) {
            (None, None) => false,
            (Some(start), Some(end)) => start < end,
            _ => true,
        };
        right.then_some(TimeRange { start, end })
    }

    /// The range of two attributes, which are dates with a time in UTC.
    ///
    /// # Errors
    /// When they are not, or make no range: `CALDAV:valid-filter`.
    pub(crate) fn read(start: Option<&str>, end: Option<&str>) -> Result<TimeRange, InvalidFilter> {
        let moment = |text: &str| match parse_date_time(text) {
            Some((local, true)) => {
                let moment = TimeZone::UTC.to_timestamp(local).ok();
                moment.ok_or_else(|| InvalidFilter::NotUtc(text.to_owned()))
            }
            _ => Err(InvalidFilter::NotUtc(text.chars().take(40).collect())),
        };
        let (start, end) = (start.map(moment).transpose()?, end.map(moment).transpose()?);
        TimeRange::new(start, end).ok_or(InvalidFilter::NoRange)
    }

    /// Its seconds.
    #[must_use]
    pub(crate) fn window(&self) -> Window {
        Window {
            start: self.start.map_or(i64::MIN, Timestamp::as_second),
            end: self.end.map_or(i64::MAX, Timestamp::as_second),
        }
    }
}

/// Why a filter means nothing.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub(crate) enum InvalidFilter {
    /// A range is stated in UTC.
    #[error("`{0}` is no date with a time in UTC")]
    NotUtc(String),
    /// A range without an extent.
    #[error("a time range without start and end, or with an end that is not after its start")]
    NoRange,
    /// The outermost filter is for the calendar.
    #[error("a filter for {0} where one for VCALENDAR belongs")]
    Root(String),
    /// A component that is never directly inside the other (section 7.8).
    #[error("there is never a {component} directly inside {inside}")]
    Nesting {
        /// The outer component.
        inside: String,
        /// The inner one.
        component: String,
    },
    /// A range over something that has no time.
    #[error("a time range over {0}")]
    Timeless(String),
    /// Filters in filters in filters.
    #[error("filters nested deeper than is read")]
    Depth,
}

impl CompFilter {
    /// Whether the filter, as the outermost one of a query, means something
    /// (`CALDAV:valid-filter`).
    ///
    /// # Errors
    /// When it does not.
    pub(crate) fn check(&self) -> Result<(), InvalidFilter> {
        if !self.name.eq_ignore_ascii_case("VCALENDAR") {
            return Err(InvalidFilter::Root(self.name.clone()));
        }
        self.check_inside(0)
    }

    fn check_inside(&self, depth: usize) -> Result<(), InvalidFilter> {
        if depth >= DEPTH_MAX {
            return Err(InvalidFilter::Depth);
        }
        let CompTest::Defined { time_range, props, comps } = &self.test else { return Ok(()) };
        let timed = ["VEVENT", "VTODO", "VJOURNAL", "VFREEBUSY", "VALARM"];
        if time_range.is_some() && !one_of(&self.name, &timed) {
            return Err(InvalidFilter::Timeless(self.name.clone()));
        }
        for prop in props {
            if let PropTest::Defined { value: Some(ValueTest::TimeRange(_)), .. } = &prop.test
                && !one_of(&prop.name, &super::TIMED_PROPERTIES)
            {
                return Err(InvalidFilter::Timeless(prop.name.clone()));
            }
        }
        comps.iter().try_for_each(|comp| {
            if may_hold(&self.name, &comp.name) {
                return comp.check_inside(depth + 1);
            }
            let (inside, component) = (self.name.clone(), comp.name.clone());
            Err(InvalidFilter::Nesting { inside, component })
        })
    }
}

/// Whether a component can be directly inside another. Names that are not known may be anywhere
/// (section 7.7 leaves them to `CALDAV:supported-filter`), and hold everything but a calendar.
fn may_hold(outer: &str, inner: &str) -> bool {
    let known = |name: &str| PLACES.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
    match (known(outer), known(inner)) {
        (_, None) => true,
        (None, Some((name, _))) => *name != "VCALENDAR",
        (Some((outer, _)), Some((_, places))) => places.contains(outer),
    }
}

fn one_of(name: &str, known: &[&str]) -> bool {
    known.iter().any(|known| known.eq_ignore_ascii_case(name))
}
