//! The times of an event: when it starts and ends, how long it lasts, which dates are added and
//! left out.

use jiff::civil::DateTime;

use super::{
    super::{
        RecurrenceDate, Span, When, Zone,
        properties::{Fault, Property, split},
    },
    component::Component,
    values::{parse_date, parse_date_time, parse_span},
    zones::{Use, Zones},
};

/// Dates that one event may add or leave out; the rest is dropped.
const DATES_MAX: usize = 20_000;

/// What of a file the times of its events depend on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Context<'a> {
    pub(super) zones: &'a Zones,
    pub(super) purpose: Use,
}

/// Start, end and length of an event.
#[derive(Clone, Debug)]
pub(super) struct Times {
    pub(super) start: When,
    pub(super) end: When,
    pub(super) duration: Span,
}

/// The date, or date with a time, that a property states.
pub(super) fn when(property: &Property, context: Context<'_>) -> Result<When, Fault> {
    one(property, property.value.trim(), context)
}

fn one(property: &Property, text: &str, context: Context<'_>) -> Result<When, Fault> {
    if let Some(date) = parse_date(text) {
        return Ok(When::Date(date));
    }
    let Some((local, utc)) = parse_date_time(text) else {
        let what = format!("`{}` is neither a date nor a date with a time", shorten(text));
        return Err(property.fault(what));
    };
    if property.is("VALUE", "DATE") {
        return Ok(When::Date(local.date()));
    }
    located(property, local, utc, context)
}

fn located(
    property: &Property,
    local: DateTime,
    utc: bool,
    context: Context<'_>,
) -> Result<When, Fault> {
    if utc {
        return Ok(When::Zoned(local, Zone::utc()));
    }
    let id = property.values("TZID").join(", ");
    if id.trim().is_empty() {
        return Ok(When::Floating(local));
    }
    let (local, zone) =
        context.zones.locate(local, &id, context.purpose).map_err(|what| property.fault(what))?;
    Ok(When::Zoned(local, zone))
}

/// The times of an event. Where its end makes no sense, that is noted and it gets none.
pub(super) fn times(
    component: &Component,
    context: Context<'_>,
    faults: &mut Vec<Fault>,
) -> Result<Times, Fault> {
    let property = component.property("DTSTART").ok_or_else(|| Fault {
        place: component.place,
        what: "an event without DTSTART".to_owned(),
    })?;
    let start = when(property, context)?;
    let end = match (component.property("DTEND"), component.property("DURATION")) {
        (Some(end), _) => by_end(end, &start, context),
        (None, Some(duration)) => by_duration(duration, &start),
        (None, None) => Ok(None),
    };
    let end = end.unwrap_or_else(|fault| {
        faults.push(fault);
        None
    });
    let (end, duration) = end
        .or_else(|| without_end(&start))
        .ok_or_else(|| property.fault("a start so late that no end can follow it"))?;
    let times = Times { start, end, duration };
    Ok(all_day_by_mark(component, &times).unwrap_or(times))
}

/// An end and the length up to it; none where the event has the length of one without either.
type End = Option<(When, Span)>;

fn without_end(start: &When) -> End {
    let duration = Span { days: i64::from(start.is_date()), seconds: 0 };
    Some((start.plus(duration)?, duration))
}

fn by_end(property: &Property, start: &When, context: Context<'_>) -> Result<End, Fault> {
    let stated = when(property, context)?;
    let end = match (start, &stated) {
        // Days with a time are rounded up to whole days, a time against a day becomes midnight.
        (When::Date(_), When::Floating(local) | When::Zoned(local, _)) => {
            let midnight = local.time() == jiff::civil::Time::midnight();
            start.at(*local).plus(Span { days: i64::from(!midnight), seconds: 0 })
        }
        (_, When::Date(date)) => Some(start.at(date.to_datetime(jiff::civil::Time::midnight()))),
        (When::Zoned(..), When::Floating(local)) | (When::Floating(_), When::Zoned(local, _)) => {
            Some(start.at(*local))
        }
        _ => Some(stated),
    };
    let length = end.as_ref().and_then(|end| start.until(end));
    match (end, length) {
        (Some(_), Some(length)) if length.is_negative() => {
            Err(property.fault("an end before the start; read as none"))
        }
        // Writers that mean one day give it the same date twice.
        (Some(_), Some(Span { days: 0, .. })) if start.is_date() => Ok(None),
        (Some(end), Some(length)) => Ok(Some((end, length))),
        _ => Err(property.fault("an end that is out of range; read as none")),
    }
}

fn by_duration(property: &Property, start: &When) -> Result<End, Fault> {
    let span = parse_span(&property.value).ok_or_else(|| {
        property.fault(format!("`{}` is no length of time; read as none", shorten(&property.value)))
    })?;
    if span.is_negative() {
        return Err(property.fault("a length below zero; read as none"));
    }
    if start.is_date() && span == Span::default() {
        return Ok(None);
    }
    let end = start.plus(span);
    let end = end.ok_or_else(|| property.fault("an end that is out of range; read as none"))?;
    let stated = if start.is_date() { start.until(&end).unwrap_or(span) } else { span };
    Ok(Some((end, stated)))
}

/// Exchange marks a day that it wrote from midnight to midnight.
fn all_day_by_mark(component: &Component, times: &Times) -> Option<Times> {
    let marked = ["X-MICROSOFT-CDO-ALLDAYEVENT", "X-MICROSOFT-MSNCALENDAR-ALLDAYEVENT"]
        .iter()
        .filter_map(|name| component.property(name))
        .any(|mark| mark.value.trim().eq_ignore_ascii_case("TRUE"));
    let (start, end) = (times.start.local(), times.end.local());
    let midnight = jiff::civil::Time::midnight();
    let days =
        marked && !times.start.is_date() && start.time() == midnight && end.time() == midnight;
    if !days || end <= start {
        return None;
    }
    let (start, end) = (When::Date(start.date()), When::Date(end.date()));
    let duration = start.until(&end)?;
    Some(Times { start, end, duration })
}

/// The dates that `EXDATE` leaves out, stated as the start is.
pub(super) fn exdates(
    component: &Component,
    start: &When,
    context: Context<'_>,
    faults: &mut Vec<Fault>,
) -> Vec<When> {
    let mut dates = Vec::new();
    for property in component.all("EXDATE") {
        for text in list(property) {
            match one(property, text, context) {
                Ok(date) if dates.len() < DATES_MAX => dates.push(date.stated_as(start)),
                Ok(_) => {}
                Err(fault) => faults.push(fault),
            }
        }
    }
    dates.sort();
    dates.dedup();
    dates
}

/// The dates that `RDATE` adds, stated as the start is.
pub(super) fn rdates(
    component: &Component,
    start: &When,
    context: Context<'_>,
    faults: &mut Vec<Fault>,
) -> Vec<RecurrenceDate> {
    let mut dates = Vec::new();
    for property in component.all("RDATE") {
        for text in list(property) {
            match date_or_period(property, text, start, context) {
                Ok(date) if dates.len() < DATES_MAX => dates.push(date),
                Ok(_) => {}
                Err(fault) => faults.push(fault),
            }
        }
    }
    dates.sort();
    dates.dedup();
    dates.retain(|date| date.start != *start);
    dates
}

fn date_or_period(
    property: &Property,
    text: &str,
    start: &When,
    context: Context<'_>,
) -> Result<RecurrenceDate, Fault> {
    let Some((from, to)) = text.split_once('/') else {
        let start = one(property, text, context)?.stated_as(start);
        return Ok(RecurrenceDate { start, duration: None });
    };
    let from = one(property, from.trim(), context)?;
    let length = match parse_span(to) {
        Some(span) => Some(span),
        None => from.until(&one(property, to.trim(), context)?),
    };
    let duration = length.filter(|span| !span.is_negative());
    let duration = duration.ok_or_else(|| property.fault("a period that ends before it starts"))?;
    Ok(RecurrenceDate { start: from.stated_as(start), duration: Some(duration) })
}

/// The values of a list of dates; writers leave empty ones behind.
fn list(property: &Property) -> impl Iterator<Item = &str> {
    split(&property.value, ',').into_iter().map(str::trim).filter(|text| !text.is_empty())
}

/// A value for a message: not longer than a line.
pub(super) fn shorten(text: &str) -> String {
    const CHARACTERS_MAX: usize = 40;
    let mut short: String = text.chars().take(CHARACTERS_MAX).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}
