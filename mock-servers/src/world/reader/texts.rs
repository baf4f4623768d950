//! What an event is about: texts, places, links, marks.

use std::collections::BTreeSet;

use super::{
    super::{
        Attachment, Class, Conference, Extra, Geo, Relation, SourceEvent, Status,
        properties::{Fault, Property},
    },
    component::Component,
    times::shorten,
    values::parse_instant,
};

/// Properties without a field that are kept; the rest is dropped.
const EXTRA_MAX: usize = 1_000;

/// Properties that other parts of the reader take, or that say nothing once an event is read.
const TAKEN: &[&str] = &[
    "UID",
    "DTSTART",
    "DTEND",
    "DURATION",
    "RRULE",
    "RDATE",
    "EXDATE",
    "RECURRENCE-ID",
    "ATTENDEE",
    "ORGANIZER",
    "TZID",
];

/// Fills in everything that is neither time nor people.
pub(super) fn texts(component: &Component, event: &mut SourceEvent, faults: &mut Vec<Fault>) {
    for property in &component.properties {
        let taken = TAKEN.contains(&property.name.as_str());
        if !taken
            && !text(property, event)
            && !mark(property, event, faults)
            && !link(property, event)
        {
            keep(property, event);
        }
    }
    place_of_apple(component, event);
    let language = |name: &str| component.property(name)?.param("LANGUAGE").map(str::to_owned);
    event.language = language("SUMMARY").or_else(|| language("DESCRIPTION"));
    let instant =
        |name: &str| component.property(name).and_then(|found| parse_instant(&found.value));
    event.created = instant("CREATED");
    event.modified = instant("LAST-MODIFIED").or_else(|| instant("DTSTAMP"));
}

/// Texts; of several of one kind the first counts. True if the property was one.
fn text(property: &Property, event: &mut SourceEvent) -> bool {
    let html = |property: &Property| {
        let of_html = property.param("FMTTYPE").is_some_and(|kind| kind.starts_with("text/html"));
        of_html && !property.is("DERIVED", "TRUE")
    };
    match property.name.as_str() {
        "SUMMARY" if event.title.is_empty() => event.title = property.text(),
        "DESCRIPTION" if event.description.is_empty() => event.description = property.text(),
        "STYLED-DESCRIPTION" | "X-ALT-DESC" if event.html.is_none() && html(property) => {
            event.html = Some(property.text());
        }
        "LOCATION" if event.location.is_empty() => event.location = property.text(),
        "CATEGORIES" => {
            let texts = property.texts().into_iter().map(|text| text.trim().to_owned());
            event.categories.extend(texts.filter(|text| !text.is_empty()));
        }
        "CONCEPT" => {
            event.concepts.insert(property.value.trim().to_owned());
        }
        "COLOR" => event.color = Some(property.value.trim().to_owned()),
        "URL" if event.url.is_none() && !property.value.trim().is_empty() => {
            event.url = Some(property.value.trim().to_owned());
        }
        _ => return false,
    }
    true
}

/// Marks: short values of a fixed set. True if the property was one.
fn mark(property: &Property, event: &mut SourceEvent, faults: &mut Vec<Fault>) -> bool {
    let value = property.value.trim().to_ascii_uppercase();
    let fault = |what: &str| property.fault(format!("`{}` {what}", shorten(&value)));
    match property.name.as_str() {
        // RFC 5545: what is not known counts as private.
        "CLASS" => {
            event.class = match value.as_str() {
                "PUBLIC" => Class::Public,
                "CONFIDENTIAL" => Class::Confidential,
                _ => Class::Private,
            };
        }
        "TRANSP" => event.transparent = value == "TRANSPARENT",
        "STATUS" => match value.as_str() {
            "TENTATIVE" => event.status = Some(Status::Tentative),
            "CONFIRMED" => event.status = Some(Status::Confirmed),
            "CANCELLED" => event.status = Some(Status::Cancelled),
            _ => faults.push(fault("is no status of an event")),
        },
        "PRIORITY" => match value.parse().ok().filter(|priority| *priority <= 9) {
            Some(priority) => event.priority = priority,
            None => faults.push(fault("is no priority from 0 to 9")),
        },
        "SEQUENCE" => match value.parse().ok().filter(|number| *number <= u64::from(u32::MAX)) {
            Some(sequence) => event.sequence = sequence,
            None => faults.push(fault("is no sequence number")),
        },
        "GEO" => match geo(&value, ';') {
            Some(geo) => event.geo = Some(geo),
            None => faults.push(fault("is no place on the globe")),
        },
        "CREATED" | "LAST-MODIFIED" | "DTSTAMP" => {
            if parse_instant(&value).is_none() {
                faults.push(fault("is no instant"));
            }
        }
        _ => return false,
    }
    true
}

/// Links to something outside. True if the property was one.
fn link(property: &Property, event: &mut SourceEvent) -> bool {
    let value = property.value.trim();
    let is_web = value.starts_with("https://") || value.starts_with("http://");
    match property.name.as_str() {
        "ATTACH" | "IMAGE" if !value.is_empty() => event.attachments.push(attachment(property)),
        "CONFERENCE" if !value.is_empty() => event.conferences.push(Conference {
            uri: value.to_owned(),
            label: property.param("LABEL").map(str::to_owned),
            features: lower(property.values("FEATURE")),
        }),
        "X-GOOGLE-CONFERENCE" | "X-MICROSOFT-SKYPETEAMSMEETINGURL" if is_web => {
            event.conferences.push(Conference {
                uri: value.to_owned(),
                label: None,
                features: BTreeSet::new(),
            });
        }
        "RELATED-TO" if !value.is_empty() => {
            let kind = property.param("RELTYPE").unwrap_or("PARENT").to_ascii_lowercase();
            event.relations.push(Relation { uid: property.text(), kind });
        }
        _ => return false,
    }
    true
}

fn attachment(property: &Property) -> Attachment {
    let content_type = property.param("FMTTYPE").map(str::to_owned);
    let inline = property.is("VALUE", "BINARY") || property.is("ENCODING", "BASE64");
    let value = property.value.trim();
    let uri = if inline {
        let kind = content_type.as_deref().unwrap_or("application/octet-stream");
        format!("data:{kind};base64,{value}")
    } else {
        value.to_owned()
    };
    let title = ["FILENAME", "X-FILENAME", "LABEL"].iter().find_map(|name| property.param(name));
    let display = property.param("DISPLAY").unwrap_or("BADGE").to_ascii_lowercase();
    Attachment {
        uri,
        content_type,
        size: property.param("SIZE").and_then(|size| size.parse().ok()),
        title: title.map(str::to_owned),
        display: (property.name == "IMAGE").then_some(display),
    }
}

fn lower(values: &[String]) -> BTreeSet<String> {
    values.iter().map(|value| value.trim().to_ascii_lowercase()).collect()
}

/// Degrees north and east.
fn geo(text: &str, separator: char) -> Option<Geo> {
    let (north, east) = text.split_once(separator)?;
    let (latitude, longitude) = (north.trim().parse().ok()?, east.trim().parse().ok()?);
    let on_globe = (-90.0..=90.0).contains(&latitude) && (-180.0..=180.0).contains(&longitude);
    on_globe.then_some(Geo { latitude, longitude })
}

/// Apple states the place as a `geo:` URI in a property of its own.
fn place_of_apple(component: &Component, event: &mut SourceEvent) {
    if event.geo.is_some() {
        return;
    }
    event.geo = component
        .property("X-APPLE-STRUCTURED-LOCATION")
        .and_then(|property| property.value.trim().strip_prefix("geo:"))
        .and_then(|place| geo(place.split([';', '?']).next()?, ','));
}

fn keep(property: &Property, event: &mut SourceEvent) {
    if event.extra.len() < EXTRA_MAX {
        event.extra.push(extra(property));
    }
}

/// A property as it stood in the file.
pub(super) fn extra(property: &Property) -> Extra {
    Extra {
        name: property.name.clone(),
        params: property.params.clone(),
        value: property.value.clone(),
    }
}
