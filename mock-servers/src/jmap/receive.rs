//! What a message makes of the copy that its recipient, another user of the server, has of an event
//! (draft-ietf-jmap-calendars-27 section 5.9: an update from the origin overwrites everything but
//! the properties that are kept per user; RFC 5546 section 3.2 for the methods).

use std::collections::BTreeMap;

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
        Method::Request => request(letter, old, &host.owner)?,
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
fn request(letter: &Letter<'_>, own: Option<&Event>, owner: &str) -> Option<Event> {
    if own.is_some_and(|own| event::is_origin(own, owner)) {
        // Nobody else organizes the user's own event.
        return None;
    }
    let mut copy = letter.item.body.clone();
    copy.retain(|name, _| !PER_USER.contains(&name.as_str()) && name != "isDraft");
    let kept = own.into_iter().flatten().filter(|(name, _)| PER_USER.contains(&name.as_str()));
    copy.extend(kept.map(|(name, value)| (name.clone(), value.clone())));
    own_occurrences(&mut copy, letter, own);
    // What they say of things that only the other of the two has.
    overrides::let_go(&mut copy, |_, _| false);
    Some(copy)
}

/// What the guest keeps for themself of single occurrences; "these MUST be stored per-user" as well. A
/// message about other occurrences also leaves out which of them the guest has.
fn own_occurrences(copy: &mut Event, letter: &Letter<'_>, own: Option<&Event>) {
    let is_own = |pointer: &str| PER_USER.contains(&pointer.split('/').next().unwrap_or_default());
    if let Some(Value::Object(all)) = copy.get_mut("recurrenceOverrides") {
        for one in all.values_mut().filter_map(Value::as_object_mut) {
            one.retain(|pointer, _| !is_own(pointer));
        }
    }
    let theirs: BTreeMap<_, bool> =
        overrides::all(copy).map(|(local, _, kind)| (local, kind != Override::Excluded)).collect();
    for (local, key, kind) in own.into_iter().flat_map(overrides::all) {
        let kept: Event = match kind {
            Override::Changed(changes) => {
                let own = changes.iter().filter(|(pointer, _)| is_own(pointer));
                own.map(|(pointer, value)| (pointer.clone(), value.clone())).collect()
            }
            Override::Excluded if !letter.draft.about.is_empty() => {
                Map::from_iter([("excluded".to_owned(), json!(true))])
            }
            Override::Excluded => continue,
        };
        if kept.is_empty() {
            continue;
        }
        let known = theirs.get(&local).copied();
        if !known.unwrap_or_else(|| expansion::is_generated(copy, local)) {
            continue;
        }
        let all = copy.entry("recurrenceOverrides").or_insert_with(|| json!({}));
        if let Value::Object(all) = all
            && let Value::Object(one) = all.entry(key.clone()).or_insert_with(|| json!({}))
        {
            one.extend(kept);
        }
    }
}

/// Called off as a whole, or for this guest; where only occurrences are, what the organizer has now.
fn cancel(letter: &Letter<'_>, own: &Event, owner: &str) -> Option<Event> {
    if event::is_origin(own, owner) {
        return None;
    }
    let theirs = &letter.item.body;
    if letter.kept && event::attendees(theirs, "").contains(owner) {
        return request(letter, Some(own), owner);
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

/// Answers for single occurrences, which the guest has in overrides, as pointers into themself or with all
/// participants.
fn answer_occurrences(copy: &mut Event, letter: &Letter<'_>, own_id: &str, their_id: &str) {
    let theirs = &letter.item.body;
    let changed: Vec<_> = overrides::all(theirs)
        .filter_map(|(local, key, kind)| match kind {
            Override::Changed(changes) if overrides::names_people(changes) => {
                Some((local, key, changes))
            }
            _ => None,
        })
        .collect();
    let before = copy.clone();
    let known: BTreeMap<_, _> =
        overrides::all(&before).map(|(local, _, kind)| (local, kind)).collect();
    for (local, key, changes) in changed {
        let present = match known.get(&local) {
            Some(Override::Excluded) => continue,
            Some(Override::Changed(changes)) => Some(*changes),
            None if expansion::is_generated(copy, local) => None,
            None => continue,
        };
        let said = overrides::occurrence(theirs, local, Some(changes));
        let stands = overrides::occurrence(copy, local, present);
        let (Some(said), Some(stands)) = (person(&said, their_id), person(&stands, own_id)) else {
            continue;
        };
        if ANSWER.iter().all(|name| said.get(*name) == stands.get(*name)) {
            continue;
        }
        let sequence = json!(event::sequence(theirs));
        let mut answer: Vec<(&str, Value)> = vec![
            ("scheduleSequence", sequence),
            ("scheduleUpdated", json!(times::stamp(letter.now))),
        ];
        let of_answer = ANSWER.iter().filter(|name| said.get(**name) != stands.get(**name));
        answer.extend(of_answer.map(|name| (*name, said.get(*name).cloned().unwrap_or_default())));
        let all = copy.entry("recurrenceOverrides").or_insert_with(|| json!({}));
        let Value::Object(all) = all else { continue };
        if let Value::Object(one) = all.entry(key.clone()).or_insert_with(|| json!({})) {
            for (name, value) in answer {
                note(one, own_id, name, value);
            }
        }
    }
}

fn person<'a>(event: &'a Event, id: &str) -> Option<&'a Event> {
    event.get("participants")?.get(id)?.as_object()
}

/// Puts a property of a participant into an override; no pointer of it may begin with another one.
fn note(one: &mut Event, id: &str, name: &str, value: Value) {
    let pointer = format!("participants/{}", escape(id));
    let whole = match one.get_mut("participants") {
        Some(people) => people.get_mut(id),
        None => one.get_mut(&pointer),
    };
    match whole.and_then(Value::as_object_mut) {
        Some(person) if value.is_null() => drop(person.remove(name)),
        Some(person) => drop(person.insert(name.to_owned(), value)),
        None => drop(one.insert(format!("{pointer}/{name}"), value)),
    }
}
