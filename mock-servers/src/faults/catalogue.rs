//! The catalogue of what goes wrong on the wire, as data: each code with the fault that shows it, the
//! ground on which it stands, and whether the server's state alone leads to it as well.
//!
//! `CATALOGUE.md` is made from it by the test that arms every entry.

mod dav;
mod graph;
mod jmap;

use super::effect::Effect;
use super::rule::{Origin, Rule, Site};
use crate::server::Protocol;

/// One code, or one way in which an answer is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The protocol's own code, or words where it has none.
    pub code: &'static str,
    /// The protocol.
    pub protocol: Protocol,
    /// The site at which its fault is armed.
    pub site: Site,
    /// The operations at which it is armed.
    pub op: &'static str,
    /// The request that shows it.
    pub ask: Ask,
    /// The effect of its fault, as JSON; empty where only the state shows it.
    pub what: &'static str,
    /// Texts that the answer has: in its status, in a header line or in its body.
    pub shows: &'static [&'static str],
    /// On what ground it is thought possible.
    pub origin: Origin,
    /// Where it is specified or was seen.
    pub source: &'static str,
    /// Whether it also comes about through the server's state, with no fault armed.
    pub by_state: ByState,
}

/// Whether the server's state alone leads to a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ByState {
    /// It does.
    Too,
    /// It takes a fault.
    Never,
}

/// The request that shows an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ask {
    /// Makes an event.
    Create,
    /// The same three times, one after the other.
    CreateThrice,
    /// Changes an event, with its entity tag or state.
    Update,
    /// Changes an event without either.
    UpdateBlindly,
    /// Writes an event only if there is none: `If-None-Match: *`. There is one.
    UpdateIfNone,
    /// Writes an event only if there is one: `If-Match: *`. There is.
    UpdateIfAny,
    /// Deletes an event.
    Delete,
    /// Reads an event.
    Read,
    /// Reads several events at once, each with its own part of the answer.
    ReadMany,
    /// Reads a change feed.
    Changes,
    /// Makes an event, then reads a change feed.
    WriteThenChanges,
    /// Reads a change feed, then again from the token that was handed out.
    ChangesTwice,
    /// Reads the second page of a listing.
    NextPage,
    /// Queries events.
    Query,
    /// Reads the list of calendars.
    Calendars,
    /// Deletes a calendar.
    DeleteCalendar,
    /// Makes an event with guests and reads what is stored of it.
    Invite,
    /// The same, and the client says that it tells them itself; then whom the server told.
    InviteByClient,
    /// Deletes an invitation and asks that the organizer is not told; then whom the server told.
    LeaveSilently,
    /// Makes a calendar and looks at it.
    NewCalendar,
    /// Deletes an address book in which a contact is.
    DeleteAddressBook,
    /// Makes two events in one `$batch`.
    Batch,
    /// The same, but the second depends on the first.
    BatchDepending,
    /// Two requests of one id in a `$batch`.
    BatchTwice,
    /// Asks to be told of changes.
    Subscribe,
    /// Asks to be told of changes and makes two events, one after the other.
    Notified,
    /// Watches a stream of events and makes an event.
    Watch,
}

/// All entries: JMAP, Microsoft Graph, CalDAV and CardDAV.
pub fn all() -> impl Iterator<Item = &'static Entry> {
    jmap::ENTRIES.iter().chain(graph::ENTRIES).chain(dav::ENTRIES)
}

impl Entry {
    const fn new(protocol: Protocol, code: &'static str, ask: Ask) -> Self {
        Self {
            code,
            protocol,
            site: Site::Request,
            op: "*",
            ask,
            what: "",
            shows: &[],
            origin: Origin::Spec,
            source: "",
            by_state: ByState::Never,
        }
    }

    const fn at(self, site: Site, op: &'static str) -> Self {
        Self { site, op, ..self }
    }

    const fn asking(self, ask: Ask) -> Self {
        Self { ask, ..self }
    }

    const fn by(self, what: &'static str) -> Self {
        Self { what, ..self }
    }

    const fn shows(self, shows: &'static [&'static str]) -> Self {
        Self { shows, ..self }
    }

    const fn from(self, source: &'static str) -> Self {
        Self { source, ..self }
    }

    const fn observed(self, source: &'static str) -> Self {
        Self { origin: Origin::Observed, source, ..self }
    }

    const fn hostile(self) -> Self {
        Self { origin: Origin::Hostile, source: "nobody promised that it cannot happen", ..self }
    }

    const fn also_by_state(self) -> Self {
        Self { by_state: ByState::Too, ..self }
    }

    /// The rule that shows it; none where it takes no fault.
    #[must_use]
    pub fn rule(&self, id: &str) -> Option<Rule> {
        let what: Effect = serde_json::from_str(self.what).ok()?;
        Some(Rule {
            op: self.op.to_owned(),
            origin: self.origin,
            source: Some(self.source.to_owned()),
            ..Rule::new(id, self.site, what)
        })
    }
}
