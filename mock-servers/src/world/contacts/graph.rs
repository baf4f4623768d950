//! A source contact as the Microsoft Graph v1.0 `contact` resource that a mailbox would hold, and
//! back (microsoftgraph/msgraph-metadata, `schemas/v1.0-Prod.csdl`: every property may be null).
//!
//! Graph has a fixed set of places, so that a contact with more than fits is refused with a stable
//! reason. What Graph merely has no property for is left out: labels, preferences, vendors'
//! properties. What the server makes up is left to it: `id`, `changeKey`, `parentFolderId`, the times
//! of creation and change.

mod back;
mod reasons;

use calamity_evidence::Lineage;
use serde_json::{Map, Value, json};

use super::super::error::Unwritable;
use super::{Context, Feature, Kind, Link, Phone, Postal, SourceContact};
use reasons::refused;

pub use back::from_graph;

/// The limits of a contact in Exchange (EWS: `EmailAddressKeyType`, `PhoneNumberKeyType`,
/// `ImAddressKeyType`).
const MAILS_MAX: usize = 3;
const PHONES_MAX: usize = 2;
const MESSENGERS_MAX: usize = 3;
/// The time of day of a birthday, as Exchange answers it.
const BIRTHDAY_TIME: &str = "T11:59:00Z";

/// The contact as a resource, its display name marked with the token.
///
/// # Errors
/// When Graph has no way to hold it.
pub fn graph(contact: &SourceContact, lineage: &Lineage) -> Result<Map<String, Value>, Unwritable> {
    refuse(contact)?;
    let mut body = Map::new();
    let mut put = |name: &str, value: Value| {
        body.insert(name.to_owned(), value);
    };
    let name = &contact.name;
    let joined = |texts: &[String]| text(&texts.join(" "));
    put("displayName", json!(lineage.mark(&contact.full_name)));
    put("fileAs", file_as(contact));
    put("givenName", joined(&name.given));
    put("middleName", joined(&name.additional));
    put("surname", joined(&name.family));
    put("title", joined(&name.prefixes));
    put("generation", joined(&name.suffixes));
    put("initials", Value::Null);
    put("nickName", json!(contact.nicknames.first()));
    for name in ["yomiGivenName", "yomiSurname", "yomiCompanyName", "officeLocation"] {
        put(name, Value::Null);
    }
    put("companyName", text(&contact.organization));
    put("department", text(&contact.departments.join("; ")));
    put("jobTitle", text(&contact.title));
    put("profession", text(&contact.role));
    let mails: Vec<Value> = contact
        .mails
        .iter()
        .map(|mail| json!({ "name": contact.full_name, "address": mail.address }))
        .collect();
    for (nth, name) in
        ["primaryEmailAddress", "secondaryEmailAddress", "tertiaryEmailAddress"].iter().enumerate()
    {
        put(name, mails.get(nth).cloned().unwrap_or_default());
    }
    put("emailAddresses", json!(mails));
    let phones = phones(contact)?;
    put("mobilePhone", json!(phones.mobile.first()));
    put("homePhones", json!(phones.home));
    put("businessPhones", json!(phones.business));
    for (name, places) in addresses(contact) {
        let [first] = places.as_slice() else {
            if !places.is_empty() {
                return Err(refused("ADR", reasons::ADDRESSES));
            }
            put(name, json!({}));
            continue;
        };
        put(name, address(first));
    }
    put("businessHomePage", json!(contact.urls.first().map(|link: &Link| &link.uri)));
    let ims: Vec<&String> = contact.messengers.iter().map(|messenger| &messenger.uri).collect();
    put("imAddresses", json!(ims));
    let birthday = contact.birthday.map(|day| format!("{day}{BIRTHDAY_TIME}"));
    put("birthday", json!(birthday));
    let named = |kind: &str| {
        let of_kind = contact.related.iter().filter(move |related| related.kind == kind);
        of_kind.map(|related| related.value.clone()).collect::<Vec<_>>()
    };
    put("spouseName", json!(named("spouse").first()));
    put("manager", json!(named("manager").first()));
    put("assistantName", json!(named("assistant").first()));
    put("children", json!(named("child")));
    put("personalNotes", json!(contact.note));
    put("categories", json!(contact.categories));
    Ok(body)
}

/// Refuses what there is no place for at all.
fn refuse(contact: &SourceContact) -> Result<(), Unwritable> {
    let wrong = [
        (!matches!(contact.kind, Kind::Individual | Kind::Organization), "KIND", reasons::KIND),
        (contact.mails.len() > MAILS_MAX, "EMAIL", reasons::MAILS),
        (contact.nicknames.len() > 1, "NICKNAME", reasons::NICKNAMES),
        (contact.urls.len() > 1, "URL", reasons::URLS),
        (contact.messengers.len() > MESSENGERS_MAX, "IMPP", reasons::MESSENGERS),
        (contact.photo.is_some(), "PHOTO", reasons::PHOTO),
        (contact.anniversary.is_some(), "ANNIVERSARY", reasons::ANNIVERSARY),
        (
            contact.birthday.is_some_and(|day| day.year().is_none()),
            "BDAY",
            reasons::BIRTHDAY_WITHOUT_YEAR,
        ),
        (!contact.members.is_empty(), "MEMBER", reasons::KIND),
    ];
    if let Some((_, property, reason)) = wrong.into_iter().find(|(wrong, ..)| *wrong) {
        return Err(refused(property, reason));
    }
    for related in &contact.related {
        let of_kind = contact.related.iter().filter(|other| other.kind == related.kind).count();
        match related.kind.as_str() {
            _ if related.is_uri() => return Err(refused("RELATED", reasons::RELATED_LINK)),
            "child" => {}
            "spouse" | "manager" | "assistant" if of_kind == 1 => {}
            _ => return Err(refused("RELATED", reasons::RELATED)),
        }
    }
    Ok(())
}

/// Null for an empty text.
fn text(text: &str) -> Value {
    if text.is_empty() { Value::Null } else { json!(text) }
}

/// Under which name Outlook would sort it.
fn file_as(contact: &SourceContact) -> Value {
    let [family, given] = [&contact.name.family, &contact.name.given].map(|part| part.join(" "));
    match (family.is_empty(), given.is_empty()) {
        (false, false) => json!(format!("{family}, {given}")),
        (false, true) => json!(family),
        (true, false) => json!(given),
        (true, true) => text(&contact.full_name),
    }
}

/// Numbers by their place.
#[derive(Debug, Default)]
struct Phones<'a> {
    mobile: Vec<&'a str>,
    home: Vec<&'a str>,
    business: Vec<&'a str>,
}

fn phones(contact: &SourceContact) -> Result<Phones<'_>, Unwritable> {
    let mut phones = Phones::default();
    for phone in &contact.phones {
        let (places, max) = if phone.features.contains(&Feature::Mobile) {
            (&mut phones.mobile, 1)
        } else {
            match context(phone)? {
                Context::Home => (&mut phones.home, PHONES_MAX),
                Context::Work => (&mut phones.business, PHONES_MAX),
            }
        };
        if places.len() >= max {
            return Err(refused("TEL", reasons::PHONES));
        }
        places.push(&phone.number);
    }
    Ok(phones)
}

fn context(phone: &Phone) -> Result<Context, Unwritable> {
    let other = [Feature::Fax, Feature::Pager, Feature::TextPhone, Feature::Main];
    if other.iter().any(|feature| phone.features.contains(feature)) {
        return Err(refused("TEL", reasons::PHONE_KIND));
    }
    match phone.contexts.iter().collect::<Vec<_>>().as_slice() {
        [one] => Ok(**one),
        _ => Err(refused("TEL", reasons::PHONE_CONTEXT)),
    }
}

/// Addresses by their place.
fn addresses(contact: &SourceContact) -> [(&'static str, Vec<&Postal>); 3] {
    let of = |wanted: Option<Context>| {
        let is = move |postal: &&Postal| {
            let mut contexts = postal.contexts.iter().copied();
            let only = (contexts.next(), contexts.next());
            let one = if let (one, None) = only { one } else { None };
            one == wanted
        };
        contact.addresses.iter().filter(is).collect::<Vec<_>>()
    };
    [
        ("homeAddress", of(Some(Context::Home))),
        ("businessAddress", of(Some(Context::Work))),
        ("otherAddress", of(None)),
    ]
}

/// A `physicalAddress`. Box and apartment are lines of the street.
fn address(postal: &Postal) -> Value {
    let lines = [&postal.post_box, &postal.extended, &postal.street];
    let lines: Vec<&str> =
        lines.into_iter().map(String::as_str).filter(|line| !line.is_empty()).collect();
    let mut address = Map::new();
    let parts = [
        ("street", lines.join("\r\n")),
        ("city", postal.locality.clone()),
        ("state", postal.region.clone()),
        ("postalCode", postal.code.clone()),
        ("countryOrRegion", postal.country.clone()),
    ];
    for (name, part) in parts {
        if !part.is_empty() {
            address.insert(name.to_owned(), json!(part));
        }
    }
    Value::Object(address)
}

#[cfg(test)]
mod tests;
