//! A source event as an iCalendar resource (RFC 5545), as an editor of calendars would store it.
//!
//! The writer is the mock servers' own. Lines are folded and end with CRLF; each zone that is used
//! has its `VTIMEZONE`, with the changes of the clock written out as dates for [`YEARS`] years.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use calamity_evidence::Lineage;
use jiff::{Timestamp, civil::DateTime, tz::TimeZone};

use super::contacts::content::{escape, fold};
use super::{
    Alarm, AlarmAction, Attendee, AttendeeStatus, Class, Rule, SourceEvent, Span, Status, Trigger,
    Until, Unwritable, When, Zone,
};

/// Years for which a zone is written out, from the year before the event on.
const YEARS: i16 = 12;
const PRODUCT: &str = "-//Calamity//Mock calendar//EN";

/// The event as a whole `VCALENDAR`: its title and those of its exceptions marked with the token.
///
/// `owner` is the mail address of the calendar's user, who organizes what has attendees and no
/// organizer; `now` is the time of the component where the event has none.
///
/// # Errors
/// When iCalendar has no way to hold it; at present it can hold every event that the reader gives.
pub fn icalendar(
    event: &SourceEvent,
    lineage: &Lineage,
    owner: &str,
    now: Timestamp,
) -> Result<Vec<u8>, Unwritable> {
    let mut marked = event.clone();
    marked.title = lineage.mark(&marked.title);
    for exception in &mut marked.exceptions {
        exception.event.title = lineage.mark(&exception.event.title);
    }
    Ok(written(&marked, owner, now))
}

/// The same with the titles as they are.
pub(crate) fn written(event: &SourceEvent, owner: &str, now: Timestamp) -> Vec<u8> {
    let mut lines = Lines::default();
    lines.push("BEGIN:VCALENDAR");
    lines.push("VERSION:2.0");
    lines.push(&format!("PRODID:{PRODUCT}"));
    for zone in zones(event) {
        timezone(&mut lines, &zone, event.start.local().date().year());
    }
    component(&mut lines, event, None, owner, now);
    for exception in &event.exceptions {
        let id = Some(&exception.original);
        let mut own = exception.event.clone();
        own.uid.clone_from(&event.uid);
        component(&mut lines, &own, id, owner, now);
    }
    lines.push("END:VCALENDAR");
    lines.0.into_bytes()
}

#[derive(Debug, Default)]
struct Lines(String);

impl Lines {
    fn push(&mut self, line: &str) {
        let plain: String =
            line.chars().filter(|sign| !sign.is_control() || *sign == '\t').collect();
        fold(&plain, "\r\n", &mut self.0);
    }

    fn text(&mut self, name: &str, text: &str) {
        if !text.is_empty() {
            self.push(&format!("{name}:{}", escape(text)));
        }
    }

    fn moment(&mut self, name: &str, when: &When) {
        let (params, value) = stated(when);
        self.push(&format!("{name}{params}:{value}"));
    }
}

fn component(
    lines: &mut Lines,
    event: &SourceEvent,
    original: Option<&When>,
    owner: &str,
    now: Timestamp,
) {
    lines.push("BEGIN:VEVENT");
    lines.text("UID", &event.uid);
    let stamp = event.modified.unwrap_or(now);
    lines.push(&format!("DTSTAMP:{}", utc(stamp)));
    if let Some(created) = event.created {
        lines.push(&format!("CREATED:{}", utc(created)));
    }
    if let Some(modified) = event.modified {
        lines.push(&format!("LAST-MODIFIED:{}", utc(modified)));
    }
    if let Some(original) = original {
        lines.moment("RECURRENCE-ID", original);
    }
    lines.moment("DTSTART", &event.start);
    lines.moment("DTEND", &event.end);
    if let Some(rule) = &event.rule {
        lines.push(&format!("RRULE:{}", in_utc(rule, &event.start)));
    }
    for added in &event.rdates {
        match added.duration {
            Some(length) => {
                let (zone, value) = stated(&added.start);
                lines.push(&format!("RDATE;VALUE=PERIOD{zone}:{value}/{}", duration(length)));
            }
            None => lines.moment("RDATE", &added.start),
        }
    }
    event.exdates.iter().for_each(|out| lines.moment("EXDATE", out));
    lines.text("SUMMARY", &event.title);
    texts(lines, event);
    people(lines, event, owner);
    event.alarms.iter().for_each(|one| alarm(lines, one));
    lines.push("END:VEVENT");
}

fn texts(lines: &mut Lines, event: &SourceEvent) {
    lines.text("DESCRIPTION", &event.description);
    if let Some(html) = &event.html {
        lines.push(&format!("X-ALT-DESC;FMTTYPE=text/html:{}", escape(html)));
    }
    lines.text("LOCATION", &event.location);
    if let Some(geo) = event.geo {
        lines.push(&format!("GEO:{};{}", geo.latitude, geo.longitude));
    }
    let categories: Vec<String> = event.categories.iter().map(|one| escape(one)).collect();
    if !categories.is_empty() {
        lines.push(&format!("CATEGORIES:{}", categories.join(",")));
    }
    match event.class {
        Class::Public => {}
        Class::Private => lines.push("CLASS:PRIVATE"),
        Class::Confidential => lines.push("CLASS:CONFIDENTIAL"),
    }
    if event.transparent {
        lines.push("TRANSP:TRANSPARENT");
    }
    match event.status {
        None => {}
        Some(Status::Tentative) => lines.push("STATUS:TENTATIVE"),
        Some(Status::Confirmed) => lines.push("STATUS:CONFIRMED"),
        Some(Status::Cancelled) => lines.push("STATUS:CANCELLED"),
    }
    if event.priority > 0 {
        lines.push(&format!("PRIORITY:{}", event.priority));
    }
    if event.sequence > 0 {
        lines.push(&format!("SEQUENCE:{}", event.sequence));
    }
    if let Some(url) = &event.url {
        lines.push(&format!("URL:{url}"));
    }
    if let Some(color) = &event.color {
        lines.push(&format!("COLOR:{color}"));
    }
    for conference in &event.conferences {
        lines.push(&format!("CONFERENCE;VALUE=URI:{}", conference.uri));
    }
    for attachment in &event.attachments {
        lines.push(&format!("ATTACH:{}", attachment.uri));
    }
    for relation in &event.relations {
        let kind = relation.kind.to_ascii_uppercase();
        lines.push(&format!("RELATED-TO;RELTYPE={kind}:{}", escape(&relation.uid)));
    }
}

fn people(lines: &mut Lines, event: &SourceEvent, owner: &str) {
    match &event.organizer {
        Some(organizer) => {
            let name = organizer.name.as_deref().map(|name| param("CN", name)).unwrap_or_default();
            lines.push(&format!("ORGANIZER{name}:{}", organizer.address));
        }
        None if !event.attendees.is_empty() => lines.push(&format!("ORGANIZER:mailto:{owner}")),
        None => {}
    }
    event.attendees.iter().for_each(|one| attendee(lines, one));
}

fn attendee(lines: &mut Lines, one: &Attendee) {
    let mut params = one.name.as_deref().map(|name| param("CN", name)).unwrap_or_default();
    if one.kind != "INDIVIDUAL" && !one.kind.is_empty() {
        params.push_str(&param("CUTYPE", &one.kind));
    }
    if one.role != "REQ-PARTICIPANT" && !one.role.is_empty() {
        params.push_str(&param("ROLE", &one.role));
    }
    params.push_str(match one.status {
        AttendeeStatus::NeedsAction => ";PARTSTAT=NEEDS-ACTION",
        AttendeeStatus::Accepted => ";PARTSTAT=ACCEPTED",
        AttendeeStatus::Declined => ";PARTSTAT=DECLINED",
        AttendeeStatus::Tentative => ";PARTSTAT=TENTATIVE",
        AttendeeStatus::Delegated => ";PARTSTAT=DELEGATED",
    });
    if one.rsvp {
        params.push_str(";RSVP=TRUE");
    }
    lines.push(&format!("ATTENDEE{params}:{}", one.address));
}

fn alarm(lines: &mut Lines, alarm: &Alarm) {
    lines.push("BEGIN:VALARM");
    let email = alarm.action == AlarmAction::Email;
    lines.push(if email { "ACTION:EMAIL" } else { "ACTION:DISPLAY" });
    match alarm.trigger {
        Trigger::Start(span) => lines.push(&format!("TRIGGER:{}", duration(span))),
        Trigger::End(span) => lines.push(&format!("TRIGGER;RELATED=END:{}", duration(span))),
        Trigger::At(at) => lines.push(&format!("TRIGGER;VALUE=DATE-TIME:{}", utc(at))),
    }
    lines.text("DESCRIPTION", alarm.description.as_deref().unwrap_or("Reminder"));
    if let Some(uid) = &alarm.uid {
        lines.text("UID", uid);
    }
    lines.push("END:VALARM");
}

/// A parameter; quotes and line breaks cannot stand in it (RFC 6868 is not needed here).
fn param(name: &str, value: &str) -> String {
    let plain: String = value.chars().filter(|sign| *sign != '"' && !sign.is_control()).collect();
    format!(";{name}=\"{plain}\"")
}

/// The parameters and the value of a point in time.
fn stated(when: &When) -> (String, String) {
    match when {
        When::Date(date) => (";VALUE=DATE".to_owned(), date.strftime("%Y%m%d").to_string()),
        When::Floating(at) => (String::new(), local(*at)),
        When::Zoned(at, zone) if zone.is_utc() => (String::new(), format!("{}Z", local(*at))),
        When::Zoned(at, zone) => (format!(";TZID={}", zone.name()), local(*at)),
    }
}

fn local(at: DateTime) -> String {
    at.strftime("%Y%m%dT%H%M%S").to_string()
}

fn utc(at: Timestamp) -> String {
    at.strftime("%Y%m%dT%H%M%SZ").to_string()
}

/// RFC 5545 section 3.3.6: weeks and days, then hours, minutes and seconds.
fn duration(span: Span) -> String {
    span.to_string()
}

/// The rule with its end in the form that the start asks for (RFC 5545 section 3.3.10): a day for
/// days, UTC for times in a zone.
fn in_utc(rule: &Rule, start: &When) -> String {
    let mut rule = rule.clone();
    let day_end = |date: jiff::civil::Date| date.at(23, 59, 59, 0);
    let instant = |at: DateTime, zone: &Zone| When::Zoned(at, zone.clone()).instant();
    rule.until = match (rule.until.take(), start) {
        (Some(Until::Local(at)), When::Date(_)) => Some(Until::Date(at.date())),
        (Some(Until::Utc(at)), When::Date(_)) => {
            Some(Until::Date(at.to_zoned(TimeZone::UTC).date()))
        }
        (Some(Until::Local(at)), When::Zoned(_, zone)) => {
            Some(instant(at, zone).map_or(Until::Local(at), Until::Utc))
        }
        (Some(Until::Date(date)), When::Zoned(_, zone)) => {
            Some(instant(day_end(date), zone).map_or(Until::Date(date), Until::Utc))
        }
        (Some(Until::Date(date)), When::Floating(_)) => Some(Until::Local(day_end(date))),
        (until, _) => until,
    };
    rule.to_string()
}

/// The zones that an event names, UTC excepted.
fn zones(event: &SourceEvent) -> BTreeSet<Zone> {
    let own = [&event.start, &event.end];
    let dates = event.exdates.iter().chain(event.rdates.iter().map(|added| &added.start));
    let inside =
        event.exceptions.iter().flat_map(|one| [&one.original, &one.event.start, &one.event.end]);
    let all = own.into_iter().chain(dates).chain(inside).filter_map(When::zone);
    all.filter(|zone| !zone.is_utc()).cloned().collect()
}

/// A `VTIMEZONE`: for each kind of change of the clock one part with its dates.
fn timezone(lines: &mut Lines, zone: &Zone, year: i16) {
    let rules = zone.rules();
    let begin = jiff::civil::date(year.saturating_sub(1).clamp(-9_998, 9_998), 1, 1);
    let Ok(from) = rules.to_zoned(begin.at(0, 0, 0, 0)).map(|zoned| zoned.timestamp()) else {
        return;
    };
    lines.push("BEGIN:VTIMEZONE");
    lines.push(&format!("TZID:{}", zone.name()));
    let mut parts: BTreeMap<(bool, i32, i32, String), Vec<DateTime>> = BTreeMap::new();
    let first = rules.to_offset_info(from);
    let mut before = first.offset().seconds();
    let key = (first.dst().is_dst(), before, before, first.abbreviation().to_owned());
    parts.entry(key).or_default().push(begin.at(0, 0, 0, 0));
    let last = year.saturating_add(YEARS);
    for change in rules.following(from).take(4 * usize::from(YEARS.unsigned_abs())) {
        let after = change.offset().seconds();
        let shown = jiff::tz::Offset::from_seconds(before)
            .map(|offset| offset.to_datetime(change.timestamp()));
        let Ok(at) = shown else { break };
        if at.year() > last {
            break;
        }
        let key = (change.dst().is_dst(), before, after, change.abbreviation().to_owned());
        parts.entry(key).or_default().push(at);
        before = after;
    }
    for ((summer, from, to, name), dates) in &parts {
        let kind = if *summer { "DAYLIGHT" } else { "STANDARD" };
        lines.push(&format!("BEGIN:{kind}"));
        for (at, date) in dates.iter().enumerate() {
            let name = if at == 0 { "DTSTART" } else { "RDATE" };
            lines.push(&format!("{name}:{}", local(*date)));
        }
        lines.push(&format!("TZOFFSETFROM:{}", offset(*from)));
        lines.push(&format!("TZOFFSETTO:{}", offset(*to)));
        lines.push(&format!("TZNAME:{name}"));
        lines.push(&format!("END:{kind}"));
    }
    lines.push("END:VTIMEZONE");
}

/// RFC 5545 section 3.3.14.
fn offset(seconds: i32) -> String {
    let (sign, all) = (if seconds < 0 { '-' } else { '+' }, seconds.unsigned_abs());
    let mut text = format!("{sign}{:02}{:02}", all / 3_600, all / 60 % 60);
    if all % 60 > 0 {
        let _ = write!(text, "{:02}", all % 60);
    }
    text
}

#[cfg(test)]
mod tests;
