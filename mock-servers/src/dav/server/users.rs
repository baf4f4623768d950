//! What a user does to an event in the server's own interface: the lines that are meant change, all
//! others stay.

use bytes::Bytes;
use calamity_evidence::Lineage;
use jiff::Timestamp;
use serde_json::json;

use super::bodies;
use super::resource::SCHEDULE_TAG;
use super::scheduling::{self, sequence, stamp};
use crate::account::{Item, Text, short_hash};
use crate::dav::calendar::edit::Edit as Lines;
use crate::dav::calendar::schedule::attendees;
use crate::dav::calendar::{CalendarObject, Stamp, acts};
use crate::dav::card::edit as card_edit;
use crate::dav::card::object::AddressObject;
use crate::native::Host;
use crate::recurrence;
use crate::scheduling::address;
use crate::users::{Edit, NoSuchItem};
use crate::world;

/// Carries the edit out.
pub(super) fn edit(
    item: &mut Item,
    edit: &Edit,
    host: &Host,
    now: Timestamp,
) -> Result<(), NoSuchItem> {
    if let Some(card) = bodies::card(item) {
        return edit_card(item, &card, edit, now);
    }
    let object = bodies::object(item).ok_or_else(|| unfit("it is no calendar object"))?;
    let octets = match edit {
        Edit::Title(title) => acts::retitle(&object, &marked(&object, title)),
        Edit::Shift { minutes } => acts::shift(&object, seconds(&object, *minutes)),
        Edit::Description(text) => {
            let mut lines = Lines::new(object.octets());
            for component in object.components() {
                lines.set_text(component, "DESCRIPTION", text);
                lines.remove_all(component, "X-ALT-DESC");
                lines.remove_all(component, "STYLED-DESCRIPTION");
            }
            lines.finish()
        }
        Edit::Location(name) => {
            let mut lines = Lines::new(object.octets());
            object.components().for_each(|it| lines.set_text(it, "LOCATION", name));
            lines.finish()
        }
        Edit::Invite(addresses) => invite(&object, addresses, host),
        Edit::CancelOccurrence { nth } => {
            let id = occurrence(&object, *nth)?;
            acts::exclude(&object, &id).ok_or(NoSuchItem::Occurrence { nth: *nth })?
        }
        Edit::RetitleOccurrence { nth, title } => {
            let id = occurrence(&object, *nth)?;
            let title = world::contacts::content::escape(&marked(&object, title));
            let line = format!("SUMMARY:{title}");
            acts::change_instance(&object, &id, &[&line])
                .ok_or(NoSuchItem::Occurrence { nth: *nth })?
        }
    };
    let read = |octets: Vec<u8>| {
        CalendarObject::read(octets).map_err(|invalid| unfit(&invalid.to_string()))
    };
    let changed = read(octets)?;
    let next = u32::try_from(sequence(&object).saturating_add(1)).unwrap_or(u32::MAX);
    let touched = read(acts::touch(&changed, &stamp(now), Some(next)))?;
    store(item, &touched, host);
    Ok(())
}

/// The same for a card.
fn edit_card(
    item: &mut Item,
    card: &AddressObject,
    change: &Edit,
    now: Timestamp,
) -> Result<(), NoSuchItem> {
    let change = match change {
        Edit::Title(name) => card_edit::Edit::FullName(match Lineage::find(&card.full_name()) {
            Some(token) => token.mark(name),
            None => name.clone(),
        }),
        Edit::Description(text) => card_edit::Edit::Note(text.clone()),
        _ => return Err(unfit("a card has no times, places or guests")),
    };
    let changed = card_edit::edit(card, &[change, card_edit::Edit::Revised(now)]);
    let changed = changed.map_err(|refused| unfit(&refused.to_string()))?;
    let octets = Bytes::copy_from_slice(changed.octets());
    item.text = Some(Text { octets, media_type: "text/vcard" });
    Ok(())
}

fn store(item: &mut Item, object: &CalendarObject, host: &Host) {
    let octets: Bytes = object.octets().clone();
    item.body.remove(SCHEDULE_TAG);
    if scheduling::is_scheduling(object, host) {
        item.body.insert(SCHEDULE_TAG.to_owned(), json!(short_hash(&octets)));
    }
    item.sequence = sequence(object);
    item.text = Some(Text { octets, media_type: "text/calendar" });
}

fn unfit(reason: &str) -> NoSuchItem {
    NoSuchItem::Unfit { reason: reason.to_owned() }
}

/// The title with the token that the object carries.
fn marked(object: &CalendarObject, title: &str) -> String {
    let component = object.master().or_else(|| object.components().next());
    let own = component.and_then(|it| it.property("SUMMARY")).map(|it| it.text());
    match own.as_deref().and_then(Lineage::find) {
        Some(token) => token.mark(title),
        None => title.to_owned(),
    }
}

/// How far an object moves: one of days by whole days, rounded away from zero.
fn seconds(object: &CalendarObject, minutes: i64) -> i64 {
    const DAY: i64 = 24 * 60;
    let start = object.master().and_then(|it| it.property("DTSTART"));
    let minutes = match start {
        Some(start) if start.has("VALUE", "DATE") => {
            let days = minutes.unsigned_abs().div_ceil(DAY.unsigned_abs());
            minutes.signum() * DAY * i64::try_from(days).unwrap_or(0)
        }
        _ => minutes,
    };
    minutes.saturating_mul(60)
}

fn invite(object: &CalendarObject, addresses: &[String], host: &Host) -> Vec<u8> {
    let mut lines = Lines::new(object.octets());
    for component in object.components() {
        let known: Vec<String> = attendees(component).into_iter().map(|it| it.address).collect();
        if component.property("ORGANIZER").is_none() {
            lines.add(component, &format!("ORGANIZER:mailto:{}", host.owner));
        }
        for guest in addresses.iter().map(|text| address(text)) {
            if !known.contains(&guest) {
                let params = "RSVP=TRUE;PARTSTAT=NEEDS-ACTION";
                lines.add(component, &format!("ATTENDEE;{params}:mailto:{guest}"));
            }
        }
    }
    lines.finish()
}

/// The n-th occurrence that the rule gives, named as the series' start is stated.
fn occurrence(object: &CalendarObject, nth: usize) -> Result<Stamp, NoSuchItem> {
    let missing = || NoSuchItem::Occurrence { nth };
    let read = world::read(object.octets()).map_err(|_| missing())?;
    let event = read.events.first().ok_or_else(missing)?;
    let rule = event.rule.as_ref().ok_or_else(missing)?;
    let local = recurrence::occurrences(rule, &event.start).nth(nth).ok_or_else(missing)?;
    let start = acts::start(object.master().ok_or_else(missing)?).ok_or_else(missing)?;
    Ok(start.at(local))
}
