//! Dates, times and durations of JSCalendar (RFC 8984 sections 1.4.3 to 1.4.7, kept by
//! jscalendarbis).

use jiff::civil::DateTime;
use jiff::{SignedDuration, Timestamp, ToSpan as _};
use serde_json::{Map, Value};

use crate::world::{Span, When, Zone};

/// A `LocalDateTime`: `2026-04-16T08:00:00`, without offset or zone.
pub(super) fn local(text: &str) -> Option<DateTime> {
    let plain = text.bytes().all(|byte| byte.is_ascii_digit() || b"-:T.".contains(&byte));
    if !plain || text.len() < 19 || text.as_bytes()[10] != b'T' || !fraction(&text[19..]) {
        return None;
    }
    text.parse().ok()
}

/// A `UTCDateTime`: `2026-04-16T08:00:00Z`.
pub(super) fn utc(text: &str) -> Option<Timestamp> {
    let local_text = text.strip_suffix('Z')?;
    local(local_text)?.in_tz("UTC").ok().map(|zoned| zoned.timestamp())
}

/// A fraction is not empty and does not end in a zero.
fn fraction(rest: &str) -> bool {
    match rest.strip_prefix('.') {
        None => rest.is_empty(),
        Some(digits) => !digits.is_empty() && !digits.ends_with('0'),
    }
}

/// A `Duration`, or with `signed` a `SignedDuration`.
pub(super) fn duration(text: &str, signed: bool) -> Option<Span> {
    let (sign, rest) = match text.as_bytes().first()? {
        b'-' if signed => (-1, &text[1..]),
        b'+' if signed => (1, &text[1..]),
        _ => (1, text),
    };
    let rest = rest.strip_prefix('P')?;
    let (date, time) = match rest.split_once('T') {
        Some((_, "")) => return None,
        Some((date, time)) => (date, time),
        None => (rest, ""),
    };
    if date.is_empty() && time.is_empty() {
        return None;
    }
    let [weeks, days] = amounts(date, ['W', 'D'])?;
    let [hours, minutes, seconds] = amounts(time, ['H', 'M', 'S'])?;
    let days = weeks.checked_mul(7)?.checked_add(days)?;
    let seconds =
        hours.checked_mul(3600)?.checked_add(minutes.checked_mul(60)?)?.checked_add(seconds)?;
    // A century and more is no length of an event; it also keeps the arithmetic below in range.
    if days > 40_000 || seconds > 4_000_000_000 {
        return None;
    }
    Some(Span { days: sign * days, seconds: sign * seconds })
}

fn amounts<const N: usize>(text: &str, units: [char; N]) -> Option<[i64; N]> {
    let mut found = [0; N];
    let mut next = 0;
    let mut rest = text;
    while !rest.is_empty() {
        let end = rest.find(|sign: char| !sign.is_ascii_digit() && sign != '.')?;
        let unit = rest[end..].chars().next()?;
        let at = next + units[next..].iter().position(|known| *known == unit)?;
        // Fractions of a second are allowed and of no matter here.
        let whole = match rest[..end].split_once('.') {
            Some((whole, fraction)) if unit == 'S' && !fraction.is_empty() => whole,
            Some(_) => return None,
            None => &rest[..end],
        };
        found[at] = whole.parse().ok()?;
        next = at + 1;
        rest = &rest[end + unit.len_utf8()..];
    }
    Some(found)
}

/// The start of an event object: a day when it is shown without time and has no zone.
pub(super) fn start(event: &Map<String, Value>) -> Option<When> {
    let local = local(event.get("start")?.as_str()?)?;
    Some(placed(event, local))
}

/// A local time of that event in the event's own way of telling time.
pub(super) fn placed(event: &Map<String, Value>, local: DateTime) -> When {
    let zone = event.get("timeZone").and_then(Value::as_str).and_then(Zone::iana);
    let without_time = event.get("showWithoutTime") == Some(&Value::Bool(true));
    match zone {
        Some(zone) => When::Zoned(local, zone),
        None if without_time && local.time() == jiff::civil::Time::midnight() => {
            When::Date(local.date())
        }
        None => When::Floating(local),
    }
}

/// The length of an event object; none is nothing.
pub(super) fn length(event: &Map<String, Value>) -> Span {
    let text = event.get("duration").and_then(Value::as_str);
    text.and_then(|text| duration(text, false)).unwrap_or_default()
}

/// The end of what starts there: days are nominal, seconds exact. `None` beyond the calendar.
pub(super) fn end(start: &When, length: Span) -> Option<When> {
    let days = length.days.days();
    let seconds = SignedDuration::from_secs(length.seconds);
    match start {
        When::Date(date) => {
            let end = date.at(0, 0, 0, 0).checked_add(days).ok()?.checked_add(seconds).ok()?;
            if end.time() == jiff::civil::Time::midnight() {
                Some(When::Date(end.date()))
            } else {
                Some(When::Floating(end))
            }
        }
        When::Floating(local) => {
            Some(When::Floating(local.checked_add(days).ok()?.checked_add(seconds).ok()?))
        }
        When::Zoned(local, zone) => {
            let moved = When::Zoned(local.checked_add(days).ok()?, zone.clone());
            let end = moved.instant()?.checked_add(seconds).ok()?;
            Some(When::Zoned(end.to_zoned(zone.rules()).datetime(), zone.clone()))
        }
    }
}

/// A local time as JSCalendar writes it.
pub(super) fn text(local: DateTime) -> String {
    local.strftime("%Y-%m-%dT%H:%M:%S").to_string()
}

/// A local time moved by minutes.
pub(super) fn shifted(local: DateTime, minutes: i64) -> Option<DateTime> {
    local.checked_add(SignedDuration::from_secs(minutes.checked_mul(60)?)).ok()
}

/// An instant as the server writes it: to the second, as real servers do.
pub(super) fn stamp(instant: Timestamp) -> String {
    instant.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}
