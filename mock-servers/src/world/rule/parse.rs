//! The text of a rule to the typed value, with every check that needs no start.

use std::str::FromStr;

use jiff::civil::Weekday;

use super::{
    super::reader::{parse_date, parse_date_time},
    Frequency, Month, NthDay, Rule, Skip, Until,
};

/// Values of one list beyond which a rule is refused; 366 days of a year fit.
const LIST_MAX: usize = 1_000;

/// The rule, or why it is none: a lower-case fragment.
pub(crate) fn parse(raw: &str) -> Result<Rule, String> {
    let raw = raw.trim();
    let mut parts: Vec<(String, &str)> = Vec::new();
    for part in raw.split(';').map(str::trim).filter(|part| !part.is_empty()) {
        let (name, value) =
            part.split_once('=').ok_or_else(|| format!("`{part}` is not NAME=VALUE"))?;
        let name = name.trim().to_ascii_uppercase();
        if parts.iter().any(|(known, _)| *known == name) {
            return Err(format!("{name} is given twice"));
        }
        parts.push((name, value.trim()));
    }
    let frequency = parts
        .iter()
        .find(|(name, _)| name == "FREQ")
        .ok_or_else(|| "FREQ is missing".to_owned())
        .and_then(|(_, value)| frequency(value))?;
    let mut rule = Rule { raw: raw.to_owned(), ..Rule::of(frequency) };
    for (name, value) in &parts {
        set(&mut rule, name, value)?;
    }
    combinations(&rule)?;
    Ok(rule)
}

fn set(rule: &mut Rule, name: &str, value: &str) -> Result<(), String> {
    match name {
        "INTERVAL" => rule.interval = at_least_one(name, value)?,
        "COUNT" => rule.count = Some(at_least_one(name, value)?),
        "UNTIL" => rule.until = Some(until(value)?),
        "BYSECOND" => rule.by_second = numbers(name, value, 0, 60)?,
        "BYMINUTE" => rule.by_minute = numbers(name, value, 0, 59)?,
        "BYHOUR" => rule.by_hour = numbers(name, value, 0, 23)?,
        "BYDAY" => rule.by_day = list(name, value, nth_day)?,
        "BYMONTHDAY" => rule.by_month_day = numbers(name, value, -31, 31)?,
        "BYYEARDAY" => rule.by_year_day = numbers(name, value, -366, 366)?,
        "BYWEEKNO" => rule.by_week_no = numbers(name, value, -53, 53)?,
        "BYMONTH" => rule.by_month = list(name, value, month)?,
        "BYSETPOS" => rule.by_set_position = numbers(name, value, -366, 366)?,
        "WKST" => {
            rule.week_start =
                weekday(value).ok_or_else(|| format!("WKST={value} is no weekday"))?;
        }
        "RSCALE" => {
            let scale = value.to_ascii_uppercase();
            rule.scale = (scale != "GREGORIAN").then_some(scale);
        }
        "SKIP" => rule.skip = Some(skip(value)?),
        "FREQ" => {}
        // Private parts were allowed once and are still written; they change nothing.
        _ if name.starts_with("X-") => {}
        _ => return Err(format!("{name} is no part of a rule")),
    }
    Ok(())
}

/// What RFC 5545, section 3.3.10, forbids to combine.
fn combinations(rule: &Rule) -> Result<(), String> {
    use Frequency::{Daily, Monthly, Weekly, Yearly};
    let frequency = rule.frequency;
    let with_number = rule.by_day.iter().any(|day| day.nth.is_some());
    let by_other = rule.by_day.len()
        + rule.by_second.len()
        + rule.by_minute.len()
        + rule.by_hour.len()
        + rule.by_month_day.len()
        + rule.by_year_day.len()
        + rule.by_week_no.len()
        + rule.by_month.len();
    let forbidden = [
        (rule.until.is_some() && rule.count.is_some(), "COUNT together with UNTIL"),
        (
            with_number && !matches!(frequency, Monthly | Yearly),
            "BYDAY with a number in a rule that is neither monthly nor yearly",
        ),
        (
            with_number && frequency == Yearly && !rule.by_week_no.is_empty(),
            "BYDAY with a number together with BYWEEKNO",
        ),
        (!rule.by_month_day.is_empty() && frequency == Weekly, "BYMONTHDAY in a weekly rule"),
        (
            !rule.by_year_day.is_empty() && matches!(frequency, Daily | Weekly | Monthly),
            "BYYEARDAY in a daily, weekly or monthly rule",
        ),
        (
            !rule.by_week_no.is_empty() && frequency != Yearly,
            "BYWEEKNO in a rule that is not yearly",
        ),
        (!rule.by_set_position.is_empty() && by_other == 0, "BYSETPOS without another BY part"),
        (
            rule.scale.is_none()
                && rule.by_month.iter().any(|month| month.leap || month.number > 12),
            "a BYMONTH that the Gregorian calendar does not have",
        ),
    ];
    match forbidden.into_iter().find(|(present, _)| *present) {
        Some((_, what)) => Err(what.to_owned()),
        None => Ok(()),
    }
}

fn frequency(value: &str) -> Result<Frequency, String> {
    Ok(match value.to_ascii_uppercase().as_str() {
        "SECONDLY" => Frequency::Secondly,
        "MINUTELY" => Frequency::Minutely,
        "HOURLY" => Frequency::Hourly,
        "DAILY" => Frequency::Daily,
        "WEEKLY" => Frequency::Weekly,
        "MONTHLY" => Frequency::Monthly,
        "YEARLY" => Frequency::Yearly,
        _ => return Err(format!("FREQ={value} is no frequency")),
    })
}

fn skip(value: &str) -> Result<Skip, String> {
    Ok(match value.to_ascii_uppercase().as_str() {
        "OMIT" => Skip::Omit,
        "BACKWARD" => Skip::Backward,
        "FORWARD" => Skip::Forward,
        _ => return Err(format!("SKIP={value} is not defined")),
    })
}

fn until(value: &str) -> Result<Until, String> {
    if let Some(date) = parse_date(value) {
        return Ok(Until::Date(date));
    }
    match parse_date_time(value) {
        Some((local, true)) => {
            let instant = local.to_zoned(jiff::tz::TimeZone::UTC);
            let instant = instant.map_err(|_| format!("UNTIL={value} is out of range"))?;
            Ok(Until::Utc(instant.timestamp()))
        }
        Some((local, false)) => Ok(Until::Local(local)),
        None => Err(format!("UNTIL={value} is neither a date nor a date with a time")),
    }
}

fn at_least_one(name: &str, value: &str) -> Result<u32, String> {
    value
        .parse()
        .ok()
        .filter(|number| *number > 0)
        .ok_or_else(|| format!("{name}={value} is no number from 1 on"))
}

/// A list of numbers in a range; 0 is in it only where the range begins with it.
fn numbers<N>(name: &str, value: &str, lo: N, hi: N) -> Result<Vec<N>, String>
where
    N: FromStr + PartialOrd + Default + Copy,
{
    list(name, value, |text| {
        let number: N = text.trim_start_matches('+').parse().ok()?;
        let zero_is_out = lo < N::default() && number == N::default();
        (number >= lo && number <= hi && !zero_is_out).then_some(number)
    })
}

fn list<T>(name: &str, value: &str, one: impl Fn(&str) -> Option<T>) -> Result<Vec<T>, String> {
    let texts: Vec<&str> =
        value.split(',').map(str::trim).filter(|text| !text.is_empty()).collect();
    if texts.is_empty() || texts.len() > LIST_MAX {
        return Err(format!("{name} holds {} values", texts.len()));
    }
    texts
        .into_iter()
        .map(|text| one(text).ok_or_else(|| format!("{name} holds `{text}`")))
        .collect()
}

fn nth_day(text: &str) -> Option<NthDay> {
    let split = text.len().checked_sub(2).filter(|at| text.is_char_boundary(*at))?;
    let (number, day) = text.split_at(split);
    let day = weekday(day)?;
    if number.is_empty() {
        return Some(NthDay { nth: None, day });
    }
    let nth: i8 = number.trim_start_matches('+').parse().ok()?;
    (nth != 0 && (-53..=53).contains(&nth)).then_some(NthDay { nth: Some(nth), day })
}

fn month(text: &str) -> Option<Month> {
    let (number, leap) = match text.strip_suffix(['L', 'l']) {
        Some(number) => (number, true),
        None => (text, false),
    };
    let number = number.parse().ok()?;
    (1..=13).contains(&number).then_some(Month { number, leap })
}

fn weekday(text: &str) -> Option<Weekday> {
    Some(match text.to_ascii_uppercase().as_str() {
        "MO" => Weekday::Monday,
        "TU" => Weekday::Tuesday,
        "WE" => Weekday::Wednesday,
        "TH" => Weekday::Thursday,
        "FR" => Weekday::Friday,
        "SA" => Weekday::Saturday,
        "SU" => Weekday::Sunday,
        _ => return None,
    })
}
