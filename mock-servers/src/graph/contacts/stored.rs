//! What a request body makes of a contact.
//!
//! A contact has at most three mail addresses; the list and the three properties that hold one each
//! say the same. Names that were not given are made of those that were, as Outlook does.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Map, Value, json};

use crate::graph::extensions;
use crate::graph::failure::Failure;
use crate::graph::stored::{is_extended, merge_extended};

/// Properties that are never null.
pub(super) const COLLECTIONS: [&str; 6] =
    ["businessPhones", "categories", "children", "emailAddresses", "homePhones", "imAddresses"];
const ADDRESSES: [&str; 3] = ["homeAddress", "businessAddress", "otherAddress"];
/// The places of the mail addresses, in the order of the list.
const MAILS: [&str; 3] = ["primaryEmailAddress", "secondaryEmailAddress", "tertiaryEmailAddress"];

/// The value of a property that nobody gave.
pub(super) fn default_of(name: &str) -> Value {
    if COLLECTIONS.contains(&name) {
        json!([])
    } else if ADDRESSES.contains(&name) {
        json!({})
    } else {
        Value::Null
    }
}

/// A body that fits the metadata as a new contact.
pub(in crate::graph) fn create(given: &Map<String, Value>) -> Result<Map<String, Value>, Failure> {
    let mut body = change(&Map::new(), given)?;
    let text = |name: &str| {
        let text = body.get(name).and_then(Value::as_str).unwrap_or_default().trim();
        (!text.is_empty()).then(|| text.to_owned())
    };
    let (first, last) = (text("givenName"), text("surname"));
    let joined = |parts: [&Option<String>; 2], joint: &str| {
        let parts: Vec<&str> = parts.into_iter().flatten().map(String::as_str).collect();
        (!parts.is_empty()).then(|| parts.join(joint))
    };
    let display = text("displayName")
        .or_else(|| joined([&first, &last], " "))
        .or_else(|| text("companyName"));
    let file_as = text("fileAs").or_else(|| joined([&last, &first], ", ")).or(display.clone());
    body.insert("displayName".to_owned(), json!(display));
    body.insert("fileAs".to_owned(), json!(file_as));
    Ok(body)
}

/// The properties after a PATCH: those that are named are replaced whole, null resets one.
pub(super) fn change(
    before: &Map<String, Value>,
    given: &Map<String, Value>,
) -> Result<Map<String, Value>, Failure> {
    let mut body = before.clone();
    for (name, value) in given {
        let value = match name.as_str() {
            name if is_extended(name) => merge_extended(name, before.get(name), value)?,
            extensions::PROPERTY => extensions::merge(before.get(name), value)?,
            "emailAddresses" => mails(value)?,
            "birthday" => birthday(value),
            mail if MAILS.contains(&mail) => mail_of(value),
            name if value.is_null() => default_of(name),
            _ => value.clone(),
        };
        body.insert(name.clone(), value);
    }
    align_mails(&mut body, given);
    Ok(body)
}

/// At most three: Exchange has three places (EWS, `EmailAddressKeyType`).
fn mails(given: &Value) -> Result<Value, Failure> {
    let list = given.as_array().map(Vec::as_slice).unwrap_or_default();
    if list.len() > MAILS.len() {
        return Err(Failure::of("ErrorPropertyValidationFailure")
            .saying("A contact has at most three mail addresses."));
    }
    Ok(list.iter().map(mail_of).collect())
}

fn mail_of(given: &Value) -> Value {
    let text = |name: &str| given.get(name).and_then(Value::as_str).filter(|it| !it.is_empty());
    match (text("address"), text("name")) {
        (None, None) => Value::Null,
        (address, name) => json!({ "name": name.or(address), "address": address }),
    }
}

fn align_mails(body: &mut Map<String, Value>, given: &Map<String, Value>) {
    if given.contains_key("emailAddresses") {
        let list = body.get("emailAddresses").and_then(Value::as_array).cloned();
        let mut list = list.unwrap_or_default().into_iter();
        for place in MAILS {
            body.insert(place.to_owned(), list.next().unwrap_or_default());
        }
    } else if MAILS.iter().any(|place| given.contains_key(*place)) {
        let list = MAILS.iter().filter_map(|place| body.get(*place));
        let list: Value = list.filter(|mail| !mail.is_null()).cloned().collect();
        body.insert("emailAddresses".to_owned(), list);
    }
}

/// A day; Exchange answers it at 11:59 UTC, so that it is the same day in most zones.
fn birthday(given: &Value) -> Value {
    let day = given.as_str().and_then(|text| {
        let instant = text.parse::<Timestamp>().ok();
        let local = || text.parse::<jiff::civil::DateTime>().ok().map(jiff::civil::DateTime::date);
        instant.map(|it| it.to_zoned(TimeZone::UTC).date()).or_else(local)
    });
    day.map_or(Value::Null, |day| json!(format!("{day}T11:59:00Z")))
}
