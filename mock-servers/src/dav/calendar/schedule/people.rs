//! Who is in an object, and what the scheduling parameters say of each (RFC 6638 sections 3.1 and
//! 7).

use std::collections::BTreeSet;

use thiserror::Error;

use super::super::{
    object::CalendarObject,
    tree::{Component, Property},
};
use crate::scheduling::address;

/// Who delivers messages to somebody (`SCHEDULE-AGENT`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Agent {
    /// The server; so it is where nothing is said.
    Server,
    /// The client.
    Client,
    /// Nobody; unknown values count as this.
    None,
}

/// A message that a client asks for (`SCHEDULE-FORCE-SEND`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Force {
    /// A `REQUEST`.
    Request,
    /// A `REPLY`.
    Reply,
    /// Something that is not known; its status becomes 2.3.
    Unknown,
}

/// An organizer or attendee.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Person {
    /// The address without `mailto:`, in lower case.
    pub address: String,
    /// Who delivers to them.
    pub agent: Agent,
    /// What the client asks to be sent.
    pub force: Option<Force>,
    /// Their answer in upper case; `NEEDS-ACTION` where none is stated.
    pub partstat: String,
    /// `SCHEDULE-STATUS`.
    pub status: Option<String>,
}

impl Person {
    /// The person that an `ORGANIZER` or `ATTENDEE` names.
    pub(super) fn read(property: &Property) -> Person {
        let agent = property.param("SCHEDULE-AGENT").map(str::to_ascii_uppercase);
        let force = property.param("SCHEDULE-FORCE-SEND").map(str::to_ascii_uppercase);
        Person {
            address: address(&property.value),
            agent: match agent.as_deref() {
                None | Some("SERVER") => Agent::Server,
                Some("CLIENT") => Agent::Client,
                Some(_) => Agent::None,
            },
            force: force.map(|force| match force.as_str() {
                "REQUEST" => Force::Request,
                "REPLY" => Force::Reply,
                _ => Force::Unknown,
            }),
            partstat: property.param("PARTSTAT").unwrap_or("NEEDS-ACTION").to_ascii_uppercase(),
            status: property.param("SCHEDULE-STATUS").map(str::to_owned),
        }
    }
}

/// Components of one object with different organizers: `CALDAV:same-organizer-in-all-components`.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("the organizers `{first}` and `{second}` in one object")]
pub(crate) struct SeveralOrganizers {
    /// The first organizer's address.
    pub first: String,
    /// Another one's.
    pub second: String,
}

/// What the owner of an object is in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// They organize it.
    Organizer,
    /// They are invited to it.
    Attendee,
    /// It is no scheduling object of theirs.
    Neither,
}

/// Who organizes an object, where every component says so.
///
/// # Errors
/// When components name different ones.
pub(crate) fn organizer(object: &CalendarObject) -> Result<Option<Person>, SeveralOrganizers> {
    let mut first: Option<Person> = None;
    let mut everywhere = true;
    for component in object.components() {
        let Some(property) = component.property("ORGANIZER") else {
            everywhere = false;
            continue;
        };
        let named = Person::read(property);
        match &first {
            Some(known) if known.address != named.address => {
                let (first, second) = (known.address.clone(), named.address);
                return Err(SeveralOrganizers { first, second });
            }
            Some(_) => {}
            None => first = Some(named),
        }
    }
    Ok(first.filter(|_| everywhere))
}

/// The attendees of a component, in order.
#[must_use]
pub(crate) fn attendees(component: &Component) -> Vec<Person> {
    component.all("ATTENDEE").map(Person::read).collect()
}

/// How many people are invited to an object, to any part of it.
#[must_use]
pub(crate) fn crowd(object: &CalendarObject) -> usize {
    let invited = object.components().flat_map(|component| component.all("ATTENDEE"));
    invited.map(|property| address(&property.value)).collect::<BTreeSet<String>>().len()
}

/// What somebody with these addresses (without `mailto:`) is in an object.
///
/// # Errors
/// When components name different organizers.
pub(crate) fn role(object: &CalendarObject, owner: &[&str]) -> Result<Role, SeveralOrganizers> {
    let Some(organizer) = organizer(object)? else { return Ok(Role::Neither) };
    if is_one_of(&organizer.address, owner) {
        return Ok(Role::Organizer);
    }
    let mut invited = object.components().flat_map(attendees);
    let found = invited.any(|person| is_one_of(&person.address, owner));
    Ok(if found { Role::Attendee } else { Role::Neither })
}

/// Whether an address is one of somebody's.
pub(super) fn is_one_of(address: &str, owner: &[&str]) -> bool {
    owner.iter().any(|own| crate::scheduling::address(own) == address)
}
