//! Which local times a recurrence rule makes.
//!
//! The arithmetic is that of the `rrule` crate, on local times without a zone; nothing else of the
//! engine uses it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use jiff::civil::DateTime;
use rrule::RRuleSet;
use serde_json::{Map, Value};

/// How far a rule is followed before the answer is "unknown".
const MAX_OCCURRENCES: u16 = 20_000;

/// Whether a rule makes an occurrence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Membership {
    /// It does.
    Occurs,
    /// It does not.
    Absent,
    /// Nobody here can tell.
    Unknown,
}

/// For each of the wanted times whether a rule that starts at `start` makes it. Without a rule only
/// the start itself occurs.
pub(crate) fn membership(
    rule: Option<&Map<String, Value>>,
    start: DateTime,
    wanted: &BTreeSet<DateTime>,
) -> BTreeMap<DateTime, Membership> {
    let made = match rule {
        None => Some(BTreeSet::from([start])),
        Some(rule) => wanted.last().and_then(|last| occurrences(rule, start, *last)),
    };
    let answer = |at: &DateTime| match &made {
        None => Membership::Unknown,
        Some(made) if made.contains(at) => Membership::Occurs,
        Some(_) => Membership::Absent,
    };
    wanted.iter().map(|at| (*at, answer(at))).collect()
}

/// All occurrences up to `last`, or none when the rule is beyond what can be followed.
fn occurrences(
    rule: &Map<String, Value>,
    start: DateTime,
    last: DateTime,
) -> Option<BTreeSet<DateTime>> {
    if rule.contains_key("rscale") || rule.contains_key("skip") {
        return None;
    }
    let text = format!("DTSTART:{}\nRRULE:{}", stamp(start), rule_text(rule)?);
    let set: RRuleSet = text.parse().ok()?;
    let before = format!("DTSTART:{}\nRRULE:FREQ=DAILY;COUNT=1", stamp(last));
    let before = *before.parse::<RRuleSet>().ok()?.get_dt_start();
    let result = set.before(before).all(MAX_OCCURRENCES);
    if result.limited {
        return None;
    }
    result.dates.iter().map(|at| at.naive_utc().to_string().parse().ok()).collect()
}

fn stamp(at: DateTime) -> String {
    at.strftime("%Y%m%dT%H%M%SZ").to_string()
}

/// The rule as RFC 5545 writes it, or none when it has a part that has no such form.
fn rule_text(rule: &Map<String, Value>) -> Option<String> {
    let mut text = String::new();
    for (name, value) in rule {
        let (key, value) = match name.as_str() {
            "frequency" => ("FREQ", value.as_str()?.to_uppercase()),
            "interval" => ("INTERVAL", value.to_string()),
            "count" => ("COUNT", value.to_string()),
            "until" => ("UNTIL", stamp(super::time::local(value.as_str()?)?)),
            "firstDayOfWeek" => ("WKST", value.as_str()?.to_uppercase()),
            "byDay" => ("BYDAY", list(value, day)?),
            "byMonth" => ("BYMONTH", list(value, |month| Some(month.as_str()?.to_owned()))?),
            "byMonthDay" => ("BYMONTHDAY", list(value, number)?),
            "byYearDay" => ("BYYEARDAY", list(value, number)?),
            "byWeekNo" => ("BYWEEKNO", list(value, number)?),
            "byHour" => ("BYHOUR", list(value, number)?),
            "byMinute" => ("BYMINUTE", list(value, number)?),
            "bySecond" => ("BYSECOND", list(value, number)?),
            "bySetPosition" => ("BYSETPOS", list(value, number)?),
            _ => return None,
        };
        let separator = if text.is_empty() { "" } else { ";" };
        write!(text, "{separator}{key}={value}").expect("text takes text");
    }
    Some(text)
}

fn list(value: &Value, one: impl Fn(&Value) -> Option<String>) -> Option<String> {
    let texts: Option<Vec<String>> = value.as_array()?.iter().map(one).collect();
    Some(texts?.join(","))
}

fn number(value: &Value) -> Option<String> {
    Some(value.as_i64()?.to_string())
}

fn day(value: &Value) -> Option<String> {
    let day = value.get("day")?.as_str()?.to_uppercase();
    let nth = value.get("nthOfPeriod").map(Value::to_string).unwrap_or_default();
    Some(format!("{nth}{day}"))
}
