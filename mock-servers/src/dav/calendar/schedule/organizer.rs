//! Whom an organizer's change is told (RFC 6638 sections 3.2.1.1 to 3.2.1.3 and 3.2.6).
//!
//! Each attendee is looked at alone, with the components that name them: who is new or sees another
//! object than before gets a `REQUEST`, who is no longer named a `CANCEL`, who loses single
//! instances a `CANCEL` of those. Answers of people other than the organizer, alarms and what
//! every save touches change nothing for others; so nobody is told of them. `SCHEDULE-FORCE-SEND=REQUEST` and an answer that
//! the organizer takes back always send.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    super::{object::CalendarObject, stamp::Stamp, times::stamp, tree::Component, zones::Zone},
    message::{Draft, Message, Method, Sender, named, recurrence_id, sequence, text},
    people::{Agent, Force, Person, attendees, is_one_of, organizer},
    view::{Id, Line, id, id_of, left_out, shared},
};

/// The messages of a change by the organizer, in the order of the attendees; no old version for a
/// new object, no new one for a deleted one. `owner` are the organizer's addresses.
#[must_use]
pub(crate) fn messages(
    old: Option<&CalendarObject>,
    new: Option<&CalendarObject>,
    owner: &[&str],
    sender: Sender<'_>,
) -> Vec<Message> {
    let mut told = Vec::new();
    for whom in everybody(old, new, owner) {
        let before = old.and_then(|object| Seen::by(object, &whom));
        let after = new.and_then(|object| Seen::by(object, &whom));
        match (before, after) {
            (None, Some(after)) => told.push(request(&after, &whom, sender)),
            (Some(before), None) => told.push(cancel_all(&before, new, &whom, sender)),
            (Some(before), Some(after)) => changed(&before, &after, &whom, sender, &mut told),
            (None, None) => {}
        }
    }
    told
}

/// An invitation of one person to an object, or to some of its instances, where a server has
/// decided to send one. None where the object does not name the person.
#[must_use]
pub(crate) fn invite(
    object: &CalendarObject,
    about: &[Stamp],
    whom: &str,
    sender: Sender<'_>,
) -> Option<Message> {
    let mut seen = Seen::by(object, whom)?;
    let wanted = ids(object, about);
    if seen.components.keys().any(|id| wanted.contains(id)) {
        seen.components.retain(|id, _| wanted.contains(id));
    }
    Some(request(&seen, whom, sender))
}

/// The end of an object, or of some of its instances, for one person, where a server has decided
/// to tell of it; `new` is the object as it goes on. None where the object did not name the person.
#[must_use]
pub(crate) fn call_off(
    old: &CalendarObject,
    new: Option<&CalendarObject>,
    about: &[Stamp],
    whom: &str,
    sender: Sender<'_>,
) -> Option<Message> {
    let seen = Seen::by(old, whom)?;
    if about.is_empty() {
        return Some(cancel_all(&seen, new, whom, sender));
    }
    let lost = ids(old, about).into_iter().zip(about.iter().cloned()).collect();
    Some(cancel_instances(&seen, new, &lost, whom, sender))
}

/// The instances that dates or times name, in their order.
fn ids(object: &CalendarObject, about: &[Stamp]) -> Vec<Id> {
    let utc = Zone::utc();
    let clock = object.clock(&utc);
    about.iter().map(|stamp| id_of(stamp, &clock)).collect()
}

/// Everybody that the server delivers to, once each.
fn everybody(
    old: Option<&CalendarObject>,
    new: Option<&CalendarObject>,
    owner: &[&str],
) -> Vec<String> {
    let mut known = BTreeSet::new();
    let objects = new.into_iter().chain(old);
    let people = objects.flat_map(|object| {
        let own = organizer(object).ok().flatten().map(|person| person.address);
        let invited: Vec<Person> = object.components().flat_map(attendees).collect();
        invited.into_iter().filter(move |person| Some(&person.address) != own.as_ref())
    });
    let whom = people.map(|person| person.address);
    whom.filter(|whom| !is_one_of(whom, owner) && known.insert(whom.clone())).collect()
}

/// What one attendee sees of an object.
struct Seen<'o> {
    object: &'o CalendarObject,
    components: BTreeMap<Id, &'o Component>,
    /// Instances of the series that are not for them.
    without: BTreeMap<Id, Stamp>,
    answers: BTreeMap<Id, String>,
    forced: bool,
}

impl<'o> Seen<'o> {
    /// None where the server delivers nothing to them.
    fn by(object: &'o CalendarObject, whom: &str) -> Option<Seen<'o>> {
        let mut seen = Seen {
            object,
            components: BTreeMap::new(),
            without: BTreeMap::new(),
            answers: BTreeMap::new(),
            forced: false,
        };
        for component in object.components() {
            let id = id(object, component);
            let person = named(component, "ATTENDEE", whom).map(Person::read);
            match person.filter(|person| person.agent == Agent::Server) {
                Some(person) => {
                    seen.components.insert(id, component);
                    seen.answers.insert(id, person.partstat);
                    seen.forced |= person.force == Some(Force::Request);
                    seen.without.extend(left_out(object, component));
                }
                None => seen.without.extend(stamp(component, "RECURRENCE-ID").map(|at| (id, at))),
            }
        }
        if !seen.components.contains_key(&Id::Whole) {
            seen.without.clear();
        }
        (!seen.components.is_empty()).then_some(seen)
    }

    fn shared(&self) -> BTreeMap<Id, BTreeSet<Line>> {
        self.components.iter().map(|(id, component)| (*id, shared(component))).collect()
    }
}

/// What somebody is told who saw the object before and sees it now.
fn changed(
    before: &Seen<'_>,
    after: &Seen<'_>,
    whom: &str,
    sender: Sender<'_>,
    told: &mut Vec<Message>,
) {
    let series = |seen: &Seen<'_>| seen.components.contains_key(&Id::Whole);
    if series(before) && !series(after) {
        // The series is gone for them; what is left are single instances.
        told.push(cancel_all(before, Some(after.object), whom, sender));
        told.push(request(after, whom, sender));
        return;
    }
    let lost = lost(before, after);
    if !lost.is_empty() {
        told.push(cancel_instances(before, Some(after.object), &lost, whom, sender));
    }
    let (mut old, new) = (before.shared(), after.shared());
    old.retain(|id, _| !lost.contains_key(id));
    let back = before.without.keys().any(|id| !after.without.contains_key(id));
    let asked_again = after.answers.iter().any(|(id, answer)| {
        let known = before.answers.get(id);
        answer == "NEEDS-ACTION" && known.is_some_and(|known| known != answer)
    });
    if old != new || back || asked_again || after.forced {
        told.push(request(after, whom, sender));
    }
}

/// The instances that somebody loses.
fn lost(before: &Seen<'_>, after: &Seen<'_>) -> BTreeMap<Id, Stamp> {
    let gone = |id: &Id| !before.without.contains_key(id) && !after.components.contains_key(id);
    let left_out = after.without.iter().filter(|(id, _)| gone(id));
    let mut lost: BTreeMap<Id, Stamp> = left_out.map(|(id, at)| (*id, at.clone())).collect();
    if !after.components.contains_key(&Id::Whole) {
        for (id, component) in &before.components {
            if !after.components.contains_key(id) {
                lost.extend(stamp(component, "RECURRENCE-ID").map(|at| (*id, at)));
            }
        }
    }
    lost
}

/// An invitation to all that somebody sees: other instances are left out of the series.
fn request(seen: &Seen<'_>, whom: &str, sender: Sender<'_>) -> Message {
    let drafts: Vec<Draft> = seen
        .object
        .components()
        .filter_map(|component| {
            let id = id(seen.object, component);
            seen.components.get(&id)?;
            let mut draft = Draft::whole(seen.object, component, sender.now);
            if id == Id::Whole {
                let own: BTreeSet<Id> =
                    left_out(seen.object, component).into_iter().map(|(id, _)| id).collect();
                let hidden = seen.without.iter().filter(|(id, _)| !own.contains(id));
                draft.lines.extend(hidden.map(|(_, at)| at.line("EXDATE")));
            }
            Some(draft)
        })
        .collect();
    let highest = seen.components.values().map(|component| sequence(component)).max();
    message(seen.object, Method::Request, whom, highest.unwrap_or(0), sender, &drafts)
}

/// The end of all that somebody saw.
fn cancel_all(
    before: &Seen<'_>,
    new: Option<&CalendarObject>,
    whom: &str,
    sender: Sender<'_>,
) -> Message {
    let series = before.components.get(&Id::Whole);
    let components: Vec<&Component> = match series {
        Some(series) => vec![series],
        None => before.components.values().copied().collect(),
    };
    let next = next_sequence(&components, new);
    let whole = new.is_none();
    let drafts: Vec<Draft> = components
        .iter()
        .map(|component| {
            let at = stamp(component, "RECURRENCE-ID");
            cancelled(before.object, component, at.as_ref(), whom, next, whole, sender.now)
        })
        .collect();
    message(before.object, Method::Cancel, whom, next, sender, &drafts)
}

/// The end of single instances.
fn cancel_instances(
    before: &Seen<'_>,
    new: Option<&CalendarObject>,
    lost: &BTreeMap<Id, Stamp>,
    whom: &str,
    sender: Sender<'_>,
) -> Message {
    let components: Vec<&Component> = before.components.values().copied().collect();
    let next = next_sequence(&components, new);
    let drafts: Vec<Draft> = lost
        .iter()
        .filter_map(|(id, at)| {
            let own = before.components.get(id);
            let component = own.or_else(|| before.components.get(&Id::Whole))?;
            // An instance that goes on without them is not cancelled as such.
            let whole = new.is_none_or(|new| super::view::find(new, *id).is_none());
            Some(cancelled(before.object, component, Some(at), whom, next, whole, sender.now))
        })
        .collect();
    message(before.object, Method::Cancel, whom, next, sender, &drafts)
}

/// The component of a `CANCEL` (RFC 5546 section 3.2.5): `STATUS:CANCELLED` only where it ends for
/// all.
fn cancelled(
    object: &CalendarObject,
    component: &Component,
    at: Option<&Stamp>,
    whom: &str,
    next: u32,
    for_all: bool,
    now: &str,
) -> Draft {
    let own = stamp(component, "RECURRENCE-ID").is_some();
    let mut draft = Draft::of(object, component, &["UID"]);
    draft.lines.extend(at.map(recurrence_id));
    draft.lines.push(format!("DTSTAMP:{now}"));
    match at {
        Some(at) if !own => draft.lines.push(at.line("DTSTART")),
        _ => draft.lines.extend(Draft::of(object, component, &["DTSTART", "DTEND", "DUE"]).lines),
    }
    draft.lines.extend(Draft::of(object, component, &["DURATION", "SUMMARY"]).lines);
    draft.lines.push(format!("SEQUENCE:{next}"));
    if for_all {
        draft.lines.push("STATUS:CANCELLED".to_owned());
    }
    draft.lines.extend(Draft::of(object, component, &["ORGANIZER"]).lines);
    if let Some(property) = named(component, "ATTENDEE", whom) {
        draft.push(object, property);
    }
    draft
}

/// A `CANCEL` counts one on (RFC 5546 section 2.1.4), unless the organizer's client has done so.
fn next_sequence(before: &[&Component], new: Option<&CalendarObject>) -> u32 {
    let known = before.iter().map(|component| sequence(component)).max().unwrap_or(0);
    let stated = new.and_then(|object| object.components().map(sequence).max()).unwrap_or(0);
    if stated > known { stated } else { known.saturating_add(1) }
}

fn message(
    object: &CalendarObject,
    method: Method,
    whom: &str,
    sequence: u32,
    sender: Sender<'_>,
    drafts: &[Draft],
) -> Message {
    let from = organizer(object).ok().flatten().map(|person| person.address);
    Message {
        method,
        to: whom.to_owned(),
        from: from.unwrap_or_default(),
        sequence,
        text: text(object, method, sender.product, drafts),
    }
}
