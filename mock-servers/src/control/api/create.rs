//! A user makes items: an event from a few words, or everything that is in an iCalendar or vCard
//! text. All of a text or nothing is made.

use std::collections::BTreeSet;

use calamity_base::http::{Answer, Problem};
use calamity_evidence::{Actor, Lineage};
use jiff::civil::{Date, DateTime};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::call::{Call, created, encode};
use super::items::{ItemEntry, found};
use super::{fail, select};
use crate::acting::{Acting, Kind};
use crate::control::Fleet;
use crate::world::contacts::{self, SourceContact};
use crate::world::{
    self, Attendee, Organizer, Skipped, SourceEvent, Span, Unreadable, Unwritable, When, Zone,
};

/// The most items of one text.
const ITEMS_MAX: usize = 1_000;
/// The longest event that is made from words: a year.
const MINUTES_MAX: u32 = 366 * 24 * 60;
/// The most guests of an event that is made from words.
const INVITED_MAX: usize = 1_000;

/// New items. One of `event`, `icalendar` and `vcard`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewItems {
    /// The name of the calendar or address book, which is made if there is none; the user's first
    /// one when this is left out.
    #[serde(default)]
    collection: Option<String>,
    /// An event from a few words.
    #[serde(default)]
    event: Option<Words>,
    /// An iCalendar text (RFC 5545): all its events.
    #[serde(default)]
    icalendar: Option<String>,
    /// A vCard text (RFC 6350 or 2426): all its contacts.
    #[serde(default)]
    vcard: Option<String>,
}

/// An event in a few words.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Words {
    /// Its title.
    title: String,
    /// Its local start, as `2026-05-04T09:00:00`, or `2026-05-04` for the whole day.
    start: String,
    /// The IANA name of its time zone.
    #[serde(default = "utc")]
    zone: String,
    /// How long it is; a day for an event of whole days.
    #[serde(default = "hour")]
    minutes: u32,
    /// Addresses of its guests. The user is then its organizer.
    #[serde(default)]
    attendees: Vec<String>,
    /// Its uid; made up when it is left out.
    #[serde(default)]
    uid: Option<String>,
}

/// What was made.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Created {
    /// The new items.
    items: Vec<ItemEntry>,
    /// What was passed over in the text.
    skipped: Vec<SkippedEntry>,
}

/// Something that was passed over.
#[derive(Debug, Serialize, JsonSchema)]
struct SkippedEntry {
    /// Where it begins, in lines from 1.
    line: u64,
    /// Why.
    reason: String,
}

fn utc() -> String {
    "Etc/UTC".to_owned()
}

fn hour() -> u32 {
    60
}

pub(super) fn create(fleet: &Fleet, call: &Call) -> Result<Answer, Problem> {
    let (member, acting) = select::user(fleet, call)?;
    let NewItems { collection, event, icalendar, vcard } = call.json()?;
    let (events, contacts, skipped) = match (event, icalendar, vcard) {
        (Some(words), None, None) => (vec![words.event(fleet, &acting)?], Vec::new(), Vec::new()),
        (None, Some(text), None) => {
            let read = world::read(text.as_bytes()).map_err(|error| unreadable(&error))?;
            (read.events, Vec::new(), read.skipped)
        }
        (None, None, Some(text)) => {
            let read = contacts::read(text.as_bytes()).map_err(|error| unreadable(&error))?;
            (Vec::new(), read.contacts, read.skipped)
        }
        _ => return Err(fail::bad("say one of `event`, `icalendar` and `vcard`".to_owned())),
    };
    if events.len() + contacts.len() > ITEMS_MAX {
        return Err(fail::bad(format!("at most {ITEMS_MAX} items at a time")));
    }
    let kind = if contacts.is_empty() { Kind::Event } else { Kind::Contact };
    let uids = events.iter().map(|event| &event.uid).chain(contacts.iter().map(|one| &one.uid));
    let mut seen = BTreeSet::new();
    for uid in uids {
        if acting.has_uid(kind, uid) || !seen.insert(uid) {
            let detail = format!("{} has an item of uid `{uid}` already", acting.address());
            return Err(fail::conflict(detail));
        }
    }
    let first = || acting.collections(kind).into_iter().next().map(|(_, name)| name);
    let fallback = if kind == Kind::Event { "Calendar" } else { "Contacts" };
    let collection = collection.or_else(first).unwrap_or_else(|| fallback.to_owned());
    let ids = make(&acting, &collection, &events, &contacts)?;
    let items: Vec<ItemEntry> =
        ids.iter().map(|id| found(&member.name, &acting, id)).collect::<Result<_, _>>()?;
    let skipped = skipped
        .into_iter()
        .map(|Skipped { line, reason, .. }| SkippedEntry { line, reason })
        .collect();
    let items_of = format!("/actors/{}/items", encode(&acting.address()));
    let location = match ids.as_slice() {
        [only] => format!("{items_of}/{}?server={}", encode(only), member.name),
        _ => format!("{items_of}?server={}", member.name),
    };
    Ok(created(&location, &Created { items, skipped }))
}

fn make(
    acting: &Acting,
    collection: &str,
    events: &[SourceEvent],
    contacts: &[SourceContact],
) -> Result<Vec<String>, Problem> {
    let none = || fail::unprocessable("this server keeps no contacts".to_owned());
    // Asked beforehand: what was made and taken back would have been told to its guests.
    for event in events {
        acting.can_hold(event).map_err(|unwritable| inexpressible(&unwritable))?;
    }
    for contact in contacts {
        let held = acting.can_hold_contact(contact);
        held.map_err(|unwritable| inexpressible(&unwritable))?.ok_or_else(none)?;
    }
    let actor = || Actor::User(acting.address());
    let lineage = Lineage::unmarked();
    let events = events.iter().map(|event| {
        let made = acting.create(actor(), collection, event, &lineage);
        made.map_err(|unwritable| inexpressible(&unwritable))
    });
    let contacts = contacts.iter().map(|contact| {
        let made = acting.create_contact(actor(), collection, contact, &lineage);
        made.map_err(|unwritable| inexpressible(&unwritable))?.ok_or_else(none)
    });
    events.chain(contacts).collect()
}

fn inexpressible(unwritable: &Unwritable) -> Problem {
    fail::unprocessable(format!("the server's protocol cannot express it: {unwritable}"))
        .with("property", unwritable.property.clone())
}

fn unreadable(error: &Unreadable) -> Problem {
    fail::bad(format!("the text cannot be read: {error}"))
        .with("line", error.line)
        .with("column", error.column)
}

impl Words {
    fn event(self, fleet: &Fleet, acting: &Acting) -> Result<SourceEvent, Problem> {
        if self.minutes > MINUTES_MAX || self.attendees.len() > INVITED_MAX {
            let most = format!("at most {MINUTES_MAX} minutes and {INVITED_MAX} guests");
            return Err(fail::bad(most));
        }
        let seconds = i64::from(self.minutes) * 60;
        let (start, length) = if let Ok(day) = self.start.parse::<Date>()
            && !self.start.contains(['T', ' '])
        {
            (When::Date(day), Span { days: 1, seconds: 0 })
        } else {
            let local: DateTime = self.start.parse().map_err(|_| {
                let form = "2026-05-04T09:00:00 or 2026-05-04";
                fail::bad(format!("`start` is like {form}, not `{}`", self.start))
            })?;
            let zone = Zone::iana(&self.zone).ok_or_else(|| {
                fail::bad(format!("there is no time zone `{}`: use an IANA name", self.zone))
            })?;
            (When::Zoned(local, zone), Span { days: 0, seconds })
        };
        let uid = self.uid.unwrap_or_else(|| unused_uid(fleet, acting));
        let mut event = SourceEvent::plain(&uid, &self.title, start, length);
        event.attendees = self.attendees.iter().map(|address| guest(address)).collect();
        if !event.attendees.is_empty() {
            let address = format!("mailto:{}", acting.address());
            event.organizer = Some(Organizer { address, ..Organizer::default() });
        }
        Ok(event)
    }
}

/// A uid that the user has no event of: one may have come from a file.
fn unused_uid(fleet: &Fleet, acting: &Acting) -> String {
    loop {
        let uid = fleet.new_uid();
        if !acting.has_uid(Kind::Event, &uid) {
            return uid;
        }
    }
}

fn guest(address: &str) -> Attendee {
    Attendee {
        address: format!("mailto:{}", address.trim_start_matches("mailto:")),
        kind: "INDIVIDUAL".to_owned(),
        role: "REQ-PARTICIPANT".to_owned(),
        rsvp: true,
        ..Attendee::default()
    }
}
