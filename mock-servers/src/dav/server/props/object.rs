//! Properties of calendar objects, cards and messages.

use super::super::resource::{Resource, etag, schedule_tag};
use super::collection::http_date;
use super::data::Data;
use crate::account::Item;
use crate::dav::xml::{Refusal, Value};
use crate::turn::Turn;

const C: &str = "urn:ietf:params:xml:ns:caldav";
const A: &str = "urn:ietf:params:xml:ns:carddav";

/// The value of a property of an object.
pub(super) fn value(
    turn: &Turn<'_>,
    resource: &Resource,
    item: &Item,
    key: (&str, &str),
    data: &Data<'_>,
) -> Result<Option<Value<'static>>, Refusal> {
    let Some(text) = &item.text else { return Ok(None) };
    Ok(Some(match key {
        ("DAV:", "resourcetype") => Value::Empty,
        ("DAV:", "getetag") => Value::text(etag(item)),
        ("DAV:", "getcontentlength") => Value::text(text.octets.len().to_string()),
        ("DAV:", "getcontenttype") => Value::text(content_type(item)),
        ("DAV:", "getlastmodified") => Value::text(http_date(item.updated)),
        ("DAV:", "creationdate") => {
            Value::text(item.created.strftime("%Y-%m-%dT%H:%M:%SZ").to_string())
        }
        (C, "schedule-tag") => match schedule_tag(&turn.host().profile.dav, item) {
            Some(tag) => Value::text(tag),
            None => return Ok(None),
        },
        (C, "calendar-data") => match data.calendar(turn, resource, item)? {
            Some(text) => Value::text(text),
            None => return Ok(None),
        },
        (A, "address-data") => match data.card(item)? {
            Some(text) => Value::text(text),
            None => return Ok(None),
        },
        _ => return Ok(None),
    }))
}

/// The media type with its parameters.
pub(in super::super) fn content_type(item: &Item) -> String {
    let media_type = item.text.as_ref().map_or("text/plain", |text| text.media_type);
    format!("{media_type}; charset=utf-8")
}
