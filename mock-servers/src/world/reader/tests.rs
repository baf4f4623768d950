//! Whole files: what is read, what is passed over, and how broken files are refused.

mod arbitrary;
mod broken;
mod series;
mod whole;
mod zones;

use super::{
    super::{Read, Skipped, SourceEvent, Unreadable},
    read,
};

/// A calendar around some lines.
fn calendar(lines: &str) -> String {
    format!("BEGIN:VCALENDAR\nVERSION:2.0\n{}\nEND:VCALENDAR\n", lines.trim())
}

/// What a calendar with these lines holds.
#[track_caller]
fn all(lines: &str) -> Read {
    read(calendar(lines).as_bytes()).expect("readable")
}

/// The one event of a calendar with these lines, nothing passed over.
#[track_caller]
fn one(lines: &str) -> SourceEvent {
    let Read { mut events, skipped } = all(lines);
    assert_eq!(skipped, []);
    assert_eq!(events.len(), 1, "one event");
    events.remove(0)
}

/// An event with a UID around some lines; it begins in line 3 of its calendar.
fn vevent(lines: &str) -> String {
    format!("BEGIN:VEVENT\nUID:u1\n{}\nEND:VEVENT", lines.trim())
}

#[track_caller]
fn refused(text: &str, line: u64, column: u64, what: &str) {
    let expect = Unreadable { line, column, what: what.to_owned() };
    assert_eq!(read(text.as_bytes()).expect_err("unreadable"), expect);
}

fn skipped(line: u64, uid: Option<&str>, reason: &str) -> Skipped {
    Skipped { line, uid: uid.map(str::to_owned), reason: reason.to_owned() }
}
