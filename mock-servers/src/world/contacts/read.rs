//! Contacts out of vCard files of version 3.0 and 4.0.
//!
//! A card that cannot be read is passed over and told of; a file without any that can is unreadable.
//! The same goes for single properties: what is wrong with them is told, the rest of the card stands.

mod people;
mod places;
mod texts;

pub(super) use self::texts::decode;

use super::super::error::{Skipped, Unreadable};
use super::content::{Card, Fault, Property, cards};
use super::{Day, ExtraProperty, Kind, SourceContact};
use crate::facts::squash;

/// What a readable file holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReadContacts {
    /// The contacts, in file order.
    pub contacts: Vec<SourceContact>,
    /// What was passed over, in file order.
    pub skipped: Vec<Skipped>,
}

/// The contacts of a file.
///
/// # Errors
/// When it holds none that can be read: the place of the first thing that is wrong, and what.
pub fn read(octets: &[u8]) -> Result<ReadContacts, Unreadable> {
    let mut read = ReadContacts::default();
    let mut first = None;
    for card in cards(octets) {
        let mut faults = Vec::new();
        let contact = card.and_then(|card| contact(&card, octets, &mut faults));
        let uid = contact.as_ref().ok().map(|contact| contact.uid.clone());
        match contact {
            Ok(contact) => read.contacts.push(contact),
            Err(fault) => {
                first = first.or_else(|| Some(fault.clone()));
                faults.push(fault);
            }
        }
        read.skipped.extend(faults.into_iter().map(|fault| Skipped {
            line: fault.place.line,
            uid: uid.clone(),
            reason: fault.what,
        }));
    }
    if read.contacts.is_empty() {
        let (line, column, what) = match first {
            Some(fault) => (fault.place.line, fault.place.column, fault.what),
            None => (1, 1, "no card".to_owned()),
        };
        return Err(Unreadable { line, column, what });
    }
    Ok(read)
}

/// The contact on a card. What is wrong with single properties goes to `faults`.
fn contact(card: &Card, octets: &[u8], faults: &mut Vec<Fault>) -> Result<SourceContact, Fault> {
    if card.version().is_none() {
        return Err(match card.property("VERSION") {
            Some(version) => version.fault("only 3.0 and 4.0 are read"),
            None => Fault { place: card.place, what: "a card without VERSION".to_owned() },
        });
    }
    let mut contact = SourceContact { line: card.place.line, ..SourceContact::default() };
    for property in &card.properties {
        if property.is("ENCODING", "QUOTED-PRINTABLE") {
            faults.push(property.fault("quoted-printable text is of vCard 2.1 and not read"));
            continue;
        }
        match take(card, property, &mut contact) {
            Ok(Taken::Yes) => {}
            Ok(Taken::No) => contact.extra.push(ExtraProperty {
                group: property.group.clone(),
                name: property.name.clone(),
                params: property.params.clone(),
                value: property.value.clone(),
            }),
            Err(fault) => faults.push(fault),
        }
    }
    complete(&mut contact, card, octets);
    Ok(contact)
}

/// Whether a property found its field.
enum Taken {
    Yes,
    No,
}

fn take(card: &Card, property: &Property, contact: &mut SourceContact) -> Result<Taken, Fault> {
    let label = label(card, property);
    match property.name.as_str() {
        "VERSION" | "PRODID" => {}
        "UID" if contact.uid.is_empty() => property.text().trim().clone_into(&mut contact.uid),
        "KIND" | "X-ADDRESSBOOKSERVER-KIND" => match Kind::named(&property.value) {
            Some(kind) => contact.kind = kind,
            None => return Ok(Taken::No),
        },
        "X-ABSHOWAS" if property.value.trim().eq_ignore_ascii_case("company") => {
            contact.kind = Kind::Organization;
        }
        "MEMBER" | "X-ADDRESSBOOKSERVER-MEMBER" => {
            contact.members.push(property.text().trim().to_owned());
        }
        "BDAY" if contact.birthday.is_none() => match day(property)? {
            Some(day) => contact.birthday = Some(day),
            None => return Ok(Taken::No),
        },
        "ANNIVERSARY" | "X-ANNIVERSARY" | "X-EVOLUTION-ANNIVERSARY" | "X-MS-ANNIVERSARY" => {
            return anniversary(property, contact);
        }
        "X-ABDATE" if label.as_deref() == Some("anniversary") => {
            return anniversary(property, contact);
        }
        "REV" => match texts::instant(&property.value) {
            Some(at) => contact.revised = Some(at),
            None => return Ok(Taken::No),
        },
        // The label of something that was taken has gone with it.
        "X-ABLABEL" if labels_something(card, property) => {}
        "EMAIL" | "TEL" | "ADR" | "URL" | "IMPP" => places::take(property, label, contact),
        name if people::is_related(name) => people::take(property, label, contact),
        name if places::is_messenger(name) => places::messenger(property, contact),
        _ => return texts::take(property, contact),
    }
    Ok(Taken::Yes)
}

/// A day; none where the property says that it is text.
fn day(property: &Property) -> Result<Option<Day>, Fault> {
    if property.is("VALUE", "text") || property.value.trim().is_empty() {
        return Ok(None);
    }
    let value = property.value.trim();
    let day = Day::parse(value).ok_or_else(|| property.fault("no day of the calendar"))?;
    let stand_in = property.param("X-APPLE-OMIT-YEAR").and_then(|year| year.parse().ok());
    if stand_in.is_some() && stand_in == day.year() {
        return Ok(Day::new(None, day.month(), day.day()));
    }
    Ok(Some(day))
}

fn anniversary(property: &Property, contact: &mut SourceContact) -> Result<Taken, Fault> {
    let found = day(property)?;
    if contact.anniversary.is_some() && contact.anniversary != found {
        return Ok(Taken::No);
    }
    contact.anniversary = contact.anniversary.or(found);
    Ok(if found.is_some() { Taken::Yes } else { Taken::No })
}

/// What stands in the same group as a label of Apple's; its own words in lower case without their
/// frame (`_$!<Home>!$_`).
fn label(card: &Card, property: &Property) -> Option<String> {
    let group = property.group.as_ref()?;
    let mut labels = card.all("X-ABLABEL");
    let same =
        |label: &&Property| label.group.as_ref().is_some_and(|own| own.eq_ignore_ascii_case(group));
    let text = labels.find(same)?.text();
    let framed = text.strip_prefix("_$!<").and_then(|rest| rest.strip_suffix(">!$_"));
    Some(framed.map_or(text.clone(), str::to_lowercase))
}

/// True if the label belongs to a property that keeps it.
fn labels_something(card: &Card, label: &Property) -> bool {
    let Some(group) = &label.group else { return false };
    card.properties.iter().any(|property| {
        let same = property.group.as_ref().is_some_and(|own| own.eq_ignore_ascii_case(group));
        let anniversary = property.name == "X-ABDATE" && label.value.contains("<Anniversary>");
        let keeps = ["EMAIL", "TEL", "ADR", "URL", "IMPP"].contains(&property.name.as_str())
            || people::is_related(&property.name);
        same && (anniversary || keeps)
    })
}

/// Makes up what every contact must have: a name from what else there is, and a UID.
fn complete(contact: &mut SourceContact, card: &Card, octets: &[u8]) {
    if contact.full_name.is_empty() {
        let name = &contact.name;
        let parts = [&name.prefixes, &name.given, &name.additional, &name.family, &name.suffixes];
        let joined = parts.into_iter().flatten().map(String::as_str).collect::<Vec<_>>().join(" ");
        let mail = contact.mails.first().map(|mail| mail.address.clone()).unwrap_or_default();
        let found = [joined, contact.organization.clone(), mail];
        let found = found.into_iter().map(|text| squash(&text)).find(|text| !text.is_empty());
        contact.full_name = found.unwrap_or_default();
    }
    if contact.uid.is_empty() {
        let octets = octets.get(card.octets.clone()).unwrap_or_default();
        let hash = blake3::hash(octets).to_hex();
        contact.uid = hash.as_str().chars().take(32).collect();
    }
}

#[cfg(test)]
mod tests;
