//! Contacts and folders as they are answered.

use serde_json::{Map, Value, json};

use super::stored::{COLLECTIONS, default_of};
use crate::account::{Calendar, Item, derive};
use crate::graph::odata::{Expand, Select};
use crate::graph::stored::{expanded, is_extended};
use crate::graph::{extensions, ids, moment, schema};
use crate::native::Host;

/// A contact.
pub(in crate::graph) fn contact(
    item: &Item,
    select: &Select,
    expand: &Expand,
) -> Map<String, Value> {
    let mut contact = Map::new();
    contact.insert("@odata.etag".to_owned(), json!(etag(item)));
    contact.insert("id".to_owned(), json!(item.id));
    for name in schema::CONTACT.names() {
        let apart = is_extended(name) || [extensions::PROPERTY, "id"].contains(&name);
        if apart || !select.takes(name) {
            continue;
        }
        let value = match name {
            "changeKey" => json!(ids::change_key(item)),
            "createdDateTime" => json!(moment::stamp(item.created)),
            "lastModifiedDateTime" => json!(moment::stamp(item.updated)),
            "parentFolderId" => json!(item.calendars.first()),
            name => stored(item, name),
        };
        contact.insert(name.to_owned(), value);
    }
    contact.extend(expanded(Some(&item.body), expand));
    if let Some(found) = expand.extensions_of(extensions::list(Some(&item.body))) {
        contact.insert(extensions::PROPERTY.to_owned(), Value::Array(found));
    }
    contact
}

fn stored(item: &Item, name: &str) -> Value {
    let stored = item.body.get(name).filter(|value| !value.is_null());
    match stored {
        Some(value) => value.clone(),
        None if COLLECTIONS.contains(&name) => json!([]),
        None => default_of(name),
    }
}

/// A folder.
pub(in crate::graph) fn folder(
    folder: &Calendar,
    host: &Host,
    select: &Select,
    expand: &Expand,
) -> Map<String, Value> {
    let mut answered = Map::new();
    answered.insert("id".to_owned(), json!(folder.id));
    if select.takes("displayName") {
        answered.insert("displayName".to_owned(), json!(folder.name));
    }
    if select.takes("parentFolderId") {
        let parent = super::folders::parent_of(folder).cloned().unwrap_or_else(|| root(host));
        answered.insert("parentFolderId".to_owned(), json!(parent));
    }
    answered.extend(expanded(Some(&folder.body), expand));
    answered
}

/// The id of the folder in which the outermost folders lie. Nothing can be asked of it.
pub(super) fn root(host: &Host) -> String {
    derive(host.seed, "contact-root", &host.owner, 0)
}

/// The entity tag of a contact.
pub(super) fn etag(item: &Item) -> String {
    format!("W/\"{}\"", ids::change_key(item))
}
