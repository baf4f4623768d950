//! A set of contacts multiplied to size.
//!
//! Deterministic: equal sets and streams give equal contacts. The originals come first, in their
//! order; then, round by round, copies of each: with a UID of their own in the style of the original,
//! an invented name, mail addresses and phone numbers. Everything else, and with it the peculiarity
//! of the original, stays. Members of groups and related contacts lead to the copies of their round.

mod names;

use std::collections::{BTreeMap, BTreeSet};

use calamity_base::entropy::Stream;

use super::super::multiply::{names::mark, uid::similar};
use super::{Kind, Mail, SourceContact};

/// Digits that keep the addresses of two people of one name apart.
const ADDRESS_DIGITS: usize = 6;
/// Signs of a phone number from the beginning that stay: a country code and a little more.
const NUMBER_KEPT: usize = 4;

/// `n` contacts made from the set; none from an empty one.
#[must_use]
pub fn multiply(set: &[SourceContact], n: usize, stream: &mut Stream) -> Vec<SourceContact> {
    let mut contacts: Vec<SourceContact> = set.iter().take(n).cloned().collect();
    let mut taken: BTreeSet<String> = set.iter().map(|contact| contact.uid.clone()).collect();
    while contacts.len() < n && !set.is_empty() {
        let round: Vec<&SourceContact> = set.iter().take(n - contacts.len()).collect();
        let mut uids = BTreeMap::new();
        for contact in &round {
            let mut uid = similar(&contact.uid, stream);
            while !taken.insert(uid.clone()) {
                uid = similar(&contact.uid, stream);
            }
            uids.insert(contact.uid.clone(), uid);
        }
        contacts.extend(round.into_iter().map(|contact| copy(contact, &uids, stream)));
    }
    contacts
}

fn copy(
    contact: &SourceContact,
    uids: &BTreeMap<String, String>,
    stream: &mut Stream,
) -> SourceContact {
    let mut copy = contact.clone();
    copy.line = 0;
    if let Some(uid) = uids.get(&contact.uid) {
        copy.uid.clone_from(uid);
    }
    let person = names::person(stream);
    if copy.kind == Kind::Individual {
        rename(&mut copy, &person);
    } else {
        copy.full_name = format!("{} – {}", copy.full_name, mark(stream));
    }
    for mail in &mut copy.mails {
        mail.address = address(mail, &person, stream);
    }
    for phone in &mut copy.phones {
        phone.number = number(&phone.number, stream);
    }
    copy.members.retain_mut(|member| relink(member, uids));
    copy.related.retain_mut(|related| !related.is_uri() || relink(&mut related.value, uids));
    copy
}

/// The copy's name, of as many parts as the original's had.
fn rename(copy: &mut SourceContact, person: &names::Person) {
    let name = &mut copy.name;
    if !name.given.is_empty() {
        name.given = vec![person.given.clone()];
    }
    if !name.family.is_empty() {
        name.family = vec![person.family.clone()];
    }
    copy.full_name = format!("{} {}", person.given, person.family);
}

/// An address of the invented person at the domain of the original, which is one of those that
/// reach nobody (RFC 2606).
fn address(mail: &Mail, person: &names::Person, stream: &mut Stream) -> String {
    let domain = mail.address.rsplit_once('@').map_or("example.com", |(_, domain)| domain);
    format!("{}.{}@{domain}", person.local_part(), stream.hex(ADDRESS_DIGITS))
}

/// A number of the same form.
fn number(number: &str, stream: &mut Stream) -> String {
    let drawn = |(at, sign): (usize, char)| match sign.to_digit(10) {
        Some(_) if at >= NUMBER_KEPT => u32::try_from(stream.below(10))
            .ok()
            .and_then(|d| char::from_digit(d, 10))
            .unwrap_or('0'),
        _ => sign,
    };
    number.chars().enumerate().map(drawn).collect()
}

/// Leads a URI to the copy of what it led to; false where there is none.
fn relink(uri: &mut String, uids: &BTreeMap<String, String>) -> bool {
    const PREFIX: &str = "urn:uuid:";
    if let Some(uid) = uids.get(uri.as_str()) {
        uri.clone_from(uid);
        return true;
    }
    let Some(uid) = uri.strip_prefix(PREFIX).and_then(|bare| uids.get(bare)) else { return false };
    *uri = format!("{PREFIX}{uid}");
    true
}

#[cfg(test)]
mod tests;
