//! What iTIP messages (RFC 5546) say of a component, line by line; the same for the same input.
//!
//! A message holds neither alarms nor `SCHEDULE-*` parameters (RFC 6638 section 7), and its
//! `DTSTAMP` is the time at which it is made (section 3.2.5).

use super::{
    super::{
        edit::unfolded,
        fold::fold,
        object::CalendarObject,
        stamp::Stamp,
        tree::{Component, Property},
    },
    page::Piece,
    view::OF_SCHEDULING,
};
use crate::{scheduling::address, world::properties::anatomy};

/// What a message asks or says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Method {
    /// You are invited, or what you are invited to has changed.
    Request,
    /// It does not take place, or you are no longer invited.
    Cancel,
    /// This is my answer.
    Reply,
}

impl Method {
    /// The value of `METHOD`.
    #[must_use]
    pub(crate) fn name(self) -> &'static str {
        match self {
            Method::Request => "REQUEST",
            Method::Cancel => "CANCEL",
            Method::Reply => "REPLY",
        }
    }
}

/// A message to one person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Message {
    /// What it asks or says.
    pub method: Method,
    /// The address of who gets it, without `mailto:`, in lower case.
    pub to: String,
    /// The address of whom it is from, in the same form.
    pub from: String,
    /// The message's `SEQUENCE`.
    pub sequence: u32,
    /// The iCalendar text.
    pub text: String,
}

/// What a server says of itself in its messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Sender<'a> {
    /// `PRODID`.
    pub product: &'a str,
    /// `DTSTAMP`: a date with a time in UTC, such as `20260416T100000Z`.
    pub now: &'a str,
}

/// A component of a message, or some lines of it, before it is written.
#[derive(Clone, Debug, Default)]
pub(super) struct Draft {
    pub(super) lines: Vec<String>,
}

impl Draft {
    /// Its lines as they are written.
    pub(super) fn piece(&self) -> Piece {
        let text = self.lines.iter().map(|line| fold(line, "\r\n")).collect();
        Piece { text, zones: self.lines.iter().filter_map(|line| zone_of(line)).collect() }
    }

    /// All of a component that others may see, its parts without alarms.
    pub(super) fn whole(object: &CalendarObject, component: &Component, now: &str) -> Draft {
        let mut draft = Draft::default();
        for property in &component.properties {
            match property.name.as_str() {
                "DTSTAMP" => {}
                _ => draft.push(object, property),
            }
        }
        draft.lines.push(format!("DTSTAMP:{now}"));
        draft
    }

    /// The named properties of a component, in this order.
    pub(super) fn of(object: &CalendarObject, component: &Component, names: &[&str]) -> Draft {
        let mut draft = Draft::default();
        for name in names {
            component.all(name).for_each(|property| draft.push(object, property));
        }
        draft
    }

    /// Adds a property's line.
    pub(super) fn push(&mut self, object: &CalendarObject, property: &Property) {
        self.lines.push(shareable(&unfolded(object.octets(), property), false));
    }

    /// Adds an attendee's line with an answer of its own.
    pub(super) fn push_answer(
        &mut self,
        object: &CalendarObject,
        property: &Property,
        partstat: &str,
    ) {
        let line = shareable(&unfolded(object.octets(), property), true);
        if let Some(parts) = anatomy(&line) {
            let colon = parts.value - 1;
            self.lines.push(format!("{};PARTSTAT={partstat}{}", &line[..colon], &line[colon..]));
        }
    }
}

/// The time zone that a line names.
fn zone_of(line: &str) -> Option<String> {
    let parts = anatomy(line)?;
    let (_, range) = parts.params.iter().find(|(name, _)| name == "TZID")?.clone();
    let (_, id) = line.get(range)?.split_once('=')?;
    Some(id.trim_matches('"').to_owned())
}

/// A line without what is only for the server, and without the answer where that is asked.
fn shareable(line: &str, without_answer: bool) -> String {
    let mut shared = line.to_owned();
    let Some(parts) = anatomy(line) else { return shared };
    for (name, range) in parts.params.iter().rev() {
        let own = OF_SCHEDULING.contains(&name.as_str());
        if own && (name != "PARTSTAT" || without_answer) {
            shared.replace_range(range.clone(), "");
        }
    }
    shared
}

/// `SEQUENCE` of a component.
pub(super) fn sequence(component: &Component) -> u32 {
    component.value("SEQUENCE").and_then(|text| text.parse().ok()).unwrap_or(0)
}

/// The property by which a component names somebody.
pub(super) fn named<'o>(
    component: &'o Component,
    name: &'o str,
    whom: &str,
) -> Option<&'o Property> {
    component.all(name).find(|property| address(&property.value) == whom)
}

/// A `RECURRENCE-ID` line.
pub(super) fn recurrence_id(stamp: &Stamp) -> String {
    stamp.line("RECURRENCE-ID")
}
