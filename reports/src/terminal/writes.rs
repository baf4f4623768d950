//! The writes behind a violation: what was done to which events, when, and on whose account.

use calamity_evidence::{Actor, Side, Violation, Write, WriteOp, WriteResult};

use super::{
    page::Page,
    style::Ink,
    text::{cell, count, cut, len, number, pad, plain, widest},
};

/// The most columns for the cause of a write.
const CAUSES_MAX: usize = 32;
/// The most columns for a calendar's name.
const CALENDARS_MAX: usize = 20;

/// Lists the writes in groups: applied or refused, by operation and server.
pub(super) fn list(page: &mut Page, violation: &Violation) {
    if violation.writes.is_empty() {
        return;
    }
    page.gap();
    if violation.writes_total > len(&violation.writes) {
        let kept = number(len(&violation.writes));
        let text = format!("the first {kept} of {} writes:", number(violation.writes_total));
        page.line(2, &page.to.paint(Ink::Faint, &text));
    }
    for (heading, writes) in groups(&violation.writes) {
        group(page, &heading, &writes);
    }
}

/// What writes have in common; groups stand in the order of their first write.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Heading {
    server: Side,
    op: WriteOp,
    /// The code with which the server refused; none where it applied the write.
    refused: Option<String>,
}

fn groups(writes: &[Write]) -> Vec<(Heading, Vec<&Write>)> {
    let mut groups: Vec<(Heading, Vec<&Write>)> = Vec::new();
    for write in writes {
        let refused = match &write.result {
            WriteResult::Applied => None,
            WriteResult::Refused(refusal) => Some(refusal.code.clone()),
        };
        let heading = Heading { server: write.server, op: write.op, refused };
        match groups.iter_mut().find(|(other, _)| *other == heading) {
            Some((_, members)) => members.push(write),
            None => groups.push((heading, vec![write])),
        }
    }
    groups
}

fn group(page: &mut Page, heading: &Heading, writes: &[&Write]) {
    let at: Vec<String> = writes.iter().map(|write| format!("{:.3}", write.at)).collect();
    let day = at.first().map(|at| date(at).to_owned());
    // Times of one day stand better without it, the day once above them.
    let day = day.filter(|day| at.iter().all(|at| date(at) == day));
    let sentence = sentence(heading, len(writes));
    let title = match &day {
        Some(day) => format!("{sentence}, {day}"),
        None => sentence,
    };
    page.painted(2, Ink::Strong, "", &title);

    let columns = Columns::of(writes);
    for (write, at) in writes.iter().zip(&at).take(page.to.rows) {
        let when = if day.is_some() { time(at) } else { at.as_str() };
        let row = format!("{when}  {}", columns.row(write));
        page.line(3, &cut(&row, page.room(3)));
    }
    if let more @ 1.. = writes.len().saturating_sub(page.to.rows) {
        page.line(3, &page.to.paint(Ink::Faint, &format!("and {more} more")));
    }
    page.gap();
}

/// The widths of a group's columns.
#[derive(Clone, Copy, Debug)]
struct Columns {
    cause: usize,
    calendar: usize,
    guests: usize,
}

impl Columns {
    fn of(writes: &[&Write]) -> Self {
        let widest_of = |text: fn(&Write) -> String, most: usize| {
            let texts: Vec<String> = writes.iter().map(|write| text(write)).collect();
            widest(texts.iter().map(String::as_str), most)
        };
        Self {
            cause: widest_of(|write| cause(&write.actor), CAUSES_MAX),
            calendar: widest_of(|write| plain(&write.container), CALENDARS_MAX),
            guests: widest_of(guests, usize::MAX),
        }
    }

    fn row(self, write: &Write) -> String {
        let cause = pad(&cut(&cause(&write.actor), self.cause), self.cause);
        let calendar = cell(&write.container, self.calendar);
        let guests = match self.guests {
            0 => String::new(),
            columns => format!("{}  ", pad(&guests(write), columns)),
        };
        format!("{cause}  {calendar}  {guests}{}", item(write))
    }
}

/// How many people are invited; empty for nobody.
fn guests(write: &Write) -> String {
    match len(&write.attendees) {
        0 => String::new(),
        guests => count(guests, "guest", "guests"),
    }
}

/// `10 events deleted on a`, `40 events not created on b: refused with invalidProperties`.
fn sentence(heading: &Heading, writes: u64) -> String {
    let server = heading.server;
    let (one, many, verb) = match heading.op {
        WriteOp::Create => ("event", "events", "created"),
        WriteOp::Update => ("event", "events", "changed"),
        WriteOp::Delete => ("event", "events", "deleted"),
        WriteOp::CreateContainer => ("calendar", "calendars", "created"),
        WriteOp::UpdateContainer => ("calendar", "calendars", "changed"),
        WriteOp::DeleteContainer => ("calendar", "calendars", "deleted"),
    };
    let things = count(writes, one, many);
    match &heading.refused {
        None => format!("{things} {verb} on {server}"),
        Some(code) => format!("{things} not {verb} on {server}: refused with {}", plain(code)),
    }
}

/// Who did it, in a few words.
pub(super) fn cause(actor: &Actor) -> String {
    match actor {
        Actor::Seed => "seed".to_owned(),
        Actor::User(step) => format!("user, {}", plain(step)),
        Actor::Client(request) => format!("request {}", request.0),
    }
}

/// What was written: the title, or what else names it, and why it was refused.
fn item(write: &Write) -> String {
    let names: &[&String] = match write.op {
        WriteOp::Create | WriteOp::Update | WriteOp::Delete => {
            &[&write.title, &write.uid, &write.item]
        }
        WriteOp::CreateContainer | WriteOp::UpdateContainer | WriteOp::DeleteContainer => {
            &[&write.item]
        }
    };
    let name = names.iter().find(|name| !name.is_empty());
    let name = name.map_or_else(|| "(no name)".to_owned(), |name| plain(name));
    match &write.result {
        WriteResult::Refused(refusal) if !refusal.detail.is_empty() => {
            format!("{name}: {}", plain(&refusal.detail))
        }
        _ => name,
    }
}

/// The date of an RFC 3339 timestamp.
fn date(at: &str) -> &str {
    at.split_once('T').map_or(at, |(date, _)| date)
}

/// The time of day of an RFC 3339 timestamp, without its zone, which is always UTC.
pub(super) fn time(at: &str) -> &str {
    at.split_once('T').map_or(at, |(_, time)| time.trim_end_matches('Z'))
}
