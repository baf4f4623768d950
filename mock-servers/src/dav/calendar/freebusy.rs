//! The answer to a `CALDAV:free-busy-query` (RFC 4791 section 7.10).
//!
//! Periods are cut to the range, joined where they touch or overlap and are of the same kind,
//! sorted by start, and stated as start and duration in UTC. Free time is not stated.

use std::collections::BTreeMap;

use super::{
    filter::{TimeRange, overlaps, period},
    fold::fold,
    instances::{TooMany, Window, instances},
    object::{CalendarObject, Kind},
    stamp::Stamp,
    times::days_on,
    tree::{Component, Property},
    zones::{Zone, utc},
};

/// What a free-busy answer says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Answer<'a> {
    /// `PRODID`.
    pub product: &'a str,
    /// `DTSTAMP`, a date with a time in UTC.
    pub stamp: &'a str,
    /// `METHOD` where the answer is an iTIP message (RFC 6638 section 5): `REPLY`.
    pub method: Option<&'a str>,
    /// Further lines of the component, without their ends: `UID`, `ORGANIZER`, `ATTENDEE`.
    pub lines: &'a [&'a str],
}

/// The kinds of busy time in the order in which they are written, with the parameter of each.
const KINDS: [(&str, &str); 3] = [
    ("BUSY", ""),
    ("BUSY-UNAVAILABLE", ";FBTYPE=BUSY-UNAVAILABLE"),
    ("BUSY-TENTATIVE", ";FBTYPE=BUSY-TENTATIVE"),
];

/// The busy time of some objects in a range, as an iCalendar text with one `VFREEBUSY`.
///
/// # Errors
/// When a rule goes on for too long.
pub(crate) fn free_busy<'o>(
    objects: impl IntoIterator<Item = &'o CalendarObject>,
    range: &TimeRange,
    floating: &Zone,
    answer: &Answer<'_>,
) -> Result<String, TooMany> {
    let window = range.window();
    let mut busy: BTreeMap<&'static str, Vec<(i64, i64)>> = BTreeMap::new();
    for object in objects {
        collect(object, window, floating, &mut busy)?;
    }
    let mut lines = vec!["BEGIN:VCALENDAR".to_owned(), "VERSION:2.0".to_owned()];
    lines.push(format!("PRODID:{}", answer.product));
    lines.extend(answer.method.map(|method| format!("METHOD:{method}")));
    lines.push("BEGIN:VFREEBUSY".to_owned());
    lines.extend(answer.lines.iter().map(|line| (*line).to_owned()));
    lines.push(format!("DTSTAMP:{}", answer.stamp));
    let edge = |name: &str, at: i64| utc(at).map(|at| Stamp::Utc(at).line(name));
    lines.extend(edge("DTSTART", window.start));
    lines.extend(edge("DTEND", window.end));
    for (kind, param) in KINDS {
        for (from, to) in joined(busy.remove(kind).unwrap_or_default()) {
            if let Some(start) = utc(from) {
                let start = Stamp::Utc(start).value();
                lines.push(format!("FREEBUSY{param}:{start}/{}", duration(to - from)));
            }
        }
    }
    lines.push("END:VFREEBUSY".to_owned());
    lines.push("END:VCALENDAR".to_owned());
    Ok(lines.iter().map(|line| fold(line, "\r\n")).collect())
}

type Busy = BTreeMap<&'static str, Vec<(i64, i64)>>;

fn collect(
    object: &CalendarObject,
    window: Window,
    floating: &Zone,
    busy: &mut Busy,
) -> Result<(), TooMany> {
    let clock = object.clock(floating);
    let mut add = |kind, from: i64, to: i64| {
        let (from, to) = (from.max(window.start), to.min(window.end));
        if from < to {
            busy.entry(kind).or_default().push((from, to));
        }
    };
    match object.kind() {
        Kind::Event => {
            for instance in instances(object, floating, window)? {
                let Some(kind) = kind_of_event(instance.component) else { continue };
                let (Some(start), Some(from)) = (&instance.start, instance.start_at) else {
                    continue;
                };
                if overlaps(&instance, window, &clock) {
                    let zone = clock.zone(start);
                    let day = || start.is_date().then(|| days_on(start.local(), from, &zone, 1));
                    add(kind, from, instance.end.at().or_else(day).unwrap_or(from));
                }
            }
        }
        Kind::FreeBusy => {
            for property in object.components().flat_map(|component| component.all("FREEBUSY")) {
                let Some(kind) = kind_of_period(property) else { continue };
                let periods = property.list().filter_map(|text| period(property, text, &clock));
                periods.for_each(|(from, to)| add(kind, from, to));
            }
        }
        _ => {}
    }
    Ok(())
}

/// The table of section 7.10; none for free time.
fn kind_of_event(event: &Component) -> Option<&'static str> {
    if event.is("TRANSP", "TRANSPARENT") || event.is("STATUS", "CANCELLED") {
        return None;
    }
    Some(if event.is("STATUS", "TENTATIVE") { "BUSY-TENTATIVE" } else { "BUSY" })
}

/// A stored period's kind; unknown ones are busy time (RFC 5545 section 3.2.9).
fn kind_of_period(property: &Property) -> Option<&'static str> {
    let kind = property.param("FBTYPE").unwrap_or("BUSY").to_ascii_uppercase();
    if kind == "FREE" {
        return None;
    }
    Some(KINDS.iter().find(|(known, _)| *known == kind).map_or("BUSY", |(known, _)| known))
}

/// Periods sorted, those that touch or overlap made one.
fn joined(mut periods: Vec<(i64, i64)>) -> Vec<(i64, i64)> {
    periods.sort_unstable();
    let mut joined: Vec<(i64, i64)> = Vec::new();
    for (from, to) in periods {
        match joined.last_mut() {
            Some((_, last)) if *last >= from => *last = to.max(*last),
            _ => joined.push((from, to)),
        }
    }
    joined
}

/// A length in exact hours, minutes and seconds.
fn duration(seconds: i64) -> String {
    let (hours, minutes, seconds) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    let mut text = "PT".to_owned();
    if hours > 0 {
        text.push_str(&format!("{hours}H"));
    }
    if minutes > 0 || (hours > 0 && seconds > 0) {
        text.push_str(&format!("{minutes}M"));
    }
    if seconds > 0 || (hours == 0 && minutes == 0) {
        text.push_str(&format!("{seconds}S"));
    }
    text
}
