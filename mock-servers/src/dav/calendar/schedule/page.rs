//! A message as it is put together: a calendar with its method, the time zones that it names, and
//! its components. What is the same for several people is written once and copied.

use std::collections::BTreeSet;

use super::{
    super::{
        edit::unfolded,
        fold::fold,
        object::CalendarObject,
        tree::{Component, Property},
    },
    message::{Draft, Method, Sender},
    version::Version,
};

/// Some lines as they are written.
#[derive(Clone, Debug, Default)]
pub(super) struct Piece {
    pub(super) text: String,
    /// The time zones that they name.
    pub(super) zones: BTreeSet<String>,
}

/// See the module.
#[derive(Debug)]
pub(super) struct Page<'p> {
    kind: &'p str,
    zones: &'p [(String, String)],
    sender: Sender<'p>,
    used: BTreeSet<String>,
    body: String,
}

impl<'p> Page<'p> {
    /// An empty message about an object.
    pub(super) fn new(version: &'p Version<'_>, sender: Sender<'p>) -> Page<'p> {
        let kind = version.object.kind().name();
        let (used, body) = (BTreeSet::new(), String::new());
        Page { kind, zones: version.zones(), sender, used, body }
    }

    /// Octets of its components.
    pub(super) fn len(&self) -> usize {
        self.body.len()
    }

    /// Begins a component.
    pub(super) fn begin(&mut self) {
        self.line(&format!("BEGIN:{}", self.kind));
    }

    /// Ends it.
    pub(super) fn end(&mut self) {
        self.line(&format!("END:{}", self.kind));
    }

    /// Adds one line.
    pub(super) fn line(&mut self, line: &str) {
        self.put(&Draft { lines: vec![line.to_owned()] }.piece());
    }

    /// Adds the time at which the message is made (RFC 6638 section 3.2.5).
    pub(super) fn stamp(&mut self) {
        self.line(&format!("DTSTAMP:{}", self.sender.now));
    }

    /// Adds lines that are written already.
    pub(super) fn put(&mut self, piece: &Piece) {
        self.body.push_str(&piece.text);
        self.used.extend(piece.zones.iter().cloned());
    }

    /// The whole message.
    pub(super) fn finish(self, method: Method) -> String {
        let product = fold(&format!("PRODID:{}", self.sender.product), "\r\n");
        let method = method.name();
        let mut text = format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{product}METHOD:{method}\r\n");
        for (id, zone) in self.zones {
            if self.used.contains(id) {
                text.push_str(zone);
            }
        }
        text.push_str(&self.body);
        text.push_str("END:VCALENDAR\r\n");
        text
    }
}

/// The time zones of an object by their names, as they are written.
pub(super) fn zones(object: &CalendarObject) -> Vec<(String, String)> {
    let zones = object.timezones().filter_map(|zone| {
        let mut text = String::new();
        every_line(object, zone, &mut text);
        Some((zone.property("TZID").map(Property::text)?, text))
    });
    zones.collect()
}

fn every_line(object: &CalendarObject, component: &Component, text: &mut String) {
    text.push_str(&fold(&format!("BEGIN:{}", component.name), "\r\n"));
    for property in &component.properties {
        text.push_str(&fold(&unfolded(object.octets(), property), "\r\n"));
    }
    component.components.iter().for_each(|inner| every_line(object, inner, text));
    text.push_str(&fold(&format!("END:{}", component.name), "\r\n"));
}
