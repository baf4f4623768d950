//! COPY and MOVE of resources (RFC 4918 sections 9.8 and 9.9) between collections of one kind.

use std::collections::BTreeSet;

use http::{StatusCode, header};
use serde_json::json;

use super::answer::{Outcome, empty, with, with_named};
use super::call::Call;
use super::faults;
use super::place::{Member, Place};
use super::put::{check_calendar, conflict, target_of};
use super::resource::{self, Resource, SCHEDULE_TAG, etag, schedule_tag};
use super::{bodies, conditions, options, scheduling};
use crate::account::{Calendar, Item, NewItem};
use crate::dav::xml::names::{caldav, carddav};
use crate::dav::xml::{Name, Refusal};
use crate::directory::{Focus, Realm};
use crate::operation::Op;
use crate::scheduling::Marker;
use crate::turn::Turn;

/// Which of the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// The source stays.
    Copy,
    /// The source goes.
    Move,
}

/// Answers.
pub(super) fn transfer(turn: &mut Turn<'_>, call: &Call, way: Way) -> Outcome {
    let bad = || Refusal::plain(StatusCode::BAD_REQUEST);
    let destination = call.header("destination").ok_or_else(bad)?;
    let destination = call.named(destination)?;
    let overwrite = match call.header("overwrite") {
        None | Some("T" | "t") => true,
        Some("F" | "f") => false,
        Some(_) => return Err(bad()),
    };
    let Resource::Object(focus, item) = resource::find(turn, call.place())? else {
        return Ok(options::not_allowed(call.place(), &turn.host().profile.dav));
    };
    if focus.realm == Realm::Inbox {
        return Ok(options::not_allowed(call.place(), &turn.host().profile.dav));
    }
    conditions::check(&turn.host().profile.dav, call, Some(&item))?;
    let Place::Object(at, name) = &destination else {
        return Err(Refusal::plain(StatusCode::FORBIDDEN));
    };
    if destination == *call.place() {
        // RFC 4918 section 9.8.5: source and destination are the same.
        return Err(Refusal::plain(StatusCode::FORBIDDEN));
    }
    let (there, calendar, stored) = target_of(turn, at, name)?;
    if there.realm != focus.realm {
        let condition = match there.realm {
            Realm::Contacts => carddav::SUPPORTED_ADDRESS_DATA,
            _ => caldav::SUPPORTED_CALENDAR_DATA,
        };
        return Err(Refusal::forbidden(&condition));
    }
    if stored.is_some() && !overwrite {
        return Err(Refusal::plain(StatusCode::PRECONDITION_FAILED));
    }
    turn.turn_to(focus);
    let id = format!("{}/{name}", at.id);
    if let Some(stored) = stored.as_ref().filter(|stored| stored.uid != item.uid) {
        // Not even to overwrite it (RFC 4791 section 5.3.2.1, RFC 6352 section 6.3.2.1).
        return Err(conflict(turn, focus, stored, &no_conflict(focus)));
    }
    check(turn, focus, &calendar, &item, &id, way)?;
    let op = if way == Way::Move { Op::EventUpdate } else { Op::EventCreate };
    let mut target = faults::target(&item);
    target.uid.clone_from(&item.uid);
    if !faults::write(turn, op, &target)?.is_skipped() {
        carry_out(turn, &item, at, name, stored.as_ref(), way);
    }
    let made = stored.is_none();
    let mut reply = empty(if made { StatusCode::CREATED } else { StatusCode::NO_CONTENT });
    if let Some(new) = turn.account().item(&id) {
        reply = with(reply, header::ETAG, &etag(new));
        if let Some(tag) = schedule_tag(&turn.host().profile.dav, new) {
            reply = with_named(reply, "schedule-tag", &tag);
        }
    }
    Ok(reply)
}

/// The condition of one uid a resource and a collection.
fn no_conflict(focus: Focus) -> Name {
    match focus.realm {
        Realm::Contacts => carddav::NO_UID_CONFLICT,
        _ => caldav::NO_UID_CONFLICT,
    }
}

/// What the collection of the destination asks.
fn check(
    turn: &Turn<'_>,
    focus: Focus,
    calendar: &Calendar,
    item: &Item,
    id: &str,
    way: Way,
) -> Result<(), Refusal> {
    let name = no_conflict(focus);
    let mut same = turn.account().items_with_uid(&item.uid);
    let other = same.find(|other| {
        let moved = way == Way::Move && other.id == item.id;
        other.calendars.contains(&calendar.id) && other.id != id && !moved
    });
    if let Some(other) = other {
        return Err(conflict(turn, focus, other, &name));
    }
    if way == Way::Copy && item.body.contains_key(SCHEDULE_TAG) {
        // One scheduling object of a uid in all calendars (RFC 6638 section 3.2.4.1).
        let name = caldav::UNIQUE_SCHEDULING_OBJECT_RESOURCE;
        return Err(conflict(turn, focus, item, &name));
    }
    match bodies::object(item).filter(|_| focus.realm == Realm::Calendars) {
        Some(object) if way == Way::Copy => {
            check_calendar(turn, focus, calendar, None, id, &object)
        }
        Some(object)
            if !bodies::components(calendar).iter().any(|it| it == object.kind().name()) =>
        {
            Err(Refusal::forbidden(&caldav::SUPPORTED_CALENDAR_COMPONENT))
        }
        _ => Ok(()),
    }
}

fn carry_out(
    turn: &mut Turn<'_>,
    item: &Item,
    at: &Member,
    name: &str,
    stored: Option<&Item>,
    way: Way,
) {
    if let Some(stored) = stored {
        turn.delete(&stored.id, Marker::Unsaid);
    }
    match way {
        Way::Move => {
            turn.tell(Vec::new());
            let tag = scheduling::new_tag(turn, &item.uid);
            turn.relocate(&item.id, &at.id, name, Marker::Never, |moved| {
                // RFC 6638 section 3.2.10: a request changed it.
                if let Some(known) = moved.body.get_mut(SCHEDULE_TAG) {
                    *known = json!(tag);
                }
            });
        }
        Way::Copy => {
            let copy = NewItem {
                uid: item.uid.clone(),
                body: item.body.clone(),
                text: item.text.clone(),
                name: Some(name.to_owned()),
                sequence: item.sequence,
                ..NewItem::default()
            };
            turn.create(copy, BTreeSet::from([at.id.clone()]), Marker::Unsaid);
        }
    }
}
