//! Spans of time in attributes: `start` and `end`, both "date with UTC time" (RFC 4791 section
//! 9.9). The start belongs to the span, the end does not.

use jiff::Timestamp;
use jiff::civil::DateTime;

use super::error::{AttributeProblem, RequestError};
use super::fields;
use crate::dav::calendar::filter::TimeRange;
use crate::dav::xml::tree::Element;

/// What an attribute must be.
const EXPECTED: &str = "a date with UTC time such as `20260131T120000Z`";

/// A span that is open at no end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Span {
    /// Its start.
    pub start: Timestamp,
    /// Its end.
    pub end: Timestamp,
}

/// Reads a range that needs one of its two attributes.
pub(super) fn read(element: &Element) -> Result<TimeRange, RequestError> {
    let (start, end) = (instant(element, "start")?, instant(element, "end")?);
    if let (Some(start), Some(end)) = (start, end) {
        ordered(element, start, end)?;
    }
    TimeRange::new(start, end).ok_or_else(|| absent(element, "start"))
}

impl Span {
    /// Reads an element that needs both of its attributes.
    pub(super) fn read(element: &Element) -> Result<Self, RequestError> {
        let start = instant(element, "start")?.ok_or_else(|| absent(element, "start"))?;
        let end = instant(element, "end")?.ok_or_else(|| absent(element, "end"))?;
        ordered(element, start, end)?;
        Ok(Self { start, end })
    }
}

fn absent(element: &Element, attribute: &'static str) -> RequestError {
    let problem = AttributeProblem::Missing;
    RequestError::Attribute { element: element.name.clone(), attribute, problem }
}

fn ordered(element: &Element, start: Timestamp, end: Timestamp) -> Result<(), RequestError> {
    if start < end {
        return Ok(());
    }
    let value = element.attribute("end").unwrap_or_default();
    Err(fields::wrong_value(element, "end", value, "later than the start"))
}

fn instant(element: &Element, attribute: &'static str) -> Result<Option<Timestamp>, RequestError> {
    let Some(value) = element.attribute(attribute) else { return Ok(None) };
    let found =
        parse(value).ok_or_else(|| fields::wrong_value(element, attribute, value, EXPECTED));
    found.map(Some)
}

/// Reads `YYYYMMDDTHHMMSSZ` (RFC 5545 section 3.3.5, form 2). A leap second is the second before.
fn parse(value: &str) -> Option<Timestamp> {
    let digits = value.strip_suffix('Z')?;
    let (date, time) = digits.split_once('T')?;
    if date.len() != 8
        || time.len() != 6
        || !(date.bytes().chain(time.bytes())).all(|sign| sign.is_ascii_digit())
    {
        return None;
    }
    let number = |text: &str, from: usize, to: usize| text.get(from..to)?.parse::<i8>().ok();
    let year = date.get(..4)?.parse::<i16>().ok()?;
    let second = number(time, 4, 6)?;
    let second = if second == 60 { 59 } else { second };
    let civil = DateTime::new(
        year,
        number(date, 4, 6)?,
        number(date, 6, 8)?,
        number(time, 0, 2)?,
        number(time, 2, 4)?,
        second,
        0,
    );
    civil.ok()?.to_zoned(jiff::tz::TimeZone::UTC).ok().map(|zoned| zoned.timestamp())
}
