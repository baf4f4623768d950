//! Copies of a meeting in the mailboxes of the server's other users: what a request, a cancellation or
//! an answer makes of them.
//!
//! An attendee's copy has the organizer's `iCalUId` and an id of its own. It is tentative until it is
//! answered, and a change of time asks for a new answer. Somebody who is invited to single instances
//! only gets no copy.

use std::collections::{BTreeMap, BTreeSet};

use calamity_evidence::Method;
use serde_json::{Map, Value, json};

use super::source::original;
use crate::account::{Item, NewItem};
use crate::graph::extensions;
use crate::graph::stored::{MULTI, NEVER, SINGLE, address_of, attendees};
use crate::native::{Host, Letter};

/// What is the attendee's own on a copy.
const OWN: [&str; 6] = [
    "categories",
    "isReminderOn",
    "reminderMinutesBeforeStart",
    "showAs",
    "responseStatus",
    "sensitivity",
];
/// What of that the organizer gives at first.
const GIVEN: [&str; 3] = ["isReminderOn", "reminderMinutesBeforeStart", "sensitivity"];

type Exceptions = BTreeMap<String, Map<String, Value>>;

/// What asks for a new answer when it changes.
const TIMES: [&str; 4] = ["start", "end", "isAllDay", "recurrence"];

/// The recipient's copy after a message; none where there is nothing to change.
pub(super) fn copy(letter: &Letter<'_>, stored: Option<&Item>, host: &Host) -> Option<NewItem> {
    let invited = letter.kept && invites(&letter.item.body, &host.owner);
    match letter.draft.method {
        // Forwarded by somebody who is invited, where the organizer does not know of it yet.
        Method::Request if stored.is_none() && !organizes(letter.item) => {
            Some(attending(letter, None, host))
        }
        Method::Request if invited => Some(attending(letter, stored, host)),
        Method::Request => None,
        Method::Cancel if invited => stored.map(|stored| attending(letter, Some(stored), host)),
        Method::Cancel => stored.filter(|it| !organizes(it)).map(cancelled),
        Method::Reply => stored.filter(|it| organizes(it)).map(|it| answered(letter, it)),
    }
}

fn organizes(item: &Item) -> bool {
    item.body.get("isOrganizer").and_then(Value::as_bool).unwrap_or(false)
}

fn invites(body: &Map<String, Value>, address: &str) -> bool {
    attendees(body).any(|one| address_of(one).as_deref() == Some(address))
}

/// The meeting as an attendee has it.
fn attending(letter: &Letter<'_>, stored: Option<&Item>, host: &Host) -> NewItem {
    let mut body = letter.item.body.clone();
    for name in [SINGLE, MULTI, extensions::PROPERTY, "categories"] {
        body.remove(name);
    }
    let same_time =
        |stored: &Item| TIMES.iter().all(|name| stored.body.get(*name) == body.get(*name));
    // Who was no longer invited is invited anew.
    let is_cancelled = |stored: &Item| stored.body.get("isCancelled") == Some(&json!(true));
    let answer_holds = stored.is_some_and(|it| same_time(it) && !is_cancelled(it));
    if let Some(stored) = stored {
        let own = stored.body.iter().filter(|(name, _)| is_own(name));
        body.extend(own.map(|(name, own)| (name.clone(), own.clone())));
    }
    body.insert("isOrganizer".to_owned(), json!(false));
    body.insert("isCancelled".to_owned(), json!(false));
    if !answer_holds {
        ask_again(&mut body);
    }
    body.entry("categories").or_insert_with(|| json!([]));
    if !invites(&body, &host.owner) {
        // A forwarded request.
        if let Some(Value::Array(people)) = body.get_mut("attendees") {
            people.push(crate::graph::stored::invited(&host.owner));
        }
    }
    let (exceptions, cancelled) = instances(letter, stored.filter(|_| answer_holds));
    NewItem {
        uid: letter.item.uid.clone(),
        body,
        exceptions,
        cancelled,
        sequence: letter.item.sequence,
        ..NewItem::default()
    }
}

/// The changed and the cancelled instances of a copy. A message about some of them leaves the others as they
/// are (RFC 5546 sections 3.2.2 and 3.2.5), and of those the attendee keeps what is their own, where their answers
/// still hold.
fn instances(letter: &Letter<'_>, stored: Option<&Item>) -> (Exceptions, BTreeSet<String>) {
    let theirs = letter.item;
    let mut exceptions = theirs.exceptions.clone();
    for one in exceptions.values_mut() {
        one.retain(|name, _| !is_own(name) || GIVEN.contains(&name.as_str()));
    }
    let Some(stored) = stored else { return (exceptions, theirs.cancelled.clone()) };
    let about = &letter.draft.about;
    let is_about = |key: &str| {
        about.is_empty() || original(theirs, key).is_some_and(|original| about.contains(&original))
    };
    exceptions.retain(|key, _| is_about(key));
    for (key, own) in &stored.exceptions {
        let kept = own.iter().filter(|(name, _)| !is_about(key) || is_own(name));
        let kept: Map<String, Value> = kept.map(|(name, it)| (name.clone(), it.clone())).collect();
        if !kept.is_empty() {
            exceptions.entry(key.clone()).or_default().extend(kept);
        }
    }
    let times = |of: Option<&Map<String, Value>>| {
        TIMES.map(|name| of.and_then(|one| one.get(name)).cloned())
    };
    for (key, one) in exceptions.iter_mut().filter(|(key, _)| is_about(key)) {
        if times(theirs.exceptions.get(key)) != times(stored.exceptions.get(key)) {
            ask_again(one);
        }
    }
    // A request for an instance that the organizer has changed brings it back to an attendee who had
    // declined it; that answers to it are noted there is no change.
    let is_changed = |key: &String| {
        theirs.exceptions.get(key).is_some_and(|one| one.keys().any(|name| name != "attendees"))
    };
    let mut cancelled = stored.cancelled.clone();
    cancelled.retain(|key| about.is_empty() || !(is_about(key) && is_changed(key)));
    cancelled.extend(theirs.cancelled.iter().filter(|key| is_about(key)).cloned());
    exceptions.retain(|key, _| !cancelled.contains(key));
    (exceptions, cancelled)
}

/// Takes the answer back: at another time it holds no longer.
fn ask_again(body: &mut Map<String, Value>) {
    let none = json!({ "response": "notResponded", "time": NEVER });
    body.insert("responseStatus".to_owned(), none);
    body.insert("showAs".to_owned(), json!("tentative"));
}

/// Whether a property is the attendee's own on a copy.
fn is_own(name: &str) -> bool {
    OWN.contains(&name) || [SINGLE, MULTI, extensions::PROPERTY].contains(&name)
}

/// A copy of a meeting that does not take place, or to which one is no longer invited: it stays until
/// its owner removes it.
fn cancelled(stored: &Item) -> NewItem {
    let mut body = stored.body.clone();
    let subject = body.get("subject").and_then(Value::as_str).unwrap_or_default();
    let subject = match subject.strip_prefix("Canceled: ") {
        Some(_) => subject.to_owned(),
        None => format!("Canceled: {subject}"),
    };
    body.insert("subject".to_owned(), json!(subject));
    body.insert("isCancelled".to_owned(), json!(true));
    body.insert("showAs".to_owned(), json!("free"));
    as_new(stored, body)
}

/// The organizer's event with what an attendee answered.
fn answered(letter: &Letter<'_>, stored: &Item) -> NewItem {
    let note = |body: &mut Map<String, Value>, said: &Map<String, Value>| {
        let status = said.get("responseStatus");
        // An answer to one instance says nothing of the others.
        let given = |status: &&Value| status["response"] != "notResponded";
        let Some(status) = status.filter(given) else { return };
        let proposed = attendees(said)
            .find(|one| address_of(one).as_deref() == Some(letter.from.owner.as_str()))
            .and_then(|one| one.get("proposedNewTime"));
        let Some(Value::Array(people)) = body.get_mut("attendees") else { return };
        for one in people {
            if address_of(one).as_deref() != Some(letter.from.owner.as_str()) {
                continue;
            }
            let Some(members) = one.as_object_mut() else { continue };
            members.insert("status".to_owned(), status.clone());
            match proposed {
                Some(proposed) => members.insert("proposedNewTime".to_owned(), proposed.clone()),
                None => members.remove("proposedNewTime"),
            };
        }
    };
    let mut new = as_new(stored, stored.body.clone());
    note(&mut new.body, &letter.item.body);
    for (key, said) in &letter.item.exceptions {
        if !said.contains_key("responseStatus") {
            continue;
        }
        let people = stored.body.get("attendees").cloned().unwrap_or_else(|| json!([]));
        let own = new.exceptions.entry(key.clone()).or_default();
        own.entry("attendees").or_insert(people);
        note(own, said);
    }
    new
}

fn as_new(stored: &Item, body: Map<String, Value>) -> NewItem {
    NewItem {
        uid: stored.uid.clone(),
        body,
        exceptions: stored.exceptions.clone(),
        cancelled: stored.cancelled.clone(),
        sequence: stored.sequence,
        ..NewItem::default()
    }
}
