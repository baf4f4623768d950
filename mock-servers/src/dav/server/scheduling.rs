//! Implicit scheduling (RFC 6638 section 3.2): what a change of a scheduling object means for other
//! people, and what the server writes into the object itself.

use bytes::Bytes;
use http::StatusCode;
use jiff::Timestamp;

use super::bodies;
use super::call::Call;
use super::organizers;
use super::put::{Accepted, conflict};
use crate::account::{Item, short_hash};
use crate::dav::calendar::schedule::{
    self, Agent, Message, Method, Role, Sender, TooMuch, attendee_may, crowd, merged, messages,
    organizer, reply, role,
};
use crate::dav::calendar::{CalendarObject, Component};
use crate::dav::xml::Refusal;
use crate::dav::xml::names::caldav;
use crate::dav::xml::{Name, Namespace};
use crate::native::Host;
use crate::profiles::AttendeeChanges;
use crate::scheduling::{Draft, ItipText, Marker};
use crate::turn::Turn;

/// Octets of all messages about one change: each guest is sent the whole object, so that a big one
/// with many guests would hold the server up.
const MESSAGES_OCTETS_MAX: usize = 1 << 28;

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
        && (is_handled(old) || is_handled(object))
        && (now != Role::Attendee || !attendee_may(old, object, &owner))
    {
        return Err(Refusal::forbidden(&caldav::ALLOWED_ATTENDEE_SCHEDULING_OBJECT_CHANGE));
    }
    if host.profile.dav.checks_organizers.it() {
        if before == Role::Organizer && organizers::is_handed_on(object, &host.owner) {
            return Err(known("allowed-organizer-scheduling-object-change"));
        }
        // One that comes back to the server's care may have been handed on in the meantime.
        let comes_back = || old.as_ref().is_some_and(|old| !is_handled(old)) && is_handled(object);
        let is_new = now != Role::Neither && (now != before || comes_back());
        if is_new && organizers::is_somebody_elses(turn, object) {
            // Without the place of what is there, which is nobody else's affair (section 11.4).
            return Err(Refusal::forbidden(&caldav::UNIQUE_SCHEDULING_OBJECT_RESOURCE));
        }
    }
    let too_much = |_: TooMuch| Refusal::forbidden(&caldav::MAX_ATTENDEES_PER_INSTANCE);
    if now == Role::Neither {
        // It is a scheduling object no longer, which is to remove it (section 3.2.3.1).
        let drafts = messages_of(old.as_ref(), None, host, turn.now(), MESSAGES_OCTETS_MAX);
        let drafts = drafts.map_err(too_much)?.into_iter().map(draft).collect();
        return Ok(Accepted { drafts, ..plain(object) });
    }
    if now == Role::Organizer
        && object.octets().len().saturating_mul(crowd(object)) > MESSAGES_OCTETS_MAX
    {
        return Err(too_much(TooMuch));
    }
    if let Some(other) = organizers::elsewhere(turn, stored, object.uid()) {
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
    let mut object = object.clone();
    if host.profile.dav.resets_answers.it() {
        let octets = schedule::asked_again(old.as_ref(), &object, &owner).map_err(many)?;
        object = super::put::read_calendar(&octets.into())?;
    }
    let sent = |object: &CalendarObject| {
        let most = MESSAGES_OCTETS_MAX;
        messages_of(old.as_ref(), Some(object), host, turn.now(), most).map_err(too_much)
    };
    let mut messages = sent(&object)?;
    if host.profile.dav.resets_answers.it()
        && let Some(octets) = schedule::counted(&object, &messages)
    {
        object = super::put::read_calendar(&octets.into())?;
        messages = sent(&object)?;
    }
    let statuses: Vec<(&str, &str)> = messages
        .iter()
        .map(|message| (message.to.as_str(), status(turn, message, object.uid())))
        .collect();
    let octets = schedule::stored(&object, &statuses);
    let object = super::put::read_calendar(&octets.into())?;
    let tag = Some(new_tag(turn, object.uid()));
    let drafts = messages.into_iter().map(draft).collect();
    Ok(Accepted { tag, drafts, ..plain(&object) })
}

/// Whether the server does anything for an attendee's object: not where the client does, or nobody
/// (section 3.2.2.3).
fn is_handled(object: &CalendarObject) -> bool {
    let named = organizer(object).ok().flatten();
    named.is_none_or(|organizer| organizer.agent == Agent::Server)
}

/// The `SCHEDULE-STATUS` of a message (section 3.2.9).
fn status(turn: &Turn<'_>, message: &Message, uid: &str) -> &'static str {
    match turn.directory().find(&message.to) {
        None => "1.1",
        Some(user) if message.method == Method::Request && !turn.takes(user, uid) => "5.2",
        Some(_) => "1.2",
    }
}

/// The Schedule-Tag of an object that a request changes (section 3.2.10).
pub(super) fn new_tag(turn: &Turn<'_>, uid: &str) -> String {
    short_hash(format!("{} {uid}", turn.account().modseq()).as_bytes())
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
    let of =
        |component: &Component| component.value("SEQUENCE")?.parse::<u32>().ok().map(u64::from);
    object.components().filter_map(of).max().unwrap_or(0)
}

/// Before a DELETE: an attendee's client may ask that the organizer is not told (section 8.1).
pub(super) fn before_delete(turn: &mut Turn<'_>, call: &Call, item: &Item) {
    if is_silent(call) && is_invited(turn, item) {
        turn.tell(Vec::new());
    }
}

/// The same before a DELETE of a calendar, which removes every object in it (section 3.2.3.2).
pub(super) fn before_delete_of_all(turn: &mut Turn<'_>, call: &Call, calendar: &str) {
    if !is_silent(call) {
        return;
    }
    let items = turn.account().items_in(calendar).filter(|item| is_invited(turn, item));
    let ids: Vec<String> = items.map(|item| item.id.clone()).collect();
    for id in ids {
        turn.tell(Vec::new());
        turn.delete(&id, Marker::Unsaid);
    }
}

fn is_silent(call: &Call) -> bool {
    call.header("schedule-reply").is_some_and(|said| said.eq_ignore_ascii_case("f"))
}

fn is_invited(turn: &Turn<'_>, item: &Item) -> bool {
    let owner = [turn.host().owner.as_str()];
    bodies::object(item).is_some_and(|object| role(&object, &owner) == Ok(Role::Attendee))
}

/// Whom a change is told, with the messages.
pub(super) fn drafts(
    old: Option<&CalendarObject>,
    new: Option<&CalendarObject>,
    host: &Host,
    now: Timestamp,
) -> Vec<Draft> {
    let told = messages_of(old, new, host, now, usize::MAX).unwrap_or_default();
    told.into_iter().map(draft).collect()
}

/// The messages of a change. What is no scheduling object of the owner's counts as none, and one
/// that becomes another's is removed and made anew (section 3.2.3.1).
fn messages_of(
    old: Option<&CalendarObject>,
    new: Option<&CalendarObject>,
    host: &Host,
    now: Timestamp,
    most: usize,
) -> Result<Vec<Message>, TooMuch> {
    let mut told = Vec::new();
    if !host.profile.dav.scheduling.it() {
        return Ok(told);
    }
    let owner = [host.owner.as_str()];
    let stamp = stamp(now);
    let sender = Sender { product: PRODUCT, now: &stamp };
    for wanted in [Role::Organizer, Role::Attendee] {
        let of = |object: &&CalendarObject| role(object, &owner) == Ok(wanted);
        match (wanted, old.filter(of), new.filter(of)) {
            (_, None, None) => {}
            (Role::Organizer, old, new) => told.extend(messages(old, new, &owner, sender, most)?),
            (_, old, new) => told.extend(reply(old, new, &owner, sender, most)?),
        }
    }
    Ok(told)
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
