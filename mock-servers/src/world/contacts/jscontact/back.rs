//! A stored card as a source contact. Whatever a client stored is read as far as it makes sense;
//! nothing is refused.

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Map, Value};

use super::super::read::decode;
use super::super::{
    Context, Day, ExtraProperty, Feature, Kind, Link, Mail, Messenger, Name, Phone, Picture,
    Postal, Related, SourceContact,
};
use super::OWN_PREFIX;
use crate::facts::squash;

/// The contact that a card says; its full name still holds the token.
#[must_use]
pub fn from_jscontact(card: &Map<String, Value>) -> SourceContact {
    let objects =
        |name: &str| card.get(name).and_then(Value::as_object).into_iter().flat_map(Map::values);
    let keys = |name: &str| {
        card.get(name).and_then(Value::as_object).into_iter().flat_map(Map::keys).cloned()
    };
    let titled = |kind: &str| {
        let is = |title: &&Value| title["kind"].as_str().unwrap_or("title") == kind;
        objects("titles").find(is).map(|title| text(&title["name"])).unwrap_or_default()
    };
    let organization = objects("organizations").next();
    let units = organization.and_then(|one| one["units"].as_array()).into_iter().flatten();
    let (name, full) = card.get("name").map(names).unwrap_or_default();
    SourceContact {
        uid: card.get("uid").map(text).unwrap_or_default(),
        line: 0,
        kind: card.get("kind").and_then(Value::as_str).and_then(Kind::named).unwrap_or_default(),
        full_name: full,
        name,
        nicknames: objects("nicknames").map(|nick| text(&nick["name"])).collect(),
        organization: organization.map(|one| text(&one["name"])).unwrap_or_default(),
        departments: units.map(|unit| text(&unit["name"])).collect(),
        title: titled("title"),
        role: titled("role"),
        mails: objects("emails").map(mail).collect(),
        phones: objects("phones").map(phone).collect(),
        addresses: objects("addresses").map(postal).collect(),
        birthday: objects("anniversaries").find_map(|one| day(one, "birth")),
        anniversary: objects("anniversaries").find_map(|one| day(one, "wedding")),
        note: objects("notes").map(|note| text(&note["note"])).collect::<Vec<_>>().join("\n"),
        urls: objects("links").map(link).collect(),
        categories: keys("keywords").collect(),
        photo: objects("media").find(|media| media["kind"] == "photo").and_then(photo),
        messengers: objects("onlineServices").filter_map(messenger).collect(),
        related: related(card),
        members: keys("members").collect(),
        revised: card.get("updated").and_then(Value::as_str).and_then(|at| at.parse().ok()),
        extra: card
            .get("vCardProps")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(extra)
            .collect(),
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// The parts of a name, and the full one; where that is missing, made of the parts.
fn names(name: &Value) -> (Name, String) {
    let mut parts = Name::default();
    let mut all = Vec::new();
    for component in name["components"].as_array().into_iter().flatten() {
        let value = text(&component["value"]);
        let part = match component["kind"].as_str().unwrap_or_default() {
            "title" => &mut parts.prefixes,
            "given" => &mut parts.given,
            "given2" => &mut parts.additional,
            "surname" | "surname2" => &mut parts.family,
            "credential" | "generation" => &mut parts.suffixes,
            _ => continue,
        };
        part.push(value.clone());
        all.push(value);
    }
    let full = name["full"].as_str().map_or_else(|| squash(&all.join(" ")), str::to_owned);
    (parts, full)
}

fn contexts(object: &Value) -> BTreeSet<Context> {
    let said = |context: &Context| object["contexts"][context.jscontact()] == true;
    Context::ALL.into_iter().filter(said).collect()
}

fn label(object: &Value) -> Option<String> {
    object["label"].as_str().map(str::to_owned)
}

fn mail(object: &Value) -> Mail {
    Mail {
        address: text(&object["address"]),
        contexts: contexts(object),
        preferred: object["pref"] == 1,
        label: label(object),
    }
}

fn phone(object: &Value) -> Phone {
    let number = object["number"].as_str().unwrap_or_default();
    let said = |word: &str| object["features"][word] == true;
    Phone {
        number: number.strip_prefix("tel:").unwrap_or(number).to_owned(),
        contexts: contexts(object),
        features: Feature::ALL.iter().filter(|one| said(one.2)).map(|one| one.0).collect(),
        preferred: object["pref"] == 1,
        label: label(object),
    }
}

fn postal(object: &Value) -> Postal {
    let mut postal = Postal {
        contexts: contexts(object),
        preferred: object["pref"] == 1,
        label: label(object),
        ..Postal::default()
    };
    for component in object["components"].as_array().into_iter().flatten() {
        let part = match component["kind"].as_str().unwrap_or_default() {
            "postOfficeBox" => &mut postal.post_box,
            "apartment" | "room" | "floor" | "building" => &mut postal.extended,
            "locality" => &mut postal.locality,
            "region" => &mut postal.region,
            "postcode" => &mut postal.code,
            "country" => &mut postal.country,
            "separator" => continue,
            _ => &mut postal.street,
        };
        if !part.is_empty() {
            part.push(' ');
        }
        part.push_str(component["value"].as_str().unwrap_or_default());
    }
    if postal.is_empty() {
        postal.street = text(&object["full"]);
    }
    postal
}

fn day(object: &Value, kind: &str) -> Option<Day> {
    if object["kind"] != kind {
        return None;
    }
    let date = &object["date"];
    if let Some(at) = date["utc"].as_str().and_then(|at| at.parse::<Timestamp>().ok()) {
        let date = at.to_zoned(TimeZone::UTC).date();
        return Day::new(Some(date.year()), date.month(), date.day());
    }
    let number = |name: &str| date[name].as_i64();
    let small = |name: &str| number(name).and_then(|number| i8::try_from(number).ok());
    let year = number("year").map(i16::try_from).transpose().ok()?;
    Day::new(year, small("month")?, small("day")?)
}

fn link(object: &Value) -> Link {
    Link { uri: text(&object["uri"]), contexts: contexts(object), label: label(object) }
}

fn photo(object: &Value) -> Option<Picture> {
    let uri = object["uri"].as_str()?;
    let inline = uri.strip_prefix("data:").and_then(|rest| rest.split_once(";base64,"));
    let octets = inline.and_then(|(_, data)| decode(data));
    Some(match (inline, octets) {
        (Some((media_type, _)), Some(octets)) => {
            Picture::Inline { media_type: media_type.to_owned(), octets }
        }
        _ => Picture::Link(uri.to_owned()),
    })
}

fn messenger(object: &Value) -> Option<Messenger> {
    let uri = object["uri"].as_str().or_else(|| object["user"].as_str())?;
    let service = object["service"].as_str().map(str::to_owned);
    Some(Messenger { uri: uri.to_owned(), service })
}

fn related(card: &Map<String, Value>) -> Vec<Related> {
    let people = card.get("relatedTo").and_then(Value::as_object);
    let mut all = Vec::new();
    for (value, person) in people.into_iter().flatten() {
        let kinds: Vec<&String> =
            person["relation"].as_object().into_iter().flat_map(Map::keys).collect();
        let plain = |kind: &str| kind.strip_prefix(OWN_PREFIX).unwrap_or(kind).to_owned();
        if kinds.is_empty() {
            all.push(Related { value: value.clone(), kind: String::new() });
        }
        for kind in kinds {
            all.push(Related { value: value.clone(), kind: plain(kind) });
        }
    }
    all
}

fn extra(property: &Value) -> Option<ExtraProperty> {
    let [name, params, _, value] = property.as_array()?.as_slice() else { return None };
    let mut extra = ExtraProperty {
        group: None,
        name: name.as_str()?.to_ascii_uppercase(),
        params: Vec::new(),
        value: value.as_str()?.to_owned(),
    };
    for (name, values) in params.as_object()? {
        let texts = |values: &[Value]| values.iter().map(text).collect::<Vec<_>>();
        let values = match values {
            Value::Array(values) => texts(values),
            one => texts(std::slice::from_ref(one)),
        };
        if name == "group" {
            extra.group = values.into_iter().next();
        } else {
            extra.params.push((name.to_ascii_uppercase(), values));
        }
    }
    Some(extra)
}
