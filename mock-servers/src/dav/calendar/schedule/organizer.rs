//! Whom an organizer's change is told (RFC 6638 sections 3.2.1.1 to 3.2.1.3 and 3.2.6).
//!
//! Each attendee is looked at alone, with the components that name them: who is new or sees another
//! object than before gets a `REQUEST`, who is no longer named a `CANCEL`, who loses single
//! instances a `CANCEL` of those. What has the status `CANCELLED` is shown to nobody: no `REQUEST`
//! may say so (RFC 5546 section 3.2.2). Answers of people other than the organizer, alarms and what
//! every save touches change nothing for others; so nobody is told of them.
//! `SCHEDULE-FORCE-SEND=REQUEST` and an answer that the organizer takes back always send.

use std::collections::{BTreeMap, BTreeSet};

use thiserror::Error;

use super::{
    super::{object::CalendarObject, stamp::Stamp, zones::Zone},
    cancel::{cancel_all, cancel_instances},
    message::{Message, Method, Sender, sequence},
    page::Page,
    people::is_one_of,
    version::{Seen, Version},
    view::{Id, id_of},
};

/// A change whose messages are too much to be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("the messages about one change are too long")]
pub(crate) struct TooMuch;

/// The messages of a change by the organizer, in the order of the attendees; no old version for a
/// new object, no new one for a deleted one. `owner` are the organizer's addresses.
///
/// # Errors
/// When the messages have more than `most` octets together.
pub(crate) fn messages(
    old: Option<&CalendarObject>,
    new: Option<&CalendarObject>,
    owner: &[&str],
    sender: Sender<'_>,
    most: usize,
) -> Result<Vec<Message>, TooMuch> {
    let (mut old, mut new) = (old.map(Version::of), new.map(Version::of));
    // What was called off before is not called off again, unless it is removed.
    for part in old.iter_mut().flat_map(|old| &mut old.parts) {
        let goes_on = new.as_ref().is_some_and(|new| new.part(part.id).is_some());
        part.off = goes_on && part.is_cancelled();
    }
    for part in new.iter_mut().flat_map(|new| &mut new.parts) {
        part.off = part.is_cancelled();
    }
    let (old, new) = (old.as_ref(), new.as_ref());
    let change = Change::between(old, new);
    let (mut told, mut octets) = (Vec::new(), 0_usize);
    for whom in everybody(old, new, owner) {
        let before = old.and_then(|version| Seen::by(version, &whom));
        let after = new.and_then(|version| Seen::by(version, &whom));
        let known = told.len();
        match (before, after) {
            (None, Some(after)) => told.push(request(&after, &whom, sender)),
            (Some(before), None) => told.push(cancel_all(&before, new, &whom, sender)),
            (Some(before), Some(after)) => {
                changed(&before, &after, &change, (&whom, most), sender, &mut told);
            }
            (None, None) => {}
        }
        let added = told.iter().skip(known).map(|message| message.text.len());
        octets = octets.saturating_add(added.sum());
        if octets > most {
            return Err(TooMuch);
        }
    }
    Ok(told)
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
    let version = Version::of(object);
    let mut seen = Seen::by(&version, whom)?;
    let wanted = ids(object, about);
    if seen.parts.keys().any(|id| wanted.contains(id)) {
        seen.parts.retain(|id, _| wanted.contains(id));
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
    let (version, new) = (Version::of(old), new.map(Version::of));
    let seen = Seen::by(&version, whom)?;
    if about.is_empty() {
        return Some(cancel_all(&seen, new.as_ref(), whom, sender));
    }
    let lost = ids(old, about).into_iter().zip(about.iter().cloned()).collect();
    Some(cancel_instances(&seen, new.as_ref(), &lost, (whom, usize::MAX), sender))
}

/// The instances that dates or times name, in their order.
fn ids(object: &CalendarObject, about: &[Stamp]) -> Vec<Id> {
    let utc = Zone::utc();
    let clock = object.clock(&utc);
    about.iter().map(|stamp| id_of(stamp, &clock)).collect()
}

/// Everybody that the server delivers to, once each.
fn everybody(old: Option<&Version<'_>>, new: Option<&Version<'_>>, owner: &[&str]) -> Vec<String> {
    let mut known = BTreeSet::new();
    let mut all = Vec::new();
    for version in new.into_iter().chain(old) {
        for (person, _) in version.parts.iter().flat_map(|part| &part.people) {
            let own = person.address == version.organizer || is_one_of(&person.address, owner);
            if !own && !known.contains(&person.address) {
                known.insert(person.address.clone());
                all.push(person.address.clone());
            }
        }
    }
    all
}

/// What differs between two versions, whoever looks.
#[derive(Default)]
struct Change {
    /// Components that say something else.
    told: BTreeSet<Id>,
    /// Instances that the series leaves out now.
    gone: BTreeMap<Id, Stamp>,
    /// Instances that it left out before.
    back: BTreeSet<Id>,
}

impl Change {
    fn between(old: Option<&Version<'_>>, new: Option<&Version<'_>>) -> Change {
        let mut change = Change::default();
        let (Some(old), Some(new)) = (old, new) else { return change };
        let both = new.parts.iter().filter_map(|after| Some((old.part(after.id)?, after)));
        let told = both.filter(|(before, after)| before.shared() != after.shared());
        change.told = told.map(|(_, after)| after.id).collect();
        if let (Some(before), Some(after)) = (old.part(Id::Whole), new.part(Id::Whole)) {
            let gone = after.out.iter().filter(|(id, _)| !before.out.contains_key(id));
            change.gone = gone.map(|(id, at)| (*id, at.clone())).collect();
            let back = before.out.keys().filter(|id| !after.out.contains_key(id));
            change.back = back.copied().collect();
        }
        change
    }
}

/// What somebody is told who saw the object before and sees it now.
fn changed(
    before: &Seen<'_, '_>,
    after: &Seen<'_, '_>,
    change: &Change,
    (whom, most): (&str, usize),
    sender: Sender<'_>,
    told: &mut Vec<Message>,
) {
    if before.series().is_some() && after.series().is_none() {
        // The series is gone for them; what is left are single instances.
        told.push(cancel_all(before, Some(after.version), whom, sender));
        told.push(request(after, whom, sender));
        return;
    }
    let lost = lost(before, after, change);
    if !lost.is_empty() {
        let new = Some(after.version);
        told.push(cancel_instances(before, new, &lost, (whom, most), sender));
    }
    let kept = before.parts.keys().filter(|id| !lost.contains_key(id));
    let others = !kept.eq(after.parts.keys());
    let back = before.series().is_some()
        && (change.back.iter().any(|id| !after.hidden.contains_key(id))
            || before.hidden.keys().any(|id| after.sees(*id)));
    let asked_again = after.parts.keys().any(|id| {
        let known = before.answer(*id, whom);
        let now = after.answer(*id, whom);
        now == Some("NEEDS-ACTION") && known.is_some() && known != now
    });
    let differs = after.parts.keys().any(|id| change.told.contains(id));
    if others || differs || back || asked_again || after.is_forced(whom) {
        told.push(request(after, whom, sender));
    }
}

/// The instances that somebody loses.
fn lost(before: &Seen<'_, '_>, after: &Seen<'_, '_>, change: &Change) -> BTreeMap<Id, Stamp> {
    let mut lost = BTreeMap::new();
    if after.series().is_some() {
        let hidden = after.hidden.iter().filter_map(|(id, part)| Some((id, part.at.as_ref()?)));
        let gone = change.gone.iter().chain(hidden);
        let gone = gone.filter(|(id, _)| before.sees(**id) && !after.parts.contains_key(id));
        lost.extend(gone.map(|(id, at)| (*id, at.clone())));
    } else {
        for (id, part) in before.parts.iter().filter(|(id, _)| !after.parts.contains_key(id)) {
            lost.extend(part.at.clone().map(|at| (*id, at)));
        }
    }
    lost
}

/// An invitation to all that somebody sees: other instances are left out of the series.
fn request(seen: &Seen<'_, '_>, whom: &str, sender: Sender<'_>) -> Message {
    let mut page = Page::new(seen.version, sender);
    let parts = seen.version.parts.iter();
    for part in parts.filter(|part| seen.parts.contains_key(&part.id)) {
        page.begin();
        page.put(part.whole(seen.version.object, sender.now));
        if part.id == Id::Whole {
            let hidden = seen.hidden.iter().filter(|(id, _)| !part.out.contains_key(id));
            hidden.for_each(|(_, hidden)| page.put(hidden.without()));
        }
        page.end();
    }
    let highest = seen.parts.values().map(|part| sequence(part.component)).max();
    message(seen.version, page, Method::Request, whom, highest.unwrap_or(0))
}

/// A message of the organizer.
pub(super) fn message(
    version: &Version<'_>,
    page: Page<'_>,
    method: Method,
    whom: &str,
    sequence: u32,
) -> Message {
    Message {
        method,
        to: whom.to_owned(),
        from: version.organizer.clone(),
        sequence,
        text: page.finish(method),
    }
}
