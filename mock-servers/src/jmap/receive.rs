//! What a message makes of the copy that its recipient, another user of the server, has of an event
//! (draft-ietf-jmap-calendars-27 section 5.9: an update from the origin overwrites everything but
//! the properties that are kept per user; RFC 5546 section 3.2 for the methods).

use calamity_evidence::Method;
use serde_json::{Map, Value, json};

use super::event::{self, PER_USER};
use super::overrides::{self, Override};
use super::patch::escape;
use super::{expansion, times};
use crate::account::{Item, NewItem};
use crate::native::{Host, Letter};

type Event = Map<String, Value>;

/// What a guest's answer consists of. To which version of the event and when it was given
/// (`scheduleSequence`, `scheduleUpdated`), the server adds that takes it in.
const ANSWER: [&str; 2] = ["participationStatus", "participationComment"];

/// The copy as it is after the message; none where nothing changes.
pub(super) fn receive(letter: &Letter<'_>, stored: Option<&Item>, host: &Host) -> Option<NewItem> {
    let old = stored.map(|item| &item.body);
    let body = match letter.draft.method {
        Method::Request => request(&letter.item.body, old, &host.owner)?,
        Method::Cancel => cancel(letter, old?, &host.owner)?,
        Method::Reply => reply(letter, old?)?,
    };
    if old == Some(&body) {
        return None;
    }
    let sequence = event::sequence(&body);
    Some(NewItem { uid: letter.item.uid.clone(), body, sequence, ..NewItem::default() })
}

/// The organizer's event, with what the guest keeps for themself.
fn request(theirs: &Event, own: Option<&Event>, owner: &str) -> Option<Event> {
    if own.is_some_and(|own| event::is_origin(own, owner)) {
        // Nobody else organizes the user's own event.
        return None;
    }
    let mut copy = theirs.clone();
    copy.retain(|name, _| !PER_USER.contains(&name.as_str()) && name != "isDraft");
    let kept = own.into_iter().flatten().filter(|(name, _)| PER_USER.contains(&name.as_str()));
    copy.extend(kept.map(|(name, value)| (name.clone(), value.clone())));
    Some(copy)
}

/// Called off as a whole, or for this guest; where only occurrences are, what the organizer has now.
fn cancel(letter: &Letter<'_>, own: &Event, owner: &str) -> Option<Event> {
    if event::is_origin(own, owner) {
        return None;
    }
    let theirs = &letter.item.body;
    if letter.kept && event::attendees(theirs, "").contains(owner) {
        return request(theirs, Some(own), owner);
    }
    let mut copy = own.clone();
    copy.insert("status".to_owned(), json!("cancelled"));
    copy.insert("sequence".to_owned(), json!(event::sequence(theirs).max(event::sequence(own))));
    Some(copy)
}

/// The guest's answer in the organizer's event; a guest who deleted theirs has declined.
fn reply(letter: &Letter<'_>, own: &Event) -> Option<Event> {
    let (theirs, guest) = (&letter.item.body, letter.from.owner.as_str());
    let of_guest = |event: &Event| {
        let mut people = event::participants(event);
        let found =
            people.find(|(_, person)| event::participant_address(person).as_deref() == Some(guest));
        found.map(|(id, person)| (id.clone(), person.clone()))
    };
    let (their_id, mut answer) = of_guest(theirs)?;
    let (own_id, _) = of_guest(own)?;
    if !letter.kept {
        answer.insert("participationStatus".to_owned(), json!("declined"));
    }
    let mut copy = own.clone();
    let person = copy.get_mut("participants")?.get_mut(&own_id)?.as_object_mut()?;
    if ANSWER.iter().any(|name| person.get(*name) != answer.get(*name)) {
        for name in ANSWER {
            match answer.get(name) {
                Some(value) => person.insert(name.to_owned(), value.clone()),
                None => person.remove(name),
            };
        }
        person.insert("scheduleSequence".to_owned(), json!(event::sequence(theirs)));
        person.insert("scheduleUpdated".to_owned(), json!(times::stamp(letter.now)));
    }
    answer_occurrences(&mut copy, letter, &own_id, &their_id);
    if copy != *own {
        // The organizer's server is the origin.
        copy.insert("updated".to_owned(), json!(times::stamp(letter.now)));
    }
    Some(copy)
}

/// Answers for single occurrences: the pointers of the guest's overrides that lead into the guest.
fn answer_occurrences(copy: &mut Event, letter: &Letter<'_>, own_id: &str, their_id: &str) {
    let theirs = &letter.item.body;
    let prefix = format!("participants/{}/", escape(their_id));
    for (local, key, kind) in overrides::all(theirs) {
        let Override::Changed(changes) = kind else { continue };
        let answers = changes.iter().filter_map(|(pointer, value)| {
            let name = pointer.strip_prefix(&prefix).filter(|name| ANSWER.contains(name))?;
            Some((format!("participants/{}/{name}", escape(own_id)), value.clone()))
        });
        let answers: Vec<(String, Value)> = answers.collect();
        let known = overrides::all(copy).any(|(other, ..)| other == local);
        if answers.is_empty() || !(known || expansion::is_generated(copy, local)) {
            continue;
        }
        let all = copy.entry("recurrenceOverrides").or_insert_with(|| json!({}));
        let Value::Object(all) = all else { continue };
        let one = all.entry(key.clone()).or_insert_with(|| json!({}));
        if let Value::Object(one) = one
            && answers.iter().any(|(pointer, value)| one.get(pointer) != Some(value))
        {
            one.extend(answers);
            let of_guest = |name: &str| format!("participants/{}/{name}", escape(own_id));
            one.insert(of_guest("scheduleSequence"), json!(event::sequence(theirs)));
            one.insert(of_guest("scheduleUpdated"), json!(times::stamp(letter.now)));
        }
    }
}
