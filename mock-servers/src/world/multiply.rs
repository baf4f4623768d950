//! A set of events multiplied to size.
//!
//! Deterministic: equal sets and streams give equal events. The originals come first, in their
//! order; then, round by round, copies of each: with a UID of their own in the style of the
//! original, a title that tells them apart, and dates moved by whole weeks, so that weekdays, times
//! and the rules of weekly series stay right. Series whose rule names months or days of a month
//! stay where they are. The lineage of each event is the caller's.

pub(super) mod names;
mod shift;
pub(super) mod uid;

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::RangeInclusive,
};

use calamity_base::entropy::Stream;

use super::{Attendee, AttendeeStatus, Organizer, SourceEvent};

/// `n` events made from the set; none from an empty one.
///
/// With `attendees`, every event that invites nobody invites that many invented people, and the
/// owner, a mail address, organizes it.
#[must_use]
pub fn multiply(
    set: &[SourceEvent],
    n: usize,
    attendees: Option<RangeInclusive<u64>>,
    owner: &str,
    stream: &mut Stream,
) -> Vec<SourceEvent> {
    let mut events: Vec<SourceEvent> = set.iter().take(n).cloned().collect();
    let mut taken: BTreeSet<String> = set.iter().map(|event| event.uid.clone()).collect();
    while events.len() < n && !set.is_empty() {
        let round: Vec<&SourceEvent> = set.iter().take(n - events.len()).collect();
        let uids = new_uids(&round, &mut taken, stream);
        events.extend(round.into_iter().map(|event| copy(event, &uids, stream)));
    }
    if let Some(numbers) = attendees {
        for event in events.iter_mut().filter(|event| event.attendees.is_empty()) {
            let number = stream.range(*numbers.start(), *numbers.end());
            invite(event, number, owner, stream);
        }
    }
    events
}

/// The UIDs of one round of copies, by those of the originals.
fn new_uids(
    round: &[&SourceEvent],
    taken: &mut BTreeSet<String>,
    stream: &mut Stream,
) -> BTreeMap<String, String> {
    let mut uids = BTreeMap::new();
    for event in round {
        let mut uid = uid::similar(&event.uid, stream);
        while !taken.insert(uid.clone()) {
            uid = uid::similar(&event.uid, stream);
        }
        uids.insert(event.uid.clone(), uid);
    }
    uids
}

fn copy(event: &SourceEvent, uids: &BTreeMap<String, String>, stream: &mut Stream) -> SourceEvent {
    let mut copy = shift::by_some_weeks(event, stream);
    copy.line = 0;
    if let Some(uid) = uids.get(&event.uid) {
        copy.uid.clone_from(uid);
    }
    // Relations lead to the copies of the same round, or nowhere.
    copy.relations.retain_mut(|relation| match uids.get(&relation.uid) {
        Some(uid) => {
            relation.uid.clone_from(uid);
            true
        }
        None => false,
    });
    let mark = names::mark(stream);
    let title = |title: &str| {
        if title.is_empty() { mark.clone() } else { format!("{title} – {mark}") }
    };
    copy.title = title(&copy.title);
    for exception in &mut copy.exceptions {
        exception.event.line = 0;
        exception.event.uid.clone_from(&copy.uid);
        exception.event.title = title(&exception.event.title);
    }
    copy
}

fn invite(event: &mut SourceEvent, number: u64, owner: &str, stream: &mut Stream) {
    if number == 0 {
        return;
    }
    let people: Vec<Attendee> = (0..number).map(|_| attendee(stream)).collect();
    let organizer = Organizer { address: format!("mailto:{owner}"), ..Organizer::default() };
    for exception in &mut event.exceptions {
        exception.event.attendees.clone_from(&people);
        exception.event.organizer = Some(organizer.clone());
    }
    event.attendees = people;
    event.organizer = Some(organizer);
}

fn attendee(stream: &mut Stream) -> Attendee {
    let (name, mail) = names::person(stream);
    let status = match stream.below(6) {
        0 => AttendeeStatus::Accepted,
        1 => AttendeeStatus::Tentative,
        2 => AttendeeStatus::Declined,
        _ => AttendeeStatus::NeedsAction,
    };
    let optional = stream.chance(0.2);
    Attendee {
        address: format!("mailto:{mail}"),
        name: Some(name),
        kind: "INDIVIDUAL".to_owned(),
        role: if optional { "OPT-PARTICIPANT" } else { "REQ-PARTICIPANT" }.to_owned(),
        status,
        rsvp: true,
        ..Attendee::default()
    }
}

#[cfg(test)]
mod tests;
