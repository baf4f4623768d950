//! Implicit scheduling (RFC 6638 section 3.2): what a change of a scheduling object means for other
//! people, and what the server writes into the object itself.

use bytes::Bytes;
use http::StatusCode;
use jiff::Timestamp;

use super::bodies;
use super::call::Call;
use super::put::{Accepted, conflict};
use super::resource::SCHEDULE_TAG;
use crate::account::{Item, short_hash};
use crate::dav::calendar::CalendarObject;
use crate::dav::calendar::schedule::{
    self, Message, Method, Role, Sender, attendee_may, merged, messages, reply, role,
};
use crate::dav::xml::Refusal;
use crate::dav::xml::names::caldav;
use crate::dav::xml::{Name, Namespace};
use crate::native::Host;
use crate::profiles::AttendeeChanges;
use crate::scheduling::{Draft, ItipText};
use crate::turn::Turn;

/// `PRODID` of what the server writes.
pub(super) const PRODUCT: &str = "-//Calamity//DAV//EN";

/// Decides about a PUT.
///
/// # Errors
/// The precondition that does not hold (RFC 6638 section 3.2.4).
pub(super) fn put(
    turn: &Turn<'_>,
    call: &Call,
    stored: Option<&Item>,
    object: &CalendarObject,
) -> Result<Accepted, Refusal> {
    let host = turn.host();
    let plain = |object: &CalendarObject| Accepted {
        uid: object.uid().to_owned(),
        octets: object.octets().clone(),
        sequence: sequence(object),
        tag: None,
        drafts: Vec::new(),
    };
    if !host.profile.dav.scheduling.it() {
        return Ok(plain(object));
    }
    let owner = [host.owner.as_str()];
    let several = || known("same-organizer-in-all-components");
    let now = role(object, &owner).map_err(|_| several())?;
    let old = stored.and_then(bodies::object);
    let before = old.as_ref().and_then(|old| role(old, &owner).ok()).unwrap_or(Role::Neither);
    if now == Role::Neither && before == Role::Neither {
        return Ok(plain(object));
    }
    // Who is invited stays so: no change makes an attendee's copy one of the organizer's.
    if let (Role::Attendee, Some(old)) = (before, &old)
        && host.profile.dav.attendee_changes == AttendeeChanges::Own
        && (now != Role::Attendee || !attendee_may(old, object, &owner))
    {
        return Err(Refusal::forbidden(&caldav::ALLOWED_ATTENDEE_SCHEDULING_OBJECT_CHANGE));
    }
    let uid = object.uid().to_owned();
    let mut mine = turn.account().items_with_uid(&uid);
    let id = stored.map(|item| item.id.as_str());
    let other = |item: &&std::sync::Arc<Item>| {
        Some(item.id.as_str()) != id && item.body.contains_key(SCHEDULE_TAG)
    };
    if let Some(other) = mine.find(other) {
        let name = &caldav::UNIQUE_SCHEDULING_OBJECT_RESOURCE;
        return Err(conflict(turn, turn.focus(), other, name));
    }
    let tags = host.profile.dav.schedule_tags.it();
    let with_answers;
    let object = match (&old, call.header("if-schedule-tag-match").filter(|_| tags)) {
        (Some(old), Some(_)) => {
            let octets = Bytes::from(merged(old, object, &owner));
            with_answers = super::put::read_calendar(&octets)?;
            &with_answers
        }
        _ => object,
    };
    let many = |_| Refusal::forbidden(&caldav::MAX_INSTANCES);
    let octets = schedule::asked_again(old.as_ref(), object, &owner).map_err(many)?;
    let object = super::put::read_calendar(&octets.into())?;
    let drafts = drafts(old.as_ref(), Some(&object), host, turn.now());
    let sent: Vec<(String, &str)> = drafts
        .iter()
        .map(|draft| {
            let here = turn.directory().find(&draft.to).is_some();
            (draft.to.clone(), if here { "1.2" } else { "1.1" })
        })
        .collect();
    let sent: Vec<(&str, &str)> = sent.iter().map(|(to, status)| (to.as_str(), *status)).collect();
    let octets = schedule::stored(&object, &sent);
    let tag = short_hash(format!("{} {}", turn.account().modseq(), object.uid()).as_bytes());
    let object = super::put::read_calendar(&octets.into())?;
    Ok(Accepted { tag: Some(tag), drafts, ..plain(&object) })
}

fn known(local: &str) -> Refusal {
    match Name::new(Namespace::CALDAV.as_str(), local) {
        Ok(name) => Refusal::forbidden(&name),
        Err(_) => Refusal::plain(StatusCode::FORBIDDEN),
    }
}

/// `SEQUENCE` of an object.
pub(super) fn sequence(object: &CalendarObject) -> u64 {
    // An INTEGER has 32 bits (RFC 5545 section 3.3.8).
    let of = |component: &crate::dav::calendar::Component| {
        component.value("SEQUENCE")?.parse::<u32>().ok().map(u64::from)
    };
    object.components().filter_map(of).max().unwrap_or(0)
}

/// Before a DELETE: an attendee's client may ask that the organizer is not told (section 8.1).
pub(super) fn before_delete(turn: &mut Turn<'_>, call: &Call, item: &Item) {
    let silent = call.header("schedule-reply").is_some_and(|said| said.eq_ignore_ascii_case("f"));
    let owner = turn.host().owner.clone();
    let role = bodies::object(item).and_then(|object| role(&object, &[owner.as_str()]).ok());
    if silent && role == Some(Role::Attendee) {
        turn.tell(Vec::new());
    }
}

/// Whom a change is told, with the messages.
pub(super) fn drafts(
    old: Option<&CalendarObject>,
    new: Option<&CalendarObject>,
    host: &Host,
    now: Timestamp,
) -> Vec<Draft> {
    if !host.profile.dav.scheduling.it() {
        return Vec::new();
    }
    let owner = [host.owner.as_str()];
    let stamp = stamp(now);
    let sender = Sender { product: PRODUCT, now: &stamp };
    let role_in = |object: Option<&CalendarObject>| object.and_then(|it| role(it, &owner).ok());
    let told: Vec<Message> = match (role_in(old), role_in(new)) {
        (Some(Role::Organizer), _) | (_, Some(Role::Organizer)) => {
            messages(old, new, &owner, sender)
        }
        (Some(Role::Attendee), _) | (_, Some(Role::Attendee)) => {
            reply(old, new, &owner, sender).into_iter().collect()
        }
        _ => Vec::new(),
    };
    told.into_iter().map(draft).collect()
}

fn draft(message: Message) -> Draft {
    let method = match message.method {
        Method::Request => calamity_evidence::Method::Request,
        Method::Cancel => calamity_evidence::Method::Cancel,
        Method::Reply => calamity_evidence::Method::Reply,
    };
    let letter = ItipText { text: message.text, sequence: u64::from(message.sequence) };
    Draft { letter: Some(letter), ..Draft::new(method, &message.to) }
}

/// A time as iCalendar writes it in UTC.
pub(super) fn stamp(now: Timestamp) -> String {
    now.strftime("%Y%m%dT%H%M%SZ").to_string()
}

/// Whether an object is a scheduling object of its owner.
pub(super) fn is_scheduling(object: &CalendarObject, host: &Host) -> bool {
    let role = role(object, &[host.owner.as_str()]);
    host.profile.dav.scheduling.it() && matches!(role, Ok(Role::Organizer | Role::Attendee))
}
