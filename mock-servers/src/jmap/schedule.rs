//! Who is told what about a change (draft-ietf-jmap-calendars-27 section 5.9.1).

use std::collections::{BTreeMap, BTreeSet};

use calamity_evidence::Method;
use serde_json::{Map, Value};

use super::overrides::{self, Override};
use super::{event, rule, times};
use crate::account::Item;
use crate::recurrence;
use crate::scheduling::Draft;
use crate::world::When;

type Event = Map<String, Value>;

/// The messages for a change, given that messages are sent at all.
pub(super) fn schedule(before: Option<&Item>, after: Option<&Item>, owner: &str) -> Vec<Draft> {
    let (before, after) = (before.map(|item| &item.body), after.map(|item| &item.body));
    let Some(subject) = after.or(before) else { return Vec::new() };
    if event::is_draft(subject) {
        return Vec::new();
    }
    // A draft that is sent now is new to everybody.
    let before = before.filter(|event| !event::is_draft(event));
    if event::is_origin(subject, owner) {
        as_organizer(before, after, owner)
    } else {
        as_guest(before, after, owner)
    }
}

/// The first recipient that could not be reached, for `noSupportedScheduleMethods`.
pub(super) fn unreachable(event: &Event, owner: &str) -> Option<String> {
    if event::is_draft(event) {
        return None;
    }
    let reachable = |uri: &str| {
        uri.get(..7).is_some_and(|scheme| scheme.eq_ignore_ascii_case("mailto:"))
            && uri[7..].contains('@')
    };
    if !event::is_origin(event, owner) {
        let organizer = event.get("organizerCalendarAddress").and_then(Value::as_str)?;
        return (!reachable(organizer)).then(|| organizer.to_owned());
    }
    event::participants(event).filter(|(_, person)| event::is_told(person)).find_map(
        |(id, person)| match person.get("calendarAddress").and_then(Value::as_str) {
            Some(uri)
                if event::participant_address(person).as_deref() == Some(owner)
                    || reachable(uri) =>
            {
                None
            }
            Some(uri) => Some(uri.to_owned()),
            None => Some(id.clone()),
        },
    )
}

fn as_organizer(before: Option<&Event>, after: Option<&Event>, owner: &str) -> Vec<Draft> {
    let people = |event: Option<&Event>| -> BTreeSet<String> {
        let addresses = event.into_iter().flat_map(event::participants);
        let addresses = addresses
            .filter(|(_, person)| event::is_told(person))
            .filter_map(|(_, person)| event::participant_address(person));
        addresses.filter(|address| address != owner).collect()
    };
    let (old, new) = (people(before), people(after));
    let mut drafts = Vec::new();
    let mut tell = |method: Method, to: &BTreeSet<String>, about: &[When]| {
        let about = about.to_vec();
        drafts.extend(to.iter().map(|to| Draft { about: about.clone(), ..Draft::new(method, to) }));
    };
    match (before, after) {
        (None, Some(_)) => tell(Method::Request, &new, &[]),
        (Some(_), None) => tell(Method::Cancel, &old, &[]),
        (Some(before), Some(after)) => {
            tell(Method::Cancel, &old.difference(&new).cloned().collect(), &[]);
            let changed = event::differences(before, after);
            let taken_out = occurrences_taken_out(before, after);
            let any_taken_out = !taken_out.occurrences.is_empty();
            if any_taken_out {
                // Who is new learns of the series without them.
                let told = new.intersection(&old).cloned().collect();
                tell(Method::Cancel, &told, &taken_out.occurrences);
            }
            for (address, occurrences) in people_taken_out(before, after, owner) {
                tell(Method::Cancel, &BTreeSet::from([address]), &occurrences);
            }
            let only_taken_out = taken_out.nothing_else
                && changed.iter().all(|name| {
                    name == "recurrenceOverrides" || event::BOOKKEEPING.contains(&name.as_str())
                });
            if event::is_substantial(&changed) && !(any_taken_out && only_taken_out) {
                tell(Method::Request, &new, &[]);
            }
        }
        (None, None) => {}
    }
    drafts
}

/// Exclusions added for occurrences of the rule, and additional occurrences removed.
struct TakenOut {
    /// Their original starts.
    occurrences: Vec<When>,
    /// No other override changed.
    nothing_else: bool,
}

fn occurrences_taken_out(before: &Event, after: &Event) -> TakenOut {
    let old: Vec<_> = overrides::all(before).collect();
    let new: Vec<_> = overrides::all(after).collect();
    let given = |event: &Event, local| match (rule::of(event), times::start(event)) {
        (Some(rule), Some(start)) => recurrence::generates(&rule, &start, local),
        _ => false,
    };
    let mut out = TakenOut { occurrences: Vec::new(), nothing_else: true };
    for (local, key, kind) in &new {
        let was = old.iter().find(|(_, old_key, _)| old_key == key).map(|(_, _, kind)| kind);
        if was == Some(kind) {
            continue;
        }
        if *kind == Override::Excluded && given(after, *local) {
            out.occurrences.push(times::placed(after, *local));
        } else {
            out.nothing_else = false;
        }
    }
    for (local, key, kind) in &old {
        if new.iter().any(|(_, new_key, _)| new_key == key) {
            continue;
        }
        if *kind != Override::Excluded && !given(before, *local) {
            out.occurrences.push(times::placed(before, *local));
        } else {
            out.nothing_else = false;
        }
    }
    out
}

/// People who are still invited but were taken off the list of single occurrences, each with these.
fn people_taken_out(before: &Event, after: &Event, owner: &str) -> BTreeMap<String, Vec<When>> {
    let mut gone: BTreeMap<String, Vec<When>> = BTreeMap::new();
    let known: BTreeMap<&String, Override<'_>> =
        overrides::all(before).map(|(_, key, kind)| (key, kind)).collect();
    let same_people = before.get("participants") == after.get("participants");
    for (local, key, kind) in overrides::all(after) {
        let Override::Changed(changes) = kind else { continue };
        let was = match known.get(key) {
            Some(Override::Changed(changes)) => Some(*changes),
            _ => None,
        };
        if same_people
            && !overrides::names_people(changes)
            && !was.is_some_and(overrides::names_people)
        {
            continue;
        }
        let old = event::attendees(&overrides::occurrence(before, local, was), owner);
        let new = event::attendees(&overrides::occurrence(after, local, Some(changes)), owner);
        for address in old.difference(&new) {
            gone.entry(address.clone()).or_default().push(times::placed(before, local));
        }
    }
    let invited = event::attendees(after, owner);
    let untold: BTreeSet<String> = event::participants(after)
        .filter(|(_, person)| !event::is_told(person))
        .filter_map(|(_, person)| event::participant_address(person))
        .collect();
    gone.retain(|address, _| invited.contains(address) && !untold.contains(address));
    gone
}

/// A guest's server tells the organizer of answers, and of nothing else.
fn as_guest(before: Option<&Event>, after: Option<&Event>, owner: &str) -> Vec<Draft> {
    let Some(event) = after.or(before) else { return Vec::new() };
    let Some(organizer) = event::organizer(event) else { return Vec::new() };
    let is_organizer =
        |person: &Event| event::participant_address(person).as_ref() == Some(&organizer);
    if event::participants(event).any(|(_, it)| is_organizer(it) && !event::is_told(it)) {
        return Vec::new();
    }
    let old = before.map(|event| answers(event, owner)).unwrap_or_default();
    let new = after.map(|event| answers(event, owner)).unwrap_or_default();
    let answered = if after.is_some() {
        // A status that came to be anything but open, for the event or for one occurrence.
        new.iter().any(|answer| answer.2 != "needs-action" && !old.contains(answer))
    } else {
        old.iter().any(|answer| answer.2 != "needs-action")
    };
    if answered { vec![Draft::new(Method::Reply, &organizer)] } else { Vec::new() }
}

/// (occurrence, participant, status) of every participant that is the owner.
fn answers(event: &Event, owner: &str) -> BTreeSet<(String, String, String)> {
    let mut answers = BTreeSet::new();
    let mut collect = |occurrence: &str, event: &Event| {
        for (id, person) in event::participants(event) {
            if event::participant_address(person).as_deref() == Some(owner) {
                let status = person.get("participationStatus").and_then(Value::as_str);
                let status = status.unwrap_or("needs-action").to_owned();
                answers.insert((occurrence.to_owned(), id.clone(), status));
            }
        }
    };
    collect("", event);
    for (local, key, kind) in overrides::all(event) {
        if let Override::Changed(changes) = kind
            && changes.keys().any(|pointer| pointer.starts_with("participants"))
        {
            collect(key, &overrides::occurrence(event, local, Some(changes)));
        }
    }
    answers
}
