//! What a scheduling message makes of its recipient's object (RFC 6638 sections 4.1 and 4.2).

use serde_json::{Map, json};

use super::bodies;
use super::organizers::same_organizer;
use super::resource::SCHEDULE_TAG;
use super::scheduling::sequence;
use crate::account::{Item, NewItem, Text, short_hash};
use crate::dav::calendar::acts::{self, Answer};
use crate::dav::calendar::edit::Edit;
use crate::dav::calendar::schedule::{Author, attendees, organizer, tag_changes, with_own};
use crate::dav::calendar::{CalendarObject, Component, Overrides, calendars};
use crate::profiles::DavQuirks;
use crate::scheduling::Draft;

/// The object as it is after the message; none where nothing changes.
pub(super) fn receive(draft: &Draft, stored: Option<&Item>, quirks: &DavQuirks) -> Option<NewItem> {
    let mut message = bare(&draft.letter.as_ref()?.text)?;
    let current = stored.and_then(bodies::object);
    if let Some(current) = &current {
        // An invitation takes the place of an object that is no meeting yet.
        let is_plain = organizer(current).ok().flatten().is_none();
        let begins = is_plain && draft.method == calamity_evidence::Method::Request;
        if quirks.checks_organizers.it() && !begins && !same_organizer(current, &message) {
            // It is about another meeting, which nobody else has a say in (section 11.2).
            return None;
        }
        if draft.method == calamity_evidence::Method::Request && quirks.keeps_attendee_data.it() {
            // Without what is their own rather than not at all.
            message = CalendarObject::read(with_own(&message, current)).unwrap_or(message);
        }
    }
    let (octets, author) = match draft.method {
        calamity_evidence::Method::Request => {
            (request(&message, current.as_ref()), Author::Organizer)
        }
        calamity_evidence::Method::Cancel => {
            (cancel(&message, current.as_ref()?)?, Author::Organizer)
        }
        calamity_evidence::Method::Reply => (reply(&message, current.as_ref()?)?, Author::Attendee),
    };
    let object = CalendarObject::read(octets).ok()?;
    let same = current.as_ref().is_some_and(|old| old.octets() == object.octets());
    if same && stored.is_some_and(|item| item.body.contains_key(SCHEDULE_TAG)) {
        return None;
    }
    let changes = current.as_ref().is_none_or(|old| tag_changes(author, old, &object));
    let mut body = stored.map_or_else(Map::new, |item| item.body.clone());
    if changes || !body.contains_key(SCHEDULE_TAG) {
        body.insert(SCHEDULE_TAG.to_owned(), json!(short_hash(object.octets())));
    }
    let text = Text { octets: object.octets().clone(), media_type: "text/calendar" };
    Some(NewItem {
        uid: object.uid().to_owned(),
        body,
        sequence: sequence(&object),
        text: Some(text),
        ..NewItem::default()
    })
}

/// A message without its METHOD, which no stored object has.
fn bare(text: &str) -> Option<CalendarObject> {
    let roots = calendars(text.as_bytes()).ok()?;
    let mut edit = Edit::new(text.as_bytes());
    edit.remove_all(roots.first()?, "METHOD");
    CalendarObject::read(edit.finish()).ok()
}

/// A whole object takes the place of the stored one; single instances are put into it.
fn request(message: &CalendarObject, current: Option<&CalendarObject>) -> Vec<u8> {
    let Some(current) = current.filter(|_| message.master().is_none()) else {
        return message.octets().to_vec();
    };
    let mut overrides = Overrides::of(current);
    for new in message.overrides() {
        let text = String::from_utf8_lossy(message.slice(new.range.clone())).into_owned();
        overrides.replace(acts::recurrence_id(new).as_ref(), &text);
    }
    overrides.finish()
}

/// The object, or instances of it, with the status CANCELLED.
fn cancel(message: &CalendarObject, current: &CalendarObject) -> Option<Vec<u8>> {
    if message.master().is_some() {
        let mut edit = Edit::new(current.octets());
        let count = sequence(message);
        for component in current.components() {
            edit.set(component, "STATUS", "CANCELLED");
            count_to(&mut edit, component, count);
        }
        return Some(edit.finish());
    }
    let mut instances = Overrides::of(current);
    for component in message.overrides() {
        let id = acts::recurrence_id(component)?;
        let count = format!("SEQUENCE:{}", component.value("SEQUENCE").unwrap_or("0"));
        let lines = ["STATUS:CANCELLED", count.as_str()];
        if !instances.change(&id, |edit, known| acts::set_lines(edit, known, &lines)) {
            instances.exclude(&id);
        }
    }
    Some(instances.finish())
}

/// Counts a component's `SEQUENCE` on to that of a message (RFC 5546 section 2.1.5).
fn count_to(edit: &mut Edit<'_>, component: &Component, count: u64) {
    let known = component.value("SEQUENCE").and_then(|text| text.parse::<u64>().ok());
    if known.unwrap_or(0) < count {
        edit.set(component, "SEQUENCE", &count.to_string());
    }
}

/// The organizer's object with the answer of the attendee who replied.
fn reply(message: &CalendarObject, current: &CalendarObject) -> Option<Vec<u8>> {
    let mut said = Vec::new();
    for component in message.components() {
        let person = attendees(component).into_iter().next()?;
        said.push((acts::recurrence_id(component), person, statuses(component)));
    }
    let all: Vec<_> = said
        .iter()
        .map(|(id, person, status)| {
            let (address, partstat) = (person.address.as_str(), person.partstat.as_str());
            (id.clone(), Answer { address, partstat, status: Some(status.as_str()) })
        })
        .collect();
    Some(acts::answer(current, &all).unwrap_or_else(|| current.octets().to_vec()))
}

/// The codes of the `REQUEST-STATUS`es of a reply (RFC 6638 section 4.2).
fn statuses(component: &Component) -> String {
    let codes = component.all("REQUEST-STATUS");
    let codes = codes.map(|status| status.value.split(';').next().unwrap_or_default().trim());
    let codes: Vec<&str> = codes.filter(|code| !code.is_empty()).collect();
    if codes.is_empty() { "2.0".to_owned() } else { codes.join(",") }
}
