//! The objects inside a card (RFC 9553, section 2).

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};

use super::super::{
    Context, Day, ExtraProperty, Feature, Link, Mail, Messenger, Phone, Picture, Postal,
    SourceContact,
};
use super::{OWN_PREFIX, numbered};

/// Relations that the registry knows (RFC 9553, section 2.1.8, after RFC 6350, section 6.6.6).
const RELATIONS: [&str; 20] = [
    "acquaintance",
    "agent",
    "child",
    "co-resident",
    "co-worker",
    "colleague",
    "contact",
    "crush",
    "date",
    "emergency",
    "friend",
    "kin",
    "me",
    "met",
    "muse",
    "neighbor",
    "parent",
    "sibling",
    "spouse",
    "sweetheart",
];

/// `name` without `full` (section 2.2.1).
pub(super) fn name(contact: &SourceContact) -> Map<String, Value> {
    let name = &contact.name;
    let kinds = [
        ("title", &name.prefixes),
        ("given", &name.given),
        ("given2", &name.additional),
        ("surname", &name.family),
        ("credential", &name.suffixes),
    ];
    let components: Vec<Value> = kinds
        .into_iter()
        .flat_map(|(kind, texts)| {
            texts.iter().map(move |text| json!({ "kind": kind, "value": text }))
        })
        .collect();
    let mut object = Map::new();
    if !components.is_empty() {
        object.insert("components".to_owned(), json!(components));
        object.insert("isOrdered".to_owned(), json!(false));
    }
    object
}

/// `organizations` (section 2.2.3).
pub(super) fn organizations(contact: &SourceContact) -> Map<String, Value> {
    let mut object = Map::new();
    if !contact.organization.is_empty() {
        object.insert("name".to_owned(), json!(contact.organization));
    }
    if !contact.departments.is_empty() {
        let units = contact.departments.iter().map(|unit| json!({ "name": unit }));
        object.insert("units".to_owned(), units.collect());
    }
    if object.is_empty() {
        return object;
    }
    numbered("o", std::iter::once(Value::Object(object)))
}

/// `titles` (section 2.2.5).
pub(super) fn titles(contact: &SourceContact) -> Map<String, Value> {
    let titles = [("title", &contact.title), ("role", &contact.role)];
    let given = titles.into_iter().filter(|(_, name)| !name.is_empty());
    numbered("t", given.map(|(kind, name)| json!({ "kind": kind, "name": name })))
}

/// Adds `contexts`, `pref` and `label` where they are given (section 1.5).
fn tagged(
    mut object: Value,
    contexts: &BTreeSet<Context>,
    preferred: bool,
    label: Option<&String>,
) -> Value {
    if !contexts.is_empty() {
        let words = contexts.iter().map(|context| (context.jscontact().to_owned(), json!(true)));
        object["contexts"] = Value::Object(words.collect());
    }
    if preferred {
        object["pref"] = json!(1);
    }
    if let Some(label) = label {
        object["label"] = json!(label);
    }
    object
}

/// An `EmailAddress` (section 2.3.1).
pub(super) fn mail(mail: &Mail) -> Value {
    let object = json!({ "address": mail.address });
    tagged(object, &mail.contexts, mail.preferred, mail.label.as_ref())
}

/// A `Phone` (section 2.3.3).
pub(super) fn phone(phone: &Phone) -> Value {
    let mut object = json!({ "number": phone.number });
    let features = Feature::ALL.iter().filter(|(one, ..)| phone.features.contains(one));
    let features: Map<String, Value> =
        features.map(|(_, _, word)| ((*word).to_owned(), json!(true))).collect();
    if !features.is_empty() {
        object["features"] = Value::Object(features);
    }
    tagged(object, &phone.contexts, phone.preferred, phone.label.as_ref())
}

/// An `Address` (section 2.5.1).
pub(super) fn postal(postal: &Postal) -> Value {
    let kinds = ["postOfficeBox", "apartment", "name", "locality", "region", "postcode", "country"];
    let parts = kinds.into_iter().zip(postal.parts()).filter(|(_, text)| !text.is_empty());
    let components: Vec<Value> =
        parts.map(|(kind, text)| json!({ "kind": kind, "value": text })).collect();
    let object = json!({ "components": components, "isOrdered": false });
    tagged(object, &postal.contexts, postal.preferred, postal.label.as_ref())
}

/// `anniversaries` (section 2.8.1).
pub(super) fn anniversaries(contact: &SourceContact) -> Map<String, Value> {
    let days = [("birth", contact.birthday), ("wedding", contact.anniversary)];
    let days = days.into_iter().filter_map(|(kind, day)| Some((kind, day?)));
    numbered("d", days.map(|(kind, day)| json!({ "kind": kind, "date": date(day) })))
}

/// A `PartialDate`.
fn date(day: Day) -> Value {
    let mut date = json!({ "@type": "PartialDate", "month": day.month(), "day": day.day() });
    if let Some(year) = day.year() {
        date["year"] = json!(year);
    }
    date
}

/// A `Link` (section 2.6.3).
pub(super) fn link(link: &Link) -> Value {
    tagged(json!({ "uri": link.uri }), &link.contexts, false, link.label.as_ref())
}

/// A `Media` object (section 2.6.4).
pub(super) fn photo(photo: &Picture) -> Value {
    match photo {
        Picture::Link(uri) => json!({ "kind": "photo", "uri": uri }),
        Picture::Inline { media_type, octets } => {
            let uri = format!("data:{media_type};base64,{}", STANDARD.encode(octets));
            json!({ "kind": "photo", "uri": uri, "mediaType": media_type })
        }
    }
}

/// An `OnlineService` (section 2.3.2).
pub(super) fn messenger(messenger: &Messenger) -> Value {
    let mut object = json!({ "uri": messenger.uri, "vCardName": "impp" });
    if let Some(service) = &messenger.service {
        object["service"] = json!(service);
    }
    object
}

/// `relatedTo` (section 2.1.8). Two relations to one person join.
pub(super) fn related(contact: &SourceContact) -> Map<String, Value> {
    let mut people = Map::new();
    for related in &contact.related {
        let person =
            people.entry(related.value.clone()).or_insert_with(|| json!({ "relation": {} }));
        if !related.kind.is_empty() {
            let known = RELATIONS.contains(&related.kind.as_str());
            let prefix = if known { "" } else { OWN_PREFIX };
            person["relation"][format!("{prefix}{}", related.kind)] = json!(true);
        }
    }
    people
}

/// A property as jCard has it (RFC 7095, section 3.3).
pub(super) fn extra(extra: &ExtraProperty) -> Value {
    let mut params = Map::new();
    if let Some(group) = &extra.group {
        params.insert("group".to_owned(), json!(group));
    }
    for (name, values) in &extra.params {
        let value = match values.as_slice() {
            [only] => json!(only),
            values => json!(values),
        };
        params.insert(name.to_ascii_lowercase(), value);
    }
    json!([extra.name.to_ascii_lowercase(), params, "unknown", extra.value])
}
