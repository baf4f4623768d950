//! What the server itself writes into a scheduling object when it stores one (RFC 6638 sections
//! 3.2.8, 3.2.10.1, 7.2 and 7.3). All other octets stay the client's.

use std::collections::BTreeMap;

use super::{
    super::{
        edit::Edit,
        instances::TooMany,
        object::CalendarObject,
        tree::{Component, Property},
    },
    message::{Message, Method, sequence},
    people::{Agent, Person, Role, is_one_of, organizer, role},
    reschedule::rescheduled,
    view::{Id, by_id, id},
};
use crate::scheduling::address;

/// What an organizer sent, as the others are to see it: in components that were rescheduled their
/// answers are taken back and `SEQUENCE` is counted on (section 3.2.8; RFC 5546 section 2.1.4).
///
/// # Errors
/// When a rule goes on for too long.
pub(crate) fn asked_again(
    old: Option<&CalendarObject>,
    new: &CalendarObject,
    owner: &[&str],
) -> Result<Vec<u8>, TooMany> {
    let mut edit = Edit::new(new.octets());
    let organizes = role(new, owner) == Ok(Role::Organizer);
    let Some(old) = old.filter(|_| organizes) else { return Ok(edit.finish()) };
    let (moved, before) = (rescheduled(old, new)?, by_id(old));
    for component in new.components() {
        let id = id(new, component);
        if !moved.contains(&id) {
            // What was sent before was no newer.
            let least = before.get(&id).map_or(0, |known| sequence(known));
            if sequence(component) < least {
                edit.set(component, "SEQUENCE", &least.to_string());
            }
            continue;
        }
        ask_again(component, owner, &mut edit);
        let known = before.get(&id).or_else(|| before.get(&Id::Whole));
        let known = known.map_or(0, |known| sequence(known));
        if sequence(component) <= known {
            edit.set(component, "SEQUENCE", &known.saturating_add(1).to_string());
        }
    }
    Ok(edit.finish())
}

/// What an organizer sent with the `SEQUENCE` to which the `CANCEL`s of the change have counted on,
/// so that what is sent next is no older than they are (RFC 6638 section 3.2.5, RFC 5546 sections
/// 2.1.4 and 2.1.5). None where it is so already.
#[must_use]
pub(crate) fn counted(new: &CalendarObject, sent: &[Message]) -> Option<Vec<u8>> {
    let cancels = sent.iter().filter(|message| message.method == Method::Cancel);
    let least = cancels.map(|message| message.sequence).max()?;
    let mut edit = Edit::new(new.octets());
    let mut changed = false;
    for component in new.components().filter(|component| sequence(component) < least) {
        edit.set(component, "SEQUENCE", &least.to_string());
        changed = true;
    }
    changed.then(|| edit.finish())
}

/// The body to store once its messages are written: without `SCHEDULE-FORCE-SEND`, and with the
/// `SCHEDULE-STATUS` of each address in `sent` that a message went to: on `ORGANIZER` where an
/// attendee replied, else on their `ATTENDEE` (section 7.3).
#[must_use]
pub(crate) fn stored(new: &CalendarObject, sent: &[(&str, &str)]) -> Vec<u8> {
    let mut edit = Edit::new(new.octets());
    let organizer = organizer(new).ok().flatten().map(|person| person.address);
    let sent: BTreeMap<String, &str> =
        sent.iter().map(|(to, status)| (address(to), *status)).collect();
    for property in new.components().flat_map(people) {
        if property.param("SCHEDULE-FORCE-SEND").is_some() {
            edit.remove_param(property, "SCHEDULE-FORCE-SEND");
        }
        let whom = address(&property.value);
        if property.name == "ATTENDEE" && organizer.as_ref() == Some(&whom) {
            continue;
        }
        if let Some(status) = sent.get(&whom) {
            edit.set_param(property, "SCHEDULE-STATUS", status);
        }
    }
    edit.finish()
}

fn people(component: &Component) -> impl Iterator<Item = &Property> {
    component.properties.iter().filter(|one| matches!(one.name.as_str(), "ATTENDEE" | "ORGANIZER"))
}

/// Takes the answers back of all whom the server delivers to, but the organizer's own.
fn ask_again(component: &Component, owner: &[&str], edit: &mut Edit<'_>) {
    for property in component.all("ATTENDEE") {
        let person = Person::read(property);
        let own = is_one_of(&person.address, owner);
        if !own && person.agent == Agent::Server && person.partstat != "NEEDS-ACTION" {
            edit.set_param(property, "PARTSTAT", "NEEDS-ACTION");
        }
    }
}

/// What a client sent with the answers of all others as they are stored: a `PUT` with an
/// `If-Schedule-Tag-Match` that matches (section 3.2.10.1).
#[must_use]
pub(crate) fn merged(current: &CalendarObject, new: &CalendarObject, owner: &[&str]) -> Vec<u8> {
    let mut edit = Edit::new(new.octets());
    let known = by_id(current);
    for component in new.components() {
        let Some(known) = known.get(&id(new, component)) else { continue };
        let mut people = BTreeMap::new();
        for property in known.all("ATTENDEE") {
            people.entry(address(&property.value)).or_insert(property);
        }
        for property in component.all("ATTENDEE") {
            let whom = address(&property.value);
            let Some(stored) = people.get(&whom) else { continue };
            if is_one_of(&whom, owner) {
                continue;
            }
            for name in ["PARTSTAT", "SCHEDULE-STATUS"] {
                match (stored.param(name), property.param(name)) {
                    (Some(stored), sent) if sent != Some(stored) => {
                        edit.set_param(property, name, stored);
                    }
                    (None, Some(_)) => edit.remove_param(property, name),
                    _ => {}
                }
            }
        }
    }
    edit.finish()
}
