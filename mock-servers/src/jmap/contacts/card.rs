//! A stored card as the protocol shows it, and small questions about it.

use std::collections::BTreeSet;

use calamity_evidence::Lineage;
use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::media;
use crate::account::{Item, NewItem};
use crate::blobs::Blobs;
use crate::jmap::{event, times};
use crate::native::Brief;
use crate::world::Unwritable;
use crate::world::contacts::{SourceContact, jscontact};

/// The card with the properties that JMAP adds.
pub(super) fn full(item: &Item, blobs: &Blobs) -> Map<String, Value> {
    let mut card = item.body.clone();
    media::show(&mut card, blobs);
    card.insert("id".to_owned(), json!(item.id));
    card.insert("addressBookIds".to_owned(), event::calendar_ids(&item.calendars));
    card
}

/// Whether a stored object is a card.
pub(in crate::jmap) fn is_card(body: &Map<String, Value>) -> bool {
    body.get("@type").and_then(Value::as_str) == Some("Card")
}

/// What a card is called: its full name, or the parts of it.
pub(in crate::jmap) fn title(card: &Map<String, Value>) -> String {
    let name = card.get("name");
    let text = |value: Option<&Value>| value.and_then(Value::as_str).map(str::to_owned);
    if let Some(full) = text(name.and_then(|name| name.get("full"))) {
        return full;
    }
    let parts = name.and_then(|name| name.get("components")?.as_array());
    let parts: Vec<String> =
        parts.into_iter().flatten().filter_map(|part| text(part.get("value"))).collect();
    parts.join(" ")
}

/// What the write log says about a card; nobody is invited to it.
pub(in crate::jmap) fn brief(item: &Item) -> Brief {
    Brief { title: title(&item.body), attendees: BTreeSet::new() }
}

/// A seeded contact.
pub(in crate::jmap) fn new_item(
    contact: &SourceContact,
    lineage: &Lineage,
    now: Timestamp,
) -> Result<NewItem, Unwritable> {
    let mut body = jscontact(contact, lineage)?;
    body.entry("created").or_insert_with(|| json!(times::stamp(now)));
    body.entry("updated").or_insert_with(|| json!(times::stamp(now)));
    Ok(NewItem { uid: contact.uid.clone(), body, ..NewItem::default() })
}
