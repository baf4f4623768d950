//! What any protocol can say of a contact, in one normal form, so that two servers can be compared.
//!
//! Each protocol's stored form is read back as a source contact by the mocks' own reader; the facts
//! of that are its facts.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::super::error::Unreadable;
use super::{Context, Day, Feature, Kind, Phone, Picture, Postal, SourceContact, read};
use crate::facts::squash;

/// The normal form. Two sides in agreement about a contact have equal facts.
///
/// **Texts** are squashed: runs of white space are one space, none at the ends. **Lists** whose order
/// says nothing are sets; empty entries are none. Parts of a name that may be several are joined by
/// a space.
///
/// **Phones** are `kind|number`: the number without blanks, brackets, dots, slashes and hyphens; the
/// kind `mobile`, else `home`, `work`, `home+work` or `other`, with ` fax`, ` pager`, ` textphone` or
/// ` main` behind it. **Addresses** are `home|street|city|region|code|country`, where the street has
/// the post office box and the apartment before it. **Days** are `1985-04-12` or `--04-12`.
///
/// Left out is what not every protocol keeps: labels, preferences, contexts of mails and pages, the
/// service of a messenger, vendors' properties, the kind but for groups, times of change.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactFacts {
    /// The full name with the harness's token.
    pub full_name: String,
    /// Family names.
    pub family: String,
    /// Given names.
    pub given: String,
    /// Further given names.
    pub additional: String,
    /// Honorifics before the name.
    pub prefix: String,
    /// What stands behind the name.
    pub suffix: String,
    /// Nicknames.
    pub nicknames: BTreeSet<String>,
    /// The organization.
    pub organization: String,
    /// Its units, joined by `; `.
    pub department: String,
    /// The position.
    pub title: String,
    /// The role or profession.
    pub role: String,
    /// Mail addresses in lower case.
    pub mails: BTreeSet<String>,
    /// Phone numbers with their kind.
    pub phones: BTreeSet<String>,
    /// Postal addresses with their kind.
    pub addresses: BTreeSet<String>,
    /// The birthday; empty where there is none.
    pub birthday: String,
    /// The anniversary; empty where there is none.
    pub anniversary: String,
    /// The note.
    pub note: String,
    /// Pages.
    pub urls: BTreeSet<String>,
    /// Categories.
    pub categories: BTreeSet<String>,
    /// The picture: the hash of its octets, or its URI; empty where there is none.
    pub photo: String,
    /// Addresses of messengers.
    pub messengers: BTreeSet<String>,
    /// Related people as `kind|name`.
    pub related: BTreeSet<String>,
    /// Whether it is a group.
    pub group: bool,
    /// The members of a group.
    pub members: BTreeSet<String>,
}

impl ContactFacts {
    /// The facts of a contact; its full name is taken as it is, token included.
    #[must_use]
    pub fn of(contact: &SourceContact) -> ContactFacts {
        let name = &contact.name;
        let joined = |texts: &[String]| squash(&texts.join(" "));
        ContactFacts {
            full_name: squash(&contact.full_name),
            family: joined(&name.family),
            given: joined(&name.given),
            additional: joined(&name.additional),
            prefix: joined(&name.prefixes),
            suffix: joined(&name.suffixes),
            nicknames: set(contact.nicknames.iter()),
            organization: squash(&contact.organization),
            department: squash(&contact.departments.join("; ")),
            title: squash(&contact.title),
            role: squash(&contact.role),
            mails: set(contact.mails.iter().map(|mail| mail.address.to_lowercase())),
            phones: contact.phones.iter().map(phone).collect(),
            addresses: contact.addresses.iter().map(postal).collect(),
            birthday: day(contact.birthday),
            anniversary: day(contact.anniversary),
            note: squash(&contact.note),
            urls: set(contact.urls.iter().map(|link| &link.uri)),
            categories: set(contact.categories.iter()),
            photo: contact.photo.as_ref().map(picture).unwrap_or_default(),
            messengers: set(contact.messengers.iter().map(|messenger| &messenger.uri)),
            related: set(contact
                .related
                .iter()
                .map(|related| format!("{}|{}", related.kind, squash(&related.value)))),
            group: contact.kind == Kind::Group,
            members: set(contact.members.iter()),
        }
    }
}

/// The facts of the single card that a DAV server stores.
///
/// # Errors
/// When it cannot be read.
pub fn vcard_facts(octets: &[u8]) -> Result<ContactFacts, Unreadable> {
    let read = read(octets)?;
    Ok(read.contacts.first().map(ContactFacts::of).unwrap_or_default())
}

fn set<T: AsRef<str>>(texts: impl Iterator<Item = T>) -> BTreeSet<String> {
    texts.map(|text| squash(text.as_ref())).filter(|text| !text.is_empty()).collect()
}

fn day(day: Option<Day>) -> String {
    day.map(|day| day.to_string()).unwrap_or_default()
}

fn picture(picture: &Picture) -> String {
    match picture {
        Picture::Inline { octets, .. } => blake3::hash(octets).to_hex().to_string(),
        Picture::Link(uri) => uri.clone(),
    }
}

fn contexts(contexts: &BTreeSet<Context>) -> String {
    match contexts.iter().map(|context| context.vcard()).collect::<Vec<_>>().as_slice() {
        [] => "other".to_owned(),
        words => words.join("+"),
    }
}

fn phone(phone: &Phone) -> String {
    let number: String =
        phone.number.chars().filter(|sign| !" ()-./\u{a0}".contains(*sign)).collect();
    if phone.features.contains(&Feature::Mobile) {
        return format!("mobile|{number}");
    }
    let mut kind = contexts(&phone.contexts);
    for (feature, word, _) in Feature::ALL {
        let tells = !matches!(feature, Feature::Voice | Feature::Text | Feature::Video);
        if tells && phone.features.contains(&feature) {
            kind.push(' ');
            kind.push_str(word);
        }
    }
    format!("{kind}|{number}")
}

fn postal(postal: &Postal) -> String {
    let street = [&postal.post_box, &postal.extended, &postal.street];
    let street = street.map(String::as_str).join(" ");
    let parts = [&street, &postal.locality, &postal.region, &postal.code, &postal.country];
    let parts = parts.map(|part| squash(part)).join("|");
    // Graph knows no address for both; it is another one there.
    let kind =
        if postal.contexts.len() > 1 { "other".to_owned() } else { contexts(&postal.contexts) };
    format!("{kind}|{parts}")
}

#[cfg(test)]
mod tests;
