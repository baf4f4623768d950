//! A stored resource as a source contact. Whatever a client stored is read as far as it makes sense;
//! nothing is refused.

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Map, Value};

use super::super::{
    Context, Day, Feature, Kind, Link, Mail, Messenger, Name, Phone, Postal, Related, SourceContact,
};

/// The contact that a resource says; its full name still holds the token. It has the UID that the
/// caller knows, because Graph contacts have none.
#[must_use]
pub fn from_graph(body: &Map<String, Value>, uid: &str) -> SourceContact {
    let get = |name: &str| body.get(name).and_then(Value::as_str).unwrap_or_default();
    let one = |name: &str| -> Vec<String> {
        let text = get(name);
        if text.is_empty() { Vec::new() } else { vec![text.to_owned()] }
    };
    let all = |name: &str| -> Vec<String> {
        let texts = body.get(name).and_then(Value::as_array).into_iter().flatten();
        texts.filter_map(Value::as_str).map(str::to_owned).collect()
    };
    let related = |name: &str, kind: &str| {
        let values = if name == "children" { all(name) } else { one(name) };
        let kind = kind.to_owned();
        values.into_iter().map(move |value| Related { value, kind: kind.clone() })
    };
    let mails = body.get("emailAddresses").and_then(Value::as_array).into_iter().flatten();
    let mails = mails.filter_map(|mail| mail["address"].as_str());
    SourceContact {
        uid: uid.to_owned(),
        kind: Kind::Individual,
        full_name: get("displayName").to_owned(),
        name: Name {
            family: one("surname"),
            given: one("givenName"),
            additional: one("middleName"),
            prefixes: one("title"),
            suffixes: one("generation"),
        },
        nicknames: one("nickName"),
        organization: get("companyName").to_owned(),
        departments: one("department"),
        title: get("jobTitle").to_owned(),
        role: get("profession").to_owned(),
        mails: mails
            .map(|address| Mail { address: address.to_owned(), ..Mail::default() })
            .collect(),
        phones: phones(one("mobilePhone"), None, Some(Feature::Mobile))
            .chain(phones(all("homePhones"), Some(Context::Home), None))
            .chain(phones(all("businessPhones"), Some(Context::Work), None))
            .collect(),
        addresses: [
            ("homeAddress", Some(Context::Home)),
            ("businessAddress", Some(Context::Work)),
            ("otherAddress", None),
        ]
        .into_iter()
        .filter_map(|(name, context)| postal(body.get(name)?, context))
        .collect(),
        birthday: birthday(get("birthday")),
        note: get("personalNotes").to_owned(),
        urls: one("businessHomePage")
            .into_iter()
            .map(|uri| Link { uri, ..Link::default() })
            .collect(),
        categories: all("categories").into_iter().collect(),
        messengers: all("imAddresses")
            .into_iter()
            .map(|uri| Messenger { uri, service: None })
            .collect(),
        related: related("spouseName", "spouse")
            .chain(related("manager", "manager"))
            .chain(related("assistantName", "assistant"))
            .chain(related("children", "child"))
            .collect(),
        ..SourceContact::default()
    }
}

fn phones(
    numbers: Vec<String>,
    context: Option<Context>,
    feature: Option<Feature>,
) -> impl Iterator<Item = Phone> {
    numbers.into_iter().map(move |number| Phone {
        number,
        contexts: context.into_iter().collect(),
        features: feature.into_iter().collect(),
        ..Phone::default()
    })
}

fn postal(address: &Value, context: Option<Context>) -> Option<Postal> {
    let part = |name: &str| address[name].as_str().unwrap_or_default().to_owned();
    let contexts: BTreeSet<Context> = context.into_iter().collect();
    let postal = Postal {
        street: part("street"),
        locality: part("city"),
        region: part("state"),
        code: part("postalCode"),
        country: part("countryOrRegion"),
        contexts,
        ..Postal::default()
    };
    (!postal.is_empty()).then_some(postal)
}

/// The day in UTC.
fn birthday(at: &str) -> Option<Day> {
    let at: Timestamp = at.parse().ok()?;
    let date = at.to_zoned(TimeZone::UTC).date();
    Day::new(Some(date.year()), date.month(), date.day())
}
