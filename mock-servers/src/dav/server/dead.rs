//! Properties that the server keeps for its clients without knowing what they mean (RFC 4918
//! section 4.4), with their language and mixed content: each as the text of its element.

use serde_json::{Map, Value};

use crate::dav::xml::{self, Element, Limits, Name, document};

const DEAD: &str = "properties";

/// The limits of a text that [`document`] wrote: it is longer than what the client sent, and declares
/// the usual namespaces at its root.
fn limits() -> Limits {
    let sent = Limits::default();
    Limits {
        bytes: sent.bytes * 8,
        depth: sent.depth,
        nodes: sent.nodes * 2,
        attributes: sent.attributes * 2,
        namespaces: sent.namespaces * 2,
    }
}

/// The property of a name.
pub(super) fn get(body: &Map<String, Value>, name: &Name) -> Option<Element> {
    let text = body.get(DEAD)?.get(key(name))?.as_str()?;
    xml::read(text.as_bytes(), &limits()).ok()
}

/// The names of all.
pub(super) fn names(body: &Map<String, Value>) -> Vec<Name> {
    let all = body.get(DEAD).and_then(Value::as_object);
    let texts = all.into_iter().flat_map(Map::values).filter_map(Value::as_str);
    let read = |text: &str| xml::read(text.as_bytes(), &limits()).ok();
    texts.filter_map(read).map(|element| element.name).collect()
}

/// Keeps a property.
pub(super) fn set(body: &mut Map<String, Value>, property: &Element) {
    let all = body.entry(DEAD).or_insert_with(|| Value::Object(Map::new()));
    if let Value::Object(all) = all {
        all.insert(key(&property.name), Value::String(document(property)));
    }
}

/// Drops a property.
pub(super) fn remove(body: &mut Map<String, Value>, name: &Name) {
    if let Some(Value::Object(all)) = body.get_mut(DEAD) {
        all.remove(&key(name));
    }
}

fn key(name: &Name) -> String {
    format!("{{{}}}{}", name.namespace().as_str(), name.local())
}
