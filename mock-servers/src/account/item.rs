//! What an account stores: an event as its protocol's JSON or as the client's own bytes, and a
//! calendar.

use std::collections::{BTreeMap, BTreeSet};

use bytes::Bytes;
use jiff::Timestamp;
use serde_json::{Map, Value};

use super::{Rendered, short_hash};

/// Longer than what is stored of most items, in bytes.
const CONTENT_USUAL: usize = 4_096;

/// A body that is kept byte for byte as it was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Text {
    /// The bytes.
    pub(crate) octets: Bytes,
    /// Their media type, without parameters.
    pub(crate) media_type: &'static str,
}

/// A stored event.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Item {
    /// The server's id. It changes only when ids drift.
    pub(crate) id: String,
    /// The uid as the server holds it: the JSCalendar `uid`, the Graph `iCalUId`.
    pub(crate) uid: String,
    /// Ids of the calendars that hold it; at least one.
    pub(crate) calendars: BTreeSet<String>,
    /// The protocol's own JSON, without what is computed when it is read.
    pub(crate) body: Map<String, Value>,
    /// Graph: properties of changed instances by the instance's original start. JMAP keeps its
    /// overrides in the body.
    pub(crate) exceptions: BTreeMap<String, Map<String, Value>>,
    /// Graph: original starts of instances that were taken out.
    pub(crate) cancelled: BTreeSet<String>,
    /// DAV: the resource itself; the body then holds what is kept beside it.
    pub(crate) text: Option<Text>,
    /// The iTIP sequence number.
    pub(crate) sequence: u64,
    /// Graph: the `transactionId` that made it.
    pub(crate) transaction: Option<String>,
    /// When it was made.
    pub(crate) created: Timestamp,
    /// When it was last changed.
    pub(crate) updated: Timestamp,
    /// The account's modification sequence at its creation.
    pub(crate) created_modseq: u64,
    /// The account's modification sequence at its last change.
    pub(crate) modseq: u64,
    /// What was last answered of it.
    pub(crate) rendered: Rendered,
}

impl Item {
    /// The same item with another body.
    pub(crate) fn with_body(&self, body: Map<String, Value>) -> Self {
        Self {
            id: self.id.clone(),
            uid: self.uid.clone(),
            calendars: self.calendars.clone(),
            body,
            exceptions: self.exceptions.clone(),
            cancelled: self.cancelled.clone(),
            text: self.text.clone(),
            sequence: self.sequence,
            transaction: self.transaction.clone(),
            created: self.created,
            updated: self.updated,
            created_modseq: self.created_modseq,
            modseq: self.modseq,
            rendered: Rendered::default(),
        }
    }

    /// A hash of what is stored, ids and bookkeeping left out.
    pub(crate) fn content(&self) -> String {
        if let Some(text) = &self.text {
            return short_hash(&text.octets);
        }
        let stored = (&self.body, &self.exceptions, &self.cancelled);
        // Maps of texts and values can always be written.
        let mut text = Vec::with_capacity(CONTENT_USUAL);
        if serde_json::to_writer(&mut text, &stored).is_err() {
            text.clear();
        }
        short_hash(&text)
    }

    /// What is stored, for judging: the body, with what is kept beside it as further members.
    pub(crate) fn raw(&self) -> Value {
        let mut raw = self.body.clone();
        if !self.exceptions.is_empty() {
            raw.insert("exceptions".to_owned(), serde_json::json!(self.exceptions));
        }
        if !self.cancelled.is_empty() {
            raw.insert("cancelled".to_owned(), serde_json::json!(self.cancelled));
        }
        if let Some(text) = &self.text {
            raw.insert("text".to_owned(), String::from_utf8_lossy(&text.octets).into());
        }
        Value::Object(raw)
    }
}

/// What a protocol supplies for a new item; the account adds id, times and sequence numbers.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct NewItem {
    /// See [`Item::uid`].
    pub(crate) uid: String,
    /// See [`Item::body`].
    pub(crate) body: Map<String, Value>,
    /// See [`Item::exceptions`].
    pub(crate) exceptions: BTreeMap<String, Map<String, Value>>,
    /// See [`Item::cancelled`].
    pub(crate) cancelled: BTreeSet<String>,
    /// See [`Item::text`].
    pub(crate) text: Option<Text>,
    /// DAV: the last segment of its path, where the client chose one.
    pub(crate) name: Option<String>,
    /// See [`Item::sequence`].
    pub(crate) sequence: u64,
    /// See [`Item::transaction`].
    pub(crate) transaction: Option<String>,
}

/// A calendar.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Calendar {
    /// The server's id. It never changes.
    pub(crate) id: String,
    /// What users call it.
    pub(crate) name: String,
    /// Whatever else the protocol stores with it.
    pub(crate) body: Map<String, Value>,
    /// Whether it is the account's default calendar; the first one made is.
    pub(crate) is_default: bool,
    /// The account's modification sequence at its creation.
    pub(crate) created_modseq: u64,
    /// The account's modification sequence at its last change.
    pub(crate) modseq: u64,
}
