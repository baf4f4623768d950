//! PUT of calendar objects (RFC 4791 section 5.3.2) and cards (RFC 6352 section 6.3.2).
//!
//! The body is kept byte for byte; where the server had to write into it, the answer carries no
//! ETag (RFC 4791 section 5.3.4).

use std::collections::BTreeSet;

use bytes::Bytes;
use http::{StatusCode, header};
use serde_json::json;

use super::answer::{Outcome, empty, with, with_named};
use super::call::Call;
use super::faults::{self, Write};
use super::place::{Member, Place};
use super::resource::{self, Resource, SCHEDULE_TAG, etag, schedule_tag};
use super::{bodies, conditions, operations, options, scheduling};
use crate::account::{Calendar, Item, NewItem, Text, short_hash};
use crate::dav::calendar::{CalendarObject, Invalid, edit::Edit, sound};
use crate::dav::card::object::{AddressObject, Refused};
use crate::dav::card::repair::repaired;
use crate::dav::xml::names::{caldav, carddav, dav};
use crate::dav::xml::{Element, Name, Namespace, Refusal};
use crate::directory::{Focus, Realm};
use crate::faults::PatchEffect;
use crate::operation::{Op, Target};
use crate::profiles::DavQuirks;
use crate::scheduling::{Draft, Marker};
use crate::turn::Turn;

/// People in one instance (RFC 4791 section 5.2.9): each is sent a message that names all of them.
pub(super) const ATTENDEES_MAX: usize = 1_000;

/// What is stored of a request that passed all checks.
#[derive(Debug)]
pub(super) struct Accepted {
    /// The uid.
    pub(super) uid: String,
    /// The bytes.
    pub(super) octets: Bytes,
    /// `SEQUENCE`.
    pub(super) sequence: u64,
    /// The new Schedule-Tag of a scheduling object.
    pub(super) tag: Option<String>,
    /// Who is told.
    pub(super) drafts: Vec<Draft>,
}

/// Answers.
pub(super) fn put(turn: &mut Turn<'_>, call: &Call) -> Outcome {
    let Place::Object(at, name) = call.place() else {
        return Ok(options::not_allowed(call.place(), &turn.host().profile.dav));
    };
    let (focus, calendar, stored) = target_of(turn, at, name)?;
    if focus.realm == Realm::Inbox {
        return Ok(options::not_allowed(call.place(), &turn.host().profile.dav));
    }
    turn.turn_to(focus);
    let op = if stored.is_some() { Op::EventUpdate } else { Op::EventCreate };
    let mut target = Target {
        id: format!("{}/{name}", at.id),
        calendars: BTreeSet::from([at.id.clone()]),
        ..Target::default()
    };
    operations::describe(call, focus.realm, &mut target);
    let checked = conditions::check(&turn.host().profile.dav, call, stored.as_ref())
        .and_then(|()| accept(turn, call, focus, &calendar, stored.as_ref(), &target.id));
    let accepted = match checked {
        Ok(accepted) => accepted,
        Err(refused) => {
            let code = refused.condition.as_ref().map_or_else(
                || refused.status.as_str().to_owned(),
                |condition| condition.name.local().to_owned(),
            );
            turn.refused(op, &target, &code, "");
            return Err(refused);
        }
    };
    target.uid.clone_from(&accepted.uid);
    let patch = match faults::write(turn, op, &target)? {
        Write::Skipped => {
            let made = stored.is_none();
            return Ok(empty(if made { StatusCode::CREATED } else { StatusCode::NO_CONTENT }));
        }
        Write::Rewritten(patch) => Some(patch),
        Write::Whole => None,
    };
    Ok(store(turn, call, at, name, accepted, patch.as_ref()))
}

/// Where a resource is to be stored, and what is there.
pub(super) fn target_of(
    turn: &Turn<'_>,
    at: &Member,
    name: &str,
) -> Result<(Focus, Calendar, Option<Item>), Refusal> {
    let collection = match resource::find(turn, &Place::Collection(at.clone())) {
        Ok(found) => found,
        // RFC 4918 section 9.7.1: the collection must be made first.
        Err(refused) if refused.status == StatusCode::NOT_FOUND => {
            return Err(Refusal::plain(StatusCode::CONFLICT));
        }
        Err(refused) => return Err(refused),
    };
    let Resource::Collection(focus, calendar) = collection else {
        return Err(Refusal::plain(StatusCode::METHOD_NOT_ALLOWED));
    };
    let id = format!("{}/{name}", at.id);
    let stored = turn.account_of(focus).item(&id).map(|item| Item::clone(item));
    Ok((focus, *calendar, stored))
}

fn accept(
    turn: &Turn<'_>,
    call: &Call,
    focus: Focus,
    calendar: &Calendar,
    stored: Option<&Item>,
    id: &str,
) -> Result<Accepted, Refusal> {
    let quirks = &turn.host().profile.dav;
    let most = quirks.resource_octets_max;
    let media_type = call.media_type().filter(|_| quirks.media_types.it());
    if focus.realm == Realm::Contacts {
        if media_type.is_some_and(|given| !["text/vcard", "text/x-vcard"].contains(&&*given)) {
            return Err(Refusal::forbidden(&carddav::SUPPORTED_ADDRESS_DATA));
        }
        if call.body.len() > most {
            return Err(Refusal::forbidden(&carddav::MAX_RESOURCE_SIZE));
        }
        return card(turn, call, focus, calendar, stored, id);
    }
    if media_type.is_some_and(|given| given != "text/calendar") {
        return Err(Refusal::forbidden(&caldav::SUPPORTED_CALENDAR_DATA));
    }
    if call.body.len() > most {
        return Err(Refusal::forbidden(&caldav::MAX_RESOURCE_SIZE));
    }
    if call.body.iter().any(is_control) {
        return Err(Refusal::forbidden(&caldav::VALID_CALENDAR_DATA));
    }
    let object = call.object().map_err(|broken| invalid(quirks, unfit(broken)))?;
    if quirks.checks_values.it() {
        sound(object).map_err(|broken| invalid(quirks, unfit(&broken)))?;
    }
    check_calendar(turn, focus, calendar, stored, id, object)?;
    scheduling::put(turn, call, stored, object)
}

/// Whether an octet may stand nowhere in iCalendar (RFC 5545 section 3.1, `CONTROL`).
fn is_control(octet: &u8) -> bool {
    octet.is_ascii_control() && !b"\t\r\n".contains(octet)
}

/// Reads a calendar object.
pub(super) fn read_calendar(octets: &Bytes) -> Result<CalendarObject, Refusal> {
    CalendarObject::read(octets.clone()).map_err(|broken| unfit(&broken))
}

fn unfit(broken: &Invalid) -> Refusal {
    named(&Namespace::CALDAV, broken.precondition())
}

/// The answer to data that are not what they should be.
fn invalid(quirks: &DavQuirks, refused: Refusal) -> Refusal {
    if quirks.unsupported_is_415.it() {
        return Refusal::plain(StatusCode::UNSUPPORTED_MEDIA_TYPE);
    }
    refused
}

fn named(namespace: &Namespace, local: &str) -> Refusal {
    let name = Name::new(namespace.as_str(), local);
    name.map_or_else(|_| Refusal::plain(StatusCode::FORBIDDEN), |name| Refusal::forbidden(&name))
}

/// What a calendar asks of an object in it.
pub(super) fn check_calendar(
    turn: &Turn<'_>,
    focus: Focus,
    calendar: &Calendar,
    stored: Option<&Item>,
    id: &str,
    object: &CalendarObject,
) -> Result<(), Refusal> {
    if !bodies::components(calendar).iter().any(|name| name == object.kind().name()) {
        return Err(Refusal::forbidden(&caldav::SUPPORTED_CALENDAR_COMPONENT));
    }
    if object.components().any(|one| one.all("ATTENDEE").nth(ATTENDEES_MAX).is_some()) {
        return Err(Refusal::forbidden(&caldav::MAX_ATTENDEES_PER_INSTANCE));
    }
    unique(turn, focus, calendar, stored, id, object.uid(), &caldav::NO_UID_CONFLICT)
}

/// One uid a collection, and one uid a resource for its whole life (RFC 4791 section 5.3.2.1).
fn unique(
    turn: &Turn<'_>,
    focus: Focus,
    calendar: &Calendar,
    stored: Option<&Item>,
    id: &str,
    uid: &str,
    condition: &Name,
) -> Result<(), Refusal> {
    if turn.host().profile.dav.duplicate_uids.it() {
        return Ok(());
    }
    let same = turn.account_of(focus).items_with_uid(uid);
    let taken = same.filter(|item| item.calendars.contains(&calendar.id)).find(|it| it.id != id);
    let changed = stored.filter(|stored| stored.uid != uid);
    let Some(other) = taken.map(|item| &**item).or(changed) else { return Ok(()) };
    Err(conflict(turn, focus, other, condition))
}

/// A condition that names the resource in the way.
pub(super) fn conflict(turn: &Turn<'_>, focus: Focus, other: &Item, name: &Name) -> Refusal {
    let place = Resource::Object(focus, other.clone().into()).place(turn);
    let href = Element::new(dav::HREF).with_text(place.href());
    Refusal::with(StatusCode::FORBIDDEN, Element::new(name.clone()).with_child(href))
}

fn card(
    turn: &Turn<'_>,
    call: &Call,
    focus: Focus,
    book: &Calendar,
    stored: Option<&Item>,
    id: &str,
) -> Result<Accepted, Refusal> {
    let quirks = &turn.host().profile.dav;
    let unfit = |refused: &Refused| {
        invalid(quirks, named(&Namespace::CARDDAV, refused.precondition().element()))
    };
    let mended;
    let (card, octets) = match call.card() {
        Ok(card) => (card, call.body.clone()),
        Err(_) if quirks.repairs_cards.it() => {
            let octets = Bytes::from(repaired(&call.body, &short_hash(id.as_bytes())));
            mended = AddressObject::read(&octets).map_err(|refused| unfit(&refused))?;
            (&mended, octets)
        }
        Err(refused) => return Err(unfit(refused)),
    };
    unique(turn, focus, book, stored, id, card.uid(), &carddav::NO_UID_CONFLICT)?;
    Ok(Accepted { uid: card.uid().to_owned(), octets, sequence: 0, tag: None, drafts: Vec::new() })
}

fn store(
    turn: &mut Turn<'_>,
    call: &Call,
    at: &Member,
    name: &str,
    accepted: Accepted,
    patch: Option<&PatchEffect>,
) -> crate::native::Reply {
    let mut octets = accepted.octets;
    if let Some(patch) = patch {
        octets = rewritten(octets, patch);
    }
    let as_sent = octets == call.body;
    let media_type = if at.realm == Realm::Contacts { "text/vcard" } else { "text/calendar" };
    let text = Text { octets, media_type };
    turn.tell(accepted.drafts);
    let id = format!("{}/{name}", at.id);
    let made = turn.account().item(&id).is_none();
    let item = if made {
        let mut new = NewItem {
            uid: accepted.uid,
            text: Some(text),
            name: Some(name.to_owned()),
            sequence: accepted.sequence,
            ..NewItem::default()
        };
        if let Some(tag) = accepted.tag {
            new.body.insert(SCHEDULE_TAG.to_owned(), json!(tag));
        }
        Some(turn.create(new, BTreeSet::from([at.id.clone()]), Marker::Unsaid))
    } else {
        turn.update(&id, Marker::Unsaid, |item| {
            item.text = Some(text);
            item.sequence = accepted.sequence;
            item.body.remove(SCHEDULE_TAG);
            if let Some(tag) = accepted.tag {
                item.body.insert(SCHEDULE_TAG.to_owned(), json!(tag));
            }
        })
    };
    let mut reply = empty(if made { StatusCode::CREATED } else { StatusCode::NO_CONTENT });
    if let Some(item) = item {
        if as_sent {
            reply = with(reply, header::ETAG, &etag(&item));
        }
        if let Some(tag) = schedule_tag(&turn.host().profile.dav, &item) {
            reply = with_named(reply, "schedule-tag", &tag);
        }
    }
    reply
}

/// What a server stores that rewrites: properties of the components set or dropped.
pub(super) fn rewritten(octets: Bytes, patch: &PatchEffect) -> Bytes {
    let Ok(object) = CalendarObject::read(octets.clone()) else { return octets };
    let mut edit = Edit::new(&octets);
    for component in object.components() {
        for (name, value) in &patch.set {
            let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            edit.set(component, &name.to_ascii_uppercase(), &value);
        }
        for name in &patch.drop {
            edit.remove_all(component, &name.to_ascii_uppercase());
        }
    }
    edit.finish().into()
}
