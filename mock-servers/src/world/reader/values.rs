//! Values of properties: dates, times, lengths and offsets (RFC 5545, section 3.3).

use jiff::{
    Timestamp,
    civil::{Date, DateTime, Time},
    tz::TimeZone,
};

use super::super::Span;

/// Digits of one number in a length beyond which it is none.
const NUMBER_DIGITS_MAX: usize = 9;

/// `YYYYMMDD`.
pub(crate) fn parse_date(text: &str) -> Option<Date> {
    if text.len() != 8 {
        return None;
    }
    let year = digits(text, 0, 4)?;
    let month = digits(text, 4, 6)?;
    let day = digits(text, 6, 8)?;
    Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

/// `YYYYMMDDThhmmss`, and whether a `Z` follows. A leap second is the second before it.
pub(crate) fn parse_date_time(text: &str) -> Option<(DateTime, bool)> {
    let (text, utc) = match text.strip_suffix(['Z', 'z']) {
        Some(text) => (text, true),
        None => (text, false),
    };
    let (date, time) = text.split_once(['T', 't'])?;
    let date = parse_date(date)?;
    if time.len() != 6 {
        return None;
    }
    let hour = i8::try_from(digits(time, 0, 2)?).ok()?;
    let minute = i8::try_from(digits(time, 2, 4)?).ok()?;
    let second = i8::try_from(digits(time, 4, 6)?).ok()?;
    let second = if second == 60 { 59 } else { second };
    Some((date.to_datetime(Time::new(hour, minute, second, 0).ok()?), utc))
}

/// An instant: a date with a time in UTC. Without a `Z` it is taken as UTC all the same, because
/// the properties that hold instants allow nothing else.
pub(crate) fn parse_instant(text: &str) -> Option<Timestamp> {
    let (local, _) = parse_date_time(text.trim())?;
    TimeZone::UTC.to_timestamp(local).ok()
}

/// A length of time such as `-P1DT2H30M` or `P2W`.
pub(crate) fn parse_span(text: &str) -> Option<Span> {
    let text = text.trim().to_ascii_uppercase();
    let (sign, rest) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text.strip_prefix('+').unwrap_or(&text)),
    };
    let mut rest = rest.strip_prefix('P')?;
    let mut span = Span::default();
    let mut in_time = false;
    let mut parts = 0;
    while !rest.is_empty() {
        if let Some(time) = rest.strip_prefix('T').filter(|_| !in_time) {
            in_time = true;
            rest = time;
            continue;
        }
        let end = rest.find(|sign: char| !sign.is_ascii_digit())?;
        if end == 0 || end > NUMBER_DIGITS_MAX {
            return None;
        }
        let number: i64 = rest[..end].parse().ok()?;
        let unit = rest[end..].chars().next()?;
        match (in_time, unit) {
            (false, 'W') => span.days += number * 7,
            (false, 'D') => span.days += number,
            (true, 'H') => span.seconds += number * 3_600,
            (true, 'M') => span.seconds += number * 60,
            (true, 'S') => span.seconds += number,
            _ => return None,
        }
        parts += 1;
        if parts > 8 {
            return None;
        }
        rest = &rest[end + unit.len_utf8()..];
    }
    // `PT` and `P` alone say nothing; some writers mean zero by them, which cannot be known.
    (parts > 0).then_some(Span { days: sign * span.days, seconds: sign * span.seconds })
}

/// A UTC offset `+hhmm` or `-hhmmss`, in seconds; less than a day.
pub(crate) fn parse_offset(text: &str) -> Option<i32> {
    let text = text.trim();
    let (sign, rest) = match text.split_at_checked(1)? {
        ("+", rest) => (1, rest),
        ("-", rest) => (-1, rest),
        _ => return None,
    };
    let seconds = match rest.len() {
        4 => 0,
        6 => digits(rest, 4, 6)?,
        _ => return None,
    };
    let (hours, minutes) = (digits(rest, 0, 2)?, digits(rest, 2, 4)?);
    (hours < 24 && minutes < 60 && seconds < 60)
        .then(|| {
            i32::try_from(hours * 3_600 + minutes * 60 + seconds).ok().map(|total| sign * total)
        })
        .flatten()
}

fn digits(text: &str, from: usize, to: usize) -> Option<u32> {
    let part = text.get(from..to)?;
    part.bytes().all(|byte| byte.is_ascii_digit()).then(|| part.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_read_with_their_nominal_days_apart() {
        let span = |days, seconds| Some(Span { days, seconds });
        assert_eq!(parse_span("P1DT2H30M"), span(1, 9_000));
        assert_eq!(parse_span("-PT15M"), span(0, -900));
        assert_eq!(parse_span("+P2W"), span(14, 0));
        assert_eq!(parse_span("pt1h0m5s"), span(0, 3_605));
        assert_eq!(parse_span("-P1DT1S"), span(-1, -1));
        for none in ["", "P", "PT", "1H", "P1H", "PT1D", "PT1.5H", "P1D2", "PT9999999999S", "PTT1H"]
        {
            assert_eq!(parse_span(none), None, "{none}");
        }
    }

    #[test]
    fn dates_and_times_are_read_digit_by_digit() {
        assert_eq!(
            parse_date("20240229").map(|date| date.to_string()),
            Some("2024-02-29".to_owned())
        );
        for none in ["20230229", "2024-2-9", "202402299", "2024022", "2024+2+9", "２０２４"] {
            assert_eq!(parse_date(none), None, "{none}");
        }
        let time = |text| parse_date_time(text).map(|(local, utc)| (local.to_string(), utc));
        assert_eq!(time("20260416T080000Z"), Some(("2026-04-16T08:00:00".to_owned(), true)));
        assert_eq!(time("20260416T235960"), Some(("2026-04-16T23:59:59".to_owned(), false)));
        for none in ["20260416T0800", "20260416T240000", "2026-04-16T08:00:00", "20260416"] {
            assert_eq!(time(none), None, "{none}");
        }
    }

    #[test]
    fn offsets_may_have_seconds() {
        assert_eq!(parse_offset("+0100"), Some(3_600));
        assert_eq!(parse_offset("-005328"), Some(-3_208));
        for none in ["0100", "+01", "+2400", "+0160", "", "+01:00"] {
            assert_eq!(parse_offset(none), None, "{none}");
        }
    }
}
