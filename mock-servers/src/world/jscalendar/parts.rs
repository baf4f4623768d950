//! Members of an event that are objects of objects: places, links, relations, alerts, and what the
//! draft has no member for.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::{
    super::{Alarm, AlarmAction, Attachment, Conference, Extra, SourceEvent, Trigger},
    instant, set,
};

/// Octets of an `Id` (jscalendarbis-15).
const ID_OCTETS_MAX: usize = 255;

/// An object; none if it is empty.
fn some(map: Map<String, Value>) -> Option<Value> {
    (!map.is_empty()).then_some(Value::Object(map))
}

/// Objects under the keys `1`, `2`, ...; none if there are none.
fn numbered(values: impl Iterator<Item = Value>) -> Option<Value> {
    some(values.zip(1_u32..).map(|(value, nth)| (nth.to_string(), value)).collect())
}

/// LOCATION and GEO are one place.
pub(super) fn locations(event: &SourceEvent) -> Option<Value> {
    if event.location.is_empty() && event.geo.is_none() {
        return None;
    }
    let mut place = Map::new();
    place.insert("@type".to_owned(), json!("Location"));
    if !event.location.is_empty() {
        place.insert("name".to_owned(), json!(event.location));
    }
    if let Some(geo) = event.geo {
        let uri = format!("geo:{},{}", geo.latitude, geo.longitude);
        place.insert("coordinates".to_owned(), json!(uri));
    }
    Some(json!({ "1": place }))
}

pub(super) fn virtual_locations(event: &SourceEvent) -> Option<Value> {
    numbered(event.conferences.iter().map(virtual_location))
}

fn virtual_location(conference: &Conference) -> Value {
    let mut place = Map::new();
    place.insert("@type".to_owned(), json!("VirtualLocation"));
    place.insert("uri".to_owned(), json!(conference.uri));
    if let Some(label) = &conference.label {
        place.insert("name".to_owned(), json!(label));
    }
    if let Some(features) = set(&conference.features) {
        place.insert("features".to_owned(), features);
    }
    Value::Object(place)
}

/// URL, attachments and images.
pub(super) fn links(event: &SourceEvent) -> Option<Value> {
    let url = event.url.as_ref();
    let url = url.map(|url| json!({ "@type": "Link", "href": url, "rel": "describedby" }));
    numbered(url.into_iter().chain(event.attachments.iter().map(link)))
}

fn link(attachment: &Attachment) -> Value {
    let mut link = Map::new();
    let mut put = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            link.insert(name.to_owned(), value);
        }
    };
    put("@type", Some(json!("Link")));
    put("href", Some(json!(attachment.uri)));
    put("rel", Some(json!(if attachment.display.is_some() { "icon" } else { "enclosure" })));
    put("contentType", attachment.content_type.as_ref().map(|kind| json!(kind)));
    put("size", attachment.size.map(|size| json!(size)));
    put("title", attachment.title.as_ref().map(|title| json!(title)));
    put("display", attachment.display.as_ref().map(|display| json!({ display: true })));
    Value::Object(link)
}

pub(super) fn relations(event: &SourceEvent) -> Option<Value> {
    let mut kinds: BTreeMap<&str, Map<String, Value>> = BTreeMap::new();
    for relation in &event.relations {
        let kinds = kinds.entry(relation.uid.as_str()).or_default();
        kinds.insert(relation.kind.clone(), json!(true));
    }
    let relation = |kinds: Map<String, Value>| json!({ "@type": "Relation", "relation": kinds });
    some(kinds.into_iter().map(|(uid, kinds)| (uid.to_owned(), relation(kinds))).collect())
}

/// Alarms, each under its UID where that can be a key.
pub(super) fn alerts(event: &SourceEvent) -> Option<Value> {
    let mut keys: Vec<String> = Vec::new();
    for (alarm, nth) in event.alarms.iter().zip(1_u32..) {
        let uid = alarm.uid.clone().filter(|uid| is_id(uid) && !keys.contains(uid));
        keys.push(uid.unwrap_or_else(|| nth.to_string()));
    }
    let key_of = |uid: &str| {
        let at = event.alarms.iter().position(|alarm| alarm.uid.as_deref() == Some(uid))?;
        keys.get(at)
    };
    let alerts = event.alarms.iter().zip(&keys).map(|(alarm, key)| {
        let snoozed = alarm.snoozes.as_deref().and_then(key_of).filter(|snoozed| *snoozed != key);
        (key.clone(), alert(alarm, snoozed))
    });
    some(alerts.collect())
}

fn is_id(text: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    !text.is_empty() && text.len() <= ID_OCTETS_MAX && text.bytes().all(allowed)
}

fn alert(alarm: &Alarm, snoozed: Option<&String>) -> Value {
    let trigger = match alarm.trigger {
        Trigger::Start(offset) => json!({ "@type": "OffsetTrigger", "offset": offset.to_string() }),
        Trigger::End(offset) => {
            json!({ "@type": "OffsetTrigger", "offset": offset.to_string(), "relativeTo": "end" })
        }
        Trigger::At(at) => json!({ "@type": "AbsoluteTrigger", "when": instant(at) }),
    };
    let action = match alarm.action {
        AlarmAction::Display => "display",
        AlarmAction::Email => "email",
    };
    let mut alert = Map::new();
    alert.insert("@type".to_owned(), json!("Alert"));
    alert.insert("action".to_owned(), json!(action));
    alert.insert("trigger".to_owned(), trigger);
    if let Some(at) = alarm.acknowledged {
        alert.insert("acknowledged".to_owned(), json!(instant(at)));
    }
    if let Some(key) = snoozed {
        let relation = json!({ "@type": "Relation", "relation": { "snooze": true } });
        alert.insert("relatedTo".to_owned(), json!({ key: relation }));
    }
    Value::Object(alert)
}

/// The `iCalendar` member (jscalendar-icalendar-25): properties in jCal form (RFC 7265).
pub(super) fn extension(event: &SourceEvent) -> Option<Value> {
    let properties: Vec<Value> = event.extra.iter().map(jcal).collect();
    (!properties.is_empty())
        .then(|| json!({ "@type": "ICalComponent", "name": "vevent", "properties": properties }))
}

fn jcal(extra: &Extra) -> Value {
    let params: Map<String, Value> = extra
        .params
        .iter()
        .map(|(name, values)| {
            let value = match values.as_slice() {
                [] => json!(""),
                [one] => json!(one),
                several => json!(several),
            };
            (name.to_ascii_lowercase(), value)
        })
        .collect();
    json!([extra.name.to_ascii_lowercase(), params, "unknown", extra.value])
}
