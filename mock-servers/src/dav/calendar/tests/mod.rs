//! Bodies written by hand and the shipped calendars: what is read, found, expanded, edited and told.

mod arbitrary;
mod called_off;
mod edits;
mod filters;
mod overlap;
mod people;
mod reading;
mod recurring;
mod reschedules;
mod retrieval;
mod scheduling;

use super::{
    CalendarObject, Zone,
    filter::{CompFilter, CompTest, PropFilter, TimeRange, matches},
};

/// A calendar around some lines, with CRLF; blanks around lines are taken away.
fn body(lines: &str) -> String {
    let mut text = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Example//Test//EN\r\n".to_owned();
    for line in lines.lines().map(str::trim).filter(|line| !line.is_empty()) {
        text.push_str(line);
        text.push_str("\r\n");
    }
    text.push_str("END:VCALENDAR\r\n");
    text
}

/// The object of a calendar with these lines.
#[track_caller]
fn object(lines: &str) -> CalendarObject {
    CalendarObject::read(body(lines)).expect("a calendar object")
}

/// A component with a UID around some lines.
fn component(name: &str, lines: &str) -> String {
    format!("BEGIN:{name}\nUID:u1\n{}\nEND:{name}\n", lines.trim())
}

/// The object with one event.
#[track_caller]
fn event(lines: &str) -> CalendarObject {
    object(&component("VEVENT", lines))
}

/// The range of `20260416T100000Z/20260416T110000Z`, with `-` for an open end.
#[track_caller]
fn range(text: &str) -> TimeRange {
    let (start, end) = text.split_once('/').expect("a start and an end");
    let open = |text: &'_ str| (text != "-").then(|| text.to_owned());
    TimeRange::read(open(start).as_deref(), open(end).as_deref()).expect("a range")
}

impl CompFilter {
    /// A filter for a component that only has to be there.
    fn defined(name: &str) -> CompFilter {
        CompFilter::with(name, None, Vec::new(), Vec::new())
    }

    /// A filter for a component with what has to hold for it.
    fn with(
        name: &str,
        time_range: Option<TimeRange>,
        props: Vec<PropFilter>,
        comps: Vec<CompFilter>,
    ) -> CompFilter {
        CompFilter { name: name.to_owned(), test: CompTest::Defined { time_range, props, comps } }
    }
}

/// Whether some component of this name (`VEVENT/VALARM` for one inside) overlaps a range.
#[track_caller]
fn found(object: &CalendarObject, name: &str, asked: &str, floating: &Zone) -> bool {
    let mut filter: Option<CompFilter> = None;
    for name in name.rsplit('/').chain(["VCALENDAR"]) {
        let range = filter.is_none().then(|| range(asked));
        filter = Some(CompFilter::with(name, range, Vec::new(), filter.into_iter().collect()));
    }
    let filter = filter.expect("a filter");
    filter.check().expect("a filter that means something");
    matches(&filter, object, floating).expect("few instances")
}

/// The text of octets.
#[track_caller]
fn text(octets: Vec<u8>) -> String {
    String::from_utf8(octets).expect("UTF-8")
}
