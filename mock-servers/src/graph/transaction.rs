//! `transactionId`: a client's own name for a create, by which the server knows a retry.
//!
//! The same name with the same body answers with the event that is there; with another body it is
//! refused. It is kept as long as the event is.

use serde_json::{Map, Value};

use super::ids;
use super::stored::Reading;
use crate::account::{Account, Item, short_hash};

/// What is stored with an item: a hash of the body that made it, and the client's name for it.
pub(crate) fn stored(id: &str, body: &Map<String, Value>) -> String {
    format!("{}\n{id}", hash(body))
}

/// What a create with a transaction id comes to.
#[derive(Debug)]
pub(crate) enum Seen<'a> {
    /// It is new.
    New,
    /// It is the retry of the create that made this event.
    Again(&'a Item),
    /// The name was used for another event.
    Other,
}

/// Looks a transaction id up. Items made with one are found by their `iCalUId`.
pub(crate) fn look_up<'a>(
    account: &'a Account,
    seed: u64,
    id: &str,
    body: &Map<String, Value>,
) -> Seen<'a> {
    let made = account.items_with_uid(&uid(seed, id)).find(|item| {
        item.transaction.as_deref().and_then(|stored| stored.split_once('\n')).map(|(_, id)| id)
            == Some(id)
    });
    match made {
        None => Seen::New,
        Some(item) if item.transaction.as_deref() == Some(&stored(id, body)) => Seen::Again(item),
        Some(_) => Seen::Other,
    }
}

/// The `iCalUId` of the event that a transaction makes.
pub(crate) fn uid(seed: u64, id: &str) -> String {
    ids::ical_uid(seed, &format!("transaction {id}"))
}

/// The client's name for the create that made an event; an instance has none.
pub(crate) fn id_of(reading: &Reading<'_>) -> Option<String> {
    let stored = reading.item.transaction.as_deref().filter(|_| reading.instance.is_none())?;
    stored.split_once('\n').map(|(_, id)| id.to_owned())
}

/// A hash over a JSON object that does not depend on the order of members.
pub(crate) fn hash(body: &Map<String, Value>) -> String {
    let mut text = String::new();
    write_object(body, &mut text);
    short_hash(text.as_bytes())
}

fn write_object(object: &Map<String, Value>, text: &mut String) {
    let mut names: Vec<&String> = object.keys().collect();
    names.sort();
    text.push('{');
    for name in names {
        text.push_str(&Value::from(name.as_str()).to_string());
        text.push(':');
        write(&object[name], text);
        text.push(',');
    }
    text.push('}');
}

fn write(value: &Value, text: &mut String) {
    match value {
        Value::Object(object) => write_object(object, text),
        Value::Array(elements) => {
            text.push('[');
            for element in elements {
                write(element, text);
                text.push(',');
            }
            text.push(']');
        }
        simple => text.push_str(&simple.to_string()),
    }
}
